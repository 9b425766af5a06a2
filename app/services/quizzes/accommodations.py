"""Accommodations: other rules for one person in one quiz, with the reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import InvalidInput, NotFound
from app.services.accounts.people import Person
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.quizzes.quiz_rules import MOST_ATTEMPTS, MOST_MINUTES
from app.services.results.deductions import judge_anew
from app.services.sitting.running import move_deadlines
from app.storage import accommodations as stored
from app.storage import courses

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What one person gets in one quiz: more minutes, a later closing time, another number of attempts."""

    person_id: int
    login: str
    name: str
    extra_minutes: int
    closes_at: datetime | None
    attempts_allowed: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who may be given an accommodation."""

    person_id: int
    login: str
    name: str
    group: str = ""


def accommodations(tx: Transaction, course_id: int, quiz_id: str) -> tuple[Accommodation, ...]:
    """All accommodations of a quiz, by name.

    Raises:
        NotFound: there is no such quiz in this course.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    return tuple(
        Accommodation(
            person.id, person.login, person.name, row.extra_minutes, row.closes_at, row.attempts_allowed, row.reason
        )
        for row, person in stored.of_quiz(tx, quiz.id)
    )


def students(tx: Transaction, course_id: int) -> tuple[Student, ...]:
    """The students of a course, by name."""
    found = stored.students(tx, course_id)
    groups = courses.groups(tx, course_id)
    return tuple(Student(one.id, one.login, one.name, groups.get(one.id, "")) for one in found)


def grant(
    tx: Transaction,
    course_id: int,
    quiz_id: str,
    by: Person,
    person_id: int,
    *,
    extra_minutes: int = 0,
    closes_at: datetime | None = None,
    attempts_allowed: int | None = None,
    reason: str = "",
) -> None:
    """Give one student other rules (instead of earlier ones); a running attempt gets the time at once.

    Attempts that were handed in late are judged anew, so that they lose no more than by these rules.

    Raises:
        NotFound: there is no such quiz, or no such student, in this course.
        InvalidInput: rules that cannot be, or that are nothing special; `place` names which.
    """
    grant_to(
        tx,
        course_id,
        quiz_id,
        by,
        [person_id],
        extra_minutes=extra_minutes,
        closes_at=closes_at,
        attempts_allowed=attempts_allowed,
        reason=reason,
    )


def members(tx: Transaction, course_id: int, group: str) -> tuple[int, ...]:
    """The students of a group of the course, by name.

    Raises:
        NotFound: nobody is in a group of this name.
    """
    found = tuple(one.person_id for one in students(tx, course_id) if one.group == group)
    if not group or not found:
        raise NotFound("Nobody is in a group of this name.")
    return found


def grant_to(
    tx: Transaction,
    course_id: int,
    quiz_id: str,
    by: Person,
    person_ids: Collection[int],
    *,
    extra_minutes: int = 0,
    closes_at: datetime | None = None,
    attempts_allowed: int | None = None,
    reason: str = "",
) -> int:
    """Give several students the same other rules in one step, all of them or none; how many.

    Raises:
        NotFound: as in `grant`.
        InvalidInput: as in `grant`.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    wanted = dict.fromkeys(person_ids)
    if not wanted or not wanted.keys() <= {person.person_id for person in students(tx, course_id)}:
        raise NotFound("There is no such student in this course.")
    if not 0 <= extra_minutes <= MOST_MINUTES:
        raise InvalidInput(f"Extra time is 0 to {MOST_MINUTES} minutes.", place="extra_minutes")
    if attempts_allowed is not None and not 1 <= attempts_allowed <= MOST_ATTEMPTS:
        raise InvalidInput(f"A person may have 1 to {MOST_ATTEMPTS} attempts.", place="attempts_allowed")
    if closes_at is not None and closes_at.tzinfo is None:
        raise InvalidInput("A time needs a time zone.", place="closes_at")
    if closes_at is not None and (quiz.closes_at is None or closes_at <= quiz.closes_at):
        says = (
            "The quiz never closes, so nobody needs more days."
            if quiz.closes_at is None
            else ("This is not later than the quiz closes for everybody.")
        )
        raise InvalidInput(says, place="closes_at")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"A reason has at most {LONGEST_REASON} characters.", place="reason")
    if not extra_minutes and closes_at is None and attempts_allowed is None:
        raise InvalidInput("Give extra minutes, a later closing time or a number of attempts.", place="extra_minutes")
    for person_id in wanted:
        stored.keep(
            tx,
            quiz.id,
            person_id,
            by.id,
            extra_minutes=extra_minutes,
            closes_at=closes_at,
            attempts_allowed=attempts_allowed,
            reason=reason.strip(),
        )
        move_deadlines(tx, quiz, person_id)
        judge_anew(tx, quiz, by.id, person_id)
        tx.record(by.id, "granted an accommodation", f"quiz {quiz_id}", person=person_id)
    return len(wanted)


def withdraw(tx: Transaction, course_id: int, quiz_id: str, by: Person, person_id: int) -> None:
    """Let the quiz's own rules hold for somebody again; a running attempt loses the time at once.

    Raises:
        NotFound: there is no such quiz in this course, or this person has no accommodation in it.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    if not stored.remove(tx, quiz.id, person_id):
        raise NotFound("This person has no accommodation in this quiz.")
    move_deadlines(tx, quiz, person_id)
    tx.record(by.id, "withdrew an accommodation", f"quiz {quiz_id}", person=person_id)
