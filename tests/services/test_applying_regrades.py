"""Applying the last of many regrades: it costs what the first one did."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import update

from app.services.marking import regrade_starts
from app.storage import regrade_history
from app.storage.engine import Database
from app.storage.tables import Observation
from tests.regraded import CALC, Term, set_the_term

NEAR = {1: Fraction(1), 2: Fraction(3, 2), 3: Fraction(1, 2)}
"""What a number larger than a is worth, by version of the question."""


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Students, and two newer rubrics of a question, on each engine."""
    term = set_the_term(database, tmp_path / "bank")
    for number in (2, 3):
        term.write("calc", CALC.replace("id: near, points: 1", f"id: near, points: {NEAR[number]}"))
    return term


@pytest.mark.parametrize("kind", ["rubric", "software"])
def test_what_was_applied_before_the_last_regrade_is_not_gone_through_to_apply_it(
    term: Term, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = term.answer(0, "7")
    first = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(first)
    term.clock.pass_time(minutes=1)
    if kind == "rubric":
        last, points = term.begin(regrade_starts.with_version, "calc", 3), NEAR[3]
    else:
        with term.transactions.writing() as tx:
            tx.session.execute(update(Observation).values(grader_fingerprint="graders of before"))
        last, points = term.begin(regrade_starts.with_software), NEAR[2]
    with monkeypatch.context() as within:
        within.setattr(regrade_history, "history", lambda tx, items: pytest.fail("The history was gone through."))
        term.apply(last)
    assert term.points(attempt)[0] == points
    assert term.preview(last).card.state == "applied"
    term.undo(first)
    assert term.points(attempt)[0] == (NEAR[3] if kind == "rubric" else NEAR[1])
    term.undo(last)
    assert term.points(attempt)[0] == NEAR[1]
