"""Several steps of working in one answer are told apart, and which of them says the value."""

from __future__ import annotations

import pytest

from app.domain.answers import Invalid, Read, read
from app.domain.language import Node, to_source
from app.domain.symbols import symbol
from app.domain.widgets import Widget
from app.domain.workings import Named, Working, named_in, statements, working_of

ASKED = Widget(kind="expression", symbols={"N": symbol("integer"), "x": symbol("real")}, lead="r(N) =")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3*3 = 9, 9 + 1 = 10", ["3*3 = 9", "9 + 1 = 10"]),
        ("a; b\nc", ["a", " b", "c"]),
        ("1,5", ["1,5"]),
        ("max(2, 1) = 2, [1; 2]", ["max(2, 1) = 2", "[1; 2]"]),
        ("a,\nb;", ["a", "b"]),
    ],
)
def test_steps_stand_between_separators_outside_brackets(text: str, found: list[str]) -> None:
    assert statements(text) == found


@pytest.mark.parametrize(
    ("text", "working"),
    [
        ("3*3 = 9, 9 + 1 = 10", Working(("3*3 = 9", "9 + 1 = 10"), 1)),
        ("3*3 = 9; and then 9 + 1 = 10", Working(("3*3 = 9", "9 + 1 = 10"), 1)),
        ("64, since 63 + 1 = 64", Working(("64", "63 + 1 = 64"), 0)),
        ("a = 1, b = 2 where c = 3, d = 4", Working(("a = 1", "b = 2", "c = 3", "d = 4"), 1)),
        ("3, 4", None),
        ("3*3 = 9, 10", None),
        ("3*3 = 9", None),
        (", ".join(["1 = 1"] * 20), None),
    ],
)
def test_the_last_step_says_the_value_unless_the_rest_explains_it(text: str, working: Working | None) -> None:
    assert working_of(text) == working


@pytest.mark.parametrize(
    ("text", "lead", "named"),
    [
        ("M_1 = 1, M_2 = N^2, r = M_1/M_2", "", Named("r = (1)/(N^2)", ("1", "N^2"))),
        ("r = 1/N, s = N", "r(N) =", Named("r = 1/N", ("N",))),
        ("a = N, b = a^2, c = b", "", Named("c = ((N)^2)", ("N", "(N)^2"))),
        ("N = 3, r = 1/N", "", None),
        ("r = a^2, a = N", "", None),
        ("a = 1, a = 2", "", None),
        ("a = 1, 2", "", None),
        ("2a = 1, r = 2", "", None),
        ("a = 1", "", None),
    ],
)
def test_names_are_written_out_where_they_are_new(text: str, lead: str, named: Named | None) -> None:
    assert named_in(text, lead, ["N"]) == named


def test_names_that_double_their_length_each_time_are_not_written_out_for_ever() -> None:
    doubling = ", ".join(f"{one} = {other} {other}" for one, other in zip("bcdefghijkl", "abcdefghijk", strict=True))
    assert named_in(f"a = {'N' * 100}, {doubling}", "", ["N"]) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("M1 = 1, M2 = N^2, r = 1/N^2", "1 / N**2"),
        ("M_1 = 1; M_2 = N^2; M_1/M_2 = 1/N^2", "1 / N**2"),
        ("M_1 = 1\nM_2 = N^2\nr = M_1/M_2", "1 / N**2"),
        (r"M_1 = 1,\; M_2 = N^2,\; r = \frac{M_1}{M_2}", "1 / N**2"),
        ("r = 1/N^2, s = N^2", "1 / N**2"),
        ("11*11*3 = 363, (363 + 1)*96 = 34944", "(363 + 1) * 96"),
    ],
)
def test_a_formula_may_stand_behind_the_steps_that_lead_to_it(text: str, meant: str) -> None:
    found = read(ASKED, text)
    assert isinstance(found, Read)
    assert isinstance(found.cells, Node)
    assert to_source(found.cells) == meant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("N = 3, r = 1/N^2", 'Write the value only, without "r =".'),
        ("x = 1, y = 2", 'Write the value only, without "y =".'),
        ("a = b + 1, r = 2", '"b" is not known here. You can use: N, x.'),
        ("3*3 = 10, 9 + 1 = 10", "Write one formula only; this is an equation."),
        ("x*3 = 9, 9 + 1 = 10", "Write one formula only; this is an equation."),
    ],
)
def test_steps_that_are_unclear_are_asked_about_as_before(text: str, says: str) -> None:
    found = read(ASKED, text)
    assert isinstance(found, Invalid)
    assert found.says == says
