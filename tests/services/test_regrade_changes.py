"""What a preview says about each answer: how far it is really moved, not what is stored for it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import Conflict
from app.services.marking import mark_history, regrade_starts
from app.services.marking.regrade_changes import Change, changes_between
from app.services.marking.replay import replay
from app.services.results import results
from app.storage.engine import Database
from tests.regraded import Term, set_the_term


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Four students and a quiz of two questions, on each engine."""
    return set_the_term(database, tmp_path / "bank")


def test_a_preview_tells_how_far_a_voided_part_really_moves_everybody(term: Term) -> None:
    full, some, blank = term.answer(0, "5"), term.answer(1, "7"), term.answer(2, "")
    moved = term.answer(3, "")
    term.judge(moved, "1", part="total", criterion="")
    regrade = term.begin(regrade_starts.void, blank, 1, "total")
    rows = {row.attempt: row for row in term.preview(regrade).rows}
    told = {attempt: [(one.says, one.before, one.after) for one in row.changes] for attempt, row in rows.items()}
    # Whoever had both points keeps them, and nothing is said to change.
    assert told == {full: [], some: [("", 1, 2)], blank: [("", 0, 2)], moved: [("", 1, 2)]}
    assert {attempt: row.changed for attempt, row in rows.items()} == {
        full: False,
        some: True,
        blank: True,
        moved: True,
    }


def test_a_preview_tells_a_voided_part_and_an_accepted_answer_from_a_persons_decision(term: Term) -> None:
    attempt = term.answer(0, "7")

    term.judge(attempt, "-1/2", part="total", criterion="")

    def whole(regrade: str) -> list[tuple[str, Fraction | None, Fraction | None]]:
        (row,) = term.preview(regrade).rows
        return [(one.whole, one.before, one.after) for one in row.changes if not one.says]

    accept = term.begin(regrade_starts.accept, attempt, 1, "total")
    assert whole(accept) == [("accept", Fraction(1, 2), 2)]
    void = term.begin(regrade_starts.void, attempt, 1, "why")
    assert whole(void) == [("void", 0, 3)]
    term.apply(void)
    assert whole(void) == [("void", 0, 3)]


def test_a_whole_question_is_voided_previewed_part_by_part_and_undone(term: Term) -> None:
    full, some, blank = term.answer(0, "5", "It was added."), term.answer(1, "7"), term.answer(2, "")
    term.judge(full, "1")
    term.judge(some, "-1", part="total", criterion="")
    before = [term.points(one) for one in (full, some, blank)]
    regrade = term.begin(regrade_starts.void, blank, 1, "")
    seen = term.preview(regrade)
    assert (seen.card.part, seen.card.answers, seen.card.title) == ("", 3, "A sum")
    told = {row.attempt: [(one.part, one.before, one.after) for one in row.changes] for row in seen.rows}
    assert told == {full: [], some: [("total", 0, 2), ("why", 0, 3)], blank: [("total", 0, 2), ("why", 0, 3)]}
    term.apply(regrade)
    assert [term.points(one) for one in (full, some, blank)] == [(5, 5)] * 3
    later = term.answer(3, "")
    assert term.points(later) == (5, 5)
    assert {(one.part, one.verdict) for one in term.decisions(later)} == {("total", 2), ("why", 3)}
    with term.transactions.reading() as tx:
        changes = mark_history.changes_in(tx, term.ines, blank)
    assert [(one.part, one.reason, one.said) for one in changes] == [
        ("total", "regrade", ("It was wrong.",)),
        ("why", "regrade", ("It was wrong.",)),
    ]
    # A word of a person in between stays, part by part.
    term.judge(blank, "1", part="why", criterion="")
    term.undo(regrade)
    assert [term.points(one) for one in (full, some, blank)] == [*before[:2], (1, 1)]
    assert term.points(later) == (0, 0)
    with pytest.raises(Conflict):
        term.begin(regrade_starts.accept, blank, 1, "")
    assert replay(term.transactions, term.sandbox, every=True).different == []


def test_what_no_grader_could_look_at_is_told_from_nothing() -> None:
    after = {"id": "p", "points": "2", "upto": "2", "max": "2", "adjustment": "2", "criteria": []}
    for before in (None, {"parts": []}):
        assert changes_between(before, {"parts": [after]}, Fraction(3)) == (Change("p", "", Fraction(0), Fraction(6)),)


def test_a_preview_shows_what_was_answered(term: Term) -> None:
    blank, near = term.answer(0, ""), term.answer(1, "7", "It was added.")
    part = term.preview(term.begin(regrade_starts.void, near, 1, "total"))
    assert {row.attempt: row.answer for row in part.rows} == {blank: ("–",), near: ("7",)}
    whole = term.preview(term.begin(regrade_starts.void, near, 1, ""))
    assert {row.attempt: row.answer for row in whole.rows}[near] == ("7", "It was added.")


def test_a_student_reads_that_a_part_was_voided_until_that_is_undone(term: Term) -> None:
    attempt = term.answer(0, "7", "It was added.")

    def given() -> list[tuple[str, str]]:
        with term.transactions.reading() as tx:
            item = results.result(tx, term.students[0], attempt).items[0]
        return [(part.given, part.comment) for part in item.parts]

    void = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(void)
    assert given() == [("", ""), ("void", "It was wrong.")]
    accept = term.begin(regrade_starts.accept, attempt, 1, "total", reason="Fine, too.")
    term.apply(accept)
    assert given() == [("accept", "Fine, too."), ("void", "It was wrong.")]
    term.judge(attempt, "1", criterion="")
    assert given() == [("accept", "Fine, too."), ("", "")]
    term.undo(accept)
    term.undo(void)
    assert given() == [("", ""), ("", "")]
