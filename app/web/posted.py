"""JSON that our own scripts post: taken apart so that nothing in it can do harm."""

from __future__ import annotations

import json
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request
from starlette.datastructures import FormData

from app.domain.access import declares
from app.domain.errors import InvalidInput, NotAllowed
from app.services.accounts import sessions
from app.web.visitors import SignInNeeded, any_form, session_token, storable


async def posted_json(request: Request) -> Any:
    """The JSON value of the body.

    Raises:
        NotAllowed: the body is not declared as JSON (other sites can only post forms).
        InvalidInput: the body is no JSON, or holds what cannot be stored.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotAllowed("This address takes application/json.")
    body = await request.body()
    try:
        value = json.loads(body, parse_constant=_no_number)
        fine = storable(value)
    except RecursionError:
        raise InvalidInput("The body is nested too deeply.") from None
    except ValueError:
        raise InvalidInput("The body is not valid JSON.") from None
    if not fine:
        raise InvalidInput("The body holds characters that cannot be stored.")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


@declares("signed in")
async def own_script(request: Request) -> None:
    """Lets requests of scripts through that a page of this very session started.

    Raises:
        NotAllowed: the header X-CSRF-Token does not belong to the session.
        SignInNeeded: there is no session.
    """
    token = session_token(request)
    if not token:
        raise SignInNeeded("Please sign in first.")
    if not sessions.csrf_matches(token, request.headers.get("x-csrf-token", "")):
        raise NotAllowed("This page does not belong to your session. Reload it and try again; keep what you typed.")


async def own_json(request: Request, _own: Annotated[None, Depends(own_script, scope="function")]) -> dict[str, Any]:
    """A JSON object that a script of this very session posted.

    Raises:
        InvalidInput: the body is no such object.
    """
    value = await posted_json(request)
    if not isinstance(value, dict):
        raise InvalidInput("The body is a JSON object.")
    return value


OwnScript = Depends(own_script)
OwnJson = Annotated[dict[str, Any], Depends(own_json)]
PostedForm = Annotated[FormData, Depends(any_form)]
