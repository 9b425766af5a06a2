"""Queries about attempts, their questions and answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any
from typing import cast as cast_to

from sqlalchemy import Select, Table, Text, bindparam, cast, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer, joinedload, load_only

from app.storage.quizzes import by_staff
from app.storage.tables import (
    Answer,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Quiz,
    Variant,
)
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """A question of an attempt: where it stands, what it is worth, and which variant of it."""

    item_id: int
    position: int
    section: int
    weight: Fraction
    points: Fraction
    variant_id: int
    variant_hash: str
    seed: int


# What is asked when a whole class starts in the same seconds is written once, so that SQLAlchemy translates it once.
_OF_PERSON = (
    select(Attempt)
    .where(Attempt.person_id == bindparam("person"), Attempt.quiz_id.in_(bindparam("quizzes", expanding=True)))
    .order_by(Attempt.quiz_id, Attempt.number)
)
_WITH_QUIZ = select(Attempt, Quiz).join(Quiz, Quiz.id == Attempt.quiz_id).where(Attempt.public_id == bindparam("id"))
_WITH_QUIZ_LOCKED = _WITH_QUIZ.with_for_update(of=Attempt).execution_options(populate_existing=True)
_USED_SEEDS = (
    select(Attempt.person_id, Variant.variant_hash, Variant.seed, AttemptItem.practised)
    .join(AttemptItem, AttemptItem.variant_id == Variant.id)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .where(
        Attempt.person_id.in_(bindparam("people", expanding=True)),
        Variant.variant_hash.in_(bindparam("hashes", expanding=True)),
    )
)
_PLACES = (
    select(
        AttemptItem.id,
        AttemptItem.position,
        AttemptItem.section,
        AttemptItem.weight,
        QuestionVersion.points,
        Variant.id,
        Variant.variant_hash,
        Variant.seed,
    )
    .join(Variant, Variant.id == AttemptItem.variant_id)
    .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
    .where(AttemptItem.attempt_id == bindparam("attempt"))
    .order_by(AttemptItem.position)
)
_NEW_ITEMS = insert(cast_to(Table, AttemptItem.__table__))
_RENDERED = select(Variant.id, Variant.rendered).where(Variant.id.in_(bindparam("variants", expanding=True)))
_WITH_SURVEYS = _RENDERED.where(cast(Variant.rendered, Text).like('%"score":%"none"%'))
_ANSWERS = (
    select(Answer)
    .join(AttemptItem, AttemptItem.id == Answer.attempt_item_id)
    .where(AttemptItem.attempt_id == bindparam("attempt"))
    .execution_options(populate_existing=True)
)


def attempts_of(tx: Transaction, person_id: int, quiz_ids: Sequence[int]) -> list[Attempt]:
    """A person's attempts at these quizzes, in order."""
    return list(tx.session.scalars(_OF_PERSON, {"person": person_id, "quizzes": list(quiz_ids)}))


def attempt(tx: Transaction, public_id: str, *, lock: bool = False) -> tuple[Attempt, Quiz] | None:
    """An attempt with its quiz; locked against saves and other hand-ins when asked."""
    found = tx.session.execute(_WITH_QUIZ_LOCKED if lock else _WITH_QUIZ, {"id": public_id}).one_or_none()
    return None if found is None else (found[0], found[1])


def add_attempt(tx: Transaction, row: Attempt, items: Iterable[dict[str, Any]]) -> bool:
    """Store an attempt with its questions; False when this person's attempt of that number exists already."""
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
            tx.session.flush()
            # All in one statement: as objects each would be inserted alone, to learn its number.
            tx.session.connection().execute(_NEW_ITEMS, [{"attempt_id": row.id, **item} for item in items])
    except IntegrityError:
        return False
    return True


def used_seeds(
    tx: Transaction, person_ids: Collection[int], variant_hashes: Collection[str]
) -> dict[tuple[int, str], set[int]]:
    """The seeds of questions that people have already met, by person and question."""
    found: dict[tuple[int, str], set[int]] = {}
    asked = {"people": list(person_ids), "hashes": list(variant_hashes)}
    for person_id, variant_hash, seed, practised in tx.session.execute(_USED_SEEDS, asked):
        found.setdefault((person_id, variant_hash), set()).update([seed, *(practised or {}).get("seeds", ())])
    return found


def who_started(tx: Transaction, quiz_id: int) -> set[int]:
    """The people who have an attempt at a quiz."""
    return set(tx.session.scalars(select(Attempt.person_id).where(Attempt.quiz_id == quiz_id)))


