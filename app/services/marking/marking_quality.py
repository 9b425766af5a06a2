"""How well a quiz was marked: agreement of markers with each other and with the machine, drift, and open questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.domain.agreement import Agreement, agreement
from app.domain.decisions import Verdict
from app.services.courses.membership import Membership
from app.services.marking.held_back import held_back
from app.services.marking.marked_cases import MarkedCases, marked_cases
from app.services.marking.second_marking import Compared, Opinions, compared, opinions_of, sampled, share, worths_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.storage import desk
from app.storage import marking_quality as stored
from app.storage.desk import Asked
from app.storage.marking_quality import Decision, Graded, Opinion

SLICES, FEWEST = 10, 10
"""A marker's decisions in order are cut into so many slices at most, none with fewer decisions than these."""
MOST_DIFFERENCES, MOST_UNSURE = 100, 20


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of a question's part, in words."""

    question: str
    title: str
    part: str
    label: str
    id: str
    says: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far people agree about a criterion: with each other, and with what the machine gave or suggested before.

    Either is over no case at all where there is nothing to compare.
    """

    criterion: Criterion
    people: Agreement
    machine: Agreement


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of one marker's decisions in the order they were made, from the first to the last of them.

    `credit`: the mean share of the points given; `beside`: by how much it is above what all markers gave on average
    for the same criteria; `machine`: the agreement with the machine.
    """

    name: str
    number: int
    of: int
    decisions: int
    begun: datetime
    ended: datetime
    credit: float | None
    beside: float | None
    machine: Agreement


@dataclass(frozen=True, slots=True)
class Unsure:
    """A criterion that the machine left to people: in so many of the answers."""

    criterion: Criterion
    open: int
    answers: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The page: `waiting` of the sample's answers wait for a second marker, `for_me` of them for whoever looks."""

    quiz_id: str
    title: str
    percent: int
    in_sample: int
    waiting: int
    for_me: int
    agreed: tuple[Agreed, ...]
    differences: tuple[tuple[Criterion, Compared], ...]
    differing: int
    drift: tuple[Slice, ...]
    unsure: tuple[Unsure, ...]
    cases: MarkedCases


