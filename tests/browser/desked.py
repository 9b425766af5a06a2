"""A course whose texts wait for people: forty answers that the machine is unsure about, and two markers."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import select, update

from app.main import Parts
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
from app.services.sitting import attempts, submissions
from app.storage import attempts as stored
from app.storage import judgements, marking_quality, people
from app.storage.tables import Quiz, SubmissionItem
from tests.browser import worded

COURSE, QUIZ, TWICE = "Marking", "To be marked", "Marked twice"
LOOKED_AT, UNDONE = "Looked at", "Marked and undone"
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
    """Make the course and hand everything in; the addresses of its quizzes and of answers on the desk."""
    with parts.transactions.writing() as tx:
        course = create_course(tx, COURSE)
        markers = []
        for login in MARKERS:
            row = people.add_person(tx, login, login.title(), hashed, False)
            people.enrol(tx, course, row.id, "assistant")
            markers.append(row.id)
        students = []
        for number in range(STUDENTS):
            row = people.add_person(tx, f"text{number}", f"Text {number}", hashed, False)
            people.enrol(tx, course, row.id, "student")
            students.append(row.id)
        quiz = create_quiz(tx, NewQuiz(course, QUIZ, (NewQuizItem(worded.QUESTION),)))
        twice = create_quiz(tx, NewQuiz(course, TWICE, (NewQuizItem(worded.QUESTION),)))
        # Apart from what is marked, so that no test meets what another one has decided.
        items = (NewQuizItem(worded.QUESTION),)
        apart = [create_quiz(tx, NewQuiz(course, name, items)) for name in (LOOKED_AT, UNDONE)]
        found = people.course_by_title(tx, COURSE)
        assert found is not None
        root = f"/courses/{found.public_id}/quizzes"
    alone = [f"{root}/{one}/marking/{_place(_hand_in(parts, one, students[0], TOLD[0])[0])}" for one in apart]
    for student, text in zip(students, texts(), strict=True):
        _hand_in(parts, quiz, student, text)
    said = (TOLD[0], TOLD[0], TOLD[0].upper(), TOLD[1], TOLD[2])
    differs, *waits = (_hand_in(parts, twice, student, text) for student, text in zip(students, said, strict=False))
    with parts.transactions.writing() as tx:
        # The second marker of the course was the first one here; the first one has looked at one of them.
        for _attempt, item in (differs, *waits):
            judgements.keep(tx, item, "differ", "estimates", markers[1], Fraction(1))
        judgements.keep(tx, differs[1], "differ", "estimates", markers[0], Fraction(0), round=2)
        quiz_row = tx.session.scalars(select(Quiz).where(Quiz.public_id == twice)).one()
        marking_quality.set_percent(tx, quiz_row.id, 100, markers[0])
    return {
        "desk_quiz": f"{root}/{quiz}",
        "desk_answer": alone[0],
        "undone_answer": alone[1],
        "twice_quiz": f"{root}/{twice}",
        "twice_answer": f"{root}/{twice}/quality/second/{_place(waits[0][0])}",
    }


def _place(attempt: str) -> str:
    return f"{worded.QUESTION}/differ/{attempt}/1"


def _hand_in(parts: Parts, quiz: str, student: int, text: str) -> tuple[str, int]:
    """The attempt and the submitted question."""
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        attempt = attempts.start(reading, writing, parts.sandbox, student, quiz)
        submissions.hand_in(writing, student, attempt, lambda: None)
        sat = stored.attempt(writing, attempt)
        assert sat is not None
        (item,) = stored.items(writing, sat[0].id)
        mine = SubmissionItem.attempt_item_id == item.id
        writing.session.execute(update(SubmissionItem).where(mine).values(answers_frozen={"essay": text}))
        return attempt, writing.session.scalars(select(SubmissionItem.id).where(mine)).one()
