"""The functions that every expression has."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values import Value
from graders.evaluation import FUNCTIONS, LANGUAGE_FUNCTIONS, EvaluationError, Fuel, Function
from graders.evaluation import registry as registry_module
from graders.evaluation.functions import call
from graders.evaluation.scalars import round_half_up
from graders.solvers import SOLVERS

Values = Callable[..., Value]
Refusals = Callable[..., EvaluationError]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(-3/2)", Fraction(3, 2)),
        ("abs([1, -2])", [1, 2]),
        ("sqrt(16/9)", Fraction(4, 3)),
        ("sqrt([4, 9])", [2, 3]),
        ("exp(0)", 1),
        ("log(1)", 0),
        ("log2(8)", 3),
        ("log2(1/4)", -2),
        ("log10(1000)", 3),
        ("log10(1/100)", -2),
        ("sin(0)", 0),
        ("cos(0)", 1),
        ("tan(0)", 0),
        ("asin(0)", 0),
        ("atan(0)", 0),
        ("sinh(0)", 0),
        ("cosh(0)", 1),
        ("floor(7/2)", 3),
        ("floor(-7/2)", -4),
        ("floor(sqrt(2)**2)", 2),
        ("ceil(7/2)", 4),
        ("ceil(sqrt(2)**2)", 2),
        ("ceil(sqrt(2))", 2),
        ("sign([-3, 0, 1/2])", [-1, 0, 1]),
        ("round(5/2)", 3),
        ("round(-5/2)", -3),
        ("round(1/3, 2)", Fraction(33, 100)),
        ("round(sqrt(2), 3)", Fraction(1414, 1000)),
        ("round(1234, -2)", 1200),
        ("mod(7, 3)", 1),
        ("mod([7, 8], 3)", [1, 2]),
        ("whole(3)", True),
        ("whole(7/2)", False),
        ("whole(sqrt(2)**2)", True),
        ("whole(sqrt(2))", False),
        ("whole('3')", False),
        ("gcd(12, 18)", 6),
        ("lcm(4, 6)", 12),
        ("factorial(5)", 120),
        ("sum([1, 1/2])", Fraction(3, 2)),
        ("sum(z)", 11),
        ("sum(z, 0)", [4, 7]),
        ("sum(z, axis=1)", [3, 8]),
        ("sum(z, -1)", [3, 8]),
        ("sum([])", 0),
        ("sum([[[1, 2]], [[3, 4]]], 0)", [[4, 6]]),
        ("sum([[[1, 2]], [[3, 4]]], 2)", [[3], [7]]),
        ("mean([1, 2])", Fraction(3, 2)),
        ("mean(z, 0)", [2, Fraction(7, 2)]),
        ("prod([2, 3, 1/2])", 3),
        ("prod(z, 0)", [3, 10]),
        ("max(1, 3, 2)", 3),
        ("max([1, 3, 2])", 3),
        ("max(z)", 5),
        ("max(z, axis=0)", [3, 5]),
        ("min(z, axis=1)", [1, 3]),
        ("max([1, 5], [3, 2])", [3, 5]),
        ("min(2, 1/2)", Fraction(1, 2)),
        ("argmax([1, 3, 3])", 1),
        ("argmin([2, 1, 1])", 1),
        ("argmax(z, 0)", [1, 1]),
        ("norm([3, 4])", 5),
        ("any([])", False),
        ("all([])", True),
        ("share([True, False])", Fraction(1, 2)),
        ("share([[True, True], [True, True]])", 1),
        ("share([])", 0),
        ("share(True)", 1),
        ("count([1, 2, 1], 1)", 2),
        ("count([True, False])", 1),
        ("len(z)", 2),
        ("len('abc')", 3),
        ("len(net)", 2),
        ("range(3)", [0, 1, 2]),
        ("range(1, 3)", [1, 2]),
        ("range(6, 0, -2)", [6, 4, 2]),
        ("zip([1, 2], [3, 4, 5])", [[1, 3], [2, 4]]),
        ("zip()", []),
        ("enumerate(words)", [[0, "low"], [1, "high"]]),
        ("sorted([3, 1/2, sqrt(2), 3])", [Fraction(1, 2), math.sqrt(2), 3, 3]),
        ("sorted(words)", ["high", "low"]),
        ("reversed([1, 2])", [2, 1]),
        ("distinct([1, 2, 3])", True),
        ("distinct([1, 2, 1.0])", False),
        ("distinct([[1, 2], [1, 2]])", False),
        ("index([5, 6], 6)", 1),
        ("shape(z)", [2, 2]),
        ("shape(3)", []),
        ("shape([])", [0]),
        ("reshape(range(6), 2, 3)", [[0, 1, 2], [3, 4, 5]]),
        ("reshape(range(4), [2, 2, 1])", [[[0], [1]], [[2], [3]]]),
        ("reshape([], 2, 0)", [[], []]),
        ("flatten(z)", [1, 2, 3, 5]),
        ("zeros(2)", [0, 0]),
        ("zeros(2, 1)", [[0], [0]]),
        ("ones([1, 2])", [[1, 1]]),
        ("identity(2)", [[1, 0], [0, 1]]),
        ("diag([1, 2])", [[1, 0], [0, 2]]),
        ("diag(z)", [1, 5]),
        ("diag([[1, 2], [3, 4], [5, 6]])", [1, 4]),
        ("transpose([[1, 2, 3]])", [[1], [2], [3]]),
        ("outer([1, 2], [3, 4])", [[3, 4], [6, 8]]),
        ("dot([1, 2], [3, 4])", 11),
        ("dot(z, [1, 1])", [3, 8]),
        ("dot([1, 1], z)", [4, 7]),
        ("dot(z, z)", [[7, 12], [18, 31]]),
        ("cumsum([1, 2, 1/2])", [1, 3, Fraction(7, 2)]),
        ("text(1/3)", "1/3"),
        ("text(z)", "[[1, 2], [3, 5]]"),
    ],
)
def test_a_function_has_its_value(value: Values, text: str, expected: Value) -> None:
    found = value(text)
    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(2)", math.sqrt(2)),
        ("sqrt(sqrt(2))", 2**0.25),
        ("exp(1)", math.e),
        ("log(2)", math.log(2)),
        ("log(1/3)", -math.log(3)),
        ("log(10**1000)", 1000 * math.log(10)),
        ("log(3**700/7**700)", 700 * math.log(3 / 7)),
        ("log2(3)", math.log2(3)),
        ("log2(sqrt(2))", 0.5),
        ("log10(2)", math.log10(2)),
        ("log10(sqrt(10))", 0.5),
        ("log(sqrt(2))", math.log(2) / 2),
        ("sin(1)", math.sin(1)),
        ("acos(1/2)", math.pi / 3),
        ("atan(1)", math.pi / 4),
        ("norm([1, 1])", math.sqrt(2)),
        ("sum([sqrt(2), 1])", math.sqrt(2) + 1),
        ("mean([sqrt(2), 1/3])", (math.sqrt(2) + 1 / 3) / 2),
        ("max([sqrt(2), 1])", math.sqrt(2)),
    ],
)
def test_an_irrational_result_is_a_float(value: Values, text: str, expected: float) -> None:
    found = value(text)
    assert isinstance(found, float)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("sqrt(-1)", "no real square root"),
        ("log(0)", "Only positive numbers"),
        ("log2(-1)", "Only positive numbers"),
        ("log10(0)", "Only positive numbers"),
        ("asin(2)", "between -1 and 1"),
        ("acos(-2)", "between -1 and 1"),
        ("exp(1000)", "too large"),
        ("exp(10**400)", "too large"),
        ("abs('x')", "“abs” needs a number, not the text “x”"),
        ("round(1, 1/2)", "whole number"),
        ("round(1, 400)", "at most 300"),
        ("gcd(1/2, 1)", "“gcd” needs a whole number, not 1/2"),
        ("factorial(-1)", "from 0 to 500"),
        ("lcm(10**900, 10**900 - 1)", "too many digits"),
        ("sum(words)", "“sum” needs numbers, not the text"),
        ("sum(['a', sqrt(2)])", "“sum” needs a number"),
        ("sum([sqrt(2)*10**308, sqrt(2)*10**308])", "too large"),
        ("sum([net])", "not a record"),
        ("sum(z, 2)", "no axis 2; the array has 2"),
        ("sum(1, 0)", "no axis 0"),
        ("mean([])", "empty list has no mean"),
        ("max([])", "empty list has no maximum"),
        ("max()", "takes one list"),
        ("max(z, 0)", "an axis is named"),
        ("max(words)", "“max” needs a number"),
        ("max([1, 'x'])", "have no order"),
        ("len(3)", "“len” needs a list"),
        ("range()", "called like this"),
        ("range(1, 2, 0)", "steps of 0"),
        ("range(1/2)", "whole number"),
        ("zip(1, [2])", "“zip” needs a list, not a number"),
        ("sorted([1, 'a'])", "have no order"),
        ("index([1], 2)", "2 is not in the list"),
        ("reshape([1, 2, 3], 2, 2)", "3 cells do not fill the shape 2×2"),
        ("reshape([1], -1)", "none below 0"),
        ("transpose([1, 2])", "needs a matrix, not 2"),
        ("transpose(3)", "not a single number"),
        ("dot(1, [1])", "needs vectors or matrices"),
        ("dot([1], 1)", "needs vectors or matrices"),
        ("dot([1, 2], [1])", "cannot multiply 2 by 1"),
        ("conv2d([[1]], [[1, 2], [3, 4]])", ""),
        ("relu('x')", ""),
    ],
)
def test_wrong_arguments_are_named(refusal: Refusals, text: str, part: str) -> None:
    assert part in refusal(text).says


@pytest.mark.parametrize(
    "raised",
    [
        (ValueError("not a sentence"), "“f” cannot be computed for these arguments."),
        (ValueError("The stride is 0."), "The stride is 0."),
        (KeyError("x"), "“f” cannot be computed for these arguments."),
        (TypeError("x"), "“f” cannot be computed for these arguments."),
        (OverflowError("x"), "The result is too large."),
        (ZeroDivisionError("x"), "“f” divides by zero here."),
        (EvaluationError("Own words."), "Own words."),
    ],
)
def test_whatever_a_solver_raises_becomes_a_sentence(raised: tuple[Exception, str]) -> None:
    def fail(x: Value) -> Value:
        raise raised[0]

    with pytest.raises(EvaluationError) as caught:
        call(Function("f", "", fail), [1], {}, Fuel())
    assert caught.value.says == raised[1]


def test_the_cost_is_paid_before_the_work_is_done() -> None:
    done = []

    def work(x: Value) -> Value:
        done.append(x)
        return x

    with pytest.raises(EvaluationError, match="steps"):
        call(Function("f", "", work, cost=lambda x: 1000), [1], {}, Fuel(100))
    assert done == []


def test_every_function_says_in_one_line_what_it_is() -> None:
    for name, function in LANGUAGE_FUNCTIONS.items():
        assert name == function.name
        assert function.doc, name
        assert "\n" not in function.doc
        assert function.usage.startswith(f"{name}(")


def test_solvers_are_functions_of_the_language() -> None:
    assert SOLVERS.keys() <= LANGUAGE_FUNCTIONS.keys()
    assert FUNCTIONS.keys() | SOLVERS.keys() == LANGUAGE_FUNCTIONS.keys()


def test_two_functions_of_one_name_are_an_error_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry_module.SOLVERS, "sqrt", SOLVERS["relu"])
    with pytest.raises(ImportError, match="name of a built-in function: sqrt"):
        registry_module._merged()


@given(st.fractions(max_denominator=10**6), st.integers(-3, 6))
def test_rounding_moves_by_at_most_half_a_unit(number: Fraction, digits: int) -> None:
    rounded = Fraction(round_half_up(number, digits))
    assert abs(rounded - number) <= Fraction(10) ** -digits / 2
    assert (rounded * Fraction(10) ** digits).denominator == 1


def test_zeros_do_not_share_their_rows(value: Values) -> None:
    found = value("zeros(2, 2)")
    assert isinstance(found, list)
    assert found[0] is not found[1]
