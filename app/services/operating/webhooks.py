"""Webhooks: addresses that hear what happens in a course, and the log of what they were told."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast, get_args

from app.domain.errors import InvalidInput, NotFound
from app.domain.values import Json
from app.services.accounts.people import Person
from app.services.operating.posting import check_address
from app.services.operating.transactions import Transaction
from app.services.quizzes.quizzes import new_public_id
from app.storage import people, webhooks
from app.storage.tables import Attempt, Delivery, Quiz, Webhook

Event: TypeAlias = Literal[
    "attempt.started",
    "attempt.handed_in",
    "attempt.graded",
    "results.released",
    "results.changed",
    "request.opened",
    "request.answered",
    "quiz.published",
    "enrolment.changed",
]
EVENTS: tuple[Event, ...] = get_args(Event)
DeliveryState: TypeAlias = Literal["waiting", "delivered", "given up"]

MOST_WEBHOOKS = 20
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class WebhookCard:
    """A webhook of a course, with how its deliveries fare. The secret is told when it is made, and on its page."""

    id: str
    address: str
    events: tuple[Event, ...]
    active: bool
    created_at: datetime
    waiting: int
    delivered: int
    given_up: int


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    """One event that was sent, or will be. `number` orders them; `last_status` is an HTTP status."""

    number: int
    id: str
    event: str
    state: DeliveryState
    tries: int
    last_status: int | None
    last_error: str
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None
    payload: Mapping[str, Any]


def announce(tx: Transaction, course_id: int, event: Event, data: Mapping[str, Json]) -> None:
    """Tell the webhooks that listen, in the transaction of what happened: no event without effect, none lost."""
    heard = [number for number, events in webhooks.listening(tx, course_id) if event in events]
    if not heard:
        return
    course = webhooks.course_public_id(tx, course_id)
    for webhook_id in heard:
        public_id = new_public_id()
        payload = {"id": public_id, "event": event, "at": _iso(tx.now()), "course": course, "data": {**data}}
        webhooks.add_delivery(tx, webhook_id, public_id, event, payload)


def announce_attempt(tx: Transaction, event: Event, attempt: Attempt, quiz: Quiz, **more: Json) -> None:
    """Announce something about an attempt of a student; what staff try out is nobody's event."""
    if not any(event in events for _, events in webhooks.listening(tx, quiz.course_id)):
        return
    student = webhooks.student_of(tx, quiz.course_id, attempt.person_id)
    if student is None:
        return
    data: dict[str, Json] = {
        "attempt": attempt.public_id,
        "number": attempt.number,
        "quiz": quiz.public_id,
        "quiz_title": quiz.title,
        "login": student.login,
    }
    announce(tx, quiz.course_id, event, data | more)


def announce_graded(tx: Transaction, item_ids: Sequence[int]) -> None:
    """Announce the attempts of these submitted questions, each once, as soon as the last of its questions is graded.

    Marks are not told: results have their rules.
    """
    if not item_ids or not webhooks.any_active(tx):
        return
    for attempt, quiz, submission_id in webhooks.attempts_of_items(tx, item_ids):
        if any("attempt.graded" in events for _, events in webhooks.listening(tx, quiz.course_id)):
            if webhooks.all_graded(tx, submission_id):
                announce_attempt(tx, "attempt.graded", attempt, quiz)


def announce_enrolments(tx: Transaction, course_id: int, changes: Iterable[tuple[str, str | None]]) -> None:
    """Announce who is what in a course from now on: (login, role), without a role who has left it."""
    if any("enrolment.changed" in events for _, events in webhooks.listening(tx, course_id)):
        for login, role in changes:
            announce(tx, course_id, "enrolment.changed", {"login": login, "role": role})


def announce_enrolment(tx: Transaction, course_id: int, person_id: int, role: str | None) -> None:
    """Announce what somebody is in a course from now on; without a role they have left it."""
    row = people.person(tx, person_id)
    announce_enrolments(tx, course_id, [] if row is None else [(row.login, role)])


def webhooks_of(tx: Transaction, course_id: int) -> tuple[WebhookCard, ...]:
    """The webhooks of a course, oldest first."""
    rows = webhooks.of_course(tx, course_id)
    counts = webhooks.counts(tx, [row.id for row in rows])
    return tuple(_card(row, counts.get(row.id, {})) for row in rows)


def webhook(tx: Transaction, course_id: int, webhook_id: str) -> WebhookCard:
    """One webhook of a course.

    Raises:
        NotFound: the course has no such webhook.
    """
    row = _row(tx, course_id, webhook_id)
    return _card(row, webhooks.counts(tx, [row.id]).get(row.id, {}))


def secret_of(tx: Transaction, course_id: int, webhook_id: str) -> str:
    """What signs the events of a webhook.

    Raises:
        NotFound: the course has no such webhook.
    """
    return _row(tx, course_id, webhook_id).secret


