"""Derivatives of formulas, beside finite differences and beside sympy."""

from __future__ import annotations

import math

import pytest
import sympy

from app.domain.language import parse_author, to_source
from app.domain.language.tree import Node
from graders.evaluation import EvaluationError
from graders.evaluation.calculus import derivative, substitute
from graders.evaluation.floats import compile_real

SMOOTH = [
    "x",
    "3",
    "x**2*y - log(x**2)",
    "exp(-x)*sin(y*x)",
    "(x + y)/(x*y)",
    "x/y",
    "y/x",
    "x**y",
    "y**x",
    "x**3 - 2*x + 1/x",
    "-(x - 1)**2",
    "sqrt(x) + log2(x) + log10(x)",
    "tan(x) + atan(x) + tanh(x)",
    "sinh(x)*cosh(x)",
    "sigmoid(x)*(1 - sigmoid(x))",
    "softplus(x*y)",
    "-(y*log(sigmoid(x)) + (1 - y)*log(1 - sigmoid(x)))",
    "(y - tanh(x))**2/2",
    "+x*-x",
    "asin(x/9) - acos(x/9)",
    "cos(x)**2",
]


def value(tree: Node, **point: float) -> float:
    found = compile_real(tree)(point)
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize("text", SMOOTH)
def test_a_derivative_is_what_finite_differences_say(text: str) -> None:
    tree = parse_author(text)
    for x, y in ((0.7, 1.9), (2.3, 0.4)):
        step = 1e-6
        difference = (value(tree, x=x + step, y=y) - value(tree, x=x - step, y=y)) / (2 * step)
        assert math.isclose(float(value(derivative(tree, "x"), x=x, y=y)), difference, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize("text", SMOOTH)
def test_a_derivative_is_what_sympy_says(text: str) -> None:
    x, y = sympy.symbols("x y", positive=True)
    own = {
        "sigmoid": lambda z: 1 / (1 + sympy.exp(-z)),
        "softplus": lambda z: sympy.log(1 + sympy.exp(z)),
        "log2": lambda z: sympy.log(z, 2),
        "log10": lambda z: sympy.log(z, 10),
    }
    theirs = sympy.diff(sympy.sympify(text, locals={"x": x, "y": y, **own}), x)
    ours = value(derivative(parse_author(text), "x"), x=1.3, y=0.6)
    assert math.isclose(float(ours), float(theirs.subs({x: sympy.Float(1.3), y: sympy.Float(0.6)})), rel_tol=1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relu(x)", "indicator(x > 0)"),
        ("abs(x)", "sign(x)"),
        ("max(x, 0)", "1 if x > 0 else 0"),
        ("x**2 if x > 0 else 0", "2 * x if x > 0 else 0"),
        ("Sum(entry(a, i)*x, i, 1, N)", "Sum(entry(a, i), i, 1, N)"),
        ("5*x", "5"),
        ("x**2", "2 * x"),
        ("-x", "-1"),
        ("exp(x)", "exp(x)"),
        ("[x, x**2]", "[1, 2 * x]"),
        ("y", "0"),
    ],
)
def test_a_derivative_is_tidy_and_away_from_where_a_formula_breaks(text: str, expected: str) -> None:
    assert to_source(derivative(parse_author(text), "x")) == expected


@pytest.mark.parametrize("text", ["x > 1", "gamma(x)", "Sum(x, i, 1, x)", "atan2(x, y)"])
def test_what_has_no_derivative_is_refused_in_words(text: str) -> None:
    with pytest.raises(EvaluationError, match=r"\.$"):
        derivative(parse_author(text), "x")


def test_names_are_replaced_all_at_once_but_not_the_index_of_a_sum() -> None:
    swapped = substitute(parse_author("x - y"), {"x": parse_author("y"), "y": parse_author("x")})
    assert to_source(swapped) == "y - x"
    assert to_source(substitute(parse_author("x - y"), {})) == "x - y"
    with pytest.raises(EvaluationError, match="index of a sum"):
        substitute(parse_author("Sum(i, i, 1, N)"), {"i": parse_author("x")})
