"""Hostile expressions end quickly, in one sentence, always in the same way."""

from __future__ import annotations

import contextlib
import math
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.language import LanguageError, parse_author
from app.domain.values import Value
from graders.evaluation import EvaluationError, Fuel, Names, OutOfFuel, evaluate
from graders.evaluation.fuel import DEFAULT_STEPS, MAX_ELEMENTS, admit, weight

Refusals = Callable[..., EvaluationError]

HOSTILE = [
    "9 ** 9 ** 9 ** 9",
    "(9 ** 999) ** 999",
    "[2 ** 1000 for i in range(100000)]",
    "range(10 ** 9)",
    "range(0, 10 ** 9, 1)",
    "zeros(10000, 10000)",
    "ones([99999, 99999, 99999])",
    "identity(100000)",
    "diag(range(1000))",
    "outer(range(10000), range(10000))",
    "[x for a in range(1000) for b in range(1000) for x in range(1000)]",
    "[range(100000) for i in range(100000)]",
    "[[i for i in range(1000)] for j in range(1000)]",
    "sum([1 / k for k in range(1, 20000)])",
    "prod(range(1, 100000))",
    "distinct(range(100000))",
    "dot(reshape(range(90000), 300, 300), reshape(range(90000), 300, 300))",
    "factorial(10 ** 9)",
    "lcm(10 ** 1200, 10 ** 1200 + 1)",
    "exp(exp(exp(exp(3))))",
    "sqrt(10 ** 1200 + 1)",
    "log(10 ** 1000) ** 10 ** 9",
    "round(1/3, 10 ** 9)",
    "[[[[[[[[[[1]]]]]]]]]]",
    "reshape([1], 1, 1, 1, 1, 1, 1, 1, 1, 1)",
    "text(range(100000)) + text(range(100000))",
    "conv2d(zeros(300, 300), zeros(100, 100))",
    "sorted([10 ** (i % 1000) for i in range(100000)])",
    "cumsum([1 / (k + 1) for k in range(50000)])",
    "sqrt(2) * 10 ** 308 * 10",
    "zeros(300, 300) + zeros(300, 300, 1)",
]


@pytest.mark.unwatched  # millions of steps, each of them watched, would take seven times as long
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_expression_is_refused_quickly(refusal: Refusals, text: str) -> None:
    try:
        parse_author(text)
    except LanguageError:
        return  # refused even earlier
    begin = time.perf_counter()
    first = refusal(text, DEFAULT_STEPS)
    assert time.perf_counter() - begin < 20, "far above what it takes, far below forever"
    assert first.says == refusal(text, DEFAULT_STEPS).says


def test_memory_is_bounded_by_fuel(refusal: Refusals) -> None:
    tracemalloc.start()
    refusal("[2 ** 1000 * 2 ** 1000 - i for i in range(100000)]", DEFAULT_STEPS)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 2**20


def test_shared_parts_count_each_time() -> None:
    grown: Value = 0
    for _ in range(4):
        grown = evaluate(parse_author("[x, x, x, x, x, x, x, x, x, x]"), Names({"x": grown}), Fuel())
    with pytest.raises(EvaluationError, match="elements"):
        evaluate(parse_author("[x, x, x, x, x, x, x, x, x, x]"), Names({"x": grown}), Fuel())


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(EvaluationError, match="not a number"):
        admit(math.nan, Fuel())


def test_a_long_flat_list_is_refused() -> None:
    with pytest.raises(EvaluationError, match=f"at most {MAX_ELEMENTS} elements"):
        admit([0] * (MAX_ELEMENTS + 1), Fuel(10**9))


def test_a_long_text_is_refused(refusal: Refusals) -> None:
    assert "at most 20000 characters" in refusal("x + x", x="a" * 15_000).says


def test_running_out_says_how_much_there_was(refusal: Refusals) -> None:
    error = refusal("[i for i in range(1000)]", 500)
    assert isinstance(error, OutOfFuel)
    assert error.says == "This calculation needs more than the 500 steps it may take."


def test_fuel_is_counted_not_timed() -> None:
    counts = set()
    for _ in range(3):
        fuel = Fuel(10_000)
        evaluate(parse_author("sum([sqrt(i) for i in range(100)])"), Names(), fuel)
        counts.add(fuel.left)
    assert len(counts) == 1


def test_an_empty_tank_stays_empty() -> None:
    fuel = Fuel(1)
    for _ in range(2):
        with pytest.raises(OutOfFuel):
            fuel.spend(2)


def test_a_value_outside_the_model_is_a_bug_and_says_so() -> None:
    with pytest.raises(TypeError, match="set is no value"):
        admit({1}, Fuel())


def test_weight_grows_with_what_is_inside() -> None:
    assert weight(1) == 1
    assert weight([1, 2]) == 3
    assert weight({"a": [1]}) == 3
    assert weight("x" * 640) == 11
    assert weight(2**6400) == 101
    assert weight(None) == 1


@settings(max_examples=150)
@given(st.text(alphabet="0123456789+-*/%<>=()[]{},.:abexyz 'fortinsum", max_size=60))
def test_any_text_has_a_value_or_a_sentence(text: str) -> None:
    try:
        node = parse_author(text)
    except LanguageError:
        return
    with contextlib.suppress(EvaluationError):
        evaluate(node, Names({"x": 2, "y": [1, 2], "z": None}), Fuel(20_000))
