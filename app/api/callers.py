"""Which program is asking, and on whose behalf: bearer tokens, their scopes, and the rules of their people."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args

from fastapi import Depends, Request, params
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from app.api.schemas import PublicId
from app.domain.access import Rule, declares
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.routing.transactions import Reading
from app.services.accounts import tokens
from app.services.accounts.people import Person
from app.services.accounts.tokens import Grant, Scope
from app.services.courses.membership import Membership, membership, require_author
from app.services.operating.transactions import Transaction

log = logging.getLogger(__name__)

COURSE_RULES: tuple[Rule, ...] = ("member", "staff", "instructor")
bearer = HTTPBearer(
    scheme_name="token",
    bearerFormat="gradus_…",
    description="A token made by a person at /account/tokens. It never opens more than its person may do.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a token, acting for `person`."""

    person: Person
    grant: Grant


@dataclass(frozen=True, slots=True)
class CourseCaller:
    """A program with a token, acting for `person` in the course of the address."""

    person: Person
    grant: Grant
    membership: Membership

    @property
    def course_id(self) -> int:
        return self.membership.course_id

    @property
    def is_staff(self) -> bool:
        return self.membership.standing != "student"


@declares("anyone")
async def anyone() -> None:
    """For operations that need no token; it lets everybody through and says so."""


def granted(
    request: Request, tx: Reading, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Grant:
    """What the token of this request opens.

    Raises:
        HTTPException: 401, there is no token, or it opens nothing (any more).
    """
    if credentials is None:
        raise _unknown("This operation needs a token: send “Authorization: Bearer gradus_…”.", "")
    found = tokens.grant(tx, credentials.credentials)
    if found is None:
        raise _unknown("This token opens nothing: it is unknown, revoked or expired.", ', error="invalid_token"')
    request.state.person_id = found.person.id  # for the log
    if found.stale:
        try:
            with request.app.state.transactions.writing() as writing:
                tokens.used(writing, found.id)
        except Unavailable as trouble:  # remembering when a token was used is no reason to refuse
            log.warning("the use of a token was not remembered: %s", trouble)
    return found


Granted = Annotated[Grant, Depends(granted, scope="function")]


def may(rule: Rule, scope: Scope | None = None) -> Any:
    """Lets a `Caller` through whose person satisfies the rule and whose token has the scope.

    Tokens for one course are let through only with `may_also_limited`.
    """
    return _may(rule, scope, False)


def may_also_limited(rule: Rule, scope: Scope | None = None) -> Any:
    """Like `may`, also for tokens of one course: the operation itself keeps to that course."""
    return _may(rule, scope, True)


@cache
def _may(rule: Rule, scope: Scope | None, limited: bool) -> Any:
    @declares(rule)
    def caller(tx: Reading, grant: Granted) -> Caller:
        _check_scope(grant, scope)
        if grant.course_id is not None and not limited:
            raise NotAllowed("This token is for one course only.")
        _RULES[rule](tx, grant.person)
        return Caller(grant.person, grant)

    return params.Security(dependency=caller, scope="function", scopes=[scope] if scope else [])


@cache
def in_course(rule: Rule, scope: Scope) -> Any:
    """Lets a `CourseCaller` through who satisfies the rule in the course of the address."""

    @declares(rule)
    def caller(tx: Reading, grant: Granted, course_id: PublicId) -> CourseCaller:
        _check_scope(grant, scope)
        if grant.course is not None and grant.course != course_id:
            raise NotFound("There is no such course of yours.")
        return CourseCaller(grant.person, grant, membership(tx, grant.person, course_id, rule))

    return params.Security(dependency=caller, scope="function", scopes=[scope])


def _signed_in(tx: Transaction, person: Person) -> None:
    """Whoever has a token satisfies it."""


def _administrator(tx: Transaction, person: Person) -> None:
    if not person.administrator:
        raise NotAllowed("This operation is for administrators.")


_RULES: dict[Rule, Callable[[Transaction, Person], None]] = {
    "signed in": _signed_in,
    "author": require_author,
    "administrator": _administrator,
}


def _check_scope(grant: Grant, scope: Scope | None) -> None:
    if scope is not None and scope not in grant.scopes:
        told = f'Bearer realm="gradus", error="insufficient_scope", scope="{scope}"'
        raise HTTPException(403, f"This token lacks the scope {scope}.", {"WWW-Authenticate": told})


def _unknown(says: str, more: str) -> HTTPException:
    return HTTPException(401, says, {"WWW-Authenticate": f'Bearer realm="gradus"{more}'})


assert set(_RULES) | set(COURSE_RULES) | {"anyone", "own attempt"} == set(get_args(Rule))
Anyone = Depends(anyone)
