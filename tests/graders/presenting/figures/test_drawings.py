"""Every drawing is a valid, safe SVG that says what it shows; data that does not fit is one sentence."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from graders.presenting.figures import DRAWINGS, Canvas, DrawingError, draw

GOOD = {
    "table": [
        "[[12, 0, -5], [14, 1/3, None]]",
        "[1, 2, 3]",
        "{'rows': [[1, 2]], 'columns': ['z_1', '$\\\\mu$'], 'row_labels': ['sample 1'], 'corner': 'z'}",
    ],
    "matrix_grid": [
        "[[1, 0], [2, 1]]",
        """{'x': {'cells': [[1, 0, 2], [2, 1, -1], [0, 0, 2]], 'padding': 1, 'mark': [0, 0, 2, 2]},
            'w': [[1, -1], [0, 2]]}""",
        """{'x': {'cells': [[[1, 0], [2, 1]], [[1, 0], [2, 12345.5]]], 'padding': 2},
            'w': [[1, 2, 3, 4, 5]]}""",
        "[[[1, 0], [2, 1]], [[1, 0], [2, 1]]]",
    ],
    "layer_stack": [
        "[['conv', 11, 4, 96], ['pool', 3, 2], ['conv', 5, 1, 1]]",
        """{'input': [256, 256, 3],
            'layers': [['conv', [3, 5], 4, 96, 5, 2], ['relu'], ['avg-pool', 3, 2, 1], ['fc', 10],
                       {'kind': 'softmax', 'note': 'over the classes'}, ['dropout', 'p = 1/2']],
            'sizes': [[64, 64, 96], None, [31, 31, 96], 10, 10, 10]}""",
    ],
    "network": [
        "[3, 4, 4, 2]",
        """{'layers': [['x_1', 'x_2'], ['h_1', 'h_2'], ['y']],
            'weights': [[[1, -1], [-1, None]], [['v_1', 'v_2']]],
            'biases': [[0, 0], [None]], 'names': ['input', 'hidden', 'output']}""",
        "{'layers': [2, 1], 'weights': [[[1, 2]]], 'biases': [[3]], 'names': ['a', 'b']}",
        "{'layers': [2, 1], 'names': ['a', 'b']}",
    ],
    "graph": [
        """{'nodes': ['w', 'x', ['y', '\\\\lambda', 1], ['d', '·', '[1, 2]'],
                      {'id': 'L', 'label': 'squared loss', 'value': 4}, 'alone'],
            'edges': [['w', 'd', '1', '2'], ['x', 'd'], ['d', 'L', 3], ['y', 'L'],
                      {'from': 'w', 'to': 'L', 'below': -1}]}""",
    ],
    "rnn": [
        """{'states': ['h_1', 'h_2'], 'inputs': ['x_1', 'x_2'], 'outputs': [None, 'y_2'], 'initial': 'h_0',
            'on_input': 'w', 'on_state': 'u', 'on_output': 'v'}""",
        "{'states': ['h_1', 'h_2', 'h_3']}",
    ],
    "feature_maps": [
        """[{'label': 'input', 'size': [256, 256, 3], 'arrow': 'conv 11 × 11'}, {'size': [64, 64, 96]},
            {'size': [1, 1, 1]}]""",
        "[{'label': 'x', 'size': [10, 10, 3], 'arrow': ''}, {'label': 'kernel', 'size': [3, 3, 3]}]",
    ],
    "curves": [
        """{'series': [{'name': 'training', 'values': [2, 1, 1/2, 1/4]},
                       {'name': 'validation', 'values': [2, 1.5, None, 2.5]}],
            'every': 10, 'x': 'iteration', 'y': 'loss'}""",
        """{'series': [{'name': 'SGD', 'values': [100, 0.01]},
                       {'name': 'SGD with momentum', 'values': [100, 1], 'at': [1, 3]},
                       {'name': 'a name as long as a name may be', 'values': [1, 1]}, {'values': [50, 60]}],
            'log': True, 'y': '$L$'}""",
        "{'series': [{'values': [0]}]}",
        "{'series': [{'values': [1/100000000, 1000000]}], 'log': True}",
        "{'series': [{'values': [-3/100000000, 1/100000000]}]}",
    ],
    "points": [
        "[[0, 0], [1, 2]]",
        """{'groups': [{'name': 'class 0', 'at': [[0, 0], [1, 1]]}, {'name': 'class 1', 'at': [[0, 1], [1, 0]]}],
            'lines': [{'name': 'w^T x + b = 0', 'at': [[-2, 5/2], [5/2, -2]]}, {'at': [[3, 3], [4, 4], [0.2, 1]]},
                      {'at': [[1, 9], [1.5, 9]]}],
            'x': 'x_1', 'y': 'x_2', 'x_range': [-1/2, 3/2], 'y_range': [-1/2, 3/2], 'square': True}""",
        """{'groups': [{'at': [[0, 0], [2, 1], [4, 3]], 'names': ['a', 'p', 'n']},
                       {'mark': 'triangle', 'at': [[1, 3]]}],
            'arrows': [['a', 'p', 'd(a, p)'], ['n', 'a'], ['a', [1, 2]]]}""",
        "{'groups': [{'name': 'one', 'at': [[5, 5]]}, {'name': 'two', 'at': [[5, 5]], 'mark': 'square'}]}",
    ],
}
EVERY = [(kind, source) for kind, sources in GOOD.items() for source in sources]


def test_every_kind_of_drawing_is_drawn_here():
    assert set(GOOD) == set(DRAWINGS)


def test_every_kind_of_drawing_is_documented_for_authors():
    guide = (Path(__file__).resolve().parents[4] / "docs/write-a-question.md").read_text("utf-8")
    figures = guide.split("## Figures\n")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", figures, re.MULTILINE)) - {"draw"} == set(DRAWINGS)


@pytest.mark.parametrize(("kind", "source"), EVERY)
def test_a_drawing_is_well_formed_and_needs_no_styles(kind, source, value):
    svg = draw(kind, value(source), 'What is "shown" & <why>')
    root = ElementTree.fromstring(svg)
    assert root.tag == "svg"
    assert root.attrib["role"] == "img"
    assert root[0].text == 'What is "shown" & <why>'
    assert {element.tag for element in root.iter()} <= {
        "svg", "title", "rect", "circle", "path", "polygon", "text", "tspan",
    }  # fmt: skip
    for element in root.iter():
        assert not {"style", "id", "href", "onclick"} & set(element.attrib)
        assert element.attrib.get("fill", "none") in ("none", "currentColor")
        assert element.attrib.get("stroke", "none") in ("none", "currentColor")
    assert "nan" not in svg
    assert "inf" not in svg


@pytest.mark.parametrize(("kind", "source"), EVERY)
def test_everything_lies_inside_the_picture(kind, source, value):
    root = ElementTree.fromstring(draw(kind, value(source), "alt"))
    left, top, wide, high = (float(number) for number in root.attrib["viewBox"].split())
    assert (float(root.attrib["width"]), float(root.attrib["height"])) == (wide, high)
    for element in root.iter():
        for name, low, size in (("x", left, wide), ("cx", left, wide), ("y", top, high), ("cy", top, high)):
            if name in element.attrib:
                assert low <= float(element.attrib[name]) <= low + size
        points = element.attrib.get("points", "") + re.sub("[MLC]", " ", element.attrib.get("d", ""))
        numbers = [float(number) for number in re.split(r"[ ,]+", points.strip()) if number]
        assert all(left <= x <= left + wide for x in numbers[::2])
        assert all(top <= y <= top + high for y in numbers[1::2])


def said(kind, source, value):
    return ElementTree.fromstring(draw(kind, value(source), "Alt.")).attrib["aria-label"]


def test_a_drawing_tells_its_values_in_words(value):
    assert said("table", GOOD["table"][0], value) == "Alt. Row 1: 12, 0, −5. Row 2: 14, 1/3, ."
    assert said("table", GOOD["table"][2], value) == "Alt. Columns: z_1, μ. sample 1: 1, 2."
    assert said("matrix_grid", GOOD["matrix_grid"][1], value) == (
        "Alt. x: 1, 0, 2; 2, 1, −1; 0, 0, 2, with 1 ring of zeros around it. "
        "Marked: 2 × 2 cells from row 1, column 1. w: 1, −1; 0, 2."
    )
    assert said("layer_stack", GOOD["layer_stack"][0], value) == (
        "Alt. conv 11 × 11, 96 filters, stride 4. max-pool 3 × 3, stride 2. conv 5 × 5, 1 filter, stride 1."
    )
    stack = said("layer_stack", GOOD["layer_stack"][1], value)
    assert stack.startswith("Alt. Input 256 × 256 × 3. conv 3 × 5, 96 filters, stride 4, padding 5, dilation 2, giving")
    assert ", giving 64 × 64 × 96. ReLU. avg-pool 3 × 3, stride 2, padding 1, giving 31" in stack
    network = said("network", GOOD["network"][1], value)
    assert network.startswith(
        "Alt. Layers of 2, 2, 1 neurons. x_1 to h_1: 1. x_2 to h_1: −1. x_1 to h_2: −1. h_1 to y: v_1."
    )
    assert network.endswith("Bias of h_1: 0. Bias of h_2: 0.")
    assert "neuron 1 of layer 1 to neuron 1 of layer 2: 1." in said("network", GOOD["network"][2], value)
    graph = said("graph", GOOD["graph"][0], value)
    assert "λ = 1." in graph
    assert "w to ·: 1, 2. x to ·. · to squared loss: 3." in graph
    assert said("rnn", GOOD["rnn"][0], value) == (
        "Alt. Initial state h_0. Step 1: state h_1, input x_1. Step 2: state h_2, input x_2, output y_2. "
        "Weight on inputs: w. Weight on the previous state: u. Weight on outputs: v."
    )
    assert said("curves", GOOD["curves"][0], value) == (
        "Alt. Vertical axis: loss, linear, from 0 to 2.5. "
        "training by iteration: 2 at 0, 1 at 10, 0.5 at 20, 0.25 at 30. "
        "validation by iteration: 2 at 0, 1.5 at 10, no value at 20, 2.5 at 30."
    )
    assert "Vertical axis: L, logarithmic, from 0.01 to 100." in said("curves", GOOD["curves"][1], value)
    assert "Curve 4: 50 at 0, 60 at 1." in said("curves", GOOD["curves"][1], value)
    assert said("points", GOOD["points"][1], value) == (
        "Alt. class 0: (0, 0), (1, 1). class 1: (0, 1), (1, 0). w^T x + b = 0 from (−2, 2.5) to (2.5, −2). "
        "A line from (3, 3) to (0.2, 1). A line from (1, 9) to (1.5, 9)."
    )
    assert said("points", GOOD["points"][2], value).endswith(
        "Points: a (0, 0), p (2, 1), n (4, 3). Points: (1, 3). "
        "Arrow from (0, 0) to (2, 1): d(a, p). Arrow from (4, 3) to (0, 0). Arrow from (0, 0) to (1, 2)."
    )
    assert said("feature_maps", GOOD["feature_maps"][0], value) == (
        "Alt. input: 256 × 256 × 3. Then conv 11 × 11. Maps: 64 × 64 × 96. Maps: 1 × 1 × 1."
    )


def test_what_fits_a_phone_is_not_called_wide(value):
    assert 'class="fig"' in draw("matrix_grid", value(GOOD["matrix_grid"][1]), "")
    assert 'class="fig fig-wide"' in draw("table", value("[[123456 for i in range(12)]]"), "")


def test_a_node_stands_right_of_everything_it_is_computed_from(value):
    svg = draw("graph", value("{'nodes': ['L', 'a', 'x'], 'edges': [['a', 'L'], ['x', 'a'], ['x', 'L']]}"), "")
    place = {
        element[0].text: float(element.attrib["x"])
        for element in ElementTree.fromstring(svg).iter("text")
        if len(element)
    }
    assert place["x"] < place["a"] < place["L"]


@pytest.mark.parametrize(
    ("kind", "source", "says"),
    [
        ("painting", "1", "There is no drawing called `painting`"),
        ("table", "3", "The table must be a list"),
        ("table", "[]", "with something in it"),
        ("table", "[[1, 2], [3]]", "different lengths"),
        ("table", "[[1], 2]", "Each row of the table must be a list"),
        ("table", "[[[1]]]", "A cell of the table must be a text or a number"),
        ("table", "[[1 for i in range(41)]]", "has 41 elements; a figure shows at most 40"),
        ("table", "{'rows': [[1]], 'columns': [1, 2]}", "The columns must have 1 elements, not 2"),
        ("table", "{'cells': [[1]]}", "does not know `cells`; it knows rows"),
        ("table", "{'columns': [1]}", "A table needs `rows`"),
        ("table", "['" + "a" * 61 + "']", "longer than 60"),
        ("matrix_grid", "{}", "1 to 12 grids"),
        ("matrix_grid", "{'x': {'cells': [[1]], 'padding': 9}}", "must be a whole number from 0 to 5"),
        ("matrix_grid", "{'x': {'cells': [[1]], 'padding': True}}", "must be a whole number"),
        (
            "matrix_grid",
            "{'x': {'cells': [[1]], 'mark': [0, 0, 2, 1]}}",
            "lies outside the grid `x` of 1 × 1 cells",
        ),
        ("matrix_grid", "{'x': {'cells': [[1]], 'mark': [0, 0]}}", "`mark` is [row, column, height, width]"),
        ("layer_stack", "{'layers': [['conv', 3]], 'sizes': [1, 2]}", "1 layers but 2 sizes"),
        ("layer_stack", "[['pool', 3, 2, 1, 1]]", "A layer `pool` takes at most kernel, stride, padding"),
        ("layer_stack", "[{'kernel': 3}]", "A layer needs `kind`"),
        ("network", "[0, 2]", "The size of a layer must be a whole number from 1 to 10"),
        ("network", "{'layers': [2, 1], 'weights': [[[1]]]}", "must be 1 × 2"),
        ("network", "{'layers': [2, 1], 'weights': [[[1, 2]], [[1]]]}", "has 1 weight matrices"),
        ("network", "{'layers': [2, 1], 'biases': [[1], [2]]}", "has 1 lists of biases"),
        ("rnn", "{'inputs': ['x']}", "An unrolled RNN needs `states`"),
        ("graph", "[1]", "A graph needs a record such as {'nodes': …}"),
        ("graph", "{'nodes': ['a'], 'edges': [['a', 'b']]}", "names the node `b`"),
        ("graph", "{'nodes': ['a', 'b'], 'edges': [['a', 'b'], ['b', 'a']]}", "no cycles"),
        ("graph", "{'nodes': ['a', 'a'], 'edges': [['a', 'a']]}", "Two nodes are called `a`"),
        ("rnn", "{'states': ['h' for i in range(9)]}", "at most 8 steps"),
        ("rnn", "{'states': ['h'], 'inputs': ['x', 'y']}", "The inputs must have 1 elements"),
        ("curves", "[[1, 2]]", "A picture of curves needs a record such as {'series': …}"),
        ("curves", "{'series': [{'values': [None]}]}", "The curves have no values"),
        ("curves", "{'series': [{'values': ['a']}]}", "A value of a series must be a number"),
        ("curves", "{'series': [{'values': [True]}]}", "A value of a series must be a number"),
        ("curves", "{'series': [{'values': [10**13]}]}", "beyond ±10¹²"),
        ("curves", "{'series': [{'values': [1]} for i in range(5)]}", "has 5 elements; a figure shows at most 4"),
        ("curves", "{'series': [{'values': [1 for i in range(201)]}]}", "a figure shows at most 200"),
        ("curves", "{'series': [{'values': [1, 2], 'at': [1]}]}", "`at` must have 2 elements, not 1"),
        ("curves", "{'series': [{'values': [1, 2], 'at': [1, 1]}]}", "The places of a series must increase"),
        ("curves", "{'series': [{'values': [1]}], 'every': 0}", "`every` must be above 0"),
        ("curves", "{'series': [{'values': [1, 0]}], 'log': True}", "shows only positive numbers"),
        ("curves", "{'series': [{'values': [1]}], 'log': 1}", "`log` is true or false"),
        ("curves", "{'series': [{'values': [1/10**20, 10**12]}], 'log': True}", "more than the 24 decades"),
        ("points", "[1, 2]", "The place of a point is two numbers"),
        ("points", "[[1, 2, 3]]", "The place of a point is two numbers"),
        ("points", "[['a', 2]]", "The place of a point must be a number"),
        ("points", "{'groups': [{'at': [[0, 0]], 'mark': 'star'}]}", "There is no mark `star`; there are dot,"),
        ("points", "{'groups': [{'at': [[0, 0]], 'names': ['a', 'b']}]}", "must have 1 elements, not 2"),
        (
            "points",
            "{'groups': [{'at': [[i, j] for i in range(8) for j in range(8)]} for k in range(2)]}",
            "shows at most 120 points",
        ),
        ("points", "{'groups': [{'at': [[0, 3]]}], 'y_range': [0, 2]}", "The point (0, 3) lies outside the axes"),
        ("points", "{'groups': [{'at': [[0, 3]]}], 'y_range': [4, 2]}", "from a smaller to a larger number"),
        ("points", "{'groups': [{'at': [[0, 3]]}], 'y_range': 4}", "`y_range` is two numbers"),
        ("points", "{'groups': [{'at': [[0, 0], [1, 900]]}], 'square': True}", "too flat or too tall"),
        ("points", "{'groups': [{'at': [[0, 0]]}], 'lines': [{'at': [[0, 0]]}]}", "through at least two places"),
        ("points", "{'groups': [{'at': [[0, 0]]}], 'arrows': [['a', [1, 2]]]}", "names the point `a`"),
        ("points", "{'groups': [{'at': [[0, 0]]}], 'arrows': [[[1, 2]]]}", "An arrow is [from, to]"),
        ("points", "{'groups': [{'at': [[0, 0]]}], 'arrows': [[[1, 2], [1, 2]]]}", "needs two different ends"),
        (
            "points",
            "{'groups': [{'at': [[0, 0], [9, 9]]}], 'arrows': [[[1, 1], [1.1, 1]]]}",
            "too close together to draw it",
        ),
        ("feature_maps", "[{'size': [3, 3]}]", "is [height, width, channels]"),
        ("feature_maps", "[{'size': [3, 3, 1/2]}]", "Each size must be a whole number"),
    ],
)
def test_data_that_does_not_fit_is_one_sentence(kind, source, says, value):
    with pytest.raises(DrawingError) as caught:
        draw(kind, value(source), "")
    assert says in str(caught.value)


def test_an_empty_canvas_is_no_figure():
    with pytest.raises(DrawingError, match="empty"):
        Canvas().svg("")
