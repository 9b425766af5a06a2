"""Reading computational graphs: tables, lines, arrows, and what is wrong with them in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.answers import Invalid, Read, read
from app.domain.symbols import symbol
from app.domain.widgets import Widget

OPERATORS = ("dot", "square", "*", "log", "-", "+", "exp", "max", "neg")
SYMBOLS = {"w": symbol("vector(d)"), "x": symbol("vector(d)"), "y": symbol("positive")}
WIDGET = Widget(kind="graph", inputs=("w", "x", "y"), words=OPERATORS, symbols=SYMBOLS, asks=("value", "gradient"))
LOSS = "s = dot(w, x); lam = square(s); a = lam * y; b = log(lam); L = a - b"


def nodes(raw: Any) -> str:
    found = read(WIDGET, raw)
    assert isinstance(found, Read), found
    return found.words


def why(raw: Any, widget: Widget = WIDGET) -> Invalid:
    found = read(widget, raw)
    assert isinstance(found, Invalid), found
    return found


@pytest.mark.parametrize(
    "raw",
    [
        [["s", "dot", "w, x"], ["lam", "square", "s"], ["a", "*", "lam y"], ["b", "log", "lam"], ["L", "-", "a; b"]],
        [["s", "dot", ["w", "x"]], ["lam", "²", "s"], ["a", "times", "λ, y"], ["b", "ln", "lambda"], ["L", "−", "a,b"]],
        "s = dot(w, x)\nlam = square(s)\na = lam * y\nb = log(lam)\nL = a - b",
        "s = dot(w,x); lam = s^2; a = lam·y; b = ln(lam); L = a - b",
        "s = w . x; lam = s^2; a = lam*y; b = np.log(lam); L = a - b",
        "s = w.x; lam = s^2; a = lam*y; b = ln(lam); L = a - b",
        "w, x -> dot -> s\ns -> square -> lam\nlam, y -> * -> a\nlam -> log -> b\na, b -> - -> L",
        "w,x -> [dot] s -> [square] lam; lam,y -> [mul] a; lam -> [log] b; a,b -> [sub] L",
        ["s = dot(w, x)", "lam = square(s)", "a = lam * y", "b = log(lam)", "L = a - b"],
        [["s = dot(w, x)"], ["lam = square(s)"], ["a = lam * y"], ["b = log(lam)"], ["L = a - b"]],
    ],
)
def test_one_graph_can_be_written_in_many_ways(raw: Any) -> None:
    assert nodes(raw) == LOSS


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        ("b = log(lam)\nlam = square(y)", "b = log(lam); lam = square(y)"),
        ("q = 2*y", "q = 2 * y"),
        ("q = y - 1/2", "q = y - \\frac{1}{2}"),
        ([["q", "-", "y, 1/2"]], "q = y - \\frac{1}{2}"),
        ("q = -y", "q = neg(y)"),
        ("q = |y|", "q = abs(y)"),
        ("q = y²", "q = square(y)"),
        ("q = y + y + y", "q = y + y + y"),
        ("q = a\na = exp(y)", "q = a; a = exp(y)"),
        ("q = w1*x1 + w_2*x[2]", "q#1 = w[1] * x[1]; q#2 = w[2] * x[2]; q = q#1 + q#2"),
        ("q = w·x", "q = dot(w, x)"),
        ("q = exp(w)·x", "q#1 = exp(w); q = dot(q#1, x)"),
        ("q = y·x", "q = y * x"),
        ("q = w^T x", "q#1 = transpose(w); q = matmul(q#1, x)"),
        ("q = np.exp(y)", "q = exp(y)"),
        ("q = w.T @ x", "q#1 = transpose(w); q = matmul(q#1, x)"),
        ("q = w^T @ x", "q#1 = transpose(w); q = matmul(q#1, x)"),
        ("q = log(dot(w, x))", "q#1 = dot(w, x); q = log(q#1)"),
        ([["q", "", "dot(w, x) + y"]], "q#1 = dot(w, x); q = q#1 + y"),
        ([["", "exp", "y"]], "n1 = exp(y)"),
        ([["q", "maxpool", "y, z1"], ["z1", "exp", "y"]], "q = max(y, z1); z1 = exp(y)"),
        ("z1 = exp(y)\nq = maxpool(z1, y)", "z1 = exp(y); q = max(z1, y)"),
        ("w -> dot\nx -> dot\ndot -> max(., 0)", "dot = dot(w, x); max(.,0) = max(dot, 0)"),
        ("y -> exp -> log -> r", "exp(y) = exp(y); r = log(exp(y))"),
        ([["s", "dot", "w, x", "", ""], ["", "", "", "", ""]], "s = dot(w, x)"),
        ("exp(y)", "exp = exp(y)"),
        ("y -> [exp] -> r", "r = exp(y)"),
        ("q = -log y", "q#1 = log(y); q = neg(q#1)"),
        ("q = y w", "q = y * w"),
    ],
)  # fmt: skip
def test_formulas_become_nodes(raw: Any, read_as: str) -> None:
    assert nodes(raw) == read_as


@pytest.mark.parametrize(
    "raw",
    [
        [["s", "dot", "w, x", "1", ["[2, 1]", "1; -1"]], ["q", "neg", "s", "-1/2", "-1"]],
        "s = dot(w, x) | 1 | [2, 1]; [1, -1]\nq = neg(s) | -1/2 | -1",
    ],
)
def test_values_and_gradients_stand_at_their_nodes(raw: Any) -> None:
    found = read(WIDGET, raw)
    assert isinstance(found, Read)
    assert isinstance(found.cells, list)
    (first, second) = found.cells
    assert [len(first[4][0]), len(second[4])] == [2, 1]  # type: ignore[index,arg-type]
    assert r"\operatorname{dot}(w, x) = 1" in found.latex
    assert r"\tfrac{\partial s}{\partial w} = (2,\, 1)" in found.latex


def test_a_diagonal_is_a_matrix() -> None:
    found = read(WIDGET, "q = neg(w) | | diag(1, 2)")
    assert isinstance(found, Read)
    assert r"\begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix}" in found.latex


@pytest.mark.parametrize(
    ("raw", "says", "cell"),
    [
        ([["s", "dott", "w, x"]], "Row 1: “dott” is not an operator here. Did you mean dot?", (0, 1)),
        ([["s", "dot", "w"]], "Row 1: dot takes 2 inputs, not 1.", (0, 2)),
        ([["s", "dot", ""]], "Row 1: dot takes 2 inputs, and none is given.", (0, 2)),
        ([["s", "", ""]], "Row 1: choose what this node computes.", (0, 1)),
        ([["s", "log", "z"]], "Row 1: “z” is no input and no node of this graph. The inputs are w, x, y.", (0, 2)),
        ([["sum1", "exp", "y"], ["t", "log", "sun1"]], "Row 2: “sun1” is no input and no node of this graph.", (1, 2)),
        ([["a", "+", "b, y"], ["b", "log", "a"]], "Row 2: “b” depends on itself (a → b → a).", (1, 2)),
        ([["a", "log", "a"]], "Row 1: “a” depends on itself (a → a).", (0, 2)),
        ([["a", "log", "y"], ["a", "exp", "y"]], "Row 2: there are two nodes called “a”.", (1, 0)),
        ([["lam", "log", "y"], ["λ", "exp", "y"]], "Row 2: there are two nodes called “λ”.", (1, 0)),
        ([["x", "log", "y"]], "Row 1: “x” is given as an input; give this node another name.", (0, 0)),
        ([["2a", "log", "y"]], "Row 1: “2a” is no name; a name begins with a letter.", (0, 0)),
        ([["a", "log", "y", "1 +"]], "Row 1: its value cannot be read: ", (0, 3)),
        ([["a", "log", "y", "1", ["§"]]], "Row 1: a gradient cannot be read: ", (0, 4)),
        ([["a", "log", "y", "1", "1; 2"]], "Row 1: there are 2 gradients for 1 inputs.", (0, 4)),
        ([["a", "log", "y", "[[1, 2], [3]]"]], "Row 1: the rows of this matrix are not equally long.", (0, 3)),
        ([["a", "log", "y", "1", "1", "1"]], "Row 1 has more than name, operator, inputs, value and", (0, 0)),
        ([[f"n{i}", "exp", "y"] for i in range(61)], "This graph has 61 nodes; at most 60 can be graded.", ()),
        ("a = exp(y", "“a = exp(y”: a “)” is missing.", ()),
        ("a = y +", "“a = y +”: something is missing at the end of the formula.", ()),
        ("w, x -> s", "“w, x -> s”: say which operator joins w, x, as in w, x -> dot -> s.", ()),
        ("y -> squared root -> s", "“y -> squared root -> s”: after an arrow stands one operator or one name", ()),
        ("y -> squar -> s", "“y -> squar -> s”: “squar” is not an operator here. Did you mean square?", ()),
        ("y -> [squar] s", "“y -> [squar] s”: “squar” is not an operator here. Did you mean square?", ()),
        ("a = exp(y))", "“a = exp(y))”: “)” does not fit there.", ()),
        ("a = y ? 2", "“a = y ? 2”: “?” means nothing in a graph.", ()),
        ("a = " + "(" * 60 + "y" + ")" * 60, "“a = " + "(" * 36 + "”: this is nested too deeply.", ()),
        ("y", "“y”: write a node as s = dot(w, x), or as w, x -> dot -> s.", ()),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_row(raw: Any, says: str, cell: tuple[int, ...]) -> None:
    found = why(raw)
    assert found.says.startswith(says)
    assert found.cell == cell


def test_the_place_in_a_text_is_the_line() -> None:
    found = why("a = exp(y)\nb = expp(a)\nc = log(b)")
    assert (found.start, found.end) == (11, 22)


@pytest.mark.parametrize("text", ['p = "os"', "p = 'os'", "p = “os”", 'p = exp(y)\nq = log(p) "', "p = exp(«y»)"])
def test_a_quotation_mark_is_refused_in_one_sentence_and_the_caret_stands_below_it(text: str) -> None:
    found = why(text)
    place = next(place for place, sign in enumerate(text) if sign in "\"'“«")
    assert found.says == f"The quotation mark {text[place]} cannot be used here."
    assert (found.start, found.end) == (place, place + 1)


def test_a_sign_that_means_nothing_is_pointed_at() -> None:
    found = why("a = exp(y)\nb = a ? 2")
    assert found.says == "“b = a ? 2”: “?” means nothing in a graph."
    assert (found.start, found.end) == (17, 18)


def test_nothing_drawn_is_blank() -> None:
    blanks: list[Any] = [None, "", " \n ", [], [["", "", ""]], [[]], [["", "", "", "", []]]]
    for raw in blanks:
        assert read(WIDGET, raw) == Read(None)


@pytest.mark.parametrize(
    "raw",
    [
        "a = " + "(" * 300 + "y" + ")" * 300,
        "a = " + "-" * 390 + "y",
        "a = " + "y**" * 120 + "y",
        "a = " + "y+" * 190 + "y",
        "->" * 150,
        "|" * 380,
        "a = y " + "| 1 " * 90,
        "a = exp(y)\n" * 1000,
        [["a" * 10_000, "exp", "y"]],
        [["a", "exp", "y," * 5000]],
        [["a", "exp", "y", "9" * 5000]],
        [["a", "exp", "y", "10^10^10^10"]],
        [["a", "exp", "y", "", "(" * 3000]],
        [["a", "exp", "y", "", ";" * 3000]],
        [["__import__('os')", "exp", "y"]],
        [["a", "{{7*7}}", "y"]],
        [["a", "exp", "y.__class__"]],
        [["\\def\\x{}", "exp", "y"]],
        [["a\u202e", "exp", "y"], ["\x00", "exp", "y"]],
        "a = w[999]",
        "a = 1e999*y",
        "a = " + "w1*" * 120 + "w1",
        [["a"] * 5] * 60,
        [[f"n{i}", "+", f"n{i + 1}, n{i + 1}"] for i in range(59)] + [["n59", "exp", "y"]],
        {"a": 1},
        3.5,
        True,
    ],
)
def test_hostile_graphs_are_read_or_refused_in_a_sentence(raw: Any) -> None:
    found = read(WIDGET, raw)
    if isinstance(found, Invalid):
        assert found.says.endswith((".", "?", "”"))
        assert len(found.says) < 300
    else:
        assert "\\def" not in found.latex


def test_layers_of_the_question_take_what_they_are_given() -> None:
    layers = Widget(kind="graph", inputs=("x", "w", "v"), words=("f", "g", "loss"))
    found = read(layers, "x, w -> f -> h\nh, v -> g -> k\nL = loss(k)")
    assert isinstance(found, Read)
    assert found.words == "h = f(x, w); k = g(h, v); L = loss(k)"
    assert why("h = hidden(x, w)", layers).says.endswith("There are f, g, loss.")


LAYERS = Widget(kind="graph", inputs=("x", "w", "v"), words=("f", "g", "L"))
PRODUCTS = Widget(kind="graph", inputs=("x", "w"), words=("*", "+", "max", "relu"))


@pytest.mark.parametrize(
    "raw",
    [
        "x -> f\nw -> f\nf -> g\nv -> g\ng -> L",
        "x -> f -> g -> L\nw -> f\nv -> g",
        "x -> f -> g -> L\nw -> f -> g -> L\nv -> g -> L",
        "w -> f\nx -> f -> g -> L\nv -> g",
    ],
)
def test_a_layer_met_again_between_arrows_is_the_same_node(raw: str) -> None:
    found = read(LAYERS, raw)
    assert isinstance(found, Read)
    assert found.words in ("f = f(x, w); g = g(f, v); L = L(g)", "f = f(w, x); g = g(f, v); L = L(g)")


@pytest.mark.parametrize(
    ("widget", "raw", "read_as"),
    [
        (LAYERS, "x, w -> f -> g -> L\nv -> g", "f(x,w) = f(x, w); g = g(f(x,w), v); L = L(g)"),
        (LAYERS, "x, w -> f -> h\nf, v -> g -> L", "h = f(x, w); g(f,v) = g(h, v); L = L(g(f,v))"),
        (LAYERS, "x, w -> f -> h\nh, v -> f -> k\nk -> L", "h = f(x, w); k = f(h, v); L = L(k)"),
        (PRODUCTS, "x -> * -> max -> y\nw -> *", "* = x * w; y = max(*)"),
        (PRODUCTS, "x -> [*] p -> relu -> y\nw -> *", "p = x * w; y = relu(p)"),
        (PRODUCTS, "x -> * -> max(.,0) -> y\nw -> * -> max(.,0) -> y", "* = x * w; y = max(*, 0)"),
        (PRODUCTS, "x -> * -> + -> relu -> y\nw -> *\nx -> +", "* = x * w; + = * + x; y = relu(+)"),
        (PRODUCTS, "x, w -> * -> s\n* -> relu -> y", "s = x * w; y = relu(s)"),
        (PRODUCTS, "x, w -> * -> s\ns, x -> *", "s = x * w; * = s * x"),
        (PRODUCTS, "x -> relu -> h\nh -> relu", "h = relu(x); relu = relu(h)"),
        (PRODUCTS, "x, w -> * -> s | 6 | 2; 3\n* -> relu -> y | 6", "s = x * w; y = relu(s)"),
    ],
)
def test_arrows_to_and_from_an_operator_mean_the_node_it_makes(widget: Widget, raw: str, read_as: str) -> None:
    found = read(widget, raw)
    assert isinstance(found, Read), found
    assert found.words == read_as


def test_the_value_and_the_gradients_of_a_node_stay_when_other_arrows_lead_to_it() -> None:
    found = read(PRODUCTS, "x -> * -> p | 6 | 2\nw -> * | | 3\np -> relu -> y")
    assert isinstance(found, Read)
    assert isinstance(found.cells, list)
    assert [len(row[4]) for row in found.cells] == [2, 1]  # type: ignore[index,arg-type]
    assert None not in found.cells[0][4]  # type: ignore[index,operator]


@pytest.mark.parametrize(
    ("widget", "raw", "word"),
    [
        (PRODUCTS, "x -> * -> * -> y\nw -> *", "*"),
        (PRODUCTS, "x, w -> * -> s\nx, x -> *", "*"),
        (PRODUCTS, "x, w -> * -> s\nx, s -> * -> t\n* -> relu -> y", "*"),
        (LAYERS, "x, w -> f -> h\nh, v -> f -> k\nf -> L", "f"),
    ],
)
def test_an_operator_that_could_be_any_of_several_nodes_is_asked_about(widget: Widget, raw: str, word: str) -> None:
    says = f"it is not clear which “{word}” is meant; name its result where it stands, as in x, w -> {word} -> s."
    assert why(raw, widget).says.endswith(says)
