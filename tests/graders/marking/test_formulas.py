"""Cells that hold formulas: they follow from each other, change in other worlds, and are carried forward."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.errors import QuestionError
from app.domain.questions import Question
from app.domain.values import Symbolic, from_json, to_json
from graders.evaluation.errors import EvaluationError
from graders.marking.checking import check_question
from graders.marking.variants import make_variant, world_of
from graders.marking.worlds import World
from tests.graders.marking.questions import Data, compiled, earned, leaf, part, question

SYMBOLS = {"s": "real", "y": "positive", "x": "vector(d)", "loss": "function"}
SHEET = {"c": {"value": 3}, "lam": "c*s**2", "L": "lam*y - log(lam)", "dL": "derivative(L, s)"}


def world(**variables: object) -> World:
    data = question(symbols=SYMBOLS, variables=SHEET | variables)
    return world_of(compiled(data), make_variant(compiled(data), 0).values)


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ("lam", "3 * s**2"),
        ("lam*1 + 0", "3 * s**2"),
        ("-lam", "-(3 * s**2)"),
        ("0*lam", "0"),
        ("[lam, 2*lam]", "[3 * s**2, 2 * (3 * s**2)]"),
        ("lam if y > 1 else 0", "3 * s**2 if y > 1 else 0"),
        ("lam if c > 1 else s", "3 * s**2"),
        ("y > 1 and s < 2", "y > 1 and s < 2"),
        ("substitute(lam, s, y + 1)", "3 * (y + 1)**2"),
        ("exp([s, y])", "[exp(s), exp(y)]"),
        ("transpose(x) @ x", "transpose(x) @ x"),
        ("loss_prime(s)*d", "loss_prime(s) * d"),
        ("1/3 + s", "1 / 3 + s"),
        ("pi*s", "pi * s"),
    ],
)
def test_a_cell_that_mentions_a_symbol_is_a_formula(cell: str, formula: str) -> None:
    value = world(z=cell)["z"]
    cells = value if isinstance(value, list) else [value]
    shown = [one.source if isinstance(one, Symbolic) else str(one) for one in cells]
    assert ("[" + ", ".join(shown) + "]" if isinstance(value, list) else shown[0]) == formula


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("gcd(s, 2)", "cannot be computed with free symbols"),
        ("1 if s else 0", "free symbols"),
        ("derivative(L, 3)", "A declared symbol is needed"),
        ("same(L, L, 3)", "written as text"),
        ("'a' + s", "Only numbers and formulas"),
    ],
)
def test_what_makes_no_sense_with_symbols_is_refused_in_words(cell: str, says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        world(z=cell)["z"]


def test_formulas_are_compared_by_what_they_mean() -> None:
    assert world(z="same(L, 3*s**2*y - log(3) - 2*log(abs(s)))")["z"] is True
    assert world(z="same(L, 3*s**2*y - log(3) - 2*log(s))")["z"] is False
    assert world(z="same(L, 3*s**2*y - 2*log(abs(s)), 'constant in s')")["z"] is True
    assert world(z="mentions(L, y) and not mentions(lam, y)")["z"] is True


def test_a_formula_is_stored_and_read_back() -> None:
    value = world()["L"]
    assert from_json(to_json(value)) == value


def fields(answer: str, criteria: list[Data], **changes: object) -> Data:
    return part(
        fields={"f": {"grader": "expression", "answer": answer, "names": ["lam"]}}, criteria=criteria, **changes
    )


def asked(*parts: Data) -> Data:
    return question(*parts, symbols=SYMBOLS, variables=SHEET)


def test_a_piece_of_a_formula_can_be_paid() -> None:
    criteria = [
        leaf("data", Fraction(1, 2), "same(derivative(f.value, y), lam)"),
        leaf("log", Fraction(1, 2), "same(substitute(f.value, y, 0), -log(lam))"),
    ]
    assert earned(asked(fields("L", criteria)), {"f": "3 s^2 y - log(3 s^2)"}) == 1
    assert earned(asked(fields("L", criteria)), {"f": "3 s^2 y + log(3 s^2)"}) == Fraction(1, 2)
    assert earned(asked(fields("L", criteria)), {"f": "lam y"}) == Fraction(1, 2)
    assert earned(asked(fields("L", criteria)), {"f": ""}) == 0


def test_a_wrong_formula_is_followed_through() -> None:
    first = fields("L", [leaf("right", 1, "f.right")]) | {"id": "first"}
    second = {
        "id": "a",
        "points": 1,
        "carry": ["L"],
        "fields": {"g": {"grader": "expression", "answer": "dL"}},
        "criteria": [leaf("right", 1, "g.right")],
    }
    assert earned(asked(first, second), {"f": "lam*y + log(lam)", "g": "6 s y + 2/s"}) == 1
    assert earned(asked(first, second), {"f": "lam*y + log(lam)", "g": "6 s y - 2/s"}) == 1
    assert earned(asked(first, second), {"f": "lam*y + log(lam)", "g": "6 s y"}) == 0


def test_a_mistake_is_recognised_in_a_formula() -> None:
    mistakes = {"plus": {"set": {"L": "lam*y + log(lam)"}, "says": "The sign."}}
    asking = asked(fields("L", [leaf("near", 1, "mistake(plus)")], mistakes=mistakes))
    assert earned(asking, {"f": "y lam + ln(3) + 2 ln|s|"}) == 1


def test_what_cannot_be_decided_is_no_mistake_that_was_made() -> None:
    mistakes = {"bare": {"set": {"L": "y"}, "says": "The hazard."}}
    asking = asked(fields("L", [leaf("near", 1, "mistake(bare)")], mistakes=mistakes))
    assert earned(asking, {"f": "y"}) == 1
    assert earned(asking, {"f": "y + exp(-exp(exp(exp(y + 9))))"}) == 0


def test_an_abbreviation_may_have_another_name() -> None:
    one = fields("L", [leaf("right", 1, "f.right")])
    one["fields"]["f"]["names"] = {"hazard": "lam"}
    assert earned(asked(one), {"f": "hazard*y - log(hazard)"}) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"symbols": {"lambda": "real"}}, "cannot be the name of a symbol"),
        ({"symbols": {"s": "realistic"}}, "is no kind of symbol"),
        ({"symbols": {"s": "vector()"}}, "is no kind of symbol"),
    ],
)
def test_a_symbol_that_cannot_be_declared_is_refused(changes: Data, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Question.model_validate(question(**changes))


def test_a_symbol_and_a_variable_have_different_names() -> None:
    problems = check_question(compiled(question(symbols={"a": "real"}, variables={"a": "1"})))
    assert [problem.says for problem in problems] == ["`a` is both a symbol and a variable."]


@pytest.mark.parametrize("names", ["lam", ["nothing"], [3], {"a": "nothing"}])
def test_abbreviations_are_cells(names: object) -> None:
    one = fields("L", [leaf("right", 1, "f.right")])
    one["fields"]["f"]["names"] = names
    with pytest.raises(QuestionError):
        compiled(asked(one))


def test_symbols_are_declared_for_the_question_not_for_a_field() -> None:
    one = fields("L", [leaf("right", 1, "f.right")])
    one["fields"]["f"]["symbols"] = {"s": "real"}
    with pytest.raises(QuestionError, match="declare the symbols of the question"):
        compiled(asked(one))