def quality(tx: Transaction, membership: Membership, quiz_id: str, cases_page: int = 1) -> Quality:
    """How well a quiz of this course was marked, with one page of the answers that may become cases.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    versions = {one.question: one for one in desk.handed_in_versions(tx, quiz.id)}
    decisions = stored.decisions(tx, quiz.id)
    graded = stored.graded_alone(tx, quiz.id)
    judged = {one.item_id for one in decisions}
    opinions = opinions_of(tx, quiz.public_id, [one for one in graded if one.item_id in judged])
    percent = stored.percent(tx, quiz.id)
    sample = sampled(decisions, percent)
    twice = compared(sample, opinions, worths_of(tx, quiz.id, sample))
    # Of few decisions the figures would tell each.
    held = held_back(tx, membership, quiz_id)
    now = [one for one in _that_count(decisions) if one.position not in held.get(one.attempt, ())]
    differences = [one for one in twice if one.first != one.second and not one.settled]
    return Quality(
        quiz_id=quiz.public_id,
        title=quiz.title,
        percent=percent,
        in_sample=len(sample),
        waiting=sum(not one.second for one in sample),
        for_me=sum(one.free_for(membership.person.id) for one in sample),
        agreed=tuple(_agreed(versions, twice, now, opinions)),
        differences=tuple(
            (_named(versions, one.answer.question, one.answer.part, one.criterion, one.says), one)
            for one in differences[:MOST_DIFFERENCES]
        ),
        differing=len(differences),
        drift=tuple(_drift(now, opinions)),
        unsure=tuple(_unsure(tx, quiz.public_id, versions, graded)),
        cases=marked_cases(tx, quiz.id, versions, now, opinions, cases_page),
    )


def _that_count(decisions: Iterable[Decision]) -> list[Decision]:
    """The newest decision of the first round about each criterion, in the order they were made."""
    newest = {(one.item_id, one.part, one.criterion): one for one in decisions if one.round == 1}
    return sorted((one for one in newest.values() if not one.withdrawn), key=lambda one: one.id)


def _agreed(
    versions: dict[str, Asked], twice: Sequence[Compared], now: Sequence[Decision], opinions: Opinions
) -> list[Agreed]:
    people: dict[tuple[str, str, str], list[tuple[Fraction, Fraction]]] = {}
    machine: dict[tuple[str, str, str], list[tuple[Fraction, Fraction]]] = {}
    says: dict[tuple[str, str, str], str] = {}
    for one in twice:
        key = (one.answer.question, one.answer.part, one.criterion)
        people.setdefault(key, []).append(one.shares)
        says[key] = one.says
    for decision in now:
        opinion = opinions.get((decision.item_id, decision.part, decision.criterion))
        if opinion is not None and opinion.likely is not None:
            key = (decision.question, decision.part, decision.criterion)
            machine.setdefault(key, []).append(_beside(decision, opinion, opinion.likely))
            says[key] = opinion.says
    return [
        Agreed(_named(versions, *key, says[key]), agreement(people.get(key, ())), agreement(machine.get(key, ())))
        for key in sorted(says)
    ]


def _drift(now: Sequence[Decision], opinions: Opinions) -> list[Slice]:
    shares = {one.id: share for one in now if (share := _share(one, opinions)) is not None}
    usual: dict[tuple[str, str, str], list[float]] = {}
    for one in now:
        if one.id in shares:
            usual.setdefault((one.question, one.part, one.criterion), []).append(shares[one.id])
    means = {key: sum(some) / len(some) for key, some in usual.items()}
    markers: dict[tuple[str, int], list[Decision]] = {}
    for one in now:
        markers.setdefault((one.name, one.person_id), []).append(one)
    found = []
    for (name, _person), own in sorted(markers.items()):
        slices = max(1, min(SLICES, len(own) // FEWEST))
        for number in range(slices):
            some = own[len(own) * number // slices : len(own) * (number + 1) // slices]
            worth = [one for one in some if one.id in shares]
            beside = [shares[one.id] - means[one.question, one.part, one.criterion] for one in worth]
            likely = [(one, opinions.get((one.item_id, one.part, one.criterion))) for one in some]
            pairs = [_beside(one, told, told.likely) for one, told in likely if told and told.likely is not None]
            found.append(
                Slice(
                    name=name,
                    number=number + 1,
                    of=slices,
                    decisions=len(some),
                    begun=some[0].at,
                    ended=some[-1].at,
                    credit=sum(shares[one.id] for one in worth) / len(worth) if worth else None,
                    beside=sum(beside) / len(beside) if beside else None,
                    machine=agreement(pairs),
                )
            )
    return found


def _share(one: Decision, opinions: Opinions) -> float | None:
    """Which share of a criterion's points was given; None for those that only take points away."""
    opinion = opinions.get((one.item_id, one.part, one.criterion))
    given = Verdict(one.points, one.worth)
    return float(share(given.at(opinion.max), opinion.max)) if opinion is not None and opinion.max > 0 else None


def _beside(one: Decision, opinion: Opinion, likely: Fraction) -> tuple[Fraction, Fraction]:
    """How much of a criterion is met to a person, and to the machine: the rubric may have changed between the two."""
    given = Verdict(one.points, one.worth).at(opinion.max)
    return share(given, opinion.max), share(likely, opinion.max)


def _unsure(tx: Transaction, quiz: str, versions: dict[str, Asked], graded: Sequence[Graded]) -> list[Unsure]:
    answers = Counter(one.question for one in graded)
    waiting = [one for one in graded if one.waits]
    known = stored.opinions(tx, quiz, [one.grading_id for one in waiting])
    still: Counter[tuple[str, str, str]] = Counter()
    says: dict[tuple[str, str, str], str] = {}
    for one in waiting:
        for opinion in known[one.grading_id]:
            if opinion.open:
                key = (one.question, opinion.part, opinion.criterion)
                still[key] += 1
                says[key] = opinion.says
    most = sorted(still.items(), key=lambda one: (-one[1], one[0]))[:MOST_UNSURE]
    return [Unsure(_named(versions, *key, says[key]), number, answers[key[0]]) for key, number in most]


def _named(versions: dict[str, Asked], question: str, part: str, criterion: str, says: str) -> Criterion:
    version = versions.get(question)
    place = version.place(part) if version is not None else None
    label = ""
    if version is not None and place is not None and len(version.parts) > 1:
        label = str(version.parts[place].get("label") or part)
    return Criterion(question, version.title if version is not None else question, part, label, criterion, says)
