"""Queries about which regrades have reached a submitted question, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.storage.tables import Grading, Observation, Regrade, RegradeItem
from app.storage.transaction import Transaction


class Step(NamedTuple):
    """One regrade in the history of a submitted question. `asked`: what these facts say, by its hash."""

    regrade_id: int
    applied: bool
    before_version_id: int | None
    observation_id: int | None
    asked: str | None
    observation_before: int | None
    asked_before: str | None


def history(tx: Transaction, item_ids: Sequence[int]) -> dict[int, list[Step]]:
    """By submitted question: the regrades of rubrics and graders that reached it (perhaps undone), the oldest first."""
    seen, first, asked_first = aliased(Observation), aliased(Grading), aliased(Observation)
    query = (
        select(
            RegradeItem.submission_item_id,
            RegradeItem.regrade_id,
            RegradeItem.step == "applied",
            RegradeItem.before_version_id,
            RegradeItem.observation_id,
            seen.observe_hash,
            first.observation_id,
            asked_first.observe_hash,
        )
        .join(Regrade, Regrade.id == RegradeItem.regrade_id)
        .outerjoin(seen, seen.id == RegradeItem.observation_id)
        .outerjoin(first, first.id == RegradeItem.before_id)
        .outerjoin(asked_first, asked_first.id == first.observation_id)
        .where(RegradeItem.submission_item_id.in_(item_ids), RegradeItem.step.in_(("applied", "undone")))
        .where(Regrade.applied_at.is_not(None), Regrade.kind.in_(("rubric", "software")))
        .order_by(Regrade.applied_at, Regrade.id)
    )
    found: dict[int, list[Step]] = {}
    for row in tx.session.execute(query):
        found.setdefault(row[0], []).append(Step(*row[1:]))
    return found


def undone(tx: Transaction, item_ids: Sequence[int]) -> set[int]:
    """The regrades that were applied to any of these submitted questions and undone."""
    query = (
        select(Regrade.id)
        .join(RegradeItem, RegradeItem.regrade_id == Regrade.id)
        .where(RegradeItem.submission_item_id.in_(item_ids), RegradeItem.step.in_(("applied", "undone")))
        .where(Regrade.state == "undone")
        .distinct()
    )
    return set(tx.session.scalars(query))


def first_version(tx: Transaction, item_id: int) -> int | None:
    """The rubric that counted for a submitted question before other rubrics were applied to it; None: none was."""
    query = (
        select(RegradeItem.before_version_id)
        .join(Regrade, Regrade.id == RegradeItem.regrade_id)
        .where(RegradeItem.submission_item_id == item_id, RegradeItem.step.in_(("applied", "undone")))
        .where(Regrade.applied_at.is_not(None), Regrade.kind == "rubric")
        .order_by(Regrade.applied_at, Regrade.id)
    )
    return tx.session.scalar(query.limit(1))
