"""Taking a decision back on the marking desk, and marking again what was decided before."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.decisions import ON_TOP
from app.domain.errors import NotFound
from app.services.marking import claims, deciding, desk, regrade_starts, second_deciding, second_marking
from app.services.marking.deciding import Decided, Decision
from app.services.marking.desk import DeskPage, Place
from app.services.marking.desk_queue import queue
from app.services.marking.grading import decisions_of
from app.services.marking.piles import Pile
from app.services.marking.second_deciding import SecondDecision
from app.services.marking.undoing import NotUndone
from app.storage.engine import Database
from tests.marked import Marking, set_up
from tests.regraded import CALC, Term, set_the_term
from tests.services.test_left_the_course import leave


@pytest.fixture
def marking(database: Database) -> Marking:
    return set_up(database, markers=3)


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    return set_the_term(database, tmp_path / "bank")


def test_a_group_whose_marking_was_taken_back_is_marked_at_once_again(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd", "odd")
    marking.decide(marking.open(places[0]), {"cause": "1"}, alike=places[1:])
    marking.grade()
    marking.undo()
    marking.grade()
    page = marking.open(places[0])
    assert {one.place for one in page.alike} == set(places[1:])
    done = marking.decide(page, {"cause": "1/2"}, alike=[one.place for one in page.alike])
    assert (len(done.items), done.left) == (3, 0)
    marking.grade()
    assert [marking.points(place)[0] for place in places] == [Fraction(1, 2)] * 3


def test_what_cannot_be_taken_back_is_said_once_and_then_passed_over(marking: Marking) -> None:
    first, second, third = marking.hand_in("odd one", "odd two, and more", "odd three, quite another one")
    for place, points in ((first, "1"), (second, "1/2"), (third, "1/2")):
        marking.decide(marking.open(place), {"cause": points})
        marking.grade()
    marking.do(lambda tx: claims.let_go(tx, marking.markers[0].person.id))
    # Somebody else has the last word about the newest, and is at the one before it.
    marking.decide(marking.open(third, 1, show="all"), {"cause": "0"}, 1)
    marking.grade()
    marking.open(second, 1, show="all")

    def undo(before: int | None) -> Place:
        marking.clock.pass_time(seconds=1)
        place: Place = marking.do(lambda tx: deciding.undo(tx, marking.pile(), lambda: None, before))
        marking.grade()
        return place

    with pytest.raises(NotUndone, match="has decided about this answer since") as refused:
        undo(None)
    assert undo(refused.value.before) == first
    assert [marking.points(place)[1] for place in (first, second, third)] == [1, Fraction(1, 2), 0]
    assert marking.points(first)[0] == 0
    # From there on it is as always: the same again brings it back.
    assert undo(None) == first
    assert marking.points(first)[0] == 1


def test_decisions_about_who_has_left_are_passed_over(marking: Marking) -> None:
    first, gone = marking.hand_in("odd one", "odd two, and more")
    for place in (first, gone):
        marking.decide(marking.open(place), {"cause": "1"})
        marking.grade()
    leave(marking, gone.attempt)
    assert marking.undo() == first


def test_what_was_not_decided_at_the_desk_is_not_undone_there(marking: Marking) -> None:
    (place,) = marking.hand_in("maybe")
    marking.decide(marking.open(place), {"cause": "1/2"})
    marking.do(lambda tx: claims.let_go(tx, marking.markers[0].person.id))
    marking.grade()
    marking.do(lambda tx: second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100"))
    second = SecondDecision({"cause": "1"}, rubric=1)
    marking.do(lambda tx: second_deciding.decide_second(tx, marking.pile(1), place, second))
    marking.clock.pass_time(seconds=1)
    marking.do(lambda tx: second_marking.settle(tx, marking.pile(2), place, "cause", True, lambda: None))
    marking.grade()
    assert not marking.open(place, 2, show="all").undoable
    with pytest.raises(NotFound, match="decided nothing"):
        marking.undo(2)
    assert marking.points(place)[0] == 1


def test_what_is_decided_and_what_waits_never_add_up_to_more_than_was_handed_in(marking: Marking) -> None:
    first, _second, _sure = marking.hand_in("odd one", "odd two, and more", "cause and effect")
    marking.decide(marking.open(first), {"effect": "1"})  # the cause still waits
    marking.grade()
    with marking.transactions.reading() as tx:
        (part,) = queue(tx, marking.markers[0], marking.quiz).waiting
    assert (part.waiting, part.marked, part.decided, part.total) == (2, 1, 1, 3)
    marking.decide(marking.open(first), {"effect": "1", "cause": "1"})
    marking.grade()
    with marking.transactions.reading() as tx:
        (part,) = queue(tx, marking.markers[0], marking.quiz).waiting
    assert (part.waiting, part.marked, part.decided, part.total) == (1, 1, 2, 3)


def test_an_answer_stays_marked_when_only_one_of_its_criteria_is_left_to_the_machine_again(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    marking.decide(marking.open(place), {"cause": "1", "effect": "1"})
    marking.grade()
    marking.decide(marking.open(place, show="all"), {"cause": "1", "effect": ""})
    marking.grade()
    page = marking.open(place, show="all")
    assert (page.by_me, page.marked, page.answer.decided_by) == (1, 1, ("Marker0",))
    marking.decide(page, {"cause": "", "effect": ""})
    marking.grade()
    page = marking.open(place, show="all")
    assert (page.by_me, page.marked) == (0, 0)


def test_a_part_whose_points_are_the_same_either_way_waits_no_more(marking: Marking) -> None:
    first, second = marking.hand_in("odd one", "odd two, and more")
    assert not marking.waits(marking.decide(marking.open(first), {}, adjustment="-1", comment="Copied."))
    marking.grade()
    assert marking.points(first) == (0, 0)
    assert marking.waits(marking.decide(marking.open(second), {}, adjustment="1/2"))
    marking.grade()
    assert marking.points(second) == (Fraction(1, 2), Fraction(3, 2))


def test_what_the_machine_left_to_a_person_is_told_as_a_suggestion_after_the_decision_too(marking: Marking) -> None:
    sure, likely = marking.hand_in("cause", "maybe")
    for place in (sure, likely):
        marking.decide(marking.open(place, show="all"), {"cause": "1/2"})
        marking.grade()
    told = [marking.open(place, show="all").answer.criteria[0] for place in (sure, likely)]
    assert [(one.decided, one.machine, one.unsure) for one in told] == [
        (Fraction(1, 2), Fraction(1), False),
        (Fraction(1, 2), Fraction(1), True),
    ]


def test_the_desk_shows_a_deduction_on_top_where_the_grader_counts_it_so(marking: Marking) -> None:
    (place,) = marking.hand_in("cause and effect")

    def decided(points: dict[str, str], moved: str) -> tuple[bool, bool]:
        """Whether the desk shows the deduction on top, and whether the grader is told so."""
        marking.decide(marking.open(place, show="all"), points, adjustment=moved)
        marking.grade()
        (style,) = [one for one in marking.open(place, show="all").answer.criteria if one.id == "style"]
        return style.on_top, any(name.endswith(ON_TOP) for name in decisions_of(marking.judgements()))

    # With the move, before it, after it, and once the part is left where it was.
    assert decided({"style": "-1/2"}, "-1") == (False, False)
    assert decided({"style": "-1/4"}, "-1") == (True, True)
    assert decided({"style": "-1/4"}, "-2") == (False, False)
    assert decided({"style": "-1/2"}, "-2") == (True, True)
    assert decided({"style": "-1/2"}, "") == (False, False)


MORE = CALC.replace(
    "{id: style, points: 1, when: person and why.sum, says: Well said}",
    "{id: style, points: 1/2, when: person and why.sum, says: Well said}\n"
    "      - {id: clear, points: 1/2, when: person, says: Clear}",
)


def open_why(term: Term, place: Place) -> DeskPage:
    with term.transactions.writing() as tx:
        return desk.open_answer(tx, Pile(term.ines, term.quiz, "calc", "why"), place, show="all")


def decide_why(term: Term, page: DeskPage, points: dict[str, str]) -> Decided:
    term.clock.pass_time(seconds=1)
    decision = Decision(
        points, seen=page.answer.seen, rubric=page.answer.rubric, alike=[one.place for one in page.alike]
    )
    with term.transactions.writing() as tx:
        done = deciding.decide(tx, Pile(term.ines, term.quiz, "calc", "why"), page.place, decision, lambda: None)
    term.work()
    return done


WAYS = CALC.replace(
    "- {id: style, points: 1, when: person and why.sum, says: Well said}",
    "- best_of:\n"
    "          - {id: style, points: 1, when: person and why.sum, says: Well said}\n"
    "          - {id: clear, points: 1/2, when: person and why.sum, says: Clear}",
)


def test_what_is_left_open_waits_only_where_the_rubric_still_needs_somebody(term: Term) -> None:
    enough, less = (Place(term.answer(number, "5", "It was added."), 1) for number in range(2))
    term.write("calc", WAYS)
    term.apply(term.begin(regrade_starts.with_version, "calc", 2))

    def waits(place: Place, style: str) -> bool:
        term.clock.pass_time(seconds=1)
        page, pile = open_why(term, place), Pile(term.ines, term.quiz, "calc", "why")
        decision = Decision({"style": style}, seen=page.answer.seen, rubric=page.answer.rubric)
        with term.transactions.writing() as tx:
            done = deciding.decide(tx, pile, place, decision, lambda: None)
        # Before any worker has graded with it.
        with term.transactions.reading() as tx:
            return deciding.still_waits(tx, term.sandbox, pile, done)

    # The other way of earning these points can bring nothing more; or it still can.
    assert waits(enough, "1") is False
    assert waits(less, "0") is True
    term.work()
    assert [term.current(place.attempt).state for place in (enough, less)] == ["graded", "needs-person"]


def test_answers_that_wait_for_another_criterion_are_marked_at_once_and_keep_what_was_decided(term: Term) -> None:
    attempts = [term.answer(number, "5", "It was added.") for number in range(3)]
    first, *others = (Place(attempt, 1) for attempt in attempts)
    assert len(decide_why(term, open_why(term, first), {"style": "1/2"}).items) == 3
    decide_why(term, open_why(term, others[1]), {"style": "0"})  # this one differs from now on
    term.write("calc", MORE)
    term.apply(term.begin(regrade_starts.with_version, "calc", 2))
    page = open_why(term, first)
    assert {one.place for one in page.alike} == set(others)
    # Half of the points for its style, which are fewer now, as the page says; only the new criterion is decided.
    style = next(one for one in page.answer.criteria if one.id == "style")
    done = decide_why(term, page, {"style": str(style.decided), "clear": "1/2"})
    assert (len(done.items), done.left) == (3, 0)
    assert [term.points(attempt)[0] for attempt in attempts] == [Fraction(19, 4), Fraction(19, 4), Fraction(9, 2)]
    assert [term.current(attempt).state for attempt in attempts] == ["graded"] * 3
