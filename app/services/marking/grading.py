"""Grading one submitted question: take it, let the sandbox observe and credit, store what came out.

The three steps are apart because graders are slow: nobody holds a transaction while one is running.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import GradusError, Unavailable
from app.sandbox import SandboxFailure
from app.services.marking.person_credit import credited_by_people
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_graded
from app.storage import grading_inputs, gradings, submissions
from app.storage.tables import Grading, Judgement, Observation

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

TOGETHER = 25
"""At most so many questions in one call of the sandbox, which has the time for one slow answer, not for hundreds."""


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


def ungraded_papers(tx: Transaction, limit: int = 200) -> list[int]:
    """The submissions of which something is not graded yet, oldest first."""
    return submissions.ungraded_papers(tx, limit)


def ungraded_of(tx: Transaction, submission_id: int) -> list[int]:
    """The questions of a submission that nobody has graded yet."""
    return submissions.ungraded_of(tx, submission_id)


def take(tx: Transaction, submission_item_ids: Sequence[int], fingerprint: str) -> list[Task]:
    """What is to be done for these submitted questions; those that are graded already are left out.

    What counted goes on counting: only a regrade lets other software look at an answer again.
    """
    return [
        task_of(one.item, fingerprint, one.judged, one.counting or one.by_software)
        for one in grading_inputs.inputs(tx, submission_item_ids, fingerprint)
        if one.item.current_grading_id is None
    ]


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
    payload = {"package": task.item.package, **_asked(task)}
    try:
        if task.facts is not None:
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
    """What calls for several questions at once give, by question; `run` is for those missing.

    Handing each of them to the sandbox by itself costs the process that asks more than all else about grading it.
    """
    found: dict[int, Outcome] = {}
    for start in range(0, len(tasks) if len(tasks) > 1 else 0, TOGETHER):
        found |= _in_one_call(sandbox, tasks[start : start + TOGETHER])
    return found


def _in_one_call(sandbox: Runs, tasks: Sequence[Task]) -> dict[int, Outcome]:
    found: dict[int, Outcome] = {}
    packages = {task.item.version_id: task.item.package for task in tasks}
    places = {version: place for place, version in enumerate(packages)}
    questions = [{"package": places[task.item.version_id], **_asked(task)} for task in tasks]
    try:
        payload = {"packages": list(packages.values()), "questions": questions}
        graded = sandbox.run("grade_all", payload, lane="grading")["graded"]
        for task, both in zip(tasks, graded, strict=True):
            if both is not None:
                facts = task.facts if task.facts is not None else both["observation"]
                found[task.item.submission_item_id] = Outcome(facts, _checked(both["credit"]))
    except (GradusError, KeyError, TypeError, ValueError, ZeroDivisionError):
        # One of them hangs, crashes or answers nonsense: which one is found out, and told, one by one.
        return found
    return found


def _asked(task: Task) -> dict[str, Any]:
    item = task.item
    asked = {"values": item.values, "seed": item.seed, "decisions": task.decisions}
    return asked | ({"answers": item.answers} if task.facts is None else {"observation": task.facts})


def given_up(cause: str) -> Outcome:
    """The outcome of a question that could not be graded in several tries."""
    return Outcome(None, None, cause)


def record(tx: Transaction, done: Sequence[tuple[Task, Outcome]]) -> None:
    """Store outcomes for questions of one submission as new rows, and let them count. The same inputs are stored once.

    One does not count where somebody decided, or a regrade chose another rubric, while the graders were at work: then
    the question still waits to be graded.
    """
    inputs = gradings.inputs_now(tx, [task.item.submission_item_id for task, _ in done])
    rows = gradings_of(tx, done)
    numbers = gradings.keep_gradings(tx, rows)
    counting = [
        (row.submission_item_id, numbers[row.submission_item_id], row.observation_id)
        for row in rows
        if inputs[row.submission_item_id] == (row.question_version_id, row.judgement_upto)
    ]
    gradings.let_count(tx, counting)
    announce_graded(tx, [item_id for item_id, _, _ in counting[-1:]])


def gradings_of(tx: Transaction, done: Sequence[tuple[Task, Outcome]]) -> list[Grading]:
    """The gradings that outcomes make, in their order, not stored yet; what was observed is."""
    stated = [
        (task.item.submission_item_id, task.item.observe_hash, task.fingerprint, outcome.facts or {})
        for task, outcome in done
        if outcome.credit is not None and task.observation_id is None
    ]
    observed = gradings.keep_observations(tx, stated)
    rows = []
    for task, outcome in done:
        item, stored = task.item, outcome.credit
        if stored is not None:
            observation = task.observation_id or observed[item.submission_item_id]
            rows.append(_row(tx, task, stored, stored, observation))
            continue
        failures = gradings.failures(tx, item.submission_item_id, item.observe_hash)
        observation = gradings.keep_observation(
            tx, item.submission_item_id, item.observe_hash, f"failed-{failures + 1}", None, outcome.cause
        )
        stored = credited_by_people(item.package, task.decisions)
        nothing = {"state": "needs-person", "points": "0", "upto": exact(item.points), "max": exact(item.points)}
        rows.append(_row(tx, task, stored or nothing, stored, observation))
    return rows


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
