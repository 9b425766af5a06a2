"""The places of a quiz: one question each, or a pool of which every attempt gets a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.errors import InvalidInput
from app.services.operating.transactions import Transaction
from app.storage import pools, quizzes
from app.storage.pools import Candidate
from app.storage.tables import Quiz, QuizItem

Kind: TypeAlias = Literal["question", "tag", "list"]

MOST_PLACES = 200
MOST_TAKEN = 100
MOST_LISTED = 500
MOST_POINTS = 10_000
FINEST = 10_000
"""Weights and points are fractions with denominators up to this, so that sums stay readable."""


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be: one question, or `take` of a pool by tag or by names. `each`: points per drawn question.

    `section`: the number of the section that it belongs to, 0 without one.
    """

    question: str | None = None
    tag: str | None = None
    questions: tuple[str, ...] = ()
    take: int = 1
    weight: Fraction = Fraction(1)
    each: Fraction | None = None
    section: int = 0

    @property
    def kind(self) -> Kind:
        """What sort of place it is."""
        if self.question is not None:
            return "question"
        return "tag" if self.tag is not None else "list"


@dataclass(frozen=True, slots=True)
class Source:
    """A place as it stands now: the versions an attempt would draw from (in a draft the newest ones)."""

    position: int
    kind: Kind
    tag: str
    take: int
    weight: Fraction
    each: Fraction | None
    candidates: tuple[Candidate, ...]
    section: int = 0

    def worth(self, one: Candidate) -> Fraction:
        """What this question counts in the quiz."""
        if self.each is not None and one.points:
            return self.each
        return self.weight * one.points

    def weight_of(self, one: Candidate) -> Fraction:
        """What the question's own points are multiplied by."""
        if self.each is not None and one.points:
            return self.each / one.points
        return self.weight

    @property
    def least(self) -> Fraction:
        """The fewest points an attempt can get here."""
        return sum(sorted(map(self.worth, self.candidates))[: self.take], Fraction(0))

    @property
    def most(self) -> Fraction:
        """The most points an attempt can get here."""
        return sum(sorted(map(self.worth, self.candidates), reverse=True)[: self.take], Fraction(0))

    @property
    def words(self) -> str:
        """What the place is called in a sentence."""
        if self.kind == "question":
            return f"question {self.position}" if not self.candidates else f"“{self.candidates[0].question}”"
        return f"the pool “{self.tag}”" if self.kind == "tag" else f"the pool in place {self.position}"


def sources(tx: Transaction, quiz: Quiz) -> tuple[Source, ...]:
    """The places of a quiz in order. A draft follows the bank; published, the versions stay as they are."""
    stored = quizzes.places(tx, quiz.id)
    known = pools.versions(tx, {number for item in stored for number in _versions(item)})
    if quiz.state != "draft":
        return tuple(_source(item, [known[number] for number in _versions(item)]) for item in stored)
    names = {
        item.position: (
            pools.tagged(tx, item.tag)
            if item.tag is not None
            else [known[number].question for number in _versions(item)]
        )
        for item in stored
    }
    newest = pools.newest(tx, {name for listed in names.values() for name in listed})
    return tuple(_source(item, [newest[name] for name in names[item.position]]) for item in stored)


def _versions(item: QuizItem) -> list[int]:
    return [item.question_version_id, *(item.pool or ())]


def _source(item: QuizItem, candidates: Sequence[Candidate]) -> Source:
    kind: Kind = "tag" if item.tag is not None else "question" if item.pool is None else "list"
    return Source(
        item.position, kind, item.tag or "", item.take, item.weight, item.each, tuple(candidates), item.section
    )


def freeze(tx: Transaction, quiz: Quiz, found: Sequence[Source]) -> None:
    """Keep the versions that the places draw from at this moment."""
    by_position = {one.position: [candidate.version_id for candidate in one.candidates] for one in found}
    for item in quizzes.places(tx, quiz.id):
        first, *rest = by_position[item.position]
        item.question_version_id = first
        item.pool = None if item.pool is None else rest
    tx.session.flush()


def new_places(found: Sequence[Source]) -> tuple[NewPlace, ...]:
    """These places as one would ask for them."""
    made = []
    for one in found:
        names = tuple(candidate.question for candidate in one.candidates)
        place = NewPlace(take=one.take, weight=one.weight, each=one.each, section=one.section)
        match one.kind:
            case "question":
                made.append(replace(place, question=names[0]))
            case "tag":
                made.append(replace(place, tag=one.tag))
            case "list":
                made.append(replace(place, questions=names))
    return tuple(made)


