"""Queries about the bearer tokens of programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from app.storage.tables import Course, PersonRow, TokenRow
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be; of its text only the hash and a hint come here."""

    public_id: str
    person_id: int
    course_id: int | None
    name: str
    token_hash: str
    hint: str
    scopes: tuple[str, ...]
    expires_at: datetime | None


def add(tx: Transaction, new: NewToken) -> bool:
    """Store a token; False when one of this public id is there already."""
    statement = tx.upsert(TokenRow).values(
        public_id=new.public_id,
        person_id=new.person_id,
        course_id=new.course_id,
        name=new.name,
        token_hash=new.token_hash,
        hint=new.hint,
        scopes=list(new.scopes),
        created_at=tx.now(),
        expires_at=new.expires_at,
    )
    added = statement.on_conflict_do_nothing(index_elements=["public_id"]).returning(TokenRow.id)
    return tx.session.execute(added).scalar() is not None


def by_hash(tx: Transaction, token_hash: str) -> tuple[TokenRow, PersonRow, Course | None] | None:
    """The token with this hash, whose it is, and the course it is limited to; also when it opens nothing any more."""
    query = (
        select(TokenRow, PersonRow, Course)
        .join(PersonRow, PersonRow.id == TokenRow.person_id)
        .outerjoin(Course, Course.id == TokenRow.course_id)
        .where(TokenRow.token_hash == token_hash)
    )
    found = tx.session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1], found[2])


def of_person(tx: Transaction, person_id: int) -> Sequence[tuple[TokenRow, Course | None]]:
    """A person's tokens that have not been revoked, newest first."""
    query = (
        select(TokenRow, Course)
        .outerjoin(Course, Course.id == TokenRow.course_id)
        .where(TokenRow.person_id == person_id, TokenRow.revoked_at.is_(None))
        .order_by(TokenRow.id.desc())
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def revoke(tx: Transaction, person_id: int, public_id: str) -> str | None:
    """Revoke a token of that person; its name, or None when there is no such token left."""
    statement = (
        update(TokenRow)
        .where(TokenRow.person_id == person_id, TokenRow.public_id == public_id, TokenRow.revoked_at.is_(None))
        .values(revoked_at=tx.now())
        .returning(TokenRow.name)
    )
    return tx.session.execute(statement).scalar()


def used(tx: Transaction, token_id: int) -> None:
    """A token has been used now."""
    tx.session.execute(update(TokenRow).where(TokenRow.id == token_id).values(last_used_at=tx.now()))
