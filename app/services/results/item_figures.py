"""The figures of a quiz: how its points are spread, and what each question and part of it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from app.domain import item_figures as figures
from app.services.operating.transactions import Transaction
from app.services.results.outcomes import QuizOutcomes, StudentOutcome, outcomes
from app.storage import outcomes as stored

FEWEST = 5
"""Below this many graded students a figure says more about persons than about questions."""


@dataclass(frozen=True, slots=True)
class MistakeShare:
    """How many of those who answered made a typical mistake."""

    part: str
    id: str
    says: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class PartFigures:
    """One part of a question."""

    id: str
    count: int
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question, over everybody who was asked it. Shares and means are of points, from 0 to 1.

    `waiting` answers are not decided yet and count nowhere else.
    """

    question: str
    title: str
    number: str
    asked: int
    waiting: int
    histogram: tuple[int, ...]
    difficulty: float | None
    discrimination: float | None
    upper_lower: float | None
    blank: float | None
    unreadable: float | None
    mistakes: tuple[MistakeShare, ...]
    parts: tuple[PartFigures, ...]

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return self.asked - self.waiting >= FEWEST


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """A whole quiz. `graded` students have a total; everything about totals is about them."""

    quiz_id: str
    title: str
    students: int
    handed_in: int
    graded: int
    max: Fraction | None
    histogram: tuple[int, ...]
    mean: float | None
    median: float | None
    spread: float | None
    alpha: float | None
    minutes: float | None
    questions: tuple[QuestionFigures, ...]

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return self.graded >= FEWEST


@dataclass(slots=True)
class _Part:
    shares: list[Fraction] = field(default_factory=list)
    own: list[Fraction] = field(default_factory=list)
    totals: list[Fraction] = field(default_factory=list)


@dataclass(slots=True)
class _Question:
    title: str
    column: int
    shares: list[Fraction] = field(default_factory=list)
    # Of students whose whole paper is decided: the share, the points, and the points of the paper.
    certain: list[Fraction] = field(default_factory=list)
    own: list[Fraction] = field(default_factory=list)
    totals: list[Fraction] = field(default_factory=list)
    asked: int = 0
    waiting: int = 0
    blank: int = 0
    unreadable: int = 0
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    says: dict[tuple[str, str], str] = field(default_factory=dict)
    parts: dict[str, _Part] = field(default_factory=dict)


def quiz_figures(tx: Transaction, course_id: int, quiz_id: str) -> QuizFigures:
    """The figures of a quiz of that course, from the attempts that count.

    Raises:
        NotFound: the course has no such quiz.
    """
    found = outcomes(tx, course_id, quiz_id)
    over = [row for row in found.rows if row.handed_in_at is not None]
    graded = [row for row in over if row.state == "graded" and row.attempt is not None]
    # A student's attempt that counts; of several that are averaged, the newest.
    # What questions earned, without deductions: those say nothing about questions.
    totals = {row.attempt.key: row.attempt.earned for row in graded if row.attempt is not None}
    questions = _questions(over)
    _read_answers(tx, over, totals, questions)
    shares = [Fraction(row.points or 0) / row.max for row in graded if row.max]
    points = [row.points for row in graded if row.points is not None]
    worth = {row.max for row in graded}
    return QuizFigures(
        quiz_id=found.quiz_id,
        title=found.title,
        students=len(found.rows),
        handed_in=len(over),
        graded=len(graded),
        max=worth.copy().pop() if len(worth) == 1 else None,
        histogram=figures.histogram(shares),
        mean=figures.mean(points),
        median=figures.median(points),
        spread=figures.spread(points),
        alpha=_alpha(graded),
        minutes=_minutes(over),
        questions=tuple(_figures(name, one, found) for name, one in _in_order(questions)),
    )


def _questions(rows: Sequence[StudentOutcome]) -> dict[str, _Question]:
    found: dict[str, _Question] = {}
    for row in rows:
        for column, cell in enumerate(row.attempt.cells if row.attempt is not None else ()):
            if cell is None:
                continue
            one = found.setdefault(cell.question, _Question(cell.title, column))
            one.asked += 1
            if cell.state != "graded":
                one.waiting += 1
            elif cell.max:
                one.shares.append(cell.points / cell.max)
                if row.state == "graded" and row.attempt is not None:
                    one.certain.append(cell.points / cell.max)
                    one.own.append(cell.points)
                    one.totals.append(row.attempt.earned)
    return found


