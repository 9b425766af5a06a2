"""The short way reads what it reads exactly as the whole grammar does, places included, and leaves the rest to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import STUDENT, LanguageError, Node, formulas, parse_formula
from app.domain.language.calculations import read_calculation
from app.domain.language.scope import names_of
from app.domain.symbols import Symbol, symbol

SYMBOLS = {name: Symbol() for name in ("x", "y", "w_1", "T", "ab")} | {"l": symbol("function")}
NAMES = names_of(SYMBOLS)


def in_short(text: str) -> Node | None:
    return read_calculation(text, NAMES, STUDENT)


def at_length(text: str, monkeypatch: pytest.MonkeyPatch) -> Node | None:
    """What the grammar makes of it alone; None where it refuses."""
    with monkeypatch.context() as patched:
        patched.setattr(formulas, "read_calculation", lambda *_: None)
        try:
            return parse_formula(text, SYMBOLS)
        except LanguageError:
            return None


READ = [
    "x", " 2 * x ", "x+y-3", "x*y/2", "2x", "2 w_1^2", "-x^2", "--x", "+x", "x^2*y", "x^3/y", "(x)", "((x))", "7",
    "exp(-x)/(1+exp(-x))", "log(x*y) - 3", "Sqrt(x)", "tanh(x)^2", "(x+1)^2", "x^(y+1)", "e^(2*x)", "pi*x", "2pi",
    "w1*x", "x**2", "2x/3", "6/2*x", "x^(-1)", "x^(T)", "sigmoid(2x)", "ln(2)", "abs(x - y)", "(x)*(y)", "2exp(x)",
]  # fmt: skip
LEFT = [
    "", "1/2x", "x y", "x(y)", "2(x)", "sin x", "0.5", "007", "1234", "2e5", "x^1/2", "e^2x", "x^-1", "x^y",
    "2^3^2", "l(x)", "max(x, y)", "x = 2", "[x]", "|x|", "x!", "xy", "unknown", "x +", "(x", "x)", "x'", "x_1",
    "²", "x\x0b", "x\x00y", "x < y", "(" * 13 + "x" + ")" * 13, "+".join("x" * 40), "not x", "d(x)", "1/2(x)",
    "x^2 y", "log", "log^2(x)", "T x", "x,",
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_plain_calculation_is_read_in_short_and_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_short(text) is not None
    assert in_short(text) == at_length(text, monkeypatch)


@pytest.mark.parametrize("text", LEFT)
def test_anything_else_is_left_to_the_grammar(text: str) -> None:
    assert in_short(text) is None


def test_a_huge_power_is_refused_with_its_place_in_both_ways() -> None:
    with pytest.raises(LanguageError, match="too large"):
        parse_formula("((999^999)^999)^999", SYMBOLS)


def test_vectors_and_symbols_with_a_spelling_of_their_own_need_the_whole_grammar() -> None:
    assert read_calculation("2*x", names_of({"x": symbol("vector(d)")}), STUDENT) is None
    assert read_calculation("2*x", names_of({"x": symbol({"domain": "real", "write": "x_{t+1}"})}), STUDENT) is None


PIECES = [
    *"0123456789xyT()+-*/^ ", "**", "exp(", "log(", "ab", "w_1", "w1", "e", "pi", "^2", "(x+1)", "ln", "l", "12",
    ")^", "/2",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_read_in_short_the_grammar_reads_the_same(text: str) -> None:
    try:
        found = in_short(text)
    except LanguageError:
        return
    if found is not None:
        with pytest.MonkeyPatch.context() as patched:
            assert found == at_length(text, patched)
