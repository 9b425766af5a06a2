"""Grading one submitted question: take it, let the sandbox observe and credit, store what came out.

The three steps are apart because graders are slow: nobody holds a transaction while one is running.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.domain.decisions import Verdict, decided_now
from app.domain.documents import Written, write
from app.domain.errors import GradusError, Unavailable
from app.sandbox import SandboxFailure
from app.services.marking.person_credit import credited_by_people
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_graded
from app.storage import grading_inputs, gradings, submissions
from app.storage.grading_inputs import Observed
from app.storage.gradings import NewGrading
from app.storage.tables import Judgement

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

TOGETHER = 50
"""At most so many questions in one call of the sandbox, which has the time for one slow answer, not for hundreds."""


@dataclass(frozen=True, slots=True)
class Task:
    """One submitted question, ready to be graded. `observed`: the facts, where they are stored already."""

    item: gradings.ToGrade
    fingerprint: str
    decisions: dict[str, str]
    judgement_upto: int
    observed: Observed | None


@dataclass(frozen=True, slots=True)
class Credit:
    """What an answer is worth; the whole of it, criterion by criterion, as the text that is stored."""

    state: str
    points: Fraction
    upto: Fraction
    max: Fraction
    whole: Written | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading gave: facts and credit; or a cause, and a person decides. `crashed`: the process was lost."""

    facts: Written | None
    credit: Credit | None
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


def task_of(item: gradings.ToGrade, fingerprint: str, judged: Sequence[Judgement], observed: Observed | None) -> Task:
    """The task of one submitted question, from its decisions (oldest first) and the facts that are stored already."""
    return Task(item, fingerprint, decisions_of(judged), judged[-1].id if judged else 0, observed)


def decisions_of(judged: Sequence[Judgement]) -> dict[str, str]:
    """The decisions that count, of all there have been (oldest first), as they are written, by `part.criterion`."""
    # The newest judgement of each criterion counts; a withdrawn one leaves the criterion to the machine. What only
    # repeats an earlier one was decided then: a comment, or taking something back, puts no decision after others.
    newest = {f"{one.part}.{one.criterion}": one for one in judged}
    found: dict[str, str] = {}
    for name, one in sorted(newest.items(), key=lambda entry: entry[1].decided_in):
        if one.decides:
            found = decided_now(found, name, str(Verdict(one.verdict, one.worth)))
    return found


def run(sandbox: Runs, task: Task) -> Outcome:
    """Observe (unless the facts are known) and credit. Whatever goes wrong in there becomes a cause."""
    item = task.item
    question = {"package": json.loads(item.package), "values": json.loads(item.values), "seed": item.seed}
    try:
        if task.observed is not None:
            asked = {"observation": json.loads(task.observed.facts), "decisions": task.decisions}
            credit = sandbox.run("credit", question | asked, lane="grading")
            return Outcome(task.observed.facts, _credit(credit, write(credit)))
        asked = {"answers": json.loads(item.answers), "decisions": task.decisions}
        both = sandbox.run("grade", question | asked, lane="grading")
        return Outcome(write(both["observation"]), _credit(both["credit"], write(both["credit"])))
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
    # Answers to the same variant share what is computed of it.
    some = sorted(tasks, key=lambda task: (task.item.version_id, task.item.variant_id)) if len(tasks) > 1 else ()
    for start in range(0, len(some), TOGETHER):
        found |= _in_one_call(sandbox, some[start : start + TOGETHER])
    return found


def _in_one_call(sandbox: Runs, tasks: Sequence[Task]) -> dict[int, Outcome]:
    found: dict[int, Outcome] = {}
    packages = {task.item.version_id: task.item.package for task in tasks}
    variants = {task.item.variant_id: f'{{"values":{task.item.values},"seed":{task.item.seed}}}' for task in tasks}
    of_version, of_variant = _places(packages), _places(variants)
    questions = [
        f'{{"package":{of_version[task.item.version_id]},"variant":{of_variant[task.item.variant_id]},'
        f'"decisions":{write(task.decisions) if task.decisions else "{}"},{_given(task)}}}'
        for task in tasks
    ]
    # Put together from what is written already: reading documents only to write them again takes longer than the rest.
    payload = Written(
        f'{{"packages":{write(list(packages.values()))},"variants":[{",".join(variants.values())}],'
        f'"questions":[{",".join(questions)}]}}'
    )
    try:
        graded = sandbox.run("grade_all", payload, lane="grading")["graded"]
        for task, told in zip(tasks, graded, strict=True):
            if told is not None:
                facts = Written(told["observation"]) if task.observed is None else task.observed.facts
                found[task.item.submission_item_id] = Outcome(facts, _credit(told, Written(told["credit"])))
    except (GradusError, KeyError, TypeError, ValueError, ZeroDivisionError):
        # One of them hangs, crashes or answers nonsense: which one is found out, and told, one by one.
        return found
    return found


def _given(task: Task) -> str:
    """What the graders look at, or the text of what they have stated about it."""
    if task.observed is None:
        return f'"answers":{task.item.answers}'
    return f'"observation":{write(str(task.observed.facts))}'


def _places(numbers: Iterable[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(numbers)}


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


def gradings_of(tx: Transaction, done: Sequence[tuple[Task, Outcome]]) -> list[NewGrading]:
    """The gradings that outcomes make, in their order, not stored yet; what was observed is."""
    stated = [
        (task.item.submission_item_id, task.item.observe_hash, task.fingerprint, outcome.facts)
        for task, outcome in done
        if outcome.credit is not None and outcome.facts is not None and task.observed is None
    ]
    observed = gradings.keep_observations(tx, stated)
    rows = []
    for task, outcome in done:
        item = task.item
        if outcome.credit is not None:
            observation = task.observed.id if task.observed is not None else observed[item.submission_item_id]
            rows.append(_row(tx, task, outcome.credit, observation))
            continue
        failures = gradings.failures(tx, item.submission_item_id, item.observe_hash)
        observation = gradings.keep_observation(
            tx, item.submission_item_id, item.observe_hash, f"failed-{failures + 1}", None, outcome.cause
        )
        by_people = credited_by_people(json.loads(item.package), task.decisions)
        nothing = Credit("needs-person", Fraction(0), item.points, item.points, None)
        credit = nothing if by_people is None else _credit(by_people, write(by_people))
        rows.append(_row(tx, task, credit, observation))
    return rows


def _row(tx: Transaction, task: Task, credit: Credit, observation: int) -> NewGrading:
    return NewGrading(
        submission_item_id=task.item.submission_item_id,
        question_version_id=task.item.version_id,
        observation_id=observation,
        judgement_upto=task.judgement_upto,
        credit=credit.whole,
        state=credit.state,
        points=credit.points,
        points_real=float(credit.points),
        upto=credit.upto,
        max=credit.max,
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


def _credit(told: Mapping[str, Any], whole: Written) -> Credit:
    if told["state"] not in ("graded", "needs-person", "invalid"):
        raise ValueError(f"the state {told['state']!r}")
    return Credit(told["state"], _points(told["points"]), _points(told["upto"]), _points(told["max"]), whole)


@lru_cache(maxsize=4096)
def _points(text: str) -> Fraction:
    # There are few different ones.
    return Fraction(text)


def exact(points: Fraction) -> str:
    """Points as the sandbox takes them: n/d."""
    return f"{points.numerator}/{points.denominator}"
