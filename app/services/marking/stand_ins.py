"""What is known of an answer while it is credited anew: a grading from before, made by the very decisions of now.

A marker who has taken something back goes on at once; the workers come to the same a moment later, since marks depend
on nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.services.marking.desk_answers import part_credit
from app.services.marking.grading import decisions_of
from app.services.operating.transactions import Transaction
from app.storage import desk as stored
from app.storage import stand_ins
from app.storage.desk import Answered, Line
from app.storage.tables import Grading


def stand_ins_of(tx: Transaction, item_ids: Collection[int]) -> dict[int, Grading]:
    """The gradings that stand in, by submitted question; of these, none counts at the moment."""
    judged = stand_ins.judged(tx, item_ids)
    if not judged:
        return {}
    found = {}
    for number, (version, gradings) in stand_ins.gradings(tx, [*judged]).items():
        newest, now = gradings[0], decisions_of(judged[number])
        for one in gradings:
            # Of the same facts by the same rubric: after a regrade, what was before it says nothing.
            if (one.question_version_id, one.observation_id) != (version, newest.observation_id):
                continue
            if decisions_of([row for row in judged[number] if row.id <= one.judgement_upto]) == now:
                found[number] = one
                break
    return found


def with_states(tx: Transaction, lines: Sequence[Line], part: str) -> list[Line]:
    """These answers; those that are credited anew as they will be, where that is known."""
    found = stand_ins_of(tx, [line.item_id for line in lines if line.state is None])
    return [line._replace(state=_state(found[line.item_id], part)) if line.item_id in found else line for line in lines]


def answered(tx: Transaction, quiz_id: int, attempt: str, position: int) -> Answered | None:
    """A submitted question with everything about it, as `app.storage.desk.one`."""
    row = stored.one(tx, quiz_id, attempt, position)
    if row is None or row.grading is None:
        return row
    found = stand_ins_of(tx, [row.item_id]) if row.item_id in stand_ins.without_grading(tx, [row.item_id]) else {}
    return replace(row, grading=found.get(row.item_id, row.grading))


def credits(tx: Transaction, item_ids: Collection[int]) -> dict[int, Mapping[str, Any] | None]:
    """What these submitted questions are credited with, or are about to be."""
    found = stored.credits(tx, item_ids)
    missing = stand_ins_of(tx, [number for number, credit in found.items() if credit is None])
    return found | {number: one.credit for number, one in missing.items()}


def _state(grading: Grading, part: str) -> str:
    return str(part_credit(grading.credit, part).get("state", grading.state))
