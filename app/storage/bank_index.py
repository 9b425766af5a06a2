"""Queries about the bank's index: one line a question, and the words it is found by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select

from app.domain.bank_entries import Kind, bank_entry
from app.storage.tables import QuestionEntry, QuestionVersion, QuestionWord
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Line:
    """One question as a list shows it."""

    question: str
    number: int
    title: str
    exam: str
    label: str
    points: Fraction
    parts: int
    tags: tuple[str, ...]
    graders: tuple[str, ...]
    updated_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words that all occur in the text, and words of the index by kind."""

    texts: tuple[str, ...] = ()
    words: tuple[tuple[Kind, str], ...] = ()
    retired: bool = False


COLUMNS = (
    QuestionEntry.question,
    QuestionEntry.number,
    QuestionEntry.title,
    QuestionEntry.exam,
    QuestionEntry.label,
    QuestionEntry.points,
    QuestionEntry.parts,
    QuestionEntry.tags,
    QuestionEntry.graders,
    QuestionEntry.updated_at,
    QuestionEntry.retired_at,
)


def refresh(
    tx: Transaction, version_id: int, question: str, number: int, title: str, points: Fraction, package: dict[str, Any]
) -> None:
    """Let the index say what the newest version of a question is. What was retired stays retired."""
    entry = bank_entry(package)
    values = {
        "newest_id": version_id,
        "number": number,
        "title": title,
        "exam": entry.exam,
        "label": entry.label,
        "points": points,
        "points_real": float(points),
        "parts": entry.parts,
        "tags": list(entry.tags),
        "graders": list(entry.graders),
        "search": entry.search,
        "updated_at": tx.now(),
    }
    statement = tx.upsert(QuestionEntry).values(question=question, **values)
    tx.session.execute(statement.on_conflict_do_update(index_elements=["question"], set_=values))
    tx.session.execute(delete(QuestionWord).where(QuestionWord.question == question))
    words = [{"question": question, "kind": kind, "word": word} for kind, word in entry.words]
    if words:
        tx.session.execute(insert(QuestionWord), words)


def stale(tx: Transaction) -> list[int]:
    """The newest versions, by row, that the index does not know about."""
    last = (
        select(QuestionVersion.question, func.max(QuestionVersion.number).label("number"))
        .group_by(QuestionVersion.question)
        .subquery()
    )
    query = (
        select(QuestionVersion.id)
        .join(last, (last.c.question == QuestionVersion.question) & (last.c.number == QuestionVersion.number))
        .outerjoin(QuestionEntry, QuestionEntry.question == QuestionVersion.question)
        .where(or_(QuestionEntry.question.is_(None), QuestionEntry.newest_id != QuestionVersion.id))
        .order_by(QuestionVersion.id)
    )
    return list(tx.session.scalars(query))


def _matching(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(QuestionEntry.retired_at.is_not(None) if wanted.retired else QuestionEntry.retired_at.is_(None))
    for text in wanted.texts:
        query = query.where(QuestionEntry.search.contains(text, autoescape=True))
    for kind, word in wanted.words:
        named = select(QuestionWord.question).where(QuestionWord.kind == kind, QuestionWord.word == word)
        query = query.where(QuestionEntry.question.in_(named))
    return query


def search(tx: Transaction, wanted: Wanted, *, skip: int, limit: int) -> list[Line]:
    """The questions that match, by exam and id."""
    query = _matching(select(*COLUMNS), wanted).order_by(QuestionEntry.exam, QuestionEntry.question)
    return [_line(row) for row in tx.session.execute(query.offset(skip).limit(limit))]


def after(tx: Transaction, wanted: Wanted, question: str, limit: int) -> list[Line]:
    """The questions that match whose ids come after this one, by id: a walk that additions do not shift."""
    query = _matching(select(*COLUMNS), wanted).where(QuestionEntry.question > question)
    return [_line(row) for row in tx.session.execute(query.order_by(QuestionEntry.question).limit(limit))]


def count(tx: Transaction, wanted: Wanted) -> int:
    """How many questions match."""
    return tx.session.scalar(_matching(select(func.count()).select_from(QuestionEntry), wanted)) or 0


def line(tx: Transaction, question: str) -> Line | None:
    """What the index says about one question."""
    row = tx.session.execute(select(*COLUMNS).where(QuestionEntry.question == question)).one_or_none()
    return None if row is None else _line(row)


def _line(row: Sequence[Any]) -> Line:
    question, number, title, exam, label, points, parts, tags, graders, updated_at, retired_at = row
    return Line(
        question, number, title, exam, label, points, parts, tuple(tags), tuple(graders), updated_at, retired_at
    )


def words(tx: Transaction) -> list[tuple[str, str, int]]:
    """Every tag, grader and exam of questions in use, as (kind, word, number of questions)."""
    query = (
        select(QuestionWord.kind, QuestionWord.word, func.count())
        .where(QuestionWord.kind.in_(("tag", "grader", "exam")))
        .group_by(QuestionWord.kind, QuestionWord.word)
        .order_by(QuestionWord.kind, QuestionWord.word)
    )
    # The index answers the whole count by itself; looking up each question's entry takes ten times as long.
    gone = select(QuestionEntry.question).where(QuestionEntry.retired_at.is_not(None))
    retired = {(row[0], row[1]): row[2] for row in tx.session.execute(query.where(QuestionWord.question.in_(gone)))}
    counted = ((kind, word, n - retired.get((kind, word), 0)) for kind, word, n in tx.session.execute(query))
    return [(kind, word, n) for kind, word, n in counted if n]


def totals(tx: Transaction) -> tuple[int, int]:
    """How many questions are in use, and how many are retired."""
    row = tx.session.execute(
        select(func.count(), func.count(QuestionEntry.retired_at)).select_from(QuestionEntry)
    ).one()
    return row[0] - row[1], row[1]


def retire(tx: Transaction, question: str, at: datetime | None) -> bool:
    """Take a question out of use, or back into it; False when there is none."""
    entry = tx.session.get(QuestionEntry, question)
    if entry is None:
        return False
    entry.retired_at = at
    return True
