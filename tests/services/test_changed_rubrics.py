"""Another rubric leaves what people decided as it was meant: full stays full, none stays none, part in proportion."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.services.marking import claims, deciding, desk, regrade_starts, second_marking
from app.services.marking.deciding import Decision, RubricChanged
from app.services.marking.desk import DeskPage, Place
from app.services.marking.desk_queue import queue
from app.services.marking.marking_quality import quality
from app.services.marking.piles import Pile
from app.services.marking.replay import replay
from app.services.marking.second_deciding import SecondDecision, decide_second
from app.services.results import results
from app.storage.engine import Database
from tests import regraded
from tests.quiz_bank import instructor, standing
from tests.regraded import CALC, Term, set_the_term

RIGHT = "It was added."


def with_points(added: str, style: str) -> str:
    """The question with other points for both criteria of its second part."""
    return CALC.replace("{id: sum, points: 2,", f"{{id: sum, points: {added},").replace(
        "style, points: 1,", f"style, points: {style},"
    )


OTHER = with_points("5/2", "1/2")


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Four students and a quiz of two questions, on each engine."""
    return set_the_term(database, tmp_path / "bank")


class Rubrics:
    """Publishes rubrics of the question and lets them count."""

    def __init__(self, term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
        self.term, self.number, self.monkeypatch = term, 1, monkeypatch

    def begin(self, text: str, why: str) -> str:
        """A regrade with this rubric, prepared; `why`: what the key earns in that part."""
        cases = f"- {{case: key, answers: {{total: '5', why: {RIGHT}}}, expect: {{total: 2, why: {why}}}}}\n"
        self.monkeypatch.setitem(regraded.CASES, "calc", cases)
        self.term.write("calc", text)
        self.number += 1
        return self.term.begin(regrade_starts.with_version, "calc", self.number)

    def count(self, text: str, why: str) -> str:
        regrade = self.begin(text, why)
        assert self.term.apply(regrade) == 0
        return regrade


@pytest.fixture
def rubrics(term: Term, monkeypatch: pytest.MonkeyPatch) -> Rubrics:
    return Rubrics(term, monkeypatch)


def pile(term: Term) -> Pile:
    return Pile(term.ines, term.quiz, "calc", "why")


def shown(term: Term, attempt: str) -> DeskPage:
    with term.transactions.writing() as tx:
        return desk.open_answer(tx, pile(term), Place(attempt, 1), show="all")


def decide(term: Term, page: DeskPage, points: dict[str, str], **more: Any) -> None:
    term.clock.pass_time(seconds=1)
    decision = Decision(points, **{"seen": page.answer.seen, "rubric": page.answer.rubric} | more)
    with term.transactions.writing() as tx:
        deciding.decide(tx, pile(term), page.place, decision, lambda: None)
        # On to something else: the claim would hold for ten minutes.
        claims.let_go(tx, term.ines.person.id)
    term.work()


def lines(term: Term, attempt: str, part: str = "why") -> dict[str, Fraction]:
    """What each criterion counts for its student."""
    credit = term.current(attempt).credit or {}
    found = next(one for one in credit["parts"] if one["id"] == part)
    return {line["id"]: Fraction(line["points"]) for line in found["criteria"]}


def test_a_decision_keeps_its_share_of_a_criterion_that_is_worth_something_else(term: Term, rubrics: Rubrics) -> None:
    full, some, none, left = (term.answer(student, "5", RIGHT) for student in range(4))
    decide(term, shown(term, full), {"sum": "2", "style": "1"})
    decide(term, shown(term, some), {"sum": "4/3", "style": "1/3"})
    decide(term, shown(term, none), {"sum": "0", "style": "0"})
    regrade = rubrics.begin(OTHER, "5/2..3")
    preview = term.preview(regrade)
    rows = {row.attempt: row for row in preview.rows}
    told = {
        attempt: [(one.says, one.before, one.after, one.why, one.partial) for one in row.changes]
        for attempt, row in rows.items()
    }
    half, third = Fraction(1, 2), Fraction(1, 3)
    # Nothing is "as before" where a decision counts for something else, though the mark is the same.
    assert (rows[full].changed, rows[full].before) == (False, rows[full].after)
    assert told[full] == [
        ("It was added", 2, Fraction(5, 2), "share", False),
        ("Well said", 1, half, "share", False),
    ]
    assert told[some] == [
        ("It was added", Fraction(4, 3), Fraction(5, 3), "share", True),
        ("Well said", third, third / 2, "share", True),
    ]
    assert told[none] == []
    assert told[left] == [("It was added", 2, Fraction(5, 2), "", False), ("Well said", 0, 0, "", False)]
    sums = preview.card.sums
    assert sums is not None
    assert (sums.changed, sums.decided, sums.again) == (2, 2, 1)
    assert [row.attempt for row in preview.rows][2:] == [full, none]
    assert term.apply(regrade) == 0
    assert lines(term, full) == {"sum": Fraction(5, 2), "style": half}
    assert lines(term, some) == {"sum": Fraction(5, 3), "style": third / 2}
    assert lines(term, none) == {"sum": 0, "style": 0}
    with term.transactions.reading() as tx:
        part = results.result(tx, term.students[0], full).items[0].parts[1]
    assert [(one.points, one.max) for one in part.criteria] == [(Fraction(5, 2), Fraction(5, 2)), (half, half)]
    # Going on to a third rubric, it is still what the person meant, and by the first one it is what they typed.
    rubrics.count(with_points("1", "2"), "1..3")
    assert lines(term, some) == {"sum": Fraction(2, 3), "style": Fraction(2, 3)}
    rubrics.count(CALC.replace("Well said", "Well put"), "2..3")
    assert lines(term, some) == {"sum": Fraction(4, 3), "style": third}
    assert replay(term.transactions, term.sandbox, every=True).different == []
    assert {(one.verdict, one.worth) for one in term.decisions(some)} == {(Fraction(4, 3), 2), (third, 1)}


def test_the_counts_of_a_preview_are_those_of_its_rows(term: Term, rubrics: Rubrics) -> None:
    full, some, later = (term.answer(student, "5", RIGHT) for student in range(3))
    decide(term, shown(term, full), {"sum": "2", "style": "1"})
    decide(term, shown(term, some), {"sum": "4/3", "style": "1/3"}, adjustment="1/3")
    second = rubrics.count(OTHER, "5/2..3")
    # Decided by the second rubric, which is undone and then wanted after all: there is nothing to look at again.
    decide(term, shown(term, later), {"sum": "5/3", "style": "1/4"})
    term.undo(second)

    def told(regrade: str) -> tuple[dict[str, tuple[str, bool]], tuple[int, int]]:
        preview = term.preview(regrade)
        assert preview.card.sums is not None
        made = {
            row.attempt: (max((one.why for one in row.changes), default=""), any(one.partial for one in row.changes))
            for row in preview.rows
        }
        return made, (preview.card.sums.decided, preview.card.sums.again)

    again = term.begin(regrade_starts.with_version, "calc", 2)
    assert told(again) == ({full: ("share", False), some: ("share", True), later: ("", False)}, (2, 1))
    term.apply(again)
    third = rubrics.begin(OTHER.replace("Well said", "Well put"), "5/2..3")
    # The points are those of the second, but these are still in proportion to what was decided by the first.
    assert told(third) == ({full: ("share", False), some: ("share", True), later: ("", False)}, (2, 1))
    fourth = rubrics.begin(with_points("1", "2"), "1..3")
    assert told(fourth) == ({full: ("share", False), some: ("share", True), later: ("share", True)}, (3, 2))


def test_a_decision_about_what_is_gone_counts_nothing_until_it_comes_back(term: Term, rubrics: Rubrics) -> None:
    attempt = term.answer(0, "5", RIGHT)
    decide(term, shown(term, attempt), {"sum": "2", "style": "1/2"})
    renamed = rubrics.begin(CALC.replace("id: style, points: 1,", "id: wording, points: 1,"), "2..3")
    (row,) = term.preview(renamed).rows
    told = [(one.says, one.before, one.after, one.why) for one in row.changes]
    assert told == [("Well said", None, 0, ""), ("Well said", Fraction(1, 2), None, "gone")]
    sums = term.preview(renamed).card.sums
    assert sums is not None
    assert (sums.decided, sums.to_people) == (1, 1)
    term.apply(renamed)
    assert term.points(attempt) == (4, 5)
    assert shown(term, attempt).answer.criteria[1].decided is None
    back = rubrics.begin(CALC.replace("id: style, points: 1,", "id: style, points: 2,"), "2..3")
    (row,) = term.preview(back).rows
    assert [(one.after, one.why, one.partial) for one in row.changes] == [(1, "back", True), (None, "", False)]
    term.apply(back)
    assert lines(term, attempt) == {"sum": 2, "style": 1}
    assert replay(term.transactions, term.sandbox, every=True).different == []


def test_the_desk_shows_what_was_given_and_the_machine_speaks_of_the_rubric_that_counts(
    term: Term, rubrics: Rubrics
) -> None:
    attempt = term.answer(0, "5", RIGHT)
    decide(term, shown(term, attempt), {"sum": "1", "style": "1"})
    rubrics.count(OTHER, "5/2..3")
    page = shown(term, attempt)
    added, style = page.answer.criteria
    assert (added.decided, added.given, added.of, added.partial) == (Fraction(5, 4), 1, 2, True)
    assert (style.decided, style.given, style.of, style.partial) == (Fraction(1, 2), 1, 1, False)
    assert (added.most, added.machine, added.open, page.answer.rubric) == (Fraction(5, 2), Fraction(5, 2), False, 2)
    # A comment alone can be written, and what was given in full is not decided again by that.
    typed = {line.id: str(line.decided) for line in page.answer.criteria}
    decide(term, page, typed, comment="Look at this.")
    assert [(one.criterion, one.verdict, one.worth) for one in term.decisions(attempt)[2:]] == [
        ("sum", Fraction(5, 4), Fraction(5, 2)),
        ("", 0, 3),
    ]
    added, style = shown(term, attempt).answer.criteria
    assert (added.decided, added.of, added.partial) == (Fraction(5, 4), None, False)
    assert (style.decided, style.given) == (Fraction(1, 2), 1)
    # Left to the machine, it earns what this rubric gives.
    decide(term, shown(term, attempt), {"style": "1/2"}, comment="Look at this.")
    assert lines(term, attempt) == {"sum": Fraction(5, 2), "style": Fraction(1, 2)}


def test_nothing_is_stored_that_was_decided_by_a_rubric_that_does_not_count_any_more(
    term: Term, rubrics: Rubrics
) -> None:
    attempt = term.answer(0, "5", RIGHT)
    page = shown(term, attempt)
    assert page.answer.rubric == 1
    rubrics.count(OTHER, "5/2..3")
    with pytest.raises(RubricChanged, match="rubric has changed"):
        decide(term, page, {"style": "1"}, comment="A long thought.")
    assert term.decisions(attempt) == []
    decide(term, shown(term, attempt), {"style": "1/2"})
    assert term.points(attempt) == (5, 5)


def second_marker(term: Term) -> Pile:
    with term.transactions.writing() as tx:
        person = instructor(tx, term.course, "second")
        other = standing(tx, term.course, person)
    return Pile(other, term.quiz, "calc", "why")


def test_two_markers_agree_who_gave_the_same_share_by_different_rubrics(term: Term, rubrics: Rubrics) -> None:
    other = second_marker(term)
    same, apart = term.answer(0, "5", RIGHT), term.answer(1, "7", RIGHT)
    for attempt in (same, apart):
        decide(term, shown(term, attempt), {"style": "1"})
    with term.transactions.writing() as tx:
        second_marking.choose_share(tx, term.ines, term.quiz, "100")
    rubrics.count(with_points("5/2", "3/2"), "5/2..3")
    for attempt, points in ((same, "3/2"), (apart, "1/2")):
        with term.transactions.writing() as tx:
            decide_second(tx, other, Place(attempt, 1), SecondDecision({"style": points}, rubric=2))
    with term.transactions.reading() as tx:
        found = quality(tx, term.ines, term.quiz)
    agreed = {one.criterion.id: one.people for one in found.agreed}
    assert (agreed["style"].n, agreed["style"].exact) == (2, 0.5)
    ((what, differs),) = found.differences
    assert (what.id, differs.first, differs.second, differs.of) == (
        "style",
        Fraction(3, 2),
        Fraction(1, 2),
        Fraction(3, 2),
    )
    # What is settled is of the rubric that counts, and never more than it has.
    with term.transactions.writing() as tx:
        second_marking.settle(tx, pile(term), Place(apart, 1), "style", False, lambda: None)
    term.work()
    assert lines(term, apart)["style"] == Fraction(3, 2)
    assert (term.decisions(apart)[-1].verdict, term.decisions(apart)[-1].worth) == (Fraction(3, 2), Fraction(3, 2))
    rubrics.count(OTHER, "5/2..3")
    assert lines(term, apart)["style"] == Fraction(1, 2)


def test_a_second_marker_decides_nothing_by_a_rubric_that_counts_no_more(term: Term, rubrics: Rubrics) -> None:
    other = second_marker(term)
    attempt = term.answer(0, "5", RIGHT)
    decide(term, shown(term, attempt), {"style": "1"})
    with term.transactions.writing() as tx:
        second_marking.choose_share(tx, term.ines, term.quiz, "100")
    rubrics.count(OTHER, "5/2..3")
    with pytest.raises(RubricChanged), term.transactions.writing() as tx:
        decide_second(tx, other, Place(attempt, 1), SecondDecision({"style": "1/2"}, rubric=1))
    assert [one for one in term.decisions(attempt) if one.round == 2] == []


def test_identical_answers_that_wait_again_by_another_rubric_are_counted_and_marked_at_once(
    term: Term, rubrics: Rubrics
) -> None:
    lead, same, apart, new = (term.answer(student, "5", RIGHT) for student in range(4))
    page = shown(term, lead)
    others = [one.place for one in page.alike if one.place.attempt == same]
    decide(term, page, {"style": "1"}, alike=others)
    decide(term, shown(term, apart), {"style": "0"})
    more = "- {id: style, points: 1, when: person and why.sum, says: Well said}"
    clear = more + "\n      - {id: clear, points: 1/2, when: person and why.sum, says: Clear}"
    rubrics.count(CALC.replace(more, clear).replace("{id: sum, points: 2,", "{id: sum, points: 3/2,"), "3/2..3")
    with term.transactions.reading() as tx:
        waiting = {one.part: one for one in queue(tx, term.ines, term.quiz).waiting}
    assert (waiting["why"].waiting, waiting["why"].different) == (4, 1)
    # Marked at once, or one by one: now they wait for the same. Of one that nobody has looked at more is open.
    page = shown(term, lead)
    assert {one.place.attempt for one in page.alike} == {same, apart}
    decide(term, page, {"style": "1", "clear": "1/2"}, alike=[one.place for one in page.alike])
    assert [lines(term, one) for one in (lead, same, apart)] == [
        {"sum": Fraction(3, 2), "style": 1, "clear": Fraction(1, 2)},
        {"sum": Fraction(3, 2), "style": 1, "clear": Fraction(1, 2)},
        {"sum": Fraction(3, 2), "style": 0, "clear": Fraction(1, 2)},
    ]
    assert shown(term, new).alike == ()
