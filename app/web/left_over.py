"""For pages of attempts that are over: what lets a device send what it still holds of one."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from app.services.accounts.sessions import Visitor, save_token


@dataclass(frozen=True, slots=True)
class LeftOver:
    """The attempt, and the token that opens its saves."""

    attempt: str
    token: str


def left_over(request: Request, visitor: Visitor, attempt_id: str) -> LeftOver:
    """What the page of somebody's own attempt needs."""
    return LeftOver(attempt_id, save_token(request.app.state.secret, attempt_id, visitor.person.id))
