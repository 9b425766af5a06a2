"""Everybody's results in a quiz, for the staff of its course: one row per student, whoever has not started included."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Literal, TypeAlias, cast, get_args

from app.domain.deductions import WHOLE, Left, after_deductions, left_from
from app.domain.errors import NotFound
from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import Release, Releases, releases_of
from app.services.results import deductions
from app.services.results.adjusted_outcomes import AdjustedOutcome, Adjustments, adjustments_of
from app.services.results.counting import Counts, Taken, counting
from app.services.results.outcome_columns import Column, Seating, columns_of
from app.services.results.outcome_details import AttemptDetail, attempt_detail, without_decisions
from app.services.results.results import WORDS
from app.storage import outcomes as stored
from app.storage.tables import Quiz

__all__ = [
    "AttemptDetail",
    "AttemptOutcome",
    "Cell",
    "Column",
    "QuizOutcomes",
    "StudentOutcome",
    "attempt_detail",
    "outcomes",
    "without_decisions",
]

State: TypeAlias = Literal[
    "not started", "open", "practised", "held back", "being graded", "waits for a person", "graded"
]
STATES: tuple[State, ...] = get_args(State)
UNTOLD: tuple[State, ...] = ("open", "held back", "being graded")
"""States in which there are no points to tell: whoever looks may be somebody's second marker, or there are none yet."""
NOTHING = Fraction(0)
Held: TypeAlias = Mapping[str, Collection[int]]
"""The positions of questions that are held back, by attempt."""
NOTHING_HELD: Held = {}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one question earned. `question` is the one that was drawn, `position` where it stood in the attempt."""

    question: str
    title: str
    position: int
    state: State
    points: Fraction
    upto: Fraction
    max: Fraction


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """One attempt: its cells by column, and what they come to. `points` is sure, up to `upto` is possible.

    `earned` is the sum of its cells, `points` what is `left` of that after deductions.
    """

    key: int
    id: str
    number: int
    state: State
    started_at: datetime
    deadline_at: datetime | None
    handed_in_at: datetime | None
    points: Fraction
    upto: Fraction
    max: Fraction
    cells: tuple[Cell | None, ...]
    earned: Fraction = NOTHING
    left: Left = WHOLE


@dataclass(frozen=True, slots=True)
class StudentOutcome:
    """One student. `attempt` is the one that counts (of several the newest), `points` what they come to.

    Cells are as they were earned; where something is deducted, `earned` says what they come to together. `counting`:
    the numbers of the attempts that count. `mark`: what counts, where somebody has adjusted it.
    """

    person_id: int
    login: str
    name: str
    state: State
    attempts: tuple[AttemptOutcome, ...]
    attempt: AttemptOutcome | None
    points: Fraction | None
    upto: Fraction | None
    max: Fraction | None
    cells: tuple[Cell | None, ...]
    earned: Fraction | None = None
    counting: frozenset[int] = frozenset()
    mark: AdjustedOutcome | None = None

    @property
    def counts(self) -> Fraction | None:
        """The points that count, adjustments included."""
        return self.points if self.mark is None else self.mark.points

    @property
    def handed_in_at(self) -> datetime | None:
        return self.attempt.handed_in_at if self.attempt is not None else None


@dataclass(frozen=True, slots=True)
class QuizOutcomes:
    """The results of a quiz; `released`: whether students see their marks, `releases`: what else they see.

    `deducts`: late or further attempts lose points here, or some have. `practice`: nothing is handed in here.
    """

    quiz_id: str
    title: str
    counts: str
    closes_at: datetime | None
    columns: tuple[Column, ...]
    rows: tuple[StudentOutcome, ...]
    draft: bool
    releases: Releases
    deducts: bool = False
    practice: bool = False

    @property
    def adjusted(self) -> bool:
        """Whether people have adjusted a mark here."""
        return any(row.mark is not None for row in self.rows)

    @property
    def released(self) -> Release:
        """The release of the marks."""
        return self.releases.marks

    def in_state(self, state: State) -> int:
        """How many students are in that state."""
        return sum(row.state == state for row in self.rows)


def outcomes(tx: Transaction, course_id: int, quiz_id: str, held: Held = NOTHING_HELD) -> QuizOutcomes:
    """The results of a quiz of that course. Of the questions of attempts that are `held` back nothing is told.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of(tx, course_id, quiz_id)
    places = stored.places(tx, quiz.id)
    cells = list(stored.cells(tx, course_id, quiz.id))
    asked = {version for place in places for version in (place.question_version_id, *(place.pool or ()))}
    versions = stored.versions(tx, asked | {cell.version_id for cell in cells})
    columns = columns_of(places, versions)
    by_attempt = {key: list(some) for key, some in groupby(cells, key=lambda cell: cell.attempt_id)}
    columns, seated = _seated(columns, by_attempt, versions)
    attempts: dict[int, list[AttemptOutcome]] = {}
    known: dict[tuple[object, ...], Cell] = {}
    for sitting in stored.sittings(tx, course_id, quiz.id):
        attempts.setdefault(sitting.person_id, []).append(
            _attempt(
                sitting,
                by_attempt.get(sitting.id, []),
                seated.get(sitting.id, ()),
                len(columns),
                versions,
                known,
                held.get(sitting.public_id, ()),
            )
        )
    students = stored.students(tx, course_id)
    adjusted = adjustments_of(tx, quiz)
    rows = tuple(_adjusted(_row(one, attempts.get(one.id, []), quiz.counts), adjusted) for one in students)
    return QuizOutcomes(
        quiz_id=quiz.public_id,
        title=quiz.title,
        counts=quiz.counts,
        closes_at=quiz.closes_at,
        columns=columns,
        rows=rows,
        draft=quiz.state == "draft",
        releases=releases_of(tx, quiz),
        deducts=deductions.deducts(quiz) or any(one.left.deductions for some in attempts.values() for one in some),
        practice=quiz.mode == "practice",
    )


