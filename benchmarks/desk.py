"""The marking desk with 2,000 submissions of 20 questions that wait for people; beside an empty FastAPI endpoint.

`python -m benchmarks.desk`. The questions ask for texts, half of them in a single part and half in eight. Every credit
was made by the graders, which are sure of none; the rows are inserted as they are, because 40,000 answers would take
the graders a while. What is measured is the whole answer to a request, as a browser gets it.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert, select, text

from app.interchange.bank import load_bank
from app.sandbox import Sandbox
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, add_person
from app.services.bank.bank import package_hash, title_of
from app.services.marking.grading import fingerprint_of
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
from app.settings import read_settings
from app.storage import people, questions
from app.storage.engine import open_database
from app.storage.schema import upgrade
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Course,
    Enrolment,
    Grading,
    Observation,
    PersonRow,
    Quiz,
    Submission,
    SubmissionItem,
    Variant,
)
from app.storage.transaction import Transaction, Transactions
from benchmarks.servers import Server, empty_server, gradus_server
from benchmarks.student import Student
from benchmarks.timing import Durations, cpu_seconds, machine, milliseconds, print_table, times

EMPTY = "empty FastAPI endpoint"
PARTS = (1, 8)
TOLD = "Some approximation of the {} is used by one of them, I think, because of the {}"
PART = """\
  - id: differ{n}
    label: part {n}
    points: 2
    fields:
      essay{n}:
        grader: text
        key: BFGS approximates the Hessian and is cheaper.
        concepts:
          estimate: [approximat*, estimat*]
          hessian: [hessian]
          cheap: [cheap, cheaper, fast, faster]
        roles: {{quasi: [bfgs, quasi-newton], newton: [newton]}}
        claims:
          estimates: {{earn: ["quasi::[estimate hessian]"], deny: ["newton::[estimate hessian]"], near: [estimate]}}
          cheaper: {{earn: ["quasi::cheap"], deny: ["newton::cheap"]}}
    criteria:
      - {{id: estimates{n}, points: 1, when: essay{n}.estimates, says: It approximates the Hessian}}
      - {{id: cheaper{n}, points: 1, when: essay{n}.cheaper, says: A step is cheaper}}
"""
WORDS = ("gradient", "Hessian", "learning rate", "weights", "loss", "noise", "batch", "curvature", "memory", "depth")
SHOWN = re.compile(r'name="(seen|rubric)" value="(\d+)"')
WORTH = re.compile(r'name="(points\.[^"]+)"')


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    submissions: int = 2000
    questions: int = 20
    texts: int = 40  # different answers that graders really see, of each model
    rounds: int = 40


@dataclass(frozen=True, slots=True)
class Model:
    """A question of the bank with the answers that graders have seen."""

    package: dict[str, Any]
    hashes: dict[str, str]
    variant: dict[str, Any]
    field: str
    part: str
    answers: list[dict[str, Any]]
    observations: list[dict[str, Any]]
    credits: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put in: who marks, and the addresses of the desk."""

    login: str
    password: str
    root: str
    parts: list[str]


def packages(folder: Path) -> list[dict[str, Any]]:
    """The questions, read from files like those of the bank."""
    for parts in PARTS:
        here = folder / "texts" / f"methods-{parts}"
        here.mkdir(parents=True)
        yaml = f"id: {here.name}\ntitle: Second-order methods\nparts:\n"
        asked = "".join(f"## differ{n}\nHow do these methods differ?\n\n" for n in range(parts))
        (here / "question.yaml").write_text(yaml + "".join(PART.format(n=n) for n in range(parts)), encoding="utf-8")
        (here / "prompt.md").write_text(asked, encoding="utf-8")
        (here / "solution.md").write_text(asked.replace("How do these", "These"), encoding="utf-8")
    loaded = load_bank(folder)
    assert not [one.problems for one in loaded if one.package is None]
    return [one.package for one in loaded if one.package is not None]


