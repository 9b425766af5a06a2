"""Graphs are judged by what they compute: drawings differ, functions count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.domain.answers import Invalid
from app.domain.language import parse_author, to_source
from app.domain.symbols import symbol, with_sizes
from app.domain.values import Share, Symbolic, Value, symbolic
from graders.evaluation.errors import EvaluationError
from graders.graph import ComputationalGraph, GraphOptions
from graders.graphs.decomposition import formula_of_graph, graph_of_formulas
from graders.graphs.execution import Inputs, execute
from graders.graphs.model import Graph, Vertex

GRADER = ComputationalGraph()
SYMBOLS = with_sizes({"w": symbol("vector(d)"), "x": symbol("vector(d)"), "y": symbol("positive"), "p": symbol("real")})
PALETTE = ("dot", "square", "*", "log", "-", "exp", "tanh", "+")
LINES = {"s": "s = dot(w, x)", "lam": "lam = square(s)", "a": "a = lam*y", "b": "b = log(lam)", "L": "L = a - b"}
LOSS = "\n".join(LINES.values())


def f(source: str) -> Symbolic:
    return symbolic(parse_author(source))


@pytest.fixture(scope="session")
def hazard(made: Any) -> GraphOptions:
    """The loss of one observation under a hazard (w·x)²."""
    written = {
        "answer": "L",
        "inputs": "i",
        "operators": list(PALETTE),
        "output": "o",
        "shared": "c",
        "edges": "e",
        "ask": ["value", "gradient"],
        "at": "v",
        "by": "b",
    }
    loss = f("dot(w, x)**2*y - log(dot(w, x)**2)")
    options: GraphOptions = made(
        GRADER,
        written,
        answer=loss,
        inputs=[f("w"), f("x"), f("y")],
        output=["L"],
        steps={"s": f("dot(w, x)"), "lam": f("dot(w, x)**2")},
        shared=[f("dot(w, x)"), f("dot(w, x)**2")],
        edges=[["log", "-"], [f("y"), "*"]],
        at=[[1, -1], [2, 1], 1],
        by=[f("w")],
        symbols=SYMBOLS,
    )
    return options


@pytest.fixture
def facts(hazard: GraphOptions, seen: Any) -> Any:
    return lambda raw: seen(GRADER, hazard, raw)


@pytest.mark.parametrize(
    "raw",
    [
        LOSS,
        "w, x -> dot -> s -> square -> lam\nlam, y -> * -> a\nlam -> log -> b\na, b -> - -> L",
        # The logarithm of the absolute value, twice.
        "s = dot(w, x)\nt = abs(s)\nu = log(t)\nv = 2*u\nq = s*s\na = q*y\nL = a - v",
        # Sums over entries, the loss as a sum with a negative.
        "m = w * x\ns = sum(m)\nlam = s*s\na = y*lam\nb = log(lam)\nc = neg(b)\nL = a + c",
        # Everything twice, and everything in one line.
        "s = dot(w, x)\nr = dot(x, w)\nc = square(s)\nd = square(r)\na = c*y\nb = log(d)\nL = a - b",
        "L = (w^T @ x)^2*y - log(dot(w, x)^2)",
        # Entry by entry.
        "s = w1*x1 + w2*x2 + w3*x3\nlam = square(s)\na = lam*y\nb = log(lam)\nL = a - b",
        # Rows in any order, the output without its name.
        "end = a - b\nb = log(lam)\na = lam*y\nlam = square(s)\ns = dot(w, x)",
        "\n".join(LINES.values()).replace("L = a - b", "q = a - b\nL = q"),
    ],
)
def test_different_drawings_of_one_function_are_right(facts: Any, raw: str) -> None:
    found = facts(raw)
    assert found["right"] is True
    assert found["inputs"] == [True, True, True]
    assert found["order"] is found["sign"] is found["missing"] is False


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (LOSS.replace("a - b", "b - a"), {"order": True, "sign": True}),
        (LOSS.replace("lam*y", "lam*lam"), {"inputs": [True, True, False]}),
        ("s = dot(w, x)\nlam = square(s)\nb = log(lam)\nL = lam - b", {"missing": True, "inputs": [True, True, False]}),
        ("s = dot(w, x)\na = s*y\nb = log(s)\nL = a - b", {"missing": True, "steps": [True, False]}),
        ("s = dot(w, x)\nlam = square(s)\na = lam*y\nL = a - lam", {"missing": True}),
        ("s = dot(w, x)\nlam = square(s)\na = lam*y\nb = log(lam)", {"missing": True, "tidy": False}),
        (LOSS.replace("square(s)", "exp(s)"), {"steps": [True, False], "missing": False}),
        (LOSS.replace("dot(w, x)", "w * x"), {"fits": True}),
        ("s = dot(w, y)\nL = log(s)", {"fits": False, "right": False}),
        ("L = w1*x1 + w2*x2", {"split": True}),
        ("L = log(s)\ns = 2*log(t)\nt = dot(w, x)", {}),
    ],
)  # fmt: skip
def test_wrong_graphs_are_wrong_and_what_is_right_in_them_is_seen(facts: Any, raw: str, says: dict[str, Any]) -> None:
    found = facts(raw)
    assert found["right"] is False
    assert {name: found[name] for name in says} == says


def test_a_logarithm_without_the_square_is_undefined_where_the_reference_is_not(facts: Any) -> None:
    assert facts("s = dot(w, x)\nq = s*s\na = q*y\nu = log(s)\nv = 2*u\nL = a - v")["right"] is False


def test_what_is_used_twice_is_computed_once(facts: Any) -> None:
    twice = "s = dot(w, x)\nc = square(s)\nd = square(s)\na = c*y\nb = log(d)\nL = a - b"
    assert (facts(LOSS)["shared"], facts(LOSS)["once"]) == ([False, True], True)
    assert (facts(twice)["shared"], facts(twice)["once"], facts(twice)["right"]) == ([True, False], False, True)


def test_an_input_goes_in_once_and_as_a_whole(facts: Any) -> None:
    assert facts(LOSS)["single"] == [True, True, True]
    assert facts("s = dot(w, x)\nr = dot(w, x)\nL = s + r")["single"] == [False, False, None]
    split = facts("s = w1*x1 + w2*x2\nL = log(s)")
    assert (split["split"], split["single"]) == (True, [False, False, None])


def test_edges_are_found_between_inputs_operators_and_formulas(facts: Any, hazard: GraphOptions, seen: Any) -> None:
    assert facts(LOSS)["edges"] == [True, True]
    assert facts(LOSS.replace("a - b", "a + c\nc = neg(b)"))["edges"] == [False, True]
    formulas = hazard.model_copy(update={"edges": [[f("dot(w, x)"), f("dot(w, x)**2")], [f("w"), "square"]]})
    assert seen(GRADER, formulas, LOSS)["edges"] == [True, False]


def test_one_node_for_the_whole_formula_is_noticed(facts: Any) -> None:
    fused = facts("L = dot(w, x)^2*y - log(dot(w, x)^2)")
    assert (fused["right"], fused["elementary"], fused["nodes"]) == (True, False, 1)
    assert (facts(LOSS)["elementary"], facts(LOSS)["nodes"]) == (True, 5)


# --- values and gradients ---------------------------------------------------------------------------------------------

VALUED = [
    ["s", "dot", "w, x", "1", ["[2, 1]", ""]],
    ["lam", "square", "s", "1", ["2"]],
    ["a", "*", "lam, y", "1", ["1", ""]],
    ["b", "log", "lam", "0", ["1"]],
    ["L", "-", "a, b", "1", ["1", "-1"]],
]


def test_values_and_gradients_are_those_of_the_students_own_graph(facts: Any) -> None:
    found = facts(VALUED)
    assert found["values"] == [True] * 5
    assert found["gradients"] == [True] * 6
    assert found["product"] == [0, 0]
    assert (found["step_values"], found["step_gradients"]) == ([True, True], [True, True])


def test_after_a_slip_everything_follows_from_it(facts: Any) -> None:
    rows = [
        ["s", "dot", "w, x", "3", ["2 1", ""]],
        ["lam", "square", "s", "9", ["6"]],
        ["a", "*", "lam, y", "9", ["1", ""]],
        ["b", "log", "lam", "2 log 3", ["1/9"]],
        ["L", "-", "a, b", "6.803", ["1", "-1"]],
    ]
    found = facts(rows)
    assert found["values"] == [False, True, True, True, True]
    assert found["gradients"] == [True] * 6
    # (1·1 + (−1)·1/9)·6 times x = (2, 1), as an exam would multiply them.
    assert found["product"] == [pytest.approx((1 - 1 / 9) * 6 * 2), pytest.approx((1 - 1 / 9) * 6)]


def test_what_is_blank_is_blank_and_what_is_wrong_is_wrong(facts: Any) -> None:
    rows = [[*row[:3], "", [""] * len(row[4])] for row in VALUED]
    rows[1][3], rows[1][4] = "2", ["4"]
    found = facts(rows)
    assert found["values"] == [None, False, None, None, None]
    # The slope of the square follows s, which is not written, so 2s = 2.
    assert found["gradients"] == [None, False, None, None, None, None]


def test_only_edges_on_the_way_to_the_weights_count(facts: Any, hazard: GraphOptions, seen: Any) -> None:
    every = hazard.model_copy(update={"by": None})
    assert len(facts(VALUED)["gradients"]) == 6
    assert len(seen(GRADER, every, VALUED)["gradients"]) == 8


@pytest.mark.parametrize("slope", ["diag(0, -1)", "[[0, 0], [0, -1]]", "0, -1"])
def test_a_diagonal_may_be_a_matrix_or_its_entries(made: Any, seen: Any, slope: str) -> None:
    options = made(
        GRADER,
        {"answer": "a", "inputs": "i", "at": "v", "by": "b", "ask": ["value", "gradient"]},
        answer=f("dot(sin(w), x)"),
        inputs=[f("w"), f("x")],
        at=[[np.pi / 2, np.pi], [2, 1]],
        by=[f("w")],
        symbols=SYMBOLS,
    )
    found = seen(GRADER, options, [["u", "sin", "w", "1, 0", [slope]], ["v", "dot", "u, x", "2", ["[2, 1]", ""]]])
    assert (found["values"], found["gradients"]) == ([True, True], [True, True])
    assert found["matrices"] is (slope != "0, -1")
    assert found["product"] == [0, -1]


def test_a_number_that_has_no_value_cannot_be_judged(hazard: GraphOptions, asked: Any) -> None:
    found = asked(GRADER, hazard, [["s", "dot", "w, x", "1/0"]])
    assert isinstance(found, Invalid)
    assert found.says.startswith("A number in this graph cannot be computed")


# --- references -------------------------------------------------------------------------------------------------------


def plain(options: dict[str, Any], made: Any) -> GraphOptions:
    written: dict[str, Any] = {name: "z" for name in options if name not in ("operators", "symbols")}
    written |= {"operators": options.get("operators", [])}
    cells = {name: value for name, value in options.items() if name != "operators"}
    found: GraphOptions = made(GRADER, written, **({"symbols": SYMBOLS} | cells))
    return found


def test_a_reference_may_be_a_graph_with_layers_of_its_own(made: Any, seen: Any) -> None:
    symbols = with_sizes({name: symbol("real") for name in "xwv"})
    given: Value = ["f1 = f(x, w)", "g1 = g(f1, v)", "L = loss(g1)"]
    options = plain(
        {"answer": given, "inputs": [f("x"), f("w"), f("v")], "operators": ["f", "g", "loss"], "symbols": symbols}, made
    )
    assert seen(GRADER, options, GRADER.key(options))["right"] is True
    assert seen(GRADER, options, "x, w -> f -> h\nh, v -> g -> k -> loss -> L")["right"] is True
    assert seen(GRADER, options, "x, v -> f -> h\nh, w -> g -> k -> loss -> L")["right"] is False
    assert seen(GRADER, options, "w, x -> f -> h\nh, v -> g -> k -> loss -> L")["right"] is False


def test_several_outputs_count_in_any_order_or_by_name(made: Any, seen: Any) -> None:
    options = plain({"answer": [f("p + y"), f("p*y")]}, made)
    assert seen(GRADER, options, "a = p*y\nb = p + y")["outputs"] == [True, True]
    assert seen(GRADER, options, "a = p*y\nb = p - y")["outputs"] == [False, True]
    assert seen(GRADER, options, "a = p*y")["outputs"] == [False, True]
    named = plain({"answer": [f("p + y"), f("p*y")], "output": ["u", "v"]}, made)
    assert seen(GRADER, named, "v = p*y\nu = p + y")["right"] is True
    assert seen(GRADER, named, "u = p*y\nv = p + y")["right"] is False


def test_too_few_points_with_values_are_for_a_person(made: Any, seen: Any) -> None:
    options = plain({"answer": f("log(-1 - p*p)"), "inputs": [f("p")]}, made)
    assert isinstance(seen(GRADER, options, "a = log(p)")["right"], Share)


@pytest.mark.parametrize(
    ("formula", "palette"),
    [
        ("max(w_, 0)*p", ()),
        ("relu(p*y)", ("*", "max")),
        ("p**2 - y", ("*", "-")),
        ("-(p + y)", ("+", "*")),
        ("exp(-p)/(1 + exp(-p))", ()),
        ("sqrt(p*p + 1)", ()),
        ("log(dot(w, x)**2 + 1)*y", ()),
        ("norm(w)*sigmoid(dot(w, x)) + 3/4", ()),
        ("transpose(w) @ x", ("dot",)),
        ("2*p*p*p - p/7", ()),
    ],
)
def test_a_formula_taken_apart_computes_the_formula(
    made: Any, seen: Any, formula: str, palette: tuple[str, ...]
) -> None:
    formula = formula.replace("w_", "y")
    options = plain({"answer": f(formula), "operators": list(palette)}, made)
    key = GRADER.key(options)
    assert seen(GRADER, options, key)["right"] is True
    assert not palette or {row[1] for row in key} <= {*palette, "max", "neg"}  # type: ignore[union-attr,index]


@pytest.mark.parametrize(
    ("formula", "palette", "nodes"),
    [
        ("p**(1/2)", (), [("out", "sqrt", ("p",))]),
        ("p**y", (), [("out", "**", ("p", "y"))]),
        ("p**(y/2)", (), [("n1", "/", ("y", 2)), ("out", "**", ("p", "n1"))]),
        ("p**2", ("**",), [("out", "**", ("p", 2))]),
        ("square(p)", ("*",), [("out", "*", ("p", "p"))]),
        ("entry(w, 2)*p", (), [("out", "*", ("w[2]", "p"))]),
        ("+p", (), [("out", "=", ("p",))]),
        ("3", (), [("out", "=", (3,))]),
    ],
)
def test_powers_entries_and_bare_inputs_have_their_usual_nodes(
    formula: str, palette: tuple[str, ...], nodes: list[tuple[object, ...]]
) -> None:
    graph = graph_of_formulas([parse_author(formula)], palette, {}, ["out"])
    assert [(vertex.name, vertex.operator, vertex.inputs) for vertex in graph.vertices] == nodes


@pytest.mark.parametrize(
    ("operator", "inputs", "formula"),
    [
        ("sum", ("w", "x", "y"), "w + x + y"),
        ("mean", ("p", "y"), "(p + y) / 2"),
        ("=", ("p",), "p"),
        ("neg", ("p",), "-p"),
    ],
)
def test_a_node_is_written_out_as_the_formula_that_it_computes(
    operator: str, inputs: tuple[str, ...], formula: str
) -> None:
    found = formula_of_graph(Graph((Vertex("out", operator, inputs),), {}), "out")
    assert found is not None
    assert to_source(found) == formula


def test_a_wanted_edge_is_a_pair(hazard: GraphOptions, seen: Any) -> None:
    odd = hazard.model_copy(update={"edges": [["log", "-", "+"]]})
    with pytest.raises(EvaluationError, match="An edge is a pair"):
        seen(GRADER, odd, LOSS)


def test_an_output_without_a_name_of_its_own_is_numbered() -> None:
    graph = graph_of_formulas([parse_author("p*y"), parse_author("p + y")], (), {}, ["out"])
    assert [vertex.name for vertex in graph.vertices] == ["out", "n1"]


@pytest.mark.parametrize("formula", ["factorial(p)", "p if p > 0 else y", "p // 2"])
def test_what_no_operator_computes_is_named(formula: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        graph_of_formulas([parse_author(formula)], (), {})
    assert str(refused.value) == f"No graph of elementary operations is known for {formula}."


def test_a_formula_of_very_many_nodes_has_no_graph() -> None:
    formulas = [parse_author(f"exp(p*{number})") for number in range(2, 300)]
    with pytest.raises(EvaluationError, match="This formula is too long for a graph"):
        graph_of_formulas(formulas, (), {})


def test_graphs_and_hand_written_functions_agree() -> None:
    inputs = Inputs({"p": np.array([0.5, -2.0, 3.0]), "y": np.array([1.0, 4.0, 0.25])})
    oracle: dict[str, Callable[..., Any]] = {
        "p*y - log(y)": lambda p, y: p * y - np.log(y),
        "max(p, 0)/y": lambda p, y: np.maximum(p, 0) / y,
        "tanh(p)**3": lambda p, y: np.tanh(p) ** 3,
        "abs(p - y) + sigmoid(p)": lambda p, y: np.abs(p - y) + 1 / (1 + np.exp(-p)),
    }
    for source, plainly in oracle.items():
        graph = graph_of_formulas([parse_author(source)], (), {}, ["out"])
        found = execute(graph, inputs)["out"]
        assert found is not None
        assert np.allclose(found, plainly(inputs.values["p"], inputs.values["y"]), rtol=1e-12)


def test_a_long_fan_out_is_executed_node_by_node(made: Any, seen: Any) -> None:
    options = plain({"answer": f("p*y")}, made)
    doubling = "\n".join([f"n{i + 1} = n{i} + n{i}" if i else "n1 = p + p" for i in range(58)])
    found = seen(GRADER, options, doubling)
    assert found["right"] is False
    assert found["value"] is None


def test_the_students_graph_is_a_formula_for_later_parts(facts: Any) -> None:
    value = facts(LOSS.replace("a - b", "a + b"))["value"]
    assert isinstance(value, Symbolic)
    assert value.source == "dot(w, x)**2 * y + log(dot(w, x)**2)"
