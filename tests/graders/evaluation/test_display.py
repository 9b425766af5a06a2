"""Values as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.values import PERSON, Share, Value
from graders.evaluation import number_text, value_latex, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (-3, "-3"),
        (True, "true"),
        (False, "false"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-5, 2), "-5/2"),
        (Fraction(1, 1024), "1/1024"),
        (Fraction(330, 10000), "0.033"),
        (Fraction(-123456, 10**6), "-0.123456"),
        (Fraction(1, 625), "0.0016"),
        (Fraction(-2001, 1000), "-2.001"),
        (Fraction(3333333, 10**7), "0.3333333"),
        (0.5, "0.5"),
        (2.0, "2"),
        (-0.0, "0"),
        (1 / 3, "0.333333"),
        (1234567.5, "1.23457e6"),
        (1e-7, "1e-7"),
        (1e20, "1e20"),
        (10**23, "1" + "0" * 23),
        (10**30, "1e30"),
        (10**400, "1e400"),
        (Fraction(1, 7**600), "8.73325e-508"),
        (Fraction(9**400, 10**1200), "4.97741e-819"),
        (-(10**400), "-1e400"),
    ],
)
def test_a_number_is_short_and_exact_where_it_can_be(value: int | Fraction | float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ("low", "low"),
        ([1, None, [Fraction(1, 2)]], "[1, –, [1/2]]"),
        ({"a": 1, "b": [2]}, "a: 1, b: [2]"),
        (PERSON, "0 to 1"),
        (Share(Fraction(1, 2), Fraction(1, 2)), "1/2"),
    ],
)
def test_any_value_has_a_text(value: Value, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (3, "3"),
        (Fraction(1, 3), r"\tfrac{1}{3}"),
        (Fraction(-1, 3), r"-\tfrac{1}{3}"),
        (1e-7, r"1 \cdot 10^{-7}"),
        (None, r"\square"),
        (True, r"\text{true}"),
        ("50% {x}", r"\text{50\% \{x\}}"),
        ([], "()"),
        ([1, 2], r"\begin{pmatrix}1 & 2\end{pmatrix}"),
        ([[1, 2], [3, 4]], r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}"),
        (PERSON, r"\text{0 to 1}"),
    ],
)
def test_any_value_has_latex(value: Value, latex: str) -> None:
    assert value_latex(value) == latex


def test_a_vector_may_stand_upright() -> None:
    assert value_latex([1, 2], column=True) == r"\begin{pmatrix}1 \\ 2\end{pmatrix}"
