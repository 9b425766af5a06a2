"""A quiz whose answers are graded again: real graders, students who answered, a bank that gets new versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.jobs.grading import GradeSubmissions
from app.jobs.regrades import Regrades
from app.services.bank.bank import load_bank
from app.services.courses.membership import Membership
from app.services.marking import regrades
from app.services.marking.regrades import Preview
from app.services.operating.transactions import Transaction, Transactions
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.sitting import attempts, submissions
from app.storage import judgements, people
from app.storage.changes import Change, FieldChange
from app.storage.engine import Database
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Attempt, AttemptItem, Grading, Judgement, Submission, SubmissionItem
from tests.graders_here import GradersHere
from tests.quiz_bank import instructor, standing
from tests.small_bank import Clock

CALC = """\
id: calc
title: A sum
variables:
  a: {printed: 2, draw: "integer(1, 9)"}
parts:
  - id: total
    title: The number
    item: t-1
    points: 2
    fields: {total: {grader: number, answer: a + 3}}
    criteria:
      - {id: right, points: 2, when: total.right, says: The sum}
      - {id: near, points: 1, when: "not total.right and total.value > a", says: Larger than a}
  - id: why
    title: The reason
    item: t-2
    points: 3
    fields:
      why:
        grader: text
        key: It was added.
        concepts: {added: [added, sum]}
        claims: {sum: {earn: [added]}}
    criteria:
      - {id: sum, points: 2, when: why.sum, says: It was added}
      - {id: style, points: 1, when: person and why.sum, says: Well said}
"""
PICK = """\
id: pick
title: True ones
pools:
  claims:
    - {id: one, printed: 1, truth: true, text: One is odd., why: "Yes."}
    - {id: two, printed: 2, truth: false, text: Two is odd., why: "No."}
    - {id: three, truth: true, text: Three is odd., why: "Yes."}
variables:
  shown: {printed: [one, two], draw: "pick('claims', 2)"}
parts:
  - id: boxes
    item: t-3
    points: 1
    fields: {boxes: {grader: choice, pool: claims, shown: shown, mode: several}}
    criteria:
      - {id: boxes, points: 1, when: boxes.right, says: Every box is right}
