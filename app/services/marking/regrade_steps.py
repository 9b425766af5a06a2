"""Applying and undoing a regrade, a few answers at a time: each chunk wholly or not at all, however often it is tried.

What was prepared counts only where nothing happened in between. Where somebody decided meanwhile, the answer is graded
anew with that decision: nothing a person did is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.services.marking.regrading import the_same, worth
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_graded
from app.storage import grading_inputs, gradings, judgements, regrade_items, regrades
from app.storage.tables import Grading, Judgement, Regrade, RegradeItem, SubmissionItem

BETWEEN = "Something was decided in between, so this was graded anew with that decision."
LATER = "Graded for the first time after this regrade was applied, so it was graded like this at once."


def apply_chunk(tx: Transaction, number: int, chunk: int) -> bool:
    """Let the prepared answers of a chunk count; whether something is left for the duty to grade."""
    regrade = regrades.regrade(tx, number)
    if regrade is None or regrade.state != "applied":
        return False
    rows = regrade_items.items(tx, number, "prepared", chunk=chunk, lock=True)
    questions = regrade_items.lock_questions(tx, [row.submission_item_id for row in rows])
    stale = set(regrade_items.stale(tx, number, chunk))
    for row in rows:
        question = questions[row.submission_item_id]
        judged = _judge(tx, regrade, question, row.before_version_id or 0)
        if regrade.kind == "rubric":
            question.version_id = regrade.details["version_id"]
        if row.submission_item_id in stale:
            row.cause = BETWEEN
            if regrade.kind == "software":
                question.observation_id = row.observation_id
            question.current_grading_id = None
        else:
            row.after_id = gradings.keep_grading(tx, _grading(tx, regrade, row, judged))
            question.current_grading_id, question.observation_id = row.after_id, row.observation_id
        row.step, row.credit = "applied", None
        tx.session.flush()
        if row.changed and row.after_id is not None:
            announce_graded(tx, row.submission_item_id)
    return bool(stale)


def _grading(tx: Transaction, regrade: Regrade, row: RegradeItem, judged: int) -> Grading:
    points, upto, most = row.points, row.upto, row.max
    if points is None or upto is None or most is None or row.observation_id is None or row.state is None:
        raise ValueError(f"the answer {row.submission_item_id} of the regrade {regrade.id} is not prepared")
    version = regrade.details["version_id"] if regrade.kind == "rubric" else row.before_version_id
    return Grading(
        submission_item_id=row.submission_item_id,
        question_version_id=version,
        observation_id=row.observation_id,
        judgement_upto=judged or row.judgement_upto,
        credit=row.credit,
        state=row.state,
        points=points,
        points_real=float(points),
        upto=upto,
        max=most,
        created_at=tx.now(),
    )


def _judge(tx: Transaction, regrade: Regrade, question: SubmissionItem, version: int) -> int:
    """The decision that voids a part or accepts an answer; its number, 0 where the regrade is of another kind."""
    if regrade.kind not in ("void", "accept"):
        return 0
    part = regrade.details["part"]
    full = worth(tx, version, part) or Fraction(0)
    by = regrade.details.get("applied_by", regrade.person_id)
    return judgements.keep(tx, question.id, part, "", by, full, regrade.reason, regrade_id=regrade.id)


def undo_chunk(tx: Transaction, number: int, chunk: int) -> bool:
    """Let what counted before count again; whether something is left for the duty to grade."""
    regrade = regrades.regrade(tx, number)
    if regrade is None or regrade.state != "undone":
        return False
    for row in regrade_items.items(tx, number, "prepared", chunk=chunk, lock=True):
        row.step, row.credit = "undone", None
    rows = regrade_items.items(tx, number, "applied", chunk=chunk, lock=True)
    numbers = [row.submission_item_id for row in rows]
    questions = regrade_items.lock_questions(tx, numbers)
    left = False
    for one in grading_inputs.inputs(tx, numbers, ""):
        row = next(row for row in rows if row.submission_item_id == one.item.submission_item_id)
        question = questions[row.submission_item_id]
        after = tx.session.get(Grading, row.after_id) if row.after_id is not None else None
        before = tx.session.get(Grading, row.before_id) if row.before_id is not None else None
        # Nothing happened since: then exactly that grading counts again that counted before.
        newest = one.judged[-1].id if one.judged else 0
        untouched = (
            after is not None
            and before is not None
            and question.current_grading_id == after.id
            and newest == after.judgement_upto
        )
        taken_back = _take_back(tx, regrade, question.id, one.judged)
        if regrade.kind == "rubric" and one.version_now == regrade.details["version_id"]:
            question.version_id = row.before_version_id
        if before is not None and question.observation_id == row.observation_id:
            question.observation_id = before.observation_id
        if untouched and before is not None:
            question.current_grading_id = before.id
        elif regrade.kind in ("rubric", "software") or taken_back:
            question.current_grading_id = None
            left = True
        row.step = "undone"
        tx.session.flush()
        if untouched and row.changed:
            announce_graded(tx, question.id)
    return left


def _take_back(tx: Transaction, regrade: Regrade, item_id: int, judged: tuple[Judgement, ...]) -> bool:
    """Decide again what counted before the regrade decided, unless somebody has decided otherwise since."""
    if regrade.kind not in ("void", "accept"):
        return False
    part = regrade.details["part"]
    mine = [one for one in judged if one.part == part and one.criterion == ""]
    if not mine or mine[-1].regrade_id != regrade.id or mine[-1].withdrawn:
        return False
    earlier = [one for one in mine if one.regrade_id != regrade.id and one.id < mine[-1].id]
    last = earlier[-1] if earlier else None
    judgements.keep(
        tx,
        item_id,
        part,
        "",
        regrade.details.get("undone_by", regrade.person_id),
        last.verdict if last is not None else Fraction(0),
        last.comment if last is not None else "",
        withdrawn=last is None or last.withdrawn,
        regrade_id=regrade.id,
    )
    return True


def left_out(tx: Transaction, item_ids: Sequence[int]) -> list[int]:
    """Those of these submitted questions that an applied regrade concerns and has not reached yet."""
    if not regrades.any_applied(tx, item_ids):
        return []
    return [number for number in item_ids if missed(tx, number)]


def missed(tx: Transaction, item_id: int) -> list[Regrade]:
    """The applied regrades that concern a submitted question and have not reached it yet, in their order."""
    found = regrades.missed(tx, item_id)
    if not found:
        return []
    (one,) = grading_inputs.inputs(tx, [item_id], "")
    question = regrades.question_of(tx, one.version_now)
    return [
        regrade
        for regrade in found
        if regrade.details["question"] == question and _concerns(tx, regrade, item_id, one.version_now)
    ]


def _concerns(tx: Transaction, regrade: Regrade, item_id: int, version: int) -> bool:
    details = regrade.details
    if regrade.kind == "void":
        return worth(tx, version, details["part"]) is not None
    if regrade.kind == "accept":
        return bool(the_same(tx, [item_id], details["part"], details["same"]))
    hashes = {row.variant_hash for row in regrades.given(tx, [item_id])}
    return hashes == {details["variant_hash"]} and version != details["version_id"]


def join(tx: Transaction, item_id: int) -> None:
    """Let a question that is graded later than the others have what regrades of its quiz have given to them."""
    question = regrade_items.lock_questions(tx, [item_id])[item_id]
    for regrade in missed(tx, item_id):
        (one,) = grading_inputs.inputs(tx, [item_id], "")
        tx.session.add(
            RegradeItem(
                regrade_id=regrade.id,
                submission_item_id=item_id,
                before_version_id=one.version_now,
                chunk=0,
                step="applied",
                cause=LATER,
            )
        )
        _judge(tx, regrade, question, one.version_now)
        if regrade.kind == "rubric":
            question.version_id = regrade.details["version_id"]
        tx.session.flush()
