"""Test functions for unknown ones: smooth, different for different names, with their true derivatives."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author
from graders.equality.unknown_functions import TESTS, put_in
from graders.evaluation.floats import compile_real

PLACES = [-2.3, -0.4, 0.0, 0.7, 3.1]


@pytest.mark.parametrize("test", range(TESTS))
@pytest.mark.parametrize(("function", "derivative"), [("l(x)", "l_prime(x)"), ("l_prime(x)", "l_prime_prime(x)")])
def test_the_derivative_agrees_with_finite_differences(test: int, function: str, derivative: str) -> None:
    f, g = (compile_real(put_in(parse_author(text), ["l"], test)) for text in (function, derivative))
    for place in PLACES:
        step = 1e-5
        difference = (f({"x": place + step}) - f({"x": place - step})) / (2 * step)  # type: ignore[operator]
        assert g({"x": place}) == pytest.approx(difference, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("test", range(TESTS))
def test_two_names_are_two_functions(test: int) -> None:
    one, other = (compile_real(put_in(parse_author(text), ["l", "g"], test)) for text in ("l(x)", "g(x)"))
    assert all(one({"x": place}) != other({"x": place}) for place in PLACES if place)


def test_functions_are_put_into_each_other() -> None:
    node = put_in(parse_author("l(g(x) + sin(l(x)))"), ["l", "g"], 0)
    assert isinstance(compile_real(node)({"x": 0.5}), float)


def test_other_functions_stay() -> None:
    node = parse_author("f(x) + sin(x)")
    assert put_in(node, [], 0) == node
    assert put_in(node, ["l"], 0) == node