def models(sandbox: Sandbox, folder: Path, texts: int) -> list[Model]:
    """The questions with as many texts each, graded."""
    found = []
    for package in packages(folder):
        variant = sandbox.run("variant", {"package": package, "seed": 0}, lane="grading")
        parts = [(part, one) for part in variant["shown"]["parts"] for one in part["fields"]]
        part, field = next((part, one) for part, one in parts if one["widget"]["kind"] == "text")
        answers, observations, credits = [], [], []
        for number in range(texts):
            said = TOLD.format(WORDS[number % 10], WORDS[(number // 10 + number) % 10])
            answer = {one["id"]: said if one["widget"]["kind"] == "text" else "" for _, one in parts}
            payload = {"package": package, "values": variant["values"], "seed": 0, "answers": answer, "decisions": {}}
            both = sandbox.run("grade", payload, lane="grading")
            answers.append(answer)
            observations.append(both["observation"])
            credits.append(both["credit"])
        hashes = sandbox.run("hashes", {"package": package}, lane="grading")
        found.append(Model(package, hashes, variant, field["id"], part["id"], answers, observations, credits))
    return found


def fill(url: str, sizes: Sizes) -> Filled:
    """The quiz with everything handed in and graded, and somebody who marks."""
    with closing(Sandbox(grading_workers=1)) as sandbox, tempfile.TemporaryDirectory(prefix="gradus-bank-") as bank:
        fingerprint = fingerprint_of(sandbox)
        made = models(sandbox, Path(bank), sizes.texts)
    password = secrets.token_urlsafe(12)
    with closing(open_database(url)) as database:
        upgrade(database, read_settings().migrations_path)
        with Transactions(database).writing() as tx:
            course = create_course(tx, "Marking")
            marker = add_person(tx, Doorkeeper(), NewPerson("marker", "Marker", password))
            people.enrol(tx, course, marker.id, "assistant")
            copies = [_copy(tx, made[number % len(made)], number) for number in range(sizes.questions)]
            names = [name for name, _, _ in copies]
            quiz = create_quiz(tx, NewQuiz(course, "To be marked", tuple(NewQuizItem(name) for name in names)))
            _hand_in(tx, quiz, copies, made, sizes, fingerprint)
            public = tx.session.scalars(select(Course.public_id).where(Course.id == course)).one()
        with Transactions(database).writing() as tx:
            tx.session.execute(text("ANALYZE"))  # as PostgreSQL does by itself within minutes
    root = f"/courses/{public}/quizzes/{quiz}/marking"
    parts = [f"{root}/{name}/{made[number % len(made)].part}" for number, name in enumerate(names)]
    return Filled("marker", password, root, parts)


def _copy(tx: Transaction, model: Model, number: int) -> tuple[str, int, int]:
    """A copy of a question under a name of its own: the name, its version and its variant."""
    package = deepcopy(model.package)
    name = f"{package['question']['id']}-{number}"
    package["question"]["id"] = name
    hashes = model.hashes | {"variant_hash": secrets.token_hex(32)}
    points = sum((Fraction(part["points"]) for part in package["question"]["parts"]), Fraction(0))
    version = questions.add_version(
        tx,
        question=name,
        number=1,
        title=f"{title_of(package)} ({number})",
        points=points,
        package=package,
        package_hash=package_hash(package),
        hashes=hashes,
    )
    row = Variant(
        variant_hash=hashes["variant_hash"],
        seed=0,
        values=model.variant["values"],
        rendered=model.variant["shown"],
        solution=model.variant["solution"],
        fingerprint=model.variant["fingerprint"],
        created_at=tx.now(),
    )
    tx.session.add(row)
    tx.session.flush()
    assert version is not None
    return name, version, row.id


def _hand_in(
    tx: Transaction,
    quiz_id: str,
    copies: Sequence[tuple[str, int, int]],
    made: Sequence[Model],
    sizes: Sizes,
    fingerprint: str,
) -> None:
    """Everybody's attempt, submission, answers and gradings, row by row in bulk."""
    quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == quiz_id)).one()
    now, session = tx.now(), tx.session
    ids = range(1, sizes.submissions + 1)
    first = 1000
    session.execute(
        insert(PersonRow),
        [
            {"id": first + n, "login": f"s{n}", "name": f"Student {n}", "administrator": False, "created_at": now}
            for n in ids
        ],
    )
    enrolled = {"course_id": quiz.course_id, "role": "student", "created_at": now}
    session.execute(insert(Enrolment), [enrolled | {"person_id": first + n} for n in ids])
    sat = {"quiz_id": quiz.id, "number": 1, "state": "handed in", "started_at": now, "deadline_at": None}
    rows = [sat | {"id": n, "public_id": secrets.token_urlsafe(12), "person_id": first + n} for n in ids]
    session.execute(insert(Attempt), rows)
    session.execute(
        insert(Submission), [{"id": n, "attempt_id": n, "number": 1, "at": now, "receipt": "0" * 64} for n in ids]
    )
    for place, (_, version, variant) in enumerate(copies):
        model = made[place % len(made)]
        keys = [(n, (place + 1) * 100_000 + n, (7 * n + place) % sizes.texts) for n in ids]
        one: dict[str, Any] = {"position": place + 1, "variant_id": variant, "question_version_id": version}
        one |= {"weight": Fraction(1), "weight_real": 1.0}
        session.execute(insert(AttemptItem), [one | {"id": key, "attempt_id": n} for n, key, _ in keys])
        session.execute(
            insert(SubmissionItem),
            [
                {"id": key, "submission_id": n, "attempt_item_id": key, "answers_frozen": _worded(model, answer, n)}
                for n, key, answer in keys
            ],
        )
        seen = {"observe_hash": model.hashes["observe_hash"], "grader_fingerprint": fingerprint, "cause": ""}
        session.execute(
            insert(Observation),
            [
                seen | {"id": key, "submission_item_id": key, "facts": model.observations[answer], "created_at": now}
                for _, key, answer in keys
            ],
        )
        session.execute(insert(Grading), [_grading(model, version, key, answer, now) for _, key, answer in keys])
    session.execute(text("UPDATE submission_items SET current_grading_id = id"))


def _worded(model: Model, answer: int, number: int) -> dict[str, Any]:
    """Two of three answers are nobody else's."""
    said = model.answers[answer]
    own = f"{said[model.field]} {WORDS[number % 10]}{number}" if number % 3 else said[model.field]
    return said | {model.field: own}


def _grading(model: Model, version: int, key: int, answer: int, now: Any) -> dict[str, Any]:
    credit = model.credits[answer]
    return {
        "id": key,
        "submission_item_id": key,
        "question_version_id": version,
        "observation_id": key,
        "judgement_upto": 0,
        "credit": credit,
        "state": credit["state"],
        "points": Fraction(credit["points"]),
        "points_real": float(Fraction(credit["points"])),
        "upto": Fraction(credit["upto"]),
        "max": Fraction(credit["max"]),
        "created_at": now,
    }


class Marker(Student):
    """Somebody at the desk."""

    def send(self, address: str, **fields: str) -> str:
        """Post a form of the desk; where it leads."""
        answer, _ = self._post(address, {"csrf": self._csrf, **fields})
        return str(answer.headers["location"])

    def keep(self, address: str, comment: str) -> None:
        """Keep a comment; the page comes back with it."""
        body = urlencode({"csrf": self._csrf, "do": "keep", "seen": "0", "comment": comment}).encode()
        self._ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})


