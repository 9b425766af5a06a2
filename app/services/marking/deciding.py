"""Deciding what an answer is worth, for it and for all that are the same, and taking that back.

Every decision is a row of its own. The machine's credit is made anew from what was observed; no grader runs for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.expressions import points as read_points
from app.services.marking import claims
from app.services.marking.desk import Place, Table, alike_to, table
from app.services.marking.desk_answers import newest_of, part_credit, part_shown, suggestion, undecided
from app.services.marking.piles import Pile
from app.services.marking.regrade_standing import standing_decision, undone_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import refuse_archived
from app.storage import desk as stored
from app.storage import judgements
from app.storage.desk import Line
from app.storage.tables import Judgement

LONGEST_POINTS, LONGEST_COMMENT = 20, 2000
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a marker typed: points and comments by criterion (no points: the machine's), and about the whole part.

    `seen` is the newest decision that the marker had before their eyes; `alike` names the answers of the group that
    are decided the same way; `accept` takes the machine's suggestion where nothing is typed.
    """

    points: Mapping[str, str]
    comments: Mapping[str, str] = field(default_factory=dict)
    adjustment: str = ""
    comment: str = ""
    seen: int = 0
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
    worth = Fraction(part_shown(row, part)["points"])
    rubric = part_credit(credit, part).get("criteria", ())
    wanted = _wanted(rubric, decision, newest_of(judged), worth)
    changes = _changes(wanted, newest_of(judged))
    _keep(tx, line, pile, changes, now)
    done = [line.item_id] if changes else []
    left = 0
    if changes and decision.alike:
        members, left = _members(tx, me, found, line, decision.alike)
        for one in members:
            _keep(tx, one, pile, [change for change in wanted if not change.back], now)
        done += [one.item_id for one in members]
    if done:
        tx.afterwards(wake)
    open_now = [one for one in rubric if undecided(one) and not any(change.criterion == one["id"] for change in wanted)]
    return Decided(found, tuple(done), left, bool(open_now))


def undo(tx: Transaction, pile: Pile, wake: Callable[[], None]) -> Place:
    """Take back what a marker decided last about a part, for a whole group where it was one: the earlier state is
    decided again. Doing it twice brings the decision back. Where it was.

    Raises:
        NotFound: this marker has decided nothing there.
        Conflict: somebody else has decided since, or is at it now.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    me, part, now = pile.marker, pile.part, tx.now()
    found = table(tx, pile)
    last = stored.newest_of(tx, found.quiz.id, pile.question, part, me)
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
            undone.append(Change(row.criterion, kept.verdict, kept.comment, back))
        _keep(tx, lines[number], pile, undone, now, action="took back a decision")
    tx.afterwards(wake)
    first = lines[items[0]]
    return Place(first.attempt, first.position)


@dataclass(frozen=True, slots=True)
class Change:
    """A decision to be stored; `back`: the machine decides again."""

    criterion: str
    points: Fraction
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
            wanted.append(Change(name, number, comment))
        elif decision.accept and _open(line, newest):
            likely = suggestion(line)
            if likely is None:
                says = line.get("says") or name
                raise InvalidInput(f"The machine suggests nothing for “{says}”. Decide it yourself.", f"points.{name}")
            wanted.append(Change(name, likely, comment))
        elif comment:
            raise InvalidInput("Write points beside this comment.", f"points.{name}")
        elif name in newest and not newest[name].withdrawn:
            wanted.append(Change(name, newest[name].verdict, back=True))
    moved = typed_points(decision.adjustment, -worth, worth, "adjustment") if decision.adjustment.strip() else NOTHING
    comment = _comment(decision.comment, "comment")
    if moved or comment:
        wanted.append(Change("", moved, comment))
    elif "" in newest and not newest[""].withdrawn:
        wanted.append(Change("", newest[""].verdict, back=True))
    return wanted


def _open(line: Mapping[str, Any], newest: Mapping[str, Judgement]) -> bool:
    decided = newest.get(line["id"])
    return undecided(line) and (decided is None or decided.withdrawn)


def _changes(wanted: Sequence[Change], newest: Mapping[str, Judgement]) -> list[Change]:
    """Those that are not decided so already."""
    changes = []
    for one in wanted:
        old = newest.get(one.criterion)
        same = old is not None and not old.withdrawn and (old.verdict, old.comment) == (one.points, one.comment)
        if one.back or not same:
            changes.append(one)
    return changes


def _members(tx: Transaction, me: int, found: Table, line: Line, named: Sequence[Place]) -> tuple[list[Line], int]:
    """The answers of the group that were named and are free, now claimed; and how many are not."""
    others = claims.held_by_others(tx, me, found.pile.part)
    names = {(one.attempt, one.position) for one in named}
    alike = [one for one in alike_to(tx, found, line, others) if (one.attempt, one.position) in names]
    mine = claims.take(tx, me, found.pile.part, [one.item_id for one in alike])
    # Whoever held one before may have decided about it.
    judged = {one.submission_item_id for one, _ in stored.decided(tx, mine, found.pile.part) if not one.withdrawn}
    free = [one for one in alike if one.item_id in mine - judged]
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
        judgements.keep(tx, line.item_id, part, one.criterion, me, one.points, one.comment, withdrawn=one.back, at=now)
    points = {one.criterion or "adjusted": "machine" if one.back else str(one.points) for one in changes}
    told = ", ".join(f"{name} {number}" for name, number in points.items())
    tx.record(me, action, f"attempt {line.attempt}", question=pile.question, part=part, points=told)
    judgements.credit_again(tx, line.item_id)


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
