"""Finding a quiz within its course, and whether anything there may still change."""

from __future__ import annotations

from app.domain.errors import NotAllowed, NotFound
from app.services.operating.transactions import Transaction
from app.storage import quizzes
from app.storage.tables import Quiz


def quiz_of_course(tx: Transaction, course_id: int, quiz_id: str, *, lock: bool = False) -> Quiz:
    """The quiz of that id in this very course; locked against other changes when asked.

    Raises:
        NotFound: there is none.
    """
    quiz = quizzes.in_course(tx, course_id, quiz_id, lock=lock)
    if quiz is None:
        raise NotFound("There is no such quiz in this course.")
    return quiz


def refuse_archived(tx: Transaction, course_id: int) -> None:
    """Let only courses pass that are still running.

    Raises:
        NotAllowed: the course is archived.
    """
    if quizzes.course(tx, course_id).archived_at is not None:
        raise NotAllowed("This course is archived, so nothing in it changes any more.")
