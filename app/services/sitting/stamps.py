"""Stamps: what time the server said it was, sealed for one attempt, so that a page can prove that it had heard so.

A page sends back the stamp that it held when something was typed: it was typed after that moment.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

LONGEST_STAMP = 100
LATEST = 253_402_300_799_000
"""The last moment of the year 9999, in milliseconds."""


def stamp(secret: bytes, attempt_id: str, at: datetime) -> str:
    """The stamp of a moment for an attempt: milliseconds since 1970, and their seal."""
    moment = round(at.timestamp() * 1000)
    return f"{moment}.{_seal(secret, attempt_id, moment)}"


def read_stamp(secret: bytes, attempt_id: str, given: object) -> datetime | None:
    """The moment of a stamp; None where it is none of this attempt."""
    if not isinstance(given, str) or len(given) > LONGEST_STAMP:
        return None
    digits, _, seal = given.partition(".")
    if not (digits.isascii() and digits.isdigit()) or int(digits) > LATEST:
        return None
    if not hmac.compare_digest(_seal(secret, attempt_id, int(digits)).encode(), seal.encode("utf-8", "replace")):
        return None
    return datetime.fromtimestamp(int(digits) / 1000, UTC)


def _seal(secret: bytes, attempt_id: str, moment: int) -> str:
    return hmac.new(secret, f"stamp:{attempt_id}:{moment}".encode(), hashlib.sha256).hexdigest()
