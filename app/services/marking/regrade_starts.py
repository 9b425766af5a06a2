"""Beginning a regrade: what is to be changed for everybody, and why. Nothing counts before somebody has applied it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.courses.membership import Membership
from app.services.marking.regrading import worths
from app.services.marking.same_answers import answer_lines, same_answer
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.quizzes.quizzes import new_public_id
from app.storage import attempts, questions, regrades, submissions
from app.storage.regrades import Given
from app.storage.tables import Quiz, Regrade

LONGEST_REASON = 1000
OTHER_VARIANTS = (
    "Version {number} of this question asks something else than what was sat, so answers cannot be graded by it. "
    "Only changes of how answers are graded can be applied afterwards."
)


@dataclass(frozen=True, slots=True)
class NewerVersion:
    """A question of a quiz with another version that may count instead. `why_not`: what speaks against it."""

    question: str
    title: str
    counts: tuple[int, ...]
    number: int
    newest: bool
    answers: int
    same_facts: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class PartOfAttempt:
    """A part that a regrade is to begin from: of which question, called what, and what was answered there.

    Without `part`, label and name it is the whole question.
    """

    question: str
    title: str
    part: str
    label: str
    name: str
    answer: tuple[str, ...]


def choices(tx: Transaction, course_id: int, quiz_id: str) -> tuple[NewerVersion, ...]:
    """Versions of the quiz's questions that are newer than what counts, the newest of each question first.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    by_question: dict[str, list[regrades.Asked]] = {}
    for one in regrades.asked(tx, quiz.id):
        by_question.setdefault(one.question, []).append(one)
    found = []
    for question, asked in by_question.items():
        history = questions.history(tx, question)
        hashes = {line.id: line.observe_hash for line in history}
        for line in history:
            others = [one for one in asked if one.number < line.number]
            if not others:
                continue
            fitting = [one for one in others if one.variant_hash == line.variant_hash]
            found.append(
                NewerVersion(
                    question=question,
                    title=line.title,
                    counts=tuple(one.number for one in asked),
                    number=line.number,
                    newest=line is history[0],
                    answers=sum(one.answers for one in fitting),
                    same_facts=all(hashes[one.version_id] == line.observe_hash for one in fitting),
                    why_not="" if fitting else OTHER_VARIANTS.format(number=line.number),
                )
            )
    return tuple(found)


def software_of(tx: Transaction, course_id: int, quiz_id: str) -> Mapping[str, int]:
    """How many answers of a quiz count by which software.

    Raises:
        NotFound: the course has no such quiz.
    """
    return regrades.software(tx, quiz_of_course(tx, course_id, quiz_id).id)


def with_version(
    tx: Transaction,
    membership: Membership,
    quiz_id: str,
    question: str,
    number: int,
    reason: str,
    wake: Callable[[], None],
) -> str:
    """Prepare grading a question by the rubric of another version of it; the regrade's public id.

    Where only the rubric differs, no grader runs: credit is computed from what was observed.

    Raises:
        NotFound: no such quiz in this course, no such version, or nobody has handed in this question.
        InvalidInput: the version asks something else (place "version"), or there is no reason (place "reason").
        NotAllowed: the course is archived.
    """
    quiz = _quiz(tx, membership, quiz_id)
    target = next((line for line in questions.history(tx, question) if line.number == number), None)
    asked = [one for one in regrades.asked(tx, quiz.id) if one.question == question]
    if target is None or not asked:
        raise NotFound("There is no such version of a question that was handed in at this quiz.")
    if all(one.variant_hash != target.variant_hash for one in asked):
        raise InvalidInput(OTHER_VARIANTS.format(number=number), "version")
    details = {
        "question": question,
        "title": target.title,
        "version_id": target.id,
        "number": target.number,
        "before": sorted(one.number for one in asked if one.version_id != target.id),
        "variant_hash": target.variant_hash,
    }
    return _begin(tx, membership, quiz, "rubric", reason, details, wake)


def with_software(tx: Transaction, membership: Membership, quiz_id: str, reason: str, wake: Callable[[], None]) -> str:
    """Prepare grading the whole quiz with the graders of today; the regrade's public id.

    Raises:
        NotFound: the course has no such quiz.
        InvalidInput: there is no reason (place "reason").
        NotAllowed: the course is archived.
    """
    return _begin(tx, membership, _quiz(tx, membership, quiz_id), "software", reason, {}, wake)


