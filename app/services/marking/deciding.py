"""Deciding what an answer is worth, for it and for all that are the same, and taking that back.

Every decision is a row of its own. The machine's credit is made anew from what was observed; no grader runs for that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.decisions import Verdict
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.expressions import points as read_points
from app.services.marking import claims
from app.services.marking.desk import Place, Table, alike_to, table
from app.services.marking.desk_answers import (
    newest_by_answer,
    newest_of,
    part_credit,
    part_worth,
    rubric_of,
    suggestion,
    undecided,
    waits_for,
)
from app.services.marking.piles import Pile
from app.services.marking.regrade_standing import standing_decision, undone_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import refuse_archived
from app.storage import desk as stored
from app.storage import judgements, questions
from app.storage.desk import Answered, Line
from app.storage.tables import Judgement

LONGEST_POINTS, LONGEST_COMMENT = 20, 2000
NOTHING = Fraction(0)


class RubricChanged(Conflict):
    """What was decided belongs to another rubric than the one that counts by now."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a marker typed: points and comments by criterion (no points: the machine's), and about the whole part.

    `seen` is the newest decision that the marker had before their eyes, and `rubric` the number of the question version
    whose rubric it was; `alike` names the answers of the group that are decided the same way; `accept` takes the
    machine's suggestion where nothing is typed.
    """

    points: Mapping[str, str]
    comments: Mapping[str, str] = field(default_factory=dict)
    adjustment: str = ""
    comment: str = ""
    seen: int = 0
    rubric: int = 0
    alike: Sequence[Place] = ()
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: the answers that were decided, how many of the group were not free, and whether one waits on."""

    table: Table
    items: tuple[int, ...]
    left: int
    waits: bool


def decide(
    tx: Transaction,
    pile: Pile,
    place: Place,
    decision: Decision,
    wake: Callable[[], None],
) -> Decided:
    """Decide what an answer is worth, and all those of its group that are named.

    Raises:
        NotFound: there is no such answer.
        InvalidInput: these are no points, or not as many as there are; `place` is the field of the form.
        Conflict: another marker is at it, or somebody has decided in the meantime.
        RubricChanged: it was shown with another rubric.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    me, part, now = pile.marker, pile.part, tx.now()
    found = table(tx, pile)
    line = found.line(place)
    if not claims.take(tx, me, part, [line.item_id]):
        raise Conflict("Somebody else is marking this answer now, so nothing was stored.")
    judged = [one for one, _ in stored.decided(tx, [line.item_id], part)]
    if (judged[-1].id if judged else 0) != decision.seen:
        raise Conflict("Somebody has decided about this answer in the meantime. Look at it again; nothing was stored.")
    row = stored.one(tx, found.quiz.id, place.attempt, place.position)
    credit = row.grading.credit if row is not None and row.grading is not None else None
    if row is None or row.grading is None:
        raise Conflict("This answer is still being graded. Try again in a moment.")
    refuse_another_rubric(tx, row, decision.rubric)
    worth = part_worth(tx, row, part)
    rubric = part_credit(credit, part).get("criteria", ())
    wanted = _wanted(rubric, decision, newest_of(judged), worth)
    changes = _changes(wanted, newest_of(judged))
    waits = waits_for(credit, part, newest_of(judged))
    members, left = _members(tx, me, found, line, waits, decision.alike) if changes and decision.alike else ({}, 0)
    _keep(tx, line, pile, changes, now)
    moved = [change for change in changes if not _confirms(newest_of(judged).get(change.criterion), change)]
    for one, earlier in members.items():
        # What was decided about it before, and differs, stays, but for what was decided anew just now.
        same = [
            change
            for change in wanted
            if not change.back
            and (change in moved or change.criterion not in earlier or _confirms(earlier[change.criterion], change))
        ]
        _keep(tx, one, pile, _changes(same, earlier), now)
    done = [line.item_id, *(one.item_id for one in members)] if changes else []
    if done:
        tx.afterwards(wake)
    return Decided(found, tuple(done), left, _waits(rubric, wanted, worth))


def undo(tx: Transaction, pile: Pile, wake: Callable[[], None]) -> Place:
    """Take back what a marker decided last at the desk about a part, for a whole group where it was one: the earlier
    state is decided again. Doing it twice brings the decision back. Where it was.

    Raises:
        NotFound: this marker has decided nothing there.
        Conflict: somebody else has decided since, or is at it now.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    me, part, now = pile.marker, pile.part, tx.now()
    found = table(tx, pile)
    last = stored.decided_last(tx, found.quiz.id, pile.question, part, me)
    lines = {line.item_id: line for line in found.lines}
    lead = last[0].submission_item_id if last else 0  # the one that was open, of a group
    items = sorted({one.submission_item_id for one in last} & lines.keys(), key=lambda number: (number != lead, number))
    if not items:
        raise NotFound("You have decided nothing here that could be taken back.")
    if len(claims.take(tx, me, part, sorted(items))) < len(items):
        raise Conflict("Somebody else is marking one of these answers now, so nothing was taken back.")
    batch = {one.id for one in last}
    everything = [one for one, _ in stored.decided(tx, items, part)]
    regrades_undone = undone_of(tx, items)
    for number in items:
        judged = [one for one in everything if one.submission_item_id == number]
        newest = newest_of(judged)
        undone = []
        for row in (one for one in last if one.submission_item_id == number):
            if newest[row.criterion].id != row.id:
                raise Conflict("Somebody has decided about this answer since, so nothing was taken back.")
            others = [one for one in judged if one.criterion == row.criterion and one.id not in batch]
            before = standing_decision(others, regrades_undone)
            back = before is None or before.withdrawn
            kept = row if before is None else before
            undone.append(Change(row.criterion, kept.verdict, kept.worth, kept.comment, back))
        _keep(tx, lines[number], pile, undone, now, action="took back a decision")
    tx.afterwards(wake)
    first = lines[items[0]]
    return Place(first.attempt, first.position)


