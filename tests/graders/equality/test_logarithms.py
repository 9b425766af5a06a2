"""Logarithms are taken apart only where that changes nothing."""

import pytest

from app.domain.language import parse_formula, to_source
from app.domain.symbols import Symbol
from graders.equality.formulas import same_formula
from graders.equality.logarithms import logarithms_apart

SYMBOLS = {
    "w": Symbol(kind="vector", sizes=("d",)),
    "i": Symbol(kind="index", sizes=("N",)),
    "x": Symbol(kind="vectors", sizes=("N", "d")),
    "y": Symbol(kind="vector", sizes=("N",), domain="positive"),
    "a": Symbol(),
    "b": Symbol(),
    "p": Symbol(domain="positive"),
}


@pytest.mark.parametrize(
    ("typed", "apart"),
    [
        ("log(exp(a))", "a"),
        ("log(a exp(b))", "log(a) + b"),
        ("log(a/e^b)", "log(a) + -b"),
        ("log(exp(a)/p)", "log(p**-1) + a"),
        ("log(prod_i y_i exp(-y_i))", "Sum(log(entry(y, i)), i, 1, N) + Sum(-entry(y, i), i, 1, N)"),
        ("log(prod_i (y_i^5/9))", "Sum(5 * log(entry(y, i)) - log(9), i, 1, N)"),
        ("log(prod_i a^2 p)", "Sum(log(a**2) + log(p), i, 1, N)"),
        ("log(prod_i (p y_i)^a)", "Sum(a * (log(p) + log(entry(y, i))), i, 1, N)"),
        ("log(a b)", "log(a * b)"),
        ("log(prod_i (y_i - a))", "log(Prod(entry(y, i) - a, i, 1, N))"),
    ],
)
def test_exponentials_and_products_of_what_is_not_negative_leave_the_logarithm(typed: str, apart: str) -> None:
    assert to_source(logarithms_apart(parse_formula(typed, SYMBOLS), SYMBOLS)) == apart


def test_a_declared_function_of_that_name_is_left_alone() -> None:
    symbols = {"exp": Symbol(kind="function"), "a": Symbol()}
    node = parse_formula("log(exp(a))", symbols)
    assert logarithms_apart(node, symbols) == node


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("-log prod_i (w^T x_i)^2 exp(-(w^T x_i)^2 y_i)", "equal"),
        ("-sum_i log((w^T x_i)^2 e^(-(w^T x_i)^2 y_i))", "equal"),
        ("-log((prod_i (w^T x_i)^2) * (prod_i exp(-(w^T x_i)^2 y_i)))", "equal"),
        ("-log(prod_i (w^T x_i)^2) - log(prod_i exp(-(w^T x_i)^2 y_i))", "equal"),
        ("-log prod_i (w^T x_i)^2 exp((w^T x_i)^2 y_i)", "different"),
        ("-log prod_i (w^T x_i) exp(-(w^T x_i)^2 y_i)", "different"),
    ],
)
def test_the_logarithm_of_a_density_too_small_for_a_float_is_compared(typed: str, verdict: str) -> None:
    reference = parse_formula("sum_i ((w^T x_i)^2 y_i - log((w^T x_i)^2))", SYMBOLS)
    assert same_formula(reference, parse_formula(typed, SYMBOLS), SYMBOLS).verdict == verdict


@pytest.mark.parametrize(
    ("likelihood", "loss"),
    [
        (
            "prod_i y_i^4/24 (9 (w^T x_i + 3)^2)^5 exp(-9 (w^T x_i + 3)^2 y_i)",
            "9 (w^T x_i + 3)^2 y_i - 5 log(9 (w^T x_i + 3)^2)",
        ),
        ("prod_i ((w^T x_i + 2)^2/4)^(y_i) exp(-(w^T x_i + 2)^2/4)", "(w^T x_i + 2)^2/4 - y_i log((w^T x_i + 2)^2/4)"),
    ],
)
def test_the_logarithm_of_a_density_with_large_powers_is_compared(likelihood: str, loss: str) -> None:
    taken = parse_formula(f"-log({likelihood})", SYMBOLS)
    for typed, verdict in ((f"sum_i ({loss})", "equal"), (f"sum_i ({loss} + w^T x_i)", "different")):
        answer = parse_formula(typed, SYMBOLS)
        assert same_formula(taken, answer, SYMBOLS, ("positive factor", "constant in w")).verdict == verdict
