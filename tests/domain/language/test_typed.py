"""Formulas in the spelling of students are read back as what they were."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author, parse_formula, to_source, to_typed
from app.domain.symbols import symbol, with_sizes

SYMBOLS = with_sizes(
    {
        name: symbol(one)
        for name, one in {"z": "vector(N)", "y": "vector(N)", "A": "matrix(N, M)", "c": "real", "i": "index(N)"}.items()
    }
)


@pytest.mark.parametrize(
    "source",
    [
        "2 * (z - y)**3",
        "z * y",
        "transpose(z * y**2) @ A",
        "2 * arange(1, N + 1) * (z - y)",
        "diag(arange(1, N + 1)**2)",
        "kron(eye(N), [[0, 1]])",
        "c**2 * z",
        "2**arange(1, N + 1)",
        "sum((z - y)**2)",
        "Sum(entry(z, i)**2, i, 1, N)",
        "A**2",
        "exp(z) / c",
        "indicator(c > 0) * z",
        "z if c > 0 else 0 * z",
    ],
)
def test_what_is_typed_means_the_same(source):
    node = parse_author(source)
    typed = parse_formula(to_typed(node, SYMBOLS), SYMBOLS)
    assert to_source(typed) == source
