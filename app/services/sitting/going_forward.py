"""Going through an attempt forward only: a question that was left is neither seen nor changed again."""

from __future__ import annotations

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.services.operating.transactions import Transaction
from app.storage import attempts
from app.storage.tables import Attempt, Quiz


def reached(attempt: Attempt, quiz: Quiz) -> int:
    """The only question of an attempt that is open now; 0 where all are."""
    return max(attempt.furthest, 1) if quiz.navigation == "forward" else 0


def leave(tx: Transaction, person_id: int, attempt_id: str, position: int) -> int:
    """Leave the question at that position for good; which one is open now. Leaving twice leaves once.

    Raises:
        NotFound: there is no such attempt of this person.
        NotAllowed: it is paused.
        Conflict: one may come back to every question of it, that one has not been reached, or it is the last one.
    """
    found = attempts.attempt(tx, attempt_id, lock=True)
    if found is None or found[0].person_id != person_id:
        raise NotFound("There is no such attempt of yours.")
    attempt, quiz = found
    now_open = reached(attempt, quiz)
    if not now_open:
        raise Conflict("In this quiz you may come back to every question.")
    if attempt.state != "open" or position < now_open:
        return now_open
    if attempt.paused_at is not None:
        raise NotAllowed("This attempt is paused. Go on as soon as it continues.")
    if position > now_open:
        raise Conflict(f"You are at question {now_open}.")
    if position >= attempts.how_many(tx, attempt.id):
        raise Conflict("This is the last question. Hand in when you have finished it.")
    attempt.furthest, attempt.furthest_at = position + 1, tx.now()
    tx.session.flush()
    return position + 1
