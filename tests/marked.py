"""An essay that people mark: a sandbox that is sure of some answers only, and a quiz full of them."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update

from app.domain.decisions import read_verdict
from app.jobs.grading import GradeSubmissions
from app.services.courses.membership import Membership
from app.services.marking import deciding, desk
from app.services.marking.deciding import Decided, Decision
from app.services.marking.desk import DeskPage, Place
from app.services.marking.piles import Pile
from app.services.operating.transactions import Transaction, Transactions
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.sitting import attempts, submissions
from app.storage import people, questions
from app.storage.tables import Attempt, AttemptItem, Grading, Judgement, SubmissionItem
from tests.quiz_bank import instructor, standing
from tests.small_bank import NUMBER, Clock, FakeSandbox

TEXT = NUMBER | {"kind": "text"}
RUBRIC = {"why": {"cause": "1", "effect": "2", "style": "-1/2"}, "how": {"right": "1"}}
CRITERIA = {
    part: [{"id": name, "points": worth, "when": "person"} for name, worth in some.items()]
    for part, some in RUBRIC.items()
}
PACKAGE: dict[str, Any] = {
    "question": {
        "id": "essay",
        "title": "An essay",
        "parts": [
            {
                "id": "why",
                "label": "a",
                "points": "3",
                "fields": {"essay": {"grader": "text"}},
                "criteria": CRITERIA["why"],
            },
            {"id": "how", "label": "b", "points": "1", "fields": {"count": {}}, "criteria": CRITERIA["how"]},
        ],
    },
    "prompt": {"": ""},
    "solution": {"": ""},
    "cases": [],
    "files": {},
}


class EssaySandbox(FakeSandbox):
    """Of "cause" and "effect" it is sure; with "maybe" it suggests the cause, with "odd" it has no idea of it."""

    def close(self) -> None:
        pass

    def _variant(self, payload: Any) -> Any:
        variant = super()._variant(payload)
        for part in variant["shown"]["parts"]:
            part["prompt"] = f"<p>{part['id']}?</p>"
            part["fields"][0]["widget"] = TEXT if part["id"] == "why" else NUMBER
        return variant

    def _grade(self, payload: Any) -> Any:
        return {
            "observation": payload["answers"],
            "credit": self._credit(payload | {"observation": payload["answers"]}),
        }

    def _credit(self, payload: Any) -> Any:
        seen, decisions = payload["observation"], payload.get("decisions") or {}
        asked = payload["package"]["question"]["parts"]
        rubric = {part["id"]: {one["id"]: one["points"] for one in part["criteria"]} for part in asked}
        parts = [self._part(part, rubric[part], seen, decisions) for part in ("why", "how")]
        state = "needs-person" if any(part["state"] == "needs-person" for part in parts) else "graded"
        total, most = (str(sum(Fraction(part[name]) for part in parts)) for name in ("points", "upto"))
        return {
            "state": state,
            "points": total,
            "upto": most,
            "max": "4",
            "readings": [],
            "invalid": [],
            "parts": parts,
        }

    def _part(self, part: str, rubric: dict[str, str], seen: Any, decisions: Any) -> Any:
        lines = [self._line(part, name, worth, seen, decisions) for name, worth in rubric.items()]
        most = PACKAGE["question"]["parts"][0 if part == "why" else 1]["points"]
        moved = read_verdict(decisions.get(f"{part}.", 0)).in_part(Fraction(most))
        low, high = (
            max(Fraction(0), min(Fraction(most), sum((Fraction(line[end]) for line in lines), Fraction(0)) + moved))
            for end in ("points", "upto")
        )
        state = "graded" if low == high else "needs-person"
        found = {"id": part, "item": part, "state": state, "points": str(low), "upto": str(high), "max": most}
        found |= {"score": "points", "criteria": lines, "adjustment": str(moved), "mistakes": [], "notes": []}
        return found | {"feedback": [], "words": {}}

    def _line(self, part: str, name: str, worth: str, seen: Any, decisions: Any) -> Any:
        text = str(seen.get("essay" if part == "why" else "count") or "")
        points = upto = worth if name in text else "0"
        more: dict[str, Any] = {}
        if (name == "cause" and ("maybe" in text or "odd" in text)) or (name == "right" and "?" in text):
            points, upto = "0", worth
            more = {"suggested": worth} if "maybe" in text else {}
        decided = decisions.get(f"{part}.{name}", decisions.get(f"{part}.{name}!"))
        if decided is not None:
            verdict = read_verdict(decided)
            points = upto = str(verdict.at(Fraction(worth)))
            moved = verdict.moved_to(Fraction(worth))
            more = {"given": str(verdict.points), "of": str(verdict.of)} if moved else {}
        line = {"id": name, "points": points, "upto": upto, "max": worth, "says": f"The {name}", "why": "Met."}
        return line | {"own": False, "person": decided is not None, "level": 0, "alternative": False} | more


@dataclass
class Marking:
    """A quiz with one essay, handed in by many, and its markers."""

    transactions: Transactions
    clock: Clock
    course: int
    quiz: str
    students: list[int]
    markers: list[Membership]
    sandbox: EssaySandbox = field(default_factory=EssaySandbox)
    question: str = "essay"

    def hand_in(self, *texts: str, count: str = "") -> list[Place]:
        """The answers of as many students as there are texts; graded."""
        places = []
        for text in texts:
            student = self.students.pop(0)
            with self.transactions.reading() as reading, self.transactions.writing() as writing:
                attempt = attempts.start(reading, writing, self.sandbox, student, self.quiz)
                submissions.hand_in(writing, student, attempt, lambda: None)
                # At once, before anybody grades it.
                rows = select(SubmissionItem.id).join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
                mine = rows.join(Attempt, Attempt.id == AttemptItem.attempt_id).where(Attempt.public_id == attempt)
                changed = update(SubmissionItem).where(SubmissionItem.id.in_(mine.scalar_subquery()))
                writing.session.execute(changed.values(answers_frozen={"essay": text, "count": count}))
            places.append(Place(attempt, 1))
        self.grade()
        return places

    def publish(self, **worths: str) -> int | None:
        """A new version of the question, with these criteria in the first part; its row."""
        package = copy.deepcopy(PACKAGE)
        criteria = [{"id": name, "points": worth, "when": "person"} for name, worth in worths.items()]
        package["question"]["parts"][0]["criteria"] = criteria
        rubric = hashlib.sha256(b"another").hexdigest()
        with self.transactions.writing() as tx:
            return questions.add_version(
                tx,
                question="essay",
                number=2,
                title="An essay",
                points=Fraction(4),
                package=package,
                package_hash=rubric,
                hashes=FakeSandbox()._hashes({"package": PACKAGE}) | {"rubric_hash": rubric},
            )

    def another_rubric(self, **worths: str) -> None:
        """Let a new version count for everybody, with these criteria in the first part."""
        version = self.publish(**worths)
        with self.transactions.writing() as tx:
            tx.session.execute(update(SubmissionItem).values(version_id=version, current_grading_id=None))
        self.grade()

    def grade(self) -> None:
        """What the duty does."""
        duty = GradeSubmissions(self.transactions, self.sandbox)
        while keys := duty.due(100):
            for key in keys:
                duty.do(key, lambda: False)

    def do(self, action: Callable[[Transaction], Any]) -> Any:
        with self.transactions.writing() as tx:
            return action(tx)

    def pile(self, marker: int = 0, part: str = "why") -> Pile:
        return Pile(self.markers[marker], self.quiz, self.question, part)

    def open(self, place: Place, marker: int = 0, part: str = "why", **more: Any) -> DeskPage:
        page: DeskPage = self.do(lambda tx: desk.open_answer(tx, self.pile(marker, part), place, **more))
        return page

    def next(self, marker: int = 0, after: Place | None = None, part: str = "why") -> Place | None:
        def ask(tx: Transaction) -> Place | None:
            return desk.next_place(tx, desk.table(tx, self.pile(marker, part)), after)

        place: Place | None = self.do(ask)
        return place

    def decide(
        self, page: DeskPage, points: dict[str, str], marker: int = 0, *, alike: Sequence[Place] = (), **more: Any
    ) -> Decided:
        self.clock.pass_time(seconds=1)
        shown = {"seen": page.answer.seen, "rubric": page.answer.rubric}
        decision = Decision(points, **shown | {"alike": alike} | more)
        done: Decided = self.do(
            lambda tx: deciding.decide(tx, self.pile(marker, page.part), page.place, decision, lambda: None)
        )
        return done

    def waits(self, done: Decided, part: str = "why") -> bool:
        """Whether an answer that was left half decided still needs a person."""
        with self.transactions.reading() as tx:
            return deciding.still_waits(tx, self.sandbox, self.pile(part=part), done)

    def undo(self, marker: int = 0, part: str = "why") -> Place:
        self.clock.pass_time(seconds=1)
        place: Place = self.do(lambda tx: deciding.undo(tx, self.pile(marker, part), lambda: None))
        return place

    def points(self, place: Place) -> tuple[Fraction, Fraction]:
        """What the whole question is worth at the moment, from and up to."""
        with self.transactions.reading() as tx:
            row = tx.session.execute(
                select(Grading.points, Grading.upto)
                .join(SubmissionItem, SubmissionItem.current_grading_id == Grading.id)
                .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
                .join(Attempt, Attempt.id == AttemptItem.attempt_id)
                .where(Attempt.public_id == place.attempt)
            ).one()
        return row[0], row[1]

    def judgements(self) -> list[Judgement]:
        with self.transactions.reading() as tx:
            return list(tx.session.scalars(select(Judgement).order_by(Judgement.id)))


def set_up(database: Any, *, students: int = 8, markers: int = 2) -> Marking:
    """Fill an empty database."""
    clock = Clock()
    return fill(Transactions(database, clock), clock, students=students, markers=markers)


def fill(transactions: Transactions, clock: Clock, *, students: int = 8, markers: int = 2) -> Marking:
    """A course of its own with the essay, its students and its markers."""
    with transactions.writing() as tx:
        course = quizzes.create_course(tx, "Essays")
        ids = []
        for number in range(students):
            row = people.add_person(tx, f"writer{number}", f"Writer {number}", None, False)
            people.enrol(tx, course, row.id, "student")
            ids.append(row.id)
        questions.add_version(
            tx,
            question="essay",
            number=1,
            title="An essay",
            points=Fraction(4),
            package=PACKAGE,
            package_hash=hashlib.sha256(b"essay").hexdigest(),
            hashes=FakeSandbox()._hashes({"package": PACKAGE}),
        )
        quiz = quizzes.create_quiz(tx, NewQuiz(course, "Essay", (NewQuizItem("essay"),)))
        staff = [standing(tx, course, instructor(tx, course, f"marker{n}", "assistant")) for n in range(markers)]
    return Marking(transactions, clock, course, quiz, ids, staff)
