"""The history of a mark with regrades: applied, taken back, and applied once more."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import update

from app.services.marking import mark_history, regrade_starts
from app.services.marking.mark_history import MarkChange
from app.storage import judgements
from app.storage.engine import Database
from app.storage.tables import Quiz
from tests.regraded import CALC, Term, set_the_term


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    return set_the_term(database, tmp_path / "bank", students=1)


def told(term: Term, attempt: str) -> list[tuple[str, str, tuple[str, ...], str]]:
    with term.transactions.reading() as tx:
        found = mark_history.history(tx, term.students[0], attempt)
    return [(one.part, one.reason, one.said, span(one)) for one in found]


def span(one: MarkChange) -> str:
    return f"{one.points_before} to {one.points} of {one.max}"


def test_a_regrade_stands_in_the_history_with_its_reason_and_so_does_taking_it_back(term: Term) -> None:
    attempt = term.answer(0, "7", "It was added.", "1")
    term.write("calc", CALC.replace("id: near, points: 1", "id: near, points: 3/2"))
    milder = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(milder)
    why = term_reason(term, milder)
    assert told(term, attempt) == [("total", "regrade", (why,), "1 to 3/2 of 2")]
    term.clock.pass_time(minutes=1)
    term.undo(milder)
    assert told(term, attempt)[1:] == [("total", "regrade undone", (why,), "3/2 to 1 of 2")]
    term.clock.pass_time(minutes=1)
    void = term.begin(regrade_starts.void, attempt, 1, "total")
    term.apply(void)
    assert told(term, attempt)[2:] == [("total", "regrade", (term_reason(term, void),), "1 to 2 of 2")]


def judge(term: Term, attempt: str, points: str, comment: str = "", *, back: bool = False) -> None:
    """Decide about the style of the reason, or leave it to the machine again, a minute later."""
    term.clock.pass_time(minutes=1)
    item = term.item(attempt)
    with term.transactions.writing() as tx:
        judgements.keep(tx, item, "why", "style", term.ines.person.id, Fraction(points), comment, withdrawn=back)
        judgements.credit_again(tx, item)
    term.grade()


def test_a_student_reads_what_changed_since_the_marks_were_released(term: Term) -> None:
    with term.transactions.writing() as tx:
        tx.session.execute(update(Quiz).values(release="by hand", released_at=None))
    attempt = term.answer(0, "7", "It was added.", "1")
    judge(term, attempt, "1", "Too kind.")
    judge(term, attempt, "1", back=True)
    judge(term, attempt, "1/2", "Half of it.")
    assert told(term, attempt) == []
    term.clock.pass_time(minutes=1)
    with term.transactions.writing() as tx:
        tx.session.execute(update(Quiz).values(released_at=tx.now()))
    assert told(term, attempt) == []
    judge(term, attempt, "1", "Looked at again.")
    assert told(term, attempt) == [("why", "person", ("Looked at again.",), "5/2 to 3 of 3")]
    # Staff see everything.
    with term.transactions.reading() as tx:
        every = [one.said for one in mark_history.changes_in(tx, term.ines, attempt)]
    assert every == [("Too kind.",), (), ("Half of it.",), ("Looked at again.",)]


def test_a_comment_that_was_taken_back_is_never_read_by_a_student(term: Term) -> None:
    attempt = term.answer(0, "7", "It was added.", "1")
    judge(term, attempt, "0", "A remark for somebody else.")
    judge(term, attempt, "0", back=True)
    assert [one[1:3] for one in told(term, attempt)] == [("person", ()), ("taken back", ())]
    # Undone on the desk, where somebody had decided before: what stood before stands again.
    judge(term, attempt, "1/2", "Half of it.")
    judge(term, attempt, "1", "A slip of mine.")
    judge(term, attempt, "1/2", "Half of it.")
    assert [one[2] for one in told(term, attempt)[2:]] == [("Half of it.",), (), ("Half of it.",)]


def term_reason(term: Term, regrade: str) -> str:
    from sqlalchemy import select

    from app.storage.tables import Regrade

    with term.transactions.reading() as tx:
        return str(tx.session.execute(select(Regrade.reason).where(Regrade.public_id == regrade)).scalar_one())
