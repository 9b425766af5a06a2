"""Grading one submitted question: take it, let the sandbox observe and credit, store what came out.

The three steps are apart because graders are slow: nobody holds a transaction while one is running.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import GradusError, NotFound, Unavailable
from app.sandbox import SandboxFailure
from app.services.marking.person_credit import credited_by_people
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_graded
from app.storage import grading_inputs, gradings, submissions
from app.storage.tables import Grading, Judgement, Observation

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


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
    """What grading gave: facts and credit; or a cause, and a person decides. `crashed`: the process was lost."""

    facts: dict[str, Any] | None
    credit: dict[str, Any] | None
    cause: str = ""
    crashed: bool = False


def ungraded(tx: Transaction, limit: int = 200) -> list[int]:
    """The submitted questions that nobody has graded yet, oldest first."""
    return submissions.ungraded(tx, limit)


def ungraded_papers(tx: Transaction, limit: int = 200) -> list[int]:
    """The submissions of which something is not graded yet, oldest first."""
    return submissions.ungraded_papers(tx, limit)


def ungraded_of(tx: Transaction, submission_id: int) -> list[int]:
    """The questions of a submission that nobody has graded yet."""
    return submissions.ungraded_of(tx, submission_id)


def take_all(tx: Transaction, submission_item_ids: Sequence[int], fingerprint: str) -> list[Task]:
    """As `take`, for several questions in a handful of queries; those that are graded already are left out."""
    return [
        task_of(one.item, fingerprint, one.judged, one.counting or one.by_software)
        for one in grading_inputs.inputs(tx, submission_item_ids, fingerprint)
        if one.item.current_grading_id is None
    ]


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
    payload = _payload(task)
    try:
        if task.facts is not None:
            payload["observation"] = task.facts
            return Outcome(task.facts, _checked(sandbox.run("credit", payload, lane="grading")))
        both = sandbox.run("grade", payload, lane="grading")
        return Outcome(both["observation"], _checked(both["credit"]))
    except SandboxFailure as failure:
        return Outcome(None, None, str(failure), crashed=failure.cause == "crashed")
    except GradusError as failure:
        return Outcome(None, None, str(failure))
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as failure:
        return Outcome(None, None, f"The grader's answer cannot be used: {type(failure).__name__}: {failure}")


def run_together(sandbox: Runs, tasks: Sequence[Task]) -> dict[int, Outcome]:
    """What one call gives for several questions whose facts are not known, by question; `run` is for those missing.

    Handing each of them to the sandbox by itself costs the web process more than all else about grading it.
    """
    asked = [task for task in tasks if task.facts is None]
    if len(asked) < 2:
        return {}
    found: dict[int, Outcome] = {}
    try:
        questions = [_payload(task) for task in asked]
        graded = sandbox.run("grade_all", {"questions": questions}, lane="grading")["graded"]
        for task, both in zip(asked, graded, strict=True):
            if both is not None:
                found[task.item.submission_item_id] = Outcome(both["observation"], _checked(both["credit"]))
    except (GradusError, KeyError, TypeError, ValueError, ZeroDivisionError):
        # One of them hangs, crashes or answers nonsense: which one is found out, and told, one by one.
        return found
    return found


def _payload(task: Task) -> dict[str, Any]:
    item = task.item
    payload = {"package": item.package, "values": item.values, "seed": item.seed, "decisions": task.decisions}
    return payload if task.facts is not None else payload | {"answers": item.answers}


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


def record_all(tx: Transaction, done: Sequence[tuple[Task, Outcome]]) -> None:
    """As `record`, for several questions of one submission in as few statements as for one."""
    for task, outcome in done:
        if outcome.credit is None:
            record(tx, task, outcome)
    credited = [(task, outcome.facts or {}, outcome.credit) for task, outcome in done if outcome.credit is not None]
    inputs = gradings.all_inputs_now(tx, [task.item.submission_item_id for task, _, _ in credited])
    stated = [
        (task.item.submission_item_id, task.item.observe_hash, task.fingerprint, facts)
        for task, facts, _ in credited
        if task.observation_id is None
    ]
    observed = gradings.keep_observations(tx, stated)
    rows = [
        _row(tx, task, credit, credit, task.observation_id or observed[task.item.submission_item_id])
        for task, _, credit in credited
    ]
    numbers = gradings.keep_gradings(tx, rows)
    counting = [
        (row.submission_item_id, numbers[row.submission_item_id], row.observation_id)
        for row in rows
        if inputs[row.submission_item_id] == (row.question_version_id, row.judgement_upto)
    ]
    gradings.let_all_count(tx, counting)
    if counting:
        announce_graded(tx, counting[-1][0])


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
    return _row(tx, task, credit, stored, observation)


def _row(
    tx: Transaction, task: Task, credit: Mapping[str, Any], stored: dict[str, Any] | None, observation: int
) -> Grading:
    item, points = task.item, Fraction(credit["points"])
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


def check_sandbox(sandbox: Runs) -> None:
    """Let a sandbox pass that answers at all.

    Raises:
        Unavailable: its processes cannot be started; that says nothing about what they were to grade.
    """
    try:
        fingerprint_of(sandbox)
    except SandboxFailure as failure:
        raise Unavailable("Nothing can be graded at the moment.") from failure


def _checked(credit: dict[str, Any]) -> dict[str, Any]:
    if credit["state"] not in ("graded", "needs-person", "invalid"):
        raise ValueError(f"the state {credit['state']!r}")
    for name in ("points", "upto", "max"):
        Fraction(credit[name])
    return credit


def exact(points: Fraction) -> str:
    """Points as the sandbox takes them: n/d."""
    return f"{points.numerator}/{points.denominator}"
