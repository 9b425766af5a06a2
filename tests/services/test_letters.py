"""Letters about marks that a regrade changes: written once marks are released, to those concerned, without points."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.services.marking import regrade_starts, regrades
from app.storage import people
from app.storage.engine import Database
from app.storage.tables import Mail, Quiz
from tests.regraded import CALC, Term, set_the_term

MILDER = CALC.replace("id: near, points: 1", "id: near, points: 3/2")


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Two students and a quiz of two questions, on each engine."""
    return set_the_term(database, tmp_path / "bank", students=2)


def test_students_whose_marks_change_after_the_release_are_told_by_letter(term: Term) -> None:
    near, right = term.answer(0, "7"), term.answer(1, "5")
    with term.transactions.writing() as tx:
        for student in (0, 1):
            people.person(tx, term.students[student]).email = f"s{student}@example.org"  # type: ignore[union-attr]
        quiz = tx.session.scalars(select(Quiz)).one()
        quiz.release, quiz.released_at = "by hand", None
    term.write("calc", MILDER)
    site = "https://exams.example.org"
    term.do(regrades.apply, term.begin(regrade_starts.with_version, "calc", 2), lambda: None, site)
    term.work()
    assert letters(term) == []  # the release will tell of all at once
    with term.transactions.writing() as tx:
        tx.session.scalars(select(Quiz)).one().released_at = tx.now()
    voided = term.begin(regrade_starts.void, right, 1, "why", reason="Part b asked for the impossible.")
    term.do(regrades.apply, voided, lambda: None, site)
    term.work()
    first, second = letters(term)
    assert (first.address, second.address) == ("s0@example.org", "s1@example.org")
    assert "Part b asked for the impossible." in first.body
    assert f"{site}/attempts/{near}/result" in first.body
    nothing = term.begin(regrade_starts.void, right, 1, "total")
    term.do(regrades.apply, nothing, lambda: None, site)
    term.work()
    assert [one.address for one in letters(term)[2:]] == ["s0@example.org"]
    term.do(regrades.undo, nothing, lambda: None, site)
    assert "was taken back" in letters(term)[-1].body


def letters(term: Term) -> list[Mail]:
    with term.transactions.reading() as tx:
        return list(tx.session.scalars(select(Mail).order_by(Mail.id)))
