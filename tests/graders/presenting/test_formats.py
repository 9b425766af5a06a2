"""How values are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from graders.presenting.formats import fixed, known_format, written

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("value", "form", "place", "text"),
    [
        (HALF, "", "text", "1/2"),
        (HALF, "", "math", r"\tfrac{1}{2}"),
        (HALF, "tex", "text", r"\tfrac{1}{2}"),
        (HALF, "text", "math", "1/2"),
        ([1, 2], "col", "math", r"\begin{pmatrix}1 \\ 2\end{pmatrix}"),
        ([[1, 2], [3, 4]], "", "math", r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}"),
        (-2, "paren", "math", "(-2)"),
        (2, "paren", "math", "2"),
        (HALF, "paren", "math", r"(\tfrac{1}{2})"),
        (-0.5, "paren", "text", "(-0.5)"),
        (3, "signed", "math", "+ 3"),
        (-HALF, "signed", "math", r"- \tfrac{1}{2}"),
        ([1], "signed", "text", "[1]"),
        (True, "paren", "text", "true"),
        (Fraction(1, 3), ".3f", "math", "0.333"),
        ([Fraction(1, 3), -2], ".2f", "math", r"\begin{pmatrix}0.33 & -2.00\end{pmatrix}"),
        ([Fraction(1, 3), -2], ".2f", "text", "[0.33, -2.00]"),
        ("word", ".2f", "math", r"\text{word}"),
        ("$x^2$", "raw", "text", "$x^2$"),
        (5, "raw", "math", "5"),
        ("a  *b*\n# c", "", "text", r"a \*b\* \# c"),
        (["a_b"], "", "text", r"\[a\_b\]"),
        ({"a": 1}, "", "text", "a: 1"),
        ("a_b", "", "code", "a_b"),
        ("50%", "", "math", r"\text{50\%}"),
    ],
)
def test_a_value_is_written_for_its_place(value, form, place, text):
    assert written(value, form, place) == text


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (HALF, 0, "0"),
        (Fraction(5, 2), 0, "2"),
        (-0.0004, 3, "0.000"),
        (Fraction(-1, 8), 2, "-0.12"),
        (12, 1, "12.0"),
    ],
)
def test_decimals_are_rounded_exactly(number, places, text):
    assert fixed(number, places) == text


def test_only_known_formats_are_taken():
    assert all(known_format(name) for name in ("", "tex", "col", ".0f", ".9f"))
    assert not any(known_format(name) for name in (".12f", "f", "%s", "{}"))
