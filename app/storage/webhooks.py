"""Queries about webhooks and what is on its way to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from app.storage.tables import (
    Attempt,
    Course,
    Delivery,
    Enrolment,
    PersonRow,
    Quiz,
    Submission,
    SubmissionItem,
    Webhook,
)
from app.storage.transaction import Transaction

_LISTENING = select(Webhook.id, Webhook.events).where(
    Webhook.course_id == bindparam("course"), Webhook.active.is_(True)
)


def of_course(tx: Transaction, course_id: int) -> list[Webhook]:
    """The webhooks of a course, oldest first."""
    return list(tx.session.scalars(select(Webhook).where(Webhook.course_id == course_id).order_by(Webhook.id)))


def listening(tx: Transaction, course_id: int) -> list[tuple[int, list[str]]]:
    """The active webhooks of a course: number and events."""
    return [(row.id, row.events) for row in tx.session.execute(_LISTENING, {"course": course_id})]


def any_active(tx: Transaction) -> bool:
    """Whether any course has an active webhook."""
    return tx.session.scalar(select(Webhook.id).where(Webhook.active.is_(True)).limit(1)) is not None


def webhook(tx: Transaction, course_id: int, public_id: str, *, lock: bool = False) -> Webhook | None:
    """One webhook of a course."""
    query = select(Webhook).where(Webhook.course_id == course_id, Webhook.public_id == public_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.session.scalar(query)


def add(tx: Transaction, row: Webhook) -> None:
    """Store a webhook."""
    tx.session.add(row)
    tx.session.flush()


def remove(tx: Transaction, webhook_id: int) -> None:
    """Remove a webhook with its log."""
    tx.session.execute(delete(Delivery).where(Delivery.webhook_id == webhook_id))
    tx.session.execute(delete(Webhook).where(Webhook.id == webhook_id))


def add_delivery(tx: Transaction, webhook_id: int, public_id: str, event: str, payload: dict[str, Any]) -> None:
    """Something is on its way."""
    now = tx.now()
    row = Delivery(
        public_id=public_id,
        webhook_id=webhook_id,
        event=event,
        payload=payload,
        state="waiting",
        tries=0,
        created_at=now,
        next_at=now,
    )
    tx.session.add(row)


def deliveries(
    tx: Transaction, webhook_id: int, limit: int, before: int | None = None, state: str | None = None
) -> list[Delivery]:
    """The newest deliveries of a webhook; `before`: only those with a smaller number."""
    query = select(Delivery).where(Delivery.webhook_id == webhook_id).order_by(Delivery.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Delivery.id < before)
    if state is not None:
        query = query.where(Delivery.state == state)
    return list(tx.session.scalars(query))


def delivery(tx: Transaction, webhook_id: int, public_id: str) -> Delivery | None:
    """One delivery of a webhook."""
    query = select(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.public_id == public_id)
    return tx.session.scalar(query)


def counts(tx: Transaction, webhook_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of each webhook how many deliveries are in which state."""
    query = (
        select(Delivery.webhook_id, Delivery.state, func.count())
        .where(Delivery.webhook_id.in_(webhook_ids))
        .group_by(Delivery.webhook_id, Delivery.state)
    )
    found: dict[int, dict[str, int]] = {}
    for webhook_id, state, number in tx.session.execute(query):
        found.setdefault(webhook_id, {})[state] = number
    return found


def due_webhooks(tx: Transaction, limit: int) -> list[int]:
    """Active webhooks with something to be sent now, the one that has waited longest first."""
    query = (
        select(Delivery.webhook_id)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.state == "waiting", Delivery.next_at <= tx.now(), Webhook.active.is_(True))
        .group_by(Delivery.webhook_id)
        .order_by(func.min(Delivery.next_at))
        .limit(limit)
    )
    return list(tx.session.scalars(query))


@dataclass(frozen=True, slots=True)
class ToSend:
    """One delivery with what is needed to send it."""

    id: int
    public_id: str
    event: str
    payload: dict[str, Any]
    tries: int
    address: str
    secret: str


