"""JSON that our own scripts post: taken apart so that nothing in it can do harm."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from fastapi import Request

from app.domain.errors import InvalidInput, NotAllowed
from app.web.visitors import storable


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
