"""Courses: whose they are, making them, and putting them away."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInput, NotAllowed
from app.services.accounts.people import Person, person_from
from app.services.courses import courses
from app.services.courses.membership import Membership, membership
from app.services.operating.transactions import Transaction, Transactions
from app.services.quizzes import quizzes
from app.storage import people
from tests.small_bank import Stage


def somebody(tx: Transaction, login: str, *, administrator: bool = False) -> Person:
    return person_from(people.add_person(tx, login, login.title(), None, administrator))


@pytest.fixture
def admin(transactions: Transactions) -> Person:
    with transactions.writing() as tx:
        return somebody(tx, "admin", administrator=True)


def as_instructor(transactions: Transactions, person: Person, course: str) -> Membership:
    with transactions.reading() as tx:
        return membership(tx, person, course, "instructor")


def test_whoever_makes_a_course_instructs_it_and_finds_it_in_their_list(
    transactions: Transactions, admin: Person
) -> None:
    with transactions.writing() as tx:
        course = courses.create_course(tx, admin, "  Deep   Learning ", "Winter", "Europe/Berlin")
        ines = somebody(tx, "ines")
        row = people.course_by_title(tx, "Deep Learning")
        assert row is not None
        people.enrol(tx, row.id, ines.id, "instructor")
        second = courses.create_course(tx, ines, "Second")
    with transactions.reading() as tx:
        newest, oldest = courses.courses_of(tx, ines)
    assert (newest.id, newest.time_zone, newest.people, newest.standing) == (second, "UTC", 1, "instructor")
    assert (oldest.id, oldest.title, oldest.term, oldest.people) == (course, "Deep Learning", "Winter", 2)


def test_who_teaches_nothing_makes_no_course(transactions: Transactions) -> None:
    with transactions.writing() as tx, pytest.raises(NotAllowed):
        courses.create_course(tx, somebody(tx, "ada"), "Mine")


@pytest.mark.parametrize(
    ("title", "term", "zone", "place"),
    [
        ("", "", "UTC", "title"),
        ("x" * 301, "", "UTC", "title"),
        ("x", "y" * 101, "UTC", "term"),
        ("x", "", "Mars/Base", "time_zone"),
        ("x", "", "", "time_zone"),
        ("x", "", "../../etc/passwd", "time_zone"),
    ],
)
def test_what_a_course_cannot_be_is_told_with_its_place(
    transactions: Transactions, admin: Person, title: str, term: str, zone: str, place: str
) -> None:
    with transactions.writing() as tx, pytest.raises(InvalidInput) as refused:
        courses.create_course(tx, admin, title, term, zone)
    assert refused.value.place == place


def test_settings_change_and_an_archived_course_comes_back(transactions: Transactions, admin: Person) -> None:
    with transactions.writing() as tx:
        course = courses.create_course(tx, admin, "Old")
    mine = as_instructor(transactions, admin, course)
    with transactions.writing() as tx:
        courses.change_course(tx, mine, "New", "Summer", "Asia/Tokyo")
        courses.archive(tx, mine, True)
        courses.archive(tx, mine, True)
    with transactions.reading() as tx:
        (card,) = courses.courses_of(tx, admin)
    assert (card.title, card.term, card.time_zone, card.archived) == ("New", "Summer", "Asia/Tokyo", True)
    with transactions.writing() as tx:
        courses.archive(tx, mine, False)
    with transactions.reading() as tx:
        assert not courses.courses_of(tx, admin)[0].archived


def test_an_administrator_sees_every_course_and_a_student_no_drafts(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        admin = somebody(tx, "admin", administrator=True)
        stranger = somebody(tx, "stranger")
        student = people.person(tx, stage.students[0])
        assert student is not None
        quizzes.create_course(tx, "Another")
    with stage.transactions.reading() as tx:
        assert [card.standing for card in courses.courses_of(tx, admin)] == ["administrator", "administrator"]
        assert courses.courses_of(tx, stranger) == ()
        (card,) = courses.courses_of(tx, person_from(student))
    assert (card.standing, card.people, card.quizzes) == ("student", 2, 1)


def test_the_zones_to_choose_from_can_all_be_chosen(transactions: Transactions, admin: Person) -> None:
    offered = courses.time_zones()
    assert {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"} <= set(offered)
    with transactions.writing() as tx:
        for zone in offered[:: len(offered) // 20]:
            courses.create_course(tx, admin, zone, "", zone)
