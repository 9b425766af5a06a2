"""The columns of a results table: the places of the quiz, whatever was drawn for them and in whatever order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.storage.outcomes import Outline
from app.storage.tables import QuizItem


@dataclass(frozen=True, slots=True)
class Column:
    """One place of the quiz, or one draw of a pool; without candidates: questions the quiz no longer asks.

    `max` only where every question that may stand here is worth the same.
    """

    number: str
    title: str
    pool: bool
    max: Fraction | None
    candidates: frozenset[str]


def columns_of(places: Sequence[QuizItem], versions: Mapping[int, Outline]) -> tuple[Column, ...]:
    """The columns of a quiz with these places; `versions` knows everything they name."""
    found: list[Column] = []
    for place in places:
        drawn = [versions[one] for one in (place.question_version_id, *(place.pool or ())) if one in versions]
        worth = {place.each if place.each is not None else place.weight * one.points for one in drawn}
        pool = len(drawn) > 1
        for _ in range(place.take):
            found.append(
                Column(
                    number=str(len(found) + 1),
                    title=(place.tag or drawn[0].title) if pool else drawn[0].title,
                    pool=pool,
                    max=worth.copy().pop() if len(worth) == 1 else None,
                    candidates=frozenset(one.question for one in drawn),
                )
            )
    return tuple(found)


class Seating:
    """Finds the column of every question of an attempt; the same drawing is looked at once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._known: dict[tuple[str, ...], tuple[int | None, ...]] = {}

    def seats(self, questions: tuple[str, ...]) -> tuple[int | None, ...]:
        """For each question of an attempt the index of its column; None where the quiz has no place for it."""
        found = self._known.get(questions)
        if found is None:
            found = self._known[questions] = self._match(questions)
        return found

    def _match(self, questions: tuple[str, ...]) -> tuple[int | None, ...]:
        # Pools may overlap: augmenting paths seat as many questions as possible.
        taken: dict[int, int] = {}

        def seat(question: int, tried: set[int]) -> bool:
            fitting = [i for i, column in enumerate(self._columns) if questions[question] in column.candidates]
            # Free seats first, so that the draws of a pool stay in the order in which they were asked.
            for index in sorted(fitting, key=lambda index: index in taken):
                if index in tried:
                    continue
                tried.add(index)
                if index not in taken or seat(taken[index], tried):
                    taken[index] = question
                    return True
            return False

        for question in range(len(questions)):
            seat(question, set())
        places = {question: index for index, question in taken.items()}
        return tuple(places.get(question) for question in range(len(questions)))
