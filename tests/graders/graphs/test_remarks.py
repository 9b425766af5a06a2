"""A student whose graph is not right is told in a sentence where; one whose numbers do not follow, which of them."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.language import parse_author
from app.domain.symbols import symbol, with_sizes
from app.domain.values import Symbolic, symbolic
from graders.graph import ComputationalGraph, GraphOptions

GRADER = ComputationalGraph()
SYMBOLS = with_sizes({"w": symbol("vector(d)"), "x": symbol("vector(d)"), "y": symbol("positive")})
RIGHT = "s = dot(w, x)\nlam = square(s)\na = lam*y\nb = log(lam)\nL = a - b"


def f(source: str) -> Symbolic:
    return symbolic(parse_author(source))


@pytest.fixture
def told(made: Any, seen: Any) -> Any:
    def look(raw: object, answer: object = None, **more: object) -> Any:
        cells = {
            "answer": answer or f("dot(w, x)**2*y - log(dot(w, x)**2)"),
            "inputs": [f("w"), f("x"), f("y")],
            "steps": {"s": f("dot(w, x)"), "lam": f("dot(w, x)**2"), "L": f("dot(w, x)**2*y - log(dot(w, x)**2)")},
            "at": [[1, -1], [2, 1], 1],
            "by": [f("w")],
            "symbols": SYMBOLS,
        } | more
        written = {"answer": "L", "inputs": "i", "ask": ["value", "gradient"], "at": "v", "by": "b"}
        options: GraphOptions = made(GRADER, written, **cells)
        return seen(GRADER, options, raw)

    return look


def test_a_right_graph_needs_no_reason(told: Any) -> None:
    assert (told(RIGHT)["reason"], told(RIGHT)["remarks"]) == ("", [])


@pytest.mark.parametrize(
    ("graph", "says"),
    [
        (RIGHT.replace("a - b", "a + b"), "At w = [2, 3], x = [5, 7], y = 11 the output of your graph is 10577.9, but"),
        (RIGHT.replace("dot(w, x)", "w*x"), "The output of your graph should be one number, but has several entries."),
        (RIGHT.replace("dot(w, x)", "dot(w, y)"), "What goes into the node s does not fit together."),
        ("s = dot(w, x)\nt = neg(s)\nt = log(t)".replace("t = log", "u = log"), "is not defined, but should be"),
    ],
)
def test_a_wrong_one_is_told_inputs_at_which_it_differs_or_what_does_not_fit(told: Any, graph: str, says: str) -> None:
    assert says in told(graph)["reason"]


def test_a_vector_of_another_size_is_named_as_such(told: Any) -> None:
    wanted = f("w*x")
    assert told("s = dot(w, x)", wanted)["reason"] == ("The output of your graph has another size than it should have.")
    assert "the output of your graph is [7, 10], but should be [10, 21]" in told("s = w + x", wanted)["reason"]


def test_of_layers_which_are_some_function_no_numbers_are_told(told: Any) -> None:
    given = ["h = f(x, w)", "L = loss(h, y)"]
    layers = {"answer": given, "operators": ("f", "loss"), "steps": {}, "symbols": {}}
    asked = lambda raw: told(raw, **layers)["reason"]  # noqa: E731
    assert asked("h = f(x, w)\nL = loss(h, y)") == ""
    assert asked("h = f(x, w)\nL = h + y") == "Nothing in your graph is computed by loss."
    assert asked("h = f(x, y)\nL = loss(h, w)").startswith("Something else should go into one of the layers")


def test_of_several_outputs_it_is_told_that_one_is_missing(told: Any) -> None:
    both = [f("dot(w, x)"), f("dot(w, x)*y")]
    assert told("s = dot(w, x)", both, steps={})["reason"].startswith("Not every output that is asked for is computed")


def filled(**changed: tuple[str, str]) -> list[str]:
    cells = {"s": ("1", "[2, 1]"), "lam": ("1", "2"), "a": ("1", "1"), "b": ("0", "1"), "L": ("1", "1; -1")} | changed
    return [f"{line} | {' | '.join(cells[line.split(' =')[0]])}" for line in RIGHT.split("\n")]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"lam": ("2", "2"), "a": ("2", "1"), "b": ("log 2", "1/2"), "L": ("2 - log 2", "1; -1")}, "at the node lam"),
        ({"lam": ("1", "3")}, "The local gradient at the edge from s to lam is not the derivative of lam by s."),
        ({"b": ("0", "-1")}, "What stands at the edge from lam to b is the gradient of the output"),
        ({"lam": ("1", "")}, "No local gradient stands at the edge from s to lam."),
    ],
)  # fmt: skip
def test_the_first_number_that_does_not_follow_is_named(told: Any, changed: Any, says: str) -> None:
    remarks = told("\n".join(filled(**changed)))["remarks"]
    assert len(remarks) == 1
    assert says in remarks[0]


def test_what_stands_for_the_whole_way_is_told_from_what_is_merely_wrong(told: Any) -> None:
    found = told("\n".join(filled(b=("0", "-1"), lam=("1", "3"))))
    assert found["upstream"] == [False, False, False, True, False, False]
    assert "from s to lam is not" in found["remarks"][0]


def test_the_slopes_from_a_formula_to_the_output_count_together(told: Any) -> None:
    assert told("\n".join(filled()))["onward"] == [True, True, None]
    assert told("\n".join(filled(b=("0", "5"))))["onward"] == [False, False, None]
    assert told("\n".join(filled(s=("1", "7, 7"))))["onward"] == [True, True, None]
    assert told(RIGHT)["onward"] == [None, None, None]


def test_within_one_line_no_edge_is_judged(told: Any) -> None:
    fused = told("s = dot(w, x) | 1 | 2, 1\nlam = square(s) | 1 | 2\nL = lam*y - log(lam) | 1 | 1; -1")
    assert fused["right"] is True
    assert fused["remarks"] == []
    assert False not in fused["gradients"]
