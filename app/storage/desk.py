"""Queries for marking by people: which parts wait, everything about one of them, and who has decided what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, case, cast, func, select
from sqlalchemy.orm import aliased

from app.storage.outcomes import AT_ONCE
from app.storage.part_states import PartStates, part_states
from app.storage.quizzes import by_enrolled
from app.storage.submissions import counting
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Claim,
    Grading,
    Judgement,
    PersonRow,
    QuestionVersion,
    Quiz,
    Submission,
    SubmissionItem,
    Variant,
)
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """A question version with its parts in order, as their author wrote them; nothing else of its package."""

    id: int
    question: str
    number: int
    title: str
    parts: tuple[Mapping[str, Any], ...]

    def place(self, part: str) -> int | None:
        """Where a part stands; None when this version has none of that name."""
        return next((place for place, one in enumerate(self.parts) if one["id"] == part), None)


class Line(NamedTuple):
    """A part of a submitted question; no state: it is being graded. A tuple, because there are thousands."""

    item_id: int
    attempt: str
    position: int
    state: str | None


class Count(NamedTuple):
    """How many submitted questions of a version are in a state, and how many of these wait at each of its parts."""

    version_id: int
    state: str | None
    number: int
    waiting: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Answered:
    """A submitted question with all that its marker looks at."""

    item_id: int
    attempt_id: int
    weight: Fraction
    name: str
    login: str
    version_id: int
    rendered: Mapping[str, Any]
    solution: Mapping[str, Any]
    answers: Mapping[str, Any]
    grading: Grading | None


class Frozen(NamedTuple):
    """The frozen answers of a submitted question and the variant they answer."""

    item_id: int
    variant_id: int
    answers: Mapping[str, Any]


def handed_in_versions(tx: Transaction, quiz_id: int) -> list[Asked]:
    """The question versions whose answers a quiz has, whichever rubric counts."""
    found = (
        select(func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id))
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz_id, counting())
        .distinct()
    )
    return _asked(tx, QuestionVersion.id.in_(found))


def versions_of(tx: Transaction, question: str) -> list[Asked]:
    """All versions of a question."""
    return _asked(tx, QuestionVersion.question == question)


def _asked(tx: Transaction, which: ColumnElement[bool]) -> list[Asked]:
    query = (
        select(
            QuestionVersion.id,
            QuestionVersion.question,
            QuestionVersion.number,
            QuestionVersion.title,
            QuestionVersion.package["question"]["parts"],
        )
        .where(which)
        .order_by(QuestionVersion.question, QuestionVersion.number)
    )
    return [Asked(row[0], row[1], row[2], row[3], tuple(row[4] or ())) for row in tx.session.execute(query)]


def counts(tx: Transaction, quiz: Quiz) -> tuple[list[Asked], list[Count]]:
    """How many submitted questions of students there are, by version and state, and how many wait at each part.

    Returns:
        The versions whose answers there are, and their counts.
    """
    # The version with which a graded question was sat is remembered; only for the others is it looked up.
    sat = select(AttemptItem.question_version_id).where(AttemptItem.id == SubmissionItem.attempt_item_id)
    current = SubmissionItem.current_grading_id
    unknown = case((current.is_(None), sat.scalar_subquery()))
    version = func.coalesce(SubmissionItem.version_id, unknown).label("version")
    rows = _handed_in(select(version, current), quiz.id).subquery()
    # Thousands of numbers in one text: a row each would be most of the work.
    written = func.aggregate_strings(cast(rows.c.current_grading_id, String), ",")
    found = tx.session.execute(select(rows.c.version, func.count(), written).group_by(rows.c.version)).all()
    graded = {row[0]: [*map(int, row[2].split(","))] if row[2] else [] for row in found}
    states = part_states(tx, quiz.public_id, [*chain.from_iterable(graded.values())])
    alike: Counter[tuple[int, PartStates | None]] = Counter()
    for asked, number, _ in found:
        alike[asked, None] = number - len(graded[asked])
        for state, some in Counter(map(states.__getitem__, graded[asked])).items():
            alike[state.sat if asked is None else asked, state] += some
    versions = _asked(tx, QuestionVersion.id.in_({number for number, _ in +alike}))
    names = {one.id: [part["id"] for part in one.parts] for one in versions}
    counted = []
    for (one, kind), number in (+alike).items():
        waits = [name for name in names[one] if kind is not None and kind.of(name) == "needs-person"]
        whole = None if kind is None else kind.whole
        counted.append(Count(one, whole, number, dict.fromkeys(waits, number)))
    return versions, counted


def lines(tx: Transaction, quiz: Quiz, versions: Sequence[Asked], part: str) -> list[Line]:
    """One part of every submitted question of these versions, of students only."""
    columns = (SubmissionItem.id, Attempt.public_id, AttemptItem.position, SubmissionItem.current_grading_id)
    wanted = AttemptItem.question_version_id.in_([one.id for one in versions])
    query = _handed_in(select(*columns), quiz.id)
    rows = tx.session.execute(
        query.join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id).where(wanted)
    ).all()
    states = part_states(tx, quiz.public_id, [row[3] for row in rows if row[3] is not None])
    found = []
    for item, attempt, position, grading in rows:
        state = states[grading].of(part) if grading is not None else None
        found.append(Line(item, attempt, position, state))
    return found


def _handed_in(query: Any, quiz_id: int) -> Any:
    # Whoever has left the course waits for no mark; what they handed in is kept, and counts again when they are back.
    # By submissions, which are few: whether each counts is looked up once, and not for every question of it.
    return (
        query.select_from(Attempt)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .where(Attempt.quiz_id == quiz_id, by_enrolled(), ~Submission.superseded)
    )


def one(tx: Transaction, quiz_id: int, attempt: str, position: int) -> Answered | None:
    """A submitted question with everything about it; its newest grading where none counts at the moment."""
    person = aliased(PersonRow)
    query = (
        select(
            SubmissionItem.id,
            Attempt.id,
            AttemptItem.weight,
            person.name,
            person.login,
            func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id),
            Variant.rendered,
            Variant.solution,
            SubmissionItem.answers_frozen,
            SubmissionItem.current_grading_id,
        )
        .select_from(Attempt)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .join(Variant, Variant.id == AttemptItem.variant_id)
        .join(person, person.id == Attempt.person_id)
        .where(Attempt.public_id == attempt, Attempt.quiz_id == quiz_id, AttemptItem.position == position, counting())
        .order_by(SubmissionItem.id.desc())
        .limit(1)
    )
    row = tx.session.execute(query).first()
    if row is None:
        return None
    if row[9] is not None:
        grading = tx.session.get(Grading, row[9])
    else:
        newest = select(Grading).where(Grading.submission_item_id == row[0]).order_by(Grading.id.desc()).limit(1)
        grading = tx.session.scalar(newest)
    number, attempt_id, weight, name, login, version, rendered, solution, answers, _ = row
    return Answered(number, attempt_id, weight, name, login, version, rendered, solution, answers, grading)


def gradings(tx: Transaction, item_id: int) -> list[Grading]:
    """Every grading of a submitted question, newest first."""
    query = select(Grading).where(Grading.submission_item_id == item_id).order_by(Grading.id.desc())
    return list(tx.session.scalars(query))


def frozen(tx: Transaction, item_ids: Sequence[int]) -> Iterator[Frozen]:
    """The answers of these submitted questions."""
    for start in range(0, len(item_ids), AT_ONCE):
        query = (
            select(SubmissionItem.id, AttemptItem.variant_id, SubmissionItem.answers_frozen)
            .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
            .where(SubmissionItem.id.in_(item_ids[start : start + AT_ONCE]))
        )
        for row in tx.session.execute(query):
            yield Frozen(*row)


def variants(tx: Transaction, ids: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """What these variants show, and their solutions."""
    for start in range(0, len(ids), AT_ONCE):
        query = select(Variant.id, Variant.rendered, Variant.solution)
        for row in tx.session.execute(query.where(Variant.id.in_(ids[start : start + AT_ONCE]))):
            yield row[0], row[1], row[2]


def credits(tx: Transaction, item_ids: Collection[int]) -> dict[int, Mapping[str, Any] | None]:
    """What these submitted questions are credited with at the moment."""
    query = (
        select(SubmissionItem.id, Grading.credit)
        .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
        .where(SubmissionItem.id.in_(item_ids))
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def decided(tx: Transaction, item_ids: Collection[int], part: str) -> list[tuple[Judgement, str]]:
    """What people decided about a part of these submitted questions, oldest first, each with the person's name."""
    query = (
        select(Judgement, PersonRow.name)
        .join(PersonRow, PersonRow.id == Judgement.person_id)
        .where(Judgement.submission_item_id.in_(item_ids), Judgement.part == part, Judgement.round == 1)
        .order_by(Judgement.id)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def decided_last(
    tx: Transaction, quiz_id: int, question: str, part: str, person_id: int, before: int | None = None
) -> list[Judgement]:
    """What a person decided last at the desk, and all at once, about a part of a question in a quiz.

    `before`: of what was decided before the judgement of that number.
    """
    mine = _at_desk(quiz_id, question, part, person_id)
    if before is not None:
        mine = mine.where(Judgement.id < before)
    newest = tx.session.scalar(mine.order_by(Judgement.id.desc()).limit(1))
    if newest is None:
        return []
    return list(tx.session.scalars(mine.where(Judgement.created_at == newest.created_at).order_by(Judgement.id)))


def has_decided(tx: Transaction, quiz_id: int, question: str, part: str, person_id: int) -> bool:
    """Whether a person has decided anything at the desk about a part of a question in a quiz."""
    mine = _at_desk(quiz_id, question, part, person_id)
    return tx.session.scalar(mine.with_only_columns(Judgement.id).limit(1)) is not None


def _at_desk(quiz_id: int, question: str, part: str, person_id: int) -> Select[Judgement]:
    return (
        select(Judgement)
        .join(SubmissionItem, SubmissionItem.id == Judgement.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(
            Attempt.quiz_id == quiz_id,
            QuestionVersion.question == question,
            Judgement.part == part,
            Judgement.person_id == person_id,
            Judgement.round == 1,
            Judgement.regrade_id.is_(None),
            Judgement.at_desk,
            counting(),
        )
    )


def markers(
    tx: Transaction, quiz_id: int, version_ids: Sequence[int] | None = None, part: str | None = None
) -> list[tuple[int, str, int, str]]:
    """Who decided last about a part of a submitted question: item, part, person, name.

    Of what was decided there; a criterion that was taken back, or a mere comment, is as if nobody had decided about it.
    """
    newest = (
        select(func.max(Judgement.id))
        .join(SubmissionItem, SubmissionItem.id == Judgement.submission_item_id)
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .join(Attempt, Attempt.id == Submission.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, Judgement.round == 1, Judgement.regrade_id.is_(None))
        .where(~Submission.superseded, by_enrolled())
        .group_by(Judgement.submission_item_id, Judgement.part, Judgement.criterion)
    )
    if version_ids is not None:
        newest = newest.join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        newest = newest.where(AttemptItem.question_version_id.in_(version_ids))
    if part is not None:
        newest = newest.where(Judgement.part == part)
    query = (
        select(Judgement.submission_item_id, Judgement.part, Judgement.person_id, PersonRow.name)
        .join(PersonRow, PersonRow.id == Judgement.person_id)
        .where(Judgement.id.in_(newest), ~Judgement.withdrawn, func.coalesce(Judgement.repeats, 1) != 0)
        .order_by(Judgement.id)
    )
    found = {(item, part): (item, part, person, name) for item, part, person, name in tx.session.execute(query)}
    return list(found.values())


def questions_of(tx: Transaction, quiz_id: int) -> dict[int, str]:
    """The question of every submitted question of a quiz about which somebody has decided or that somebody marks."""
    touched = select(Judgement.submission_item_id).union(select(Claim.submission_item_id)).subquery()
    query = (
        select(SubmissionItem.id, QuestionVersion.question)
        .join(touched, touched.c.submission_item_id == SubmissionItem.id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(Attempt.quiz_id == quiz_id, counting())
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}