def ids_at(tx: Transaction, quiz_id: int, public_ids: Collection[str]) -> set[str]:
    """Those of these attempts that are at this quiz."""
    query = select(Attempt.public_id).where(Attempt.quiz_id == quiz_id, Attempt.public_id.in_(public_ids))
    return set(tx.session.scalars(query))


def open_at(
    tx: Transaction, quiz: Quiz, person_id: int | None = None, chosen: Collection[str] | None = None
) -> list[tuple[Attempt, bool]]:
    """The open attempts at a quiz (of one person, or of these public ids), each with whether it is a staff preview.

    They are locked in the order in which the save lane locks them.
    """
    query = (
        select(Attempt, by_staff())
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz.id, Attempt.state == "open")
        .order_by(Attempt.public_id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    if person_id is not None:
        query = query.where(Attempt.person_id == person_id)
    if chosen is not None:
        query = query.where(Attempt.public_id.in_(chosen))
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def items(tx: Transaction, attempt_id: int, *, texts: bool = True, solutions: bool = False) -> list[AttemptItem]:
    """The questions of an attempt in order, with variant and version; without their texts, or with solutions."""
    return list(tx.session.scalars(_items_with(texts, solutions), {"attempt": attempt_id}))


@cache
def _items_with(texts: bool, solutions: bool) -> Select[AttemptItem]:
    variant = joinedload(AttemptItem.variant, innerjoin=True)
    variant = variant.options(defer(Variant.values, raiseload=True))
    if not texts:
        variant = variant.options(defer(Variant.rendered, raiseload=True))
    if not solutions:
        variant = variant.options(defer(Variant.solution, raiseload=True))
    version = joinedload(AttemptItem.question_version, innerjoin=True).options(
        load_only(
            QuestionVersion.id,
            QuestionVersion.question,
            QuestionVersion.number,
            QuestionVersion.points,
            QuestionVersion.variant_hash,
            raiseload=True,
        )
    )
    return (
        select(AttemptItem)
        .options(variant, version)
        .where(AttemptItem.attempt_id == bindparam("attempt"))
        .order_by(AttemptItem.position)
    )


def how_many(tx: Transaction, attempt_id: int) -> int:
    """How many questions an attempt has."""
    query = select(func.count()).select_from(AttemptItem).where(AttemptItem.attempt_id == attempt_id)
    return tx.session.scalar(query) or 0


def places(tx: Transaction, attempt_id: int) -> list[Place]:
    """The questions of an attempt in order, without any of their texts."""
    return [Place(*row) for row in tx.session.execute(_PLACES, {"attempt": attempt_id})]


def rendered(tx: Transaction, variant_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What these variants show."""
    return {row[0]: row[1] for row in tx.session.execute(_RENDERED, {"variants": list(variant_ids)})}


def with_surveys(tx: Transaction, variant_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What those of these variants show that have parts outside the score; perhaps some more."""
    return {row[0]: row[1] for row in tx.session.execute(_WITH_SURVEYS, {"variants": list(variant_ids)})}


def answers(tx: Transaction, attempt_id: int) -> dict[int, dict[str, Answer]]:
    """The newest answers of an attempt: by attempt item, then by field."""
    found: dict[int, dict[str, Answer]] = {}
    for answer in tx.session.scalars(_ANSWERS, {"attempt": attempt_id}):
        found.setdefault(answer.attempt_item_id, {})[answer.field] = answer
    return found


def being_sat(tx: Transaction, quiz_id: int, now: datetime) -> bool:
    """Whether anybody who does not only look is writing at a quiz: begun, not handed in, time left or none counted."""
    writes = (
        select(Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, Attempt.state == "open", ~by_staff())
        .where(or_(Attempt.deadline_at.is_(None), Attempt.deadline_at > now, Attempt.paused_at.is_not(None)))
    )
    return bool(tx.session.scalar(select(writes.exists())))


def beyond_deadline(tx: Transaction, now: datetime) -> list[tuple[str, datetime, Quiz]]:
    """Open attempts whose deadline is over, oldest deadline first, with their quizzes; paused ones are not."""
    query = (
        select(Attempt.public_id, Attempt.deadline_at, Quiz)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.state == "open", Attempt.deadline_at < now, Attempt.paused_at.is_(None))
        .order_by(Attempt.deadline_at)
    )
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query) if row[1] is not None]
