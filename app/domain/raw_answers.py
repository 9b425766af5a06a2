"""Raw answers as they arrive: whatever is nested how deeply, they are walked within bounds."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_TEXT = 20_000
MOST_CELLS = 2_500


class TooManyCells(ValueError):
    """More than anybody types."""


def leaves(raw: object, deepest: int) -> Iterator[object]:
    """What stands in the lists of a raw answer, last first; a list below that many others is given as it is.

    Raises:
        TooManyCells: more than `MOST_CELLS` cells, or as many rows.
    """
    pending: list[tuple[object, int]] = [(raw, 0)]
    cells = rows = 0
    while pending:
        one, depth = pending.pop()
        cells, rows = (cells, rows + 1) if isinstance(one, list) else (cells + 1, rows)
        if max(cells, rows - 1) > MOST_CELLS:
            raise TooManyCells
        if isinstance(one, list) and depth < deepest:
            pending.extend((inner, depth + 1) for inner in one)
        else:
            yield one
