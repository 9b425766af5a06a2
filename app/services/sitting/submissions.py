"""Handing in: answers are frozen, the receipt is a hash over them, grading is woken once it is on disk."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.domain.texts import PREFERRED
from app.domain.values import Json
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_attempt
from app.services.quizzes.quiz_sections import headings_of
from app.services.quizzes.terms import seconds_paused, terms_for
from app.services.results import deductions
from app.services.sitting import surveys
from app.services.sitting.attempts import attempt_of
from app.services.sitting.item_states import Holding, ItemState, states_of
from app.services.sitting.sitting_events import PRACTISED, happened
from app.storage import attempts, people, quizzes, submissions
from app.storage.changes import FLAG, SURVEY
from app.storage.tables import Attempt, AttemptItem, Quiz, Submission, SubmissionItem

MOST_SECONDS = 7 * 24 * 3600
"""For how long an attempt can be reopened."""


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """One question on the receipt: how many of its fields were answered. `heading`: of the section that it begins."""

    position: int
    title: str
    answered: int
    total: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a student keeps. `code`: a SHA-256 over everything handed in; `short`: its beginning."""

    code: str
    short: str
    attempt_id: str
    quiz_title: str
    person: str
    number: int
    at: datetime
    answered: int
    fields: int
    items: tuple[ReceiptItem, ...]


def hand_in(tx: Transaction, person_id: int, attempt_id: str, wake: Callable[[], None]) -> None:
    """Hand in an attempt; `wake` is called after COMMIT. Again: nothing happens.

    Raises:
        NotFound: there is no such attempt of this person.
        NotAllowed: it is practice.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id, lock=True)
    if quiz.mode == "practice":
        raise NotAllowed("What is practised is not handed in: finish it instead.")
    if attempt.state == "open":
        _freeze(tx, attempt, quiz, by=person_id)
        tx.afterwards(wake)


def hand_in_overdue(tx: Transaction, attempt_id: str, grace_seconds: float) -> None:
    """Hand in, for its owner, an attempt whose time is over; what was saved counts.

    Nothing happens where somebody has given it more time, or paused it, in the meantime.
    """
    found = attempts.attempt(tx, attempt_id, lock=True)
    if found is None or found[0].state != "open" or found[0].deadline_at is None:
        return
    if found[0].paused_at is None and grace_is_over(found[0].deadline_at, found[1], tx.now(), grace_seconds):
        _freeze(tx, *found, by=None)


def hand_in_for(tx: Transaction, attempt: Attempt, quiz: Quiz, by: int | None) -> None:
    """Hand in an open attempt, which is locked, for its owner, because one of the staff ends it."""
    if quiz.mode == "practice":
        finish_practice(tx, attempt, quiz, by)
    else:
        _freeze(tx, attempt, quiz, by=by, how="handed in by the staff")


def finish_practice(tx: Transaction, attempt: Attempt, quiz: Quiz, by: int | None) -> None:
    """End an open attempt, which is locked, in which somebody practised: without a submission nothing is graded."""
    surveys.set_apart(tx, attempt, quiz, attempts.items(tx, attempt.id), attempts.answers(tx, attempt.id))
    attempt.state = "handed in"
    attempt.paused_at = None
    tx.record(by, "finished practising", f"attempt {attempt.public_id}")
    tx.session.flush()
    happened(tx, quiz.id, attempt.id, "handed in", by=by, details={"how": PRACTISED})


def overdue(tx: Transaction, grace_seconds: float, limit: int = 100) -> list[str]:
    """Open attempts whose deadline and grace are over, the longest waiting first; paused ones are not."""
    now = tx.now()
    found = attempts.beyond_deadline(tx, now)
    return [one for one, deadline, quiz in found if grace_is_over(deadline, quiz, now, grace_seconds)][:limit]


def grace_is_over(deadline_at: datetime, quiz: Quiz, now: datetime, grace_seconds: float) -> bool:
    """Whether nothing can arrive any more; `grace_seconds` are the installation's, where the quiz has none.

    A second more than the lane allows: the last save that counts is on disk by then.
    """
    grace = grace_seconds if quiz.grace_seconds is None else quiz.grace_seconds
    return now > deadline_at + timedelta(seconds=grace + 1)


def receipt(tx: Transaction, person_id: int, attempt_id: str) -> Receipt:
    """The receipt of an attempt that has been handed in.

    Raises:
        NotFound: there is no such attempt of this person, or it is still open.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    return _receipt(tx, attempt, quiz)


