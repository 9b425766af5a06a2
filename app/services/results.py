"""Results: what every part is worth and why, with the worked solution of this very variant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from app.domain.errors import NotAllowed, NotFound
from app.services.attempts import attempt_of
from app.services.exam_pages import FieldView, part_view
from app.services.releases import release_states
from app.services.terms import terms_for
from app.services.transactions import Transaction
from app.storage import attempts, gradings, quizzes, submissions
from app.storage.changes import SURVEY
from app.storage.tables import Attempt, AttemptItem, Quiz, Submission, SubmissionItem

State: TypeAlias = Literal["being graded", "waits for a person", "graded"]
WORDS: Mapping[str, State] = {"needs-person": "waits for a person", "graded": "graded", "invalid": "graded"}


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One line of the rubric. `own`: by the student's earlier answers; `person`: somebody has decided."""

    id: str
    says: str
    why: str
    points: Fraction
    upto: Fraction
    max: Fraction
    own: bool
    person: bool
    level: int
    alternative: bool


@dataclass(frozen=True, slots=True)
class PartResult:
    """One part: what was answered, what it earned and why, and the solution (HTML).

    `words` marks the student's own words by field, as (start, end, mark). `surveyed` are fields in which something
    was said that is kept elsewhere, without its person.
    """

    id: str
    label: str
    title: str
    state: State
    points: Fraction
    upto: Fraction
    max: Fraction
    score: str
    prompt: str
    fields: tuple[FieldView, ...]
    criteria: tuple[CriterionResult, ...]
    mistakes: tuple[str, ...]
    notes: tuple[str, ...]
    feedback: tuple[tuple[str, str], ...]
    words: Mapping[str, tuple[tuple[int, int, str], ...]]
    solution: str
    surveyed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question. `cause` says why no grader could decide; the answer is kept, and a person will."""

    position: int
    title: str
    stem: str
    state: State
    cause: str
    points: Fraction
    upto: Fraction
    max: Fraction
    readings: tuple[str, ...]
    invalid: tuple[tuple[str, str], ...]
    solution_stem: str
    parts: tuple[PartResult, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """A whole attempt, graded as far as it is. `points` is sure; up to `upto` is possible. `preview`: of the staff."""

    attempt_id: str
    quiz_id: str
    quiz_title: str
    number: int
    handed_in_at: datetime
    receipt: str
    state: State
    points: Fraction
    upto: Fraction
    max: Fraction
    may_try_again: bool
    items: tuple[ItemResult, ...]
    preview: bool = False


@dataclass(frozen=True, slots=True)
class Withheld:
    """All there is to say before marks are released; `marks_at` says when they will be, if that is known."""

    attempt_id: str
    quiz_id: str
    quiz_title: str
    number: int
    handed_in_at: datetime
    receipt: str
    marks_at: datetime | None
    may_try_again: bool


def withheld(tx: Transaction, person_id: int, attempt_id: str) -> Withheld | None:
    """What to say instead of the result of a person's own attempt; None when marks are released.

    Raises:
        NotFound: no such attempt of this person, or not handed in yet.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    submission = _submission(tx, attempt)
    release = release_states(tx, [quiz])[quiz.id]
    if release.shown or quizzes.only_looks(tx, quiz.course_id, person_id):
        return None
    return Withheld(
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        handed_in_at=submission.at,
        receipt=submission.receipt,
        marks_at=release.at,
        may_try_again=_may_try_again(tx, attempt, quiz),
    )


def result(tx: Transaction, person_id: int, attempt_id: str) -> ResultView:
    """The result of a person's own attempt.

    Raises:
        NotFound: no such attempt of this person, or not handed in yet.
        NotAllowed: the marks have not been released.
    """
    if withheld(tx, person_id, attempt_id) is not None:
        raise NotAllowed("The marks of this quiz have not been released yet.")
    return result_of(tx, *attempt_of(tx, person_id, attempt_id))


def result_of(tx: Transaction, attempt: Attempt, quiz: Quiz) -> ResultView:
    """The result of anybody's attempt, for who may see it.

    Raises:
        NotFound: the attempt has not been handed in yet.
    """
    submission = _submission(tx, attempt)
    handed_in = {item.attempt_item_id: item for item in submissions.items(tx, submission.id)}
    items = tuple(_item(tx, item, handed_in[item.id]) for item in attempts.items(tx, attempt.id, solutions=True))
    nothing = Fraction(0)
    return ResultView(
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        handed_in_at=submission.at,
        receipt=submission.receipt,
        state=_worst([item.state for item in items]),
        points=sum((item.points for item in items), nothing),
        upto=sum((item.upto for item in items), nothing),
        max=sum((item.max for item in items), nothing),
        may_try_again=_may_try_again(tx, attempt, quiz),
        items=items,
        preview=quizzes.only_looks(tx, quiz.course_id, attempt.person_id),
    )


