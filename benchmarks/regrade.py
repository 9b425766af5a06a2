"""How long a regrade of many answers takes: its preview, applying and undoing it; with one worker and with two.

`python -m benchmarks.regrade`. Twenty students answer variants of their own of four questions of the bank with the key
or with a typical slip; their attempts are copied until there are enough. So many answer the same variant, and alike, as
in a class that sits one printed paper: what graders compute of a variant, or state about a field that was answered so
before, they share within a call. `--students 500` lets as many sit, with variants of their own: a tenth longer.

Then the rubric of a question changes (no grader runs), and the graders look at everything again. Workers are processes
of `gradus worker`, each with one sandbox.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import String, insert, literal, select, update
from sqlalchemy import cast as cast_to

from app.domain.values import Json, from_json
from app.jobs.grading import GradeSubmissions
from app.sandbox import Sandbox
from app.services.accounts.people import person_from
from app.services.bank.bank import load_bank
from app.services.courses.membership import Membership, membership
from app.services.marking import regrade_starts, regrades
from app.services.operating.transactions import Transaction, Transactions
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
from app.services.sitting import attempts, submissions
from app.settings import read_settings
from app.storage import people
from app.storage.changes import Change, FieldChange
from app.storage.engine import open_database
from app.storage.saves import Arrival, write_saves
from app.storage.schema import upgrade
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Course,
    Grading,
    Observation,
    QuestionVersion,
    Submission,
    SubmissionItem,
    Variant,
)
from benchmarks.bank import postgresql
from benchmarks.servers import ROOT, worker
from benchmarks.timing import machine, print_table, times
from graders.marking.sweep import key_answers
from graders.marking.variants import world_of
from graders.packages import unpack

QUESTIONS = ("tum-10b", "tum-05", "tum-01a", "tum-03")
EDITED = "tum-10b"
# What the rubric of that question says of a part, and what its next version says: half of it for any number.
OLD, NEW = "id: result, points: 1/2, when: h2.right", "id: result, points: 1/2, when: not h2.blank"
POLL_SECONDS = 0.2  # A look costs the database 4 ms, which are not the workers’.
LONGEST_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is graded anew."""

    answers: int = 10_000
    students: int = 20  # who really sit; the others' attempts are copies
    workers: tuple[int, ...] = (1, 2)
    waking: float = 5.0  # seconds until the sandboxes of workers are there
    postgresql: bool = True


@dataclass(slots=True)
class Term:
    """A quiz with answers, and who may grade it anew."""

    transactions: Transactions
    quiz: str
    ines: Membership

    def timed(self, begin: Callable[..., str], *args: Any) -> tuple[int, list[float]]:
        """How many answers a regrade has; the seconds of its preview, of applying it, and of undoing it."""
        started = time.perf_counter()
        regrade: str = self._do(begin, *args, "It was wrong.")
        seconds = [self._wait(regrade, started)]
        for action in (regrades.apply, regrades.undo):
            started = time.perf_counter()
            if self._do(action, regrade):
                raise SystemExit("Answers changed while nobody was there.")
            seconds.append(self._wait(regrade, started))
        with self.transactions.reading() as tx:
            seen = regrades.preview(tx, self.ines.course_id, self.quiz, regrade)
        return seen.card.answers, seconds

    def _do(self, action: Callable[..., Any], *args: Any) -> Any:
        with self.transactions.writing() as tx:
            return action(tx, self.ines, self.quiz, *args, lambda: None)

    def _wait(self, regrade: str, started: float) -> float:
        while time.perf_counter() - started < LONGEST_SECONDS:
            with self.transactions.reading() as tx:
                state, left = regrades.state(tx, self.ines.course_id, self.quiz, regrade)
            if state == "dropped":
                raise SystemExit("The regrade could not be prepared.")
            if state != "preparing" and left == 0:
                return time.perf_counter() - started
            time.sleep(POLL_SECONDS)
        raise SystemExit(f"A regrade took more than {LONGEST_SECONDS:g} s.")


