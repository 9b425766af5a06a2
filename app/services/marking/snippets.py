"""Comments that a course's markers use again for one question."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import refuse_archived
from app.storage import snippets as stored

LONGEST = 2000
MOST = 100


@dataclass(frozen=True, slots=True)
class SnippetView:
    """A comment that is kept."""

    id: int
    text: str


def snippets(tx: Transaction, course_id: int, question: str) -> tuple[SnippetView, ...]:
    """The comments kept for a question, oldest first."""
    return tuple(SnippetView(row.id, row.text) for row in stored.of_question(tx, course_id, question))


def keep_snippet(tx: Transaction, membership: Membership, question: str, text: str) -> int:
    """Keep a comment, so that all markers of the course can use it again; one that is there already is kept once.

    Raises:
        InvalidInput: it is empty or too long.
        Conflict: there are too many.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    plain = text.strip()
    if not plain:
        raise InvalidInput("Write a comment first; then it can be kept.", "comment")
    if len(plain) > LONGEST:
        raise InvalidInput(f"A comment has at most {LONGEST} characters.", "comment")
    known = stored.of_question(tx, membership.course_id, question)
    for row in known:
        if row.text == plain:
            return row.id
    if len(known) >= MOST:
        raise Conflict(f"There are {MOST} comments for this question already. Remove one first.")
    number = stored.add(tx, membership.course_id, question, membership.person.id, plain)
    tx.record(membership.person.id, "kept a comment", f"question {question}", number=number)
    return number


def drop_snippet(tx: Transaction, membership: Membership, question: str, number: int) -> None:
    """Keep a comment no longer; where it was used it stays.

    Raises:
        NotFound: there is none of that number for the question.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    if not stored.remove(tx, membership.course_id, question, number):
        raise NotFound("There is no such comment (any more).")
    tx.record(membership.person.id, "removed a comment", f"question {question}", number=number)