def _worst(states: list[State]) -> State:
    if "being graded" in states:
        return "being graded"
    return "waits for a person" if "waits for a person" in states else "graded"


def _may_try_again(tx: Transaction, attempt: Attempt, quiz: Quiz) -> bool:
    taken = attempts.attempts_of(tx, attempt.person_id, [quiz.id])
    if quizzes.only_looks(tx, quiz.course_id, attempt.person_id):
        return False  # staff begin previews in the course
    archived = quizzes.course(tx, quiz.course_id).archived_at is not None
    terms = terms_for(tx, quiz, attempt.person_id, preview=False, archived=archived)
    return not any(one.state == "open" for one in taken) and not terms.why_not_start(tx.now(), len(taken))


def _submission(tx: Transaction, attempt: Attempt) -> Submission:
    found = submissions.submission_of(tx, attempt.id)
    if found is None:
        raise NotFound("This attempt has not been handed in yet.")
    return found


def _item(tx: Transaction, item: AttemptItem, handed_in: SubmissionItem) -> ItemResult:
    shown, solution, weight = item.variant.rendered, item.variant.solution, item.weight
    grading = handed_in.current_grading
    most = weight * item.question_version.points
    credit: Mapping[str, Any] = (grading.credit or {}) if grading is not None else {}
    state: State = "being graded" if grading is None else WORDS[grading.state]
    cause = ""
    if grading is not None and grading.credit is None:
        cause = gradings.cause_of(tx, grading.observation_id)
    by_part = {part["id"]: part for part in credit.get("parts", ())}
    stored = {name: (value, 0) for name, value in handed_in.answers_frozen.items()}
    said = frozenset(handed_in.answers_frozen.get(SURVEY, ()))
    return ItemResult(
        position=item.position,
        title=shown["title"],
        stem=shown["stem"],
        state=state,
        cause=cause,
        points=weight * grading.points if grading is not None else Fraction(0),
        upto=weight * grading.upto if grading is not None else most,
        max=weight * grading.max if grading is not None else most,
        readings=tuple(reading["says"] for reading in credit.get("readings", ()) if reading["says"]),
        invalid=tuple((entry["field"], entry["why"]) for entry in credit.get("invalid", ())),
        solution_stem=solution.get("stem", ""),
        parts=tuple(
            _part(part, weight, stored, state, by_part.get(part["id"]), solution.get("parts", {}), said)
            for part in shown["parts"]
        ),
    )


def _part(
    shown: Mapping[str, Any],
    weight: Fraction,
    stored: Mapping[str, tuple[Any, int]],
    state: State,
    credit: Mapping[str, Any] | None,
    solutions: Mapping[str, str],
    said: Collection[str],
) -> PartResult:
    view = part_view(shown, weight, stored)
    credited: Mapping[str, Any] = credit or {}
    return PartResult(
        id=view.id,
        label=view.label,
        title=view.title,
        state=WORDS[credit["state"]] if credit is not None else state,
        points=weight * Fraction(credited.get("points", 0)),
        upto=weight * Fraction(credited["upto"]) if credited else view.points,
        max=weight * Fraction(credited["max"]) if credited else view.points,
        score=view.score,
        prompt=view.prompt,
        fields=view.fields,
        criteria=tuple(_criterion(line, weight) for line in credited.get("criteria", ())),
        mistakes=tuple(mistake["says"] for mistake in credited.get("mistakes", ()) if mistake["says"]),
        notes=tuple(credited.get("notes", ())),
        feedback=tuple((entry["field"], entry["says"]) for entry in credited.get("feedback", ())),
        words={
            name: tuple((int(start), int(end), str(mark)) for start, end, mark in found)
            for name, found in (credited.get("words") or {}).items()
        },
        solution=solutions.get(view.id, ""),
        surveyed=tuple(field.id for field in view.fields if field.id in said),
    )


def _criterion(line: Mapping[str, Any], weight: Fraction) -> CriterionResult:
    return CriterionResult(
        id=line["id"],
        says=line.get("says", ""),
        why=line.get("why", ""),
        points=weight * Fraction(line["points"]),
        upto=weight * Fraction(line.get("upto", line["points"])),
        max=weight * Fraction(line["max"]),
        own=bool(line.get("own")),
        person=bool(line.get("person")),
        level=int(line.get("level", 0)),
        alternative=bool(line.get("alternative", False)),
    )