@dataclass(slots=True)
class Measured:
    """One action: how long it took, and the processor time of the server in it."""

    pid: int
    durations: Durations = field(default_factory=Durations)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Measure one."""
        before = cpu_seconds(self.pid)
        with self.durations.one():
            yield
        self.cpu.append(cpu_seconds(self.pid) - before)


def mark(gradus: Server, empty: Server, filled: Filled, rounds: int) -> dict[str, Measured]:
    """Every action in turn, and the empty endpoint; another part in every round."""
    names = ("what waits", "begin", "an answer", "save and next", "the next answer", "undo", "keep a comment")
    found = {EMPTY: Measured(empty.pid)} | {name: Measured(gradus.pid) for name in names}
    with closing(Marker(gradus.port)) as marker, closing(Student(empty.port)) as nobody:
        marker.sign_in(filled.login, filled.password)
        for part in filled.parts:  # each for the first time
            marker.get(marker.send(f"{part}/next", show="waiting"))

        for number in range(rounds):
            part = filled.parts[number % len(filled.parts)]
            nobody.reconnect()
            marker.reconnect()
            with found[EMPTY].one():
                nobody.get("/")
            with found["what waits"].one():
                marker.get(filled.root)
            with found["begin"].one():
                here = marker.send(f"{part}/next", show="waiting")
            with found["an answer"].one():
                page = marker.get(here)
            form = _form(page)
            with found["save and next"].one():
                there = marker.send(here.partition("?")[0], **form, do="next")
            with found["the next answer"].one():
                marker.get(there)
            with found["undo"].one():
                marker.send(f"{part}/undo")
            with found["keep a comment"].one():
                marker.keep(there.partition("?")[0], f"Say why ({number}).")
    return found


def _form(page: str) -> dict[str, str]:
    """Every criterion decided, by what the page has shown."""
    shown = dict(SHOWN.findall(page))
    assert "seen" in shown
    return shown | dict.fromkeys(WORTH.findall(page), "0")


def measure(sizes: Sizes) -> dict[str, Measured]:
    """Fill, mark, print."""
    print(f"Machine: {machine()}.")
    with tempfile.TemporaryDirectory(prefix="gradus-benchmark-") as name:
        folder = Path(name)
        filled = fill(f"sqlite:///{folder / 'gradus.sqlite3'}", sizes)
        with gradus_server(folder) as gradus, empty_server(folder) as empty:
            found = mark(gradus, empty, filled, sizes.rounds)
    print_found(sizes, found)
    return found


def print_found(sizes: Sizes, found: dict[str, Measured]) -> None:
    """The table."""
    base = found[EMPTY].durations.median
    rows = [
        [
            name,
            str(len(one.durations)),
            milliseconds(one.durations.median),
            milliseconds(one.durations.p95),
            times(one.durations.median / base),
            milliseconds(median(one.cpu)),
        ]
        for name, one in found.items()
    ]
    title = f"{sizes.submissions} submissions of {sizes.questions} questions, all waiting"
    print_table(title, ["ms", "n", "median", "p95", "to empty", "CPU"], rows)


def main() -> None:
    measure(Sizes())


if __name__ == "__main__":
    main()
