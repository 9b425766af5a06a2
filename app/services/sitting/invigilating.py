"""Who sits a quiz at this moment: not started, in, or handed in; and of those who are in, what helps to help them.

Nothing more is looked at than what the exam itself needs: saves, deadlines, and whether a page is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal, TypeAlias

from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.storage import accommodations
from app.storage import invigilation as stored
from app.storage.tables import Accommodation

State: TypeAlias = Literal["not started", "in", "handed in"]
SHOWN = ("not started", "in", "offline", "paused", "handed in", "late")
"""What the table can be narrowed to."""
ABSENT = timedelta(seconds=20)
"""After this long without a sign of an open page somebody is offline; an open page is asked after eleven."""

_fields: dict[str, int] = {}
"""How many fields the questions of a package have, by what it hashes to: packages never change, and are long."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One student and the attempt that matters now: the open one, else the newest.

    `seconds_left`: None without a deadline. `offline`: no page of the open attempt has been heard of for a while.
    `visited_at`: when somebody whose pages have no scripts, and say nothing by themselves, last asked for one.
    `extra_seconds`: more than everybody has, by accommodation and given while it ran. `fields` is 0 while unknown.
    """

    person_id: int
    login: str
    name: str
    group: str
    state: State
    attempt_id: str | None = None
    number: int = 0
    started_at: datetime | None = None
    handed_in_at: datetime | None = None
    deadline_at: datetime | None = None
    seconds_left: float | None = None
    saved_at: datetime | None = None
    seen_at: datetime | None = None
    visited_at: datetime | None = None
    offline: bool = False
    paused_at: datetime | None = None
    extra_seconds: int = 0
    answered: int = 0
    fields: int = 0
    late: int = 0

    def is_shown(self, show: str) -> bool:
        """Whether the row stays when the table is narrowed to this."""
        narrowed = {"offline": self.offline, "paused": self.paused_at is not None, "late": self.late > 0}
        return narrowed.get(show, self.state == show) if show in SHOWN else True


@dataclass(frozen=True, slots=True)
class SittingView:
    """Everybody who may sit a quiz, by name, as of `now`. `groups`: the course's groups with their sizes.

    `practice`: nothing is handed in; who is no longer in has practised.
    """

    quiz_id: str
    title: str
    draft: bool
    now: datetime
    seats: tuple[Seat, ...]
    groups: Mapping[str, int]
    practice: bool = False

    def count(self, show: str) -> int:
        """How many rows there are of this kind."""
        return sum(seat.is_shown(show) for seat in self.seats)

    @property
    def late(self) -> int:
        """How many late saves wait for a decision."""
        return sum(seat.late for seat in self.seats)


def sitting(tx: Transaction, course_id: int, quiz_id: str) -> SittingView:
    """Everybody who may sit a quiz, and how they are getting on.

    Raises:
        NotFound: there is no such quiz in this course.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    rows = stored.seats(tx, course_id, quiz.id)
    found = _Found(
        now=tx.now(),
        granted=accommodations.by_person(tx, quiz.id),
        progress=stored.progress(tx, quiz.id),
        fields=_field_counts(tx, stored.asked(tx, quiz.id)),
        late=stored.waiting(tx, quiz.id),
    )
    seats = tuple(found.seat(list(some)) for _, some in groupby(rows, key=lambda row: row.person_id))
    groups: dict[str, int] = {}
    for seat in seats:
        if seat.group:
            groups[seat.group] = groups.get(seat.group, 0) + 1
    ordered = dict(sorted(groups.items(), key=lambda pair: pair[0].casefold()))
    practice = quiz.mode == "practice"
    return SittingView(quiz.public_id, quiz.title, quiz.state == "draft", found.now, seats, ordered, practice)


def narrowed(seats: Iterable[Seat], *, search: str = "", show: str = "", group: str = "") -> tuple[Seat, ...]:
    """The rows whose name or login holds the words, of that kind (one of `SHOWN`) and that group."""
    wanted = search.casefold().split()
    return tuple(
        seat
        for seat in seats
        if seat.is_shown(show)
        and (not group or seat.group == group)
        and all(word in f"{seat.name} {seat.login}".casefold() for word in wanted)
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the queries found, by person or attempt."""

    now: datetime
    granted: Mapping[int, Accommodation]
    progress: Mapping[int, stored.Progress]
    fields: Mapping[int, int]
    late: Mapping[int, int]

    def seat(self, rows: Sequence[stored.Seat]) -> Seat:
        """The row of one student, from all their attempts."""
        row = next((one for one in rows if one.state == "open"), rows[-1])
        granted = self.granted.get(row.person_id)
        extra = 60 * granted.extra_minutes if granted is not None else 0
        if row.attempt_id is None:
            return Seat(row.person_id, row.login, row.name, row.group, "not started", extra_seconds=extra)
        is_open, done = row.state == "open", self.progress.get(row.attempt_id)
        silent = row.visited_at is not None and (row.seen_at is None or row.visited_at - row.seen_at > ABSENT)
        left = None
        if is_open and row.deadline_at is not None:
            left = max(0.0, (row.deadline_at - (row.paused_at or self.now)).total_seconds())
        return Seat(
            row.person_id,
            row.login,
            row.name,
            row.group,
            "in" if is_open else "handed in",
            attempt_id=row.public_id,
            number=row.number or 0,
            started_at=row.started_at,
            handed_in_at=None if is_open else row.handed_in_at,
            deadline_at=row.deadline_at,
            seconds_left=left,
            saved_at=None if done is None else done.saved_at,
            seen_at=row.seen_at,
            visited_at=row.visited_at if is_open and silent else None,
            offline=is_open and not silent and (row.seen_at is None or self.now - row.seen_at > ABSENT),
            paused_at=row.paused_at if is_open else None,
            extra_seconds=extra + (row.added_seconds or 0),
            answered=0 if done is None else done.answered,
            fields=self.fields.get(row.attempt_id, 0),
            late=sum(self.late.get(one.attempt_id or 0, 0) for one in rows),
        )


def _field_counts(tx: Transaction, asked: Mapping[int, Sequence[tuple[int, str]]]) -> dict[int, int]:
    """How many fields every attempt has."""
    new = {version for pairs in asked.values() for version, digest in pairs if digest not in _fields}
    for digest, package in stored.packages(tx, new).items() if new else ():
        _fields[digest] = sum(len(part["fields"]) for part in package["question"]["parts"])
    return {attempt: sum(_fields.get(digest, 0) for _, digest in pairs) for attempt, pairs in asked.items()}
