"""High precision: the truth always lies within the error bound."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import libmp

from app.domain.language import parse_author, parse_student
from graders.evaluation.balls import (
    EXACT,
    Ball,
    Disputed,
    Field,
    NoValue,
    Real,
    Singular,
    TooLarge,
    Undefined,
    total,
)
from graders.evaluation.complex_balls import Complex
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, Precise, ball, evaluate_precisely

X, Y = Fraction(7, 10), Fraction(-13, 7)
Z = (Fraction(3, 5), Fraction(-7, 5))


def real(text: str, bits: int = BITS, **point: Fraction) -> Precise:
    return evaluate_precisely(parse_student(text, ["x", "y"]), {"x": X, "y": Y, **point}, Real(bits))


def complex_(text: str, bits: int = BITS) -> Precise:
    return evaluate_precisely(parse_student(text, ["z", "i", "x"]), {"z": Z, "x": X}, Complex(bits))


def off(found: Precise, other: Precise, field: Field) -> float:
    """log2 of the difference of the centres."""
    left, right = ball(found, field), ball(other, field)
    return field.upper(field.subtract(Ball(left.value, EXACT), Ball(right.value, EXACT)))


REAL = [
    "x + y",
    "x - y*3",
    "x / y",
    "x^5 - y^3",
    "x^200",
    "(pi*x)^1",
    "y^-3",
    "(x + pi)^7",
    "pi^-2",
    "x^(1/2)",
    "x^(2/3)",
    "x^y",
    "pi^e",
    "x^pi",
    "sqrt(x)",
    "sqrt(pi)",
    "exp(x)",
    "log(x)",
    "log2(x)",
    "log10(x)",
    "sin(y)",
    "cos(y)",
    "tan(y)",
    "asin(x)",
    "acos(x)",
    "atan(y)",
    "asin(x*pi/4)",
    "sinh(y)",
    "cosh(y)",
    "tanh(y)",
    "sigmoid(y)",
    "softplus(y)",
    "relu(x) + relu(y)",
    "relu(pi*y) + x",
    "max(sin(x)^2 + cos(x)^2, 1)",
    "min(pi, pi*x/x, 4)",
    "abs(y) + abs(pi*y)",
    "sign(y) + sign(pi)",
    "floor(y) + floor(pi*y)",
    "ceil(y) + ceil(pi*y)",
    "max(x, y, pi)",
    "min(x, y, -pi)",
    "exp(-x^2/2)/sqrt(2*pi)",
    "log(exp(x) + exp(y))",
    "exp(exp(exp(x)))",
    "exp(-exp(exp(3)))",
    "(1 + 1e-30*x) - 1",
    "exp(x) - exp(x) + x",
    "exp(x)*exp(-x) - exp(-y)/exp(y)",
    "exp(-x) + 1/exp(x) + sigmoid(-x)",
]


@pytest.mark.parametrize("text", REAL)
def test_the_value_at_more_precision_lies_within_the_bound(text: str) -> None:
    fine = Real(4 * BITS)
    rough, exact = real(text), real(text, 4 * BITS)
    if isinstance(rough, Fraction):
        assert rough == exact
    else:
        assert off(rough, exact, fine) <= rough.error
        assert rough.error < Real(BITS).upper(rough) - 50


@pytest.mark.parametrize(
    "text",
    ["z*z", "z/x - i", "z^7", "z^-2", "sqrt(z)", "exp(z)", "log(z)", "sin(z)", "cos(z)", "tan(z)", "abs(z)",
     "z^z", "z^(1/2)", "sigmoid(z)", "softplus(z)", "tanh(z)", "log(-x)", "sqrt(-x)", "sqrt(-4)", "log2(z)",
     "exp(i*pi)", "(-8)^(1/3)", "x^(1/2)", "e^z", "pi*z"],
)  # fmt: skip
def test_complex_values_lie_within_the_bound(text: str) -> None:
    fine = Complex(4 * BITS)
    rough, exact = complex_(text), complex_(text, 4 * BITS)
    assert isinstance(rough, Ball)
    assert off(rough, exact, fine) <= rough.error


@pytest.mark.parametrize("text", [text for text in REAL if "relu" not in text and "sig" not in text])
def test_values_agree_with_mpmath(text: str) -> None:
    mpmath.mp.dps = 60
    names: dict[str, Any] = {
        "x": mpmath.mpf(7) / 10,
        "y": mpmath.mpf(-13) / 7,
        "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
        "log2": lambda x: mpmath.log(x, 2),
        "abs": abs,
        "max": max,
        "min": min,
    }
    scope = {name: getattr(mpmath, name) for name in dir(mpmath) if not name.startswith("_")} | names
    expected = eval(text.replace("^", "**").replace("1e-30", "mpf('1e-30')").replace("(2/3)", "(mpf(2)/3)"), scope)
    found = ball(real(text), Real(BITS)).value
    mpmath.mp.dps = 15
    if abs(expected) < mpmath.mpf("1e-100"):
        assert libmp.to_str(found, 10) == mpmath.nstr(expected, 10)
    else:
        assert abs(mpmath.mpf(libmp.to_float(found)) - expected) <= abs(expected) * 1e-14


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + 1/5 - 9/10", 0),
        ("sqrt(4/9)", Fraction(2, 3)),
        ("(8/27)^(2/3)", Fraction(4, 9)),
        ("exp(x - 7/10)", 1),
        ("log(x/x)", 0),
        ("log2(1/8)", -3),
        ("log10(1000)", 3),
        ("sin(0) + cos(0) + tan(0) + sinh(0) + tanh(0) + atan(0) + asin(0)", 1),
        ("0*pi", 0),
        ("pi*0", 0),
        ("0^(1/2)", 0),
        ("y^0", 1),
        ("(-1)^999", -1),
        ("floor(-y) + ceil(-y)", 3),
        ("abs(y)", Fraction(13, 7)),
        ("sign(y) - sign(x) + sign(0)", -2),
        ("max(x, y) - min(x, y)", Fraction(179, 70)),
        ("+x", X),
        ("0^pi", 0),
    ],
)
def test_what_is_rational_stays_exact(text: str, expected: int | Fraction) -> None:
    found = real(text)
    assert isinstance(found, Fraction)
    assert found == expected


def test_long_rationals_become_balls() -> None:
    assert isinstance(real("(x + 1/7919)^300"), Ball)
    assert isinstance(real("(x+1/3)^40 + (y+1/11)^40 + (x+1/13)^60"), Ball)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1/(x - 7/10)", Singular),
        ("1/(sin(x)^2 + cos(x)^2 - 1)", Singular),
        ("log(0)", Singular),
        ("log(x - 7/10)", Singular),
        ("0^(-1)", Singular),
        ("0^0", Singular),
        ("0^(-1/2)", Singular),
        ("(sin(x)^2 + cos(x)^2 - 1)^(-3)", Singular),
        ("0^(-pi)", Singular),
        ("0^(sin(x)^2 + cos(x)^2 - 1)", Singular),
        ("sign(pi - pi*x/x)", Singular),
        ("floor(sin(x)^2 + cos(x)^2)", Singular),
        ("acos(sin(x)^2 + cos(x)^2)", Singular),
        ("log(y)", Undefined),
        ("sqrt(y)", Undefined),
        ("sqrt(pi*y)", Undefined),
        ("y^(1/2)", Undefined),
        ("y^pi", Undefined),
        ("(pi*y)^(1/4)", Undefined),
        ("asin(3)", Undefined),
        ("acos(pi)", Undefined),
        ("y^(1/3)", Disputed),
        ("(pi*y)^(2/3)", Disputed),
        ("exp(exp(exp(exp(3))))", TooLarge),
        ("sin(exp(exp(exp(3))))", TooLarge),
        ("floor(exp(exp(exp(2))))", TooLarge),
        ("(exp(exp(22)))^1000", TooLarge),
        ("exp(exp(25))^900", TooLarge),
        ("exp(exp(27))*exp(exp(27))*exp(exp(27))", TooLarge),
    ],
)
def test_why_there_is_no_value_is_told(text: str, error: type[NoValue]) -> None:
    with pytest.raises(error):
        real(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1/(z - z)", Singular),
        ("log(z - z)", Singular),
        ("sin(1e12*z)", TooLarge),
        ("log(exp(i*pi))", Singular),
    ],
)
def test_why_there_is_no_complex_value_is_told(text: str, error: type[NoValue]) -> None:
    with pytest.raises(error):
        complex_(text)


@pytest.mark.parametrize("text", ["[1]", "q", "max(x)", "f(x)", "atan(x, y)", "x // 2", "x < 1", "i"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    if text == "max(x)":
        assert evaluate_precisely(parse_author(text), {"x": X}, Real(BITS)) == X
        return
    with pytest.raises(NotAFormula):
        evaluate_precisely(parse_author(text), {"x": X, "y": Y}, Real(BITS))


@pytest.mark.parametrize("text", ["floor(x)", "max(x, x)", "erf(x)", "relu(x)", "indicator(x > 0)"])
def test_functions_of_the_real_line_have_no_complex_values(text: str) -> None:
    z = (X, Y)
    with pytest.raises(NotAFormula):
        evaluate_precisely(parse_author(text), {"x": z}, Complex(BITS))
    evaluate_precisely(parse_author(text), {"x": X}, Complex(BITS))


def test_arcs_at_their_ends_are_exact_multiples_of_pi() -> None:
    field = Real(BITS)
    assert off(real("acos(1)"), Fraction(0), field) < -150
    assert off(real("acos(-1)"), real("pi"), field) < -150
    assert off(real("asin(-1)"), real("-pi/2"), field) < -150


def test_a_power_that_says_nothing_is_singular() -> None:
    field = Real(BITS)
    with pytest.raises(Singular):
        field.integer_power(Ball(libmp.fone, -4.0), 1000)


def test_bounds_add_up() -> None:
    assert total(EXACT, EXACT) == EXACT
    assert 4.0 <= total(3.0, 3.0) < 4.1
    assert 3.0 <= total(3.0, EXACT) < 3.1
    for errors in ([0.0] * 5, [0.0, -7.9, -7.9], [5.0, -8.1, -8.1, -9.0], [-3.0] * 16):
        exact = math.log2(sum(2.0**error for error in errors))
        assert exact <= total(*errors) < exact + 1.7


numbers = st.fractions(min_value=-50, max_value=50, max_denominator=500)
texts = st.recursive(
    st.sampled_from(["x", "y", "2", "0.3", "pi"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(st.sampled_from(["exp", "log", "sqrt", "sin", "abs", "tanh", "sigmoid", "softplus"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        inner.map(lambda t: f"({t})^3"),
    ),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(texts, numbers, numbers)
def test_bounds_hold_for_any_formula(text: str, x: Fraction, y: Fraction) -> None:
    try:
        rough, exact = real(text, x=x, y=y), real(text, 6 * BITS, x=x, y=y)
    except NoValue:
        assume(False)
        return
    if isinstance(rough, Ball):
        assert off(rough, exact, Real(6 * BITS)) <= rough.error