def goes_on(tx: Transaction, person_id: int, attempt_id: str) -> bool:
    """Whether an attempt is open, so that there is no receipt and no result (again, where it was reopened).

    Raises:
        NotFound: there is no such attempt of this person.
    """
    return attempt_of(tx, person_id, attempt_id)[0].state == "open"


def receipt_is_true(tx: Transaction, person_id: int, attempt_id: str) -> bool:
    """Whether what is stored is still what the receipt was given for."""
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    return code_holds(tx, attempt, quiz, _submission(tx, attempt))


def code_holds(tx: Transaction, attempt: Attempt, quiz: Quiz, submission: Submission) -> bool:
    """Whether what is stored of a submission still gives the code on its receipt."""
    frozen = {item.attempt_item_id: item.answers_frozen for item in submissions.items(tx, submission.id)}
    items = attempts.items(tx, attempt.id)
    return _code(attempt, quiz, submission.at, items, frozen) == submission.receipt


def hand_in_again(
    tx: Transaction, attempt: Attempt, quiz: Quiz, by: int, how: str, made_at: datetime | None = None
) -> list[str]:
    """Freeze the answers of a handed-in attempt, which is locked, anew; the moment of the hand-in stays.

    What counted so far is superseded. `made_at`: when what is new in it counts as made; lateness is judged by that.
    The parts about which people's decisions do not carry over.
    """
    return _freeze(tx, attempt, quiz, by=by, how=how, at=_submission(tx, attempt).at, made_at=made_at)


def _freeze(
    tx: Transaction,
    attempt: Attempt,
    quiz: Quiz,
    by: int | None,
    how: str = "",
    at: datetime | None = None,
    made_at: datetime | None = None,
) -> list[str]:
    now = at or tx.now()
    before = submissions.newest(tx, attempt.id)
    items = attempts.items(tx, attempt.id, texts=before is not None)
    earlier = {one.attempt_item_id: one for one in submissions.items(tx, before.id)} if before is not None else {}
    stored = attempts.answers(tx, attempt.id)
    said = surveys.set_apart(tx, attempt, quiz, items, stored)
    for key, one in earlier.items():  # what was said in a survey before is still said
        names = [*one.answers_frozen.get(SURVEY, ()), *said.get(key, ())]
        said |= {key: list(dict.fromkeys(names))} if names else {}
    frozen: dict[int, dict[str, Any]] = {
        item.id: {
            name: answer.value
            for name, answer in sorted(stored.get(item.id, {}).items())
            if name != FLAG and answer.value is not None and name not in said.get(item.id, ())
        }
        | ({SURVEY: said[item.id]} if item.id in said else {})
        for item in items
    }
    code = _code(attempt, quiz, now, items, frozen)
    if before is not None:
        submissions.supersede(tx, attempt.id)
    number = before.number + 1 if before is not None else 1
    row = submissions.add_submission(tx, attempt.id, now, code, frozen.items(), number)
    left = _take_over(tx, items, earlier, submissions.items(tx, row.id)) if earlier else []
    attempt.state = "handed in"
    attempt.added_seconds += seconds_paused(attempt, now)
    attempt.paused_at = None
    # The decision itself makes nothing later; what it lets in was made at some moment, too.
    kept = before.done_at if at is not None and before is not None else None
    kept = max(kept, made_at or kept) if kept is not None else made_at
    deductions.judge(tx, attempt, quiz, row, kept or deductions.last_saved(stored, now))
    how = how or ("handed in" if by is not None else "handed in at the deadline")
    tx.record(by, how, f"attempt {attempt.public_id}")
    tx.session.flush()
    if at is None:
        details = {"how": how} | ({"decisions_left": left} if left else {})
        happened(tx, quiz.id, attempt.id, "handed in", by=by, details=details)
    announce_attempt(tx, "attempt.handed_in", attempt, quiz, at_the_deadline=by is None)
    return left


def _take_over(
    tx: Transaction, items: list[AttemptItem], earlier: Mapping[int, SubmissionItem], now: list[SubmissionItem]
) -> list[str]:
    """Copy what people decided about parts whose answers are what they were; the labels of the other parts."""
    left: list[str] = []
    shown = {item.id: item for item in items}
    for new in now:
        old, item = earlier[new.attempt_item_id], shown[new.attempt_item_id]
        parts = {part["id"]: part for part in item.variant.rendered["parts"]}
        same = {
            name
            for name, part in parts.items()
            if all(
                old.answers_frozen.get(field["id"]) == new.answers_frozen.get(field["id"]) for field in part["fields"]
            )
        }
        for name in submissions.take_over(tx, old.id, new.id, same):
            label = parts[name].get("label", "") if name in parts else ""
            left.append(f"{item.position}{label}")
    return left