def _read_answers(
    tx: Transaction,
    rows: Sequence[StudentOutcome],
    totals: Mapping[int, Fraction],
    questions: Mapping[str, _Question],
) -> None:
    keys = {row.attempt.key: row for row in rows if row.attempt is not None}
    names: dict[int, str] = {}
    for answered in stored.answered(tx, keys):
        if answered.version_id not in names:
            names |= {key: one.question for key, one in stored.versions(tx, [answered.version_id]).items()}
        one = questions.get(names[answered.version_id])
        if one is None or answered.state not in ("graded", "invalid"):
            continue
        credit = answered.credit or {}
        one.blank += not any(map(_typed, answered.answers.values()))
        one.unreadable += bool(credit.get("invalid"))
        for part in credit.get("parts", ()):
            _read_part(one, part, totals.get(answered.attempt_id), answered.weight)


def _read_part(one: _Question, part: Mapping[str, Any], total: Fraction | None, weight: Fraction) -> None:
    for mistake in part.get("mistakes", ()):
        key = (str(part["id"]), str(mistake["id"]))
        one.mistakes[key] += 1
        one.says[key] = str(mistake.get("says") or mistake["id"])
    own, share = _share(part["points"], part["max"])
    if part.get("score") == "none" or share is None:
        return
    seen = one.parts.setdefault(str(part["id"]), _Part())
    seen.shares.append(share)
    if total is not None:
        seen.own.append(weight * own)
        seen.totals.append(total)


@lru_cache(4096)
def _share(points: str, most: str) -> tuple[Fraction, Fraction | None]:
    """The points, and which share of the possible ones they are."""
    own, whole = Fraction(points), Fraction(most)
    return own, own / whole if whole else None


def _typed(value: Any) -> bool:
    """Whether a raw answer holds anything."""
    if isinstance(value, (list, tuple)):
        return any(map(_typed, value))
    return value is not None and str(value).strip() != ""


def _figures(name: str, one: _Question, found: QuizOutcomes) -> QuestionFigures:
    decided = one.asked - one.waiting
    return QuestionFigures(
        question=name,
        title=one.title,
        number=found.columns[one.column].number,
        asked=one.asked,
        waiting=one.waiting,
        histogram=figures.histogram(one.shares),
        difficulty=figures.mean(one.shares),
        discrimination=figures.corrected_item_total(one.own, one.totals),
        upper_lower=figures.upper_lower(one.certain, one.totals),
        blank=one.blank / decided if decided else None,
        unreadable=one.unreadable / decided if decided else None,
        mistakes=tuple(_mistakes(one, decided)),
        parts=tuple(
            PartFigures(
                part, len(seen.shares), figures.mean(seen.shares), figures.corrected_item_total(seen.own, seen.totals)
            )
            for part, seen in one.parts.items()
        )
        if len(one.parts) > 1
        else (),
    )


def _mistakes(one: _Question, decided: int) -> Iterator[MistakeShare]:
    answered = decided - one.blank
    for (part, name), count in one.mistakes.most_common():
        if answered:
            yield MistakeShare(part, name, one.says[part, name], count, count / answered)


def _in_order(questions: Mapping[str, _Question]) -> list[tuple[str, _Question]]:
    return sorted(questions.items(), key=lambda pair: (pair[1].column, pair[1].title, pair[0]))


def _alpha(rows: Iterable[StudentOutcome]) -> float | None:
    """Over the columns that everybody was asked; with pools the columns stand for different questions."""
    papers = [row.attempt.cells for row in rows if row.attempt is not None]
    if not papers or any(cell is None for paper in papers for cell in paper):
        return None
    by_column = list(zip(*papers, strict=True))
    if any(len({cell.question for cell in column if cell is not None}) > 1 for column in by_column):
        return None
    return figures.alpha([[cell.points for cell in column if cell is not None] for column in by_column])


def _minutes(rows: Iterable[StudentOutcome]) -> float | None:
    """How long people sat, in the middle."""
    lengths = [
        Fraction((row.attempt.handed_in_at - row.attempt.started_at).total_seconds()) / 60
        for row in rows
        if row.attempt is not None and row.attempt.handed_in_at is not None
    ]
    return figures.median(lengths)
