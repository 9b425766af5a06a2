"""Results: what every part is worth and why, with the worked solution of this very variant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from app.domain.deductions import WHOLE, Left, after_deductions
from app.domain.errors import NotAllowed, NotFound
from app.domain.texts import PREFERRED
from app.services.bank.translations import asked_in, credit_in, solved_in
from app.services.operating.transactions import Transaction
from app.services.quizzes.quiz_sections import headings_of
from app.services.quizzes.releases import EVERYTHING, Releases, releases_of
from app.services.quizzes.terms import terms_for
from app.services.results import deductions
from app.services.results.deductions import DeductionChange
from app.services.results.part_decisions import Comments, Given, comments_of, given_by_regrade
from app.services.sitting.attempts import attempt_of
from app.services.sitting.exam_pages import FieldView, part_view
from app.storage import attempts, gradings, quizzes, submissions
from app.storage.changes import SURVEY
from app.storage.tables import Attempt, AttemptItem, Grading, PracticeCheck, Quiz, Submission, SubmissionItem

State: TypeAlias = Literal["being graded", "waits for a person", "graded"]
NO_COMMENTS: Mapping[tuple[str, str], str] = {}
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
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PartResult:
    """One part: what was answered, what it earned and why, and the solution (HTML).

    `words` marks the student's own words by field, as (start, end, mark). `surveyed` are fields in which something
    was said that is kept elsewhere, without its person. `adjustment`: what a person moved the whole part by;
    `given`: the regrade that did it.
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
    adjustment: Fraction = Fraction(0)
    comment: str = ""
    given: Given = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question. `cause` says why no grader could decide; the answer is kept, and a person will.

    `language` and `solution_language`: those that its texts are in. `heading`: of the section that begins with it.
    """

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
    language: str = PREFERRED
    solution_language: str = PREFERRED
    heading: str = ""


@dataclass(frozen=True, slots=True)
class ResultView:
    """A whole attempt, graded as far as it is. `points` is sure; up to `upto` is possible. `preview`: of the staff.

    `seen` says what of it is shown here; the rest is left out. Its questions come to `earned` (up to `earned_upto`), of
    which `left` is left after deductions; `deducted` says how these changed since.
    """

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
    seen: Releases = EVERYTHING
    time_zone: str = "UTC"
    earned: Fraction = Fraction(0)
    earned_upto: Fraction = Fraction(0)
    left: Left = WHOLE
    deducted: tuple[DeductionChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """All there is to say before marks are released; `marks_at` says when they will be, if that is known.

    `items` are there when solutions are shown already: questions, answers and solutions, without a word about points.
    """

    attempt_id: str
    quiz_id: str
    quiz_title: str
    number: int
    handed_in_at: datetime
    receipt: str
    marks_at: datetime | None
    may_try_again: bool
    seen: Releases
    items: tuple[ItemResult, ...] = ()
    left: Left = WHOLE


def withheld(tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED) -> Withheld | None:
    """What to say instead of the result of a person's own attempt; None when marks are released.

    Raises:
        NotFound: no such attempt of this person, or not handed in yet.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    submission = _submission(tx, attempt)
    seen = releases_of(tx, quiz)
    if seen.marks.shown or quizzes.only_looks(tx, quiz.course_id, person_id):
        return None
    return Withheld(
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        handed_in_at=submission.at,
        receipt=submission.receipt,
        marks_at=seen.marks.at,
        may_try_again=_may_try_again(tx, attempt, quiz),
        seen=seen,
        items=result_of(tx, attempt, quiz, language, seen).items if seen.solutions.shown else (),
        left=deductions.left_of(submission),
    )


def result(tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED) -> ResultView:
    """The result of a person's own attempt, in that language where its questions have it.

    Raises:
        NotFound: no such attempt of this person, or not handed in yet.
        NotAllowed: the marks have not been released.
    """
    if withheld(tx, person_id, attempt_id) is not None:
        raise NotAllowed("The marks of this quiz have not been released yet.")
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    looks = quizzes.only_looks(tx, quiz.course_id, person_id)
    return result_of(tx, attempt, quiz, language, EVERYTHING if looks else releases_of(tx, quiz))


def result_of(
    tx: Transaction, attempt: Attempt, quiz: Quiz, language: str = PREFERRED, seen: Releases = EVERYTHING
) -> ResultView:
    """The result of anybody's attempt, for who may see it; what is not to be `seen` is left out.

    Raises:
        NotFound: the attempt has not been handed in yet.
    """
    submission = _submission(tx, attempt)
    handed_in = {item.attempt_item_id: item for item in submissions.items(tx, submission.id)}
    found = attempts.items(tx, attempt.id, solutions=True)
    comments, given = comments_of(tx, handed_in.values()), given_by_regrade(tx, handed_in.values())
    headings = headings_of(tx, quiz.id, [item.section for item in found])
    items = tuple(
        replace(_seen(_item(tx, item, handed_in[item.id], language, comments, given), seen), heading=heading)
        for item, heading in zip(found, headings, strict=True)
    )
    nothing = Fraction(0)
    earned = sum((item.points for item in items), nothing)
    earned_upto = sum((item.upto for item in items), nothing)
    left = deductions.left_of(submission)
    return ResultView(
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        handed_in_at=submission.at,
        receipt=submission.receipt,
        state=_worst([item.state for item in items]),
        points=after_deductions(earned, left.factor),
        upto=after_deductions(earned_upto, left.factor),
        max=sum((item.max for item in items), nothing),
        may_try_again=_may_try_again(tx, attempt, quiz),
        items=items,
        preview=quizzes.only_looks(tx, quiz.course_id, attempt.person_id),
        seen=seen,
        time_zone=quizzes.course(tx, quiz.course_id).time_zone,
        earned=earned,
        earned_upto=earned_upto,
        left=left,
        deducted=deductions.changes(tx, attempt),
    )


