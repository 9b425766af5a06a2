"""Who sits a quiz at this moment, what staff do for them, and the log of what happened."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, Moment, PublicId, Told, Whole, shown
from app.api.writes import Writes
from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.operating.transactions import Transaction
from app.services.quizzes import accommodations
from app.services.sitting import invigilating, sitting_log, sitting_orders
from app.services.sitting.invigilating import State
from app.services.sitting.sitting_orders import LONGEST_MESSAGE, LONGEST_REASON, MOST_MINUTES, Order, Work

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/sitting", tags=["sitting"], responses=PROTECTED)
MOST_LOGINS = 500
Logins = Annotated[list[Annotated[Line, Field(min_length=1, max_length=200)]], Field(max_length=MOST_LOGINS)]
StaffReading = Annotated[CourseCaller, in_course("staff", "results:read")]


class SeatTold(Told):
    """One student, with the attempt that matters now: the open one, else the newest.

    `offline`: no page of the open attempt has been heard of for 20 seconds. `visited_at`: when somebody whose pages
    have no scripts, and say nothing by themselves, last asked for one. `extra_seconds`: more than everybody has.
    `late`: saves that came too late and wait for a decision.
    """

    login: str
    name: str
    group: str
    state: State
    attempt_id: str | None
    number: int
    started_at: Moment | None
    handed_in_at: Moment | None
    deadline_at: Moment | None
    seconds_left: float | None
    saved_at: Moment | None
    seen_at: Moment | None
    visited_at: Moment | None
    offline: bool
    paused_at: Moment | None
    extra_seconds: int
    answered: int
    fields: int
    late: int


class SittingTold(Told):
    """A page of those who may sit the quiz, as of `now`."""

    now: Moment
    items: list[SeatTold]
    next: str | None


class EventTold(Told):
    """Something that happened, to a student or (without a login) to everybody.

    `by`: the name of who did it; empty: the server, or the student. `minutes`: by how much a deadline moved.
    """

    number: int
    at: Moment
    kind: str
    login: str
    student: str
    by: str
    text: str
    minutes: int | None


class LogTold(Told):
    """A page of the incident log, the oldest event first."""

    items: list[EventTold]
    next: str | None


class OrderGiven(Given):
    """What is to be done, and for whom: `everybody`, a `group`, or some students by their `logins`.

    `minutes` belong to `time` (negative: take back what was given) and `reopen` (how long it lasts at least), `text` to
    `message` and `note`; `reason` is kept in the log.
    """

    model_config = shown(
        {"what": "time", "minutes": 10, "reason": "Fire alarm", "everybody": True},
        {"what": "message", "text": "In question 2, σ is 1.", "group": "Lab 2"},
        {"what": "pause", "logins": ["ada"]},
    )

    what: Work
    everybody: bool = False
    group: Annotated[Line, Field(max_length=100)] = ""
    logins: Logins = Field(default_factory=list)
    minutes: Annotated[Whole, Field(ge=-MOST_MINUTES, le=MOST_MINUTES)] | None = None
    reason: Annotated[Line, Field(max_length=LONGEST_REASON)] = ""
    text: Annotated[Line, Field(max_length=LONGEST_MESSAGE)] = ""


class DoneTold(Told):
    """For how many students it was done."""

    what: Work
    count: int


@router.get("", operation_id="getSitting")
def get_sitting(
    request: Request,
    response: Response,
    caller: StaffReading,
    tx: Reading,
    quiz_id: PublicId,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> SittingTold:
    """Tell who has not started, who is in and who has handed in, by login. What was typed is not told."""
    view = invigilating.sitting(tx, caller.course_id, quiz_id)
    seats, following = page_of(view.seats, lambda one: (one.login,), cursor, limit)
    link_next(request, response, following)
    return SittingTold(now=view.now, items=[SeatTold.model_validate(one) for one in seats], next=following)


@router.get("/log", operation_id="getSittingLog")
def get_log(
    request: Request,
    response: Response,
    caller: StaffReading,
    tx: Reading,
    quiz_id: PublicId,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> LogTold:
    """Get the incident log: what happened while the quiz was sat."""
    log = sitting_log.sitting_log(tx, caller.course_id, quiz_id)
    entries, following = page_of(log.entries, lambda one: (one.number,), cursor, limit)
    link_next(request, response, following)
    return LogTold(items=[EventTold.model_validate(one) for one in entries], next=following)


@router.post("/orders", operation_id="orderInSitting", response_model=DoneTold)
def order(
    request: Request,
    caller: Annotated[CourseCaller, in_course("staff", "attempts:write")],
    write: Writes,
    quiz_id: PublicId,
    given: Annotated[OrderGiven, Body()],
) -> Response:
    """Give time, pause, resume, send a message, write a note, end or reopen: open pages hear of it in seconds."""
    wanted = Order(
        given.what,
        everybody=given.everybody,
        group=given.group,
        people=_people(write.tx, caller.course_id, given),
        minutes=given.minutes,
        reason=given.reason,
        text=given.text,
    )
    done = sitting_orders.carry_out(write.tx, caller.membership, quiz_id, wanted, request.app.state.wake)
    return write.answer(DoneTold(what=done.what, count=done.count))


def _people(tx: Transaction, course_id: int, given: OrderGiven) -> tuple[int, ...]:
    if given.everybody + bool(given.group) + bool(given.logins) != 1:
        raise InvalidInput("Name everybody, a group, or logins: one of the three.", "everybody")
    return students_of(tx, course_id, given.logins)


def students_of(tx: Transaction, course_id: int, logins: list[str]) -> tuple[int, ...]:
    """The students of a course with these logins.

    Raises:
        InvalidInput: somebody is no student of the course; `place` names which.
    """
    known = {one.login: one.person_id for one in accommodations.students(tx, course_id)} if logins else {}
    for index, login in enumerate(logins):
        if login.casefold() not in known:
            raise InvalidInput("There is no student of this login in this course.", f"logins.{index}")
    return tuple(known[login.casefold()] for login in logins)
