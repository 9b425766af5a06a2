"""Accepting an answer too: of whom, and that nobody is taken along unseen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.services.marking import regrade_starts
from app.services.marking.replay import replay
from app.services.marking.same_answers import same_answer
from app.storage.engine import Database
from app.storage.regrades import Given
from tests.regraded import CALC, Term, set_the_term


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Four students and a quiz of two questions, on each engine."""
    return set_the_term(database, tmp_path / "bank")


def test_what_is_taken_for_the_accepted_answer_is_shown_before_it_counts_and_a_sign_is_no_punctuation(
    term: Term,
) -> None:
    said = ("The factor is -1", "the factor is −1.", "The factor is 1", "The factor is -1!")
    first, same, *others = (term.answer(number, "7", words) for number, words in enumerate(said))
    seen = term.preview(term.begin(regrade_starts.accept, first, 1, "why"))
    assert {row.login for row in seen.rows} == {"student0", "student1"}
    assert sorted(seen.card.wordings) == [((said[0],), 1), ((said[1],), 1)]
    term.apply(seen.card.id)
    assert [term.points(one)[0] for one in (first, same, *others)] == [4, 4, 1, 1]


def test_a_deduction_after_an_answer_was_accepted_counts_on_what_stands(database: Database, tmp_path: Path) -> None:
    unit = "      - {id: style, points: 1, when: person and why.sum, says: Well said}\n"
    with_deduction = CALC.replace(unit, unit + '      - {id: rude, points: -1/2, when: "False", says: Rude words}\n')
    term = set_the_term(database, tmp_path / "bank", calc=with_deduction)
    before, after = term.answer(0, "7", "Some words."), term.answer(1, "7", "Some words.")
    term.judge(before, "-1/2", criterion="rude")
    assert term.points(before) == (1, 1)
    regrade = term.begin(regrade_starts.accept, before, 1, "why")
    assert {row.after.points for row in term.preview(regrade).rows if row.after} == {4}
    term.apply(regrade)
    term.judge(after, "-1/2", criterion="rude")
    # What was taken off before did not keep the answer from being accepted in full.
    assert (term.points(before)[0], term.points(after)[0]) == (4, Fraction(7, 2))
    assert replay(term.transactions, term.sandbox, every=True).different == []
    term.judge(after, "0", criterion="rude")
    assert term.points(after)[0] == 4
    term.judge(after, "-1/2", criterion="rude")
    term.undo(regrade)
    assert [term.points(one)[0] for one in (before, after)] == [1, 1]


def said(kind: str, value: str) -> str:
    """What the answers have in common that are the same as this one, to a part with one field of that kind."""
    field = {"id": "x", "label": "", "widget": {"kind": kind}}
    shown = {"parts": [{"id": "p", "label": "", "title": "", "prompt": "", "points": "1", "score": "points"}]}
    shown["parts"][0]["fields"] = [field]  # type: ignore[assignment]
    return same_answer(shown, Given(1, 1, "v", {"x": value}), "p")


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("text", "n!", "n", False),
        ("text", "5!", "5", False),
        ("text", "x²", "x2", False),
        ("text", "-1", "1", False),
        ("text", "f'(x)", "f(x)", False),
        ("text", "The sum.", "the  sum", True),
        ("program", "if a:\n    b\nc", "if a:\n    b\n    c", False),
    ],
)
def test_only_what_cannot_carry_meaning_is_left_out(kind: str, one: str, other: str, same: bool) -> None:
    assert (said(kind, one) == said(kind, other)) is same
