"""A course in which something has to be graded anew: six answers, a milder rubric, and a preview that waits."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from app.jobs.grading import GradeSubmissions
from app.jobs.regrades import Regrades
from app.main import Parts
from app.services.accounts.people import person_from
from app.services.bank.bank import load_bank
from app.services.courses.membership import membership
from app.services.marking import regrade_starts
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
from app.services.sitting import attempts, submissions
from app.storage import attempts as stored
from app.storage import people
from app.storage.tables import SubmissionItem
from tests.regraded import CALC, CASES, PROMPTS, SOLUTIONS

COURSE, QUIZ, INSTRUCTOR = "Corrections", "To be corrected", "rita"
MILDER = CALC.replace("id: near, points: 1", "id: near, points: 3/2")
ANSWERS = ({"total": "5"}, {"total": "7"}, {"total": "6"}, {"total": " 6"}, {"total": "1"}, {})


def write_question(bank: Path, text: str = CALC) -> None:
    """Put a version of the question into a bank folder."""
    folder = bank / "term" / "calc"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("question.yaml", text),
        ("prompt.md", PROMPTS["calc"]),
        ("solution.md", SOLUTIONS["calc"]),
        ("cases.yaml", CASES["calc"]),
    ):
        (folder / name).write_text(content, encoding="utf-8")


def set_up(parts: Parts, hashed: str | None, bank: Path) -> dict[str, str]:
    """Make the course, hand everything in, begin a regrade; the addresses of the quiz, an attempt and the preview."""
    with parts.transactions.writing() as tx:
        course = create_course(tx, COURSE)
        rita = people.add_person(tx, INSTRUCTOR, "Rita", hashed, False)
        people.enrol(tx, course, rita.id, "instructor")
        students = [people.add_person(tx, f"sum{number}", f"Sum {number}", hashed, False).id for number in range(6)]
        for student in students:
            people.enrol(tx, course, student, "student")
        quiz = create_quiz(tx, NewQuiz(course, QUIZ, (NewQuizItem("calc"),), seeds="printed_first"))
        found = people.course_by_title(tx, COURSE)
        assert found is not None
        by = membership(tx, person_from(rita), found.public_id, "instructor")
        root = f"/courses/{found.public_id}/quizzes/{quiz}"
    grades = GradeSubmissions(parts.transactions, parts.sandbox)
    others = set(grades.due(1000))
    made = []
    for student, answers in zip(students, ANSWERS, strict=True):
        with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
            attempt = attempts.start(reading, writing, parts.sandbox, student, quiz)
            submissions.hand_in(writing, student, attempt, lambda: None)
            sat = stored.attempt(writing, attempt)
            assert sat is not None
            (item,) = stored.items(writing, sat[0].id)
            mine = update(SubmissionItem).where(SubmissionItem.attempt_item_id == item.id)
            writing.session.execute(mine.values(answers_frozen=answers))
        made.append(attempt)
    for key in set(grades.due(1000)) - others:
        grades.do(key, lambda: False)
    write_question(bank, MILDER)
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        load_bank(reading, writing, parts.sandbox, bank)
    with parts.transactions.writing() as tx:
        regrade = regrade_starts.void(tx, by, quiz, made[0], 1, "total", "It was faulty.", lambda: None)
    duty = Regrades(parts.transactions, grades)
    while keys := duty.due(10):
        for key in keys:
            duty.do(key, lambda: False)
    return {"regraded_quiz": root, "regraded_attempt": made[2], "regrade": f"{root}/regrades/{regrade}"}
