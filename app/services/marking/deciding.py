"""Deciding what an answer is worth, for it and for all that are the same, and taking that back.

Every decision is a row of its own. The machine's credit is made anew from what was observed; no grader runs for that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.errors import Conflict
from app.services.marking import claims, stand_ins
from app.services.marking.desk import Place, Table, alike_to, table
from app.services.marking.desk_answers import newest_of, part_credit, part_worth, rubric_of, undecided, waits_for
from app.services.marking.desk_changes import Change, changes_of, for_another, taken_back, wanted
from app.services.marking.grading import decisions_of
from app.services.marking.piles import Pile
from app.services.marking.regrade_standing import regraded_since, undone_of
from app.services.marking.tried_credit import credit_with
from app.services.marking.undoing import claim_all, overtaken, refuse_overtaken, undo_last
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import refuse_archived
from app.storage import desk as stored
from app.storage import grading_inputs, judgements, questions
from app.storage.desk import Answered, Line
from app.storage.tables import Judgement

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


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
    """What came of it: the answers that were decided, and how many of the group were not free.

    `open`: the answer itself, where its marker left a criterion undecided; whether that waits on: `still_waits`.
    """

    table: Table
    items: tuple[int, ...]
    left: int
    open: int | None


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
    row = stand_ins.answered(tx, found.quiz.id, place.attempt, place.position)
    credit = row.grading.credit if row is not None and row.grading is not None else None
    if row is None or row.grading is None:
        raise Conflict("This answer is still being graded. Try again in a moment.")
    refuse_another_rubric(tx, row, decision.rubric)
    worth = part_worth(tx, row, part)
    rubric = part_credit(credit, part).get("criteria", ())
    form = wanted(rubric, decision, newest_of(judged), worth)
    changes = changes_of(form, judged)
    waits = waits_for(credit, part, newest_of(judged))
    members, left = _members(tx, me, found, line, waits, decision.alike) if changes and decision.alike else ({}, 0)
    _keep(tx, line, pile, changes, now)
    for one, earlier in members.items():
        _keep(tx, one, pile, changes_of(for_another(form, changes, judged, earlier), earlier), now)
    done = [line.item_id, *(one.item_id for one in members)] if changes else []
    if done:
        tx.afterwards(wake)
    given = {change.criterion for change in form if change.decides}
    still = any(undecided(one) and one["id"] not in given for one in rubric) if rubric else "" not in given
    return Decided(found, tuple(done), left, line.item_id if still else None)


def still_waits(tx: Transaction, sandbox: Runs, pile: Pile, decided: Decided) -> bool:
    """Whether a person is still needed for an answer, now that this is decided: what its rubric makes of it says so.

    Apart from `decide`, because nobody waits for the sandbox while others wait to write.
    """
    if decided.open is None:
        return False
    (one,) = grading_inputs.inputs(tx, [decided.open], "")
    credit = credit_with(sandbox, one, decisions_of(one.judged))
    return credit is None or part_credit(credit, pile.part).get("state") == "needs-person"


def undo(tx: Transaction, pile: Pile, wake: Callable[[], None], before: int | None = None) -> Place:
    """Take back what a marker decided last at the desk about a part, for a whole group where it was one: the earlier
    state is decided again. Doing it twice brings the decision back. Where it was.

    `before`: of what was decided before that judgement, the last that can be taken back; the others are passed over,
    since the marker has been told that they cannot.

    Raises:
        NotFound: this marker has decided nothing there.
        NotUndone: somebody else has decided since, or is at it now.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    found = table(tx, pile)

    def find(before: int | None) -> list[Judgement]:
        return stored.decided_last(tx, found.quiz.id, pile.question, pile.part, pile.marker, before)

    place = undo_last(find, lambda last: _take_back(tx, found, last), before)
    tx.afterwards(wake)
    return place


def _take_back(tx: Transaction, found: Table, decided: Sequence[Judgement]) -> Place | None:
    """Take back what was decided at once; None where its students have left. Where it cannot be, nothing is written."""
    pile, now = found.pile, tx.now()
    me, part = pile.marker, pile.part
    lines = {line.item_id: line for line in found.lines}
    last = [one for one in decided if one.submission_item_id in lines]
    if not last:
        return None
    items = claim_all(tx, me, last)
    everything = [one for one, _ in stored.decided(tx, items, part)]
    refuse_overtaken(last, ((one.submission_item_id, one.id) for one in everything))
    if regraded_since(tx, items, last[0].created_at, me):
        raise overtaken(last)
    batch, regrades_undone = {one.id for one in last}, undone_of(tx, items)
    for number in items:
        judged = _of(everything, number)
        undone = []
        for row in _of(last, number):
            others = [one for one in judged if one.criterion == row.criterion and one.id not in batch]
            undone.append(taken_back(row, others, regrades_undone))
        _keep(tx, lines[number], pile, undone, now, action="took back a decision")
    first = lines[items[0]]
    return Place(first.attempt, first.position)


def _of(judged: Sequence[Judgement], item_id: int) -> list[Judgement]:
    return [one for one in judged if one.submission_item_id == item_id]


def _members(
    tx: Transaction, me: int, found: Table, line: Line, waits: Collection[str], named: Sequence[Place]
) -> tuple[dict[Line, list[Judgement]], int]:
    """The answers of the group that were named and are free, now claimed, with what has been decided about each;
    and how many are not. Free are those that wait for the same criteria, whatever was decided about them before.
    """
    part = found.pile.part
    others = claims.held_by_others(tx, me, part)
    names = {(one.attempt, one.position) for one in named}
    alike = [one for one in alike_to(tx, found, line, others) if (one.attempt, one.position) in names]
    mine = claims.take(tx, me, part, [one.item_id for one in alike])
    # Whoever held one before may have decided about it.
    credits = stand_ins.credits(tx, mine)
    everything = [one for one, _ in stored.decided(tx, mine, part)]
    free = {}
    for member in alike:
        judged = _of(everything, member.item_id)
        if member.item_id in mine and waits_for(credits.get(member.item_id), part, newest_of(judged)) == waits:
            free[member] = judged
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
        judgements.keep(
            tx, *about, *said, worth=one.worth, withdrawn=one.back, at=now, at_desk=True, repeats=one.repeats
        )
    points = {one.criterion or "adjusted": _told(one) for one in changes}
    told = ", ".join(f"{name} {number}" for name, number in points.items())
    tx.record(me, action, f"attempt {line.attempt}", question=pile.question, part=part, points=told)
    judgements.credit_again(tx, line.item_id)


def _told(one: Change) -> str:
    if one.back:
        return "machine"
    return str(one.points) if one.decides else "comment"


def refuse_another_rubric(tx: Transaction, row: Answered, shown: int) -> None:
    """Refuse what was decided by the rubric of the version of that number, unless that is the one of this answer.

    Raises:
        RubricChanged: it is not.
    """
    if questions.number(tx, rubric_of(row)) != shown:
        raise RubricChanged(
            "The rubric has changed since this answer was shown, so nothing was stored: look at it by the new rubric."
        )
