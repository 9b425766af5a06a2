"""A course whose texts wait for people: forty answers that the machine is unsure about, and two markers."""

from __future__ import annotations

from sqlalchemy import update

from app.main import Parts
from app.services import attempts, submissions
from app.services.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
from app.storage import attempts as stored
from app.storage import people
from app.storage.tables import SubmissionItem
from tests.browser import worded

COURSE, QUIZ = "Marking", "To be marked"
MARKERS = ("mara", "mark")
STUDENTS = 43
# Each has something related to a claim in it, so that a person is needed; the last ones say the same as the first.
TOLD = (
    "Some approximation of {} I think",
    "One of them estimates {} somehow",
    "The approximation uses {} and BFGS is faster",
)
WORDS = ("curvature", "a matrix", "sprockets", "steps", "updates", "vectors", "history", "pairs", "noise", "batches")


def texts() -> list[str]:
    """What was answered: forty different texts, and three that are the same but for case or a slip of spelling."""
    found = [TOLD[number % 3].format(f"{WORDS[number // 4]} {'abcd'[number % 4] * 3}") for number in range(40)]
    return [*found, found[0].upper(), found[0] + ".", found[0].replace("approximation", "aproximation")]


def set_up(parts: Parts, hashed: str | None) -> dict[str, str]:
    """Make the course and hand everything in; the addresses of its quiz and of one answer on the desk."""
    with parts.transactions.writing() as tx:
        course = create_course(tx, COURSE)
        for login in MARKERS:
            row = people.add_person(tx, login, login.title(), hashed, False)
            people.enrol(tx, course, row.id, "assistant")
        students = []
        for number in range(STUDENTS):
            row = people.add_person(tx, f"text{number}", f"Text {number}", hashed, False)
            people.enrol(tx, course, row.id, "student")
            students.append(row.id)
        quiz = create_quiz(tx, NewQuiz(course, QUIZ, (NewQuizItem(worded.QUESTION),)))
        found = people.course_by_title(tx, COURSE)
        assert found is not None
        root = f"/courses/{found.public_id}/quizzes/{quiz}"
    attempt = ""
    for student, text in zip(students, texts(), strict=True):
        with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
            attempt = attempts.start(reading, writing, parts.sandbox, student, quiz)
            submissions.hand_in(writing, student, attempt, lambda: None)
            sat = stored.attempt(writing, attempt)
            assert sat is not None
            (item,) = stored.items(writing, sat[0].id)
            mine = update(SubmissionItem).where(SubmissionItem.attempt_item_id == item.id)
            writing.session.execute(mine.values(answers_frozen={"essay": text}))
    return {"desk_quiz": root, "desk_answer": f"{root}/marking/{worded.QUESTION}/differ/{attempt}/1"}
