"""Grading one submitted question: take it, let the sandbox observe and credit, store what came out.

The three steps are apart because graders are slow: nobody holds a transaction while one is running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import GradusError, NotFound
from app.services.person_credit import credited_by_people
from app.services.transactions import Transaction
from app.services.webhooks import announce_graded
from app.storage import gradings, submissions
from app.storage.tables import Grading, Judgement, Observation

if TYPE_CHECKING:
    from app.services.trials import Runs


@dataclass(frozen=True, slots=True)
class Task:
    """One submitted question, ready to be graded. Facts only where they are stored already."""

    item: gradings.ToGrade
    fingerprint: str
    decisions: dict[str, str]
    judgement_upto: int
    observation_id: int | None
    facts: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading gave: facts and credit; or a cause, and a person decides."""

    facts: dict[str, Any] | None
    credit: dict[str, Any] | None
    cause: str = ""


def ungraded(tx: Transaction, limit: int = 200) -> list[int]:
    """The submitted questions that nobody has graded yet, oldest first."""
    return submissions.ungraded(tx, limit)


def take(tx: Transaction, submission_item_id: int, fingerprint: str, *, again: bool = False) -> Task | None:
    """What is to be done for one submitted question; None when it is graded already (unless `again`).

    Raises:
        NotFound: there is no such submitted question.
    """
    item = gradings.to_grade(tx, submission_item_id)
    if item is None:
        raise NotFound(f"There is no submitted question {submission_item_id}.")
    if item.current_grading_id is not None and not again:
        return None
    judged = gradings.judgements(tx, submission_item_id)
    # What counted goes on counting: only a regrade lets other software look at an answer again.
    observed = None
    if item.observation_id is not None and not again:
        observed = gradings.observation(tx, item.observation_id, item.observe_hash)
    if observed is None:
        observed = gradings.newest_observation(tx, submission_item_id, item.observe_hash, fingerprint)
    return task_of(item, fingerprint, judged, observed)


def task_of(
    item: gradings.ToGrade, fingerprint: str, judged: Sequence[Judgement], observed: Observation | None
) -> Task:
    """The task of one submitted question, from its decisions (oldest first) and the facts that are stored already."""
    facts = None if observed is None else observed.facts
    number = None if observed is None or facts is None else observed.id
    return Task(item, fingerprint, decisions_of(judged), judged[-1].id if judged else 0, number, facts)


def decisions_of(judged: Sequence[Judgement]) -> dict[str, str]:
    """The decisions that count, of all there have been (oldest first): points by `part.criterion`."""
    # The newest judgement of each criterion counts; a withdrawn one leaves the criterion to the machine.
    newest = {f"{one.part}.{one.criterion}": one for one in judged}
    return {name: exact(one.verdict) for name, one in newest.items() if not one.withdrawn}


def run(sandbox: Runs, task: Task) -> Outcome:
    """Observe (unless the facts are known) and credit. Whatever goes wrong in there becomes a cause."""
    item = task.item
    payload: dict[str, Any] = {"package": item.package, "values": item.values, "seed": item.seed}
    payload["decisions"] = task.decisions
    try:
        if task.facts is not None:
            payload["observation"] = task.facts
            return Outcome(task.facts, _checked(sandbox.run("credit", payload, lane="grading")))
        payload["answers"] = item.answers
        both = sandbox.run("grade", payload, lane="grading")
        return Outcome(both["observation"], _checked(both["credit"]))
    except GradusError as failure:
        return Outcome(None, None, str(failure))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as failure:
        return Outcome(None, None, f"The grader's answer cannot be used: {type(failure).__name__}: {failure}")


def given_up(cause: str) -> Outcome:
    """The outcome of a question that could not be graded in several tries."""
    return Outcome(None, None, cause)


def record(tx: Transaction, task: Task, outcome: Outcome) -> int:
    """Store an outcome as new rows and let it count; its number. The same inputs are stored once.

    It does not count where somebody decided, or a regrade chose another rubric, while the graders were at work: then
    the question still waits to be graded.
    """
    item = task.item
    row = grading_of(tx, task, outcome)
    number = gradings.keep_grading(tx, row)
    if gradings.inputs_now(tx, item.submission_item_id) == (item.version_id, task.judgement_upto):
        gradings.let_count(tx, item.submission_item_id, number, row.observation_id)
        announce_graded(tx, item.submission_item_id)
    return number


def grading_of(tx: Transaction, task: Task, outcome: Outcome) -> Grading:
    """The grading that an outcome makes, not stored yet; what was observed is."""
    item = task.item
    if outcome.credit is None:
        failures = gradings.failures(tx, item.submission_item_id, item.observe_hash)
        observation = gradings.keep_observation(
            tx, item.submission_item_id, item.observe_hash, f"failed-{failures + 1}", None, outcome.cause
        )
        stored = credited_by_people(item.package, task.decisions)
        nothing = {"state": "needs-person", "points": "0", "upto": exact(item.points), "max": exact(item.points)}
        credit = stored or nothing
    else:
        credit = stored = outcome.credit
        observation = task.observation_id or gradings.keep_observation(
            tx, item.submission_item_id, item.observe_hash, task.fingerprint, outcome.facts, ""
        )
    points = Fraction(credit["points"])
    return Grading(
        submission_item_id=item.submission_item_id,
        question_version_id=item.version_id,
        observation_id=observation,
        judgement_upto=task.judgement_upto,
        credit=stored,
        state=credit["state"],
        points=points,
        points_real=float(points),
        upto=Fraction(credit["upto"]),
        max=Fraction(credit["max"]),
        created_at=tx.now(),
    )


def fingerprint_of(sandbox: Runs) -> str:
    """Which software states the facts: graders, solvers and their versions."""
    return str(sandbox.run("describe", {}, lane="grading")["fingerprint"])


def _checked(credit: dict[str, Any]) -> dict[str, Any]:
    if credit["state"] not in ("graded", "needs-person", "invalid"):
        raise ValueError(f"the state {credit['state']!r}")
    for name in ("points", "upto", "max"):
        Fraction(credit[name])
    return credit


def exact(points: Fraction) -> str:
    """Points as the sandbox takes them: n/d."""
    return f"{points.numerator}/{points.denominator}"
