"""Routes that are only noted where they are declared, and built once, when their whole address is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.params import Depends
from starlette.routing import BaseRoute

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
        """The routes themselves; built at the first call, the same for every application of this process."""
        if not self._built:
            router = APIRouter()
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
