"""Who a token acts for, and what it opens."""

from __future__ import annotations

from typing import Annotated

from app.api.callers import Caller, may_also_limited
from app.api.problems import PROTECTED
from app.api.schemas import Moment, Told
from app.routing.routes import Routes
from app.services.accounts.tokens import SCOPES, Scope

router = Routes(prefix="/me", tags=["me"], responses=PROTECTED)


class PersonTold(Told):
    """Somebody."""

    login: str
    name: str
    administrator: bool


class TokenTold(Told):
    """A token: its scopes, when it expires, and the one course it is for, if any."""

    name: str
    scopes: list[Scope]
    expires_at: Moment | None
    course: str | None


class MeTold(Told):
    """The person a token acts for, and the token itself."""

    person: PersonTold
    token: TokenTold


@router.get("", operation_id="me")
def me(caller: Annotated[Caller, may_also_limited("signed in")]) -> MeTold:
    """Tell who this token acts for. Needs no scope."""
    person, grant = caller.person, caller.grant
    return MeTold(
        person=PersonTold(login=person.login, name=person.name, administrator=person.administrator),
        token=TokenTold(
            name=grant.name,
            scopes=[scope for scope in SCOPES if scope in grant.scopes],
            expires_at=grant.expires_at,
            course=grant.course,
        ),
    )
