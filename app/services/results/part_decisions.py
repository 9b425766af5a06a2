"""What the decisions that count say to their student: the comments, and which parts a regrade gives in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, cast

from app.services.marking.regrade_standing import comment_beside, regrade_behind, standing_decision
from app.services.operating.transactions import Transaction
from app.storage import judgements, regrade_items
from app.storage.tables import Judgement, SubmissionItem

Given: TypeAlias = Literal["", "void", "accept"]
"""A part that counts in full for all; an answer that was accepted afterwards; neither."""


Comments: TypeAlias = Mapping[tuple[int, str, str], str]
"""What people said with the decisions that count, by submitted question, part and criterion."""


def comments_of(tx: Transaction, handed_in: Iterable[SubmissionItem]) -> Comments:
    """The comments of the decisions that the gradings that count have taken in."""
    upto = {one.id: one.current_grading.judgement_upto for one in handed_in if one.current_grading is not None}
    judged: dict[tuple[int, str, str], list[Judgement]] = {}
    for one in judgements.of_items(tx, list(upto)):
        if one.id <= upto[one.submission_item_id]:
            judged.setdefault((one.submission_item_id, one.part, one.criterion), []).append(one)
    return {place: _said(some) for place, some in judged.items()}


def _said(judged: Sequence[Judgement]) -> str:
    """What the decision that counts says, of all about the same; beside the reason of a regrade what people add."""
    if judged[0].criterion:
        return "" if judged[-1].withdrawn else judged[-1].comment
    return "\n".join(filter(None, (regrade_behind(judged), comment_beside(judged))))


def given_by_regrade(tx: Transaction, handed_in: Iterable[SubmissionItem]) -> dict[tuple[int, str], Given]:
    """By submitted question and part, where a regrade's decision about the whole part is the one that counts."""
    upto = {one.id: one.current_grading.judgement_upto for one in handed_in if one.current_grading is not None}
    regrades = {row.id: row for _, row in regrade_items.of_items(tx, list(upto))}
    kinds = {number: row.kind for number, row in regrades.items() if row.kind in ("void", "accept")}
    if not kinds:
        return {}
    undone = {number for number, row in regrades.items() if row.state == "undone"}
    judged: dict[tuple[int, str], list[Judgement]] = {}
    for one in judgements.of_items(tx, list(upto)):
        if one.criterion == "" and one.id <= upto[one.submission_item_id]:
            judged.setdefault((one.submission_item_id, one.part), []).append(one)
    found: dict[tuple[int, str], Given] = {}
    for place, some in judged.items():
        counts = standing_decision(some, undone)
        if counts is not None and counts.regrade_id in kinds:
            found[place] = cast("Given", kinds[counts.regrade_id])
    return found
