"""The whole application in one process: a real database, a sandbox without graders, a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

import app.main
from app.services.accounts import doorkeeper
from app.services.operating.transactions import Transactions
from app.settings import Settings, read_settings
from app.storage import people
from app.storage.engine import open_database
from tests.databases import (
    ENGINES,
    MIGRATIONS,
    new_database,
    postgresql_server,
    postgresql_template,
    sqlite_template,
)
from tests.small_bank import FakeSandbox, set_the_stage
from tests.web.kept import Kept, quick_hasher
from tests.web.variant import WideSandbox

__all__ = ["new_database", "postgresql_server", "postgresql_template", "sqlite_template"]

PASSWORD = "a password for tests"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TOKEN = re.compile(r'data-token="([^"]+)"')


@dataclass
class House:
    """A running Gradus with one quiz and the students student0 and student1."""

    app: FastAPI
    client: TestClient
    settings: Settings
    quiz: str
    sandbox: FakeSandbox

    @property
    def transactions(self) -> Transactions:
        found: Transactions = self.app.state.transactions
        return found

    def sign_in(self, login: str = "student0", password: str = PASSWORD, **more: str) -> Response:
        return self.client.post("/sign-in", data={"login": login, "password": password, **more})

    def post(self, address: str, data: dict[str, str] | None = None, **options: Any) -> Response:
        """Post a form as the page at "/" would make it."""
        return self.client.post(address, data={"csrf": self.csrf(), **(data or {})}, **options)

    def csrf(self) -> str:
        found = CSRF.search(self.client.get("/").text)
        assert found
        return found[1]

    def start(self) -> str:
        """Start (or go on) as whoever is signed in; the address of the attempt."""
        answer = self.post(f"/quizzes/{self.quiz}/attempts", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).removesuffix("/questions/1")

    def token(self, attempt: str) -> str:
        found = TOKEN.search(self.client.get(f"{attempt}/questions/1").text)
        assert found
        return found[1]

    def save(self, attempt: str, token: str, *changes: dict[str, Any], seq: int = 1, **headers: str) -> Response:
        body = {"device": "tab", "seq": seq, "changes": list(changes)}
        return self.client.post(f"{attempt}/saves", json=body, headers={"X-Attempt-Token": token, **headers})


@pytest.fixture(scope="session")
def kept() -> Kept:
    """What every house of this process has in common."""
    return Kept()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Made once: hashing is slow on purpose."""
    return quick_hasher().hash(PASSWORD)


@pytest.fixture
def open_house(
    new_database: Callable[[str, bool], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    password_hash: str,
    kept: Kept,
) -> Iterator[Callable[..., House]]:
    """Opens a Gradus on an engine with these settings."""
    with ExitStack() as stack:

        def opened(
            engine: str = "sqlite",
            sandbox: FakeSandbox | None = None,
            quiz: dict[str, Any] | None = None,
            **given: Any,
        ) -> House:
            url = new_database(engine, True)
            database = open_database(url)
            stage = set_the_stage(database, **({"seeds": "printed_first"} | (quiz or {})))
            with stage.transactions.writing() as tx:
                for number in range(2):
                    row = people.person_by_login(tx, f"student{number}")
                    assert row is not None
                    row.password_hash = password_hash
            database.close()
            used = sandbox or WideSandbox()
            monkeypatch.setattr(app.main, "Sandbox", lambda **_: used)
            monkeypatch.setattr(doorkeeper, "PasswordHasher", quick_hasher)
            settings = read_settings(
                var_path=tmp_path / "var", database_url=url, migrations_path=MIGRATIONS, grading_workers=1, **given
            )
            made = app.main.create_app(settings)
            kept.put_into(made)
            base = settings.public_url or "http://testserver"
            client = stack.enter_context(TestClient(made, base_url=base))
            return House(made, client, settings, stage.quiz, used)

        yield opened


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> House:
    """A Gradus, once on each engine."""
    return open_house(request.param)


@pytest.fixture
def small_house(open_house: Callable[..., House]) -> House:
    """A Gradus on SQLite, for what does not touch the database's ways."""
    return open_house()