def about_part(
    kind: Literal["void", "accept"],
    tx: Transaction,
    membership: Membership,
    quiz_id: str,
    attempt_id: str,
    position: int,
    part: str,
    reason: str,
    wake: Callable[[], None],
) -> str:
    """Prepare giving all points of a part, or (`void`, no part) of a whole question; the regrade's public id.

    `void`: to everybody, whatever they answered; `accept`: to everybody who answered it as this attempt did.

    Raises:
        NotFound: no such part in that attempt at this quiz, or it is not graded.
        Conflict: an answer is to be accepted where none was given.
        InvalidInput: there is no reason (place "reason").
        NotAllowed: the course is archived.
    """
    quiz = _quiz(tx, membership, quiz_id)
    found, shown, given = _part(tx, quiz, attempt_id, position, part)
    details = asdict(found)
    answer = details.pop("answer")
    if kind == "accept":
        same = same_answer(shown, given, part)
        if not same:
            raise Conflict("Nothing was answered there, so there is no answer to accept.")
        details |= {"same": same, "answer": list(answer)}
    return _begin(tx, membership, quiz, kind, reason, details, wake)


void, accept = partial(about_part, "void"), partial(about_part, "accept")


def part_of_attempt(
    tx: Transaction, course_id: int, quiz_id: str, attempt_id: str, position: int, part: str
) -> PartOfAttempt:
    """The part that a regrade is to begin from; without a part the whole question.

    Raises:
        NotFound: no such part in that attempt at a quiz of this course, or it is not graded.
    """
    return _part(tx, quiz_of_course(tx, course_id, quiz_id), attempt_id, position, part)[0]


def _quiz(tx: Transaction, membership: Membership, quiz_id: str) -> Quiz:
    refuse_archived(tx, membership.course_id)
    return quiz_of_course(tx, membership.course_id, quiz_id)


def _part(
    tx: Transaction, quiz: Quiz, attempt_id: str, position: int, part: str
) -> tuple[PartOfAttempt, dict[str, Any], Given]:
    found = attempts.attempt(tx, attempt_id)
    submission = submissions.submission_of(tx, found[0].id) if found and found[0].quiz_id == quiz.id else None
    for item in attempts.items(tx, found[0].id) if found and submission else ():
        whole: dict[str, Any] = {"id": ""}
        shown = next((one for one in (*item.variant.rendered["parts"], whole) if one["id"] == part), None)
        if item.position != position or shown is None or submission is None:
            continue
        handed_in = next(one for one in submissions.items(tx, submission.id) if one.attempt_item_id == item.id)
        if not worths(tx, handed_in.version_id or item.question_version_id, part):
            break
        rendered = item.variant.rendered
        given = Given(handed_in.id, item.variant_id, item.variant.variant_hash, handed_in.answers_frozen)
        view = PartOfAttempt(
            item.question_version.question,
            rendered["title"],
            part,
            shown.get("label") or "",
            shown.get("title") or "",
            tuple(answer_lines(rendered, given.answers, part)) if same_answer(rendered, given, part) else (),
        )
        return view, rendered, given
    raise NotFound("There is no such graded part in an attempt that was handed in at this quiz.")


def _begin(
    tx: Transaction,
    membership: Membership,
    quiz: Quiz,
    kind: str,
    reason: str,
    details: dict[str, Any],
    wake: Callable[[], None],
) -> str:
    reason = reason.strip()
    if not reason:
        raise InvalidInput("Say why in a sentence: students whose marks change will read it.", "reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"A reason has at most {LONGEST_REASON} characters.", "reason")
    row = Regrade(
        public_id=new_public_id(),
        quiz_id=quiz.id,
        kind=kind,
        state="preparing",
        reason=reason,
        details=details,
        person_id=membership.person.id,
        created_at=tx.now(),
    )
    regrades.add(tx, row)
    tx.record(membership.person.id, "began a regrade", f"regrade {row.public_id}", kind=kind, quiz=quiz.public_id)
    tx.afterwards(wake)
    return row.public_id
