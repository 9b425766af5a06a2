"""Which program is asking, and on whose behalf: bearer tokens and their scopes."""

from __future__ import annotations

from fastapi import Depends

from app.domain.access import declares


@declares("anyone")
def anyone() -> None:
    """For operations that need no token; it lets everybody through and says so."""


Anyone = Depends(anyone)
