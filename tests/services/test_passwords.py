"""Forgotten passwords: links by mail and by hand, and what nobody can learn or take by them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput, NotAllowed, NotFound
from app.services.accounts import passwords, sessions
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.links import LinkIsOver
from app.services.accounts.people import Person, person_from
from app.services.accounts.signing_in import TooSoon
from app.services.courses.membership import Membership, membership
from app.services.operating import mails
from app.services.quizzes.quizzes import create_course
from app.storage import people
from app.storage.tables import Mail, OneTimeLink
from tests.small_bank import Stage

SITE = "https://gradus.test"


@pytest.fixture
def doorkeeper(stage: Stage) -> Doorkeeper:
    return Doorkeeper(stage.clock)


@pytest.fixture
def instructor(stage: Stage) -> Membership:
    with stage.transactions.writing() as tx:
        ines = person_from(people.add_person(tx, "ines", "Ines", None, False))
        people.enrol(tx, stage.course, ines.id, "instructor")
        row = people.person(tx, stage.students[0])
        assert row is not None
        row.email = "zero@uni.example"
        course = people.course_by_title(tx, "Course")
        assert course is not None
        return membership(tx, ines, course.public_id, "instructor")


def forgot(stage: Stage, doorkeeper: Doorkeeper, who: str, address: str = "here") -> None:
    with stage.transactions.writing() as tx:
        passwords.forgot(tx, doorkeeper, who=who, address=address, site=SITE)


def letters(stage: Stage) -> list[Mail]:
    with stage.transactions.reading() as tx:
        return list(tx.session.scalars(select(Mail).order_by(Mail.id)))


def reset(stage: Stage, doorkeeper: Doorkeeper, token: str, password: str = "a new password") -> str:
    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        return passwords.reset(reading, writing, doorkeeper, token, password, 1).token


@pytest.mark.parametrize("who", ["student0", " STUDENT0 ", "Zero@Uni.Example"])
def test_the_account_gets_a_letter_with_a_link_that_works_once(
    stage: Stage, doorkeeper: Doorkeeper, instructor: Membership, who: str
) -> None:
    forgot(stage, doorkeeper, who)
    (letter,) = letters(stage)
    assert letter.address == "zero@uni.example"
    token = letter.body.partition(f"{SITE}/password/")[2].split()[0]
    with stage.transactions.writing() as tx:
        old = sessions.open_session(tx, stage.students[0], 1).token
    with pytest.raises(InvalidInput):
        reset(stage, doorkeeper, token, "short")
    fresh = reset(stage, doorkeeper, token)
    with stage.transactions.reading() as tx:
        assert sessions.visitor(tx, old) is None
        visitor = sessions.visitor(tx, fresh)
        row = people.person(tx, stage.students[0])
    assert visitor is not None
    assert row is not None
    assert doorkeeper.matches("a new password", row.password_hash)
    with pytest.raises(LinkIsOver):
        reset(stage, doorkeeper, token)


def test_nobody_and_somebody_without_an_address_get_no_letter_and_no_different_answer(
    stage: Stage, doorkeeper: Doorkeeper, instructor: Membership
) -> None:
    for who in ("nobody", "student1", "x" * 5000, "%"):
        forgot(stage, doorkeeper, who, address=who[:5])
    assert letters(stage) == []


def test_nobody_is_flooded_with_letters(stage: Stage, doorkeeper: Doorkeeper, instructor: Membership) -> None:
    for n in range(10):
        forgot(stage, doorkeeper, "student0", address=f"10.0.0.{n}")
    assert len(letters(stage)) == 3
    stage.clock.pass_time(hours=1, seconds=1)
    forgot(stage, doorkeeper, "student0")
    assert len(letters(stage)) == 4


def test_asking_often_from_one_address_becomes_slow(
    stage: Stage, doorkeeper: Doorkeeper, instructor: Membership
) -> None:
    for who in ("a", "b", "c"):
        forgot(stage, doorkeeper, who)
    with pytest.raises(TooSoon, match=r"Please try again in \d+ second"):
        forgot(stage, doorkeeper, "d")


def test_a_letter_is_tried_again_for_hours_then_given_up_with_its_reason(
    stage: Stage, doorkeeper: Doorkeeper, instructor: Membership
) -> None:
    forgot(stage, doorkeeper, "student0")
    tries = 0
    for _ in range(400):
        with stage.transactions.writing() as tx:
            for number in mails.due(tx, 10):
                mails.failed(tx, number, "The mail server said: 451 later", for_good=False)
                tries += 1
        stage.clock.pass_time(seconds=30)
    assert tries == len(mails.PAUSES)
    (letter,) = letters(stage)
    assert (letter.state, letter.body) == ("given up", "")
    with stage.transactions.reading() as tx:
        (undelivered,) = mails.undelivered(tx)
        assert mails.due(tx, 10) == []
    assert undelivered.why == "The mail server said: 451 later"


def test_an_instructor_lets_a_student_in_again_and_earlier_links_stop_working(
    stage: Stage, doorkeeper: Doorkeeper, instructor: Membership
) -> None:
    made = []
    for _ in range(2):
        with stage.transactions.writing() as tx:
            made.append(passwords.link_by_instructor(tx, instructor, stage.students[1]).path.rpartition("/")[2])
    with pytest.raises(LinkIsOver):
        reset(stage, doorkeeper, made[0])
    assert reset(stage, doorkeeper, made[1])
    stage.clock.pass_time(days=4)
    with stage.transactions.reading() as tx, pytest.raises(LinkIsOver):
        passwords.look(tx, made[1])


def test_a_link_never_opens_more_than_its_maker_may_see(stage: Stage, instructor: Membership) -> None:
    student = stage.students[0]

    def link(person_id: int) -> None:
        with stage.transactions.writing() as tx:
            passwords.link_by_instructor(tx, instructor, person_id)

    with stage.transactions.writing() as tx:
        other = create_course(tx, "Of somebody else")
        boss = people.add_person(tx, "boss", "Boss", None, True).id
        helper = people.add_person(tx, "helper", "Helper", None, False).id
        people.enrol(tx, stage.course, boss, "student")
        people.enrol(tx, stage.course, helper, "assistant")
        people.enrol(tx, other, student, "student")
    for person_id in (boss, helper, student, instructor.person.id):
        with pytest.raises(NotAllowed, match="Only an administrator"):
            link(person_id)
    with pytest.raises(NotFound):
        link(999_999)
    with stage.transactions.writing() as tx:
        people.enrol(tx, other, instructor.person.id, "instructor")
    link(student)


def test_an_attempt_in_a_course_that_was_left_counts_as_well(stage: Stage, instructor: Membership) -> None:
    from app.services.courses import roster

    stage.start()
    with stage.transactions.writing() as tx:
        other = create_course(tx, "Other")
        thief = person_from(people.add_person(tx, "thief", "Thief", None, False))
        people.enrol(tx, other, thief.id, "instructor")
        roster.remove(tx, stage.course, stage.students[0], instructor.person)
        roster.enrol(tx, other, thief, login="student0")
        course = people.course_by_title(tx, "Other")
        assert course is not None
        of_thief = membership(tx, thief, course.public_id, "instructor")
    with stage.transactions.writing() as tx, pytest.raises(NotAllowed):
        passwords.link_by_instructor(tx, of_thief, stage.students[0])


def test_an_administrator_lets_anybody_in_again(stage: Stage, doorkeeper: Doorkeeper, instructor: Membership) -> None:
    boss = Person(instructor.person.id, "ines", "Ines", True)
    with stage.transactions.writing() as tx:
        link = passwords.link_by_administrator(tx, boss, instructor.person.id)
        path = passwords.link_from_the_machine(tx, "INES")
        with pytest.raises(NotFound, match="no account"):
            passwords.link_from_the_machine(tx, "nobody")
    assert link.path != path
    with stage.transactions.reading() as tx:
        assert passwords.look(tx, path.rpartition("/")[2]).login == "ines"
        assert len(list(tx.session.scalars(select(OneTimeLink)))) == 1
