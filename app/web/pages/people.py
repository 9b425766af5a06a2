"""All people of the installation, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts import accounts, erasure, passwords
from app.services.accounts.personal_data import personal_data
from app.services.accounts.sessions import Visitor
from app.services.operating import mails
from app.services.operating.transactions import Transaction
from app.web.forms import Typed, text_of, typed
from app.web.members import Administrator
from app.web.pages.account import zipped
from app.web.paths import PersonId
from app.web.sites import site_of
from app.web.templating import html_page
from app.web.visitors import OwnForm
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/people")


@router.get("")
def list_page(
    request: Request,
    tx: Reading,
    visitor: Administrator,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Everybody, a page at a time."""
    notice = ("calm", _("The person is erased; their marks stay without a name.")) if done == "erased" else None
    return html_page(
        request,
        "people/list.html",
        visitor=visitor,
        here="/people",
        found=accounts.search(tx, q, page),
        q=q,
        undelivered=mails.undelivered(tx),
        notice=notice,
    )


@router.get("/new")
def new_page(request: Request, visitor: Administrator) -> Response:
    """The form that makes an account."""
    return _new_page(request, visitor, Typed())


@router.post("/new")
def create(request: Request, tx: Writing, visitor: Administrator, form: OwnForm) -> Response:
    """Make an account, and show the link by which its owner chooses a password."""
    fields = typed(form, "login", "name", "email", "administrator")
    try:
        made = accounts.create_account(
            tx,
            visitor.person,
            login=fields["login"],
            name=fields["name"],
            email=fields["email"],
            administrator=fields["administrator"] == "yes",
        )
    except (InvalidInput, Conflict) as error:
        return _new_page(request, visitor, fields.wrong(error), status=422)
    link = passwords.link_by_administrator(tx, visitor.person, made.id)
    notice = ("calm", _("The account is made."))
    return _person_page(request, tx, visitor, made.id, link=site_of(request) + link.path, notice=notice)


@router.get("/{person_id}")
def person_page(
    request: Request,
    tx: Reading,
    visitor: Administrator,
    person_id: PersonId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One account."""
    words = {"rights": _("The rights are changed.")}
    return _person_page(request, tx, visitor, person_id, notice=("calm", words[done]) if done in words else None)


@router.post("/{person_id}/administrator")
def set_administrator(
    request: Request, reading: Reading, tx: Writing, visitor: Administrator, person_id: PersonId, form: OwnForm
) -> Response:
    """Make somebody an administrator, or no longer one."""
    try:
        accounts.set_administrator(tx, visitor.person, person_id, text_of(form, "administrator") == "yes")
    except Conflict as error:
        return _person_page(request, reading, visitor, person_id, notice=("wrong", told(str(error))), status=409)
    if person_id == visitor.person.id:
        return RedirectResponse("/account", 303)
    return RedirectResponse(f"/people/{person_id}?done=rights", 303)


@router.post("/{person_id}/password-link")
def password_link(
    request: Request, tx: Writing, visitor: Administrator, person_id: PersonId, _form: OwnForm
) -> Response:
    """Make a link for a new password; it is shown once."""
    link = passwords.link_by_administrator(tx, visitor.person, person_id)
    return _person_page(request, tx, visitor, person_id, link=site_of(request) + link.path)


@router.get("/{person_id}/data.zip")
def data(tx: Reading, visitor: Administrator, person_id: PersonId) -> Response:
    """Everything that is stored about somebody."""
    return zipped(personal_data(tx, person_id, unreleased=True), f"gradus-person-{person_id}.zip")


@router.get("/{person_id}/erase")
def erase_page(request: Request, tx: Reading, visitor: Administrator, person_id: PersonId) -> Response:
    """What erasing means, before it is done."""
    return _erase_page(request, tx, visitor, person_id, Typed())


@router.post("/{person_id}/erase")
def erase(
    request: Request, reading: Reading, tx: Writing, visitor: Administrator, person_id: PersonId, form: OwnForm
) -> Response:
    """Erase somebody."""
    fields = typed(form, "confirm")
    try:
        if fields["confirm"].strip().casefold() != accounts.account(reading, person_id).login:
            raise InvalidInput(_("This is not the login of the person."), place="confirm")
        erasure.erase(tx, person_id, visitor.person)
    except (InvalidInput, Conflict) as error:
        place = "confirm" if isinstance(error, InvalidInput) else ""
        wrong = Typed(fields.values, place, told(str(error)))
        return _erase_page(request, reading, visitor, person_id, wrong, status=422)
    return RedirectResponse("/" if person_id == visitor.person.id else "/people?done=erased", 303)


def _new_page(request: Request, visitor: Visitor, fields: Typed, status: int = 200) -> Response:
    return html_page(request, "people/new.html", status=status, visitor=visitor, here="/people", typed=fields)


def _person_page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    person_id: int,
    *,
    link: str = "",
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    return html_page(
        request,
        "people/person.html",
        status=status,
        visitor=visitor,
        here="/people",
        account=accounts.account(tx, person_id),
        places=accounts.places(tx, person_id),
        link=link,
        notice=notice,
    )


def _erase_page(
    request: Request, tx: Transaction, visitor: Visitor, person_id: int, fields: Typed, status: int = 200
) -> Response:
    return html_page(
        request,
        "people/erase.html",
        status=status,
        visitor=visitor,
        here="/people",
        account=accounts.account(tx, person_id),
        typed=fields,
    )