def quiz_of(tx: Transaction, course_id: int, quiz_id: str) -> Quiz:
    """The quiz, within its course.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = stored.quiz_of_course(tx, course_id, quiz_id)
    if quiz is None:
        raise NotFound("There is no such quiz in this course.")
    return quiz


def _seated(
    columns: tuple[Column, ...], by_attempt: Mapping[int, list[stored.Cell]], versions: Mapping[int, stored.Outline]
) -> tuple[tuple[Column, ...], dict[int, tuple[int, ...]]]:
    """The column of every cell; questions that the quiz no longer asks get columns of their own at the end."""
    seating = Seating(columns)
    extra: dict[str, int] = {}
    found: dict[int, tuple[int, ...]] = {}
    titles: dict[str, str] = {}
    for attempt, cells in by_attempt.items():
        asked = tuple(versions[cell.version_id].question for cell in cells)
        indexes = []
        for question, seat in zip(asked, seating.seats(asked), strict=True):
            indexes.append(extra.setdefault(question, len(columns) + len(extra)) if seat is None else seat)
        found[attempt] = tuple(indexes)
        if extra and len(titles) < len(extra):
            titles |= {versions[cell.version_id].question: versions[cell.version_id].title for cell in cells}
    more = (
        Column(str(index + 1), titles[question], False, None, frozenset((question,)))
        for question, index in extra.items()
    )
    return (*columns, *more), found


def _attempt(
    sitting: stored.Sitting,
    cells: Sequence[stored.Cell],
    indexes: Sequence[int],
    width: int,
    versions: Mapping[int, stored.Outline],
    known: dict[tuple[object, ...], Cell],
    held: Collection[int],
) -> AttemptOutcome:
    left = left_from(sitting.deductions)
    row: list[Cell | None] = [None] * width
    states: set[State] = set()
    points, upto, most = _Sum(), _Sum(), _Sum()
    for one, index in zip(cells, indexes, strict=True):
        # Many students earn the same for the same question.
        cell = known.get(one[1:])
        if cell is None:
            cell = known[one[1:]] = _cell(one, versions[one.version_id])
        if one.position in held:
            cell = replace(cell, state="held back", points=NOTHING, upto=cell.max)
        row[index] = cell
        states.add(cell.state)
        points.add(cell.points)
        upto.add(cell.upto)
        most.add(cell.max)
    return AttemptOutcome(
        key=sitting.id,
        id=sitting.public_id,
        number=sitting.number,
        # Only practice ends without a hand-in.
        state="open" if sitting.open else "practised" if sitting.handed_in_at is None else worst(states),
        started_at=sitting.started_at,
        deadline_at=sitting.deadline_at,
        handed_in_at=sitting.handed_in_at,
        points=after_deductions(points.fraction, left.factor),
        upto=after_deductions(upto.fraction, left.factor),
        max=most.fraction,
        cells=tuple(row),
        earned=points.fraction,
        left=left,
    )


def _cell(one: stored.Cell, version: stored.Outline) -> Cell:
    weight = Fraction(one.weight)
    worth = weight * version.points
    if one.state is None or one.points is None or one.upto is None:
        return Cell(version.question, version.title, one.position, "being graded", NOTHING, worth, worth)
    sure = weight * Fraction(one.points)
    upto = sure if one.upto == one.points else weight * Fraction(one.upto)
    return Cell(version.question, version.title, one.position, WORDS[one.state], sure, upto, worth)


class _Sum:
    """Adds fractions up, denominator by denominator: ten times as fast as one by one."""

    __slots__ = ("_numerators",)

    def __init__(self) -> None:
        self._numerators: dict[int, int] = {}

    def add(self, number: Fraction) -> None:
        """One more."""
        denominator = number.denominator
        self._numerators[denominator] = self._numerators.get(denominator, 0) + number.numerator

    @property
    def fraction(self) -> Fraction:
        """What it all comes to."""
        return sum((Fraction(above, below) for below, above in self._numerators.items()), NOTHING)


def worst(states: Iterable[State]) -> State:
    """The state of the whole, from those of its parts."""
    return min(states, key=STATES.index, default="graded")


def _row(student: stored.Student, attempts: list[AttemptOutcome], rule: str) -> StudentOutcome:
    over = [attempt for attempt in attempts if attempt.handed_in_at is not None]
    if not over:
        newest = attempts[-1] if attempts else None
        state: State = newest.state if newest is not None else "not started"
        return StudentOutcome(
            student.id, student.login, student.name, state, tuple(attempts), newest, None, None, None, ()
        )
    taken = [Taken(one.number) if one.state in UNTOLD else Taken(one.number, one.points, one.upto) for one in over]
    counted = counting(taken, cast(Counts, rule))
    chosen = [one for one in over if one.number in counted.numbers] or over[-1:]
    # With these rules any attempt that is not decided yet may change what counts.
    concerned = over if rule in ("best", "average") else chosen
    told = counted.points is not None
    cells = chosen[-1].cells
    if len(chosen) > 1:
        cells = tuple(_mean_cell([one.cells[index] for one in chosen]) for index in range(len(cells)))
    return StudentOutcome(
        student.id,
        student.login,
        student.name,
        worst(one.state for one in concerned),
        tuple(attempts),
        chosen[-1],
        counted.points,
        counted.upto,
        _mean([one.max for one in chosen]),
        cells,
        _mean([one.earned for one in chosen]) if told and any(one.left.deductions for one in chosen) else None,
        frozenset(one.number for one in chosen),
    )


def _adjusted(row: StudentOutcome, adjusted: Adjustments) -> StudentOutcome:
    mark = adjusted.of(row.person_id, row.points, row.upto, row.max, bool(row.attempts))
    return row if mark is None else replace(row, mark=mark)


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, NOTHING) / len(numbers)


def _mean_cell(cells: Sequence[Cell | None]) -> Cell | None:
    asked = [cell for cell in cells if cell is not None]
    if not asked:
        return None
    last = asked[-1]
    return Cell(
        question=last.question,
        title=last.title,
        position=last.position,
        state=worst(cell.state for cell in asked),
        points=_mean([cell.points for cell in asked]),
        upto=_mean([cell.upto for cell in asked]),
        max=_mean([cell.max for cell in asked]),
    )


def arranged(rows: Sequence[StudentOutcome], search: str, sort: str, descending: bool) -> tuple[StudentOutcome, ...]:
    """The rows whose name or login holds `search`, sorted by a column: name, state, points, handed-in or q1, q2, …

    Rows without a value for the column come last, whatever the direction; an unknown column means the name.
    """
    wanted = search.casefold().split()
    found = [row for row in rows if all(word in f"{row.name} {row.login}".casefold() for word in wanted)]
    found.sort(key=lambda row: (row.name.casefold(), row.login))
    if sort in ("", "name"):
        return tuple(reversed(found) if descending else found)
    keyed = [(_sort_key(row, sort), row) for row in found]
    known = [(key, row) for key, row in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return tuple([row for _, row in known] + [row for key, row in keyed if key is None])


def _sort_key(row: StudentOutcome, sort: str) -> float | None:
    # As floats: comparing fractions costs a hundred times as much, and nobody sees the difference in an order.
    if sort == "state":
        return float(STATES.index(row.state))
    if sort == "points":
        return None if row.counts is None else float(row.counts)
    if sort == "handed-in":
        return None if row.handed_in_at is None else row.handed_in_at.timestamp()
    if sort[:1] == "q" and sort[1:].isascii() and sort[1:].isdigit() and len(sort) < 6:
        index = int(sort[1:]) - 1
        cell = row.cells[index] if 0 <= index < len(row.cells) else None
        return None if cell is None else float(cell.points)
    return None
