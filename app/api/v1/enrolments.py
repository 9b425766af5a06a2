"""Who is in a course, and in which role."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, Login, Moment, Told, person_login, shown
from app.api.writes import Writes
from app.domain.access import Role
from app.domain.errors import InvalidInput, NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.courses import roster
from app.services.courses.roster import Enrolled
from app.services.operating.transactions import Transaction

router = Routes(prefix="/courses/{course_id}/enrolments", tags=["enrolments"], responses=PROTECTED)
MOST_AT_ONCE = 500

Name = Annotated[Line, Field(max_length=200, examples=["Ada Lindgren"])]
Email = Annotated[Line, Field(max_length=320, examples=["ada@example.org"])]
Group = Annotated[Line, Field(max_length=100, examples=["Lab 2"])]


class EnrolmentChange(Given):
    """What somebody is to be. Name and address are for people who have no account yet; others keep theirs.

    `group` is the course's own name for some of its students; empty: no group; left out: as it is.
    """

    role: Role = "student"
    name: Name = ""
    email: Email | None = None
    group: Group | None = None


class NewEnrolment(EnrolmentChange):
    """Somebody to be enrolled."""

    login: Annotated[Line, Field(min_length=1, max_length=200, examples=["ada"])]


class NewEnrolments(Given):
    """People to be enrolled, all of them or none."""

    model_config = shown({"people": [{"login": "ada", "name": "Ada Lindgren", "role": "student", "group": "Lab 2"}]})

    people: Annotated[list[NewEnrolment], Field(min_length=1, max_length=MOST_AT_ONCE)]


class EnrolmentTold(Told):
    """Somebody in a course."""

    login: str
    name: str
    email: str | None
    role: Role
    since: Moment
    group: str


class EnrolmentsTold(Told):
    """A page of a course's people."""

    items: list[EnrolmentTold]
    next: str | None


class EnrolledTold(Told):
    """Those who were enrolled, in the order given."""

    items: list[EnrolmentTold]


@router.get("", operation_id="listEnrolments")
def list_enrolments(
    request: Request,
    response: Response,
    caller: Annotated[CourseCaller, in_course("staff", "people:read")],
    tx: Reading,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> EnrolmentsTold:
    """List the people of a course, by login."""
    found = roster.roster(tx, caller.course_id)
    items, following = page_of(found, lambda one: (one.login,), cursor, limit)
    link_next(request, response, following)
    return EnrolmentsTold(items=[EnrolmentTold.model_validate(one) for one in items], next=following)


@router.post("", operation_id="enrolPeople", response_model=EnrolledTold)
def enrol_people(
    caller: Annotated[CourseCaller, in_course("instructor", "people:write")],
    write: Writes,
    new: Annotated[NewEnrolments, Body()],
) -> Response:
    """Enrol many people, or give them other roles. When one cannot be enrolled, nobody is."""
    done = []
    for index, one in enumerate(new.people):
        try:
            done.append(_enrol(write.tx, caller, one.login, one))
        except InvalidInput as error:
            raise InvalidInput(f"{one.login}: {error}", f"people.{index}.{error.place}") from None
    return write.answer(EnrolledTold(items=[EnrolmentTold.model_validate(one) for one in done]))


@router.put("/{login}", operation_id="enrolPerson", response_model=EnrolmentTold)
def enrol_person(
    caller: Annotated[CourseCaller, in_course("instructor", "people:write")],
    write: Writes,
    login: Login,
    change: Annotated[EnrolmentChange, Body()],
) -> Response:
    """Enrol somebody, or give them another role. Who is unknown gets an account without a password."""
    return write.answer(EnrolmentTold.model_validate(_enrol(write.tx, caller, person_login(login), change)))


@router.delete("/{login}", operation_id="removePerson", status_code=204)
def remove_person(
    caller: Annotated[CourseCaller, in_course("instructor", "people:write")], write: Writes, login: Login
) -> Response:
    """Take somebody out of a course. What they handed in stays."""
    person = enrolled(write.tx, caller.course_id, login)
    roster.remove(write.tx, caller.course_id, person.person_id, caller.person)
    return write.answer(None, 204)


def enrolled(tx: Transaction, course_id: int, login: str) -> Enrolled:
    """Somebody in the course by login.

    Raises:
        NotFound: nobody of this login is in it.
    """
    wanted = person_login(login).casefold()
    for one in roster.roster(tx, course_id):
        if one.login == wanted:
            return one
    raise NotFound("There is nobody of this login in this course.")


def _enrol(tx: Transaction, caller: CourseCaller, login: str, change: EnrolmentChange) -> Enrolled:
    return roster.enrol(
        tx,
        caller.course_id,
        caller.person,
        login=login,
        name=change.name,
        email=change.email,
        role=change.role,
        group=change.group,
    )
