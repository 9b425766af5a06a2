"""The marking desk: what waits, in whose order, who is at it, what is the same, and what is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.sandbox import SandboxFailure
from app.services.marking import claims, desk, snippets
from app.services.marking.desk import Place
from app.services.marking.desk_queue import queue
from app.services.operating.transactions import Transaction
from app.storage.engine import Database, open_database
from app.storage.tables import AuditEntry, Claim, Course
from tests.databases import ENGINES
from tests.marked import Marking, set_up

SURE = "cause and effect"


@pytest.fixture
def marking(database: Database) -> Marking:
    return set_up(database)


def test_what_waits_for_a_person_is_opened_decided_and_graded(marking: Marking) -> None:
    sure, odd = marking.hand_in(SURE, "odd effect")
    place = marking.next()
    assert place == odd
    page = marking.open(odd)
    assert page.mine
    assert (page.waiting, page.total, page.answer.name) == (1, 1, "")
    cause, effect, style = page.answer.criteria
    assert (cause.open, cause.machine, cause.now, cause.most) == (True, None, None, Fraction(1))
    assert (effect.open, effect.machine, effect.now) == (False, 2, 2)
    assert (style.least, style.most) == (Fraction(-1, 2), 0)
    done = marking.decide(page, {"cause": "1/2", "effect": "", "style": ""}, comment="Nearly.")
    assert (len(done.items), marking.waits(done)) == (1, False)
    marking.grade()
    assert marking.points(odd) == (Fraction(5, 2), Fraction(5, 2))
    assert marking.points(sure) == (3, 3)
    assert marking.next() is None
    again = marking.open(odd, show="all")
    first = again.answer.criteria[0]
    assert (first.decided, first.open, first.by, again.answer.comment) == (Fraction(1, 2), False, "Marker0", "Nearly.")
    assert (again.by_me, again.marked, again.waiting) == (1, 1, 0)
    assert [(one.criterion, one.verdict) for one in marking.judgements()] == [("cause", Fraction(1, 2)), ("", 0)]


def test_every_marker_has_an_order_of_their_own_that_stays(marking: Marking) -> None:
    marking.hand_in(*(f"odd {number}" for number in range(8)))

    def order(marker: int) -> list[str]:
        with marking.transactions.reading() as tx:
            found = desk.table(tx, marking.pile(marker))
        return [line.attempt for line in found.lines]

    assert order(0) == order(0)
    assert order(0) != order(1)
    assert sorted(order(0)) == sorted(order(1))
    with marking.transactions.reading() as tx:
        found = desk.table(tx, marking.pile())
    places = [Place(line.attempt, line.position) for line in found.lines]
    pages = [marking.open(place) for place in places]
    assert [page.following for page in pages] == [*places[1:], None]
    assert [page.previous for page in pages] == [None, *places[:-1]]
    assert [page.number for page in pages] == list(range(1, 9))


def test_identical_and_nearly_identical_answers_are_marked_at_once(marking: Marking) -> None:
    texts = ("odd  Gradients vanish.", "odd gradients vanish", "odd gradiants vanish", "odd gradients do not vanish")
    places = marking.hand_in(*texts)
    page = marking.open(places[0])
    assert {one.place: bool(one.text) for one in page.alike} == {places[1]: False, places[2]: True}
    done = marking.decide(page, {"cause": "1"}, alike=[one.place for one in page.alike], comment="Good.")
    assert (len(done.items), done.left) == (3, 0)
    marking.grade()
    assert [marking.points(place)[1] for place in places] == [1, 1, 1, 1]
    assert [marking.points(place)[0] for place in places] == [1, 1, 1, 0]
    assert marking.next() == places[3]
    with marking.transactions.reading() as tx:
        found = queue(tx, marking.markers[0], marking.quiz)
    (part,) = found.waiting
    assert (part.part, part.waiting, part.different, part.marked, part.by_me, part.total) == ("why", 1, 1, 3, 3, 4)
    assert [(one.name, one.marked, one.now) for one in part.markers] == [("Marker0", 3, True)]
    assert [one.part for one in found.others] == ["how"]


def test_what_is_left_out_of_a_group_still_waits(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd", "odd")
    page = marking.open(places[0])
    assert len(page.alike) == 2
    marking.decide(page, {"cause": "1"}, alike=[places[1]])
    marking.grade()
    assert [marking.points(place)[0] for place in places] == [1, 1, 0]
    # Only what is the same can be named.
    (other,) = marking.hand_in("odd effect")
    page = marking.open(places[2])
    done = marking.decide(page, {"cause": "1"}, alike=[other, places[0]])
    assert (len(done.items), done.left) == (1, 2)


def test_two_markers_never_meet(marking: Marking) -> None:
    first, second = marking.hand_in("odd one", "odd two, another one")
    mine = marking.next(0)
    theirs = marking.next(1)
    assert {mine, theirs} == {first, second}
    assert mine is not None
    page = marking.open(mine, 1)
    assert (page.mine, page.holder) == (False, "Marker0")
    with pytest.raises(Conflict, match="Somebody else is marking"):
        marking.decide(page, {"cause": "1"}, 1)
    assert marking.judgements() == []
    # Who does nothing for a while loses it; who is at work keeps it.
    marking.clock.pass_time(minutes=9)
    kept = marking.do(lambda tx: desk.keep_claim(tx, marking.pile(), mine or Place("", 1)))
    assert kept
    marking.clock.pass_time(minutes=9)
    assert not marking.open(mine, 1).mine
    marking.clock.pass_time(minutes=2)
    old = marking.open(mine, 1)
    assert old.mine
    marking.decide(old, {"cause": "1"}, 1)
    marking.do(lambda tx: claims.let_go(tx, marking.markers[1].person.id))
    with pytest.raises(Conflict, match="in the meantime"):
        marking.decide(page, {"cause": "0"}, 0)


def test_a_group_is_claimed_as_a_whole(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd", "odd", "odd, another")
    assert len(marking.open(places[0]).alike) == 2
    assert marking.next(1) == places[3]
    page = marking.open(places[1], 1)
    assert not page.mine
    # Going on gives back what was claimed.
    marking.open(places[3], 0)
    assert marking.open(places[1], 1).mine


def test_an_answer_like_one_that_somebody_is_at_comes_last(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd", "odd, another", "odd, a third one")
    with marking.transactions.writing() as tx:
        found = desk.table(tx, marking.pile())
        first = found.at(places[0])
        assert first is not None
        claims.take(tx, marking.markers[0].person.id, "why", [first.item_id])
    assert marking.next(1) in places[2:]


def test_undo_decides_the_earlier_state_again_for_a_whole_group(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd")
    page = marking.open(places[0])
    marking.decide(page, {"cause": "1/2"}, alike=[places[1]])
    marking.grade()
    page = marking.open(places[0], show="all")
    marking.decide(page, {"cause": "1"}, comment="Right.")
    marking.grade()
    assert marking.points(places[0])[0] == 1
    assert marking.undo() == places[0]
    marking.grade()
    assert [marking.points(place)[0] for place in places] == [Fraction(1, 2)] * 2
    assert marking.open(places[0], show="all").answer.comment == ""
    marking.undo()  # and brings it back
    marking.grade()
    assert marking.points(places[0])[0] == 1
    assert len(marking.judgements()) == 8
    with pytest.raises(NotFound, match="decided nothing"):
        marking.undo(1)


def test_undo_leads_back_to_the_answer_of_a_group_that_was_open(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd")
    marking.decide(marking.open(places[1]), {"cause": "1/2"}, alike=[places[0]])
    marking.grade()
    assert marking.undo() == places[1]
    marking.grade()
    assert marking.undo() == places[1]


def test_undoing_a_first_decision_leaves_it_to_the_machine_again(marking: Marking) -> None:
    places = marking.hand_in("odd", "odd")
    marking.decide(marking.open(places[0]), {"cause": "1"}, alike=[places[1]])
    marking.grade()
    marking.undo()
    marking.grade()
    assert [marking.points(place) for place in places] == [(0, 1), (0, 1)]
    page = marking.open(places[0])
    assert (page.waiting, page.marked, page.answer.criteria[0].open) == (2, 0, True)
    # What somebody else has decided since is not undone.
    marking.decide(page, {"cause": "1"})
    marking.grade()
    marking.do(lambda tx: claims.let_go(tx, marking.markers[0].person.id))
    marking.decide(marking.open(places[0], 1, show="all"), {"cause": "0"}, 1)
    marking.do(lambda tx: claims.let_go(tx, marking.markers[1].person.id))
    with pytest.raises(Conflict, match="since"):
        marking.undo(0)


def test_a_suggestion_is_accepted_with_one_word(marking: Marking) -> None:
    likely, odd = marking.hand_in("maybe effect", "odd")
    page = marking.open(likely)
    assert page.answer.suggests
    assert (page.answer.criteria[0].machine, page.answer.criteria[0].open) == (1, True)
    assert not marking.waits(marking.decide(page, {}, accept=True))
    marking.grade()
    assert marking.points(likely) == (3, 3)
    # What the machine had said stays in sight beside the decision.
    assert marking.open(likely, show="all").answer.criteria[0].machine == 1
    page = marking.open(odd)
    assert not page.answer.suggests
    with pytest.raises(InvalidInput, match="suggests nothing for “The cause”") as wrong:
        marking.decide(page, {}, accept=True)
    assert wrong.value.place == "points.cause"


def test_points_come_back_to_the_machine_and_a_part_is_adjusted(marking: Marking) -> None:
    (place,) = marking.hand_in(SURE)
    page = marking.open(place, show="all")
    marking.decide(page, {"effect": "1", "style": "-1/4"}, adjustment="-0,5", comments={"effect": "Half of it."})
    marking.grade()
    assert marking.points(place)[0] == Fraction(5, 4)
    page = marking.open(place, show="all")
    assert [(line.decided, line.comment) for line in page.answer.criteria] == [
        (None, ""),
        (1, "Half of it."),
        (Fraction(-1, 4), ""),
    ]
    assert (page.answer.adjustment, page.answer.criteria[1].machine) == (Fraction(-1, 2), 2)
    before = len(marking.judgements())
    same = marking.decide(
        page, {"effect": "1", "style": "-0.25"}, adjustment="-1/2", comments={"effect": "Half of it."}
    )
    assert (same.items, len(marking.judgements())) == ((), before)  # nothing new is nothing stored
    marking.decide(page, {"effect": "", "style": ""})
    marking.grade()
    assert marking.points(place)[0] == 3


@pytest.mark.parametrize(
    ("points", "more", "place"),
    [
        ({"cause": "2"}, {}, "points.cause"),
        ({"cause": "-1"}, {}, "points.cause"),
        ({"style": "1/2"}, {}, "points.style"),
        ({"cause": "much"}, {}, "points.cause"),
        ({"cause": "1/0"}, {}, "points.cause"),
        ({"cause": "9" * 30}, {}, "points.cause"),
        ({}, {"adjustment": "4"}, "adjustment"),
        ({}, {"adjustment": "--1"}, "adjustment"),
        ({}, {"comment": "x" * 2001}, "comment"),
        ({}, {"comments": {"cause": "Why?"}}, "points.cause"),
    ],
)
def test_what_are_no_points_is_said_at_its_place(
    new_database: Callable[[str, bool], str], points: dict[str, str], more: dict[str, Any], place: str
) -> None:
    database = open_database(new_database("sqlite", True))
    marking = set_up(database)
    (odd,) = marking.hand_in("odd")
    page = marking.open(odd)
    with pytest.raises(InvalidInput) as wrong:
        marking.decide(page, points, **more)
    assert wrong.value.place == place
    assert marking.judgements() == []
    database.close()


def test_what_no_grader_could_look_at_is_worth_what_a_person_says(marking: Marking) -> None:
    marking.sandbox.failing = lambda name, _: SandboxFailure("killed", "It took too long.") if name == "grade" else None
    (place,) = marking.hand_in("odd")
    page = marking.open(place)
    assert (page.answer.criteria, page.answer.state) == ((), "needs-person")
    assert "took too long" in page.answer.cause
    marking.decide(page, {}, adjustment="2", comment="Read by hand.")
    marking.grade()
    assert marking.points(place) == (2, 3)  # the other part still waits
    marking.decide(marking.open(place, part="how"), {}, adjustment="1/2")
    marking.grade()
    assert marking.points(place) == (Fraction(5, 2), Fraction(5, 2))
    assert marking.open(place, show="all").answer.points == 2


def test_parts_wait_by_themselves(marking: Marking) -> None:
    (place,) = marking.hand_in("odd", count="?")
    assert (marking.next(part="why"), marking.next(part="how")) == (place, place)
    marking.decide(marking.open(place), {"cause": "1"})
    marking.grade()
    assert marking.next(part="why") is None
    assert marking.next(part="how") == place
    with pytest.raises(NotFound):
        marking.decide(marking.open(place, part="how"), {"cause": "1"})
    with pytest.raises(NotFound):
        marking.open(place, part="nowhere")
    with pytest.raises(NotFound):
        marking.open(Place(place.attempt, 2))


def test_who_looks_at_a_name_is_written_down(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    assert marking.open(place).answer.login == ""
    assert marking.open(place, names=True).answer.name == "Writer 0"
    with marking.transactions.reading() as tx:
        entries = list(tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "saw a name while marking")))
    assert [entry.subject for entry in entries] == [f"attempt {place.attempt}"]


def test_an_archived_course_is_only_looked_at(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    page = marking.open(place)
    marking.do(lambda tx: setattr(tx.session.get(Course, marking.course), "archived_at", tx.now()))
    assert not marking.open(place).mine
    with pytest.raises(NotAllowed, match="archived"):
        marking.decide(page, {"cause": "1"})


def test_comments_are_kept_for_a_question_and_used_again(marking: Marking) -> None:
    ada, ben = marking.markers
    first = marking.do(lambda tx: snippets.keep_snippet(tx, ada, "essay", " Say why. "))
    assert marking.do(lambda tx: snippets.keep_snippet(tx, ben, "essay", "Say why.")) == first
    with marking.transactions.reading() as tx:
        assert [one.text for one in snippets.snippets(tx, marking.course, "essay")] == ["Say why."]
        assert snippets.snippets(tx, marking.course, "another") == ()
    for text in ("  ", "x" * 2001):
        with pytest.raises(InvalidInput):
            marking.do(partial(_keep, marking, text))
    marking.do(lambda tx: snippets.drop_snippet(tx, ben, "essay", first))
    with pytest.raises(NotFound):
        marking.do(lambda tx: snippets.drop_snippet(tx, ben, "essay", first))


def _keep(marking: Marking, text: str, tx: Transaction) -> int:
    return snippets.keep_snippet(tx, marking.markers[0], "essay", text)


@pytest.mark.parametrize("engine", ENGINES)
def test_many_markers_at_once_decide_every_answer_exactly_once(
    new_database: Callable[[str, bool], str], engine: str
) -> None:
    database = open_database(new_database(engine, True))
    marking = set_up(database, students=40, markers=4)
    # Some are the same, so that groups meet as well.
    marking.hand_in(*(f"odd answer {number % 30}" for number in range(40)))

    def mark(marker: int) -> int:
        decided = refused = 0
        while refused < 50:
            place = marking.next(marker)
            if place is None:
                return decided
            page = marking.open(place, marker)
            try:
                points = {"cause": "1"}
                decided += len(marking.decide(page, points, marker, alike=[one.place for one in page.alike]).items)
            except Conflict:
                refused += 1
        raise AssertionError("refused again and again")

    with ThreadPoolExecutor(4) as threads:
        counted = list(threads.map(mark, range(4)))
    by_item = Counter(one.submission_item_id for one in marking.judgements())
    assert sum(counted) == 40
    assert by_item == dict.fromkeys(by_item, 1)
    assert len(by_item) == 40
    marking.grade()
    with marking.transactions.reading() as tx:
        assert queue(tx, marking.markers[0], marking.quiz).waiting == ()
    database.close()


def test_a_quiz_that_is_being_marked_can_be_removed_with_its_claims(marking: Marking) -> None:
    (place,) = marking.hand_in("odd")
    marking.open(place)

    def remove(tx: Transaction) -> None:
        from app.storage import quizzes

        row = quizzes.in_course(tx, marking.course, marking.quiz)
        assert row is not None
        quizzes.remove(tx, row.id)

    marking.do(remove)
    with marking.transactions.reading() as tx:
        assert list(tx.session.scalars(select(Claim))) == []