def _seen(item: ItemResult, seen: Releases) -> ItemResult:
    """A question without what its student does not see yet."""
    nothing = Fraction(0)
    parts = item.parts
    if not seen.solutions.shown:
        item = replace(item, solution_stem="")
        parts = tuple(replace(part, solution="") for part in parts)
    if not seen.feedback.shown:
        item = replace(item, readings=(), invalid=())
        silent: dict[str, Any] = {"criteria": (), "mistakes": (), "notes": (), "feedback": (), "words": {}}
        parts = tuple(replace(part, adjustment=nothing, comment="", given="", **silent) for part in parts)
    if not seen.marks.shown:
        unknown: dict[str, Any] = {"state": "being graded", "points": nothing, "upto": nothing}
        item = replace(item, cause="", **unknown)
        parts = tuple(replace(part, **unknown) for part in parts)
    return replace(item, parts=parts)


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


def _item(
    tx: Transaction,
    item: AttemptItem,
    handed_in: SubmissionItem,
    language: str,
    comments: Comments,
    given: Mapping[tuple[int, str], Given],
) -> ItemResult:
    grading = handed_in.current_grading
    state: State = "being graded" if grading is None else WORDS[grading.state]
    cause = ""
    if grading is not None and grading.credit is None:
        cause = gradings.cause_of(tx, grading.observation_id)
    told = {key[1:]: comment for key, comment in comments.items() if key[0] == handed_in.id}
    found = item_result(item, handed_in.answers_frozen, grading, state, language, cause, told)
    return replace(
        found, parts=tuple(replace(part, given=given.get((handed_in.id, part.id), "")) for part in found.parts)
    )


def item_result(
    item: AttemptItem,
    answers: Mapping[str, Any],
    graded: Grading | PracticeCheck | None,
    state: State,
    language: str = PREFERRED,
    cause: str = "",
    told: Mapping[tuple[str, str], str] = NO_COMMENTS,
) -> ItemResult:
    """One question with these answers and what they are credited with; `told`: comments by part and criterion."""
    shown, spoken = asked_in(item.variant.rendered, language)
    solution, solved = solved_in(item.variant.solution, language)
    weight = item.weight
    most = weight * item.question_version.points
    credit: Mapping[str, Any] = credit_in(graded.credit or {}, language) if graded is not None else {}
    by_part = {part["id"]: part for part in credit.get("parts", ())}
    stored = {name: (value, 0) for name, value in answers.items()}
    said = frozenset(answers.get(SURVEY, ()))
    return ItemResult(
        position=item.position,
        title=shown["title"],
        stem=shown["stem"],
        state=state,
        cause=cause,
        points=weight * graded.points if graded is not None else Fraction(0),
        upto=weight * graded.upto if graded is not None else most,
        max=weight * graded.max if graded is not None else most,
        readings=tuple(reading["says"] for reading in credit.get("readings", ()) if reading["says"]),
        invalid=tuple((entry["field"], entry["why"]) for entry in credit.get("invalid", ())),
        solution_stem=solution.get("stem", ""),
        parts=tuple(
            _part(part, weight, stored, state, by_part.get(part["id"]), solution.get("parts", {}), said, told)
            for part in shown["parts"]
        ),
        language=spoken,
        solution_language=solved,
    )


def _part(
    shown: Mapping[str, Any],
    weight: Fraction,
    stored: Mapping[str, tuple[Any, int]],
    state: State,
    credit: Mapping[str, Any] | None,
    solutions: Mapping[str, str],
    said: Collection[str],
    told: Mapping[tuple[str, str], str],
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
        criteria=tuple(
            _criterion(line, weight, told.get((view.id, line["id"]), "")) for line in credited.get("criteria", ())
        ),
        mistakes=tuple(mistake["says"] for mistake in credited.get("mistakes", ()) if mistake["says"]),
        notes=tuple(credited.get("notes", ())),
        feedback=tuple((entry["field"], entry["says"]) for entry in credited.get("feedback", ())),
        words={
            name: tuple((int(start), int(end), str(mark)) for start, end, mark in found)
            for name, found in (credited.get("words") or {}).items()
        },
        solution=solutions.get(view.id, ""),
        surveyed=tuple(field.id for field in view.fields if field.id in said),
        adjustment=weight * Fraction(credited.get("adjustment", 0)),
        comment=told.get((view.id, ""), ""),
    )


def _criterion(line: Mapping[str, Any], weight: Fraction, comment: str) -> CriterionResult:
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
        comment=comment,
    )
