"""Questions of chosen worth and tags for the tests of quizzes, and people who build them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app.services.accounts.people import Person, person_from
from app.services.courses.membership import Membership, membership
from app.services.operating.transactions import Transaction
from app.services.quizzes import quiz_building
from app.services.quizzes.quiz_building import NewPlace, QuizPlan, QuizRules
from app.services.sitting import attempts, submissions
from app.storage import people, questions
from app.storage.tables import Attempt, AttemptItem, Course, QuestionEntry, QuestionVersion, QuestionWord
from tests.small_bank import FakeSandbox, Stage, package


def add(
    tx: Transaction,
    question: str,
    *,
    points: str = "3",
    tags: Sequence[str] = (),
    number: int = 1,
    retired: bool = False,
) -> None:
    """Store a version of a question of one part, and its line in the index of the bank."""
    data = package(question)
    data["question"]["parts"][0]["points"] = points
    data["question"]["number"] = number
    questions.add_version(
        tx,
        question=question,
        number=number,
        title=data["question"]["title"],
        points=Fraction(points),
        package=data,
        package_hash=hashlib.sha256(f"{question} {number}".encode()).hexdigest(),
        hashes=FakeSandbox()._hashes({"package": data}),
    )
    version = tx.session.scalars(
        select(QuestionVersion).where(QuestionVersion.question == question, QuestionVersion.number == number)
    ).one()
    entry = QuestionEntry(
        question=question,
        newest_id=version.id,
        number=number,
        title=version.title,
        points=version.points,
        points_real=float(version.points),
        parts=1,
        tags=list(tags),
        graders=[],
        search=f"{question} {version.title}".casefold(),
        updated_at=tx.now(),
        retired_at=tx.now() if retired else None,
    )
    tx.session.merge(entry)
    tx.session.flush()
    for tag in tags:
        tx.session.merge(QuestionWord(question=question, kind="tag", word=tag))
    tx.session.flush()


def retire(tx: Transaction, question: str) -> None:
    """Take a question out of use."""
    tx.session.get_one(QuestionEntry, question).retired_at = tx.now()


def instructor(tx: Transaction, course_id: int, login: str = "ines", role: str = "instructor") -> Person:
    """Somebody with a role in the course, there or made."""
    row = people.person_by_login(tx, login) or people.add_person(tx, login, login.title(), None, False)
    people.enrol(tx, course_id, row.id, role)
    return person_from(row)


def standing(tx: Transaction, course_id: int, person: Person) -> Membership:
    """What that person is in the course."""
    return membership(tx, person, tx.session.get_one(Course, course_id).public_id, "member")


RULES = QuizRules("Weekly quiz")


@dataclass
class Building:
    """A course with a bank of ten tagged questions, two students and their instructor."""

    stage: Stage
    ines: Person

    @property
    def course(self) -> int:
        return self.stage.course

    def create(self, *places: NewPlace, rules: QuizRules = RULES) -> str:
        with self.stage.transactions.writing() as tx:
            return quiz_building.create(tx, self.course, self.ines, rules, places)

    def publish(self, quiz: str) -> None:
        with self.stage.transactions.writing() as tx:
            quiz_building.publish(tx, self.course, quiz, self.ines)

    def published(self, *places: NewPlace, rules: QuizRules = RULES) -> str:
        quiz = self.create(*places, rules=rules)
        self.publish(quiz)
        return quiz

    def plan(self, quiz: str) -> QuizPlan:
        with self.stage.transactions.reading() as tx:
            return quiz_building.quiz_plan(tx, self.course, quiz)

    def change(
        self, quiz: str, rules: QuizRules, places: list[NewPlace] | None, revision: int, *, hide: bool = False
    ) -> int:
        with self.stage.transactions.writing() as tx:
            return quiz_building.change(tx, self.course, quiz, self.ines, rules, places, revision, hide=hide)

    def start(self, quiz: str, student: int = 0) -> str:
        stage = self.stage
        with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
            return attempts.start(reading, writing, stage.sandbox, stage.students[student], quiz)

    def preview(self, quiz: str) -> str:
        stage = self.stage
        with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
            who = standing(reading, stage.course, self.ines)
            return attempts.preview(reading, writing, stage.sandbox, who, quiz)

    def hand_in(self, attempt: str, person: int | None = None) -> None:
        with self.stage.transactions.writing() as tx:
            submissions.hand_in(tx, person or self.stage.students[0], attempt, lambda: None)

    def asked(self, attempt: str) -> list[str]:
        with self.stage.transactions.reading() as tx:
            return list(
                tx.session.scalars(
                    select(QuestionVersion.question)
                    .join(AttemptItem, AttemptItem.question_version_id == QuestionVersion.id)
                    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
                    .where(Attempt.public_id == attempt)
                    .order_by(AttemptItem.position)
                )
            )


def question(name: str, **more: Any) -> NewPlace:
    """A place for one question."""
    return replace(NewPlace(question=name), **more)


def fill(stage: Stage) -> Building:
    """Seven questions tagged conv, two tagged loss, one without points; and Ines, who instructs."""
    with stage.transactions.writing() as tx:
        for number in range(1, 8):
            add(tx, f"conv{number}", tags=["conv"])
        add(tx, "loss", points="2", tags=["loss"])
        add(tx, "long", points="5", tags=["loss"])
        add(tx, "survey", points="0")
        ines = instructor(tx, stage.course)
    return Building(stage, ines)
