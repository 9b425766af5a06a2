"""What people adjusted in the marks of a quiz, beside what its attempts were graded with: for the staff's table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.services.operating.transactions import Transaction
from app.storage import gradebooks as stored
from app.storage import quizzes
from app.storage.tables import Adjustment, Quiz

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class AdjustedOutcome:
    """A mark with what was `adjusted`: `points` are sure, up to `upto` is possible; none while nothing is known."""

    adjusted: Fraction
    excused: bool
    points: Fraction | None
    upto: Fraction | None
    max: Fraction | None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """The adjustments of a quiz that count, by person, and what the quiz is worth."""

    by_person: Mapping[int, tuple[Adjustment, ...]]
    worth: Fraction

    def of(
        self, person_id: int, points: Fraction | None, upto: Fraction | None, most: Fraction | None, sat: bool
    ) -> AdjustedOutcome | None:
        """The mark that counts of somebody with these points; None where nobody has adjusted it."""
        some = self.by_person.get(person_id, ())
        if not some:
            return None
        more = sum((one.points for one in some), NOTHING)
        if any(one.excused for one in some):
            return AdjustedOutcome(more, True, None, None, most)
        if more and not sat:
            # Points given to somebody who sat nothing are their mark, such as an oral examination's.
            return AdjustedOutcome(more, False, max(more, NOTHING), max(more, NOTHING), self.worth)
        return AdjustedOutcome(more, False, _moved(points, more), _moved(upto, more), most)


def adjustments_of(tx: Transaction, quiz: Quiz) -> Adjustments:
    """The adjustments of the marks of a quiz."""
    by_person: dict[int, list[Adjustment]] = defaultdict(list)
    for one in _counting(tx, quiz):
        by_person[one.person_id].append(one)
    sums = quizzes.sums(tx, [quiz.id]) if by_person else {}
    worth = sums[quiz.id].points if sums else NOTHING
    return Adjustments({person: tuple(some) for person, some in by_person.items()}, worth)


def _counting(tx: Transaction, quiz: Quiz) -> Iterable[Adjustment]:
    found = stored.adjustments(tx, quiz.course_id, withdrawn=False)
    return (one for one, _name, _by, _withdrawn in found if one.quiz_id == quiz.id)


def _moved(points: Fraction | None, more: Fraction) -> Fraction | None:
    return None if points is None else max(points + more, NOTHING)
