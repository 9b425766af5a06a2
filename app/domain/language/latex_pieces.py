"""Pieces of LaTeX, and when they need brackets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

LOOSE: Final = 0
OR: Final = 1
AND: Final = 2
NOT: Final = 3
COMPARE: Final = 4
SUM: Final = 5
PRODUCT: Final = 6
FRACTION: Final = 7
APPLIED: Final = 8
ATOM: Final = 9


class Piece(NamedTuple):
    """LaTeX with what decides about brackets and dots around it."""

    latex: str
    level: int
    first: str
    """What it begins with: `number`, `name`, `bracket`, `function`, `fraction`, `sign` or `other`."""
    last: str
    """What it ends with: one of these, `power`, or `open` if it would take in a factor that follows."""


def wrap(inner: str) -> str:
    """Round brackets."""
    return rf"\left({inner}\right)"


def bracket(latex: str) -> Piece:
    """What carries its own brackets."""
    return Piece(latex, ATOM, "bracket", "bracket")


def matrix(rows: Iterable[Iterable[str]]) -> str:
    """Cells in rows."""
    lines = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"
