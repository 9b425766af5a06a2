"""Deductions for late and repeated attempts: judged at hand-in, anew where somebody had more time, and waived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from app.domain.deductions import WHOLE, Left, Rules, left, left_from, written
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.quizzes.terms import terms_for
from app.storage import deductions as stored
from app.storage import quizzes
from app.storage.changes import FLAG
from app.storage.tables import Answer, Attempt, FactorChange, Quiz, Submission

Kind: TypeAlias = Literal["waived", "waiver withdrawn", "more time"]

IN_TIME = timedelta(seconds=60)
"""So long after the due time work still is in time, where a quiz says nothing else: what was typed before it may
arrive after it."""
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class DeductionChange:
    """Another factor of an attempt than before: its kind, and what was said about it."""

    at: datetime
    kind: Kind
    before: Fraction
    after: Fraction
    reason: str


def rules_of(quiz: Quiz) -> Rules:
    """What a quiz takes for lateness and repetition."""
    return Rules(quiz.late_days or 0, quiz.late_percent or 0, quiz.decay_percent or 0)


def deducts(quiz: Quiz) -> bool:
    """Whether a quiz takes anything for lateness or repetition."""
    rules = rules_of(quiz)
    return bool((rules.late_days and rules.late_percent) or rules.decay_percent)


def judged_until(quiz: Quiz, done_at: datetime) -> datetime:
    """The moment by which lateness is judged: what arrives a little late was there in time."""
    return done_at - (IN_TIME if quiz.grace_seconds is None else timedelta(seconds=quiz.grace_seconds))


def due_of(tx: Transaction, attempt: Attempt, quiz: Quiz) -> datetime | None:
    """When an attempt is due: the closing time as it holds for its person, and what time was given while it ran."""
    ends_at = terms_for(tx, quiz, attempt.person_id, preview=False).ends_at
    return None if ends_at is None else ends_at + timedelta(seconds=attempt.added_seconds or 0)


def last_saved(answers: Mapping[int, Mapping[str, Answer]], handed_in_at: datetime) -> datetime:
    """When the last answer of an attempt changed; without answers, when it was handed in."""
    times = (one.saved_at for of in answers.values() for name, one in of.items() if name != FLAG)
    return min(max(times, default=handed_in_at), handed_in_at)


def judge(tx: Transaction, attempt: Attempt, quiz: Quiz, submission: Submission, done_at: datetime) -> None:
    """Freeze what is left of the points of an attempt that has been handed in.

    It is late when its answers were there (`done_at`) late, whenever "hand in" was pressed: what was saved in time
    and left alone costs nothing, also where the server hands it in days later.
    """
    submission.done_at = done_at
    if deducts(quiz):
        looks = quizzes.only_looks(tx, quiz.course_id, attempt.person_id)
        kept = looks or attempt.id in stored.waived(tx, [attempt.id])
        _keep(submission, WHOLE if kept else _left(tx, attempt, quiz, done_at))
    tx.session.flush()


def judge_anew(tx: Transaction, quiz: Quiz, by: int, person_id: int | None = None) -> int:
    """Judge attempts at a quiz (or those of one person) by today's rules and closing times; how many lose less now.

    For when somebody is given more time after they handed in. Nobody loses more than before.
    """
    found = stored.reduced(tx, quiz.id, person_id)
    better = 0
    for attempt, submission in found:
        # Fewer late days than there were do not make early what came on one of them.
        days = max([one.count for one in left_of(submission).deductions if one.kind == "late"], default=0)
        rules = replace(rules_of(quiz), late_days=max(days, quiz.late_days))
        now_left = _left(tx, attempt, quiz, submission.done_at or submission.at, rules)
        if now_left.factor > submission.factor:
            _change(tx, attempt, submission, now_left, "more time", by, "")
            better += 1
    return better


def waive(tx: Transaction, membership: Membership, quiz_id: str, attempt_id: str, reason: str) -> None:
    """Let an attempt keep all of its points, late or repeated; its student reads the reason.

    Raises:
        NotAllowed: the course is archived.
        NotFound: there is no such quiz in this course, or no such attempt that has been handed in.
        Conflict: nothing is deducted.
        InvalidInput: no reason, or too long a one.
    """
    attempt, _, submission = _found(tx, membership, quiz_id, attempt_id)
    said = _reason(reason)
    if submission.deductions is None:
        raise Conflict("Nothing is deducted from this attempt.")
    _change(tx, attempt, submission, WHOLE, "waived", membership.person.id, said)


def deduct_again(tx: Transaction, membership: Membership, quiz_id: str, attempt_id: str, reason: str) -> None:
    """Take back that deductions were waived: the rules of the quiz hold again.

    Raises:
        NotAllowed: the course is archived.
        NotFound: there is no such quiz in this course, or no such attempt that has been handed in.
        Conflict: nothing was waived.
        InvalidInput: no reason, or too long a one.
    """
    attempt, quiz, submission = _found(tx, membership, quiz_id, attempt_id)
    said = _reason(reason)
    if attempt.id not in stored.waived(tx, [attempt.id]):
        raise Conflict("No deduction of this attempt was waived.")
    again = _left(tx, attempt, quiz, submission.done_at or submission.at)
    _change(tx, attempt, submission, again, "waiver withdrawn", membership.person.id, said)


def changes(tx: Transaction, attempt: Attempt) -> tuple[DeductionChange, ...]:
    """How the deductions of an attempt changed, oldest first."""
    return tuple(
        DeductionChange(row.at, cast(Kind, row.kind), row.before, row.after, row.reason)
        for row in stored.changes(tx, attempt.id)
    )


def is_waived(found: Iterable[DeductionChange]) -> bool:
    """Whether, after all of these, deductions are waived."""
    kinds = [one.kind for one in found if one.kind in stored.WAIVERS]
    return bool(kinds) and kinds[-1] == "waived"


def left_at(tx: Transaction, attempt: Attempt, quiz: Quiz, done_at: datetime) -> Left:
    """What would be left of the points of an attempt whose last answer was there at that moment."""
    if attempt.id in stored.waived(tx, [attempt.id]):
        return WHOLE
    return _left(tx, attempt, quiz, done_at)


def lefts(tx: Transaction, attempt_ids: Sequence[int]) -> dict[int, Left]:
    """What is left, by number of the attempt's row, of those of these attempts that lose something."""
    return {attempt: left_from(one) for attempt, one in stored.of_attempts(tx, attempt_ids).items()}


