"""Whoever has left a course keeps what they handed in, but nobody is asked to mark, answer or count it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.services.marking import desk_queue, marking_quality, regrade_starts, regrades, request_answers, requests
from app.storage import courses, people
from app.storage.engine import Database
from app.storage.tables import Attempt, Mail, PersonRow
from tests.marked import Marking, set_up
from tests.regraded import Term, set_the_term
from tests.small_bank import Stage


def leave(marking: Marking | Term | Stage, attempt: str) -> int:
    """The student of an attempt leaves the course."""
    with marking.transactions.writing() as tx:
        person = tx.session.scalars(select(Attempt.person_id).where(Attempt.public_id == attempt)).one()
        courses.remove(tx, marking.course, person)
    return person


def test_answers_of_who_has_left_do_not_wait_on_the_desk_until_they_are_back(database: Database) -> None:
    marking = set_up(database)
    stays, gone, decided = marking.hand_in("odd one", "odd other", "odd third")
    marking.decide(marking.open(decided), {"cause": "1"})
    marking.grade()

    def waiting() -> int:
        with marking.transactions.reading() as tx:
            return desk_queue.queue(tx, marking.markers[0], marking.quiz).answers

    assert waiting() == 2
    person = leave(marking, gone.attempt)
    leave(marking, decided.attempt)
    assert waiting() == 1
    assert marking.next() == stays
    with marking.transactions.reading() as tx:
        assert [one.place for one in desk_queue.answers_of(tx, marking.pile(), "all")] == [stays]
        part = desk_queue.queue(tx, marking.markers[0], marking.quiz).waiting[0]
        assert (part.waiting, part.total, part.marked) == (1, 1, 0)
        (unsure,) = marking_quality.quality(tx, marking.markers[0], marking.quiz).unsure
        assert unsure.answers == 1
    with marking.transactions.writing() as tx:
        people.enrol(tx, marking.course, person, "student")
    assert waiting() == 2


@pytest.mark.parametrize("order", [0, 1])
def test_an_open_request_of_who_has_left_is_told_so_comes_last_and_is_not_counted(
    database: Database, order: int
) -> None:
    marking = set_up(database)
    persons = marking.students[:2]
    places = marking.hand_in("cause, some effect", "cause, other effect")
    for person, place in zip(persons, places, strict=True):
        marking.clock.pass_time(minutes=1)
        with marking.transactions.writing() as tx:
            requests.ask(tx, person, place.attempt, 1, "why", "effect", "Please look.")
    leave(marking, places[order].attempt)
    with marking.transactions.reading() as tx:
        page = request_answers.requests_of_quiz(tx, marking.markers[0], marking.quiz)
        detail = request_answers.request_detail(tx, marking.markers[0], marking.quiz, page.lines[1].id)
    assert (page.open, page.total) == (1, 2)
    assert [(one.attempt, one.gone) for one in page.lines] == [
        (places[1 - order].attempt, False),
        (places[order].attempt, True),
    ]
    assert detail.line.gone


def test_a_regrade_grades_them_anew_for_the_record_and_counts_and_writes_to_nobody(
    database: Database, tmp_path: Path
) -> None:
    term = set_the_term(database, tmp_path / "bank")
    blank, gone, full = term.answer(0, ""), term.answer(1, ""), term.answer(2, "5")
    with term.transactions.writing() as tx:
        for row in tx.session.scalars(select(PersonRow).where(PersonRow.id.in_(term.students))):
            row.email = f"{row.login}@example.org"
    leave(term, gone)
    regrade = term.begin(regrade_starts.void, blank, 1, "total")
    seen = term.preview(regrade)
    assert seen.card.sums is not None
    assert (seen.card.sums.answers, seen.card.sums.changed, seen.card.sums.after, seen.gone) == (2, 1, 4, 1)
    assert [(row.attempt, row.gone) for row in seen.rows] == [(blank, False), (full, False), (gone, True)]
    term.do(regrades.apply, regrade, lambda: None, "https://gradus.example")
    term.work()
    assert term.points(gone) == term.points(blank)
    with term.transactions.reading() as tx:
        assert {one.address for one in tx.session.scalars(select(Mail))} == {"student0@example.org"}