def fill(transactions: Transactions, folder: Path, answers: int, students: int) -> Term:
    """A quiz of four questions that were answered so often, all together; and a newer rubric for one of them."""
    bank = folder / "bank"
    for question in QUESTIONS:
        (found,) = (ROOT / "question_bank").glob(f"*/{question}")
        shutil.copytree(found, bank / found.parent.name / question)
    with closing(Sandbox(grading_workers=1)) as sandbox:
        _load(transactions, sandbox, bank)
        with transactions.writing() as tx:
            course = create_course(tx, "Course")
            quiz = create_quiz(tx, NewQuiz(course, "Quiz", tuple(map(NewQuizItem, QUESTIONS))))
            row = people.add_person(tx, "ines", "Ines", None, False)
            people.enrol(tx, course, row.id, "instructor")
            names = [f"student{number}" for number in range(students)]
            class_of = [people.add_person(tx, name, name.title(), None, False) for name in names]
            for student in class_of:
                people.enrol(tx, course, student.id, "student")
            public = tx.session.get_one(Course, course).public_id
            ines = membership(tx, person_from(row), public, "instructor")
        for place, student in enumerate(class_of):
            _sit(transactions, sandbox, student.id, quiz, slip=place % 2 == 1)
        duty = GradeSubmissions(transactions, sandbox)
        while keys := duty.due(100):
            for key in keys:
                duty.do(key, lambda: False)
        (edited,) = bank.glob(f"*/{EDITED}/question.yaml")
        edited.write_text(edited.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
        _load(transactions, sandbox, bank)
    with transactions.writing() as tx:
        _copy(tx, answers // (students * len(QUESTIONS)) - 1)
    return Term(transactions, quiz, ines)


def _load(transactions: Transactions, sandbox: Sandbox, bank: Path) -> None:
    with transactions.reading() as reading, transactions.writing() as writing:
        report = load_bank(reading, writing, sandbox, bank)
    if report.problems:
        raise SystemExit("; ".join(map(str, report.problems)))


def _sit(transactions: Transactions, sandbox: Sandbox, person: int, quiz: str, *, slip: bool) -> None:
    with transactions.reading() as reading, transactions.writing() as writing:
        attempt = attempts.start(reading, writing, sandbox, person, quiz)
    with transactions.reading() as tx:
        asked = tx.session.execute(
            select(AttemptItem.position, QuestionVersion.package, Variant.values)
            .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
            .join(Variant, Variant.id == AttemptItem.variant_id)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .where(Attempt.public_id == attempt)
        ).all()
    typed = []
    for position, package, values in asked:
        compiled = unpack(package).compiled
        world = world_of(compiled, {name: from_json(value) for name, value in values.items()})
        answers = key_answers(compiled, world)
        for name, one in list(compiled.fields.items())[: 1 if slip else 0]:
            answers |= {name: next(iter(one.grader.wrong(one.options(world)).values()), "")}
        typed += [FieldChange(position, name, 1, cast("Json", value)) for name, value in answers.items()]
    with transactions.writing() as tx:
        write_saves(tx, [Arrival(Change(attempt, "tab", 1, tuple(typed)), tx.now())], 30, {})
    with transactions.writing() as tx:
        submissions.hand_in(tx, person, attempt, lambda: None)


def _copy(tx: Transaction, times_over: int) -> None:
    """Copies of all attempts, graded as they are."""
    papers = tx.session.execute(select(Attempt, Submission).join(Submission, Submission.attempt_id == Attempt.id)).all()
    for attempt, submission in papers:
        items = tx.session.execute(
            select(AttemptItem, SubmissionItem, Observation, Grading)
            .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
            .join(Grading, Grading.id == SubmissionItem.current_grading_id)
            .join(Observation, Observation.id == Grading.observation_id)
            .where(AttemptItem.attempt_id == attempt.id)
        ).all()
        for number in range(2, 2 + times_over):
            copied = _added(tx, attempt, public_id=secrets.token_urlsafe(12), number=number)
            paper = _added(tx, submission, attempt_id=copied)
            for item, handed_in, observation, grading in items:
                place = _added(tx, item, attempt_id=copied)
                pointers = {"current_grading_id": None, "observation_id": None}
                own = _added(tx, handed_in, submission_id=paper, attempt_item_id=place, **pointers)
                seen = _added(tx, observation, submission_item_id=own)
                worth = _added(tx, grading, submission_item_id=own, observation_id=seen)
                tx.session.execute(
                    update(SubmissionItem)
                    .where(SubmissionItem.id == own)
                    .values(current_grading_id=worth, observation_id=seen)
                )


def _added(tx: Transaction, row: Any, **changed: Any) -> int:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}
    table = type(row)
    return int(tx.session.execute(insert(table).values(**values | changed).returning(table.id)).scalar_one())


def _forget_software(transactions: Transactions) -> None:
    """Let every observation seem to come from the graders of some earlier release."""
    with transactions.writing() as tx:
        name = f"graders of before {secrets.token_hex(4)} "
        own = literal(name).concat(cast_to(Observation.id, String))
        tx.session.execute(update(Observation).values(grader_fingerprint=own))


@contextmanager
def _at_work(url: str, count: int, waking: float) -> Iterator[None]:
    """So many workers, awake after `waking` seconds."""
    environment = {"GRADUS_DATABASE_URL": url, "GRADUS_GRADING_WORKERS": "1", "GRADUS_LOG_LEVEL": "warning"}
    with tempfile.TemporaryDirectory(prefix="gradus-benchmark-") as name:
        opened = [worker(Path(name), **environment) for _ in range(count)]
        try:
            started = [one.__enter__() for one in opened]
            time.sleep(waking)
            if any(one.poll() is not None for one in started):
                raise SystemExit(f"A worker did not start: {(Path(name) / 'worker.log').read_text()[-2000:]}")
            yield
        finally:
            for one in opened:
                one.__exit__(None, None, None)


def measure(sizes: Sizes) -> dict[str, list[float]]:
    """Fill, grade anew, print; on SQLite and on PostgreSQL."""
    print(f"Machine: {machine()}.")
    with tempfile.TemporaryDirectory(prefix="gradus-benchmark-") as name:
        found = _measure("SQLite", f"sqlite:///{name}/gradus.sqlite3", sizes)
    if sizes.postgresql:
        with postgresql() as url:
            found |= _measure("PostgreSQL", url.replace("postgresql://", "postgresql+psycopg://"), sizes)
    return found


def _measure(engine: str, url: str, sizes: Sizes) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    rows: list[list[str]] = []
    with closing(open_database(url)) as database, tempfile.TemporaryDirectory(prefix="gradus-benchmark-") as name:
        upgrade(database, read_settings().migrations_path)
        transactions = Transactions(database)
        term = fill(transactions, Path(name), sizes.answers, sizes.students)
        for kind, begin, args in (
            ("rubric", regrade_starts.with_version, (EDITED, 2)),
            ("void", regrade_starts.void, (_an_attempt(transactions), 1, "h2")),
            ("graders of today", regrade_starts.with_software, ()),
        ):
            alone: list[float] = []
            for count in sizes.workers:
                if begin is regrade_starts.with_software:
                    _forget_software(transactions)
                with _at_work(url, count, sizes.waking):
                    answers, seconds = term.timed(begin, *args)
                alone = alone or seconds
                found[f"{engine}, {kind}, {count}"] = seconds
                rate = answers / seconds[0]
                gain = times(alone[0] / seconds[0]) if count > 1 else ""
                cells = [f"{one:.1f}" for one in seconds]
                load = f"{os.getloadavg()[0]:.1f}"
                rows.append([f"{kind}, {count} at work", str(answers), *cells, f"{rate:.0f}", gain, load])
    header = ["seconds", "answers", "preview", "apply", "undo", "previewed per s", "to one", "load"]
    print_table(f"Regrades on {engine}", header, rows)
    return found


def _an_attempt(transactions: Transactions) -> str:
    with transactions.reading() as tx:
        return tx.session.scalars(select(Attempt.public_id).order_by(Attempt.id).limit(1)).one()


def main(*arguments: str) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=Sizes().students)
    measure(Sizes(students=parser.parse_args(arguments).students))


if __name__ == "__main__":
    main(*sys.argv[1:])
