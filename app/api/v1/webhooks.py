"""Webhooks of a course, and the log of what they were told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, cut, link_next, page_of, read_cursor
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, Moment, PublicId, Told, shown
from app.api.writes import Writes
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.operating import webhooks
from app.services.operating.webhooks import DeliveryState, Event

router = Routes(prefix="/courses/{course_id}/webhooks", tags=["webhooks"], responses=PROTECTED)
Instructor = Annotated[CourseCaller, in_course("instructor", "webhooks:write")]


class NewWebhook(Given):
    """Where events are posted, and which."""

    model_config = shown({"address": "https://example.org/gradus", "events": ["attempt.graded"]})

    address: Annotated[Line, Field(min_length=1, max_length=2000, examples=["https://example.org/gradus"])]
    events: Annotated[list[Event], Field(min_length=1, max_length=20)]


class WebhookChange(NewWebhook):
    """A whole webhook as it is to be. A resting one hears nothing new."""

    model_config = shown({"address": "https://example.org/gradus", "events": ["attempt.graded"], "active": False})

    active: bool = True


class WebhookTold(Told):
    """A webhook, and how its deliveries fare."""

    id: str
    address: str
    events: list[Event]
    active: bool
    created_at: Moment
    waiting: int
    delivered: int
    given_up: int


class WebhookMade(WebhookTold):
    """A new webhook with the secret that signs what it is sent. Instructors find it on its page, too."""

    secret: str


class WebhooksTold(Told):
    """A page of webhooks."""

    items: list[WebhookTold]
    next: str | None


class DeliveryTold(Told):
    """One event that was sent, or will be; `payload` is what is posted."""

    id: str
    event: str
    state: DeliveryState
    tries: int
    last_status: int | None
    last_error: str
    created_at: Moment
    next_at: Moment | None
    delivered_at: Moment | None
    payload: dict[str, Any]


class DeliveriesTold(Told):
    """A page of deliveries, the newest first."""

    items: list[DeliveryTold]
    next: str | None


@router.get("", operation_id="listWebhooks")
def list_webhooks(
    request: Request,
    response: Response,
    caller: Instructor,
    tx: Reading,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> WebhooksTold:
    """List the webhooks of a course."""
    found = webhooks.webhooks_of(tx, caller.course_id)
    items, following = page_of(found, lambda card: (card.id,), cursor, limit)
    link_next(request, response, following)
    return WebhooksTold(items=[WebhookTold.model_validate(card) for card in items], next=following)


@router.post("", operation_id="createWebhook", status_code=201, response_model=WebhookMade)
def create_webhook(request: Request, caller: Instructor, write: Writes, new: Annotated[NewWebhook, Body()]) -> Response:
    """Add a webhook. Addresses in private networks are refused, unless this installation allows them."""
    private = request.app.state.settings.webhook_private_targets
    made, secret = webhooks.create(
        write.tx, caller.course_id, caller.person, new.address, tuple(new.events), private_targets=private
    )
    card = WebhookTold.model_validate(webhooks.webhook(write.tx, caller.course_id, made))
    where = f"/api/v1/courses/{caller.membership.course}/webhooks/{made}"
    return write.answer(WebhookMade(**dict(card), secret=secret), 201, {"Location": where})


@router.get("/{webhook_id}", operation_id="getWebhook")
def get_webhook(caller: Instructor, tx: Reading, webhook_id: PublicId) -> WebhookTold:
    """Get one webhook."""
    return WebhookTold.model_validate(webhooks.webhook(tx, caller.course_id, webhook_id))


@router.put("/{webhook_id}", operation_id="changeWebhook", response_model=WebhookTold)
def change_webhook(
    request: Request,
    caller: Instructor,
    write: Writes,
    webhook_id: PublicId,
    change: Annotated[WebhookChange, Body()],
) -> Response:
    """Change a webhook; what is on its way goes to the new address."""
    webhooks.change(
        write.tx,
        caller.course_id,
        webhook_id,
        caller.person,
        address=change.address,
        events=tuple(change.events),
        active=change.active,
        private_targets=request.app.state.settings.webhook_private_targets,
    )
    return write.answer(WebhookTold.model_validate(webhooks.webhook(write.tx, caller.course_id, webhook_id)))


@router.delete("/{webhook_id}", operation_id="deleteWebhook", status_code=204)
def delete_webhook(caller: Instructor, write: Writes, webhook_id: PublicId) -> Response:
    """Remove a webhook with its log."""
    webhooks.remove(write.tx, caller.course_id, webhook_id, caller.person)
    return write.answer(None, 204)


@router.get("/{webhook_id}/deliveries", operation_id="listDeliveries")
def list_deliveries(
    request: Request,
    response: Response,
    caller: Instructor,
    tx: Reading,
    webhook_id: PublicId,
    state: Annotated[DeliveryState | None, Query()] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> DeliveriesTold:
    """List what a webhook was sent, the newest first."""
    after = read_cursor(cursor, int)
    before = int(after[0]) if after is not None else None
    found = webhooks.deliveries(tx, caller.course_id, webhook_id, limit=limit + 1, before=before, state=state)
    items, following = cut(found, lambda card: (card.number,), limit)
    link_next(request, response, following)
    return DeliveriesTold(items=[DeliveryTold.model_validate(card) for card in items], next=following)


@router.post("/{webhook_id}/deliveries/{delivery_id}/redeliver", operation_id="redeliver", response_model=DeliveryTold)
def redeliver(caller: Instructor, write: Writes, webhook_id: PublicId, delivery_id: PublicId) -> Response:
    """Send an event once more, with the same id."""
    card = webhooks.redeliver(write.tx, caller.course_id, webhook_id, delivery_id, caller.person)
    return write.answer(DeliveryTold.model_validate(card))
