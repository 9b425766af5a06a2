"""Formulas in floats: fast, and without a value where floats end."""

from __future__ import annotations

import cmath
import math

import pytest

from app.domain.language import parse_author, parse_student
from graders.evaluation.floats import MOST_TERMS, NotAFormula, compile_both, compile_complex, compile_real

REAL = {
    "x + y*2 - 1/y": 0.7 + 2.6 - 1 / 1.3,
    "-x^2": -0.49,
    "+x": 0.7,
    "x^y": 0.7**1.3,
    "sqrt(x)": math.sqrt(0.7),
    "exp(log(x))": 0.7,
    "log2(x) + log10(x)": math.log2(0.7) + math.log10(0.7),
    "sin(x)^2 + cos(x)^2": 1.0,
    "tan(x)": math.tan(0.7),
    "asin(x) + acos(x)": math.pi / 2,
    "atan(x)": math.atan(0.7),
    "sinh(x) + cosh(x)": math.exp(0.7),
    "tanh(x)": math.tanh(0.7),
    "sigmoid(x) + sigmoid(-x)": 1.0,
    "relu(x) - relu(-x)": 0.7,
    "softplus(x) - softplus(-x)": 0.7,
    "abs(-x) * sign(-x)": -0.7,
    "floor(y) + ceil(y)": 3,
    "max(x, y) + min(x, y, 0.1)": 1.4,
    "pi + e": math.pi + math.e,
}


@pytest.mark.parametrize(("text", "expected"), REAL.items())
def test_a_formula_has_its_value(text: str, expected: float) -> None:
    formula = compile_real(parse_student(text, ["x", "y"]))
    assert formula({"x": 0.7, "y": 1.3}) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("text", "expected"), REAL.items())
def test_two_formulas_compiled_together_have_their_values(text: str, expected: float) -> None:
    one, other = (parse_student(typed, ["x", "y"]) for typed in (text, f"3 - 2*({text})"))
    for names in ((), ("x", "y")):
        first, second = compile_both(one, other, names, real=True, switching=False, summing=False)
        assert first({"x": 0.7, "y": 1.3}) == pytest.approx(expected, rel=1e-12)
        assert second({"x": 0.7, "y": 1.3}) == pytest.approx(3 - 2 * expected, rel=1e-12)


def test_two_formulas_compiled_together_do_not_share_the_terms_of_sums() -> None:
    half = parse_author(f"Sum(k, k, 1, {MOST_TERMS // 2 + 1})")
    first, second = compile_both(half, half, (), real=True)
    assert first({}) == second({})
    with pytest.raises(OverflowError):
        first({})


@pytest.mark.parametrize("text", ["1/(x-x)", "log(-x)", "sqrt(-x)", "(-x)^(1/2)", "exp(1000*x)", "1e400*x"])
def test_where_there_is_no_value_there_is_an_error(text: str) -> None:
    formula = compile_real(parse_student(text, ["x"]))
    with pytest.raises((ArithmeticError, ValueError)):
        formula({"x": 2.0})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(z)^2", 1 + 2j),
        ("i*i", -1),
        ("exp(i*pi)", -1),
        ("sin(z)^2 + cos(z)^2", 1),
        ("tan(z) - sin(z)/cos(z)", 0),
        ("sinh(z) + cosh(z) - exp(z)", 0),
        ("log2(z) - log(z)/log(2)", 0),
        ("log10(z) - log(z)/log(10)", 0),
        ("sigmoid(z) + sigmoid(-z)", 1),
        ("softplus(z) - softplus(-z)", 1 + 2j),
        ("tanh(z)", cmath.tanh(1 + 2j)),
        ("abs(z)^2", 5),
        ("z^z", (1 + 2j) ** (1 + 2j)),
    ],
)
def test_a_complex_formula_has_its_principal_value(text: str, expected: complex) -> None:
    formula = compile_complex(parse_student(text, ["z", "i"]))
    assert formula({"z": 1 + 2j}) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Sum(k, k, 1, z - z + 4)", 10), ("1 if z - z + 1 > 0 else 2", 1), ("2 if z - z + 1 < 0 else z", 1 + 2j)],
)
def test_a_complex_number_on_the_real_line_can_be_counted_to_and_compared(text: str, expected: complex) -> None:
    assert compile_complex(parse_author(text))({"z": 1 + 2j}) == expected


@pytest.mark.parametrize("text", ["Sum(k, k, 1, z)", "1 if z > 0 else 2"])
def test_other_complex_numbers_can_be_neither_counted_to_nor_compared(text: str) -> None:
    formula = compile_complex(parse_author(text))
    with pytest.raises(ValueError, match=r"^$|no order"):
        formula({"z": 1 + 2j})


def test_a_condition_may_be_settled() -> None:
    assert compile_real(parse_author("x if True else 2*x"))({"x": 3.0}) == 3
    assert compile_real(parse_author("x if False else 2*x"))({"x": 3.0}) == 6


@pytest.mark.parametrize(
    "text",
    [
        "atan2(x, 2)",
        "log(x, 2)",
        "Sum(x, 3, 1, 4)",
        "[1, 2]",
        "x < 1",
        "conv2d(x)",
        "x if x else x",
        "x // 2",
        "x % 2",
        "log()",
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(NotAFormula):
        compile_real(parse_author(text))


def test_an_unknown_name_is_refused_when_it_is_needed() -> None:
    with pytest.raises(NotAFormula):
        compile_real(parse_author("x + q"))({"x": 1.0})
