"""Hostile and broken formulas: a tree within limits or a sentence with its place, always in bounded work."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import (
    STUDENT,
    LanguageError,
    check_tree,
    parse_author,
    parse_formula,
    parse_steps,
    to_latex,
    to_source,
)
from app.domain.symbols import symbol

SYMBOLS = {
    "x": symbol("vector(d)"),
    "xs": symbol("vectors(N, d)"),
    "w": symbol("vector(d)"),
    "a": symbol("vector(N)"),
    "A": symbol("matrix(d, d)"),
    "y": symbol("real"),
    "e": symbol("positive"),
    "lam": symbol("positive"),
    "i": symbol("index(N)"),
    "l": symbol("function"),
    "s": symbol("vector(T)"),
    "t": symbol("natural"),
    "next": symbol({"domain": "real", "write": "x_{t+1}"}),
    "J": symbol({"domain": "matrix(1, g)", "write": "J_g^L"}),
}
TABLE = Path(__file__).with_name("formulas.txt")
TYPED = [line.partition("  =>  ")[0] for line in TABLE.read_text("utf-8").splitlines() if "  =>  " in line]

CRUEL = [
    "(" * 95 + "y" + ")" * 95, "[" * 95 + "]" * 95, "{" * 999, "|" * 999, "‖" * 999, "|" * 500 + "y" + "|" * 499,
    "9**9**9**9", "9^9^9^9", "((y+1)^1000)^1000", "10^10^10", "1e999999", "y!" + "!" * 500, "9!!!!!!!!!!",
    "factorial(factorial(99))", "sum_{i=1}^{10^9} i", "sum_{i=1}^{10^{10^{10}}} i", "∑" * 999, "∑_i" * 300,
    "sum_i " * 160, "∑_{i=1}^{N} " * 80, "sum(" * 240, "sum_{i=1}^N (" * 75, "prod_" * 190, "∇" * 999, "∂" * 999,
    "'" * 999, "y'" * 499, "x'" * 499, "x^T" * 333, "x^{T}" * 199, "A^{-1}" * 160, "A^" * 499, "A^8" * 300,
    "_" * 999, "x_" * 499, "x_{" * 333, "x_{i}" * 199, "x_i" * 333, "A_{" * 333, "a[" * 499, "a[i]" * 249,
    "a_{a_{" * 166, "1_" * 499, "1[" * 499, "1{y>0}" * 166, "[y>0]" * 199, "y<" * 499, "y=" * 499, "=" * 999,
    "y if " * 199, "y if y>0 else " * 71, "if " * 333, "{y, y>0; " * 111, "not " * 249, "¬" * 999, "y>0 and " * 124,
    "y>0 ∨ " * 166, "Piecewise((" * 90, "where(y>0," * 99, "P(" * 499, "P(y|" * 249, "P(y|y," * 166, "<" * 999,
    "<x," * 333, "⟨x," * 333, "…" * 999, "[1,2,…," * 140, "[1,…,N]" * 140, "[" + "1," * 400 + "…,N]", "1..N" * 249,
    "[" + "0," * 99 + "1," + "0," * 99 + "2,…," + "0," * 99 + "N]", "diag(" * 199, "dl(" * 333, "d l" * 333, "l'" * 499,
    "l(" * 499, "dl/dy" * 199, "argmin_y " * 110, "argmin_{" * 124, "min_" * 249, "log_" * 249, "log_y(" * 166,
    "I_" * 499, "delta_" * 166, "hat(" * 249, "x_{t+1}" * 142, "J_g^L" * 199, "J_g^LJ" * 166, "J_" * 499,
    ".T" * 499, "x.T" * 333, ".sum()" * 166, "np." * 333, "np.linalg." * 99, "⊗" * 999, "A⊗" * 499, "x@" * 499,
    "\\" * 999, "\\frac" * 199, "\\frac{" * 166, "\\frac{1}{" * 110, "{" * 499 + "}" * 499 + "\\,",
    "\\sqrt[" * 166, "\\left(" * 166, "\\left" * 249, "\\right" * 199, "\\begin{cases}" * 76,
    "\\begin{pmatrix}" * 66, "\\begin{pmatrix}" + "&" * 900, "\\begin{cases}" + "\\\\" * 400, "\\end{cases}" * 83,
    "\\hat" * 249, "\\hat{" * 199, "\\text{" * 166, "\\sum_" * 199, "\\mathbf" * 142, "^" * 900 + "\\top",
    "\\input{/etc/passwd}", "\\write18{id}", "\\def\\x{\\x}\\x", "\\catcode`\\%=0", "$" * 999, "$$y$$", "\\href{x}{y}",
    "ⅹ", "у", "ｙ", "ｙ＋１", "𝑦", "y\u0302" * 333, "\u0302", "\u0302\u0302y", "ŷ" * 999, "y\u200b", "\u202ey",
    "\u2066y\u2069",
    "\x00", "y\x00y", "\ud800", "\U0010ffff", "y\ufeff", "\u2028" * 99, "ﬁ", "İ", "ß", "١٢", "೧", "²" * 999, "ᵀ" * 999,
    "ᵢ" * 999, "₊" * 999, "x" + "ᵢ" * 400, "∛" * 999, "√" * 999, "½" * 999, "%" * 999, "y%" * 499, "∞", "∅" * 499,
    "__import__('os').system('id')", "y.__class__", "().__class__", "lambda: 0", "eval(y)", "{{7*7}}", "${7*7}",
    "<script>alert(1)</script>", "'; DROP TABLE answers; --", "open('/etc/passwd')", "Symbol('y')", "sympify(y)",
    "y" * 999, "ya" * 499, "e" * 999, "lamlam" * 166, "xya" * 333, "x_iy" * 249, "a_1" * 333, "1" * 999, "1," * 499,
    "1,1." * 249, "0" * 999, "1_000", "0x10", "1j", "1e5e5", "N" * 60 + "q", "ye" * 30 + "q^2",
]  # fmt: skip
PIECES = [
    *"0123456789()[]{}|√²½%^*/+-.,;:=xyawAeilt \n\"'_!<>&@#~$\\", "||", "‖", "x_i", "x_{", "a_{i", "A_ij", "sum_i ",
    "sum_{i=1}^{N} ",
    "∑", "∏", "sum(", " for i in ", "1..N", "…", "...", ", ", "(i,1,N)", "^T", "^{-1}", "⊤", "·", "⊙", "⊗", "1[",
    "1_{", " if ",
    " else ", " otherwise", " and ", " or ", "not ", "∈", "≤", "≠", "Piecewise((", "where(", "P(", "dl(", "dl/dy",
    "l'(",
    "argmin_y ", "max_", "I_N", "diag(", "[0, a_1, ", "log_", "exp", "sin^2", "np.", ".T", ".sum()", "x_{t+1}",
    "J_g^L", "ŷ",
    "λ", "lambda", "ᵢ", "₁", "ᵀ", "\\frac{", "\\sum_{", "\\left", "\\right", "\\begin{cases}", "\\end{cases}",
    "\\hat{", "\\text{",
]  # fmt: skip


def check_sentence(error: LanguageError, text: str) -> None:
    assert error.says.endswith((".", "?")), error.says
    assert "\n" not in error.says
    assert error.text == text
    assert 0 <= error.start <= error.end
    assert error.start <= len(text)
    assert error.caret().count("\n") == 1


def check(text: str, relation: bool = False) -> bool:
    """Whether a text is read; if it is not, there is a sentence with a place in what was typed."""
    try:
        node = parse_formula(text, SYMBOLS, relation=relation)
        parse_steps(text, SYMBOLS, relation=relation)
    except LanguageError as error:
        check_sentence(error, text)
        return False
    check_tree(node, STUDENT, text)
    source = to_source(node)
    assert to_source(parse_author(source)) == source
    assert to_latex(node, SYMBOLS)
    return True


@pytest.mark.parametrize("text", CRUEL, ids=range(len(CRUEL)))
def test_cruel_formulas_are_read_or_refused_quickly(text: str) -> None:
    began = time.perf_counter()
    check(text)
    check(text, relation=True)
    assert time.perf_counter() - began < 20, "far above what it takes, far below forever"


def mutants(count: int) -> list[str]:
    """The rows of the table with pieces of each other put in, taken out or doubled, always the same."""
    found = []
    for number in range(count):
        digest = int.from_bytes(hashlib.sha256(f"formula {number}".encode()).digest(), "big")

        def draw(below: int) -> int:
            nonlocal digest
            digest, drawn = divmod(digest, below)
            return drawn

        text, other = TYPED[draw(len(TYPED))], TYPED[draw(len(TYPED))]
        for _ in range(1 + draw(3)):
            place, length = draw(len(text) + 1), draw(4)
            begin = draw(len(other))
            inserted = ("", PIECES[draw(len(PIECES))], other[begin : begin + 1 + draw(12)])[draw(3)]
            text = text[:place] + inserted + text[place + length :]
        found.append(text)
    return found


def test_broken_and_mixed_formulas_are_read_or_refused() -> None:
    read = sum(check(text, relation=bool(number % 3 == 0)) for number, text in enumerate(mutants(3000)))
    assert read > 200, "most of them are broken, many are formulas again"


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_a_language_error(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.booleans())
def test_no_near_formula_raises_anything_but_a_language_error(text: str, relation: bool) -> None:
    check(text, relation)
