"""Being signed in: tokens, what they open, and until when."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.accounts.people import Person, person_from
from app.services.operating.transactions import Transaction
from app.storage import sessions

LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A sign-in that has just begun."""

    token: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking, by their session; `teaches` courses, or `authors` questions, or neither."""

    person: Person
    csrf: str
    expires_at: datetime
    teaches: bool = False
    authors: bool = False


def open_session(tx: Transaction, person_id: int, hours: float) -> OpenSession:
    """Begin a sign-in. The token is random and kept only as a hash."""
    token = secrets.token_urlsafe(32)
    expires_at = tx.now() + timedelta(hours=hours)
    sessions.add_session(tx, _hash(token), person_id, expires_at)
    return OpenSession(token, csrf_of(token), expires_at)


def visitor(tx: Transaction, token: str) -> Visitor | None:
    """Who holds this token; None when it opens nothing (any more)."""

    if not token or len(token) > LONGEST_TOKEN:
        return None
    found = sessions.session_with_person(tx, _hash(token))
    if found is None or found[0].expires_at <= tx.now():
        return None
    session, row, role = found
    return Visitor(
        person=person_from(row),
        csrf=csrf_of(token),
        expires_at=session.expires_at,
        teaches=row.administrator or role is not None,
        authors=row.administrator or role == "instructor",
    )


def close_session(tx: Transaction, token: str) -> None:
    """End a sign-in."""
    sessions.remove_session(tx, _hash(token))


def any_expired(tx: Transaction) -> bool:
    """Whether there are sign-ins to forget."""
    return sessions.any_expired(tx)


def forget_expired(tx: Transaction) -> int:
    """Forget the sign-ins that are over; how many there were."""
    return sessions.remove_expired(tx)


def csrf_of(token: str) -> str:
    """The token that forms of this session carry: made from the session's token, never the reverse."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    """Whether a form came from this session."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode("utf-8", "replace"))


def save_token(secret: bytes, attempt_id: str, person_id: int) -> str:
    """What an exam page shows when saving, so that a save is taken even after the session has expired."""
    return f"{person_id}.{_seal(secret, attempt_id, person_id)}"


def save_token_opens(secret: bytes, token: str, attempt_id: str) -> int | None:
    """The person whose save token this is; None when it is not one of this attempt."""
    person, _, seal = token.partition(".")
    if not (person.isascii() and person.isdigit() and len(person) <= 18):
        return None
    expected = _seal(secret, attempt_id, int(person))
    return int(person) if hmac.compare_digest(expected.encode(), seal.encode("utf-8", "replace")) else None


def _seal(secret: bytes, attempt_id: str, person_id: int) -> str:
    return hmac.new(secret, f"save:{attempt_id}:{person_id}".encode(), hashlib.sha256).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
