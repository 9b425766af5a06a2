"""Handing in: answers are frozen, the receipt is a hash over them, grading is woken once it is on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors import NotFound
from app.domain.values import Json
from app.services import surveys
from app.services.attempts import attempt_of
from app.services.exam_pages import part_view, status_of
from app.services.transactions import Transaction
from app.services.webhooks import announce_attempt
from app.storage import attempts, people, submissions
from app.storage.changes import FLAG, SURVEY
from app.storage.tables import Attempt, AttemptItem, Quiz, Submission, SubmissionItem


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """One question on the receipt: how many of its fields were answered."""

    position: int
    title: str
    answered: int
    total: int


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


def hand_in(tx: Transaction, person_id: int, attempt_id: str, wake: Callable[[], None]) -> Receipt:
    """Hand in an attempt; `wake` is called after COMMIT. Again: the same receipt, and nothing else happens.

    Raises:
        NotFound: there is no such attempt of this person.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id, lock=True)
    if attempt.state == "open":
        _freeze(tx, attempt, quiz, by=person_id)
        tx.afterwards(wake)
    return _receipt(tx, attempt, quiz)


def hand_in_overdue(tx: Transaction, attempt_id: str) -> None:
    """Hand in, for its owner, an attempt whose time is over; what was saved counts."""
    found = attempts.attempt(tx, attempt_id, lock=True)
    if found is not None and found[0].state == "open":
        _freeze(tx, *found, by=None)


def overdue(tx: Transaction, before: datetime, limit: int = 100) -> list[str]:
    """Open attempts whose deadline lies before a moment."""
    return attempts.overdue(tx, before, limit)


def receipt(tx: Transaction, person_id: int, attempt_id: str) -> Receipt:
    """The receipt of an attempt that has been handed in.

    Raises:
        NotFound: there is no such attempt of this person, or it is still open.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    return _receipt(tx, attempt, quiz)


def receipt_is_true(tx: Transaction, person_id: int, attempt_id: str) -> bool:
    """Whether what is stored is still what the receipt was given for."""
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    return code_holds(tx, attempt, quiz, _submission(tx, attempt))


def code_holds(tx: Transaction, attempt: Attempt, quiz: Quiz, submission: Submission) -> bool:
    """Whether what is stored of a submission still gives the code on its receipt."""
    frozen = {item.attempt_item_id: item.answers_frozen for item in submissions.items(tx, submission.id)}
    items = attempts.items(tx, attempt.id)
    return _code(attempt, quiz, submission.at, items, frozen) == submission.receipt


def _freeze(tx: Transaction, attempt: Attempt, quiz: Quiz, by: int | None) -> None:
    now = tx.now()
    items = attempts.items(tx, attempt.id)
    stored = attempts.answers(tx, attempt.id)
    said = surveys.set_apart(tx, attempt, quiz, items, stored)
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
    submissions.add_submission(tx, attempt.id, now, code, frozen.items())
    attempt.state = "handed in"
    tx.record(by, "handed in" if by is not None else "handed in at the deadline", f"attempt {attempt.public_id}")
    tx.session.flush()
    announce_attempt(tx, "attempt.handed_in", attempt, quiz, at_the_deadline=by is None)


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
    items = tuple(_receipt_item(item, handed_in[item.id]) for item in attempts.items(tx, attempt.id))
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


def _receipt_item(item: AttemptItem, handed_in: SubmissionItem) -> ReceiptItem:
    shown = item.variant.rendered
    stored = {name: (value, 0) for name, value in handed_in.answers_frozen.items()}
    _, answered, total = status_of(tuple(part_view(part, item.weight, stored) for part in shown["parts"]))
    said = len(handed_in.answers_frozen.get(SURVEY, ()))
    return ReceiptItem(item.position, shown["title"], answered + said, total)
