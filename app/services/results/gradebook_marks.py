"""What every student earned in every quiz of a course, for its gradebook: a handful of queries, whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from fractions import Fraction
from math import lcm
from typing import Literal, TypeAlias, cast

from app.domain.deductions import WHOLE, Left, after_deductions, left_from
from app.domain.gradebooks import Mark
from app.services.operating.transactions import Transaction
from app.services.quizzes.terms import terms_of, zone_for
from app.services.results.counting import Counts, Taken, counting
from app.services.results.outcomes import State as SittingState
from app.services.results.outcomes import worst
from app.services.results.results import WORDS
from app.storage import accommodations, quizzes
from app.storage import gradebooks as stored
from app.storage.tables import Accommodation, Adjustment, Quiz

State: TypeAlias = Literal[
    "to come",
    "not closed",
    "not taken",
    "open",
    "being graded",
    "waits for a person",
    "graded",
    "excused",
    "withheld",
    "held back",
]
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A student in a quiz. `points` (with what was `adjusted`) are sure, up to `upto` is possible.

    `attempt` counts (of several the newest); `waiting` of its answers wait for a person; `requests` are open. `left`:
    what deductions have left of its points.
    """

    state: State
    points: Fraction | None
    upto: Fraction | None
    max: Fraction
    adjusted: Fraction = NOTHING
    attempt: str | None = None
    waiting: int = 0
    requests: int = 0
    left: Left = WHOLE

    def mark(self, quiz: str) -> Mark:
        """The same for the rules of the gradebook."""
        if self.state == "excused":
            return Mark(quiz, "excused")
        if self.state in ("to come", "not closed", "open", "withheld", "held back"):
            return Mark(quiz, "to come")
        if not self.max:
            return Mark(quiz, "worthless")
        if self.points is None and self.state == "not taken":
            return Mark(quiz, "missing")
        low = self.points if self.points is not None else max(self.adjusted, NOTHING)
        high = self.upto if self.upto is not None else max(self.max + self.adjusted, low)
        return Mark(quiz, "taken", low / self.max, high / self.max)


@dataclass(slots=True)
class _Attempt:
    sitting: stored.Sitting
    points: Fraction = NOTHING
    upto: Fraction = NOTHING
    max: Fraction = NOTHING
    state: SittingState = "graded"
    waiting: int = 0
    left: Left = WHOLE


@dataclass(frozen=True, slots=True)
class Marks:
    """Every student's cells, in the order of the quizzes."""

    quizzes: tuple[Quiz, ...]
    worth: Mapping[int, Fraction]
    cells: Mapping[int, tuple[Cell, ...]]


def marks(
    tx: Transaction,
    course_id: int,
    people: Sequence[int],
    adjusted: Iterable[Adjustment],
    person_id: int | None = None,
    hidden: frozenset[int] = frozenset(),
    held: frozenset[str] = frozenset(),
) -> Marks:
    """The cells of these students of a course in its published quizzes; marks of `hidden` quizzes are withheld.

    `held`: attempts of which nothing is told to somebody who may still mark something there a second time. Practice is
    in no gradebook.
    """
    published = (quiz for quiz in quizzes.of_course(tx, course_id) if quiz.state == "published")
    found = tuple(quiz for quiz in published if quiz.mode != "practice")
    ids = [quiz.id for quiz in found]
    sums = quizzes.sums(tx, ids)
    worth = {key: sums[key].points if key in sums else NOTHING for key in ids}
    granted: dict[tuple[int, int], Accommodation] = {
        (row.quiz_id, row.person_id): row for rows in accommodations.of_quizzes(tx, ids).values() for row in rows
    }
    requests = stored.open_requests(tx, course_id, person_id)
    sat = _sittings(tx, course_id, person_id)
    extra: dict[tuple[int, int], list[Adjustment]] = defaultdict(list)
    for one in adjusted:
        if one.quiz_id is not None:
            extra[one.quiz_id, one.person_id].append(one)
    zones = {quiz.id: zone_for(tx, quiz) for quiz in found}
    cells = {}
    for person in people:
        row = []
        for quiz in found:
            key = (quiz.id, person)
            if quiz.id in hidden and (sat.get(key) or extra.get(key)):
                row.append(Cell("withheld", None, None, worth[quiz.id]))
                continue
            unsat = _unsat(quiz, zones[quiz.id], granted.get(key), tx.now())
            cell = _cell(quiz, worth[quiz.id], sat.get(key, ()), extra.get(key, ()), unsat, requests.get(key, 0))
            if cell.state != "excused" and any(one.sitting.public_id in held for one in sat.get(key, ())):
                cell = replace(cell, state="held back", points=None, upto=None, left=WHOLE)
            row.append(cell)
        cells[person] = tuple(row)
    return Marks(found, worth, cells)


