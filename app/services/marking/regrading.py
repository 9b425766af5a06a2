"""Preparing a regrade: whom it concerns, and what each answer would be worth. Nothing that is prepared counts yet.

Marks are a function of variant, frozen answers, question version, the graders' fingerprint and people's decisions. A
regrade changes one of these for many answers: the version (`rubric`), the graders (`software`), or the decisions
(`void`, `accept`). Applying and undoing: app.services.marking.regrade_steps.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from app.domain.decisions import decided_now
from app.domain.documents import Written
from app.domain.expressions import points as read_points
from app.services.marking import grading
from app.services.marking.regrade_changes import Made, made_of
from app.services.marking.same_answers import answer_lines, same_answer, typed_in
from app.services.operating.transactions import Transaction
from app.storage import questions, regrade_items, regrades
from app.storage.grading_inputs import Inputs, Worth, inputs
from app.storage.regrades import Concerned
from app.storage.tables import Regrade

CHUNK = 200
"""So many answers one worker takes at a time, and loses when it is killed."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One answer of a regrade, ready for the graders, with what counts now."""

    task: grading.Task
    before: Worth
    judged_upto: int
    version_before: int


def due(tx: Transaction, limit: int) -> list[str]:
    """What is to be done for regrades: "number" to find its answers or sum up, "number:chunk" for some of them."""
    some = [str(number) for number in regrades.preparing(tx)]
    return [*some, *(f"{number}:{chunk}" for number, chunk in regrade_items.chunks(tx, limit))][:limit]


def state_of(tx: Transaction, number: int) -> str:
    """How far a regrade is; empty where there is none of that number."""
    regrade = regrades.regrade(tx, number)
    return "" if regrade is None else regrade.state


def drop_with(tx: Transaction, number: int, trouble: str) -> None:
    """Drop a regrade that cannot be prepared, with the reason for whoever began it."""
    regrade = regrades.regrade(tx, number, lock=True)
    if regrade is not None and regrade.state == "preparing":
        regrade.details = {**regrade.details, "trouble": trouble}
        regrade.state = "dropped"
        regrade_items.let_go(tx, number)


def find(tx: Transaction, number: int, software: str) -> None:
    """Write down which answers a regrade concerns, unless that has been done; `software` is that of today."""
    regrade = regrades.regrade(tx, number, lock=True)
    if regrade is None or regrade.state != "preparing" or regrade.details.get("found"):
        return
    details: dict[str, Any] = {**regrade.details, "found": tx.now().isoformat()}
    if regrade.kind == "software":
        details["software"] = software
    regrade.details = details
    tx.session.flush()
    # Chunk by chunk, so that one holds few questions and few variants: what these need is then read and computed once.
    some = sorted(concerned(tx, regrade), key=lambda one: (one.version_id, one.variant_id, one.item_id))
    if regrade.kind == "accept":
        regrade.details = {**details, "wordings": _wordings(tx, regrade, [one.item_id for one in some])}
    regrade_items.add_items(
        tx,
        [
            {
                "regrade_id": regrade.id,
                "submission_item_id": one.item_id,
                "before_id": one.current_grading_id,
                "before_version_id": one.version_id,
                "chunk": place // CHUNK,
                "step": "waiting",
                "judgement_upto": 0,
                "cause": "",
            }
            for place, one in enumerate(some)
        ],
    )


def concerned(tx: Transaction, regrade: Regrade) -> list[Concerned]:
    """The graded answers that a regrade is about, by number."""
    details, quiz = regrade.details, regrade.quiz_id
    if regrade.kind == "software":
        return regrades.concerned(tx, quiz, None, other_than_software=details["software"])
    if regrade.kind == "rubric":
        some = regrades.concerned(tx, quiz, details["question"], other_than_version=details["version_id"])
        same = {one.version_id for one in regrades.asked(tx, quiz) if one.variant_hash == details["variant_hash"]}
        return [one for one in some if one.version_id in same]
    some = regrades.concerned(tx, quiz, details["question"])
    asking = {version for version in {one.version_id for one in some} if worths(tx, version, details["part"])}
    some = [one for one in some if one.version_id in asking]
    if regrade.kind == "void":
        return some
    alike = the_same(tx, [one.item_id for one in some], details["part"], details["same"])
    return [one for one in some if one.item_id in alike]


def the_same(tx: Transaction, item_ids: list[int], part: str, said: str) -> dict[int, tuple[str, ...]]:
    """Those submitted questions of whose part the answer is this very one, with how it is written there."""
    shown: dict[int, dict[str, Any]] = {}
    known: dict[tuple[int, str], tuple[str, ...]] = {}
    found = {}
    for one in regrades.given(tx, item_ids):
        if one.variant_id not in shown:
            shown[one.variant_id] = regrades.shown(tx, one.variant_id)
        # Reading takes its time, and many students answer alike.
        asked = shown[one.variant_id]
        key = (one.variant_id, typed_in(asked, one.answers, part))
        if key not in known:
            same = same_answer(asked, one, part) == said
            known[key] = tuple(answer_lines(asked, one.answers, part)) if same else ()
        if known[key]:
            found[one.item_id] = known[key]
    return found