@dataclass(frozen=True, slots=True)
class Change:
    """A decision to be stored, of `worth` points that there are; `back`: the machine decides again."""

    criterion: str
    points: Fraction
    worth: Fraction | None
    comment: str = ""
    back: bool = False


def _wanted(
    rubric: Sequence[Mapping[str, Any]], decision: Decision, newest: Mapping[str, Judgement], worth: Fraction
) -> list[Change]:
    """What the form says, criterion by criterion."""
    known = {line["id"] for line in rubric}
    if set(decision.points) - known:
        raise NotFound("There is nothing of this name for a person to decide.")
    wanted = []
    for line in rubric:
        name, most = line["id"], Fraction(line["max"])
        typed = decision.points.get(name, "").strip()
        comment = _comment(decision.comments.get(name, ""), f"comment.{name}")
        if typed:
            number = typed_points(typed, min(most, NOTHING), max(most, NOTHING), f"points.{name}")
            wanted.append(Change(name, number, most, comment))
        elif decision.accept and _open(line, newest):
            likely = suggestion(line)
            if likely is None:
                says = line.get("says") or name
                raise InvalidInput(f"The machine suggests nothing for “{says}”. Decide it yourself.", f"points.{name}")
            wanted.append(Change(name, likely, most, comment))
        elif comment:
            raise InvalidInput("Write points beside this comment.", f"points.{name}")
        elif name in newest and not newest[name].withdrawn:
            wanted.append(Change(name, newest[name].verdict, newest[name].worth, back=True))
    moved = typed_points(decision.adjustment, -worth, worth, "adjustment") if decision.adjustment.strip() else NOTHING
    comment = _comment(decision.comment, "comment")
    if moved or comment:
        wanted.append(Change("", moved, worth, comment))
    elif "" in newest and not newest[""].withdrawn:
        wanted.append(Change("", newest[""].verdict, newest[""].worth, back=True))
    return wanted


def _waits(rubric: Sequence[Mapping[str, Any]], wanted: Sequence[Change], worth: Fraction) -> bool:
    """Whether a person is still needed once this is decided: not where the part has the same points either way."""
    given = {change.criterion: change.points for change in wanted if not change.back}
    still = [line for line in rubric if undecided(line) and line["id"] not in given]
    if not still or any(line.get("level") or line.get("alternative") for line in rubric):
        return bool(still)
    low, high = (
        sum((given.get(line["id"], Fraction(line.get(end, line["points"]))) for line in rubric), given.get("", NOTHING))
        for end in ("points", "upto")
    )
    return max(NOTHING, min(worth, low)) != max(NOTHING, min(worth, high))


def _open(line: Mapping[str, Any], newest: Mapping[str, Judgement]) -> bool:
    decided = newest.get(line["id"])
    return undecided(line) and (decided is None or decided.withdrawn)


