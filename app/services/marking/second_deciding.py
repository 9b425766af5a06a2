"""What a second marker decides about an answer, and about all that are the same, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.decisions import Verdict
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.courses.membership import Membership
from app.services.marking import claims
from app.services.marking.deciding import refuse_another_rubric
from app.services.marking.desk import Place, table
from app.services.marking.desk_answers import DeskCriterion, answer_of
from app.services.marking.desk_changes import typed_points
from app.services.marking.piles import Pile
from app.services.marking.second_marking import Sampled, alike_to, to_mark
from app.services.marking.undoing import claim_all, refuse_overtaken, undo_last
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.storage import desk, judgements
from app.storage import marking_quality as stored
from app.storage.tables import Judgement


@dataclass(frozen=True, slots=True)
class SecondDecision:
    """What a second marker typed: points by criterion, none where the machine is sure and right.

    `accept` takes the machine's suggestion where nothing is typed; `alike` names the answers decided the same way.
    `rubric`: the number of the question version whose rubric they had before their eyes.
    """

    points: Mapping[str, str]
    rubric: int
    alike: Sequence[Place] = ()
    accept: bool = False


@dataclass(frozen=True, slots=True)
class DecidedTwice:
    """For how many answers it was stored, and how many of the group were not free."""

    stored: int
    left: int


def decide_second(
    tx: Transaction,
    pile: Pile,
    place: Place,
    decision: SecondDecision,
) -> DecidedTwice:
    """Keep what a second marker decided about an answer, and about those of its group that are named.

    Raises:
        NotFound: it is not to be marked a second time, or not by this person.
        InvalidInput: something is missing or no points; `place` is the field of the form.
        Conflict: another marker is at it.
        RubricChanged: it was shown with another rubric.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    me, now = pile.marker, tx.now()
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    lines = table(tx, pile)
    named = {line.item_id for one in decision.alike if (line := lines.at(one)) is not None}
    line = lines.at(place)
    mine = claims.take(tx, me, pile.part, named | ({line.item_id} if line is not None else set()))
    if line is not None and line.item_id not in mine:
        raise Conflict("Somebody else is marking this answer now, so nothing was stored.")
    # Only now: whoever had the claim before may have decided.
    answer, row, everything = to_mark(tx, pile, place)
    refuse_another_rubric(tx, row, decision.rubric)
    criteria = _criteria(tx, quiz.id, answer)
    if not criteria:
        raise Conflict("This answer is still being graded. Try again in a moment.")
    worth = _verdicts(criteria, decision.points, accept=decision.accept)
    _keep(tx, me, answer, worth, now)
    chosen = {one.id: worth[one.id] for one in criteria if one.open or decision.points.get(one.id, "").strip()}
    done = 1
    for one in alike_to(tx, pile, answer, everything) if named else ():
        if one.item_id not in mine & named:
            continue
        others = _criteria(tx, quiz.id, one)
        told = {line.id: str(chosen[line.id].at(line.worth)) for line in others if line.id in chosen}
        try:
            _keep(tx, me, one, _verdicts(others, told, accept=False), now)
        except InvalidInput:
            continue  # the machine is less sure of this one, so it is looked at by itself
        done += 1
    claims.let_go(tx, me)
    return DecidedTwice(done, len({*decision.alike}) - done + 1)


def undo_second(tx: Transaction, membership: Membership, quiz_id: str, before: int | None = None) -> Sampled:
    """Take back what this person decided last as a second marker, for a whole group where it was one.

    Doing it twice brings the decision back. Where it was. `before`: as at the desk (deciding.undo).

    Raises:
        NotFound: they have decided nothing there.
        NotUndone: somebody else has decided since, or is at it now.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    me = membership.person.id
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    return undo_last(
        lambda before: stored.newest_second(tx, quiz.id, me, before),
        lambda last: _take_back(tx, quiz.id, me, last),
        before,
    )


def _take_back(tx: Transaction, quiz_id: int, me: int, last: Sequence[Judgement]) -> Sampled:
    back, part, now = not last[0].withdrawn, last[0].part, tx.now()
    items = claim_all(tx, me, last)
    decided = [one for one in stored.decisions(tx, quiz_id, items) if one.part == part]
    refuse_overtaken(last, ((one.item_id, one.id) for one in decided))
    for row in last:
        about = (row.submission_item_id, part, row.criterion, me, row.verdict)
        judgements.keep(tx, *about, round=2, withdrawn=back, at=now, worth=row.worth)
    lead = next(one for one in decided if one.item_id == items[0])
    action = "took back a second marking" if back else "brought back a second marking"
    tx.record(me, action, f"attempt {lead.attempt}", question=lead.question, part=part, answers=len(items))
    return Sampled(lead.item_id, lead.question, part, Place(lead.attempt, lead.position), (), ())


def _criteria(tx: Transaction, quiz_id: int, one: Sampled) -> tuple[DeskCriterion, ...]:
    row = desk.one(tx, quiz_id, one.place.attempt, one.place.position)
    if row is None:
        raise NotFound("There is no such answer (any more).")
    return answer_of(tx, row, one.part, names=False, blind=True).criteria


def _verdicts(criteria: Sequence[DeskCriterion], points: Mapping[str, str], *, accept: bool) -> dict[str, Verdict]:
    """What every criterion is worth to a second marker."""
    found = {}
    for line in criteria:
        typed, field = points.get(line.id, "").strip(), f"points.{line.id}"
        if typed:
            found[line.id] = Verdict(typed_points(typed, line.least, line.most, field), line.worth)
        elif line.open and accept and line.machine is not None:
            found[line.id] = Verdict(line.machine, line.worth)
        elif line.alone is not None:
            found[line.id] = Verdict(line.alone, line.worth)
        elif line.open:
            raise InvalidInput("A person decides this. Write points.", field)
    return found


def _keep(tx: Transaction, me: int, one: Sampled, worth: Mapping[str, Verdict], now: datetime) -> None:
    for criterion, given in worth.items():
        judgements.keep(tx, one.item_id, one.part, criterion, me, given.points, round=2, at=now, worth=given.of)
    subject = f"attempt {one.place.attempt}"
    tx.record(me, "marked an answer a second time", subject, question=one.question, part=one.part)
