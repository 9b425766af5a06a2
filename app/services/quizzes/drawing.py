"""Which questions an attempt gets, in which order and variant: always the same for the same person and number."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.services.operating.transactions import Transaction
from app.services.quizzes.quiz_places import Source, sources
from app.storage import attempts
from app.storage.pools import Candidate
from app.storage.tables import Quiz

FRESH_SEEDS = 200
"""Fresh variants have the seeds 1 to 200: the ones that every question has been swept over."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question of an attempt to be."""

    position: int
    question: str
    version_id: int
    variant_hash: str
    seed: int
    weight: Fraction
    section: int = 0


def number_of(quiz: Quiz, *what: object) -> int:
    """A number that only this quiz gives for these things."""
    text = "|".join([quiz.salt, *map(str, what)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def draw_questions(quiz: Quiz, found: Sequence[Source], *who: object) -> list[tuple[Source, Candidate]]:
    """The questions for somebody, in order. No question comes twice while a pool has another one."""
    taken = {one.question for source in found if source.kind == "question" for one in source.candidates}
    drawn: list[tuple[Source, Candidate]] = []
    for source in found:
        if source.kind == "question":
            drawn += [(source, one) for one in source.candidates]
            continue
        ranked = sorted(
            source.candidates,
            key=lambda one: (
                one.question in taken,
                number_of(quiz, "pool", *who, source.position, one.question),
            ),
        )
        # What one attempt gets of a pool comes in a drawn order, too.
        for one in ranked[: source.take]:
            taken.add(one.question)
            drawn.append((source, one))
    if quiz.shuffle:
        # Mixed within their sections only, which stay in order.
        drawn.sort(
            key=lambda pair: (
                pair[0].section,
                number_of(quiz, "order", *who, pair[0].position, pair[1].question),
            )
        )
    return drawn


def draw(
    quiz: Quiz,
    found: Sequence[Source],
    person_id: int,
    number: int,
    met: Mapping[tuple[int, str], Collection[int]],
) -> list[Drawn]:
    """The attempt of that number of that person; `met`: the seeds that people have met, by person and question.

    Where everybody gets the same, neither the person nor what was met matters.
    """
    who: tuple[object, ...] = ("everybody", number) if quiz.same_for_all else (person_id, number)
    return [
        Drawn(
            position,
            one.question,
            one.version_id,
            one.variant_hash,
            _seed(quiz, one, person_id, number, met.get((person_id, one.variant_hash), ())),
            source.weight_of(one),
            source.section,
        )
        for position, (source, one) in enumerate(draw_questions(quiz, found, *who), 1)
    ]


def draw_attempt(tx: Transaction, quiz: Quiz, person_id: int, number: int) -> list[Drawn]:
    """What the attempt of that number of that person would be, as the quiz stands now."""
    found = sources(tx, quiz)
    hashes = {one.variant_hash for source in found for one in source.candidates}
    met = attempts.used_seeds(tx, [person_id], hashes) if _minds_what_was_met(quiz, number) else {}
    return draw(quiz, found, person_id, number, met)


def _minds_what_was_met(quiz: Quiz, number: int) -> bool:
    return not quiz.same_for_all and not _is_printed(quiz, number)


def _is_printed(quiz: Quiz, number: int) -> bool:
    return quiz.seeds == "printed_first" and number == 1


def _seed(quiz: Quiz, one: Candidate, person_id: int, number: int, met: Collection[int]) -> int:
    if _is_printed(quiz, number):
        return 0
    if quiz.same_for_all:
        # Through all seeds in an order of the quiz's own, so that no attempt repeats one before they run out.
        return (number_of(quiz, "everybody's seeds", one.question) + number) % FRESH_SEEDS + 1
    fresh = [seed for seed in range(1, FRESH_SEEDS + 1) if seed not in met]
    choices = fresh or list(range(1, FRESH_SEEDS + 1))
    return choices[number_of(quiz, person_id, number, one.question) % len(choices)]
