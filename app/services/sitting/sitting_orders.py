"""What staff do while a quiz is sat: for one student, some, a group, or everybody; the same order never twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from app.domain.errors import Conflict, InvalidInput
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.sitting import running, submissions
from app.services.sitting.invigilating import Seat, sitting
from app.services.sitting.sitting_events import happened
from app.storage import attempts
from app.storage import invigilation as stored
from app.storage.tables import Quiz

Work: TypeAlias = Literal["time", "pause", "resume", "message", "note", "end", "reopen"]
WORKS: tuple[Work, ...] = get_args(Work)
MOST_MINUTES = 7 * 24 * 60
LONGEST_REASON = 500
LONGEST_MESSAGE = 2_000
MOST_PEOPLE = 2_000
ONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
NOBODY = "None of these students is in at the moment."
NOBODY_OVER = "None of these students has handed in."


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, for whom: `everybody`, else a group, else these people (by number).

    `minutes` to give (negative: to take back what was given), or that a reopened attempt lasts at least; `reason` for
    the log; `text` of a message or a note.
    `once` names the order: asked for again under the same name, nothing more happens.
    """

    what: Work
    everybody: bool = False
    group: str = ""
    people: tuple[int, ...] = ()
    minutes: int | None = None
    reason: str = ""
    text: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: for how many students. `again`: it had been done before, and nothing more was."""

    what: Work
    count: int
    again: bool = False


def whom(tx: Transaction, course_id: int, quiz_id: str, order: Order) -> tuple[Seat, ...]:
    """The students whom an order concerns, by name.

    Raises:
        NotFound: there is no such quiz in this course.
        InvalidInput: the order names nobody of the course; `place` is "people".
    """
    seats = sitting(tx, course_id, quiz_id).seats
    if not order.everybody:
        chosen = set(order.people)
        seats = tuple(one for one in seats if (one.group == order.group if order.group else one.person_id in chosen))
    if not seats:
        says = "Choose students in the table, a group, or everybody."
        raise InvalidInput("Nobody is in this group." if order.group else says, place="people")
    return seats


def carry_out(
    tx: Transaction, membership: Membership, quiz_id: str, order: Order, wake: Callable[[], None] = lambda: None
) -> Done:
    """Do what is asked. `wake` is called after COMMIT when there is something to grade.

    Raises:
        NotFound: there is no such quiz in this course.
        NotAllowed: the course is archived.
        InvalidInput: the order cannot be read; `place` is people, minutes, reason or text.
        Conflict: nobody of those chosen is in a state for it.
    """
    refuse_archived(tx, membership.course_id)
    quiz = quiz_of_course(tx, membership.course_id, quiz_id, lock=True)
    _check(order)
    seats = whom(tx, membership.course_id, quiz_id, order)
    name = f"quiz {quiz.public_id} order {order.once}"
    if order.once and stored.ordered_before(tx, name):
        return Done(order.what, 0, again=True)
    with stored.all_or_nothing(tx):
        count = _do(tx, quiz, membership.person.id, order, seats, wake)
    if order.once:
        tx.record(membership.person.id, f"ordered: {order.what}", name, students=count)
    return Done(order.what, count)


def _do(tx: Transaction, quiz: Quiz, by: int, order: Order, seats: tuple[Seat, ...], wake: Callable[[], None]) -> int:
    if order.what == "note":
        return _note(tx, quiz, by, order, seats)
    if order.what == "message":
        return _message(tx, quiz, by, order, seats)
    if order.what == "reopen":
        return _reopen(tx, quiz, by, order, seats)
    present = [seat.attempt_id for seat in seats if seat.state == "in" and seat.attempt_id is not None]
    if not present:
        raise Conflict(NOBODY)
    chosen = None if order.everybody else present
    if order.what == "time":
        return running.give_time(tx, quiz, chosen, 60 * (order.minutes or 0), by, order.reason)
    if order.what == "pause":
        return running.pause(tx, quiz, chosen, by, order.reason)
    if order.what == "resume":
        return running.resume(tx, quiz, chosen, by, order.reason)
    return running.end(tx, quiz, chosen, by, order.reason, wake)


def _reopen(tx: Transaction, quiz: Quiz, by: int, order: Order, seats: tuple[Seat, ...]) -> int:
    over = [seat.attempt_id for seat in seats if seat.state == "handed in" and seat.attempt_id is not None]
    if not over:
        raise Conflict(NOBODY_OVER)
    for attempt_id in over:
        found = attempts.attempt(tx, attempt_id, lock=True)
        if found is not None:
            submissions.reopen(tx, quiz, found[0], by, order.reason, seconds=60 * (order.minutes or 0))
    return len(over)


def _message(tx: Transaction, quiz: Quiz, by: int, order: Order, seats: tuple[Seat, ...]) -> int:
    ids = stored.attempt_ids(tx, quiz.id, only_open=True)
    present = [ids[seat.attempt_id] for seat in seats if seat.attempt_id in ids]
    if not present:
        raise Conflict(NOBODY)
    for attempt_id in [None] if order.everybody else present:
        happened(tx, quiz.id, attempt_id, "message", text=order.text, by=by)
    tx.record(by, "sent a message", f"quiz {quiz.public_id}", students=len(present))
    return len(present)


def _note(tx: Transaction, quiz: Quiz, by: int, order: Order, seats: tuple[Seat, ...]) -> int:
    if order.everybody:
        happened(tx, quiz.id, None, "note", text=order.text, by=by)
        return len(seats)
    ids = stored.attempt_ids(tx, quiz.id)
    for seat in seats:
        attempt_id = ids.get(seat.attempt_id or "")
        happened(tx, quiz.id, attempt_id, "note", text=order.text, by=by, details={"person": seat.person_id})
    return len(seats)


def _check(order: Order) -> None:
    if order.once and not ONCE.fullmatch(order.once):
        raise InvalidInput("This form is not one of ours. Reload the page.", place="people")
    if len(order.people) > MOST_PEOPLE:
        raise InvalidInput(f"Choose at most {MOST_PEOPLE} students, or everybody.", place="people")
    if order.what == "time" and (order.minutes is None or not 1 <= abs(order.minutes) <= MOST_MINUTES):
        raise InvalidInput(f"How many minutes? A whole number up to {MOST_MINUTES}.", place="minutes")
    if len(order.reason) > LONGEST_REASON:
        raise InvalidInput(f"A reason has at most {LONGEST_REASON} characters.", place="reason")
    if order.what in ("message", "note") and not order.text.strip():
        raise InvalidInput("Write what it says.", place="text")
    if len(order.text) > LONGEST_MESSAGE:
        raise InvalidInput(f"A message or a note has at most {LONGEST_MESSAGE} characters.", place="text")
