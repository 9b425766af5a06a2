"""What is held back from somebody who may still be a second marker: what was decided before, and every mark it made.

Only from assistants: instructors settle what differs, and answer for the marks. In an archived course nobody marks any
more, so nothing is held back.
"""

from __future__ import annotations

from app.domain.errors import NotAllowed
from app.services.courses.membership import Membership
from app.services.marking.desk import Place
from app.services.marking.piles import Pile
from app.services.marking.second_marking import Sampled, in_sample, sampled, waiting
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.storage import attempts, desk, submissions
from app.storage import marking_quality as stored

REFUSED = (
    "You may still mark this answer a second time, so nothing of its marks is shown to you. "
    "Mark it on the page Quality first, or leave this to somebody else."
)


def held_back(tx: Transaction, membership: Membership, quiz_id: str) -> dict[str, set[int]]:
    """The questions, by attempt, of which this person may still mark some part a second time.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    if not _concerned(membership) or not stored.percent(tx, quiz.id):
        return {}
    found: dict[str, set[int]] = {}
    for one in waiting(tx, membership, quiz_id):
        found.setdefault(one.place.attempt, set()).add(one.place.position)
    return found


def held_back_in_course(tx: Transaction, membership: Membership) -> frozenset[str]:
    """The attempts at any quiz of the course of which this person may still mark something a second time."""
    if not _concerned(membership):
        return frozenset()
    quizzes = stored.marked_twice(tx, membership.course_id)
    return frozenset(attempt for quiz in quizzes for attempt in held_back(tx, membership, quiz))


def open_to(tx: Transaction, membership: Membership, quiz_id: str, attempt_id: str) -> list[Sampled]:
    """What this person may still mark a second time in an attempt.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    percent = stored.percent(tx, quiz.id)
    found = attempts.attempt(tx, attempt_id)
    submission = submissions.submission_of(tx, found[0].id) if found is not None else None
    if not _concerned(membership) or not percent or submission is None:
        return []
    items = [one.id for one in submissions.items(tx, submission.id)]
    return [one for one in sampled(stored.decisions(tx, quiz.id, items), percent) if one.free_for(membership.person.id)]


def may_come(tx: Transaction, pile: Pile, place: Place) -> bool:
    """Whether this person may still mark an answer a second time."""
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    percent = stored.percent(tx, quiz.id)
    if not _concerned(pile.membership) or not in_sample(place.attempt, place.position, pile.part, percent):
        return False
    row = desk.one(tx, quiz.id, place.attempt, place.position)
    decided = stored.decisions(tx, quiz.id, [row.item_id]) if row is not None else ()
    wanted = (pile.question, pile.part)
    return any((one.question, one.part) == wanted and one.free_for(pile.marker) for one in sampled(decided, percent))


def refuse_held_back(
    tx: Transaction, membership: Membership, quiz_id: str, attempt_id: str, position: int | None = None
) -> None:
    """Let pass whoever may see the marks of an attempt, or of one question of it.

    Raises:
        NotAllowed: this person may still be a second marker there.
    """
    held = {one.place.position for one in open_to(tx, membership, quiz_id, attempt_id)}
    if held if position is None else position in held:
        raise NotAllowed(REFUSED)


def _concerned(membership: Membership) -> bool:
    return membership.standing == "assistant" and not membership.archived
