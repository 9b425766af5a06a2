"""Who or what is behind each grading of a submitted question: the people who decided, and the regrades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.marking.regrades import Regraded, regraded
from app.services.operating.transactions import Transaction
from app.storage import judgements
from app.storage.tables import Grading, Judgement


@dataclass(frozen=True, slots=True)
class Cause:
    """Since the grading before it: who has decided something, and which regrades came or were undone."""

    people: tuple[str, ...] = ()
    regrades: tuple[Regraded, ...] = ()


def causes(tx: Transaction, gradings: Sequence[Grading]) -> dict[int, Cause]:
    """By grading (all of these questions, the oldest first): what it took in that the one before had not."""
    ids = sorted({one.submission_item_id for one in gradings})
    again = regraded(tx, ids)
    decided: dict[int, list[tuple[Judgement, str]]] = {}
    for judgement, name in judgements.with_names(tx, ids):
        decided.setdefault(judgement.submission_item_id, []).append((judgement, name))
    found: dict[int, Cause] = {}
    before: dict[int, int] = {}
    for one in gradings:
        number = one.submission_item_id
        since = [
            (judgement, name)
            for judgement, name in decided.get(number, ())
            if before.get(number, 0) < judgement.id <= one.judgement_upto
        ]
        before[number] = one.judgement_upto
        by_regrade = {judgement.regrade_id for judgement, _ in since}
        found[one.id] = Cause(
            tuple(dict.fromkeys(name for judgement, name in since if judgement.regrade_id is None)),
            tuple(row for row in again.get(number, ()) if row.number in by_regrade or row.after_grading == one.id),
        )
    return found