def next_to_send(tx: Transaction, webhook_id: int) -> ToSend | None:
    """The oldest delivery of a webhook that is to be sent now."""
    query = (
        select(Delivery, Webhook.address, Webhook.secret)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(
            Delivery.webhook_id == webhook_id,
            Delivery.state == "waiting",
            Delivery.next_at <= tx.now(),
            Webhook.active.is_(True),
        )
        .order_by(Delivery.next_at, Delivery.id)
        .limit(1)
    )
    row = tx.session.execute(query).one_or_none()
    if row is None:
        return None
    one: Delivery = row[0]
    return ToSend(one.id, one.public_id, one.event, one.payload, one.tries, row.address, row.secret)


def delivered(tx: Transaction, delivery_id: int, status: int) -> None:
    """It arrived."""
    values = {
        "state": "delivered",
        "tries": Delivery.tries + 1,
        "last_status": status,
        "last_error": "",
        "next_at": None,
        "delivered_at": tx.now(),
    }
    tx.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))


def failed(tx: Transaction, delivery_id: int, status: int | None, error: str, next_at: datetime | None) -> None:
    """It did not arrive; tried again at `next_at`, or never."""
    values = {
        "state": "waiting" if next_at is not None else "given up",
        "tries": Delivery.tries + 1,
        "last_status": status,
        "last_error": error,
        "next_at": next_at,
    }
    tx.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))


def hold_back(tx: Transaction, webhook_id: int, until: datetime) -> None:
    """Nothing is sent to a webhook before that moment."""
    tx.session.execute(
        update(Delivery)
        .where(Delivery.webhook_id == webhook_id, Delivery.state == "waiting", Delivery.next_at < until)
        .values(next_at=until)
    )


def any_settled(tx: Transaction, before: datetime) -> bool:
    """Whether there are deliveries from before that moment that are settled."""
    old = select(Delivery.id).where(Delivery.state != "waiting", Delivery.created_at < before).limit(1)
    return tx.session.scalar(old) is not None


def remove_settled(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget deliveries from before that moment that are settled; how many."""
    old = select(Delivery.id).where(Delivery.state != "waiting", Delivery.created_at < before).limit(limit)
    ids = list(tx.session.scalars(old))
    if ids:
        tx.session.execute(delete(Delivery).where(Delivery.id.in_(ids)))
    return len(ids)


def course_public_id(tx: Transaction, course_id: int) -> str:
    """The name of a course in addresses."""
    return tx.session.execute(select(Course.public_id).where(Course.id == course_id)).scalar_one()


def student_of(tx: Transaction, course_id: int, person_id: int) -> PersonRow | None:
    """The person, if they are a student of the course."""
    query = (
        select(PersonRow)
        .join(Enrolment, Enrolment.person_id == PersonRow.id)
        .where(PersonRow.id == person_id, Enrolment.course_id == course_id, Enrolment.role == "student")
    )
    return tx.session.scalar(query)


def attempts_of_items(tx: Transaction, item_ids: Sequence[int]) -> list[tuple[Attempt, Quiz, int]]:
    """The attempts that submitted questions belong to, each once, with quiz and submission, by the latter's number.

    What has been superseded by another submission is left out.
    """
    of_items = select(SubmissionItem.submission_id).where(SubmissionItem.id.in_(item_ids))
    query = (
        select(Attempt, Quiz, Submission.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Submission.id.in_(of_items), ~Submission.superseded)
        .order_by(Submission.id)
    )
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def all_graded(tx: Transaction, submission_id: int) -> bool:
    """Whether every question of a submission is graded; of two who grade the last ones at once the later sees it."""
    tx.session.flush()
    tx.session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())
    left = select(SubmissionItem.id).where(
        SubmissionItem.submission_id == submission_id, SubmissionItem.current_grading_id.is_(None)
    )
    return tx.session.scalar(left.limit(1)) is None
