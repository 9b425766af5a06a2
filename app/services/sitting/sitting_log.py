"""The incident log of a quiz: everything that happened while it was sat, for its staff, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.interchange.sheets import Sheet
from app.services.courses.local_times import zone_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.sitting.sitting_events import PRACTISED
from app.storage import invigilation as stored

HEADER = ("Student", "Login", "What", "Minutes", "Text", "By")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. Without a student it concerned everybody; without `by` the server did it, or the student.

    `minutes`: by how much a deadline moved, or what was given with reopening.
    """

    number: int
    at: datetime
    kind: str
    person_id: int | None
    student: str
    login: str
    by: str
    text: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class SittingLog:
    """The log of a quiz, oldest event first; `students`: those with events of their own, by name."""

    quiz_id: str
    title: str
    entries: tuple[Entry, ...]
    students: tuple[tuple[int, str], ...]


def sitting_log(tx: Transaction, course_id: int, quiz_id: str, person_id: int | None = None) -> SittingLog:
    """What happened while a quiz was sat; of one student: what happened to them, and to everybody.

    Raises:
        NotFound: there is no such quiz in this course.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    entries = tuple(_entry(one) for one in stored.log(tx, quiz.id))
    names = {one.person_id: one.student for one in entries if one.person_id is not None}
    students = tuple(sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])))
    if person_id is not None:
        entries = tuple(one for one in entries if one.person_id in (None, person_id))
    return SittingLog(quiz.public_id, quiz.title, entries, students)


def log_sheet(log: SittingLog, time_zone: str) -> Sheet:
    """One row per event, times by the clocks of that zone."""
    zone = zone_of(time_zone)
    rows = tuple(
        (
            one.at.astimezone(zone).replace(microsecond=0, tzinfo=None),
            one.student or "everybody",
            one.login,
            one.kind,
            one.minutes,
            one.text,
            one.by,
        )
        for one in log.entries
    )
    return Sheet(log.title, (f"When ({zone.key})", *HEADER), rows)


def _entry(found: stored.Happening) -> Entry:
    event = found.event
    seconds = (event.details or {}).get("seconds") or None
    return Entry(
        number=event.id,
        at=event.at,
        kind="practised" if (event.details or {}).get("how") == PRACTISED else event.kind,
        person_id=found.student_id,
        student=found.student or "",
        login=found.login or "",
        by=found.by if found.by is not None and event.person_id != found.student_id else "",
        text=event.text,
        minutes=round(seconds / 60) if isinstance(seconds, int) else None,
    )
