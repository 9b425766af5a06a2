"""Where a program asks from."""

from __future__ import annotations

from fastapi import Request

from app.services.quizzes.entry_rules import Seen, seen_at


def seen_of(request: Request) -> Seen:
    """Where this request comes from; behind trusted proxies, the client's address."""
    address = request.client.host if request.client else ""
    key = request.headers.get("x-safeexambrowser-configkeyhash", "")
    return seen_at(address, str(request.url), request.app.state.settings.public_url, key)
