"""Courses: listing, creating, changing, archiving, copying to another term."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import Caller, CourseCaller, in_course, may, may_also_limited
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, Told, shown
from app.api.writes import Writes
from app.domain.errors import NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.accounts.people import Person
from app.services.courses import courses
from app.services.courses.copying import copy_course
from app.services.courses.courses import CourseCard
from app.services.operating.transactions import Transaction

router = Routes(prefix="/courses", tags=["courses"], responses=PROTECTED)

Title = Annotated[Line, Field(min_length=1, max_length=300, examples=["Deep Learning"])]
Term = Annotated[Line, Field(max_length=100, examples=["Winter 2026/27"])]
Zone = Annotated[Line, Field(min_length=1, max_length=60, examples=["Europe/Berlin"])]


class NewCourse(Given):
    """A course to be."""

    model_config = shown({"title": "Deep Learning", "term": "W26", "time_zone": "Europe/Berlin"})

    title: Title
    term: Term = ""
    time_zone: Zone = "UTC"


class CourseChange(Given):
    """What is to be different; what is left out stays."""

    model_config = shown({"archived": True})

    title: Title | None = None
    term: Term | None = None
    time_zone: Zone | None = None
    archived: bool | None = None


class CourseCopy(Given):
    """The copy: quizzes as drafts, no people but the instructors."""

    title: Title
    term: Term


class CourseTold(Told):
    """A course, and what the token's person is in it."""

    id: str
    title: str
    term: str
    time_zone: str
    archived: bool
    standing: Literal["student", "assistant", "instructor", "administrator"]
    people: int
    quizzes: int


class CoursesTold(Told):
    """A page of courses."""

    items: list[CourseTold]
    next: str | None


@router.get("", operation_id="listCourses")
def list_courses(
    request: Request,
    response: Response,
    caller: Annotated[Caller, may_also_limited("signed in", "courses:read")],
    tx: Reading,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> CoursesTold:
    """List the person's courses; administrators see all."""
    found = [card for card in courses.courses_of(tx, caller.person) if caller.grant.course in (None, card.id)]
    items, following = page_of(found, lambda card: (card.id,), cursor, limit)
    link_next(request, response, following)
    return CoursesTold(items=[CourseTold.model_validate(card) for card in items], next=following)


@router.post("", operation_id="createCourse", status_code=201, response_model=CourseTold)
def create_course(
    caller: Annotated[Caller, may("author", "courses:write")], write: Writes, new: Annotated[NewCourse, Body()]
) -> Response:
    """Create a course; the person becomes its instructor."""
    course_id = courses.create_course(write.tx, caller.person, new.title, new.term, new.time_zone)
    told = CourseTold.model_validate(_card(write.tx, caller.person, course_id))
    return write.answer(told, 201, {"Location": f"/api/v1/courses/{course_id}"})


@router.get("/{course_id}", operation_id="getCourse")
def get_course(caller: Annotated[CourseCaller, in_course("member", "courses:read")], tx: Reading) -> CourseTold:
    """Get one course."""
    return CourseTold.model_validate(_card(tx, caller.person, caller.membership.course))


@router.patch("/{course_id}", operation_id="changeCourse", response_model=CourseTold)
def change_course(
    caller: Annotated[CourseCaller, in_course("instructor", "courses:write")],
    write: Writes,
    change: Annotated[CourseChange, Body()],
) -> Response:
    """Change a course, put it into the archive or take it out again."""
    mine = caller.membership
    if (change.title, change.term, change.time_zone) != (None, None, None):
        courses.change_course(
            write.tx,
            mine,
            mine.title if change.title is None else change.title,
            mine.term if change.term is None else change.term,
            mine.time_zone if change.time_zone is None else change.time_zone,
        )
    if change.archived is not None:
        courses.archive(write.tx, mine, change.archived)
    return write.answer(CourseTold.model_validate(_card(write.tx, caller.person, mine.course)))


@router.post("/{course_id}/copies", operation_id="copyCourse", status_code=201, response_model=CourseTold)
def copy(
    caller: Annotated[CourseCaller, in_course("instructor", "courses:write")],
    write: Writes,
    new: Annotated[CourseCopy, Body()],
) -> Response:
    """Copy a course to another term. A token for this course alone does not see the copy."""
    course_id = copy_course(write.tx, caller.membership, caller.person, new.title, new.term)
    told = CourseTold.model_validate(_card(write.tx, caller.person, course_id))
    return write.answer(told, 201, {"Location": f"/api/v1/courses/{course_id}"})


def _card(tx: Transaction, person: Person, course_id: str) -> CourseCard:
    for card in courses.courses_of(tx, person):
        if card.id == course_id:
            return card
    raise NotFound("There is no such course of yours.")
