"""Queries about comments that a course's markers use again."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from app.storage.tables import Snippet
from app.storage.transaction import Transaction


def of_question(tx: Transaction, course_id: int, question: str) -> list[Snippet]:
    """The comments kept for a question, oldest first."""
    query = select(Snippet).where(Snippet.course_id == course_id, Snippet.question == question)
    return list(tx.session.scalars(query.order_by(Snippet.id)))


def count(tx: Transaction, course_id: int, question: str) -> int:
    """How many comments are kept for a question."""
    query = select(func.count()).where(Snippet.course_id == course_id, Snippet.question == question)
    return tx.session.scalar(query) or 0


def add(tx: Transaction, course_id: int, question: str, person_id: int, text: str) -> int:
    """Keep a comment; its number."""
    row = Snippet(course_id=course_id, question=question, person_id=person_id, text=text, created_at=tx.now())
    tx.session.add(row)
    tx.session.flush()
    return row.id


def remove(tx: Transaction, course_id: int, question: str, number: int) -> bool:
    """Keep a comment no longer; whether it was there."""
    found = tx.session.execute(
        delete(Snippet)
        .where(Snippet.course_id == course_id, Snippet.question == question, Snippet.id == number)
        .returning(Snippet.id)
    )
    return found.first() is not None
