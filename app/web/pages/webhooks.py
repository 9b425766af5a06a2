"""Webhooks of a course: who hears of it, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.courses.membership import Membership
from app.services.operating import webhooks
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import EVENTS, WebhookCard
from app.web.members import Instructor
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/webhooks")


@dataclass(frozen=True, slots=True)
class WebhookForm:
    """What was typed, and what is wrong with it."""

    address: str = ""
    events: tuple[str, ...] = EVENTS
    active: bool = True
    place: str = ""
    says: str = ""


@router.get("")
def webhooks_page(request: Request, tx: Reading, visitor: SignedIn, membership: Instructor) -> Response:
    """The webhooks of a course, and a form for another one."""
    return _list(request, tx, visitor, membership, WebhookForm())


@router.post("")
def create(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Add a webhook."""
    typed = _typed(form)
    private = request.app.state.settings.webhook_private_targets
    try:
        made, _ = webhooks.create(
            writing, membership.course_id, membership.person, typed.address, typed.events, private_targets=private
        )
    except InvalidInput as error:
        return _list(request, reading, visitor, membership, _wrong(typed, error), status=422)
    return _to(membership, made)


@router.get("/{webhook_id}")
def webhook_page(
    request: Request, tx: Reading, visitor: SignedIn, membership: Instructor, webhook_id: PublicId
) -> Response:
    """One webhook: its settings, its secret, its log."""
    card = webhooks.webhook(tx, membership.course_id, webhook_id)
    return _one(request, tx, visitor, membership, card, WebhookForm(card.address, card.events, card.active))


@router.post("/{webhook_id}")
def change(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    webhook_id: PublicId,
    form: OwnForm,
) -> Response:
    """Change a webhook."""
    card = webhooks.webhook(reading, membership.course_id, webhook_id)
    typed = _typed(form, active="active" in form)
    try:
        webhooks.change(
            writing,
            membership.course_id,
            webhook_id,
            membership.person,
            address=typed.address,
            events=typed.events,
            active=typed.active,
            private_targets=request.app.state.settings.webhook_private_targets,
        )
    except InvalidInput as error:
        return _one(request, reading, visitor, membership, card, _wrong(typed, error), status=422)
    return _to(membership, webhook_id)


@router.post("/{webhook_id}/remove")
def remove(tx: Writing, membership: Instructor, webhook_id: PublicId, _form: OwnForm) -> Response:
    """Remove a webhook with its log."""
    webhooks.remove(tx, membership.course_id, webhook_id, membership.person)
    return _to(membership)


@router.post("/{webhook_id}/deliveries/{delivery_id}")
def redeliver(
    tx: Writing, membership: Instructor, webhook_id: PublicId, delivery_id: PublicId, _form: OwnForm
) -> Response:
    """Send an event once more."""
    webhooks.redeliver(tx, membership.course_id, webhook_id, delivery_id, membership.person)
    return _to(membership, webhook_id)


def _typed(form: FormData, *, active: bool = True) -> WebhookForm:
    address = form.get("address")
    events = tuple(value for value in form.getlist("events") if isinstance(value, str))[: len(EVENTS)]
    return WebhookForm(address[:3000] if isinstance(address, str) else "", events, active)


def _wrong(typed: WebhookForm, error: InvalidInput) -> WebhookForm:
    return WebhookForm(typed.address, typed.events, typed.active, error.place, told(str(error)))


def _to(membership: Membership, webhook_id: str = "") -> Response:
    return RedirectResponse(f"/courses/{membership.course}/webhooks{'/' if webhook_id else ''}{webhook_id}", 303)


def _list(
    request: Request, tx: Transaction, visitor: SignedIn, membership: Membership, form: WebhookForm, status: int = 200
) -> Response:
    found = webhooks.webhooks_of(tx, membership.course_id)
    return _page(request, "list", status, visitor=visitor, membership=membership, webhooks=found, form=form)


def _one(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    card: WebhookCard,
    form: WebhookForm,
    status: int = 200,
) -> Response:
    return _page(
        request,
        "webhook",
        status,
        visitor=visitor,
        membership=membership,
        webhook=card,
        secret=webhooks.secret_of(tx, membership.course_id, card.id),
        deliveries=webhooks.deliveries(tx, membership.course_id, card.id),
        form=form,
    )


def _page(request: Request, name: str, status: int, **context: Any) -> Response:
    return html_page(request, f"webhooks/{name}.html", status=status, events=EVENTS, **context)
