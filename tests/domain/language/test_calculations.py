"""The short way reads what it reads exactly as the whole grammar does, places included, and leaves the rest to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import STUDENT, LanguageError, Node, formulas, parse_formula, to_source
from app.domain.language.calculations import read_calculation
from app.domain.language.scope import names_of
from app.domain.language.tree import Binary, Name
from app.domain.symbols import Symbol, symbol

SYMBOLS = {name: Symbol() for name in ("x", "y", "w_1", "T", "ab")} | {"l": symbol("function")}
NAMES = names_of(SYMBOLS)
MANY_KINDS = {name: Symbol() for name in ("x", "y", "t", "d")} | {
    "v": symbol("vector(d)"),
    "A": symbol("matrix(d, d)"),
    "i": symbol("index(d)"),
    "previous": symbol({"domain": "real", "write": "x_{t-1}"}),
    "value": symbol({"domain": "real", "write": "f(x)"}),
    "slope": symbol({"domain": "real", "write": "∂A"}),
}


def in_short(text: str) -> Node | None:
    return read_calculation(text, NAMES, ".", STUDENT)


def at_length(text: str, monkeypatch: pytest.MonkeyPatch, symbols: dict[str, Symbol] = SYMBOLS) -> Node | None:
    """What the grammar makes of it alone; None where it refuses."""
    with monkeypatch.context() as patched:
        patched.setattr(formulas, "read_calculation", lambda *_: None)
        try:
            return parse_formula(text, symbols)
        except LanguageError:
            return None


READ = [
    "x", " 2 * x ", "x+y-3", "x*y/2", "2x", "2 w_1^2", "-x^2", "--x", "+x", "x^2*y", "x^3/y", "(x)", "((x))", "7",
    "exp(-x)/(1+exp(-x))", "log(x*y) - 3", "Sqrt(x)", "tanh(x)^2", "(x+1)^2", "x^(y+1)", "e^(2*x)", "pi*x", "2pi",
    "w1*x", "x**2", "2x/3", "6/2*x", "x^(-1)", "x^(T)", "sigmoid(2x)", "ln(2)", "abs(x - y)", "(x)*(y)", "2exp(x)",
    "x y", "x(y)", "2(x)", "T x", "x^2 y", "x^2(y)", "x^(2)y", "(x)(y)", "x exp(y) y", "-x y", "2*-x y",
    "0.5", "0.50 x", "12.25*y", "1234", "x^0.5", "x^-1", "x^y", "x^-y", "2^3^2", "x^-2*y", "x^-2 y", "x^y^-2",
    "e^exp(x)", "max(x, y)", "min(0,x,1)*y", "max(0, 1 - x y)",
]  # fmt: skip
LEFT = [
    "", "1/2x", "x/y z", "x/2(y)", "sin x", "007", "2e5", "1.", ".5", "1.2.3", "12 3", "x 2", "x^1/2", "e^2x", "x^y2",
    "e^-x/2", "e^-x y", "x^-y^2*y", "x^-2y", "x^-1/2", "1(x)", "1 (x)", "l(x)", "max(x)", "max(x; y)",
    "log(x, 2)", "(x, y)", "x, y", "x = 2", "[x]", "|x|",
    "x!", "xy", "unknown", "x +", "x^", "max(", "max", "(x", "x)", "x'", "x_1", "²", "x\x0b", "x\x00y",
    "x < y", "(" * 13 + "x" + ")" * 13, "-" * 13 + "x", "x^" * 13 + "x", "+".join("x" * 40), "not x", "d(x)", "1/2(x)",
    "log", "log^2(x)", "x,", "9" * 41, "x^1001", "((999^999)^999)^999", "x^999^999",
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


def test_vectors_and_spellings_of_more_than_a_word_need_the_whole_grammar() -> None:
    for text in [*("2*v", "x v", "exp(v)", "A*x", "x_1", "v1", "v_i"), *("x_{t-1}", "x_t-1", "xt-1 + y", "f(x)", "dA")]:
        assert read_calculation(text, names_of(MANY_KINDS), ".", STUDENT) is None, text


@pytest.mark.parametrize("text", ["2*y", "x t/y", "exp(-x)", "e^(2x)", "pi x", "t - 1", "i x", "d y", "max(x, y)"])
def test_numbers_are_read_in_short_beside_vectors_and_spellings(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_calculation(text, names_of(MANY_KINDS), ".", STUDENT)
    assert found is not None
    assert found == at_length(text, monkeypatch, MANY_KINDS)


def test_what_is_called_like_an_entry_of_a_vector_is_no_constant_and_no_function() -> None:
    fields = {"p": symbol("vector(i)"), "ex": symbol("vector(p)"), "x": Symbol()}
    assert read_calculation("pi", names_of(fields), ".", STUDENT) is None
    assert to_source(parse_formula("pi", fields)) == to_source(parse_formula("p_i", fields))
    assert read_calculation("exp (x)", names_of(fields), ".", STUDENT) is None


def test_points_and_commas_need_the_whole_grammar_where_a_comma_is_a_decimal_sign() -> None:
    assert read_calculation("2 x", NAMES, ",", STUDENT) is not None
    assert read_calculation("0.5 x", NAMES, ",", STUDENT) is None
    assert read_calculation("max(0,5)", NAMES, "ask", STUDENT) is None


def test_d_is_a_symbol_like_any_other_where_nothing_has_a_derivative() -> None:
    d = {"d": Symbol(), "x": Symbol()}
    product = Binary("*", Name("d", (0, 1)), Name("x", (2, 3)), (0, 3))
    assert read_calculation("d x", names_of(d), ".", STUDENT) == product
    assert read_calculation("d x", names_of(d | {"l": symbol("function")}), ".", STUDENT) is None


def test_a_field_whose_declarations_change_gets_another_vocabulary() -> None:
    fields = {"x": Symbol()}
    assert names_of(fields) is names_of(fields)
    assert names_of(fields).symbol("y") is None
    fields["y"] = Symbol()
    assert names_of(fields).symbol("y") == "y"


PIECES = [
    *"0123456789xyT()+-*/^ ", "**", "exp(", "log(", "ab", "w_1", "w1", "e", "pi", "^2", "(x+1)", "ln", "l", "12",
    ")^", "/2", " x", "^-", "0.5", "max(", ", ", "1234", "d",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_read_in_short_the_grammar_reads_the_same(text: str) -> None:
    found = in_short(text)
    if found is not None:
        with pytest.MonkeyPatch.context() as patched:
            assert found == at_length(text, patched)
