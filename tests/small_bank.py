"""A tiny bank without graders: questions with two fields, and a sandbox that adds up what is right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from app.domain.documents import Written, write
from app.domain.errors import GradusError
from app.services.operating.transactions import Transaction, Transactions
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.sitting import attempts
from app.storage import people, questions

NUMBER = {
    "kind": "number",
    "shape": None,
    "options": [],
    "options_text": [],
    "several": True,
    "words": [],
    "rows": [],
    "columns": [],
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_time(self, **amount: float) -> None:
        self.time += timedelta(**amount)


def one_by_one(payload: Any) -> list[tuple[str, Any]]:
    """The questions of a call for many, as the call that each of them would be by itself."""
    payload = json.loads(payload) if isinstance(payload, Written) else payload
    calls = []
    for one in payload["questions"]:
        question = {"package": json.loads(payload["packages"][one["package"]]), **payload["variants"][one["variant"]]}
        name, given = "grade", {key: value for key, value in one.items() if key not in ("package", "variant")}
        if "observation" in one:
            name, given["observation"] = "credit", json.loads(one["observation"])
        calls.append((name, question | given))
    return calls


def one_of_many(name: str, answer: Any) -> Any:
    """What a call for many tells of a question that would be answered so by itself."""
    credit = answer if name == "credit" else answer["credit"]
    told = {key: credit[key] for key in ("state", "points", "upto", "max")} | {"credit": write(credit)}
    return told if name == "credit" else told | {"observation": write(answer["observation"])}


@dataclass
class FakeSandbox:
    """Answers like the sandbox does: each field that holds its own name is worth a point."""

    calls: list[tuple[str, Any]] = field(default_factory=list)
    failing: Callable[[str, Any], GradusError | Exception | None] = lambda name, payload: None
    fingerprint: str = "fake 1"

    def run(self, name: str, payload: Any, *, lane: Any = "interactive", seconds: float | None = None) -> Any:
        json.dumps(payload, allow_nan=False)
        self.calls.append((name, payload))
        trouble = self.failing(name, payload)
        if trouble is not None:
            raise trouble
        answer = getattr(self, "_" + name)(payload)
        return json.loads(json.dumps(answer))

    def _describe(self, payload: Any) -> Any:
        return {"fingerprint": self.fingerprint, "graders": {}, "functions": []}

    def _check(self, payload: Any) -> Any:
        return {"problems": []}

    def _hashes(self, payload: Any) -> Any:
        question = payload["package"]["question"]
        digest = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
        return {
            "variant_hash": "v" + digest[1:],
            "observe_hash": "o" + digest[1:],
            "rubric_hash": "r" + digest[1:],
        }

    def _variant(self, payload: Any) -> Any:
        parts = payload["package"]["question"]["parts"]
        shown = [
            {
                "id": part["id"],
                "item": part["id"],
                "label": part["id"],
                "form": "first",
                "points": part["points"],
                "score": "points",
                "prompt": f"<p>{part['id']} {payload['seed']}</p>",
                "prompt_text": part["id"],
                "fields": [
                    {"id": name, "label": name, "label_text": name, "widget": NUMBER} for name in part["fields"]
                ],
            }
            for part in parts
        ]
        return {
            "seed": payload["seed"],
            "values": {"seed": payload["seed"]},
            "tries": 1,
            "fingerprint": self.fingerprint,
            "shown": {
                "title": payload["package"]["question"]["title"],
                "stem": "<p>stem</p>",
                "parts": shown,
            },
            "solution": {"stem": "", "parts": {part["id"]: "<p>because</p>" for part in parts}, "text": {}},
        }

    def _grade(self, payload: Any) -> Any:
        observation = {"right": [name for name, raw in payload["answers"].items() if raw == "1"]}
        return {"observation": observation, "credit": self._credit(payload | {"observation": observation})}

    def _grade_all(self, payload: Any) -> Any:
        graded: list[Any] = []
        for name, one in one_by_one(payload):
            self.calls.append((name, one))
            if self.failing(name, one) is not None:
                graded.append(None)
            else:
                graded.append(one_of_many(name, getattr(self, f"_{name}")(one)))
        return {"graded": graded}

    def _credit(self, payload: Any) -> Any:
        parts = []
        for part in payload["package"]["question"]["parts"]:
            each = Fraction(part["points"]) / len(part["fields"])
            lines = [
                {
                    "id": name,
                    "points": str(each if name in payload["observation"]["right"] else 0),
                    "upto": str(each if name in payload["observation"]["right"] else 0),
                    "max": str(each),
                    "says": f"{name} is right",
                    "why": "Met.",
                    "own": False,
                    "person": False,
                    "level": 0,
                }
                for name in part["fields"]
            ]
            earned = str(sum(Fraction(line["points"]) for line in lines))
            parts.append(
                {
                    "id": part["id"],
                    "item": part["id"],
                    "state": "graded",
                    "points": earned,
                    "upto": earned,
                    "max": part["points"],
                    "score": "points",
                    "criteria": lines,
                    "mistakes": [],
                    "notes": [],
                    "feedback": [],
                }
            )
        total = str(sum(Fraction(part["points"]) for part in parts))
        most = str(sum(Fraction(part["max"]) for part in parts))
        credit = {"state": "graded", "points": total, "upto": total, "max": most}
        return credit | {"readings": [], "parts": parts, "invalid": []}


def package(question: str) -> dict[str, Any]:
    """A question with one part of three points and two fields."""
    return {
        "question": {
            "id": question,
            "title": f"Question {question}",
            "parts": [{"id": "p", "points": "3", "fields": {f"{question}_x": {}, f"{question}_y": {}}}],
        },
        "prompt": {"": ""},
        "solution": {"": ""},
        "cases": [],
        "files": {},
    }


def add_question(tx: Transaction, question: str, number: int = 1) -> None:
    """Store a question version."""
    data = package(question)
    hashes = FakeSandbox()._hashes({"package": data})
    questions.add_version(
        tx,
        question=question,
        number=number,
        title=data["question"]["title"],
        points=Fraction(3),
        package=data,
        package_hash=hashlib.sha256(question.encode()).hexdigest(),
        hashes=hashes,
    )


@dataclass(frozen=True)
class Stage:
    """A course with a quiz of two questions and some students."""

    transactions: Transactions
    sandbox: FakeSandbox
    clock: Clock
    course: int
    quiz: str
    students: tuple[int, ...]

    def start(self, student: int = 0) -> str:
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            return attempts.start(reading, writing, self.sandbox, self.students[student], self.quiz)


def set_the_stage(database: Any, *, students: int = 2, **quiz: Any) -> Stage:
    """Fill an empty database."""
    clock = Clock()
    transactions = Transactions(database, clock)
    with transactions.writing() as tx:
        course = quizzes.create_course(tx, "Course")
        ids = []
        for number in range(students):
            row = people.add_person(tx, f"student{number}", f"Student {number}", None, False)
            people.enrol(tx, course, row.id, "student")
            ids.append(row.id)
        for question in ("qa", "qb"):
            add_question(tx, question)
        items = (NewQuizItem("qa"), NewQuizItem("qb"))
        quiz_id = quizzes.create_quiz(tx, NewQuiz(course, "Quiz", items, **quiz))
    return Stage(transactions, FakeSandbox(), clock, course, quiz_id, tuple(ids))
