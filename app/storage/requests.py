"""Queries about students' requests for another look at a mark, and the conversations below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from app.storage.quizzes import by_enrolled
from app.storage.tables import (
    Attempt,
    AttemptItem,
    PersonRow,
    Quiz,
    RegradeRequest,
    RequestMessage,
    SubmissionItem,
)
from app.storage.transaction import Transaction


class Placed(NamedTuple):
    """A request with where it belongs. `gone`: its student has left the course."""

    request: RegradeRequest
    attempt: str
    number: int
    position: int
    gone: bool


class Said(NamedTuple):
    """A message of a conversation, with who wrote it."""

    message: RequestMessage
    name: str


def of_attempt(tx: Transaction, attempt_id: int) -> list[Placed]:
    """The requests about an attempt, oldest first."""
    query = _PLACED.where(Attempt.id == attempt_id).order_by(RegradeRequest.id)
    return [Placed(*row) for row in tx.session.execute(query)]


def of_quiz(tx: Transaction, quiz_id: int, limit: int, offset: int = 0) -> list[tuple[Placed, str, str]]:
    """Requests at a quiz with name and login of their student: first the open ones of who is still there, by age."""
    query = (
        _PLACED.add_columns(PersonRow.name, PersonRow.login)
        .join(PersonRow, PersonRow.id == RegradeRequest.person_id)
        .where(Attempt.quiz_id == quiz_id)
        .order_by(case((and_(RegradeRequest.state == "open", by_enrolled()), 0), else_=1), RegradeRequest.id)
        .limit(limit)
        .offset(offset)
    )
    return [(Placed(*row[:5]), row[5], row[6]) for row in tx.session.execute(query)]


def in_quiz(tx: Transaction, quiz_id: int, public_id: str, *, lock: bool = False) -> Placed | None:
    """A request at a quiz; locked against other answers when asked."""
    query = _PLACED.where(Attempt.quiz_id == quiz_id, RegradeRequest.public_id == public_id)
    if lock:
        query = query.with_for_update(of=RegradeRequest).execution_options(populate_existing=True)
    row = tx.session.execute(query).one_or_none()
    return None if row is None else Placed(*row)


def number_of(tx: Transaction, quiz_id: int, state: str | None = None) -> int:
    """How many requests there are at a quiz; in that state: of students who are still in the course."""
    query = (
        select(func.count())
        .select_from(RegradeRequest)
        .join(SubmissionItem, SubmissionItem.id == RegradeRequest.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id)
    )
    if state is not None:
        query = query.where(RegradeRequest.state == state, by_enrolled())
    return tx.session.scalar(query) or 0


def said(tx: Transaction, request_ids: Sequence[int]) -> dict[int, list[Said]]:
    """By request: what was said, in order."""
    query = (
        select(RequestMessage, PersonRow.name)
        .join(PersonRow, PersonRow.id == RequestMessage.person_id)
        .where(RequestMessage.request_id.in_(request_ids))
        .order_by(RequestMessage.id)
    )
    found: dict[int, list[Said]] = {number: [] for number in request_ids}
    for row in tx.session.execute(query):
        found[row[0].request_id].append(Said(row[0], row[1]))
    return found


def lock_item(tx: Transaction, item_id: int) -> None:
    """Let nobody else ask about this question until the transaction is over."""
    tx.session.execute(select(SubmissionItem.id).where(SubmissionItem.id == item_id).with_for_update())


def add(tx: Transaction, row: RegradeRequest) -> None:
    """Store a request."""
    tx.session.add(row)
    tx.session.flush()


def say(tx: Transaction, request_id: int, person_id: int, text: str) -> None:
    """Add a message to a conversation."""
    tx.session.add(RequestMessage(request_id=request_id, person_id=person_id, text=text, created_at=tx.now()))
    tx.session.flush()


_PLACED = (
    select(RegradeRequest, Attempt.public_id, Attempt.number, AttemptItem.position, ~by_enrolled())
    .join(SubmissionItem, SubmissionItem.id == RegradeRequest.submission_item_id)
    .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .join(Quiz, Quiz.id == Attempt.quiz_id)
)
