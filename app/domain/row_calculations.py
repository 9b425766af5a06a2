"""Rows and matrices that are calculated where they are typed: `[1, 0] - 0.5*[2, 1]`, `-[[0, 1], [1, 0]]/2`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ROW: Final = r"[\[(]((?:[^\[\](),;=]|\([^()]{0,40}\))+(?:,(?:[^\[\](),;=]|\([^()]{0,40}\))+)+)[\])]"
_FACTOR: Final = r"([^\[\]=,;+-]{1,40}?|-[^\[\]=,;+-]{0,40}?)"
_TURNED: Final = re.compile(r"(?<=[\])])\s*(?:\.T(?!\w)|\^\s*(?:\{\s*)?(?:T|⊤)\s*\}?|ᵀ)")
"""Transposes of rows: here a row and a column hold the same cells."""
_DIVIDED: Final = re.compile(rf"\s*{_ROW}\s*/\s*([0-9.]+|\([^()]{{1,40}}\))\s*")
_MATRIX: Final = re.compile(
    rf"\s*(?:{_FACTOR}\s*[*·×]?)?\s*(\[\s*\[[^\[\]=]+\](?:\s*(?:,\s*)?\[[^\[\]=]+\])*\s*\])"
    r"\s*(?:/\s*([0-9.]+|\([^()]{1,40}\)))?\s*"
)
_WRAPPED: Final = re.compile(r"\s*(?:\(\s*(\[\s*\[.*\]\s*\])\s*\)|\[\s*(\[\s*\[.*\]\s*\])\s*\])\s*", re.DOTALL)
"""A matrix in brackets that say nothing."""
_BLANKS: Final = re.compile(r"\s{2,}")
"""What could be split in many ways."""
_CELL: Final = re.compile(r"[^\[\],;\n]+")
_SCALED: Final = re.compile(rf"\s*{_FACTOR}\s*[*·×]?\s*{_ROW}\s*")
_MOVED: Final = re.compile(rf"\s*{_ROW}\s*([+-])\s*(?:{_FACTOR}\s*[*·×]?\s*)?{_ROW}\s*")


def calculated(text: str) -> str:
    """The row that a text comes to: the last side of an equation, entry by entry; any other text as it is.

    A last side in brackets is what a student holds to be the result, so it is what counts; the sides before it are
    the way there.
    """
    typed, text = text, _BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text.strip())
    last = text.rsplit("=", 1)[-1].strip()
    if "=" in text and last.startswith(("[", "(")) and last.endswith(("]", ")")):
        return last
    if _MOVED.fullmatch(_TURNED.sub("", text)):
        text = _TURNED.sub("", text)
    moved = _MOVED.fullmatch(text)
    if moved:
        first, sign, factor, second = moved.groups()
        cells, others = first.split(","), second.split(",")
        if len(cells) == len(others):
            scale = f"({factor.strip()})*" if factor and factor.strip() else ""
            return _row(
                f"{one.strip()} {sign} {scale}({other.strip()})" for one, other in zip(cells, others, strict=True)
            )
    divided = _DIVIDED.fullmatch(text)
    if divided:
        return _row(f"({one.strip()})/{divided[2]}" for one in divided[1].split(","))
    scaled = _SCALED.fullmatch(text)
    if scaled:
        return _row(f"{_factor(scaled[1])}({one.strip()})" for one in scaled[2].split(","))
    wrapped = _WRAPPED.fullmatch(text)
    matrix = _MATRIX.fullmatch(wrapped[1] or wrapped[2] if wrapped else text)
    return _of_matrix(matrix) if matrix else typed


def _of_matrix(found: re.Match[str]) -> str:
    """A matrix whose cells take over the factor before it and the divisor behind it."""
    factor, cells, divisor = found.groups()
    if not factor and not divisor:
        return cells
    before, behind = _factor(factor or ""), f"/{divisor}" if divisor else ""
    return _CELL.sub(lambda cell: f"{before}({cell[0].strip()}){behind}" if cell[0].strip() else cell[0], cells)


def _factor(typed: str) -> str:
    """A factor as it stands before a cell in brackets."""
    plain = typed.strip()
    return plain if plain in ("", "-") else f"({plain})*"


def _row(cells: Iterable[str]) -> str:
    return f"[{', '.join(cells)}]"
