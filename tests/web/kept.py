"""What is the same in every Gradus of one test process and made once: files, templates, routes, cheap hashes."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.web.assets import Assets
from app.web.templating import Templates
from app.web.wording import Wording


class Kept:
    """Taken from the first application, put into all others."""

    def __init__(self) -> None:
        self.assets = Assets()
        self.templates = Templates(self.assets, Wording())
        self._routes: list[BaseRoute] = []

    def put_into(self, app: FastAPI) -> None:
        """Spare an application of ours what another has worked out already.

        What FastAPI finds out about 160 routes at the first request takes it a fifth of a second, compiling the
        templates of a few pages as long again.
        """
        app.state.assets, app.state.templates = self.assets, self.templates
        # The first route is the application's own: its description.
        description, *routers = app.router.routes
        self._routes = self._routes or routers
        app.router.routes[:] = [description, *self._routes]


@cache
def quick_hasher(**_: int) -> PasswordHasher:
    """Passwords hashed as always, but cheaply: being slow is tested where the hashing is."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
