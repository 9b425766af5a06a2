"""Bearer tokens: what a program shows to act for a person, within the scopes that person chose."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, cast, get_args

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.accounts.people import Person, person_from
from app.services.courses.membership import membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.quizzes import new_public_id
from app.storage import tokens

Scope: TypeAlias = Literal[
    "bank:read",
    "bank:write",
    "courses:read",
    "courses:write",
    "quizzes:read",
    "quizzes:write",
    "people:read",
    "people:write",
    "attempts:write",
    "results:read",
    "marking:write",
    "webhooks:write",
]
SCOPES: tuple[Scope, ...] = get_args(Scope)
FOR_STUDENTS: tuple[Scope, ...] = ("courses:read", "quizzes:read", "attempts:write", "results:read")

PREFIX = "gradus_"
SHAPE = re.compile(r"gradus_[A-Za-z0-9_-]{43}")
ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
LONGEST_NAME = 200
MOST_DAYS = 3650
MOST_TOKENS = 100
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be. `once` makes sending the same form twice harmless; `days` until it expires."""

    name: str
    scopes: tuple[str, ...]
    days: int | None = None
    course: str | None = None
    once: str = ""


@dataclass(frozen=True, slots=True)
class TokenCard:
    """A token in its owner's list."""

    id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    course: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    expired: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token opens: for whom it acts, with which scopes, and in which course alone, if any."""

    id: int
    name: str
    person: Person
    scopes: frozenset[Scope]
    course_id: int | None
    course: str | None
    expires_at: datetime | None
    stale: bool


def make(tx: Transaction, person: Person, new: NewToken) -> str:
    """Make a token; its text, which is kept nowhere.

    Raises:
        InvalidInput: a name, scope or time that cannot be taken.
        NotFound: the person has nothing to do with the course.
        Conflict: this very form was sent before.
    """
    name = new.name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidInput(f"Give the token a name of at most {LONGEST_NAME} characters.", place="name")
    chosen = tuple(scope for scope in SCOPES if scope in new.scopes)
    if not chosen or len(chosen) != len(set(new.scopes)):
        raise InvalidInput("Choose at least one of the scopes.", place="scopes")
    if new.days is not None and not 1 <= new.days <= MOST_DAYS:
        raise InvalidInput(f"A token expires after 1 to {MOST_DAYS} days, or never.", place="days")
    if new.once and not ID.fullmatch(new.once):
        raise InvalidInput("This form cannot be taken. Reload the page and send it again.", place="once")
    if len(tokens.of_person(tx, person.id)) >= MOST_TOKENS:
        raise InvalidInput(f"You have {MOST_TOKENS} tokens. Revoke one that is not needed any more.", place="name")
    course_id = membership(tx, person, new.course, "member").course_id if new.course else None
    text = PREFIX + secrets.token_urlsafe(32)
    row = tokens.NewToken(
        public_id=new.once or new_public_id(),
        person_id=person.id,
        course_id=course_id,
        name=name,
        token_hash=_hash(text),
        hint=text[: len(PREFIX) + 4],
        scopes=chosen,
        expires_at=None if new.days is None else tx.now() + timedelta(days=new.days),
    )
    if not tokens.add(tx, row):
        raise Conflict("This token has been made already. Its text is shown only once; make another one.")
    tx.record(person.id, "made a token", f"token {row.public_id}", scopes=" ".join(chosen))
    return text


def tokens_of(tx: Transaction, person: Person) -> tuple[TokenCard, ...]:
    """A person's tokens, newest first."""
    now = tx.now()
    return tuple(
        TokenCard(
            id=row.public_id,
            name=row.name,
            hint=row.hint,
            scopes=tuple(row.scopes),
            course=None if course is None else course.title,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            expired=row.expires_at is not None and row.expires_at <= now,
        )
        for row, course in tokens.of_person(tx, person.id)
    )


def revoke(tx: Transaction, person: Person, token_id: str) -> str:
    """Make a token worthless at once; its name.

    Raises:
        NotFound: this person has no such token.
    """
    name = tokens.revoke(tx, person.id, token_id)
    if name is None:
        raise NotFound("You have no such token.")
    tx.record(person.id, "revoked a token", f"token {token_id}")
    return name


def grant(tx: Transaction, text: str) -> Grant | None:
    """What this token opens; None when it opens nothing (any more), or its person is gone."""
    if not SHAPE.fullmatch(text):
        return None
    found = tokens.by_hash(tx, _hash(text))
    if found is None:
        return None
    row, person, course = found
    now = tx.now()
    if row.revoked_at is not None or person.erased_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    return Grant(
        id=row.id,
        name=row.name,
        person=person_from(person),
        scopes=frozenset(cast("Scope", scope) for scope in row.scopes),
        course_id=row.course_id,
        course=None if course is None else course.public_id,
        expires_at=row.expires_at,
        stale=row.last_used_at is None or now - row.last_used_at >= USED_EVERY,
    )


def used(tx: Transaction, token_id: int) -> None:
    """Remember that a token was used. To be called when the grant is `stale`, not with every request."""
    tokens.used(tx, token_id)


def explained(scope: str) -> str:
    """What a scope allows, as a sentence."""
    return EXPLAINED[cast("Scope", scope)]


EXPLAINED: Mapping[Scope, str] = {
    "bank:read": "Search and read questions with their solutions; try variants and answers",
    "bank:write": "Import questions",
    "courses:read": "See courses",
    "courses:write": "Create, change and archive courses",
    "quizzes:read": "See quizzes and how they are built",
    "quizzes:write": "Build, publish and release quizzes; grant accommodations",
    "people:read": "See who is enrolled",
    "people:write": "Enrol people, change roles, remove people",
    "attempts:write": "Start attempts, save answers, hand in, ask about marks",
    "results:read": "Read results",
    "marking:write": "Mark: see what waits for a person, read answers without names, decide about them",
    "webhooks:write": "See and change webhooks",
}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
