"""One's own paper, to print or keep: questions and answers, with points where these are shown."""

from __future__ import annotations

from app.domain.errors import NotAllowed
from app.domain.texts import PREFERRED
from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import EVERYTHING, releases_of
from app.services.quizzes.terms import everybody_ends, zone_for
from app.services.results.results import ResultView, result_of
from app.services.sitting.attempts import attempt_of
from app.storage import accommodations, attempts, people, quizzes
from app.storage.tables import Quiz


def own_paper(
    tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED
) -> tuple[ResultView, str, str]:
    """A person's own attempt that has been handed in, with the title of its course and their name.

    Without a word about points before marks are released.

    Raises:
        NotFound: no such attempt of this person, or not handed in yet.
        NotAllowed: it is an exam that somebody is still sitting.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    seen = EVERYTHING if quizzes.only_looks(tx, quiz.course_id, person_id) else releases_of(tx, quiz)
    if not seen.marks.shown and _is_still_sat(tx, quiz):
        raise NotAllowed("This exam is still being sat. Your paper is here once it is over for everybody.")
    person = people.person(tx, person_id)
    course = quizzes.course(tx, quiz.course_id)
    return result_of(tx, attempt, quiz, language, seen), course.title, person.name if person is not None else ""


def _is_still_sat(tx: Transaction, quiz: Quiz) -> bool:
    # Neither says it all: who has a time limit may write on after closing, and before it somebody may yet begin.
    if quiz.mode != "exam":
        return False
    ends = everybody_ends(quiz, zone_for(tx, quiz), accommodations.of_quizzes(tx, [quiz.id]).get(quiz.id, ()))
    return (ends is not None and tx.now() < ends) or attempts.being_sat(tx, quiz.id, tx.now())
