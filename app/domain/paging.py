"""Long lists come in pages."""

from __future__ import annotations


def paged(total: int, size: int, wanted: int) -> tuple[int, int]:
    """The page that is shown where this one is wanted, and how many there are: an empty list has one."""
    pages = max(1, -(-total // size))
    return min(max(wanted, 1), pages), pages
