"""Other rules for one person in one quiz."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, Login, Moment, PublicId, Told, Whole, shown
from app.api.v1.enrolments import enrolled
from app.api.v1.sitting import Logins, students_of
from app.api.writes import Writes
from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.operating.transactions import Transaction
from app.services.quizzes import accommodations

router = Routes(
    prefix="/courses/{course_id}/quizzes/{quiz_id}/accommodations", tags=["accommodations"], responses=PROTECTED
)


class AccommodationGiven(Given):
    """More minutes, a later closing time, or another number of attempts; at least one of them."""

    model_config = shown({"extra_minutes": 15, "reason": "Writes slowly."})

    extra_minutes: Annotated[Whole, Field(ge=0, le=100_000, examples=[15])] = 0
    closes_at: Moment | None = None
    attempts_allowed: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    reason: Annotated[Line, Field(max_length=2_000)] = ""


class AccommodationsGiven(AccommodationGiven):
    """The same rules for several students, by their `logins` or as a `group` of the course."""

    model_config = shown({"group": "Lab 2", "extra_minutes": 15, "reason": "The room opened late."})

    group: Annotated[Line, Field(max_length=100)] = ""
    logins: Logins = Field(default_factory=list)


class AccommodationTold(Told):
    """What one person gets in one quiz."""

    login: str
    name: str
    extra_minutes: int
    closes_at: Moment | None
    attempts_allowed: int | None
    reason: str


class AccommodationsTold(Told):
    """All accommodations of a quiz."""

    items: list[AccommodationTold]


@router.get("", operation_id="listAccommodations")
def list_accommodations(
    caller: Annotated[CourseCaller, in_course("instructor", "quizzes:read")], tx: Reading, quiz_id: PublicId
) -> AccommodationsTold:
    """List the accommodations of a quiz."""
    return AccommodationsTold(items=_all(tx, caller, quiz_id))


@router.put("", operation_id="grantAccommodations", response_model=AccommodationsTold)
def grant_to_several(
    caller: Annotated[CourseCaller, in_course("instructor", "quizzes:write")],
    write: Writes,
    quiz_id: PublicId,
    given: Annotated[AccommodationsGiven, Body()],
) -> Response:
    """Give a whole group, or several students, the same rules: all of them or none. Told: all accommodations."""
    if bool(given.group) == bool(given.logins):
        raise InvalidInput("Name a group or logins, one of the two.", "group")
    rules = given.model_dump(exclude={"group", "logins"})
    if given.group:
        people = accommodations.members(write.tx, caller.course_id, given.group)
    else:
        people = students_of(write.tx, caller.course_id, given.logins)
    accommodations.grant_to(write.tx, caller.course_id, quiz_id, caller.person, people, **rules)
    return write.answer(AccommodationsTold(items=_all(write.tx, caller, quiz_id)))


@router.put("/{login}", operation_id="grantAccommodation", response_model=AccommodationTold)
def grant(
    caller: Annotated[CourseCaller, in_course("instructor", "quizzes:write")],
    write: Writes,
    quiz_id: PublicId,
    login: Login,
    given: Annotated[AccommodationGiven, Body()],
) -> Response:
    """Give a student other rules, instead of earlier ones. A running attempt gets the time at once."""
    person = enrolled(write.tx, caller.course_id, login)
    accommodations.grant(write.tx, caller.course_id, quiz_id, caller.person, person.person_id, **given.model_dump())
    (told,) = [one for one in _all(write.tx, caller, quiz_id) if one.login == person.login]
    return write.answer(told)


@router.delete("/{login}", operation_id="withdrawAccommodation", status_code=204)
def withdraw(
    caller: Annotated[CourseCaller, in_course("instructor", "quizzes:write")],
    write: Writes,
    quiz_id: PublicId,
    login: Login,
) -> Response:
    """Let the quiz's own rules hold for somebody again."""
    person = enrolled(write.tx, caller.course_id, login)
    accommodations.withdraw(write.tx, caller.course_id, quiz_id, caller.person, person.person_id)
    return write.answer(None, 204)


def _all(tx: Transaction, caller: CourseCaller, quiz_id: str) -> list[AccommodationTold]:
    found = accommodations.accommodations(tx, caller.course_id, quiz_id)
    return [AccommodationTold.model_validate(one) for one in found]
