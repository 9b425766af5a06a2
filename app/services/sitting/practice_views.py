"""What somebody sees who practises: the newest check of a question, the hints taken so far, and how all of it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.texts import PREFERRED
from app.domain.values import Json
from app.services.bank.translations import asked_in, hints_in
from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import EVERYTHING, Releases
from app.services.results.results import ItemResult, PartResult, item_result
from app.services.sitting.surveys import survey_fields
from app.storage import attempts, practice
from app.storage.changes import FLAG
from app.storage.tables import Answer, Attempt, AttemptItem, PracticeCheck, Quiz


@dataclass(frozen=True, slots=True)
class Checked:
    """What result pages show of an attempt, for one question of it."""

    attempt_id: str
    items: tuple[ItemResult, ...]
    seen: Releases = EVERYTHING


@dataclass(frozen=True, slots=True)
class PartHints:
    """The hints to one part that were taken (HTML), and how many there are."""

    taken: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Practice:
    """A question that is being practised, in its variant number `met` for this person.

    `result` is the newest check of this variant; `changed`: something was typed since. `solved`: the solution is
    shown. `open`: a person would have to decide about some of it. `failed`: nothing could be decided. `language`: of
    the hints.
    """

    met: int
    result: Checked | None
    changed: bool
    solved: bool
    open: bool
    failed: bool
    hints: Mapping[str, PartHints]
    language: str


@dataclass(frozen=True, slots=True)
class PractisedItem:
    """One question in the summary: what was best of all checks in all its variants; none without a check."""

    position: int
    title: str
    variants: int
    checks: int
    hints: int
    best: Fraction | None
    max: Fraction
    language: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How a practice attempt went."""

    attempt_id: str
    quiz_id: str
    quiz_title: str
    number: int
    open: bool
    started_at: datetime
    items: tuple[PractisedItem, ...]

    @property
    def checks(self) -> int:
        """All checks."""
        return sum(item.checks for item in self.items)


def own_answers(item: AttemptItem, stored: Mapping[str, Answer]) -> dict[str, Json]:
    """What is checked of a question: everything but its flag, and what is said in surveys, which nobody keeps."""
    apart = {field["id"] for _, field in survey_fields(item.variant.rendered)} | {FLAG}
    return {
        name: answer.value for name, answer in sorted(stored.items()) if name not in apart and answer.value is not None
    }


def met_before(item: AttemptItem) -> list[int]:
    """The seeds of the variants before the present one."""
    return list((item.practised or {}).get("seeds") or ())


def hints_of(item: AttemptItem, language: str = PREFERRED) -> tuple[Mapping[str, Sequence[str]], str]:
    """All hints of a variant (HTML) by part, and their language; variants from before there were hints have none."""
    return hints_in(item.variant.solution, language)


def result_of_check(item: AttemptItem, row: PracticeCheck, language: str = PREFERRED) -> ItemResult:
    """A check as a result page shows it. Nothing waits for anybody, so its state is "graded" whatever is open."""
    return item_result(item, row.answers, row, "graded", language)


def practice_view(
    tx: Transaction, attempt: Attempt, item: AttemptItem, language: str = PREFERRED, *, solution: bool = False
) -> Practice:
    """What stands below a question that is being practised; the `solution` only after a check."""
    row = practice.newest_check(tx, item.id, item.variant_id)
    taken: Mapping[str, Any] = (item.practised or {}).get("hints") or {}
    found_hints, spoken = hints_of(item, language)
    hints = {
        part: PartHints(tuple(of_part[: int(taken.get(part, 0))]), len(of_part))
        for part, of_part in found_hints.items()
    }
    met = len(met_before(item)) + 1
    if row is None:
        return Practice(met, None, False, False, False, False, hints, spoken)
    undecided = row.points != row.upto
    # There is nobody to wait for: whoever cannot be told what it is worth compares for themselves.
    solved = solution or undecided
    found = result_of_check(item, row, language)
    # The page shows the question itself above.
    parts = tuple(_shown(part, solved) for part in found.parts)
    found = replace(found, stem="", parts=parts, solution_stem=found.solution_stem if solved else "")
    now = own_answers(item, attempts.answers(tx, attempt.id).get(item.id, {}))
    checked = Checked(attempt.public_id, (found,))
    return Practice(met, checked, now != row.answers, solved, undecided, row.credit is None, hints, spoken)


def _shown(part: PartResult, solved: bool) -> PartResult:
    """A part below its question. Of one without an answer yet, even the criteria would tell what belongs there."""
    part = replace(part, prompt="")
    if solved:
        return part
    part = replace(part, solution="")
    blank = all(field.reading.state == "blank" for field in part.fields)
    return replace(part, criteria=(), mistakes=(), notes=(), feedback=()) if blank else part


def summary(tx: Transaction, attempt: Attempt, quiz: Quiz, language: str = PREFERRED) -> Summary:
    """How a practice attempt went so far."""
    checks: dict[int, list[PracticeCheck]] = {}
    for row in practice.checks(tx, attempt.id):
        checks.setdefault(row.attempt_item_id, []).append(row)
    items = []
    for item in attempts.items(tx, attempt.id):
        mine = checks.get(item.id, [])
        shown, spoken = asked_in(item.variant.rendered, language)
        items.append(
            PractisedItem(
                position=item.position,
                title=shown["title"],
                variants=len(met_before(item)) + 1,
                checks=len(mine),
                hints=item.hints,
                best=max((row.points * item.weight for row in mine), default=None),
                max=item.weight * item.question_version.points,
                language=spoken,
            )
        )
    return Summary(
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        open=attempt.state == "open",
        started_at=attempt.started_at,
        items=tuple(items),
    )
