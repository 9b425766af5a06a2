"""The rarer functions, conditions and sums, in floats and at high precision; mpmath is the oracle."""

from __future__ import annotations

import math
from contextlib import suppress
from fractions import Fraction

import mpmath
import pytest
from mpmath import libmp

from app.domain.language import parse_author
from graders.evaluation.balls import Ball, Close, Field, NoValue, Real, Singular, TooLarge, Undefined
from graders.evaluation.complex_balls import Complex
from graders.evaluation.effort import STEPS, current, limited
from graders.evaluation.floats import NotAFormula, compile_complex, compile_real
from graders.evaluation.precise import BITS, Precise, ball, evaluate_precisely, holds

PLACES = [Fraction(-37, 10), Fraction(-3, 10), Fraction(1, 7), Fraction(8, 10), Fraction(23, 10), Fraction(41, 2)]
ORACLES = {
    "sec": mpmath.sec,
    "csc": mpmath.csc,
    "cot": mpmath.cot,
    "sech": mpmath.sech,
    "csch": mpmath.csch,
    "coth": mpmath.coth,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "erf": mpmath.erf,
    "gamma": mpmath.gamma,
    "factorial": mpmath.factorial,
}
EVERYWHERE_COMPLEX = [name for name in ORACLES if name not in ("erf", "gamma", "factorial")] + ["asin", "acos", "atan"]


def decimal(value: Precise, field: Field) -> mpmath.mpf | mpmath.mpc:
    found = ball(value, field).value
    return mpmath.mpc(*map(mpmath.mpf, found)) if len(found) == 2 else mpmath.mpf(found)


def oracle(name: str, at: mpmath.mpf | mpmath.mpc) -> mpmath.mpf | mpmath.mpc:
    return (ORACLES.get(name) or getattr(mpmath, name))(at)


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("place", PLACES)
def test_a_real_function_agrees_with_mpmath_within_its_bound(name: str, place: Fraction) -> None:
    field = Real(BITS)
    tree = parse_author(f"{name}(x)")
    with mpmath.workdps(80):
        expected = oracle(name, mpmath.mpf(place.numerator) / place.denominator)
        if isinstance(expected, mpmath.mpc):
            with pytest.raises(Undefined):
                evaluate_precisely(tree, {"x": place}, field)
            return
        found = ball(evaluate_precisely(tree, {"x": place}, field), field)
        assert abs(mpmath.mpf(found.value) - expected) <= mpmath.mpf(2) ** found.error
        assert found.error <= float(mpmath.log(abs(expected) + mpmath.mpf(10) ** -30, 2)) - 140
    assert compile_real(tree)({"x": float(place)}) == pytest.approx(float(expected), rel=1e-9)


@pytest.mark.parametrize("name", [*EVERYWHERE_COMPLEX, "sigmoid", "tanh"])
@pytest.mark.parametrize("place", [(Fraction(3, 7), Fraction(5, 4)), (Fraction(-9, 4), Fraction(-1, 3))])
def test_a_complex_function_has_its_principal_value(name: str, place: tuple[Fraction, Fraction]) -> None:
    field = Complex(BITS)
    tree = parse_author(f"{name}(z)")
    with mpmath.workdps(60):
        at = mpmath.mpc(*(mpmath.mpf(part.numerator) / part.denominator for part in place))
        expected = 1 / (1 + mpmath.exp(-at)) if name == "sigmoid" else oracle(name, at)
        assert abs(decimal(evaluate_precisely(tree, {"z": place}, field), field) - expected) < mpmath.mpf(10) ** -40
    in_floats = compile_complex(tree)({"z": complex(*map(float, place))})
    assert abs(in_floats - complex(expected)) < 1e-9


