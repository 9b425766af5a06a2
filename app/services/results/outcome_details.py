"""One attempt as its staff sees it: the student's result page, and everything that led to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.errors import NotFound
from app.services.marking.mark_history import MarkChange, history_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import releases_of
from app.services.results.grading_causes import Cause, causes
from app.services.results.results import ResultView, result_of
from app.services.sitting.surveys import survey_fields
from app.storage import attempts, people, submissions
from app.storage import outcomes as stored
from app.storage.changes import FLAG, SURVEY
from app.storage.tables import AttemptItem, Grading, Observation, Save, SubmissionItem


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a grader stated about a field, as JSON text. `own`: in the world of the student's own answers."""

    field: str
    name: str
    value: str
    own: bool
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """One observation: by which software, and why it holds no facts if it holds none."""

    at: datetime
    software: str
    cause: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class GradingLine:
    """One grading, of all that there have been. `judgements`: whether decisions of people went into it.

    `cause`: whose decisions, and which regrades, the one before it had not taken in yet.
    """

    at: datetime
    version: int
    state: str
    points: Fraction
    upto: Fraction
    max: Fraction
    judgements: bool
    counts: bool
    cause: Cause


@dataclass(frozen=True, slots=True)
class SaveLine:
    """The saves of one field."""

    field: str
    first: datetime
    last: datetime
    times: int
    devices: int


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """One question of an attempt: where it comes from, and what happened to it."""

    position: int
    question: str
    version: int
    title: str
    seed: int
    variant_made_by: str
    weight: Fraction
    raw: tuple[tuple[str, str], ...]
    observations: tuple[ObservationLine, ...]
    gradings: tuple[GradingLine, ...]
    saves: tuple[SaveLine, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Why graders could not decide, without repetition."""
        return tuple(dict.fromkeys(line.cause for line in self.observations if line.cause))


@dataclass(frozen=True, slots=True)
class OtherAttempt:
    """An attempt of the same person at the same quiz."""

    id: str
    number: int
    handed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """Everything about an attempt. `all_shown`: its student sees all of the result.

    No result: it is still open, or it was `practice`, of which nothing is handed in; `open`: it goes on.
    """

    id: str
    quiz_id: str
    quiz_title: str
    name: str
    login: str
    number: int
    started_at: datetime
    deadline_at: datetime | None
    handed_in_at: datetime | None
    result: ResultView | None
    items: tuple[ItemDetail, ...]
    attempts: tuple[OtherAttempt, ...]
    history: tuple[MarkChange, ...] = ()
    all_shown: bool = True
    practice: bool = False
    open: bool = False


def attempt_detail(tx: Transaction, course_id: int, quiz_id: str, attempt_id: str) -> AttemptDetail:
    """Everything about an attempt at a quiz of that course.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such attempt.
    """
    quiz = stored.quiz_of_course(tx, course_id, quiz_id)
    found = attempts.attempt(tx, attempt_id)
    if quiz is None or found is None or found[0].quiz_id != quiz.id:
        raise NotFound("There is no such attempt at this quiz.")
    attempt = found[0]
    person = people.person(tx, attempt.person_id)
    submission = submissions.submission_of(tx, attempt.id)
    rows = attempts.items(tx, attempt.id, solutions=True)
    handed_in = {one.attempt_item_id: one for one in submissions.items(tx, submission.id)} if submission else {}
    ids = [one.id for one in handed_in.values()]
    observed = _grouped((line.submission_item_id, line) for line in stored.observations(tx, ids))
    every = stored.gradings(tx, ids)
    graded = _grouped((pair[0].submission_item_id, pair) for pair in every)
    because = causes(tx, [grading for grading, _ in every])
    saves = save_lines(stored.saves(tx, attempt.id))
    typed = attempts.answers(tx, attempt.id)
    items = []
    for row in rows:
        given = handed_in.get(row.id)
        answers = (
            given.answers_frozen
            if given is not None
            else {name: answer.value for name, answer in typed.get(row.id, {}).items() if name != FLAG}
        )
        # What is said in a survey is nobody's: not even while the attempt is still open.
        hidden = {SURVEY} | {field["id"] for _, field in survey_fields(row.variant.rendered)}
        answers = {name: value for name, value in answers.items() if name not in hidden}
        key = given.id if given is not None else 0
        items.append(_item(row, given, answers, observed.get(key, []), graded.get(key, []), saves, because))
    return AttemptDetail(
        id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        name=person.name if person is not None else "",
        login=person.login if person is not None else "",
        number=attempt.number,
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        handed_in_at=submission.at if submission is not None else None,
        result=result_of(tx, attempt, quiz) if submission is not None else None,
        items=tuple(items),
        attempts=tuple(
            OtherAttempt(one.public_id, one.number, one.handed_in_at)
            for one in stored.sittings(tx, course_id, quiz.id, attempt.person_id)
        ),
        history=history_of(tx, attempt),
        all_shown=releases_of(tx, quiz).everything,
        practice=quiz.mode == "practice",
        open=attempt.state == "open",
    )


def without_decisions(detail: AttemptDetail) -> AttemptDetail:
    """An attempt as somebody sees it who is to mark some of it without knowing what was decided about it."""
    items = tuple(replace(item, gradings=()) for item in detail.items)
    return replace(detail, result=None, history=(), items=items)


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _item(
    row: AttemptItem,
    given: SubmissionItem | None,
    answers: Mapping[str, Any],
    observed: list[Observation],
    graded: list[tuple[Grading, int]],
    saves: Mapping[int, tuple[SaveLine, ...]],
    because: Mapping[int, Cause],
) -> ItemDetail:
    current = given.current_grading_id if given is not None else None
    return ItemDetail(
        position=row.position,
        question=row.question_version.question,
        version=row.question_version.number,
        title=row.variant.rendered["title"],
        seed=row.variant.seed,
        variant_made_by=row.variant.fingerprint,
        weight=row.weight,
        raw=tuple((name, _text(value)) for name, value in sorted(answers.items())),
        observations=tuple(
            ObservationLine(line.created_at, line.grader_fingerprint, line.cause, _open_facts(row, line))
            for line in observed
        ),
        gradings=tuple(
            GradingLine(
                at=grading.created_at,
                version=version,
                state=grading.state,
                points=row.weight * grading.points,
                upto=row.weight * grading.upto,
                max=row.weight * grading.max,
                judgements=grading.judgement_upto > 0,
                counts=grading.id == current,
                cause=because[grading.id],
            )
            for grading, version in graded
        ),
        saves=saves.get(row.position, ()),
    )


def _open_facts(row: AttemptItem, line: Observation) -> tuple[Fact, ...]:
    hidden = {field["id"] for _, field in survey_fields(row.variant.rendered)}
    return tuple(fact for fact in facts_of(line.facts or {}) if fact.field not in hidden)


def facts_of(observation: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The facts of an observation, line by line; in the own world only those that differ from the key's."""
    found = []
    for seen in _listed(observation.get("seen")):
        readings = tuple(str(name) for name in _listed(seen.get("readings")))
        worlds = _mapped(seen.get("facts"))
        base = _mapped(worlds.get("base"))
        for own, table in ((False, base), (True, _mapped(worlds.get("own")))):
            for field, facts in table.items():
                for name, value in _mapped(facts).items():
                    if not own or _mapped(base.get(field)).get(name) != value:
                        found.append(Fact(field, name, _plain(value), own, readings))
    return tuple(found)


def save_lines(saves: Iterable[Save]) -> dict[int, tuple[SaveLine, ...]]:
    """By question and field: when it was saved first and last, how often, and from how many devices."""
    found: dict[tuple[int, str], tuple[datetime, datetime, int, set[str]]] = {}
    for save in saves:
        for change in save.changes:
            item, field, *_ = change
            key = (int(item), str(field))
            if field == FLAG:
                continue
            first, _, times, devices = found.get(key, (save.received_at, save.received_at, 0, set()))
            found[key] = (first, save.received_at, times + 1, devices | {save.device})
    lines: dict[int, list[SaveLine]] = {}
    for (position, name), (first, last, times, devices) in sorted(found.items()):
        lines.setdefault(position, []).append(SaveLine(name, first, last, times, len(devices)))
    return {position: tuple(some) for position, some in lines.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapped(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> str:
    return _text(_untagged(value))


def _untagged(value: Any) -> Any:
    """A stored value without the tags that tell its type: for people to read."""
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if isinstance(value, dict) and len(value) == 1:
        ((tag, inner),) = value.items()
        if tag in ("q", "f"):
            return inner
        if tag == "s" and isinstance(inner, list):
            return inner[0] if len(set(map(str, inner))) == 1 else inner
        if tag == "d":
            return {key: _untagged(item) for key, item in inner.items()}
    return value


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
