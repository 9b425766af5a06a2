"""What stands after regrades were applied and undone in any order: what would count had the undone ones never been.

The rubric is that of the newest regrade that counts, else the one from before all of them, and so are the facts. Of the
decisions about a whole part the newest counts that no undone regrade has made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.services.operating.transactions import Transaction
from app.storage import gradings, regrade_history, regrade_items, regrades
from app.storage.regrade_history import Step
from app.storage.tables import Judgement, Regrade, RegradeItem, SubmissionItem


@dataclass(frozen=True, slots=True)
class Standing:
    """The rubric and the facts that count for a submitted question; None: no regrade has ever touched them."""

    version_id: int | None = None
    observation_id: int | None = None


def standings(tx: Transaction, item_ids: Sequence[int]) -> dict[int, Standing]:
    """By submitted question: what counts after all regrades that were applied to it, and undone."""
    history = regrade_history.history(tx, item_ids)
    known = regrades.of_numbers(tx, {step.regrade_id for steps in history.values() for step in steps})
    return {number: _standing(steps, known) for number, steps in history.items()}


def standings_after(
    tx: Transaction, regrade: Regrade, rows: Sequence[RegradeItem], questions: Mapping[int, SubmissionItem]
) -> dict[int, Standing]:
    """By submitted question: what counts now that this regrade has been applied to it.

    The last one changes what stands there already, whatever came before: only where another was applied later, and
    was faster, all of them are gone through.
    """
    if not regrades.is_last(tx, regrade):
        return standings(tx, list(questions))
    if regrade.kind == "software":
        return {row.submission_item_id: Standing(None, row.observation_id) for row in rows}
    if regrade.kind != "rubric":
        return {}
    new = {row.submission_item_id: row.observation_id or 0 for row in rows}
    old = {number: question.observation_id or 0 for number, question in questions.items()}
    moved = [number for number in new if new[number] not in (0, old[number])]
    asked = gradings.asked(tx, [facts[number] for number in moved for facts in (new, old)])
    others = {number: new[number] for number in moved if asked.get(new[number]) != asked.get(old[number])}
    return {number: Standing(regrade.details["version_id"], others.get(number)) for number in new}


def _standing(history: Sequence[Step], known: Mapping[int, Regrade]) -> Standing:
    # Nothing came before the first of them but what had always counted.
    version = next((step.before_version_id for step in history if known[step.regrade_id].kind == "rubric"), None)
    first = next((step for step in history if step.observation_before is not None), None)
    observation, asked = (first.observation_before, first.asked_before) if first is not None else (None, None)
    for step in history:
        regrade = known[step.regrade_id]
        if regrade.state != "applied" or not step.applied:
            continue
        if regrade.kind == "rubric":
            version = regrade.details["version_id"]
        # Another rubric goes by the facts that are there, unless it asks for others.
        if step.observation_id is not None and (regrade.kind == "software" or step.asked != asked):
            observation, asked = step.observation_id, step.asked
    return Standing(version, observation)


def standing_decision(judged: Sequence[Judgement], undone: Collection[int]) -> Judgement | None:
    """Of the decisions about one thing (oldest first), the one that counts where these regrades are undone.

    None: nobody has decided. Whoever takes their own decision back, or only adds a comment, repeats the one before it,
    which may be a regrade's; before that was written down with it, such a row is known by what it says.
    """
    place = len(judged) - 1
    while place >= 0:
        one = judged[place]
        decided = next((number for number in range(place) if judged[number].id == one.repeats), None)
        if decided is not None:
            place = decided
        elif one.regrade_id in undone:
            place = next(number for number, row in enumerate(judged) if row.regrade_id == one.regrade_id) - 1
        elif one.regrade_id is None and place >= 2 and _repeats(one, judged[place - 1], judged[place - 2]):
            place -= 2
        else:
            return one
    return None


def _repeats(one: Judgement, own: Judgement, earlier: Judgement) -> bool:
    return own.regrade_id is None and own.person_id == one.person_id and said(one) == said(earlier)


def said(one: Judgement | None) -> tuple[Fraction, Fraction | None, str] | None:
    """What a decision says: points, of how many, and why; None where the machine decides, or there is none."""
    return None if one is None or not one.decides else (one.verdict, one.worth, one.comment)


def comment_beside(judged: Sequence[Judgement]) -> str:
    """What people say about a part now, of all decisions about the whole of it (oldest first).

    A regrade's reason is not among it; nor is what was said with points that a regrade has replaced.
    """
    for one in reversed(judged):
        if one.withdrawn:
            return ""
        if one.regrade_id is None or one.repeats is not None:
            return one.comment if one is judged[-1] or one.repeats == 0 or not one.verdict else ""
    return ""


def regrade_behind(judged: Sequence[Judgement]) -> str:
    """Why a regrade decided what counts, of all decisions about a whole part (oldest first); empty where none did."""
    if not judged or judged[-1].withdrawn:
        return ""
    decided = next((one for one in judged if one.id == judged[-1].decided_in), None)
    return decided.comment if decided is not None and decided.regrade_id is not None else ""


def comment_after(judged: Sequence[Judgement], stands: Judgement | None) -> str:
    """What people go on saying about a part when a regrade is undone, so that this decision about the whole stands."""
    people = [one for one in judged if one.regrade_id is None]
    if people and not people[-1].withdrawn and people[-1].comment:
        return people[-1].comment
    mine = [one.comment for one in people if stands is not None and one.decided_in == stands.id]
    return mine[-1] if mine else ""


def regraded_since(tx: Transaction, item_ids: Sequence[int], at: datetime, person_id: int) -> bool:
    """Whether somebody else has let a regrade of these submitted questions count since then, or has undone one."""
    for _, regrade in regrade_items.of_items(tx, item_ids):
        steps = ((regrade.applied_at, "applied_by"), (regrade.undone_at, "undone_by"))
        if any(done and done > at and regrade.details.get(by) != person_id for done, by in steps):
            return True
    return False


def undone_of(tx: Transaction, item_ids: Sequence[int]) -> set[int]:
    """The numbers of the regrades that were applied to these submitted questions and undone."""
    return regrade_history.undone(tx, item_ids)
