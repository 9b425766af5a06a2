"""Queries about what people decide: every decision is kept, the newest of each criterion counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select, update

from app.storage.tables import Judgement, PersonRow, SubmissionItem
from app.storage.transaction import Transaction


class ByRegrade(NamedTuple):
    """What a regrade decides about a part of a submitted question; `withdrawn`: nobody's points stand any more.

    `repeats`: it only lets what was decided in that judgement stand again; 0: nothing but a comment.
    """

    item_id: int
    points: Fraction
    worth: Fraction | None
    comment: str
    withdrawn: bool = False
    repeats: int | None = None


def keep(
    tx: Transaction,
    item_id: int,
    part: str,
    criterion: str,
    person_id: int,
    points: Fraction,
    comment: str = "",
    *,
    round: int = 1,
    withdrawn: bool = False,
    at: datetime | None = None,
    at_desk: bool = False,
    worth: Fraction | None = None,
    repeats: int | None = None,
) -> int:
    """Store what a person decided about one criterion of a submitted question (or took back); its number.

    Without a criterion the points are what the whole part is moved by. What is decided together has the same `at`.
    `worth`: of how many points these are; where it is left out, they are taken as they are by every rubric. `repeats`:
    the judgement that decided these points; 0: none did, this is only a comment.
    """
    row = Judgement(
        submission_item_id=item_id,
        part=part,
        criterion=criterion,
        person_id=person_id,
        verdict=points,
        verdict_real=float(points),
        comment=comment,
        created_at=at or tx.now(),
        round=round,
        withdrawn=withdrawn,
        at_desk=at_desk,
        worth=worth,
        repeats=repeats,
    )
    tx.session.add(row)
    tx.session.flush()
    return row.id


def keep_for_regrade(
    tx: Transaction,
    regrade_id: int,
    person_id: int,
    part: str,
    decided: Sequence[ByRegrade],
) -> dict[int, int]:
    """Store what a regrade decides about a whole part of many submitted questions; the numbers by question."""
    at = tx.now()
    rows = [
        Judgement(
            submission_item_id=item_id,
            part=part,
            criterion="",
            person_id=person_id,
            verdict=points,
            verdict_real=float(points),
            worth=worth,
            comment=comment,
            created_at=at,
            round=1,
            withdrawn=withdrawn,
            regrade_id=regrade_id,
            at_desk=False,
            repeats=repeats,
        )
        for item_id, points, worth, comment, withdrawn, repeats in decided
    ]
    tx.session.add_all(rows)
    tx.session.flush()
    return {row.submission_item_id: row.id for row in rows}


def credit_again(tx: Transaction, item_id: int) -> None:
    """Let a submitted question be credited anew: what was observed stays, the decisions are taken in."""
    tx.session.execute(update(SubmissionItem).where(SubmissionItem.id == item_id).values(current_grading_id=None))


def of_items(tx: Transaction, item_ids: Sequence[int]) -> list[Judgement]:
    """What people decided about these submitted questions, oldest first; a second marker's round is not among it."""
    query = select(Judgement).where(Judgement.submission_item_id.in_(item_ids), Judgement.round == 1)
    return list(tx.session.scalars(query.order_by(Judgement.id)))


def with_names(tx: Transaction, item_ids: Sequence[int]) -> list[tuple[Judgement, str]]:
    """The same with the name of whoever decided."""
    query = (
        select(Judgement, PersonRow.name)
        .join(PersonRow, PersonRow.id == Judgement.person_id)
        .where(Judgement.submission_item_id.in_(item_ids), Judgement.round == 1)
        .order_by(Judgement.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]
