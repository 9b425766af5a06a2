"""Routes are built once, with everything that holds for the rooms they are noted in, as FastAPI would build them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.api.v1.routes import router as api_router
from app.routing.routes import LateRoute, Routes
from app.web.routes import router as web_router

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


def test_a_route_is_worked_out_at_its_first_request_and_no_other_is() -> None:
    app = served(noted())
    routes = [route for route in app.router.routes if isinstance(route, LateRoute)]
    with TestClient(app) as client:
        assert client.get("/house/nowhere").status_code == 404
        assert client.get("/house/door").status_code == 405
        assert [route for route in routes if "dependant" in vars(route)] == []
        for _ in range(2):
            assert client.get("/house/rooms/7").json() == {"number": 7}
        assert client.get("/house/rooms/x").status_code == 422
    assert [route.path for route in routes if "dependant" in vars(route)] == ["/house/rooms/{number}"]


def test_many_who_ask_a_new_route_at_once_all_find_it_whole() -> None:
    for _ in range(20):
        route = noted().built()[0]
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _, asked=route: (asked.dependant, asked.app), range(8)))
        assert all(one == found[0] for one in found)


def test_what_no_route_has_is_missing_as_everywhere() -> None:
    with pytest.raises(AttributeError, match="no 'colour'"):
        _ = noted().built()[0].colour  # type: ignore[attr-defined]


@pytest.mark.parametrize("router", [api_router, web_router], ids=["api", "web"])
def test_fastapi_accepts_every_route_of_gradus(router: Routes) -> None:
    # What it refuses would otherwise be found by whoever comes first.
    assert len(router.built()) > 40
    for route in router.built():
        assert isinstance(route, APIRoute)
        assert route.dependant.call is route.endpoint
