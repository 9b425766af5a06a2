"""Placing the borders of grades: how the totals of a course are spread, and how many of them earn which grade."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.letter_grades import MOST_PERCENT, PLACES, Letters, counts, letter_of, percent_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.results.gradebook import Gradebook, change_rules, rules_of_course

BIN = 5
"""The width of a bar, in percent."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How many totals lie in each bar of five percent, up to `top`; and how many earn which grade, best first.

    `percents` are the totals that are compared with borders, in units of 0.0001 %: a script counts like the server.
    """

    bars: tuple[int, ...]
    top: int
    counts: dict[str, int]
    percents: tuple[int, ...]
    unsure: int


def spread(book: Gradebook, letters: Letters | None) -> Spread:
    """How the totals of a gradebook are spread by that scheme."""
    totals = list(book.totals)
    highest = max([Fraction(1), *totals])
    top = min(MOST_PERCENT, 100 if highest == 1 else -(-int(highest * 100 + 1) // BIN) * BIN)
    bars = [0] * (top // BIN)
    for total in totals:
        bars[min(max(int(total * 100 // BIN), 0), len(bars) - 1)] += 1
    percents = [percent_of(letters, total) if letters and letters.borders else 100 * total for total in totals]
    return Spread(
        bars=tuple(bars),
        top=top,
        counts=counts(letters, totals) if letters is not None else {},
        percents=tuple(sorted(int(percent * 10**PLACES // 1) for percent in percents)),
        unsure=sum(not row.grade.sure for row in book.rows),
    )


def moved(book: Gradebook, letters: Letters | None) -> int:
    """For how many students the grade would be another one than by the stored scheme."""
    old = book.rules.letters
    if old is None or letters is None:
        return 0
    return sum(letter_of(old, total) != letter_of(letters, total) for total in book.totals)


def change_letters(
    tx: Transaction, membership: Membership, letters: Letters | None, shown: bool, revision: int
) -> None:
    """Give a course another scheme (or none), and say whether students see their grades.

    Raises:
        NotAllowed: the course is archived.
        Conflict: somebody else has changed the gradebook in the meantime.
    """
    rules, _ = rules_of_course(tx, membership.course_id)
    change_rules(tx, membership, rules.model_copy(update={"letters": letters, "letters_shown": shown}), revision)