def reopen(
    tx: Transaction, quiz: Quiz, attempt: Attempt, by: int | None, reason: str, *, seconds: int = 0
) -> datetime | None:
    """Let a handed-in attempt go on, for at least so many seconds from now; its deadline (None: it has none).

    From now on what was handed in does not count; the next hand-in (its person's, or the deadline's) does. An attempt
    that is open already is left as it is.

    Raises:
        InvalidInput: its time is over and none is given, or no such amount; `place` is "minutes".
        Conflict: another attempt of this person at the quiz is open.
    """
    found = attempts.attempt(tx, attempt.public_id, lock=True)
    if found is None or found[0].state == "open":
        return attempt.deadline_at
    if not 0 <= seconds <= MOST_SECONDS:
        raise InvalidInput("An attempt is reopened for up to seven days.", "minutes")
    if any(one.state == "open" for one in attempts.attempts_of(tx, attempt.person_id, [quiz.id])):
        raise Conflict("Another attempt of this person at this quiz is open. Let it end first.")
    now = tx.now()
    preview = quizzes.only_looks(tx, quiz.course_id, attempt.person_id)
    terms = terms_for(tx, quiz, attempt.person_id, preview=preview)
    deadline = terms.deadline(attempt.started_at, attempt.added_seconds)
    if deadline is not None:
        missing = max(0, math.ceil((now + timedelta(seconds=seconds) - deadline).total_seconds()))
        deadline += timedelta(seconds=missing)
        if deadline <= now + timedelta(seconds=1):
            raise InvalidInput("The time of this attempt is over: say for how many minutes it goes on.", "minutes")
        attempt.added_seconds += missing
    attempt.state, attempt.deadline_at, attempt.paused_at = "open", deadline, None
    submissions.supersede(tx, attempt.id)
    tx.session.flush()
    tx.record(by, "reopened an attempt", f"attempt {attempt.public_id}", reason=reason, seconds=seconds)
    happened(tx, quiz.id, attempt.id, "reopened", text=reason, by=by, details={"seconds": seconds})
    return deadline


def _code(
    attempt: Attempt, quiz: Quiz, at: datetime, items: list[AttemptItem], frozen: dict[int, dict[str, Json]]
) -> str:
    document = {
        "attempt": attempt.public_id,
        "quiz": quiz.public_id,
        "person": attempt.person_id,
        "number": attempt.number,
        "at": at.isoformat(timespec="microseconds"),
        "items": [
            {
                "position": item.position,
                "question": item.question_version.question,
                "version": item.question_version.number,
                "variant": item.variant.variant_hash,
                "seed": item.variant.seed,
                "answers": frozen[item.id],
            }
            for item in items
        ],
    }
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _submission(tx: Transaction, attempt: Attempt) -> Submission:
    found = submissions.submission_of(tx, attempt.id)
    if found is None:
        raise NotFound("This attempt has not been handed in yet.")
    return found


def _receipt(tx: Transaction, attempt: Attempt, quiz: Quiz) -> Receipt:
    submission = _submission(tx, attempt)
    handed_in = {item.attempt_item_id: item for item in submissions.items(tx, submission.id)}
    asked = [Holding(place, handed_in[place.item_id].answers_frozen) for place in attempts.places(tx, attempt.id)]
    states = states_of(tx, asked, PREFERRED)
    headings = headings_of(tx, quiz.id, [one.place.section for one in asked])
    items = tuple(_receipt_item(*one) for one in zip(asked, states, headings, strict=True))
    person = people.person(tx, attempt.person_id)
    code = submission.receipt
    return Receipt(
        code=code,
        short="-".join(code[i : i + 4].upper() for i in range(0, 16, 4)),
        attempt_id=attempt.public_id,
        quiz_title=quiz.title,
        person=person.name if person is not None else "",
        number=attempt.number,
        at=submission.at,
        answered=sum(item.answered for item in items),
        fields=sum(item.total for item in items),
        items=items,
    )


def _receipt_item(asked: Holding, state: ItemState, heading: str) -> ReceiptItem:
    said = asked.values.get(SURVEY)
    spoken = len(said) if isinstance(said, list) else 0
    return ReceiptItem(asked.place.position, state.title, state.answered + spoken, state.total, heading)