def create(
    tx: Transaction, course_id: int, by: Person, address: str, events: tuple[str, ...], *, private_targets: bool
) -> tuple[str, str]:
    """Add a webhook; its public id and its secret.

    Raises:
        InvalidInput: an address or event that cannot be taken, or there are too many webhooks.
    """
    address, chosen = _checked(address, events, private_targets)
    if len(webhooks.of_course(tx, course_id)) >= MOST_WEBHOOKS:
        raise InvalidInput(f"A course has at most {MOST_WEBHOOKS} webhooks.", place="address")
    row = Webhook(
        public_id=new_public_id(),
        course_id=course_id,
        address=address,
        secret="whsec_" + secrets.token_urlsafe(32),
        events=list(chosen),
        active=True,
        created_by_id=by.id,
        created_at=tx.now(),
    )
    webhooks.add(tx, row)
    tx.record(by.id, "added a webhook", f"webhook {row.public_id}", events=" ".join(chosen))
    return row.public_id, row.secret


def change(
    tx: Transaction,
    course_id: int,
    webhook_id: str,
    by: Person,
    *,
    address: str,
    events: tuple[str, ...],
    active: bool,
    private_targets: bool,
) -> None:
    """Change a webhook; what is on its way goes to the new address.

    Raises:
        NotFound: the course has no such webhook.
        InvalidInput: an address or event that cannot be taken.
    """
    row = _row(tx, course_id, webhook_id, lock=True)
    address, chosen = _checked(address, events, private_targets)
    row.address, row.events, row.active = address, list(chosen), active
    tx.record(by.id, "changed a webhook", f"webhook {webhook_id}", active=str(active))


def remove(tx: Transaction, course_id: int, webhook_id: str, by: Person) -> None:
    """Remove a webhook with its log; nothing more is sent.

    Raises:
        NotFound: the course has no such webhook.
    """
    webhooks.remove(tx, _row(tx, course_id, webhook_id, lock=True).id)
    tx.record(by.id, "removed a webhook", f"webhook {webhook_id}")


def deliveries(
    tx: Transaction,
    course_id: int,
    webhook_id: str,
    *,
    limit: int = 50,
    before: int | None = None,
    state: DeliveryState | None = None,
) -> tuple[DeliveryCard, ...]:
    """The newest deliveries of a webhook; `before`: only those with a smaller number.

    Raises:
        NotFound: the course has no such webhook.
    """
    rows = webhooks.deliveries(tx, _row(tx, course_id, webhook_id).id, limit, before, state)
    return tuple(_delivery_card(row) for row in rows)


def redeliver(tx: Transaction, course_id: int, webhook_id: str, delivery_id: str, by: Person) -> DeliveryCard:
    """Send an event once more, with the same id, now and as often as a new one.

    Raises:
        NotFound: the course has no such webhook, or that no such delivery.
    """
    row = webhooks.delivery(tx, _row(tx, course_id, webhook_id).id, delivery_id)
    if row is None:
        raise NotFound("There is no such delivery.")
    row.state, row.tries, row.next_at = "waiting", 0, tx.now()
    tx.record(by.id, "sent an event again", f"webhook {webhook_id}", delivery=delivery_id)
    tx.session.flush()
    return _delivery_card(row)


def _checked(address: str, events: tuple[str, ...], private_targets: bool) -> tuple[str, tuple[Event, ...]]:
    address = address.strip()
    if not 1 <= len(address) <= LONGEST_ADDRESS:
        raise InvalidInput(f"An address has 1 to {LONGEST_ADDRESS} characters.", place="address")
    check_address(address, private_targets=private_targets)
    chosen = tuple(event for event in EVENTS if event in events)
    if not chosen or len(chosen) != len(set(events)):
        raise InvalidInput("Choose at least one of the events.", place="events")
    return address, chosen


def _row(tx: Transaction, course_id: int, webhook_id: str, *, lock: bool = False) -> Webhook:
    row = webhooks.webhook(tx, course_id, webhook_id, lock=lock)
    if row is None:
        raise NotFound("There is no such webhook in this course.")
    return row


def _card(row: Webhook, counts: Mapping[str, int]) -> WebhookCard:
    return WebhookCard(
        id=row.public_id,
        address=row.address,
        events=tuple(cast("list[Event]", row.events)),
        active=row.active,
        created_at=row.created_at,
        waiting=counts.get("waiting", 0),
        delivered=counts.get("delivered", 0),
        given_up=counts.get("given up", 0),
    )


def _delivery_card(row: Delivery) -> DeliveryCard:
    return DeliveryCard(
        number=row.id,
        id=row.public_id,
        event=row.event,
        state=cast("DeliveryState", row.state),
        tries=row.tries,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=row.created_at,
        next_at=row.next_at,
        delivered_at=row.delivered_at,
        payload=row.payload,
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