def left_of(submission: Submission) -> Left:
    """What is left of the points of a submission, with the reasons."""
    return left_from(submission.deductions)


def _left(tx: Transaction, attempt: Attempt, quiz: Quiz, done_at: datetime, rules: Rules | None = None) -> Left:
    zone = zone_of(quizzes.course(tx, quiz.course_id).time_zone)
    return left(attempt.number, judged_until(quiz, done_at), due_of(tx, attempt, quiz), rules or rules_of(quiz), zone)


def _keep(submission: Submission, found: Left) -> None:
    submission.factor, submission.deductions = found.factor, written(found)


def _change(
    tx: Transaction, attempt: Attempt, submission: Submission, found: Left, kind: Kind, by: int, reason: str
) -> None:
    before = submission.factor
    _keep(submission, found)
    row = FactorChange(
        attempt_id=attempt.id,
        person_id=by,
        kind=kind,
        before=before,
        after=found.factor,
        reason=reason,
        at=tx.now(),
    )
    stored.add_change(tx, row)
    actions = {
        "waived": "waived a deduction",
        "waiver withdrawn": "took back a waiver",
        "more time": "judged lateness anew",
    }
    details = {"before": str(before), "after": str(found.factor), "reason": reason}
    tx.record(by, actions[kind], f"attempt {attempt.public_id}", **details)


def _found(tx: Transaction, membership: Membership, quiz_id: str, attempt_id: str) -> tuple[Attempt, Quiz, Submission]:
    refuse_archived(tx, membership.course_id)
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    found = stored.sat_at(tx, quiz.id, attempt_id)
    if found is None:
        raise NotFound("There is no such attempt at this quiz that has been handed in.")
    return found


def _reason(reason: str) -> str:
    said = " ".join(reason.split())
    if not said:
        raise InvalidInput("Say why: the student reads it.", place="reason")
    if len(said) > LONGEST_REASON:
        raise InvalidInput(f"A reason has at most {LONGEST_REASON} characters.", place="reason")
    return said
