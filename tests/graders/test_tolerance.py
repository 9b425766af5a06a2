"""How authors write a tolerance."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import TypeAdapter, ValidationError

from graders.equality.numbers import Tolerance
from graders.tolerance import ToleranceOption

READ = TypeAdapter(ToleranceOption).validate_python


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("auto", Tolerance("auto")),
        ("exact", Tolerance("exact")),
        ("1e-3", Tolerance("absolute", Fraction(1, 1000))),
        ("0.05", Tolerance("absolute", Fraction(1, 20))),
        (0.05, Tolerance("absolute", Fraction(1, 20))),
        (0, Tolerance("absolute", Fraction(0))),
        ("1%", Tolerance("relative", Fraction(1, 100))),
        (" 0.5 % ", Tolerance("relative", Fraction(1, 200))),
        ("3 significant", Tolerance("digits", Fraction(3))),
        ("2 decimals", Tolerance("decimals", Fraction(2))),
        ({"kind": "relative", "amount": "1/50"}, Tolerance("relative", Fraction(1, 50))),
        ({"kind": "exact"}, Tolerance("exact")),
        (Tolerance("exact"), Tolerance("exact")),
    ],
)
def test_a_tolerance_is_a_short_text_a_number_or_a_structure(written, meant):
    assert READ(written) == meant


@pytest.mark.parametrize("written", ["roughly", "-1", "1.5.2", "1 percent", "", True, "1.5 decimals", "0 significant"])
def test_anything_else_is_refused_in_a_sentence(written):
    with pytest.raises(ValidationError):
        READ(written)
    if isinstance(written, str) and "." not in written and not written.endswith("significant"):
        with pytest.raises(ValidationError, match="is no tolerance; write `auto`, `exact`"):
            READ(written)
