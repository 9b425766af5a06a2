"""Queries about the answers of regrades: how far each is, what it was worth, and what it would be worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import Select, String, Table, Text, and_, bindparam, func, select, type_coerce, update
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import aliased, defer

from app.domain.documents import Written
from app.storage.quizzes import by_enrolled
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Grading,
    Judgement,
    PersonRow,
    Quiz,
    Regrade,
    RegradeItem,
    SubmissionItem,
)
from app.storage.transaction import Transaction

AT_ONCE = 400
"""Rows in one statement: engines bound the number of parameters."""
WORTH = ("credit", "state", "points", "upto", "max", "changed", "decided", "cause")
PREPARED = ("before_id", "before_version_id", "observation_id", "judgement_upto", *WORTH)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a preview, points as the text they are stored as. `gone`: its student has left the course."""

    item_id: int
    attempt: str
    number: int
    position: int
    name: str
    login: str
    weight: str
    step: str
    cause: str
    changed: bool | None
    state: str | None
    points: str | None
    upto: str | None
    max: str | None
    state_before: str | None
    points_before: str | None
    upto_before: str | None
    max_before: str | None
    gone: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """How many answers of a regrade have this weight and these worths."""

    answers: int
    weight: Fraction
    changed: bool | None
    state: str | None
    points: Fraction | None
    state_before: str | None
    points_before: Fraction | None
    decided: str


