"""How a mark came to be what it is: every change of it with its reason, as its student may read it (no names)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, NamedTuple, TypeAlias

from app.services.courses.membership import Membership
from app.services.marking.regrade_standing import said
from app.services.marking.regrades import Regraded, regraded
from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import Releases, releases_of
from app.services.sitting.attempts import attempt_of
from app.storage import attempts, judgements, quizzes, submissions
from app.storage import outcomes as stored
from app.storage.tables import Attempt, AttemptItem, Grading, Judgement

Reason: TypeAlias = Literal["person", "taken back", "elsewhere", "regrade", "regrade undone", "rubric", "again"]
"""A person decided (or took that back, or decided about another part), a regrade, another rubric, or anew."""


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A part whose points changed, from `points` (possibly up to `upto`) to others; `said`: comments and reasons."""

    at: datetime
    position: int
    part: str
    reason: Reason
    said: tuple[str, ...]
    points_before: Fraction
    upto_before: Fraction
    points: Fraction
    upto: Fraction
    max: Fraction


class _Event(NamedTuple):
    """From then on this grading counted. `regrade`: because of it; `undone`: because it was taken back."""

    at: datetime
    grading: Grading
    regrade: Regraded | None = None
    undone: bool = False


def history(tx: Transaction, person_id: int, attempt_id: str) -> tuple[MarkChange, ...]:
    """The changes of a person's own marks since these were released; empty before comments and reasons are shown.

    Raises:
        NotFound: no such attempt of this person.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    if quizzes.only_looks(tx, quiz.course_id, person_id):
        return history_of(tx, attempt)
    seen = releases_of(tx, quiz)
    return history_of(tx, attempt, seen) if seen.feedback.shown else ()


def changes_in(tx: Transaction, membership: Membership, attempt_id: str) -> tuple[MarkChange, ...]:
    """What staff, or its own student, may read of the history of an attempt by its public id."""
    found = attempts.attempt(tx, attempt_id)
    if found is None:
        return ()
    if membership.standing == "student":
        return history(tx, membership.person.id, attempt_id)
    return history_of(tx, found[0])


def history_of(tx: Transaction, attempt: Attempt, seen: Releases | None = None) -> tuple[MarkChange, ...]:
    """The history of the marks of anybody's attempt, for staff; empty before it is handed in.

    `seen`: for its student, who sees what changed after the marks were released, and no comment that was taken back.
    """
    submission = submissions.submission_of(tx, attempt.id)
    if submission is None:
        return ()
    handed_in = {one.attempt_item_id: one for one in submissions.items(tx, submission.id)}
    ids = [one.id for one in handed_in.values()]
    graded: dict[int, list[Grading]] = {}
    for grading, _ in stored.gradings(tx, ids):
        graded.setdefault(grading.submission_item_id, []).append(grading)
    again = regraded(tx, ids)
    judged: dict[int, list[Judgement]] = {}
    for one in judgements.of_items(tx, ids):
        judged.setdefault(one.submission_item_id, []).append(one)
    found: list[MarkChange] = []
    for item in attempts.items(tx, attempt.id):
        row = handed_in[item.id]
        events = _events(graded.get(row.id, []), again.get(row.id, ()), row.current_grading_id)
        if seen is not None and seen.marks.at is not None:
            # What they saw first is what counted then.
            released = sum(event.at <= seen.marks.at for event in events)
            events = events[max(0, released - 1) :]
        own = judged.get(row.id, [])
        changes: Iterable[MarkChange] = _changes(item, events, own, again.get(row.id, ()))
        if seen is not None:
            back = _taken_back(own)
            changes = [
                replace(one, said=tuple(says for says in one.said if (one.part, says) not in back)) for one in changes
            ]
        found += changes
    return tuple(found)


def _taken_back(judged: Sequence[Judgement]) -> set[tuple[str, str]]:
    """The comments of people that they have taken back, each with its part."""
    chains: dict[tuple[str, str], list[Judgement]] = {}
    for one in judged:
        if one.regrade_id is None:
            chains.setdefault((one.part, one.criterion), []).append(one)
    every = {(one.part, one.comment) for chain in chains.values() for one in chain}
    kept = set()
    for chain in chains.values():
        place = len(chain) - 1
        while place >= 0 and not chain[place].withdrawn:
            kept.add((chain[place].part, chain[place].comment))
            place -= 2 if _takes_back(chain, place) else 1
    return every - kept


def _takes_back(chain: Sequence[Judgement], place: int) -> bool:
    """Whether a decision only takes back its own person's last one about the same, and says what was said before."""
    one, own, earlier = chain[place], chain[max(place - 1, 0)], chain[max(place - 2, 0)]
    if place < 1 or own.person_id != one.person_id:
        return False
    if place < 2:
        return one.repeats is not None and one.repeats == own.repeats and not one.comment
    return said(one) == said(earlier) and one.comment == earlier.comment


