"""What may stand behind a formula: its abbreviations, its size, and the standard distribution of a variable."""

from __future__ import annotations

import pytest

from app.domain.symbols import symbol
from app.domain.trailing_definitions import without_definitions, without_differentials, without_remarks

SYMBOLS = {"z": symbol("positive"), "u": symbol("unit"), "lam": symbol("positive")}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sum_i s_i^2, s_i = w^T x_i", "sum_i (w^T x_i)^2"),
        ("sum_i s_i^2 where s_{i} = w^T x_i", "sum_i (w^T x_i)^2"),
        ("(2s - 1/l) x, l = s^2, s = w^T x", "(2(w^T x) - 1/((w^T x)^2)) x"),
        ("(2y s - 2/s) x, s = w^T x, m = s^2", "(2y (w^T x) - 2/(w^T x)) x"),
        (r"\\frac{1}{s} a_{s}, s = 2x", r"\\frac{1}{(2x)} a_{s}"),
        ("x = 1, y = 2", "x = 1, y = 2"),
        ("sum_i a_i, i = 1..N", "sum_i a_i, i = 1..N"),
        ("s^2, s = s + 1", "s^2, s = s + 1"),
        ("sum_i x_i, s_i = w^T x_i", "sum_i x_i, s_i = w^T x_i"),
        ("a = b = c", "a = b = c"),
        ("a <= b", "a <= b"),
    ],
)
def test_an_abbreviation_that_is_defined_behind_a_formula_is_written_out(text: str, meant: str) -> None:
    assert without_definitions(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("diag(1, ..., N)  (N x N)", "diag(1, ..., N)"),
        ("z/lam with z ~ Exp(1)", "z/lam"),
        ("-log(u)/lam, u ~ U(0, 1)", "-log(u)/lam"),
        (r"-\frac{\ln u}{\lambda}, \quad u \sim \mathrm{Uniform}(0,1)", r"-\frac{\ln u}{\lambda}"),
    ],
)
def test_a_size_and_a_standard_distribution_are_left_out(text: str, meant: str) -> None:
    assert without_remarks(text, SYMBOLS) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("dL/da = dL/df * df/da = f - y", "f - y"),
        (r"\frac{\partial L}{\partial a} = \frac{dL}{df} \cdot \frac{df}{da}", ""),
        ("∂L/∂a = (f - y)", "(f - y)"),
        ("dL/df * df/da", ""),
        ("∂L/∂f · ∂f/∂a", ""),
        (r"\frac{\partial L}{\partial f} \frac{\partial f}{\partial a}", ""),
        ("f/a * a/y", "f/a * a/y"),
        ("x_2 · x_1 = θ · θ · … · θ = θ^{t-1}", "x_2 · x_1 = θ^{t-1}"),
        ("f - y = d/2", "f - y = d/2"),
    ],
)
def test_sides_that_only_state_the_chain_rule_are_left_out(text: str, meant: str) -> None:
    assert without_differentials(text) == meant


@pytest.mark.parametrize(
    "text", ["z/lam, z ~ Exp(lam)", "z/lam, z ~ N(0, 1)", "lam*z, lam ~ U(0, 1)", "z (x)", "2 (N*N)"]
)
def test_another_distribution_and_a_factor_stay(text: str) -> None:
    assert without_remarks(text, SYMBOLS) == text


@pytest.mark.parametrize("factor", ["a", "where", "dL/dx", r"\frac{dL}{dx}", r"\cdot"])
def test_a_factor_many_times_over_is_seen_through_at_once(factor: str) -> None:
    """However many gaps there are, each is read in one way only."""
    for gap in (" ", "    ", " * "):
        text = f"a = {gap.join([factor] * 120)} ?"
        assert without_differentials(text) == text
