"""The address by which people reach us."""

from __future__ import annotations

from fastapi import Request


def site_of(request: Request) -> str:
    """Our address for links on a page; what is sent by mail takes the setting alone."""
    public: str = request.app.state.settings.public_url
    return public or str(request.base_url).rstrip("/")
