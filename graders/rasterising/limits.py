"""What a file may be: bounds that are checked before anything is decoded."""

from __future__ import annotations

from app.domain.errors import InvalidInput

LARGEST_FILE = 10 << 20
"""Bytes."""
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 10_000
"""Pixels of a picture as it comes."""
PAGE_SIDE = 2_000
"""Pixels of the longer side of a page as it is kept."""
MOST_PAGES = 10
"""Pages of one PDF."""


class Refused(InvalidInput):
    """A file that is not taken; the sentence says why, and what would be."""


def check_size(width: int, height: int) -> None:
    """Let a picture of this size pass.

    Raises:
        Refused: it is larger than anything drawn or photographed for an answer.
    """
    if width < 1 or height < 1:
        raise Refused("This picture has no pixels.")
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise Refused(
            f"This picture has {width:,} × {height:,} pixels; at most {LONGEST_SIDE:,} on a side and "
            f"{MOST_PIXELS // 1_000_000} million in all can be taken."
        )


def fitted(width: float, height: float) -> tuple[int, int]:
    """The size in pixels of a page of these proportions whose longer side is `PAGE_SIDE`, or less if it is smaller."""
    scale = min(1.0, PAGE_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
