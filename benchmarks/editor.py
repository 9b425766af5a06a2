"""Writing a question: how long an author waits for the preview and for saving; beside an empty FastAPI endpoint.

`python -m benchmarks.editor`. First on a quiet server, then while 2,000 handed-in questions are being graded: that must
not be felt. Every preview changes the document, as a keystroke does, and shows three variants with their solutions.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, add_person
from app.services.operating.demo import COURSE
from app.storage.engine import open_database
from app.storage.people import course_by_title, enrol
from app.storage.tables import Attempt, AttemptItem, Submission, SubmissionItem
from app.storage.transaction import Transaction, Transactions
from benchmarks.answers import printed_answers
from benchmarks.promises import not_graded
from benchmarks.servers import Stage, stage
from benchmarks.student import Student
from benchmarks.timing import Durations, machine, milliseconds, print_table, times

EMPTY = "empty FastAPI endpoint"
PREVIEW, BROKEN, SAVE = "preview", "preview, a cell broken", "save"
QUIZ, PREFIX = "TUM", "tum-"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    questions: tuple[str, ...] = ("tum-05", "tum-01a", "halloween-3", "vir2022-5")
    rounds: int = 25
    graded: int = 2000  # questions handed in before the second half


class Author(Student):
    """An instructor with the editor open."""

    def edit(self, question: str) -> dict[str, Any]:
        """Two requests: open the draft, then what the editor begins with."""
        self._post(f"/bank/{question}/edit", {"csrf": self._csrf})
        found: dict[str, Any] = json.loads(self.get(f"/bank/{question}/draft"))
        return found

    def ask(self, question: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post as the editor's scripts do."""
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self._csrf, "Accept": "application/json"}
        address = f"/bank/{question}/draft{action}"
        found: dict[str, Any] = json.loads(self._ask("POST", address, json.dumps(body).encode(), headers)[1])
        return found


@dataclass(slots=True)
class Found:
    """Every operation's durations, over all questions."""

    operations: dict[str, Durations] = field(
        default_factory=lambda: {name: Durations() for name in (EMPTY, PREVIEW, BROKEN, SAVE)}
    )
    left: int = 0


def measure_editing(author: Author, nobody: Student, drafts: dict[str, dict[str, Any]], rounds: int) -> Found:
    """Each operation in turn, question by question."""
    found = Found()
    for number in range(rounds):
        for question, draft in drafts.items():
            texts = {name: text for name, text in draft["texts"].items() if name != "question.yaml"}
            document = draft["document"] | {"tags": [secrets.token_hex(4), str(number)]}
            variables = document.get("variables", {}) | {"typing": "1 + ("}
            body = {"texts": texts, "seeds": [0, 1, 2], "language": "en"}
            for one in (author, nobody):
                one.reconnect()
            with found.operations[EMPTY].one():
                nobody.get("/")
            with found.operations[PREVIEW].one():
                answer = author.ask(question, "/preview", body | {"document": document})
            assert answer["problems"] == [], answer["problems"]
            with found.operations[BROKEN].one():
                answer = author.ask(question, "/preview", body | {"document": document | {"variables": variables}})
            assert [one["path"] for one in answer["problems"]] == ["variables.typing"], answer["problems"]
            with found.operations[SAVE].one():
                saved = author.ask(question, "", {"revision": draft["revision"], "document": document})
            draft["revision"] = saved["revision"]
    return found


def hand_in_copies(on: Stage, questions: int) -> None:
    """One student hands in a paper; copies of it wait for grading as if as many others had."""
    # Worked out before anybody connects: the server hangs up on who has been silent for some seconds.
    answers = list(printed_answers(PREFIX))
    with closing(Student(on.gradus.port)) as student:
        student.sign_in(on.logins[0], on.password)
        student.start(on.quiz(QUIZ))
        for place, one in enumerate(answers, 1):
            for name, raw in one.items():
                student.save(place, name, raw)
        student.hand_in()
    with _transactions(on) as transactions, transactions.writing() as tx:
        _copy(tx, questions)


def _copy(tx: Transaction, questions: int) -> None:
    submission = tx.session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()
    attempt = tx.session.get_one(Attempt, submission.attempt_id)
    items = tx.session.scalars(select(AttemptItem).where(AttemptItem.attempt_id == attempt.id)).all()
    frozen = {
        one.attempt_item_id: one.answers_frozen
        for one in tx.session.scalars(select(SubmissionItem).where(SubmissionItem.submission_id == submission.id))
    }
    for number in range(2, 2 + max(1, questions // len(items))):
        copied = _added(tx, attempt, public_id=secrets.token_urlsafe(12), number=number)
        paper = _added(tx, submission, attempt_id=copied)
        for one in items:
            place = _added(tx, one, attempt_id=copied)
            answers = {"answers_frozen": frozen[one.id], "current_grading_id": None}
            tx.session.execute(insert(SubmissionItem).values(submission_id=paper, attempt_item_id=place, **answers))


def _added(tx: Transaction, row: Attempt | AttemptItem | Submission, **changed: Any) -> int:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}
    table = type(row)
    return int(tx.session.execute(insert(table).values(**values | changed).returning(table.id)).scalar_one())


@contextmanager
def _transactions(on: Stage) -> Iterator[Transactions]:
    with closing(open_database(f"sqlite:///{on.folder / 'gradus.sqlite3'}")) as database:
        yield Transactions(database)


def _waiting(on: Stage) -> int:
    with _transactions(on) as transactions, transactions.reading() as tx:
        return not_graded(tx)


def _instructor(on: Stage) -> tuple[str, str]:
    login, password = f"author-{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    with _transactions(on) as transactions, transactions.writing() as tx:
        course = course_by_title(tx, COURSE)
        assert course is not None
        person = add_person(tx, Doorkeeper(), NewPerson(login, login, password))
        enrol(tx, course.id, person.id, "instructor")
    return login, password


def measure(sizes: Sizes) -> dict[str, Found]:
    """Run everything and print the tables."""
    print(f"Machine: {machine()}.")
    found: dict[str, Found] = {}
    with stage(1) as on, closing(Author(on.gradus.port)) as author, closing(Student(on.empty.port)) as nobody:
        author.sign_in(*_instructor(on))
        drafts = {question: author.edit(question) for question in sizes.questions}
        found["on a quiet server"] = measure_editing(author, nobody, drafts, sizes.rounds)
        hand_in_copies(on, sizes.graded)
        time.sleep(2)  # the runner sweeps every second
        before = _waiting(on)
        busy = measure_editing(author, nobody, drafts, sizes.rounds)
        busy.left = _waiting(on)
        found["while papers are being graded"] = busy
        for title, one in found.items():
            _print(title, one)
        print(f"\nBefore the second half {before} questions waited for grading, after it {busy.left}.")
    return found


def _print(title: str, found: Found) -> None:
    empty = found.operations[EMPTY]
    rows = [
        [
            name,
            str(len(one)),
            milliseconds(one.median),
            milliseconds(one.p95),
            times(one.median / empty.median),
        ]
        for name, one in found.operations.items()
    ]
    print_table(f"Writing a question, {title}", ["ms", "n", "median", "p95", "to empty"], rows)


def main() -> None:
    measure(Sizes())


if __name__ == "__main__":
    main()
