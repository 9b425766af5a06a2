"""Duties for the room that fulfils them, which does not know the storage."""

from __future__ import annotations

from app.storage.duties import claim, done, give_back, renew, waiting

__all__ = ["claim", "done", "give_back", "renew", "waiting"]
