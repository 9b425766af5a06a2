"""A served Gradus and a real browser. Every page of every test is watched: no error, no request to another host."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.browser.served import INSTRUCTOR, LOGIN, PASSWORD

# What a browser says about answers that a test asks for on purpose.
EXPECTED = (
    "ERR_INTERNET_DISCONNECTED",
    "status of 403",
    "status of 404",
    "status of 410",
    "status of 413",
    "status of 409",
    "status of 422",
    "status of 503",
)
# Two cores are shared by everything: what a person would wait for may take its time.
expect.set_options(timeout=20_000)

_numbers = itertools.count()
_instructors = itertools.count()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A served Gradus: its port, and the public ids of what is in it."""
    folder = tmp_path_factory.mktemp("served")
    log = (folder / "log").open("w+")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.served", str(folder)],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        assert line, (folder / "log").read_text()
        yield json.loads(line)
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()
        log.close()


@pytest.fixture(scope="session")
def address(served: dict[str, Any]) -> str:
    """Where Gradus is served."""
    return f"http://127.0.0.1:{served['port']}"


@pytest.fixture(scope="session")
def browser(chromium: Path, chromium_flags: list[str]) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=chromium_flags)
        yield launched
        launched.close()


@pytest.fixture
def new_context(browser: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts whose pages are watched."""
    troubles: list[str] = []
    opened: list[BrowserContext] = []

    def watch_request(request: Request) -> None:
        if not request.url.startswith((address + "/", "data:")):
            troubles.append(f"a request to {request.url}")

    def watch(page: Page) -> None:
        page.on("request", watch_request)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                troubles.append(f"{page.url}: {message.text}")
                if message.type in ("error", "warning") and not any(one in message.text for one in EXPECTED)
                else None
            ),
        )

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 860}, **options})
        context.set_default_timeout(30_000)
        context.on("page", watch)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert not troubles


@pytest.fixture
def account() -> tuple[str, str]:
    """Login and password of a student who has done nothing yet."""
    return LOGIN.format(next(_numbers)), PASSWORD


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], account: tuple[str, str]) -> Page:
    """The list of quizzes of a fresh student."""
    page = new_context().new_page()
    sign_in(page, account)
    return page


@pytest.fixture
def author(new_context: Callable[..., BrowserContext]) -> Page:
    """The list of quizzes of an instructor who has done nothing yet, who also writes questions."""
    page = new_context().new_page()
    sign_in(page, (INSTRUCTOR.format(next(_instructors)), PASSWORD))
    return page


@pytest.fixture
def exam(page: Page) -> Page:
    """The first question of a fresh attempt at the printed paper."""
    return start(page)


def crash(page: Page) -> None:
    """The page is gone, and has sent nothing on its way out."""
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.close()


def sign_in(page: Page, account: tuple[str, str]) -> None:
    """Through the door."""
    page.goto("/")
    page.get_by_label("Account").fill(account[0])
    page.get_by_label("Password").fill(account[1])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your quizzes").wait_for()


def start(page: Page) -> Page:
    """Start the exam."""
    page.get_by_role("button", name="Start").click()
    page.locator("[data-exam]").wait_for()
    page.wait_for_load_state()
    return page
