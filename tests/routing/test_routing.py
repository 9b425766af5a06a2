"""Routes are built once, with everything that holds for the rooms they are noted in, as FastAPI would build them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.routing.routes import Routes

TOLD: dict[int | str, dict[str, Any]] = {401: {"description": "Nobody."}}
ALSO: dict[int | str, dict[str, Any]] = {404: {"description": "Nothing."}}


def outer() -> None:
    """Asked for every route."""


def inner() -> None:
    """Asked for the routes of one room."""


def own() -> None:
    """Asked for one route."""


def read(number: int) -> dict[str, int]:
    """Reads."""
    return {"number": number}


def write() -> None:
    """Writes."""


def noted() -> Routes:
    room = Routes("/rooms", tags=["rooms"], dependencies=[Depends(inner)], responses=TOLD)
    room.get("/{number}", tags=["one"], dependencies=[Depends(own)], responses=ALSO, operation_id="readRoom")(read)
    room.put("", status_code=204)(write)
    house = Routes("/house", dependencies=[Depends(outer)])
    house.include(room)
    for method in (house.post, house.patch, house.delete):
        method("/door", include_in_schema=False)(write)
    return house


def included() -> APIRouter:
    room = APIRouter(prefix="/rooms", tags=["rooms"], dependencies=[Depends(inner)], responses=TOLD)
    room.get("/{number}", tags=["one"], dependencies=[Depends(own)], responses=ALSO, operation_id="readRoom")(read)
    room.put("", status_code=204)(write)
    house = APIRouter(prefix="/house", dependencies=[Depends(outer)])
    house.include_router(room)
    return house


def served(routes: Routes) -> FastAPI:
    app = FastAPI()
    app.router.routes.extend(routes.built())
    return app


def test_the_description_is_that_of_routers_included_in_each_other() -> None:
    theirs = FastAPI()
    theirs.include_router(included())
    assert served(noted()).openapi() == theirs.openapi()


def test_what_holds_outside_is_asked_first() -> None:
    first = noted().built()[0]
    assert isinstance(first, APIRoute)
    assert [one.call for one in first.dependant.dependencies] == [outer, inner, own]


def test_every_method_can_be_noted() -> None:
    methods = [sorted(one.methods or ()) for one in noted().built() if isinstance(one, APIRoute)]
    assert methods == [["GET"], ["PUT"], ["POST"], ["PATCH"], ["DELETE"]]


def test_a_room_that_is_hidden_hides_what_it_includes() -> None:
    hidden = Routes(include_in_schema=False)
    hidden.include(noted())
    assert served(hidden).openapi()["paths"] == {}


def test_routes_are_built_once_for_all_applications() -> None:
    routes = noted()
    assert served(routes).router.routes[-1] is served(routes).router.routes[-1]
