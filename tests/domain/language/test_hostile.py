from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import (
    LanguageError,
    parse_author,
    parse_cell,
    parse_row,
    parse_rows,
    parse_student,
    to_latex,
    walk,
)

NAMES = ["x", "y", "w1", "lambda", "e", "ab", "a", "b"]
READERS: list[Callable[[str], object]] = [
    parse_author,
    parse_cell,
    lambda text: to_latex(parse_student(text, NAMES)),
    lambda text: parse_student(text, NAMES, decimal=","),
    lambda text: parse_student(text, NAMES, decimal="ask"),
    parse_row,
    lambda text: parse_row(text, ",", NAMES),
    lambda text: parse_row(text, "ask"),
    parse_rows,
    lambda text: parse_rows(text, ",", NAMES),
]

HOSTILE = [
    "__import__('os').system('id')", "().__class__.__bases__[0].__subclasses__()", "9**9**9**9", "9^9^9^9",
    "1e999999", "factorial(10**9)", "exp(exp(exp(exp(3))))", "(x+y)**1000000", "((x+y)^1000)^1000",
    "(" * 10_000, ")" * 10_000, "[" * 10_000 + "]" * 10_000, "((((" * 10 + "1" + "))))" * 10, "|" * 999,
    "√" * 999, "-" * 999, "2^" * 499, "²" * 999, "%" * 999, "1%" * 499, "x" * 999, "ab" * 499, "a" * 60,
    "ab" * 30 + "c", "sin" * 333, "sin " * 249, "1 " * 499, "1," * 499, "1." * 499, "1,1." * 249, ";" * 999,
    "x_" * 499, "x_{" * 333, "1e" * 499, "1/" * 499, "1/x" * 333, "log x " * 166, "max(" * 249,
    "max(1," * 166, "x|" * 499, "|x" * 499, " " * 999, "\n" * 999, " x " * 333, "(1)" * 333, "1x" * 499,
    "64x" * 333, "1   x" * 200, "α" * 999, "α_1" * 333, "½" * 999, "₁" * 999, "x₁" * 499, "'" * 999,
    '"\\' * 499, "'" + "\\'" * 499, "“" * 999, "\x00", "\u202e1", "1\u200b2", "\ud800", "\U0010ffff",
    "lambda: 0", "{{config}}", "{% for x in y %}", "${7*7}", "<script>alert(1)</script>",
    "'; DROP TABLE answers; --", "\\input{/etc/passwd}", "[x for x in " * 80, "f(x=" * 249,
    "a if b else " * 83, "not " * 249, "{'a':" * 199, "a[" * 499, "a[0]" * 249, "1:" * 499, "a<" * 499,
    "a and " * 166, "a or b and " * 90,
]  # fmt: skip


def check_sentence(error: LanguageError) -> None:
    assert error.says.endswith((".", "?"))
    assert "\n" not in error.says
    assert 0 <= error.start <= error.end
    assert error.start <= len(error.text)
    assert error.caret().count("\n") == 1


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("place", range(len(READERS)))
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_or_refused_quickly(text: str, place: int) -> None:
    began = time.perf_counter()
    try:
        READERS[place](text)
    except LanguageError as error:
        check_sentence(error)
    assert time.perf_counter() - began < 20, "far above what it takes, far below forever"


def refuse_or_read(text: str) -> None:
    for read in READERS:
        try:
            read(text)
        except LanguageError as error:
            check_sentence(error)


@given(st.text())
def test_no_text_raises_anything_but_a_language_error(text: str) -> None:
    refuse_or_read(text)


PIECES = [
    *"0123456789()[]{}|√²½%^*/+-.,;:=x ab e\n'\"_!<>", "sin", "log ", "max(", "lambda", " and ", " if ",
    " else ", " for x in ", "**", "//", "1e", "np.", "×", "−", "α", "¹⁰", "x_1", "₁", "2 ", " - ", ", ",
    "not ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_near_formula_raises_anything_but_a_language_error(text: str) -> None:
    refuse_or_read(text)


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_every_node_lies_in_the_text(text: str) -> None:
    for read in (parse_author, lambda typed: parse_student(typed, NAMES)):
        try:
            node = read(text)
        except LanguageError:
            continue
        for part in walk(node):
            start, end = part.span
            assert 0 <= start < end <= len(text)
