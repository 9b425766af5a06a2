"""Rows that are calculated where they are typed: `[1, 0] - 0.5*[2, 1]`, `-1/2 * [0, -1] = [0, 1/2]`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ROW: Final = r"[\[(]((?:[^\[\](),;=]|\([^()]{0,40}\))+(?:,(?:[^\[\](),;=]|\([^()]{0,40}\))+)+)[\])]"
_FACTOR: Final = r"([^\[\]=,;+-]{1,40}?|-[^\[\]=,;+-]{1,40}?)"
_SCALED: Final = re.compile(rf"\s*{_FACTOR}\s*[*·×]?\s*{_ROW}\s*")
_MOVED: Final = re.compile(rf"\s*{_ROW}\s*([+-])\s*(?:{_FACTOR}\s*[*·×]?\s*)?{_ROW}\s*")


def calculated(text: str) -> str:
    """The row that a text comes to: the last side of an equation, entry by entry; any other text as it is.

    A last side in brackets is what a student holds to be the result, so it is what counts; the sides before it are
    the way there.
    """
    last = text.rsplit("=", 1)[-1].strip()
    if "=" in text and last.startswith(("[", "(")) and last.endswith(("]", ")")):
        return last
    moved = _MOVED.fullmatch(text)
    if moved:
        first, sign, factor, second = moved.groups()
        cells, others = first.split(","), second.split(",")
        if len(cells) == len(others):
            scale = f"({factor.strip()})*" if factor and factor.strip() else ""
            return _row(
                f"{one.strip()} {sign} {scale}({other.strip()})" for one, other in zip(cells, others, strict=True)
            )
    scaled = _SCALED.fullmatch(text)
    return _row(f"({scaled[1].strip()})*({one.strip()})" for one in scaled[2].split(",")) if scaled else text


def _row(cells: Iterable[str]) -> str:
    return f"[{', '.join(cells)}]"