def _sittings(tx: Transaction, course_id: int, person_id: int | None) -> dict[tuple[int, int], list[_Attempt]]:
    """Every attempt with what its questions come to, by quiz and person, in order of number."""
    attempts = {one.id: _Attempt(one) for one in stored.sittings(tx, course_id, person_id)}
    # Many students earn the same for the same question: fractions are read once per kind of cell, and added as whole
    # numbers of one common denominator.
    kinds: dict[tuple[str | None, ...], int] = {}
    asked: dict[int, list[int]] = defaultdict(list)
    for cell in stored.cells(tx, course_id, person_id):
        asked[cell[0]].append(kinds.setdefault(cell[1:], len(kinds)))
    read = [_read(*kind) for kind in kinds]
    below = lcm(*(number.denominator for kind in read for number in kind[:3]))
    whole = [tuple(int(number * below) for number in kind[:3]) for kind in read]
    for key, chosen in asked.items():
        one = attempts[key]
        one.points, one.upto, one.max = (Fraction(sum(whole[kind][i] for kind in chosen), below) for i in range(3))
        one.left = left_from(one.sitting.deductions)
        one.points = after_deductions(one.points, one.left.factor)
        one.upto = after_deductions(one.upto, one.left.factor)
        one.state = worst({read[kind][3] for kind in chosen})
        one.waiting = sum(read[kind][3] == "waits for a person" for kind in chosen)
    found: dict[tuple[int, int], list[_Attempt]] = defaultdict(list)
    for attempt in attempts.values():
        found[attempt.sitting.quiz_id, attempt.sitting.person_id].append(attempt)
    return found


def _read(
    weight: str | None, most: str | None, state: str | None, points: str | None, upto: str | None
) -> tuple[Fraction, Fraction, Fraction, SittingState]:
    """Sure points, possible points, maximum and state of a kind of cell."""
    factor = Fraction(weight or 0)
    worth = factor * Fraction(most or 0)
    if state is None or points is None or upto is None:
        return NOTHING, worth, worth, "being graded"
    return factor * Fraction(points), factor * Fraction(upto), worth, WORDS[state]


def _cell(
    quiz: Quiz,
    worth: Fraction,
    attempts: Sequence[_Attempt],
    adjusted: Sequence[Adjustment],
    unsat: State,
    requests: int,
) -> Cell:
    more = sum((one.points for one in adjusted), NOTHING)
    newest = attempts[-1].sitting.public_id if attempts else None
    handed_in = [one for one in attempts if one.sitting.handed_in_at is not None]
    if any(one.excused for one in adjusted):
        return Cell("excused", None, None, worth, more, newest, 0, requests)
    if not handed_in:
        state: State = "open" if attempts else unsat
        if more and not attempts:
            # Points given to somebody who sat nothing are their mark, such as an oral examination's.
            return Cell("not taken", max(more, NOTHING), max(more, NOTHING), worth, more)
        return Cell(state, None, None, worth, more, newest)
    taken = [
        Taken(one.sitting.number) if one.state == "being graded" else Taken(one.sitting.number, one.points, one.upto)
        for one in handed_in
    ]
    rule = cast(Counts, quiz.counts)
    counted = counting(taken, rule)
    chosen = [one for one in handed_in if one.sitting.number in counted.numbers] or handed_in[-1:]
    concerned = handed_in if rule in ("best", "average") else chosen
    most = sum((one.max for one in chosen), NOTHING) / len(chosen)
    state = cast(State, worst(one.state for one in concerned))
    points, upto = counted.points, counted.upto
    if state == "being graded":
        # An attempt without points yet may still be worth all that can be left of them, or none.
        points = points if rule == "best" else None
        reach = (after_deductions(one.max, one.left.factor) for one in concerned if one.state == "being graded")
        upto = None if points is None else max(upto or NOTHING, *reach)
    return Cell(
        state=state,
        points=None if points is None else max(points + more, NOTHING),
        upto=None if upto is None else max(upto + more, NOTHING),
        max=most,
        adjusted=more,
        attempt=chosen[-1].sitting.public_id,
        waiting=sum(one.waiting for one in concerned),
        requests=requests,
        left=chosen[-1].left if len(chosen) == 1 else WHOLE,
    )


def _unsat(quiz: Quiz, zone: tzinfo, granted: Accommodation | None, now: datetime) -> State:
    """How it stands with a student who has not begun; a quiz without an end is not closed until it is given one."""
    terms = terms_of(quiz, zone, granted)
    if terms.opens_at is not None and now < terms.opens_at:
        return "to come"
    return "not taken" if terms.closed_at is not None and now >= terms.closed_at else "not closed"