def checked(tx: Transaction, places: Sequence[NewPlace]) -> list[QuizItem]:
    """These places with the newest versions of their questions, ready to be stored; nothing is stored yet.

    Raises:
        InvalidInput: one that cannot be; `place` names it ("places[2].take").
    """
    if len(places) > MOST_PLACES:
        raise InvalidInput(f"A quiz has at most {MOST_PLACES} places.", place="places")
    for index, place in enumerate(places):
        _check(place, f"places[{index}]")
    names = [pools.tagged(tx, place.tag) if place.tag is not None else _names(place) for place in places]
    newest = pools.newest(tx, {name for listed in names for name in listed})
    rows = []
    for index, (place, listed) in enumerate(zip(places, names, strict=True)):
        chosen = _found(place, listed, newest, f"places[{index}]")
        rows.append(
            QuizItem(
                position=index + 1,
                question_version_id=chosen[0].version_id,
                pool=None if place.kind == "question" else [one.version_id for one in chosen[1:]],
                weight=place.weight,
                weight_real=float(place.weight),
                take=place.take,
                each=place.each,
                tag=place.tag,
                section=place.section,
            )
        )
    return rows


def _names(place: NewPlace) -> list[str]:
    return [place.question] if place.question is not None else list(dict.fromkeys(place.questions))


def _found(place: NewPlace, names: list[str], newest: dict[str, Candidate], where: str) -> list[Candidate]:
    for name in names:
        if name not in newest:
            raise InvalidInput(f"There is no question “{name[:200]}”.", place=f"{where}.{place.kind}")
    if not names:
        raise InvalidInput(f"No question is tagged “{place.tag}”.", place=f"{where}.tag")
    if place.take > len(names):
        says = f"{place.take} questions cannot be drawn from {len(names)}."
        raise InvalidInput(says, place=f"{where}.take")
    return [newest[name] for name in names]


def _check(place: NewPlace, where: str) -> None:
    ways = (place.question is not None) + (place.tag is not None) + bool(place.questions)
    if ways != 1:
        says = "A place is one question, a pool by tag, or a pool of named questions."
        raise InvalidInput(says, place=where)
    if not 1 <= place.take <= MOST_TAKEN:
        raise InvalidInput(f"A pool gives 1 to {MOST_TAKEN} questions.", place=f"{where}.take")
    if place.question is not None and place.take != 1:
        raise InvalidInput("A single question is taken once.", place=f"{where}.take")
    if place.tag is not None and not 1 <= len(place.tag.strip()) <= 200:
        raise InvalidInput("A tag is 1 to 200 characters.", place=f"{where}.tag")
    if len(place.questions) > MOST_LISTED:
        raise InvalidInput(f"A pool lists at most {MOST_LISTED} questions.", place=f"{where}.list")
    _check_amount(place.weight, "A weight", f"{where}.weight")
    if place.each is not None:
        _check_amount(place.each, "Points", f"{where}.each")


def _check_amount(amount: Fraction, what: str, where: str) -> None:
    if not 0 <= amount <= MOST_POINTS:
        raise InvalidInput(f"{what} {'are' if what == 'Points' else 'is'} 0 to {MOST_POINTS}.", place=where)
    if amount.denominator > FINEST:
        raise InvalidInput("This fraction is too fine; write it shorter.", place=where)


def troubles(found: Sequence[Source]) -> list[str]:
    """Why these places cannot be published, as sentences."""
    says: list[str] = []
    if not found:
        return ["The quiz has no questions yet."]
    for one in found:
        says += _trouble(one)
    singles: dict[str, int] = {}
    for one in found:
        if one.kind == "question":
            for candidate in one.candidates:
                singles[candidate.question] = singles.get(candidate.question, 0) + 1
    says += [f"“{name}” is in the quiz {times} times." for name, times in singles.items() if times > 1]
    says += _dry(found, set(singles))
    if not says and not sum((one.most for one in found), Fraction(0)):
        says.append("The questions add up to no points.")
    return says


def _trouble(one: Source) -> list[str]:
    says = [
        f"“{candidate.question}” has been retired from the bank; take it out of the quiz."
        for candidate in one.candidates
        if candidate.retired
    ]
    if one.kind == "tag" and one.take > len(one.candidates):
        has = {0: "no question is", 1: "only 1 question is"}.get(
            len(one.candidates), f"only {len(one.candidates)} questions are"
        )
        says.append(f"{has[0].upper()}{has[1:]} tagged “{one.tag}”, so {one.take} cannot be drawn.")
    if one.each and any(not candidate.points for candidate in one.candidates):
        says.append(
            f"{one.words[0].upper()}{one.words[1:]} holds no points of its own, so it cannot be made worth any."
        )
    elif one.least != one.most:
        says.append(
            f"The questions of {one.words} are worth different amounts, so people would sit for different totals. "
            "Say how many points each is worth."
        )
    return says


def _dry(found: Sequence[Source], singles: set[str]) -> list[str]:
    """Pools that could run out of questions because other places have drawn them."""
    says: list[str] = []
    before: list[tuple[Source, set[str]]] = []
    for one in found:
        if one.kind == "question":
            continue
        names = {candidate.question for candidate in one.candidates}
        taken = sum(min(other.take, len(names & others)) for other, others in before)
        if one.take <= len(names) and len(names - singles) - taken < one.take:
            says.append(
                f"{one.words[0].upper()}{one.words[1:]} could run out of questions, "
                "because other places of the quiz use the same ones."
            )
        before.append((one, names))
    return says
