"""Applying and undoing a regrade, a few answers at a time: each chunk wholly or not at all, however often it is tried.

What was prepared counts only where nothing happened in between. Where somebody decided meanwhile, the answer is graded
anew with that decision: nothing a person did is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.documents import Written
from app.services.marking.grading import decisions_of
from app.services.marking.regrade_standing import (
    Standing,
    comment_after,
    comment_beside,
    said,
    standing_decision,
    standings,
    standings_after,
    undone_of,
)
from app.services.marking.regrading import the_same, worths
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_graded
from app.storage import grading_inputs, gradings, judgements, regrade_history, regrade_items, regrades
from app.storage.gradings import NewGrading
from app.storage.judgements import ByRegrade
from app.storage.tables import Grading, Judgement, Regrade, RegradeItem, SubmissionItem

NOTHING = Fraction(0)
BETWEEN = "Something was decided in between, so this was graded anew with that decision."
OVERTAKEN = "Undone after something else was decided or regraded, which counts on."
LATER = "Graded for the first time after this regrade was applied, so it was graded like this at once."


def apply_chunk(tx: Transaction, number: int, chunk: int) -> bool:
    """Let the prepared answers of a chunk count; whether something is left for the duty to grade."""
    regrade = regrades.regrade(tx, number)
    if regrade is None or regrade.state != "applied":
        return False
    rows = regrade_items.items(tx, number, "prepared", chunk, lock=True)
    questions = regrade_items.lock_questions(tx, [row.submission_item_id for row in rows])
    stale = set(regrade_items.stale(tx, number, chunk))
    judged = _judge(tx, regrade, {row.submission_item_id: row.before_version_id or 0 for row in rows})
    fresh = [row for row in rows if row.submission_item_id not in stale]
    credit = regrade_items.written_credit(tx, number, [row.submission_item_id for row in fresh])
    made = [
        _grading(tx, regrade, row, credit.get(row.submission_item_id), judged.get(row.submission_item_id, 0))
        for row in fresh
    ]
    numbers = gradings.keep_gradings(tx, made)
    for row in rows:
        row.step, row.credit, row.after_id = "applied", None, numbers.get(row.submission_item_id)
    tx.session.flush()
    stands = standings_after(tx, regrade, rows, questions)
    for row in rows:
        question = questions[row.submission_item_id]
        standing = stands.get(question.id, Standing())
        _let_stand(question, standing)
        if question.id in stale:
            row.cause = BETWEEN
            question.current_grading_id = None
        else:
            question.current_grading_id, question.observation_id = row.after_id, row.observation_id
    tx.session.flush()
    announce_graded(tx, [row.submission_item_id for row in fresh if row.changed])
    return bool(stale)


def _grading(tx: Transaction, regrade: Regrade, row: RegradeItem, credit: Written | None, judged: int) -> NewGrading:
    points, upto, most = row.points, row.upto, row.max
    version: int | None = regrade.details["version_id"] if regrade.kind == "rubric" else row.before_version_id
    if points is None or upto is None or most is None or row.observation_id is None or row.state is None or not version:
        raise ValueError(f"the answer {row.submission_item_id} of the regrade {regrade.id} is not prepared")
    return NewGrading(
        submission_item_id=row.submission_item_id,
        question_version_id=version,
        observation_id=row.observation_id,
        judgement_upto=judged or row.judgement_upto,
        credit=credit,
        state=row.state,
        points=points,
        points_real=float(points),
        upto=upto,
        max=most,
        created_at=tx.now(),
    )


def _judge(tx: Transaction, regrade: Regrade, versions: Mapping[int, int]) -> dict[int, int]:
    """The decisions that void a part or accept an answer, by question (`versions`: their rubrics)."""
    if regrade.kind not in ("void", "accept"):
        return {}
    by = regrade.details.get("applied_by", regrade.person_id)
    full = {version: worths(tx, version, regrade.details["part"]) for version in set(versions.values())}
    newest: dict[int, int] = {}
    for part in sorted({part for some in full.values() for part in some}):
        decided = [
            ByRegrade(item_id, full[version][part], full[version][part], regrade.reason)
            for item_id, version in versions.items()
            if part in full[version]
        ]
        newest |= judgements.keep_for_regrade(tx, regrade.id, by, part, decided)
    return newest


def undo_chunk(tx: Transaction, number: int, chunk: int) -> bool:
    """Let what counted before count again; whether something is left for the duty to grade."""
    regrade = regrades.regrade(tx, number)
    if regrade is None or regrade.state != "undone":
        return False
    for row in regrade_items.items(tx, number, "prepared", chunk, lock=True):
        row.step, row.credit = "undone", None
    rows = regrade_items.items(tx, number, "applied", chunk, lock=True)
    questions = regrade_items.lock_questions(tx, [row.submission_item_id for row in rows])
    for row in rows:
        row.step = "undone"
    tx.session.flush()
    stands = standings(tx, list(questions))
    for question in questions.values():
        _let_stand(question, stands.get(question.id, Standing()))
    _take_back(tx, regrade, list(questions))
    versions = {item_id: version for item_id, (version, _) in gradings.inputs_now(tx, list(questions)).items()}
    judged = _by_question(judgements.of_items(tx, list(questions)))
    known = gradings.of_numbers(
        tx,
        [row.before_id for row in rows if row.before_id is not None]
        + [one.current_grading_id for one in questions.values() if one.current_grading_id is not None],
    )
    # A rubric that left answers alone because they had it already may concern them now.
    missing = set(left_out(tx, regrades.unreached(tx, list(questions)))) if regrade.kind == "rubric" else set()
    told = []
    for row in rows:
        question = questions[row.submission_item_id]
        mine = judged.get(question.id, ())
        inputs = (versions[question.id], question.observation_id, decisions_of(mine), _comments(mine))
        # Marks are a function of these: what was made of the same counts, and need not be made again. (Comments are
        # read with the grading that has taken them in.)
        counting = [
            one
            for one in (known.get(question.current_grading_id or 0), known.get(row.before_id or 0))
            if one is not None and inputs == _inputs_of(one, mine)
        ]
        now = counting[0].id if counting and question.id not in missing else None
        if now is None or now != row.before_id:
            row.cause = OVERTAKEN
        elif row.changed and now != question.current_grading_id:
            told.append(question.id)
        question.current_grading_id = now
    tx.session.flush()
    announce_graded(tx, told)
    return any(one.current_grading_id is None for one in questions.values())


def _let_stand(question: SubmissionItem, standing: Standing) -> None:
    if standing.version_id is not None:
        question.version_id = standing.version_id
    if standing.observation_id is not None:
        question.observation_id = standing.observation_id


def _inputs_of(grading: Grading, judged: Sequence[Judgement]) -> tuple[int, int, dict[str, str], dict[str, str]]:
    taken_in = [one for one in judged if one.id <= grading.judgement_upto]
    return grading.question_version_id, grading.observation_id, decisions_of(taken_in), _comments(taken_in)


def _comments(judged: Sequence[Judgement]) -> dict[str, str]:
    chains: dict[str, list[Judgement]] = {}
    for one in judged:
        if not one.criterion:
            chains.setdefault(one.part, []).append(one)
    return {part: said for part, some in chains.items() if (said := comment_beside(some))}


def _by_question(judged: Sequence[Judgement]) -> dict[int, list[Judgement]]:
    found: dict[int, list[Judgement]] = {}
    for one in judged:
        found.setdefault(one.submission_item_id, []).append(one)
    return found


def _take_back(tx: Transaction, regrade: Regrade, item_ids: Sequence[int]) -> None:
    """Decide what would have been decided without the regrade, unless that is what counts anyway."""
    if regrade.kind not in ("void", "accept"):
        return
    mine: dict[tuple[str, int], list[Judgement]] = {}
    for one in judgements.of_items(tx, item_ids):
        if one.criterion == "":
            mine.setdefault((one.part, one.submission_item_id), []).append(one)
    undone = undone_of(tx, item_ids)
    decided: dict[str, list[ByRegrade]] = {}
    for (part, item_id), some in sorted(mine.items()):
        stands = standing_decision(some, undone)
        if said(stands) == said(some[-1]) or (stands is not None and stands.id == some[-1].decided_in):
            continue
        comment = comment_after(some, stands)
        if stands is not None and stands.decides:
            comment = stands.comment if stands.regrade_id is not None else comment
            row = ByRegrade(item_id, stands.verdict, stands.worth, comment, repeats=stands.id)
        else:
            row = ByRegrade(item_id, NOTHING, None, comment, withdrawn=not comment, repeats=0 if comment else None)
        decided.setdefault(part, []).append(row)
    by = regrade.details.get("undone_by", regrade.person_id)
    for part, rows in decided.items():
        judgements.keep_for_regrade(tx, regrade.id, by, part, rows)


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
        return bool(worths(tx, version, details["part"]))
    if regrade.kind == "accept":
        return bool(the_same(tx, [item_id], details["part"], details["same"]))
    hashes = {row.variant_hash for row in regrades.given(tx, [item_id])}
    return hashes == {details["variant_hash"]} and version != details["version_id"]


def join(tx: Transaction, item_id: int) -> None:
    """Let a question that is graded later than the others have what regrades of its quiz have given to them."""
    question = regrade_items.lock_questions(tx, [item_id])[item_id]
    for regrade in missed(tx, item_id):
        (one,) = grading_inputs.inputs(tx, [item_id], "")
        before = regrade_history.first_version(tx, item_id) or one.version_now
        tx.session.add(
            RegradeItem(
                regrade_id=regrade.id,
                submission_item_id=item_id,
                before_version_id=before,
                chunk=0,
                step="applied",
                cause=LATER,
            )
        )
        _judge(tx, regrade, {item_id: one.version_now})
        tx.session.flush()
        # Another regrade that was applied later may have reached it before.
        _let_stand(question, standings(tx, [item_id]).get(item_id, Standing()))
        tx.session.flush()