def _wordings(tx: Transaction, regrade: Regrade, item_ids: list[int]) -> list[dict[str, Any]]:
    """How those wrote the answer whom it is to be accepted of, the most frequent first: nobody comes along unseen."""
    details = regrade.details
    counts = Counter(the_same(tx, item_ids, details["part"], details["same"]).values())
    return [{"lines": list(lines), "answers": count} for lines, count in counts.most_common()]


def worths(tx: Transaction, version_id: int, part: str) -> dict[str, Fraction]:
    """All points of a part in a question version; empty where it has no such part, or one that is not graded.

    Without a part: those of all parts that make up the question's maximum.
    """
    left_out = ("none",) if part else ("none", "bonus")
    return {
        one["id"]: read_points(one["points"])
        for one in questions.package(tx, version_id)["question"]["parts"]
        if one.get("score") not in left_out and part in ("", one["id"])
    }


def waiting(tx: Transaction, number: int, chunk: int, software: str) -> tuple[list[Prepared], list[int]]:
    """The answers of a chunk that wait for the graders; and those that must be graded as usual first, by number."""
    regrade = regrades.regrade(tx, number)
    if regrade is None or regrade.state != "preparing":
        return [], []
    target = regrade.details["version_id"] if regrade.kind == "rubric" else None
    some = inputs(
        tx, regrade_items.waiting(number, chunk), software, version_id=target, anew=regrade.kind == "software"
    )
    graded = [(one, one.current) for one in some if one.current is not None]
    given: dict[int, dict[str, str]] = {}
    if regrade.kind in ("void", "accept"):
        for version in {one.item.version_id for one, _ in graded}:
            full = worths(tx, version, regrade.details["part"])
            given[version] = {f"{part}.": grading.exact(points) for part, points in full.items()}
    found = [_prepared(one, before, software, given.get(one.item.version_id, {})) for one, before in graded]
    return found, [one.item.submission_item_id for one in some if one.current is None]


def _prepared(one: Inputs, before: Worth, software: str, given: Mapping[str, str]) -> Prepared:
    task = grading.task_of(one.item, software, one.judged, one.counting or one.by_software)
    decisions = task.decisions
    for name, points in given.items():
        decisions = decided_now(decisions, name, points)
    task = replace(task, decisions=decisions)
    return Prepared(task, before, task.judgement_upto, one.version_now)


def prepare(tx: Transaction, number: int, chunk: int, done: list[tuple[Prepared, grading.Outcome]]) -> None:
    """Store what the graders say about some answers of a chunk of a regrade, unless it has been dropped."""
    regrade = regrades.regrade(tx, number, lock=True)
    if regrade is None or regrade.state != "preparing":
        return
    still = set(tx.session.scalars(regrade_items.waiting(number, chunk)))
    done = [(one, outcome) for one, outcome in done if one.task.item.submission_item_id in still]
    gradings = grading.gradings_of(tx, [(one.task, outcome) for one, outcome in done])
    rows = {}
    for (one, outcome), after in zip(done, gradings, strict=True):
        worth = Worth(one.before.grading_id, after.state, after.points, after.upto, after.max)
        rows[after.submission_item_id] = {
            "before_id": one.before.grading_id,
            "before_version_id": one.version_before,
            "observation_id": after.observation_id,
            "judgement_upto": one.judged_upto,
            "credit": after.credit,
            "state": after.state,
            "points": after.points,
            "upto": after.upto,
            "max": after.max,
            "changed": worth != one.before,
            "decided": _made_of(regrade, after.credit, one.task.decisions),
            "cause": outcome.cause,
        }
    regrade_items.keep_prepared(tx, number, rows)


def _made_of(regrade: Regrade, credit: Written | None, decisions: Mapping[str, str]) -> Made:
    if regrade.kind != "rubric" or not decisions or credit is None:
        return ""
    return made_of(json.loads(credit), decisions)


def finish(tx: Transaction, number: int) -> None:
    """All answers of a regrade are prepared: sum up, and let it be looked at."""
    regrade = regrades.regrade(tx, number, lock=True)
    if regrade is None or regrade.state != "preparing" or not regrade.details.get("found"):
        return
    if regrade_items.any_waiting(tx, number):
        return
    regrade.details = {**regrade.details, "summary": summary(regrade_items.worths(tx, number))}
    regrade.state = "previewed"
    tx.session.flush()


def summary(rows: Sequence[regrade_items.Alike]) -> dict[str, Any]:
    """How many answers change and which way, and what all of them are worth before and after."""
    counts = dict.fromkeys(("answers", "changed", "more", "less", "to_people", "decided", "again"), 0)
    before, after = Fraction(0), Fraction(0)
    for row in rows:
        old, new = row.points_before or Fraction(0), row.points or Fraction(0)
        counts["answers"] += row.answers
        counts["changed"] += row.answers * bool(row.changed)
        counts["more"] += row.answers * (new > old)
        counts["less"] += row.answers * (new < old)
        counts["to_people"] += row.answers * (row.state == "needs-person" != row.state_before)
        counts["decided"] += row.answers * bool(row.decided)
        counts["again"] += row.answers * (row.decided == "again")
        before, after = before + row.answers * row.weight * old, after + row.answers * row.weight * new
    return {**counts, "before": grading.exact(before), "after": grading.exact(after)}
