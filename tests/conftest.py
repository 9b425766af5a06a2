"""What the tests of every room may use; the fixtures of one room live in its own folder."""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import coverage
import pytest
from hypothesis import HealthCheck, settings
from xdist import is_xdist_controller

# Two cores are shared by everything: how long an example takes says nothing about it.
# The same examples every time, so that a red check is about the change at hand; `HYPOTHESIS_PROFILE=explore` looks for
# new ones.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("gradus", derandomize=True, **PATIENT)
settings.register_profile("explore", **PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gradus"))

# Tests of what decides marks. Only they are watched: being watched makes any test slower, whatever it looks at.
WATCHED = frozenset({"domain", "graders"})
ROOMS = ("app.domain", "graders")
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


# Long files first, so that none of them makes up the end of the run alone.
FIRST = ("benchmarks", "bank", "house", "api")


class Watch:
    """Coverage, where it was asked for, runs only during the tests of the watched rooms that are not `unwatched`."""

    def __init__(self) -> None:
        self._stopped: list[coverage.Coverage] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Iterator[None]:
        """Nor is it watched how test files are loaded, only how the rooms are, which is therefore done before."""
        if coverage.Coverage.current() is not None and not is_xdist_controller(session):
            for room in ROOMS:
                _load(room)
        self._stop()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if item.nodeid.split("/")[1] in WATCHED and not item.get_closest_marker("unwatched"):
            while self._stopped:
                self._stopped.pop().start()
        else:
            self._stop()
        return (yield)

    def _stop(self) -> None:
        # In a worker of pytest-xdist there are two: pytest-cov starts the one of the master there as well.
        while (watcher := coverage.Coverage.current()) is not None:
            watcher.stop()
            self._stopped.append(watcher)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        while self._stopped:
            self._stopped.pop().start()


def _load(room: str) -> None:
    """What cannot be loaded is left to the tests that need it."""
    with suppress(Exception):
        path = importlib.import_module(room).__path__
        for found in pkgutil.walk_packages(path, f"{room}.", onerror=lambda _: None):
            with suppress(Exception):
                importlib.import_module(found.name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _turn(item.nodeid.split("/")[1]))


def _turn(room: str) -> int:
    return FIRST.index(room) if room in FIRST else len(FIRST)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Watch(), "gradus-watch")
    # Looking for circles among all modules every 700 objects took an eighth of the time of most tests.
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end; nobody needs to look through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _another_database() -> None:
    """What a web process remembers of its database is nothing to the next test, which has another one."""
    if (states := sys.modules.get("app.services.sitting.item_states")) is not None:
        states.forget()


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def gradus() -> Path:
    """The installed console script, for tests that start Gradus as a person does."""
    return Path(sys.executable).with_name("gradus")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser of the browser tests, found in the order in which `make test` looks for it."""
    named = os.environ.get("GRADUS_CHROMIUM")
    if named:
        return Path(named)
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    own = _playwright_chromium()
    if not own.exists():
        pytest.fail("No Chromium for the browser tests: run `make browser`, or set GRADUS_CHROMIUM to its path.")
    return own


def _playwright_chromium() -> Path:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium_flags() -> list[str]:
    """Keeps the browser from calling home; as root (containers) it cannot use its own sandbox."""
    return [*CHROMIUM_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else CHROMIUM_FLAGS
