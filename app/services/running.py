"""Attempts that are running while the rules change: their deadlines follow at once."""

from __future__ import annotations

from app.services.terms import terms_of
from app.services.transactions import Transaction
from app.storage import accommodations, attempts
from app.storage.tables import Quiz


def move_deadlines(tx: Transaction, quiz: Quiz, person_id: int | None = None) -> int:
    """Give every open attempt at a quiz (or those of one person) the deadline of today's rules; how many moved."""
    moved = 0
    granted = accommodations.by_person(tx, quiz.id)
    for attempt, preview in attempts.open_at(tx, quiz, person_id):
        deadline = terms_of(quiz, granted.get(attempt.person_id), preview=preview).deadline(attempt.started_at)
        if attempt.deadline_at != deadline:
            attempt.deadline_at = deadline
            moved += 1
    tx.session.flush()
    return moved
