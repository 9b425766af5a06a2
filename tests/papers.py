"""Papers sat and graded on the small bank, for tests about results."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.domain.errors import GradusError
from app.jobs.grading import GradeSubmissions
from app.services.results import outcomes
from app.services.results.outcomes import QuizOutcomes, StudentOutcome
from app.services.sitting import submissions
from app.storage import saves
from app.storage.changes import Change, FieldChange
from app.storage.tables import Quiz
from tests.small_bank import Stage


def sit(stage: Stage, student: int, *right: str, hand_in: bool = True, grade: bool = True) -> str:
    """One attempt in which these fields are right."""
    attempt = stage.start(student)
    fields = tuple(FieldChange(1 if name.startswith("qa") else 2, name, 1, "1") for name in right)
    if fields:
        with stage.transactions.writing() as tx:
            arrivals = [
                saves.Arrival(Change(attempt, "tab", number, (one,)), tx.now()) for number, one in enumerate(fields)
            ]
            results = saves.write_saves(tx, arrivals, 30, {})
            assert not [one for one in results if isinstance(one, GradusError)]
    stage.clock.pass_time(minutes=7)
    if hand_in:
        with stage.transactions.writing() as tx:
            submissions.hand_in(tx, stage.students[student], attempt, lambda: None)
        if grade:
            grade_all(stage)
    return attempt


def grade_all(stage: Stage) -> None:
    """What the duty does, until nothing is left."""
    duty = GradeSubmissions(stage.transactions, stage.sandbox)
    while keys := duty.due(100):
        for key in keys:
            duty.do(key, lambda: False)


def change(stage: Stage, **values: Any) -> None:
    with stage.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == stage.quiz)).one()
        for name, value in values.items():
            setattr(quiz, name, value)


def look(stage: Stage) -> QuizOutcomes:
    with stage.transactions.reading() as tx:
        return outcomes.outcomes(tx, stage.course, stage.quiz)


def row(stage: Stage, student: int = 0) -> StudentOutcome:
    return next(one for one in look(stage).rows if one.person_id == stage.students[student])
