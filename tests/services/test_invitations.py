"""Invitations: joining by a link, as often as it may be used, until it is over."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, Person, person_from
from app.services.courses import courses, invitations
from app.services.courses.invitations import InvitationCard
from app.services.courses.membership import Membership, membership
from app.storage import people
from app.storage.tables import Invitation
from tests.small_bank import Stage

SECRET = b"s" * 32


@pytest.fixture
def instructor(stage: Stage) -> Membership:
    with stage.transactions.writing() as tx:
        ines = person_from(people.add_person(tx, "ines", "Ines", None, False))
        people.enrol(tx, stage.course, ines.id, "instructor")
        course = people.course_by_title(tx, "Course")
        assert course is not None
        return membership(tx, ines, course.public_id, "instructor")


def invite(
    stage: Stage, instructor: Membership, role: str = "student", days: int = 30, uses: int | None = None
) -> InvitationCard:
    with stage.transactions.writing() as tx:
        return invitations.invite(tx, SECRET, instructor, role=role, days=days, uses=uses)


def somebody(stage: Stage, login: str) -> Person:
    with stage.transactions.writing() as tx:
        return person_from(people.add_person(tx, login, login, None, False))


def join(stage: Stage, token: str, person: Person) -> str:
    with stage.transactions.writing() as tx:
        return invitations.join(tx, token, person)


def role_of(stage: Stage, instructor: Membership, person: Person) -> str:
    with stage.transactions.reading() as tx:
        return membership(tx, person, instructor.course, "member").standing


def test_somebody_joins_with_one_click_and_a_second_one_takes_no_use(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor, "assistant", uses=2)
    ada = somebody(stage, "ada")
    with stage.transactions.reading() as tx:
        offered = invitations.invited(tx, card.token, ada)
    assert (offered.title, offered.role, offered.member) == ("Course", "assistant", False)
    assert join(stage, card.token, ada) == join(stage, card.token, ada) == instructor.course
    assert role_of(stage, instructor, ada) == "assistant"
    with stage.transactions.reading() as tx:
        (listed,) = invitations.invitations_of(tx, SECRET, stage.course)
        assert invitations.invited(tx, card.token, ada).member
    assert (listed.uses_left, listed.token) == (1, card.token)


def test_who_is_in_the_course_keeps_their_role(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor, "student")
    join(stage, card.token, instructor.person)
    assert role_of(stage, instructor, instructor.person) == "instructor"


def test_an_invitation_that_is_over_says_why(stage: Stage, instructor: Membership) -> None:
    used, taken_back, old = (
        invite(stage, instructor, uses=1),
        invite(stage, instructor),
        invite(stage, instructor, days=1),
    )
    join(stage, used.token, somebody(stage, "first"))
    with stage.transactions.writing() as tx:
        invitations.revoke(tx, instructor, taken_back.id)
        with pytest.raises(NotFound):
            invitations.revoke(tx, instructor, taken_back.id)
    stage.clock.pass_time(days=2)
    late = somebody(stage, "late")
    for card, says in ((used, "used as often"), (taken_back, "taken back"), (old, "expired")):
        with pytest.raises(NotAllowed, match=says):
            join(stage, card.token, late)
    for unknown in ("", "x" * 43, "x" * 1000):
        with pytest.raises(NotFound):
            join(stage, unknown, late)
    with stage.transactions.reading() as tx:
        states = [one.state for one in invitations.invitations_of(tx, SECRET, stage.course)]
    assert states == ["expired", "revoked", "used up"]


def test_an_invitation_of_another_course_is_not_found(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor)
    with stage.transactions.writing() as tx:
        course = courses.create_course(tx, instructor.person, "Second")
        second = membership(tx, instructor.person, course, "instructor")
        with pytest.raises(NotFound):
            invitations.revoke(tx, second, card.id)


def test_nobody_joins_an_archived_course(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor)
    with stage.transactions.writing() as tx:
        courses.archive(tx, instructor, True)
    with pytest.raises(NotAllowed, match="archived"):
        join(stage, card.token, somebody(stage, "ada"))
    with stage.transactions.reading() as tx:
        archived = membership(tx, instructor.person, instructor.course, "instructor")
    with pytest.raises(NotAllowed, match="archived"):
        invite(stage, archived)


@pytest.mark.parametrize(
    ("role", "days", "uses", "place"),
    [("king", 1, None, "role"), ("student", 0, None, "days"), ("student", 999, 1, "days"), ("student", 1, 0, "uses")],
)
def test_what_an_invitation_cannot_be_is_told_with_its_place(
    stage: Stage, instructor: Membership, role: str, days: int, uses: int | None, place: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        invite(stage, instructor, role, days, uses)
    assert refused.value.place == place


def test_a_new_account_joins_at_once(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor, uses=1)
    doorkeeper = Doorkeeper()

    def register(login: str) -> Person:
        new = NewPerson(login, "New One", "a password", administrator=True, email="New@Uni.Example")
        with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
            return invitations.register(reading, writing, doorkeeper, card.token, new)[0]

    with pytest.raises(Conflict):
        register("student0")
    person = register("new")
    assert not person.administrator
    assert role_of(stage, instructor, person) == "student"
    with pytest.raises(NotAllowed):
        register("newer")
    with stage.transactions.reading() as tx:
        assert people.person_by_login(tx, "newer") is None


def test_of_many_at_once_exactly_as_many_join_as_may(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor, uses=3)
    crowd = [somebody(stage, f"p{n}") for n in range(8)]
    outcomes: list[str] = []

    def run(person: Person) -> None:
        try:
            join(stage, card.token, person)
            outcomes.append("in")
        except NotAllowed:
            outcomes.append("out")

    threads = [threading.Thread(target=run, args=(person,)) for person in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] * 3 + ["out"] * 5


def test_the_database_alone_gives_no_invitation_away(stage: Stage, instructor: Membership) -> None:
    card = invite(stage, instructor)
    with stage.transactions.reading() as tx:
        row = tx.session.scalars(select(Invitation)).one()
        assert card.token not in str(vars(row))
        assert invitations.invitations_of(tx, b"another key".ljust(32), stage.course)[0].token == ""
