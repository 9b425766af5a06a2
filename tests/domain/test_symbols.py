"""Declared symbols: the shape of what they stand for."""

from __future__ import annotations

import pytest

from app.domain.symbols import symbol


@pytest.mark.parametrize(
    ("declared", "shape"),
    [
        ("positive", (1, 1)),
        ("index(N)", (1, 1)),
        ("vector(d)", (3, 1)),
        ("vector(7)", (7, 1)),
        ("matrix(d, N)", (3, 4)),
        ("vectors(N, d)", (4, 3)),
        ("function", None),
    ],
)
def test_a_symbol_has_the_shape_that_its_sizes_say(declared: str, shape: tuple[int, int] | None) -> None:
    assert symbol(declared).shape({"d": 3, "N": 4}) == shape
