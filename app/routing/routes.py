"""Routes that are only noted where they are declared, and built once, when their whole address is known."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.params import Depends
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, compile_path

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class _Noted:
    path: str
    endpoint: Callable[..., Any]
    tags: tuple[str, ...]
    dependencies: tuple[Depends, ...]
    responses: dict[int | str, dict[str, Any]]
    in_schema: bool
    options: dict[str, Any]


class LateRoute(APIRoute):
    """A route that knows its address and methods; the rest FastAPI works out when it is first asked for.

    Parameters, dependencies and models of 260 routes took a fifth of the processor time of a start, before the first of
    them could answer. For one route that is a millisecond, at its first request or in the description of the API.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.name = options.get("name") or endpoint.__name__
        self.methods = {method.upper() for method in options["methods"]}
        self.include_in_schema = options["include_in_schema"]
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._options: dict[str, Any] | None = options
        self._turn = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        # Python comes here only for what is not there yet.
        known = vars(self)
        with known["_turn"]:
            options, self._options = known["_options"], None
            if options is not None:
                super().__init__(self.path, self.endpoint, **options)
        try:
            return known[name]
        except KeyError:
            raise AttributeError(f"a route has no {name!r}", name=name, obj=self) from None


class Routes:
    """Notes operations as FastAPI's router does, with the same words.

    FastAPI's own looks through an operation (parameters, dependencies, models) when it is declared and anew for every
    router that includes that one: with 250 routes a third of what starting took.
    """

    def __init__(
        self,
        prefix: str = "",
        *,
        tags: Sequence[str] = (),
        dependencies: Sequence[Depends] = (),
        responses: dict[int | str, dict[str, Any]] | None = None,
        include_in_schema: bool = True,
    ) -> None:
        self._prefix = prefix
        self._tags = tuple(tags)
        self._dependencies = tuple(dependencies)
        self._responses = responses or {}
        self._in_schema = include_in_schema
        self._noted: list[_Noted] = []
        self._built: list[BaseRoute] = []

    def api_route(
        self,
        path: str,
        *,
        methods: Sequence[str],
        tags: Sequence[str] = (),
        dependencies: Sequence[Depends] = (),
        responses: dict[int | str, dict[str, Any]] | None = None,
        include_in_schema: bool = True,
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Note a function as the answer to these methods; `options` are those of `APIRouter.api_route`."""

        def note(endpoint: Endpoint) -> Endpoint:
            noted = _Noted(
                path,
                endpoint,
                tuple(tags),
                tuple(dependencies),
                responses or {},
                include_in_schema,
                options={"methods": list(methods), **options},
            )
            self._note(noted)
            return endpoint

        return note

    def get(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Note what answers to GET."""
        return self.api_route(path, methods=["GET"], **options)

    def post(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Note what answers to POST."""
        return self.api_route(path, methods=["POST"], **options)

    def put(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Note what answers to PUT."""
        return self.api_route(path, methods=["PUT"], **options)

    def patch(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Note what answers to PATCH."""
        return self.api_route(path, methods=["PATCH"], **options)

    def delete(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Note what answers to DELETE."""
        return self.api_route(path, methods=["DELETE"], **options)

    def include(self, other: Routes) -> None:
        """Note everything that another has noted, below our own prefix and with what holds for all of us."""
        for one in other._noted:
            self._note(one)

    def _note(self, one: _Noted) -> None:
        self._noted.append(
            replace(
                one,
                path=self._prefix + one.path,
                tags=self._tags + one.tags,
                dependencies=self._dependencies + one.dependencies,
                responses={**self._responses, **one.responses},
                in_schema=self._in_schema and one.in_schema,
            )
        )

    def built(self) -> list[BaseRoute]:
        """The routes themselves, to be matched at once; the same for every application of this process."""
        if not self._built:
            router = APIRouter(route_class=LateRoute)
            for one in self._noted:
                router.add_api_route(
                    one.path,
                    one.endpoint,
                    tags=list(one.tags),
                    dependencies=list(one.dependencies),
                    responses=one.responses,
                    include_in_schema=one.in_schema,
                    **one.options,
                )
            self._built = router.routes
        return self._built
