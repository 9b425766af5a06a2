"""A comment is only a comment: it moves no points, takes nothing over, and is taken back without changing a mark."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Conflict
from app.sandbox import SandboxFailure
from app.services.courses.membership import Membership
from app.services.marking import claims, deciding, desk, mark_history, regrade_starts
from app.services.marking.deciding import Decision
from app.services.marking.desk import Place
from app.services.marking.desk_answers import DeskAnswer
from app.services.marking.piles import Pile
from app.services.marking.replay import replay
from app.services.results import results
from app.storage import judgements
from app.storage.engine import Database
from tests import regraded
from tests.marked import set_up
from tests.quiz_bank import instructor, standing
from tests.regraded import Term, set_the_term
from tests.services.test_marks_after_anything import WAYS

NONE = {"idea": "0", "style": "0", "alt": "0", "example": "0", "unit": "", "rude": ""}


@pytest.fixture
def term(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Term:
    """A part worth 4 with several ways to earn points and two deductions, on each engine."""
    cases = "- {case: key, answers: {total: '5', why: It was added.}, expect: {total: 2, why: 2..4}}\n"
    monkeypatch.setitem(regraded.CASES, "calc", cases)
    return set_the_term(database, tmp_path / "bank", calc=WAYS)


class Marker:
    """Somebody at the desk, with the answer of one student before them."""

    def __init__(self, term: Term, name: str, attempt: str) -> None:
        self.term, self.place = term, Place(attempt, 1)
        with term.transactions.writing() as tx:
            self.who: Membership = standing(tx, term.course, instructor(tx, term.course, name, "assistant"))

    @property
    def pile(self) -> Pile:
        return Pile(self.who, self.term.quiz, "calc", "why")

    def see(self) -> DeskAnswer:
        with self.term.transactions.writing() as tx:
            answer = desk.open_answer(tx, self.pile, self.place, show="all").answer
            claims.let_go(tx, self.who.person.id)
        return answer

    def save(self, points: dict[str, str] | None = None, add: str = "", **more: Any) -> None:
        """The form as it stands, with this changed on it, and so much added to the comment."""
        answer = self.see()
        form = {one.id: "" if one.decided is None else str(one.decided) for one in answer.criteria}
        said = {one.id: one.comment for one in answer.criteria}
        whole = {"adjustment": str(answer.adjustment or ""), "comment": answer.comment + add}
        decision = Decision(form | (points or {}), said, **whole | more, seen=answer.seen, rubric=answer.rubric)
        self.term.clock.pass_time(seconds=1)
        with self.term.transactions.writing() as tx:
            deciding.decide(tx, self.pile, self.place, decision, lambda: None)
            claims.let_go(tx, self.who.person.id)
        self.term.grade()

    def undo(self) -> None:
        self.term.clock.pass_time(seconds=1)
        with self.term.transactions.writing() as tx:
            deciding.undo(tx, self.pile, lambda: None)
            claims.let_go(tx, self.who.person.id)
        self.term.grade()


def part(term: Term, attempt: str) -> tuple[Fraction, Fraction]:
    credit = term.current(attempt).credit or {}
    found = next(one for one in credit["parts"] if one["id"] == "why")
    return Fraction(found["points"]), Fraction(found["upto"])


def voided(term: Term, *, reason: str = "It was unclear.") -> tuple[str, str]:
    """The attempt of somebody who answered badly, and the regrade that gives the part to everybody."""
    attempt = term.answer(0, "5", "Magic.")
    Marker(term, "first", attempt).save(NONE)
    regrade = term.begin(regrade_starts.void, attempt, 1, "why", reason=reason)
    term.apply(regrade)
    assert part(term, attempt) == (4, 4)
    return attempt, regrade


def student_reads(term: Term, attempt: str) -> tuple[str, str]:
    with term.transactions.reading() as tx:
        item = results.result(tx, term.students[0], attempt).items[0]
    return next((one.given, one.comment) for one in item.parts if one.id == "why")


def test_a_comment_swallows_no_deduction_and_neither_does_taking_it_back(term: Term) -> None:
    attempt = term.answer(0, "5", "Magic.")
    asa, ivo = Marker(term, "asa", attempt), Marker(term, "ivo", attempt)
    asa.save(NONE)
    asa.save(adjustment="2")
    ivo.save({"rude": "-1"})
    assert part(term, attempt) == (1, 1)
    ivo.save(add="Please be polite.")
    assert (part(term, attempt), ivo.see().comment) == ((1, 1), "Please be polite.")
    ivo.undo()
    assert (part(term, attempt), ivo.see().comment) == ((1, 1), "")
    ivo.undo()  # and brings it back
    assert (part(term, attempt), ivo.see().comment) == ((1, 1), "Please be polite.")
    assert replay(term.transactions, term.sandbox, every=True).different == []


def test_a_deduction_with_a_comment_comes_off_a_part_that_was_voided(term: Term) -> None:
    attempt, _ = voided(term)
    ivo = Marker(term, "ivo", attempt)
    # The reason of the regrade is shown, and is nothing that a marker has said.
    assert (ivo.see().comment, ivo.see().reason, ivo.see().adjustment) == ("", "It was unclear.", 4)
    ivo.save({"rude": "-1"}, add="Please be polite.")
    assert part(term, attempt) == (3, 3)
    assert student_reads(term, attempt) == ("void", "It was unclear.\nPlease be polite.")


def test_a_comment_after_a_deduction_from_a_voided_part_changes_nothing(term: Term) -> None:
    attempt, _ = voided(term)
    ivo = Marker(term, "ivo", attempt)
    ivo.save({"rude": "-1"})
    assert part(term, attempt) == (3, 3)
    ivo.save(add="Please be polite.")
    assert part(term, attempt) == (3, 3)
    # Nor does one beside the deduction, which was decided when it was.
    asa = Marker(term, "asa", attempt)
    asa.save(adjustment="2")
    before = part(term, attempt)
    page = asa.see()
    said = {one.id: one.comment for one in page.criteria} | {"rude": "See the rules."}
    form = {one.id: "" if one.decided is None else str(one.decided) for one in page.criteria}
    asked = Decision(form, said, adjustment="2", comment=page.comment, seen=page.seen, rubric=page.rubric)
    with term.transactions.writing() as tx:
        deciding.decide(tx, asa.pile, asa.place, asked, lambda: None)
    term.grade()
    assert part(term, attempt) == before
    rude = next(one for one in asa.see().criteria if one.id == "rude")
    assert (rude.comment, rude.by) == ("See the rules.", "Ivo")


def test_a_comment_does_not_make_a_void_anybodys_own(term: Term) -> None:
    attempt, regrade = voided(term)
    ivo = Marker(term, "ivo", attempt)
    ivo.save(add="Please be polite.")
    assert (part(term, attempt), student_reads(term, attempt)[0]) == ((4, 4), "void")
    term.undo(regrade)
    assert part(term, attempt) == (0, 0)
    # What was said stays said.
    assert student_reads(term, attempt) == ("", "Please be polite.")
    assert ivo.see().comment == "Please be polite."
    with term.transactions.reading() as tx:
        told = [one.reason for one in mark_history.changes_in(tx, term.ines, attempt) if one.part == "why"]
    assert told[-2:] == ["regrade", "regrade undone"]
    assert replay(term.transactions, term.sandbox, every=True).different == []


def test_what_was_said_and_deducted_before_a_void_is_there_again_when_it_is_undone(term: Term) -> None:
    attempt = term.answer(0, "5", "Magic.")
    asa = Marker(term, "asa", attempt)
    asa.save(NONE)
    asa.save(adjustment="2", add="Late but fine.")
    asa.save({"rude": "-1"})
    assert part(term, attempt) == (1, 1)
    regrade = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(regrade)
    term.undo(regrade)
    assert (part(term, attempt), asa.see().comment) == ((1, 1), "Late but fine.")


def test_a_comment_says_nothing_about_points_where_no_grader_could_look(database: Database) -> None:
    marking = set_up(database)
    marking.sandbox.failing = lambda name, _: SandboxFailure("killed", "It took too long.") if name == "grade" else None
    (place,) = marking.hand_in("odd")
    done = marking.decide(marking.open(place), {}, comment="I ask a colleague.")
    assert marking.waits(done)
    marking.grade()
    page = marking.open(place)
    assert (page.answer.state, page.answer.comment, page.marked) == ("needs-person", "I ask a colleague.", 0)
    # Nothing at all is said with a nought.
    marking.decide(page, {}, adjustment="0", comment=page.answer.comment)
    marking.grade()
    page = marking.open(place, show="all")
    assert (page.answer.state, page.answer.points, page.answer.moved) == ("graded", 0, True)
    marking.decide(page, {}, adjustment="0", comment="It is empty.")
    marking.grade()
    assert marking.open(place, show="all").answer.state == "graded"


def test_undo_changes_nothing_where_somebody_has_decided_about_the_same_answer_since(term: Term) -> None:
    attempt = term.answer(0, "5", "Magic.")
    asa, ivo = Marker(term, "asa", attempt), Marker(term, "ivo", attempt)
    asa.save(NONE | {"alt": "3/2"})
    ivo.save({"unit": "-1/2"})
    assert part(term, attempt) == (1, 1)
    with pytest.raises(Conflict, match="has decided about this answer since"):
        asa.undo()
    assert part(term, attempt) == (1, 1)
    ivo.undo()
    assert part(term, attempt) == (Fraction(3, 2), Fraction(3, 2))


def test_undo_changes_nothing_where_a_request_was_granted_or_a_rubric_changed_since(term: Term) -> None:
    attempt = term.answer(0, "5", "Magic.")
    asa = Marker(term, "asa", attempt)
    asa.save(NONE)
    asa.save({"alt": "3/2"})
    term.clock.pass_time(minutes=1)
    item = term.item(attempt)
    with term.transactions.writing() as tx:
        # As an answer to a request about the whole part.
        granted = (item, "why", "", term.ines.person.id, Fraction(2), "Fine.")
        judgements.keep(tx, *granted, worth=Fraction(4))
        judgements.credit_again(tx, item)
    term.grade()
    assert part(term, attempt)[0] == Fraction(7, 2)
    with pytest.raises(Conflict, match="has decided about this answer since"):
        asa.undo()
    other = term.answer(1, "5", "More magic.")
    ivo = Marker(term, "ivo", other)
    ivo.save(NONE | {"alt": "1"})
    term.clock.pass_time(minutes=1)
    term.write("calc", WAYS.replace("{id: alt, points: 3/2,", "{id: alt, points: 3,"))
    term.apply(term.begin(regrade_starts.with_version, "calc", 2))
    assert part(term, other) == (2, 2)
    with pytest.raises(Conflict, match="has decided about this answer since"):
        ivo.undo()
    assert part(term, other) == (2, 2)


def test_a_comment_for_a_group_leaves_the_points_of_every_answer_as_they_were(database: Database) -> None:
    marking = set_up(database)
    first, second = marking.hand_in("odd", "odd")
    marking.decide(marking.open(first), {}, adjustment="1")
    marking.grade()
    marking.decide(marking.open(second), {}, adjustment="1/2")
    marking.grade()
    before = [marking.points(place) for place in (first, second)]
    page = marking.open(first)
    done = marking.decide(page, {}, adjustment="1", comment="Say why.", alike=[one.place for one in page.alike])
    assert (len(done.items), done.left) == (2, 0)
    marking.grade()
    assert [marking.points(place) for place in (first, second)] == before
    assert [marking.open(place).answer.comment for place in (first, second)] == ["Say why."] * 2
    assert marking.undo() == first
    marking.grade()
    assert [marking.points(place) for place in (first, second)] == before
    assert [marking.open(place).answer.comment for place in (first, second)] == ["", ""]