def _changes(wanted: Sequence[Change], newest: Mapping[str, Judgement]) -> list[Change]:
    """Those that are not decided so already."""
    changes = []
    for one in wanted:
        old = newest.get(one.criterion)
        same = old is not None and not old.withdrawn and old.comment == one.comment and _says(old, one)
        if one.back or not same:
            changes.append(one)
    return changes


def _says(old: Judgement, one: Change) -> bool:
    """Whether a decision gives these points already. Some of the points of another rubric are decided once more: by
    then a person has looked at them again.
    """
    verdict, most = Verdict(old.verdict, old.worth), one.worth if one.worth is not None else one.points
    if verdict.moved_to(most) and verdict.partial:
        return False
    return _gives(old, one)


def _gives(old: Judgement, one: Change) -> bool:
    verdict, most = Verdict(old.verdict, old.worth), one.worth if one.worth is not None else one.points
    return (verdict.at(most) if one.criterion else verdict.in_part(most)) == one.points


def _confirms(old: Judgement | None, one: Change) -> bool:
    """Whether a decision only says once more what was decided before."""
    return old is not None and not old.withdrawn and not one.back and old.comment == one.comment and _gives(old, one)


def _members(
    tx: Transaction, me: int, found: Table, line: Line, waits: Collection[str], named: Sequence[Place]
) -> tuple[dict[Line, dict[str, Judgement]], int]:
    """The answers of the group that were named and are free, now claimed, with the decisions that stand about each;
    and how many are not. Free are those that wait for the same criteria, whatever was decided about them before.
    """
    part = found.pile.part
    others = claims.held_by_others(tx, me, part)
    names = {(one.attempt, one.position) for one in named}
    alike = [one for one in alike_to(tx, found, line, others) if (one.attempt, one.position) in names]
    mine = claims.take(tx, me, part, [one.item_id for one in alike])
    # Whoever held one before may have decided about it.
    credits = stored.credits(tx, mine)
    judged = newest_by_answer(tx, mine, part)
    free = {}
    for member in alike:
        newest = judged.get(member.item_id, {})
        if member.item_id in mine and waits_for(credits.get(member.item_id), part, newest) == waits:
            free[member] = {name: one for name, one in newest.items() if not one.withdrawn}
    return free, len(names) - len(free)


def _keep(
    tx: Transaction,
    line: Line,
    pile: Pile,
    changes: Sequence[Change],
    now: datetime,
    action: str = "marked an answer",
) -> None:
    if not changes:
        return
    me, part = pile.marker, pile.part
    for one in changes:
        about = (line.item_id, part, one.criterion)
        said = (me, one.points, one.comment)
        judgements.keep(tx, *about, *said, worth=one.worth, withdrawn=one.back, at=now, at_desk=True)
    points = {one.criterion or "adjusted": "machine" if one.back else str(one.points) for one in changes}
    told = ", ".join(f"{name} {number}" for name, number in points.items())
    tx.record(me, action, f"attempt {line.attempt}", question=pile.question, part=part, points=told)
    judgements.credit_again(tx, line.item_id)


def refuse_another_rubric(tx: Transaction, row: Answered, shown: int) -> None:
    """Refuse what was decided by the rubric of the version of that number, unless that is the one of this answer.

    Raises:
        RubricChanged: it is not.
    """
    if questions.number(tx, rubric_of(row)) != shown:
        raise RubricChanged(
            "The rubric has changed since this answer was shown, so nothing was stored: look at it by the new rubric."
        )


def typed_points(typed: str, least: Fraction, most: Fraction, place: str) -> Fraction:
    """The points that somebody typed.

    Raises:
        InvalidInput: this is no number, or not one from `least` to `most`; about the field `place`.
    """
    text = typed.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    sign = -1 if text.startswith("-") else 1
    plain = text[1:] if text[:1] in ("+", "-") else text
    try:
        number = sign * read_points(plain) if plain[:1].isdigit() and len(plain) <= LONGEST_POINTS else None
    except (ValueError, ZeroDivisionError):
        number = None
    if number is None:
        raise InvalidInput("Write points as a number, such as 2, 1.5 or 1/3.", place)
    if not least <= number <= most:
        raise InvalidInput(f"From {least} to {most} points are possible here.", place)
    return number


def _comment(typed: str, place: str) -> str:
    plain = typed.replace("\r\n", "\n").strip()
    if len(plain) > LONGEST_COMMENT:
        raise InvalidInput(f"A comment has at most {LONGEST_COMMENT} characters.", place)
    return plain