def _events(graded: Sequence[Grading], again: Sequence[Regraded], current: int | None) -> list[_Event]:
    """What counted, in order. Applying a regrade may let a grading count that is stored since long."""
    by_id = {one.id: one for one in graded}
    applied = {one.after_grading: one for one in reversed(again) if one.after_grading is not None}
    events = [
        _Event(one.created_at, one)
        for one in graded
        if one.id not in applied or one.created_at < applied[one.id].at or one.id == applied[one.id].before_grading
    ]
    for one in again:
        after, before = by_id.get(one.after_grading or 0), by_id.get(one.before_grading or 0)
        if after is not None:
            events.append(_Event(one.at, after, one))
        if after is not None and before is not None and one.undone_at is not None and not one.overtaken:
            events.append(_Event(one.undone_at, before, one, undone=True))
    events.sort(key=lambda event: event.at)
    counted: list[_Event] = []
    for event in events:
        # Taken back after something else happened, the question was graded anew: that is an event of its own.
        regrade = event.regrade
        stale = regrade is not None and event.undone and counted[-1].grading.id != regrade.after_grading
        if not stale:
            counted.append(event)
    last = by_id.get(current or 0)
    if last is not None and counted and counted[-1].grading.id != last.id:
        counted.append(_Event(max(last.created_at, counted[-1].at), last))
    return counted


def _changes(
    item: AttemptItem, events: Sequence[_Event], judged: Sequence[Judgement], again: Sequence[Regraded]
) -> Iterator[MarkChange]:
    weight = item.weight
    for part in item.variant.rendered["parts"]:
        worth = Fraction(part["points"])
        for before, after in pairwise(events):
            old, new = _worth(before.grading, part["id"], worth), _worth(after.grading, part["id"], worth)
            if old[:2] == new[:2]:
                continue
            reason, said = _reason(part["id"], before, after, judged, again)
            yield MarkChange(
                at=after.at,
                position=item.position,
                part=part["id"],
                reason=reason,
                said=said,
                points_before=weight * old[0],
                upto_before=weight * old[1],
                points=weight * new[0],
                upto=weight * new[1],
                max=weight * new[2],
            )


def _worth(grading: Grading, part: str, worth: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    parts: Sequence[Mapping[str, Any]] = (grading.credit or {}).get("parts", ())
    for one in parts:
        if one["id"] == part:
            return Fraction(one["points"]), Fraction(one["upto"]), Fraction(one["max"])
    return Fraction(0), worth, worth


def _reason(
    part: str, before: _Event, event: _Event, judged: Sequence[Judgement], again: Sequence[Regraded]
) -> tuple[Reason, tuple[str, ...]]:
    if event.regrade is not None:
        return ("regrade undone" if event.undone else "regrade"), (event.regrade.reason,)
    old, new = before.grading, event.grading
    since = [one for one in judged if old.judgement_upto < one.id <= new.judgement_upto]
    newest = {one.criterion: one for one in since if one.part == part}
    if newest:
        by_regrade = [one for one in newest.values() if one.regrade_id is not None]
        said = tuple(one.comment for one in newest.values() if one.comment and not one.withdrawn)
        if by_regrade:
            of = by_regrade[-1].regrade_id
            if by_regrade[-1].id == min(one.id for one in judged if (one.part, one.regrade_id) == (part, of)):
                return "regrade", said
            return "regrade undone", tuple(one.reason for one in again if one.number == of)
        return ("taken back" if all(one.withdrawn for one in newest.values()) else "person"), said
    kind = "rubric" if old.question_version_id != new.question_version_id else "software"
    if kind == "rubric" or old.observation_id != new.observation_id:
        # Graded anew after a regrade came or went, instead of having one of its gradings counted.
        for one in reversed([one for one in again if one.kind == kind]):
            if one.undone_at is not None and before.at <= one.undone_at <= event.at:
                return "regrade undone", (one.reason,)
            if before.at <= one.at <= event.at:
                return "regrade", (one.reason,)
        return ("rubric" if kind == "rubric" else "again"), ()
    return ("elsewhere" if since else "again"), ()
