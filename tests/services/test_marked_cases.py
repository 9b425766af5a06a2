"""What people decided about short texts, offered as recorded cases: all of it, nothing twice, by criterion."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.domain.decisions import Verdict
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.interchange.folder import to_json
from app.interchange.yaml import read_yaml
from app.services.drafts.drafts import files_of
from app.services.marking import claims, marked_cases, marking_quality
from app.services.marking.desk import Place
from app.services.marking.marked_cases import MarkedCases
from app.storage import drafts, questions
from app.storage.engine import Database
from tests.marked import PACKAGE, EssaySandbox, Marking, set_up


@pytest.fixture
def marking(database: Database) -> Marking:
    return set_up(database)


def mark(marking: Marking, place: Place, points: str) -> None:
    marking.decide(marking.open(place, show="all"), {"cause": points})
    marking.do(lambda tx: claims.let_go(tx, marking.markers[0].person.id))
    marking.grade()


def offered(marking: Marking, page: int = 1) -> MarkedCases:
    with marking.transactions.reading() as tx:
        return marking_quality.quality(tx, marking.markers[0], marking.quiz, page).cases


def test_what_was_decided_otherwise_is_offered_as_a_case_without_a_name(marking: Marking) -> None:
    odd, agreed, named = marking.hand_in("odd words", "maybe so", "odd, says Writer")
    for place, points in ((odd, "1"), (agreed, "1"), (named, "0")):
        mark(marking, place, points)
    those = offered(marking)
    assert {(one.place, one.text, one.points, one.max) for one in those.found if one.differs} == {
        (odd, "odd words", 1, 3),
        (named, "odd, says Writer", 0, 3),
    }
    # What the machine was right about is offered as well, after all others.
    assert (those.found[-1].place, those.found[-1].differs, those.all) == (agreed, False, 3)
    with pytest.raises(InvalidInput, match="name"):
        keep(marking, named)
    with pytest.raises(NotFound):
        keep(marking, Place("nothing", 1))


def begin_draft(marking: Marking, cases: bytes) -> None:
    with marking.transactions.writing() as tx:
        files = to_json({"question.yaml": b"id: essay\n", "cases.yaml": cases})
        assert drafts.add(tx, "essay", files, "An essay", 1, marking.markers[0].person.id)


def test_a_kept_answer_is_a_case_of_the_draft_with_what_each_criterion_was_given(marking: Marking) -> None:
    (place,) = marking.hand_in("odd words")
    begin_draft(marking, b"- {case: none, answers: {}, expect: {why: 0}}\n")
    with pytest.raises(Conflict):
        keep(marking, place)
    mark(marking, place, "1/2")
    keep(marking, place)
    with marking.transactions.reading() as tx:
        kept = files_of(tx, "essay")["cases.yaml"].decode()
    assert "answers: {essay: odd words}" in kept
    assert "why.cause: 1/2 of 1" in kept
    assert "why.effect: 0 of 2" in kept
    assert "why: " not in kept.partition("marked answer")[2]
    assert place.attempt not in kept
    assert "riter" not in kept


def test_a_part_of_which_some_criteria_wait_is_offered_and_kept_with_the_others(marking: Marking) -> None:
    (place,) = marking.hand_in("odd words")
    begin_draft(marking, b"[]\n")
    marking.decide(marking.open(place), {"effect": "1"}, adjustment="1/2")
    marking.grade()
    (one,) = offered(marking).found
    assert (one.place, one.points, one.upto, one.max) == (place, Fraction(3, 2), Fraction(5, 2), 3)
    keep(marking, place)
    with marking.transactions.reading() as tx:
        kept = files_of(tx, "essay")["cases.yaml"].decode()
    assert "why.effect: 1 of 2" in kept
    # Neither what is open nor what the machine said, as long as nobody has looked at all of it.
    assert "why.cause" not in kept
    assert "why.style" not in kept
    assert offered(marking).found == ()


def test_what_was_left_to_the_machine_again_is_no_decision_of_a_person(marking: Marking) -> None:
    (place,) = marking.hand_in("odd words")
    begin_draft(marking, b"[]\n")
    mark(marking, place, "1")
    mark(marking, place, "")
    with pytest.raises(Conflict):
        keep(marking, place)
    marking.decide(marking.open(place), {"effect": "2"})
    marking.grade()
    keep(marking, place)
    with marking.transactions.reading() as tx:
        kept = files_of(tx, "essay")["cases.yaml"].decode()
    assert ("why.effect: 2 of 2" in kept, "why.cause" in kept) == (True, False)


def test_what_is_a_case_already_is_not_offered_again_and_what_is_like_one_says_so(marking: Marking) -> None:
    first, like, other = marking.hand_in("odd gradients vanish", "odd gradiants vanish", "odd words")
    for place in (first, like, other):
        mark(marking, place, "1")
    begin_draft(marking, b"[]\n")
    assert [one.like for one in offered(marking).found] == ["", "", ""]
    keep(marking, first)
    those = offered(marking)
    assert [(one.place, bool(one.like)) for one in those.found] == [(other, False), (like, True)]
    with pytest.raises(InvalidInput, match="already"):
        keep(marking, first)
    # Published, the draft is gone: the case is one of the newest version.
    with marking.transactions.reading() as tx:
        package = PACKAGE | {"cases": read_yaml(files_of(tx, "essay")["cases.yaml"].decode(), "cases.yaml")[0]}
    with marking.transactions.writing() as tx:
        drafts.remove(tx, "essay")
        questions.add_version(
            tx,
            question="essay",
            number=2,
            title="An essay",
            points=Fraction(4),
            package=package,
            package_hash="2" * 64,
            hashes=EssaySandbox()._hashes({"package": package}),
        )
    assert [(one.place, bool(one.like)) for one in offered(marking).found] == [(other, False), (like, True)]


def test_all_decisions_are_offered_page_by_page(database: Database) -> None:
    marking = set_up(database, students=22)
    places = marking.hand_in(*(f"maybe answer {number}" for number in range(22)))
    for number, place in enumerate(places):
        mark(marking, place, "0" if number == 0 else "1")
    first, second = (offered(marking, page) for page in (1, 2))
    assert (first.all, first.page, first.pages, second.page) == (22, 1, 2, 2)
    assert [one.place for one in first.found if one.differs] == [places[0]] == [first.found[0].place]
    assert {one.place for one in first.found + second.found} == set(places)
    assert offered(marking, 99).page == 2


def test_marks_of_criteria_leave_out_what_another_way_of_earning_points_hid() -> None:
    def line(name: str, points: str, most: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "points": points, "upto": points, "max": most, **more}

    part = {"id": "f", "criteria": [{"best_of": []}, {"id": "c", "when": "x"}]}
    lines = [line("a", "0", "1"), line("b", "1", "2"), line("c", "0", "1"), line("d", "1", "1", own=True)]
    credit = {"points": "2", "max": "4", "criteria": lines}
    assert marked_cases.marks_of(part, credit, {"c": Verdict(Fraction(0))}) == {"f.b": "1 of 2", "f.c": "0 of 1"}
    assert marked_cases.marks_of(part, credit | {"criteria": []}, {}) == {"f": "2 of 4"}


def test_names_are_found_as_words_only() -> None:
    assert marked_cases.names_its_writer("I, ada, think so", "Ada Byron", "x1")
    assert marked_cases.names_its_writer("signed ab123", "Ada Byron", "ab123")
    assert not marked_cases.names_its_writer("adaptive rates, bo", "Ada Bo", "bo")


def keep(marking: Marking, place: Place) -> None:
    marking.do(lambda tx: marked_cases.keep_as_case(tx, marking.pile(), place))