def add_items(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store what a regrade concerns; what is stored already stays."""
    for start in range(0, len(rows), AT_ONCE):
        keys = ["regrade_id", "submission_item_id"]
        some = tx.upsert(RegradeItem).on_conflict_do_nothing(index_elements=keys)
        tx.session.connection().execute(some, list(rows[start : start + AT_ONCE]))


def items(tx: Transaction, regrade_id: int, step: str, chunk: int, *, lock: bool = False) -> list[RegradeItem]:
    """The answers of a chunk of a regrade at that step, by number; locked against other changes when asked.

    What each criterion would give is not read: see `written_credit`.
    """
    query = (
        select(RegradeItem)
        .options(defer(RegradeItem.credit))
        .where(RegradeItem.regrade_id == regrade_id, RegradeItem.step == step, RegradeItem.chunk == chunk)
        # A sum, or SQLite would go through the whole regrade in the order of this column to spare itself the sorting.
        .order_by(RegradeItem.submission_item_id + 0)
    )
    return list(tx.session.scalars(query.with_for_update() if lock else query))


def written_credit(tx: Transaction, regrade_id: int, item_ids: Sequence[int]) -> dict[int, Written]:
    """The whole credit that these answers would be given, by number, where there is one."""
    query = select(RegradeItem.submission_item_id, cast_to(RegradeItem.credit, Text)).where(
        RegradeItem.regrade_id == regrade_id,
        RegradeItem.submission_item_id.in_(item_ids),
        RegradeItem.credit.is_not(None),
    )
    return {row[0]: Written(row[1]) for row in tx.session.execute(query)}


def waiting(regrade_id: int, chunk: int) -> Select[int]:
    """The query for the answers of a chunk that still wait to be prepared."""
    return select(RegradeItem.submission_item_id).where(
        RegradeItem.regrade_id == regrade_id, RegradeItem.step == "waiting", RegradeItem.chunk == chunk
    )


def keep_prepared(tx: Transaction, regrade_id: int, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """Store, by answer, what counts for it before and what it would be worth: the columns of `PREPARED`."""
    if not rows:
        return
    table = cast(Table, RegradeItem.__table__)
    statement = (
        update(table)
        .where(table.c.regrade_id == regrade_id, table.c.submission_item_id == bindparam("item"))
        .values(step="prepared", **{name: bindparam(name) for name in PREPARED})
    )
    tx.session.connection().execute(statement, [{"item": item_id, **row} for item_id, row in rows.items()])


def any_waiting(tx: Transaction, regrade_id: int) -> bool:
    """Whether an answer of a regrade is not prepared yet."""
    query = select(RegradeItem.chunk).where(RegradeItem.regrade_id == regrade_id, RegradeItem.step == "waiting")
    return tx.session.scalar(query.limit(1)) is not None


def chunks(tx: Transaction, limit: int) -> list[tuple[int, int]]:
    """Regrade and chunk of what is to be prepared, applied or undone, the oldest first."""
    due = (
        and_(Regrade.state == "preparing", RegradeItem.step == "waiting")
        | and_(Regrade.state == "applied", RegradeItem.step == "prepared")
        | and_(Regrade.state == "undone", RegradeItem.step.in_(("prepared", "applied")))
    )
    query = (
        select(RegradeItem.regrade_id, RegradeItem.chunk)
        .join(Regrade, Regrade.id == RegradeItem.regrade_id)
        .where(Regrade.state.in_(("preparing", "applied", "undone")), due)
        .distinct()
        .order_by(RegradeItem.regrade_id, RegradeItem.chunk)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def steps(tx: Transaction, regrade_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many answers of these regrades are at which step."""
    query = (
        select(RegradeItem.regrade_id, RegradeItem.step, func.count())
        .where(RegradeItem.regrade_id.in_(regrade_ids))
        .group_by(RegradeItem.regrade_id, RegradeItem.step)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in regrade_ids}
    for row in tx.session.execute(query):
        found[row[0]][row[1]] = row[2]
    return found


def stale(tx: Transaction, regrade_id: int, chunk: int | None = None) -> list[int]:
    """Prepared answers (of one chunk) whose grading, rubric or decisions have changed since; by number."""
    newest = (
        select(func.coalesce(func.max(Judgement.id), 0))
        .where(Judgement.submission_item_id == RegradeItem.submission_item_id, Judgement.round == 1)
        .correlate(RegradeItem)
        .scalar_subquery()
    )
    same = and_(
        func.coalesce(SubmissionItem.current_grading_id, 0) == func.coalesce(RegradeItem.before_id, 0),
        func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id) == RegradeItem.before_version_id,
        newest == RegradeItem.judgement_upto,
    )
    query = (
        select(RegradeItem.submission_item_id)
        .join(SubmissionItem, SubmissionItem.id == RegradeItem.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .where(RegradeItem.regrade_id == regrade_id, RegradeItem.step == "prepared", ~same)
    )
    if chunk is not None:
        query = query.where(RegradeItem.chunk == chunk)
    return list(tx.session.scalars(query.order_by(RegradeItem.submission_item_id + 0)))  # see `items`


def wait_again(tx: Transaction, regrade_id: int, item_ids: Sequence[int]) -> None:
    """Let answers be prepared anew."""
    for start in range(0, len(item_ids), AT_ONCE):
        some = item_ids[start : start + AT_ONCE]
        tx.session.execute(
            update(RegradeItem)
            .where(RegradeItem.regrade_id == regrade_id, RegradeItem.submission_item_id.in_(some))
            .values(step="waiting", credit=None)
        )


def lock_questions(tx: Transaction, item_ids: Sequence[int]) -> dict[int, SubmissionItem]:
    """The submitted questions themselves, locked against other changes in the order of their numbers.

    Their answers are not read.
    """
    query = (
        select(SubmissionItem)
        .options(defer(SubmissionItem.answers_frozen))
        .where(SubmissionItem.id.in_(item_ids))
        .order_by(SubmissionItem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in tx.session.scalars(query)}


def let_go(tx: Transaction, regrade_id: int) -> None:
    """Forget what the answers of a dropped regrade would have been worth, criterion by criterion."""
    tx.session.execute(update(RegradeItem).where(RegradeItem.regrade_id == regrade_id).values(credit=None))


def rows(tx: Transaction, regrade_id: int, *, limit: int | None = None, offset: int = 0) -> list[Row]:
    """The answers of a regrade, those that change first, then those about which people's decisions count otherwise, by
    name; last of all of those who left the course.
    """
    before = aliased(Grading)
    query = (
        select(
            RegradeItem.submission_item_id,
            Attempt.public_id,
            Attempt.number,
            AttemptItem.position,
            PersonRow.name,
            PersonRow.login,
            type_coerce(AttemptItem.weight, String),
            RegradeItem.step,
            RegradeItem.cause,
            RegradeItem.changed,
            RegradeItem.state,
            type_coerce(RegradeItem.points, String).label("new_points"),
            type_coerce(RegradeItem.upto, String).label("new_upto"),
            type_coerce(RegradeItem.max, String).label("new_max"),
            before.state,
            type_coerce(before.points, String).label("old_points"),
            type_coerce(before.upto, String).label("old_upto"),
            type_coerce(before.max, String).label("old_max"),
            ~by_enrolled(),
        )
        .join(SubmissionItem, SubmissionItem.id == RegradeItem.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(PersonRow, PersonRow.id == Attempt.person_id)
        .outerjoin(before, before.id == RegradeItem.before_id)
        .where(RegradeItem.regrade_id == regrade_id)
        .order_by(
            by_enrolled().desc(),
            func.coalesce(RegradeItem.changed, True).desc(),
            (RegradeItem.decided != "").desc(),
            PersonRow.name,
            PersonRow.id,
            Attempt.number,
        )
        .order_by(AttemptItem.position)
        .limit(limit)
        .offset(offset)
    )
    return [Row(*tuple(row)) for row in tx.session.execute(query)]


def worths(tx: Transaction, regrade_id: int) -> list[Alike]:
    """What the answers of a regrade are worth before and after, those that are alike in it counted together.

    Answers of students who have left the course are graded anew as all others are, and counted by nobody.
    """
    before = aliased(Grading)
    columns: tuple[Any, ...] = (
        AttemptItem.weight,
        RegradeItem.changed,
        RegradeItem.state,
        RegradeItem.points,
        before.state,
        before.points,
        RegradeItem.decided,
    )
    query = (
        select(func.count(), *columns)
        .select_from(RegradeItem)
        .join(SubmissionItem, SubmissionItem.id == RegradeItem.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .outerjoin(before, before.id == RegradeItem.before_id)
        .where(RegradeItem.regrade_id == regrade_id, by_enrolled())
        .group_by(*columns)
    )
    return [Alike(*tuple(row)) for row in tx.session.execute(query)]


def left_course(tx: Transaction, regrade_id: int) -> int:
    """How many answers of a regrade are by students who have left the course."""
    query = (
        select(func.count())
        .select_from(RegradeItem)
        .join(SubmissionItem, SubmissionItem.id == RegradeItem.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
    )
    return tx.session.scalar(query.where(RegradeItem.regrade_id == regrade_id, ~by_enrolled())) or 0


def readers(tx: Transaction, regrade_id: int) -> list[tuple[str, str, str]]:
    """Whose marks a regrade changes and who can be written to: name, address, and the newest attempt concerned."""
    query = (
        select(PersonRow.name, PersonRow.email, Attempt.public_id)
        .join(Attempt, Attempt.person_id == PersonRow.id)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .join(RegradeItem, RegradeItem.submission_item_id == SubmissionItem.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(RegradeItem.regrade_id == regrade_id, RegradeItem.changed.is_not(False), by_enrolled())
        .where(PersonRow.email.is_not(None), PersonRow.erased_at.is_(None))
        .order_by(Attempt.id)
    )
    found = {address: (name, address, attempt) for name, address, attempt in tx.session.execute(query) if address}
    return list(found.values())


def credits(
    tx: Transaction, regrade_id: int, item_ids: Sequence[int]
) -> dict[int, tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """The whole credit before and after, of these answers of a regrade."""
    before, after = aliased(Grading), aliased(Grading)
    query = (
        select(RegradeItem.submission_item_id, before.credit, RegradeItem.credit, after.credit)
        .outerjoin(before, before.id == RegradeItem.before_id)
        .outerjoin(after, after.id == RegradeItem.after_id)
        .where(RegradeItem.regrade_id == regrade_id, RegradeItem.submission_item_id.in_(item_ids))
    )
    return {row[0]: (row[1], row[2] if row[2] is not None else row[3]) for row in tx.session.execute(query)}


def of_items(tx: Transaction, item_ids: Sequence[int]) -> list[tuple[RegradeItem, Regrade]]:
    """The regrades that were applied to these submitted questions (and perhaps undone), the oldest first.

    What each criterion gave is not read.
    """
    query = (
        select(RegradeItem, Regrade)
        .options(defer(RegradeItem.credit))
        .join(Regrade, Regrade.id == RegradeItem.regrade_id)
        .where(RegradeItem.submission_item_id.in_(item_ids), RegradeItem.step.in_(("applied", "undone")))
        .where(Regrade.applied_at.is_not(None))
        .order_by(Regrade.applied_at, Regrade.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]