"""
PROMPTS = {"calc": "## total\nAdd 3 to @{a}.\n\n## why\nWhy?\n", "pick": "## boxes\nWhich?\n"}
SOLUTIONS = {"calc": "## total\n@{a + 3}\n\n## why\nBecause.\n", "pick": "## boxes\nThe odd ones.\n"}
CASES = {
    "calc": "- {case: key, answers: {total: '5', why: It was added.}, expect: {total: 2, why: 2..3}}\n",
    "pick": "- {case: key, answers: {boxes: '1'}, expect: {boxes: 1}}\n",
}


def never() -> bool:
    """Nobody is stopping."""
    return False


@dataclass
class Term:
    """A published quiz of two questions, its students and its instructor."""

    transactions: Transactions
    sandbox: GradersHere
    clock: Clock
    bank: Path
    course: int
    quiz: str
    students: tuple[int, ...]
    ines: Membership

    def write(self, name: str, text: str) -> None:
        """Let the bank have this version of a question."""
        folder = self.bank / "term" / name
        folder.mkdir(parents=True, exist_ok=True)
        files = {"question.yaml": text, "prompt.md": PROMPTS[name], "solution.md": SOLUTIONS[name]}
        for file, content in (files | {"cases.yaml": CASES[name]}).items():
            (folder / file).write_text(content, encoding="utf-8")
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            report = load_bank(reading, writing, self.sandbox, self.bank)
        assert report.problems == ()

    def answer(self, student: int, total: Any, why: Any = "", boxes: Any = "", *, grade: bool = True) -> str:
        """Somebody sits the quiz and hands it in; their attempt."""
        person = self.students[student]
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            attempt = attempts.start(reading, writing, self.sandbox, person, self.quiz)
        typed = ((1, "total", 1, total), (1, "why", 1, why), (2, "boxes", 1, boxes))
        change = Change(attempt, "tab", 1, tuple(FieldChange(*one) for one in typed))
        with self.transactions.writing() as tx:
            (result,) = write_saves(tx, [Arrival(change, tx.now())], 30, {})
            assert not isinstance(result, Exception), result
        with self.transactions.writing() as tx:
            submissions.hand_in(tx, person, attempt, lambda: None)
        if grade:
            self.grade()
        return attempt

    @property
    def grades(self) -> GradeSubmissions:
        return GradeSubmissions(self.transactions, self.sandbox)

    @property
    def regrades(self) -> Regrades:
        return Regrades(self.transactions, self.grades)

    def grade(self) -> None:
        """The duty to grade, until nothing is left."""
        duty = self.grades
        while keys := duty.due(100):
            for key in keys:
                duty.do(key, never)

    def work(self) -> None:
        """All that regrades and grading ask for, until nothing is left."""
        duty = self.regrades
        while keys := duty.due(100):
            for key in keys:
                duty.do(key, never)
        self.grade()

    def do(self, action: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Something the instructor does at this quiz, committed."""
        with self.transactions.writing() as tx:
            return action(tx, self.ines, self.quiz, *args, **more)

    def begin(self, action: Callable[..., str], *args: Any, reason: str = "It was wrong.") -> str:
        """A regrade is begun and prepared."""
        regrade: str = self.do(action, *args, reason, lambda: None)
        self.work()
        return regrade

    def apply(self, regrade: str) -> int:
        found: int = self.do(regrades.apply, regrade, lambda: None)
        self.work()
        return found

    def undo(self, regrade: str) -> None:
        self.do(regrades.undo, regrade, lambda: None)
        self.work()

    def preview(self, regrade: str, page: int = 1) -> Preview:
        with self.transactions.reading() as tx:
            return regrades.preview(tx, self.course, self.quiz, regrade, page)

    def item(self, attempt: str, position: int = 1) -> int:
        """The number of a submitted question."""
        with self.transactions.reading() as tx:
            query = (
                select(SubmissionItem.id)
                .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
                .join(Submission, Submission.id == SubmissionItem.submission_id)
                .join(Attempt, Attempt.id == Submission.attempt_id)
                .where(Attempt.public_id == attempt, AttemptItem.position == position)
            )
            return int(tx.session.scalars(query).one())

    def current(self, attempt: str, position: int = 1) -> Grading:
        """The grading that counts."""
        with self.transactions.reading() as tx:
            item = tx.session.get_one(SubmissionItem, self.item(attempt, position))
            return tx.session.get_one(Grading, item.current_grading_id)

    def points(self, attempt: str, position: int = 1) -> tuple[Fraction, Fraction]:
        """What is sure and what is possible."""
        grading = self.current(attempt, position)
        return grading.points, grading.upto

    def judge(
        self, attempt: str, points: str, part: str = "why", criterion: str = "style", *, grade: bool = True
    ) -> None:
        """A person decides about a criterion (without one: about the whole part)."""
        item = self.item(attempt)
        with self.transactions.writing() as tx:
            judgements.keep(tx, item, part, criterion, self.ines.person.id, Fraction(points), at_desk=True)
            judgements.credit_again(tx, item)
        if grade:
            self.grade()

    def decisions(self, attempt: str, position: int = 1) -> list[Judgement]:
        with self.transactions.reading() as tx:
            query = select(Judgement).where(Judgement.submission_item_id == self.item(attempt, position))
            return list(tx.session.scalars(query.order_by(Judgement.id)))


def set_the_term(
    database: Database, bank: Path, *, students: int = 4, seeds: Any = "printed_first", calc: str = CALC
) -> Term:
    """Fill an empty database."""
    clock = Clock()
    transactions = Transactions(database, clock)
    term = Term(transactions, GradersHere(), clock, bank, 0, "", (), None)  # type: ignore[arg-type]
    term.write("calc", calc)
    term.write("pick", PICK)
    with transactions.writing() as tx:
        term.course = quizzes.create_course(tx, "Course")
        ids = []
        for number in range(students):
            row = people.add_person(tx, f"student{number}", f"Student {number}", None, False)
            people.enrol(tx, term.course, row.id, "student")
            ids.append(row.id)
        term.students = tuple(ids)
        items = (NewQuizItem("calc"), NewQuizItem("pick"))
        term.quiz = quizzes.create_quiz(tx, NewQuiz(term.course, "Quiz", items, seeds=seeds))
        term.ines = _standing(tx, term.course)
    return term


def _standing(tx: Transaction, course: int) -> Membership:
    return standing(tx, course, instructor(tx, course))
