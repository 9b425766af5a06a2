"""The history of a mark with regrades: applied, taken back, and applied once more."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.marking import mark_history, regrade_starts
from app.services.marking.mark_history import MarkChange
from app.storage.engine import Database
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


def term_reason(term: Term, regrade: str) -> str:
    from sqlalchemy import select

    from app.storage.tables import Regrade

    with term.transactions.reading() as tx:
        return str(tx.session.execute(select(Regrade.reason).where(Regrade.public_id == regrade)).scalar_one())
