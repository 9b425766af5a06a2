"""What may stand behind the question mark of an address: only what the operation knows."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.domain.errors import InvalidInput


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for one in dependant.dependencies:
        yield from _names(one)


async def known_parameters(request: Request) -> None:
    """Refuse a misspelt parameter, which would otherwise silently change what is asked.

    Raises:
        InvalidInput: the operation has no parameter of this name.
    """
    route = request.scope.get("route")
    if request.query_params and isinstance(route, APIRoute):
        known = set(_names(route.dependant))
        for name in request.query_params:
            if name not in known:
                raise InvalidInput("There is no such parameter.", name[:100])


OnlyKnownParameters = Depends(known_parameters)