@pytest.mark.parametrize("name", ["asinh", "erf", "gamma", "factorial", "atan"])
def test_what_a_ball_holds_stays_in_the_ball_of_the_value(name: str) -> None:
    field = Real(BITS)
    tree = parse_author(f"{name}(x)")
    for place in PLACES:
        wide = Ball(field.rational(place).value, -40.0)
        found = ball(evaluate_precisely(tree, {"x": wide}, field), field)
        with mpmath.workdps(60):
            for step in (-1, 1):
                at = mpmath.mpf(place.numerator) / place.denominator + step * mpmath.mpf(2) ** -40
                assert abs(mpmath.mpf(found.value) - oracle(name, at)) <= mpmath.mpf(2) ** found.error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("gamma(0)", Singular),
        ("factorial(-1)", Singular),
        ("factorial(10**9)", TooLarge),
        ("gamma(1/2 + 10**6)", TooLarge),
        ("acosh(1/2)", Undefined),
        ("atanh(2)", Undefined),
        ("atanh(1)", Singular),
        ("csc(0)", Singular),
        ("sign(sin(x)**2 + cos(x)**2 - 1)", Close),
        ("sqrt(sin(x)**2 + cos(x)**2 - 1)", Close),
        ("floor(sqrt(2)**2)", Close),
        ("1 if sqrt(2)**2 > 2 else 0", Close),
        ("1 if log(-1) > 0 else 0", Undefined),
        ("1 if x > 0 else None", NoValue),
        ("Sum(i, i, 1, 10**9)", TooLarge),
        ("Sum(i, i, 1, 5000)", TooLarge),
        ("Sum(i, i, 1/2, 3)", Undefined),
        ("Sum(i, i, 1, sqrt(2))", Close),
    ],
)
def test_why_there_is_no_value_is_told(text: str, error: type[NoValue]) -> None:
    with pytest.raises(error):
        evaluate_precisely(parse_author(text), {"x": Fraction(-2, 3)}, Real(BITS))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 if x > 0 else 2", 1),
        ("1 if x < 0 else 2", 2),
        ("1 if 0 < x < 1 else 2", 1),
        ("1 if x > 0 and x > 1/2 else 2", 1),
        ("1 if x < 0 or x > 1/2 else 2", 1),
        ("1 if not x == 2/3 else 2", 2),
        ("1 if x != 2/3 else 2", 2),
        ("1 if x >= 2/3 and x <= 2/3 else 2", 1),
        ("1 if x < 0 and log(x - 1) > 0 else 2", 2),
        ("1 if x > 0 or log(x - 1) > 0 else 2", 1),
        ("indicator(x > 0) + indicator(x > 1)", 1),
        ("indicator(x < 0)*log(-x)", 0),
        ("log(-x)*indicator(x < 0)", 0),
        ("Sum(i*x, i, 1, 3)", 4),
        ("Sum(x, x, 1, 3)", 6),
        ("Prod(i, i, 1, 5)", 120),
        ("Sum(i, i, 3, 2)", 0),
        ("Prod(i, i, 3, 2)", 1),
        ("Sum(Sum(i*j, j, 1, i), i, 1, 3)", 25),
        ("factorial(4)", 24),
        ("gamma(5)", 24),
        ("max(1, 2, x)", 2),
        ("1 if x > 0 else None", 1),
    ],
)
def test_conditions_and_sums_are_exact_at_high_precision_and_the_same_in_floats(text: str, expected: int) -> None:
    tree = parse_author(text)
    assert evaluate_precisely(tree, {"x": Fraction(2, 3)}, Real(BITS)) == expected
    if "== 2/3" not in text and "2/3" not in text:
        assert compile_real(tree)({"x": 2 / 3}) == pytest.approx(expected)


def test_conditions_on_complex_numbers_are_refused_unless_they_are_real() -> None:
    field = Complex(BITS)
    z = (Fraction(1), Fraction(2))
    with pytest.raises(NotAFormula):
        holds(parse_author("z > 0"), {"z": z}, field)
    assert holds(parse_author("abs(z) > 2"), {"z": z}, field)
    assert holds(parse_author("z != 1"), {"z": z}, field)
    with pytest.raises(ValueError, match="no order"):
        compile_complex(parse_author("1 if z > 0 else 2"))({"z": 1 + 2j})
    assert compile_complex(parse_author("1 if abs(z) > 2 else 0"))({"z": 1 + 2j}) == 1


@pytest.mark.parametrize("text", ["x", "x + 1", "x in y", "not x"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(NotAFormula):
        holds(parse_author(text), {"x": Fraction(1), "y": Fraction(2)}, Real(BITS))


@pytest.mark.parametrize("text", ["Sum(i, i, 1, 10**9)", "Sum(i, i, 1, x)", "1 if x > 0 else None", "factorial(-x)"])
def test_floats_have_no_value_where_there_is_none(text: str) -> None:
    with pytest.raises((ArithmeticError, ValueError)):
        compile_real(parse_author(text))({"x": -0.5 if "else" in text else 3.5 if "Sum" in text else 2.0})


def test_a_root_of_nearly_zero_to_a_power_stays_nearly_zero() -> None:
    field = Real(BITS)
    found = evaluate_precisely(parse_author("(sin(x)**2 + cos(x)**2 - 1)**3"), {"x": Fraction(1, 3)}, field)
    assert isinstance(found, Ball)
    assert found.error < -400
    assert found.value == libmp.fzero


def test_all_calculations_of_a_verdict_share_their_effort() -> None:
    tree = parse_author("Sum(exp(i*x), i, 1, 200)")
    with limited() as effort:
        with limited() as inner:
            assert inner is effort
        while effort.left > 0:
            before = effort.left
            with suppress(TooLarge):
                evaluate_precisely(tree, {"x": Fraction(1, 3)}, Real(4 * BITS))
            assert effort.left < before
        with pytest.raises(TooLarge):
            evaluate_precisely(parse_author("x"), {"x": Fraction(1)}, Real(BITS))
        with pytest.raises(OverflowError):
            compile_real(tree)({"x": 0.1})
    assert current().left == STEPS
    assert math.isfinite(compile_real(tree)({"x": 0.1}))  # type: ignore[arg-type]
