"""How well a quiz was marked: a sample marked twice and blind, agreement, drift, and answers kept as cases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.services.marking import claims, marking_quality, second_deciding, second_marking
from app.services.marking.desk import Place
from app.services.marking.marking_quality import Quality
from app.services.marking.second_deciding import DecidedTwice, SecondDecision
from app.services.marking.second_marking import Compared, SecondPage, in_sample
from app.services.marking.undoing import NotUndone
from app.storage import quizzes
from app.storage.engine import Database, open_database
from app.storage.tables import Claim, Course, Grading, Quiz, SecondMarking
from tests.databases import ENGINES
from tests.marked import Marking, set_up


@pytest.fixture
def marking(database: Database) -> Marking:
    return set_up(database)


def mark(marking: Marking, place: Place, points: str, marker: int = 0, **more: Any) -> None:
    marking.decide(marking.open(place, marker, show="all"), {"cause": points}, marker, **more)
    # On to something else: the claim would hold for ten minutes.
    marking.do(lambda tx: claims.let_go(tx, marking.markers[marker].person.id))
    marking.grade()


def share(marking: Marking, percent: str) -> int:
    found: int = marking.do(lambda tx: second_marking.choose_share(tx, marking.markers[0], marking.quiz, percent))
    return found


def open_second(marking: Marking, place: Place, marker: int = 1) -> SecondPage:
    page: SecondPage = marking.do(lambda tx: second_marking.open_second(tx, marking.pile(marker), place))
    return page


def second(marking: Marking, place: Place, points: dict[str, str], marker: int = 1) -> None:
    decide_second(marking, place, SecondDecision(points, rubric=1), marker)


def decide_second(marking: Marking, place: Place, decision: SecondDecision, marker: int = 1) -> DecidedTwice:
    marking.clock.pass_time(seconds=1)
    pile = marking.pile(marker)
    done: DecidedTwice = marking.do(lambda tx: second_deciding.decide_second(tx, pile, place, decision))
    return done


def undo_second(marking: Marking, marker: int = 1, before: int | None = None) -> Place:
    marking.clock.pass_time(seconds=1)
    who = marking.markers[marker]
    place: Place = marking.do(lambda tx: second_deciding.undo_second(tx, who, marking.quiz, before).place)
    return place


def settle(marking: Marking, place: Place, *, take_second: bool) -> None:
    given = (place, "cause", take_second, lambda: None)
    marking.do(lambda tx: second_marking.settle(tx, marking.pile(), *given))
    marking.grade()


def found(marking: Marking, marker: int = 0) -> Quality:
    with marking.transactions.reading() as tx:
        return marking_quality.quality(tx, marking.markers[marker], marking.quiz)


def test_the_sample_is_the_same_every_time_and_grows_with_the_share() -> None:
    answers = [(f"attempt{number}", 1, "why") for number in range(2000)]
    few, more = ({one for one in answers if in_sample(*one, percent)} for percent in (10, 30))
    assert few < more
    assert 140 < len(few) < 260
    assert 520 < len(more) < 680
    assert not any(in_sample(*one, 0) for one in answers)
    assert all(in_sample(*one, 100) for one in answers)


def test_a_second_marker_sees_nothing_of_the_first_and_changes_no_mark(marking: Marking) -> None:
    (place,) = marking.hand_in("maybe effect")
    mark(marking, place, "1/2", comment="Nearly.")
    assert found(marking).in_sample == 0
    assert share(marking, "100 %") == 100
    assert (found(marking, 0).for_me, found(marking, 1).for_me) == (0, 1)
    with pytest.raises(NotFound):
        open_second(marking, place, 0)
    page = open_second(marking, place)
    cause, effect, _style = page.answer.criteria
    assert page.mine
    assert (cause.open, cause.machine, cause.decided, cause.comment, cause.by) == (True, 1, None, "", "")
    assert (effect.open, effect.machine) == (False, 2)
    assert (page.answer.comment, page.answer.decided_by, page.answer.name, page.left) == ("", (), "", 1)
    with pytest.raises(InvalidInput) as refused:
        second(marking, place, {"effect": "2"})
    assert refused.value.place == "points.cause"
    with pytest.raises(InvalidInput):
        second(marking, place, {"cause": "2"})
    second(marking, place, {"cause": "1"})
    marking.grade()
    assert marking.points(place) == (Fraction(5, 2), Fraction(5, 2))
    with marking.transactions.reading() as tx:
        # Graded by the machine, and by the first decision.
        assert len(tx.session.scalars(select(Grading)).all()) == 2
        assert not tx.session.scalars(select(Claim).where(Claim.person_id == marking.markers[1].person.id)).all()
    with pytest.raises(NotFound):
        second(marking, place, {"cause": "0"})


def test_second_markers_never_meet_and_get_only_what_others_decided(database: Database) -> None:
    marking = set_up(database, markers=3)
    places = marking.hand_in("odd a", "odd bb", "odd ccc")
    for place, marker in zip(places, (0, 0, 1), strict=True):
        mark(marking, place, "1", marker)
    share(marking, "100")

    def begin(marker: int) -> Place | None:
        one = marking.do(lambda tx: second_marking.next_second(tx, marking.markers[marker], marking.quiz))
        return None if one is None else one.place

    assert begin(0) == places[2]
    assert begin(1) in places[:2]
    assert begin(2) == next(one for one in places[:2] if one != begin(1))
    assert not open_second(marking, begin(1) or places[0], 2).mine


def test_identical_and_nearly_identical_answers_are_marked_a_second_time_at_once(database: Database) -> None:
    marking = set_up(database, markers=3)
    texts = ("maybe  Gradients vanish.", "maybe gradients vanish", "maybe gradiants vanish", "maybe not")
    places = marking.hand_in(*texts)
    for place in places:
        mark(marking, place, "1/2")
    share(marking, "100")
    page = open_second(marking, places[0])
    assert {one.place: bool(one.text) for one in page.alike} == {places[1]: False, places[2]: True}
    assert (page.left, page.mine) == (4, True)
    # A group is claimed as a whole.
    assert open_second(marking, places[1], 2).mine is False
    done = decide_second(marking, places[0], SecondDecision({}, 1, [places[1], places[2], places[3]], accept=True))
    assert (done.stored, done.left) == (3, 1)
    assert [one.second for one in twice(marking)] == [1, 1, 1]
    assert (found(marking, 1).for_me, found(marking, 1).differing) == (1, 3)
    # Nobody can be the second one twice.
    assert open_second(marking, places[3], 2).alike == ()
    with pytest.raises(NotFound):
        open_second(marking, places[1], 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_many_second_markers_at_once_mark_every_answer_exactly_once_more(
    new_database: Callable[[str, bool], str], engine: str
) -> None:
    database = open_database(new_database(engine, True))
    marking = set_up(database, students=16, markers=4)
    places = marking.hand_in(*(f"odd answer {number % 12}" for number in range(16)))
    for place in places:
        marking.decide(marking.open(place, show="all"), {"cause": "1"})
    marking.do(lambda tx: claims.let_go(tx, marking.markers[0].person.id))
    marking.grade()
    share(marking, "100")

    def mark_again(marker: int) -> int:
        done = 0
        for _ in range(50):
            one = marking.do(lambda tx: second_marking.next_second(tx, marking.markers[marker], marking.quiz))
            if one is None:
                return done
            try:
                page = open_second(marking, one.place, marker)
                decision = SecondDecision({"cause": "0"}, 1, [other.place for other in page.alike])
                done += decide_second(marking, one.place, decision, marker).stored
            except (Conflict, NotFound):
                continue  # somebody was faster
        raise AssertionError("refused again and again")

    with ThreadPoolExecutor(3) as threads:
        counted = list(threads.map(mark_again, (1, 2, 3)))
    rows = [one for one in marking.judgements() if one.round == 2 and one.criterion == "cause"]
    assert sum(counted) == len(rows) == len({one.submission_item_id for one in rows}) == 16
    assert found(marking, 1).waiting == 0
    database.close()


def test_a_second_marking_is_taken_back_for_its_group_and_brought_back(database: Database) -> None:
    marking = set_up(database, markers=3)
    places = marking.hand_in("maybe this", "maybe This", "odd")
    for place in places:
        mark(marking, place, "1/2")
    share(marking, "100")
    with pytest.raises(NotFound):
        undo_second(marking)
    assert decide_second(marking, places[0], SecondDecision({"cause": "0"}, 1, [places[1]])).stored == 2
    assert open_second(marking, places[2]).undoable
    assert found(marking, 1).for_me == 1
    assert undo_second(marking) == places[0]
    assert (found(marking, 1).for_me, twice(marking)) == (3, [])
    assert marking.points(places[0]) == (Fraction(1, 2), Fraction(1, 2))
    assert undo_second(marking) == places[0]
    assert [one.second for one in twice(marking)] == [0, 0]
    undo_second(marking)
    marking.do(lambda tx: claims.let_go(tx, marking.markers[1].person.id))
    # Somebody else was the second one meanwhile: nothing of theirs is overwritten.
    second(marking, places[0], {"cause": "1"}, 2)
    with pytest.raises(Conflict):
        undo_second(marking)
    assert [(one.second, one.second_by) for one in twice(marking)] == [(1, "Marker2")]


def test_what_was_settled_since_is_not_taken_back(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    mark(marking, place, "1")
    share(marking, "100")
    second(marking, place, {"cause": "0"})
    settle(marking, place, take_second=True)
    with pytest.raises(Conflict):
        undo_second(marking)
    assert marking.points(place) == (0, 0)


def test_a_second_marking_that_cannot_be_taken_back_is_said_once_and_then_passed_over(database: Database) -> None:
    marking = set_up(database, markers=3)
    first, newest = marking.hand_in("odd one", "odd two, and more")
    for place in (first, newest):
        mark(marking, place, "1/2")
    share(marking, "100")
    for place in (first, newest):
        second(marking, place, {"cause": "1"})
    settle(marking, newest, take_second=True)
    with pytest.raises(NotUndone, match="has decided about this answer since") as refused:
        undo_second(marking)
    assert undo_second(marking, before=refused.value.before) == first
    assert found(marking, 1).for_me == 1
    # From there on it is as always: the same again brings it back.
    assert undo_second(marking) == first
    assert found(marking, 1).for_me == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_two_who_settle_the_same_difference_at_once_decide_it_once(
    new_database: Callable[[str, bool], str], engine: str
) -> None:
    database = open_database(new_database(engine, True))
    marking = set_up(database, markers=4)
    places = marking.hand_in(*(f"odd answer {number}" for number in range(6)))
    for place in places:
        mark(marking, place, "1")
    share(marking, "100")
    for place in places:
        second(marking, place, {"cause": "0"})

    def settle_all(marker: int) -> int:
        settled = 0
        for place in places:
            try:
                with marking.transactions.writing() as tx:
                    second_marking.settle(tx, marking.pile(marker), place, "cause", True, lambda: None)
                settled += 1
            except (Conflict, NotFound):
                continue
        return settled

    with ThreadPoolExecutor(2) as threads:
        counted = list(threads.map(settle_all, (2, 3)))
    rows = [one.submission_item_id for one in marking.judgements() if one.round == 1]
    assert sum(counted) == 6
    assert len(rows) == 12
    database.close()


def twice(marking: Marking) -> list[Compared]:
    """What was decided twice and differs."""
    return [one for _, one in found(marking).differences]


def test_agreement_of_markers_is_counted_before_a_difference_is_settled(marking: Marking) -> None:
    places = marking.hand_in("odd a", "odd bb", "odd ccc", "odd dddd")
    for place, points in zip(places, ("1", "0", "1", "0"), strict=True):
        mark(marking, place, points)
    share(marking, "100")
    for place, points in zip(places, ("1", "0", "0", "0"), strict=True):
        second(marking, place, {"cause": points})
    (row,) = found(marking).agreed
    assert (row.criterion.id, row.criterion.title, row.criterion.label) == ("cause", "An essay", "a")
    assert (row.people.n, row.people.exact, row.people.kappa) == (4, 0.75, 0.5)
    assert row.machine.n == 0
    ((what, one),) = found(marking).differences
    assert (what.says, one.answer.place, one.first, one.second) == ("The cause", places[2], 1, 0)
    assert (one.first_by, one.second_by) == ("Marker0", "Marker1")
    settle(marking, places[2], take_second=True)
    assert marking.points(places[2]) == (0, 0)
    after = found(marking)
    assert after.differences == ()
    assert after.agreed[0].people.kappa == 0.5
    with pytest.raises(NotFound):
        settle(marking, places[2], take_second=False)


def test_keeping_the_first_decision_settles_a_difference_as_well(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    mark(marking, place, "1")
    share(marking, "100")
    second(marking, place, {"cause": "1/2"})
    settle(marking, place, take_second=False)
    assert found(marking).differing == 0
    assert marking.points(place) == (1, 1)


def test_a_second_marker_may_contradict_the_machine(marking: Marking) -> None:
    (place,) = marking.hand_in("odd effect")
    mark(marking, place, "1")
    share(marking, "100")
    second(marking, place, {"cause": "1", "effect": "1"})
    ((what, one),) = found(marking).differences
    assert (what.id, one.first, one.first_by, one.second) == ("effect", 2, "", 1)
    # What neither of them touched says nothing about them.
    assert {row.criterion.id for row in found(marking).agreed if row.people.n} == {"cause", "effect"}


def test_people_are_compared_with_what_the_machine_suggested_before(marking: Marking) -> None:
    places = marking.hand_in("maybe a", "maybe bb", "maybe ccc", "cause dddd", "odd eeeee")
    for place, points in zip(places, ("1", "1", "0", "0", "1"), strict=True):
        mark(marking, place, points)
    page = found(marking)
    (row,) = page.agreed
    # Of the last one the machine had no idea.
    assert (row.machine.n, row.machine.exact, row.people.n) == (4, 0.5, 0)
    (unsure,) = page.unsure
    assert (unsure.criterion.id, unsure.open, unsure.answers) == ("cause", 4, 5)
    (drift,) = page.drift
    assert (drift.name, drift.decisions, drift.of, drift.credit) == ("Marker0", 5, 1, 0.6)
    assert drift.beside == pytest.approx(0)
    assert drift.machine == row.machine


def test_drift_compares_stretches_of_a_marker_with_what_all_gave(database: Database) -> None:
    marking = set_up(database, students=30)
    places = marking.hand_in(*(f"odd {number}" for number in range(30)))
    for number, place in enumerate(places):
        mark(marking, place, "1" if number < 10 else "0", 0 if number < 20 else 1)
    page = found(marking)
    told = [(one.name, one.number, one.of, one.decisions, one.credit) for one in page.drift]
    assert told == [("Marker0", 1, 2, 10, 1), ("Marker0", 2, 2, 10, 0), ("Marker1", 1, 1, 10, 0)]
    assert [round(one.beside or 0, 3) for one in page.drift] == [0.667, -0.333, -0.333]
    times = [time for one in page.drift for time in (one.begun, one.ended)]
    assert times == sorted(times)


@pytest.mark.parametrize("typed", ["101", "-1", "many", "", "1.5"])
def test_a_share_is_a_whole_percentage(marking: Marking, typed: str) -> None:
    with pytest.raises(InvalidInput):
        share(marking, typed)


def test_a_share_of_nothing_offers_nothing_and_goes_with_its_quiz(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    mark(marking, place, "1")
    share(marking, "100")
    assert found(marking, 1).for_me == 1
    share(marking, "0")
    assert found(marking, 1).for_me == 0
    share(marking, "100")
    with marking.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == marking.quiz)).one()
        quizzes.remove(tx, quiz.id)
        assert not tx.session.scalars(select(SecondMarking)).all()


def test_nothing_is_marked_twice_in_an_archived_course(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    mark(marking, place, "1")
    share(marking, "100")
    with marking.transactions.writing() as tx:
        tx.session.get_one(Course, marking.course).archived_at = tx.now()
    with pytest.raises(NotAllowed):
        second(marking, place, {"cause": "1"})
    with pytest.raises(NotAllowed):
        share(marking, "5")
    assert found(marking).in_sample == 1
