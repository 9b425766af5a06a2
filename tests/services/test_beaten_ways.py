"""What a criterion is worth by itself, where another way of earning the points counts more: to markers and figures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.services.marking import claims, second_deciding, second_marking
from app.services.marking.desk import Place
from app.services.marking.marking_quality import Quality, quality
from app.services.marking.piles import Pile
from app.services.marking.second_deciding import SecondDecision
from app.services.results import results
from app.storage.engine import Database
from tests import regraded
from tests.quiz_bank import instructor, standing
from tests.regraded import Term, set_the_term
from tests.services.test_comments_decide_nothing import Marker
from tests.services.test_marks_after_anything import WAYS

UNSEEN = "Not looked at: it could not change the points."


@pytest.fixture
def term(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Term:
    cases = "- {case: key, answers: {total: '5', why: It was added.}, expect: {total: 2, why: 2..4}}\n"
    monkeypatch.setitem(regraded.CASES, "calc", cases)
    term = set_the_term(database, tmp_path / "bank", calc=WAYS)
    with term.transactions.writing() as tx:
        second_marking.choose_share(tx, term.ines, term.quiz, "100")
    return term


def twice(term: Term, first: dict[str, str], second: dict[str, str], why: str = "It was added.") -> Quality:
    """What the figures say when somebody has decided so at the desk, and somebody else as the second marker."""
    attempt = term.answer(0, "5", why)
    Marker(term, "asa", attempt).save(first)
    with term.transactions.writing() as tx:
        ivo = standing(tx, term.course, instructor(tx, term.course, "ivo", "assistant"))
    term.clock.pass_time(seconds=1)
    with term.transactions.writing() as tx:
        pile = Pile(ivo, term.quiz, "calc", "why")
        decision = SecondDecision(second, rubric=1)
        second_deciding.decide_second(tx, pile, Place(attempt, 1), decision)
        claims.let_go(tx, ivo.person.id)
    with term.transactions.reading() as tx:
        return quality(tx, term.ines, term.quiz)


BOTH = {"style": "1", "example": "1"}


def test_a_way_that_only_the_second_marker_looked_at_is_not_compared(term: Term) -> None:
    found = twice(term, BOTH, BOTH | {"alt": "3/2"})
    assert found.differences == ()
    assert {one.criterion.id: (one.people.n, one.people.exact) for one in found.agreed} == {
        "style": (1, 1.0),
        "example": (1, 1.0),
    }


def test_what_the_machine_judged_of_a_way_that_lost_is_its_opinion(term: Term) -> None:
    # The second marker says of the idea what the machine had said; that the first preferred another way is no matter.
    mine = {"style": "0", "example": "1"}
    term.write("calc", WAYS.replace("{id: alt, points: 3/2,", "{id: alt, points: 3,"))
    found = twice(term, mine | {"alt": "1"}, mine | {"alt": "1", "idea": "2"})
    assert found.differences == ()
    assert all(one.people.exact == 1.0 for one in found.agreed if one.people.n)


def test_who_reads_the_result_is_told_what_nobody_looked_at(term: Term) -> None:
    attempt = term.answer(0, "5", "It was added.")
    asa = Marker(term, "asa", attempt)
    asa.save(BOTH)
    line = next(one for one in asa.see().criteria if one.id == "alt")
    assert (line.why, line.alone, line.open) == (UNSEEN, None, False)
    with term.transactions.reading() as tx:
        shown = results.result(tx, term.students[0], attempt).items[0].parts[1]
    alt = next(one for one in shown.criteria if one.id == "alt")
    assert (alt.points, alt.max, alt.why) == (0, Fraction(3, 2), UNSEEN)
