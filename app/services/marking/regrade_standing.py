"""What stands after regrades were applied and undone in any order: what would count had the undone ones never been.

The rubric is that of the newest regrade that counts, else the one from before all of them, and so are the facts. Of the
decisions about a whole part the newest counts that no undone regrade has made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.services.operating.transactions import Transaction
from app.storage import gradings, regrade_items
from app.storage.tables import Grading, Judgement, Regrade, RegradeItem


@dataclass(frozen=True, slots=True)
class Standing:
    """The rubric and the facts that count for a submitted question; None: no regrade has ever touched them."""

    version_id: int | None = None
    observation_id: int | None = None


def standings(tx: Transaction, item_ids: Sequence[int]) -> dict[int, Standing]:
    """By submitted question: what counts after all regrades that were applied to it, and undone."""
    history: dict[int, list[tuple[RegradeItem, Regrade]]] = {}
    for item, regrade in regrade_items.of_items(tx, item_ids):
        if regrade.kind in ("rubric", "software"):
            history.setdefault(item.submission_item_id, []).append((item, regrade))
    every = [item for some in history.values() for item, _ in some]
    before = gradings.of_numbers(tx, [item.before_id for item in every if item.before_id is not None])
    facts = {one.observation_id for one in before.values()} | {item.observation_id for item in every}
    asked = gradings.asked(tx, [one for one in facts if one is not None])
    return {number: _standing(some, before, asked) for number, some in history.items()}


def _standing(
    history: Sequence[tuple[RegradeItem, Regrade]], before: Mapping[int, Grading], asked: Mapping[int, str]
) -> Standing:
    # Nothing came before the first of them but what had always counted.
    version = next((item.before_version_id for item, regrade in history if regrade.kind == "rubric"), None)
    first = next((one for one in (before.get(item.before_id or 0) for item, _ in history) if one is not None), None)
    observation = first.observation_id if first is not None else None
    for item, regrade in history:
        if regrade.state != "applied" or item.step != "applied":
            continue
        if regrade.kind == "rubric":
            version = regrade.details["version_id"]
        # Another rubric goes by the facts that are there, unless it asks for others.
        other = regrade.kind == "software" or asked.get(item.observation_id or 0) != asked.get(observation or 0)
        if item.observation_id is not None and other:
            observation = item.observation_id
    return Standing(version, observation)


def standing_decision(judged: Sequence[Judgement], undone: Collection[int]) -> Judgement | None:
    """Of the decisions about one thing (oldest first), the one that counts where these regrades are undone.

    None: nobody has decided. Whoever takes their own decision back repeats the one before it, which may be a regrade's.
    """
    place = len(judged) - 1
    while place >= 0:
        one = judged[place]
        if one.regrade_id in undone:
            place = next(number for number, row in enumerate(judged) if row.regrade_id == one.regrade_id) - 1
        elif one.regrade_id is None and place >= 2 and _repeats(one, judged[place - 1], judged[place - 2]):
            place -= 2
        else:
            return one
    return None


def _repeats(one: Judgement, own: Judgement, earlier: Judgement) -> bool:
    return own.regrade_id is None and own.person_id == one.person_id and said(one) == said(earlier)


def said(one: Judgement | None) -> tuple[Fraction, str] | None:
    """What a decision says; None where it leaves the matter to the machine, or there is none."""
    return None if one is None or one.withdrawn else (one.verdict, one.comment)


def undone_of(tx: Transaction, item_ids: Sequence[int]) -> set[int]:
    """The numbers of the regrades that were applied to these submitted questions and undone."""
    return {regrade.id for _, regrade in regrade_items.of_items(tx, item_ids) if regrade.state == "undone"}
