"""What is said of two objectives or directions that differ is true whatever the factor and the constant are."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable

import pytest

from app.domain.language import parse_formula
from app.domain.symbols import symbol
from graders.equality.formulas import same_formula

NUMBERS = {"w": "positive", "y": "real", "s": "positive"}
VECTORS = {"w": "vector(d)", "x": "vector(d)", "y": "real"}
OBJECTIVE = ("positive factor", "constant in w")


def reason(reference: str, answer: str, declared: dict[str, str], *up_to: str) -> str:
    symbols = {name: symbol(domain) for name, domain in declared.items()}
    trees = [parse_formula(text, symbols) for text in (reference, answer)]
    verdict = same_formula(*trees, symbols, up_to)
    assert verdict.verdict == "different"
    return verdict.reason


@pytest.mark.parametrize(
    ("reference", "answer", "declared", "up_to", "says"),
    [
        ("(y-w)^2", "y s", NUMBERS, OBJECTIVE, "Only yours is constant."),
        ("(y-w)^2", "0", NUMBERS, ("positive factor",), "Only yours is 0 everywhere."),
        ("(y-w)^2", "-(y-w)^2 + s", NUMBERS, OBJECTIVE, "But for its sign it is right; here the sign matters."),
        (
            "log w",
            "log(-w) + y",
            NUMBERS,
            OBJECTIVE,
            "At w = 2, y = 3 yours is not defined, but should be 0.693147.",
        ),
        ("(y-w^T x)^2", "y^2", VECTORS, OBJECTIVE, "Yours does not change with w, but should."),
        ("y^2", "(y-w^T x)^2", VECTORS, OBJECTIVE, "Yours changes with w, but should not."),
        (
            "(y-w^T x)^2",
            "-(y-w^T x)^2",
            VECTORS,
            OBJECTIVE,
            "But for its sign it is right: what you wrote is largest where it should be smallest.",
        ),
        (
            "(y-w^T x)^2 w",
            "(y-w^T x) w",
            VECTORS,
            ("factor",),
            "A factor does not matter here, but yours is not the same multiple everywhere.",
        ),
        (
            "w",
            "x",
            VECTORS,
            ("sign",),
            "The sign does not matter here, but more than the sign is different.",
        ),
    ],
)
def test_the_reason_does_not_depend_on_what_is_free(
    reference: str, answer: str, declared: dict[str, str], up_to: tuple[str, ...], says: str
) -> None:
    assert reason(reference, answer, declared, *up_to) == says


def test_changes_are_compared_where_something_may_be_added() -> None:
    says = reason("(y-w)^2", "w y", NUMBERS, *OBJECTIVE)
    assert says == (
        "A factor and an added constant do not matter here. At y = 5 yours rises where it should fall: "
        "from w = 2 to w = 3 it changes by 5, the solution by -5."
    )
    says = reason("(y-w)^2", "w^3", {"y": "positive", "w": "real"}, *OBJECTIVE)
    assert says.endswith(
        "yours falls where it should rise: from w = 2 to w = -2 it changes by -16, the solution by 24."
    )
    says = reason("(y-w^T x)^2", "-2y w^T x", VECTORS, *OBJECTIVE)
    assert says == "An added constant does not matter here, but yours changes in another way with w."


@pytest.mark.parametrize("answer", ["(y + w^T x)^2", "(w^T x)^2"])
def test_the_changes_that_are_told_can_be_recalculated(answer: str) -> None:
    says = reason("(y-w^T x)^2", answer, VECTORS, *OBJECTIVE)
    found = re.search(
        r"At d = 2, (?P<fixed>.*) yours (?P<way>falls|rises) where .* from (?P<start>.*) to (?P<end>w = .*) it changes "
        r"by (?P<own>\S+), the solution by (?P<theirs>\S+)\.",
        says,
    )
    assert found is not None
    one, other = (
        {
            name: literal_eval(value)
            for name, value in re.findall(r"(\w) = (\([^)]*\)|[^ ,]+)", f"{found['fixed']}, {found[end]}")
        }
        for end in ("start", "end")
    )

    def changed(formula: Callable[[float, float], float]) -> float:
        here, there = (
            formula(at["y"], sum(a * b for a, b in zip(at["w"], at["x"], strict=True))) for at in (one, other)
        )
        return there - here

    own = {
        "(y + w^T x)^2": lambda y, s: (y + s) ** 2,
        "(w^T x)^2": lambda y, s: s**2,
    }[answer]
    assert changed(own) == pytest.approx(float(found["own"]), rel=1e-4)
    assert changed(lambda y, s: (y - s) ** 2) == pytest.approx(float(found["theirs"]), rel=1e-4)
    assert float(found["own"]) * float(found["theirs"]) < 0
    assert (float(found["own"]) > 0) == (found["way"] == "rises")
    says = reason("(y-w^T x)^2", "w^T x", VECTORS, "positive factor")
    assert says == "A factor does not matter here, but yours is not the same multiple everywhere."


def test_no_reason_is_about_quotients_that_a_student_cannot_read() -> None:
    for answer in ("w y", "-(y-w)^2", "(y-w)^3", "w^2"):
        assert "times" not in reason("(y-w)^2", answer, NUMBERS, *OBJECTIVE)


def test_a_point_of_many_symbols_is_not_spelled_out() -> None:
    names = ["a", "b", "c", "p", "q", "r", "s", "t", "u", "v", "x", "y", "z"]
    symbols = dict.fromkeys(names, "real")
    sum_of_all = " + ".join(names)
    says = reason(f"tanh({sum_of_all})", f"{sum_of_all} + 1", symbols)
    assert says.startswith("At a point tried yours is ")


def test_where_a_sigmoid_is_saturated_another_point_is_shown() -> None:
    names = ["a", "b", "c", "p", "q", "r"]
    symbols = dict.fromkeys(names, "real")
    inner = " + ".join(names)
    says = reason(f"a (1 - tanh({inner})^2)", "a", symbols)
    assert not says.endswith("should be 0.")
