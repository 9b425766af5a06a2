"""Bearer tokens: making one, seeing what there is, revoking."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts import tokens
from app.services.accounts.sessions import Visitor
from app.services.accounts.tokens import FOR_STUDENTS, SCOPES, NewToken
from app.services.courses.courses import courses_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.quizzes import new_public_id
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import told

router = Routes(prefix="/account/tokens")

DAYS = ("30", "90", "365", "")
"""What the form offers; the last means that a token never expires."""


@dataclass(frozen=True, slots=True)
class TokenForm:
    """What was typed, and what is wrong with it."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    days: str = "90"
    course: str = ""
    place: str = ""
    says: str = ""
    once: str = field(default_factory=new_public_id)


@router.get("")
def tokens_page(request: Request, tx: Reading, visitor: SignedIn) -> Response:
    """The tokens of whoever is signed in, and a form for another one."""
    return _page(request, tx, visitor, TokenForm())


@router.post("")
def make(request: Request, reading: Reading, writing: Writing, visitor: SignedIn, form: OwnForm) -> Response:
    """Make a token and show it, this once; it is stored nowhere, so no redirect could carry it."""
    typed = _typed(form)
    new = NewToken(
        name=typed.name,
        scopes=typed.scopes,
        days=int(typed.days) if typed.days else None,
        course=typed.course or None,
        once=typed.once,
    )
    try:
        text = tokens.make(writing, visitor.person, new)
    except InvalidInput as error:
        wrong = TokenForm(typed.name, typed.scopes, typed.days, typed.course, error.place, told(str(error)))
        return _page(request, reading, visitor, wrong, status=422)
    except Conflict:  # the form was sent twice; the list shows what the first one made
        return RedirectResponse("/account/tokens", 303)
    return _page(request, writing, visitor, TokenForm(), fresh=text)


@router.post("/{token_id}/revoke")
def revoke(tx: Writing, visitor: SignedIn, token_id: PublicId, _form: OwnForm) -> Response:
    """Make a token worthless."""
    tokens.revoke(tx, visitor.person, token_id)
    return RedirectResponse("/account/tokens", 303)


def _typed(form: FormData) -> TokenForm:
    def text(name: str, longest: int) -> str:
        value = form.get(name)
        return value[:longest] if isinstance(value, str) else ""

    days = text("days", 4)
    return TokenForm(
        name=text("name", 500),
        scopes=tuple(value for value in form.getlist("scopes") if isinstance(value, str))[: len(SCOPES)],
        days=days if days in DAYS else "90",
        course=text("course", 64),
        once=text("once", 40) or new_public_id(),
    )


def _page(
    request: Request, tx: Transaction, visitor: Visitor, form: TokenForm, *, fresh: str = "", status: int = 200
) -> Response:
    offered = SCOPES if visitor.teaches else FOR_STUDENTS
    return html_page(
        request,
        "tokens/list.html",
        status=status,
        visitor=visitor,
        tokens=tokens.tokens_of(tx, visitor.person),
        courses=courses_of(tx, visitor.person),
        scopes=[(scope, tokens.explained(scope)) for scope in offered],
        days=DAYS,
        form=form,
        fresh=fresh,
    )
