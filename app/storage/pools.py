"""Queries about the questions that places of a quiz draw from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, func, select

from app.storage.tables import QuestionEntry, QuestionVersion, QuestionWord
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question version that an attempt may get."""

    question: str
    version_id: int
    number: int
    title: str
    points: Fraction
    variant_hash: str
    retired: bool


def _candidates(tx: Transaction, query: Any, **asked: Any) -> list[Candidate]:
    rows = tx.session.execute(query, asked).all()
    return [
        Candidate(row[0], row[1], row[2], row[3], row[4], row[5], row[6] is not None)
        for row in sorted(rows, key=lambda row: (row[0], row[2]))
    ]


def _select() -> Any:
    return select(
        QuestionVersion.question,
        QuestionVersion.id,
        QuestionVersion.number,
        QuestionVersion.title,
        QuestionVersion.points,
        QuestionVersion.variant_hash,
        QuestionEntry.retired_at,
    ).outerjoin(QuestionEntry, QuestionEntry.question == QuestionVersion.question)


# Asked when a whole class starts in the same seconds: written once, so that SQLAlchemy translates it once.
_VERSIONS = _select().where(QuestionVersion.id.in_(bindparam("ids", expanding=True)))


def versions(tx: Transaction, ids: Collection[int]) -> dict[int, Candidate]:
    """These versions, by number of the row."""
    found = _candidates(tx, _VERSIONS, ids=list(ids)) if ids else []
    return {one.version_id: one for one in found}


def newest(tx: Transaction, names: Collection[str]) -> dict[str, Candidate]:
    """The newest versions of these questions, by name; what does not exist is left out."""
    if not names:
        return {}
    last = (
        select(QuestionVersion.question, func.max(QuestionVersion.number).label("number"))
        .where(QuestionVersion.question.in_(names))
        .group_by(QuestionVersion.question)
        .subquery()
    )
    query = _select().join(
        last, (last.c.question == QuestionVersion.question) & (last.c.number == QuestionVersion.number)
    )
    return {one.question: one for one in _candidates(tx, query)}


def tagged(tx: Transaction, tag: str) -> list[str]:
    """The names of the questions with a tag that have not been retired."""
    query = (
        select(QuestionWord.question)
        .join(QuestionEntry, QuestionEntry.question == QuestionWord.question)
        .where(QuestionWord.kind == "tag", QuestionWord.word == tag, QuestionEntry.retired_at.is_(None))
        .order_by(QuestionWord.question)
    )
    return list(tx.session.scalars(query))
