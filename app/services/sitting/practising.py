"""Practising: answers to one question are looked at while it is open, and another variant of it is to be had.

Nothing of this counts: a practice attempt is finished without a submission, so nobody marks it and no total has it.
Checks run in the sandbox's interactive lane, where only a few wait at a time; what was handed in is graded elsewhere.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

from app.domain.errors import Conflict, GradusError, NotAllowed, NotFound, Unavailable
from app.domain.texts import PREFERRED
from app.domain.values import Json
from app.services.bank.trials import Runs
from app.services.operating.transactions import Transaction
from app.services.quizzes.drawing import FRESH_SEEDS, Drawn, number_of
from app.services.results.results import ItemResult
from app.services.sitting.attempts import attempt_of
from app.services.sitting.practice_views import (
    Practice,
    Summary,
    hints_of,
    met_before,
    own_answers,
    practice_view,
    result_of_check,
    summary,
)
from app.services.sitting.saving import read_change
from app.services.sitting.starting import make_variants
from app.services.sitting.submissions import finish_practice
from app.services.sitting.surveys import survey_fields
from app.storage import attempts, practice, variants
from app.storage.changes import FLAG
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Attempt, AttemptItem, PracticeCheck, Quiz

CHECK_SECONDS = 8.0
MOST_AT_ONCE = 2
MOST_WAITING = 12
WAIT_SECONDS = 5.0
LOOKS = 4
"""How many fresh variants are looked at for one that differs from the one at hand."""

# Whoever starts an exam may wait in the same lane, so practice never fills it.
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)
_checking: set[int] = set()
_guard = threading.Lock()


def practice_of(
    tx: Transaction, person_id: int, attempt_id: str, *, lock: bool = False, over: bool = False
) -> tuple[Attempt, Quiz]:
    """A person's own practice attempt, and nothing else; one that is `over` only when asked.

    Raises:
        NotFound: there is no such attempt of this person.
        NotAllowed: its quiz is no practice quiz.
        Conflict: it is finished.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id, lock=lock)
    if quiz.mode != "practice":
        raise NotAllowed("This is no practice: nothing is checked or shown before it is handed in.")
    if attempt.state != "open" and not over:
        raise Conflict("This practice is finished. Start again for new variants.")
    return attempt, quiz


def item_of(tx: Transaction, attempt: Attempt, position: int, *, lock: bool = False) -> AttemptItem:
    """The question at that position, with its variant and version.

    Raises:
        NotFound: the attempt has fewer.
    """
    item = practice.item(tx, attempt.id, position, lock=lock)
    if item is None:
        raise NotFound("This attempt has no such question.")
    return item


def check(
    reading: Transaction,
    writing: Transaction,
    sandbox: Runs,
    person_id: int,
    attempt_id: str,
    position: int,
    language: str = PREFERRED,
) -> ItemResult:
    """Look at what is stored as answers to one question now; the result as result pages show it.

    Whatever happens in the sandbox becomes a result without credit, which says that a person would be needed.

    Raises:
        NotFound: there is no such attempt of this person, or no such question in it.
        NotAllowed: its quiz is no practice quiz.
        Conflict: it is finished, or got another variant in the meantime.
        Unavailable: a check of this person is running, or too many others are.
    """
    attempt, _ = practice_of(reading, person_id, attempt_id)
    item = item_of(reading, attempt, position)
    answers = own_answers(item, attempts.answers(reading, attempt.id).get(item.id, {}))
    version = item.question_version
    payload = {
        "package": version.package,
        "values": item.variant.values,
        "seed": item.variant.seed,
        "decisions": {},
        "answers": answers,
    }
    with _turn_of(person_id):
        credit = _credited(sandbox, payload)
    attempt, _ = practice_of(writing, person_id, attempt_id, lock=True)
    if item_of(writing, attempt, position, lock=True).variant_id != item.variant_id:
        raise Conflict("This question has another variant by now. Look at it again.")
    told: Mapping[str, Any] = credit or {"points": "0", "upto": str(version.points), "max": str(version.points)}
    row = PracticeCheck(
        attempt_item_id=item.id,
        variant_id=item.variant_id,
        answers=answers,
        credit=credit,
        points=Fraction(told["points"]),
        upto=Fraction(told["upto"]),
        max=Fraction(told["max"]),
        created_at=writing.now(),
    )
    practice.add_check(writing, row)
    return result_of_check(item, row, language)


def _credited(sandbox: Runs, payload: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        credit: dict[str, Any] = sandbox.run("grade", payload, lane="interactive", seconds=CHECK_SECONDS)["credit"]
        if credit["state"] not in ("graded", "needs-person", "invalid"):
            return None
        for name in ("points", "upto", "max"):
            Fraction(credit[name])
    except (GradusError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return credit


@contextmanager
def _turn_of(person_id: int) -> Iterator[None]:
    """One check a person, and few at once: all others are told to try again rather than kept waiting."""
    with _guard:
        if person_id in _checking:
            raise Unavailable("A check of yours is still running. Wait for it, then try again.")
        if len(_checking) >= MOST_WAITING:
            raise Unavailable("Many people are practising just now. Try again in a moment.")
        _checking.add(person_id)
    try:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("Many people are practising just now. Try again in a moment.")
        try:
            yield
        finally:
            _turns.release()
    finally:
        with _guard:
            _checking.discard(person_id)


def take_hint(tx: Transaction, person_id: int, attempt_id: str, position: int, part: str, taken: int) -> int:
    """Let somebody who has `taken` so many hints to a part see one more; how many there are to see now.

    Pressing twice, or in two windows, takes one hint.

    Raises:
        NotFound: no such attempt of this person, no such question, or no hints to such a part.
        NotAllowed, Conflict: as `check`.
    """
    attempt, _ = practice_of(tx, person_id, attempt_id, lock=True)
    item = item_of(tx, attempt, position, lock=True)
    total = len(hints_of(item)[0].get(part, ()))
    if not total:
        raise NotFound("There are no hints to this part.")
    practised = dict(item.practised or {})
    hints = dict(practised.get("hints") or {})
    seen = int(hints.get(part, 0))
    if taken == seen and seen < total:
        seen = hints[part] = seen + 1
        item.practised = {**practised, "hints": hints}
        item.hints += 1
        tx.session.flush()
    return seen


def new_variant(
    reading: Transaction,
    writing: Transaction,
    sandbox: Runs,
    person_id: int,
    attempt_id: str,
    position: int,
    met: int,
) -> None:
    """Give a question a fresh variant, one that this person has not met, with empty answers.

    `met` is how many variants of it the page knew of: pressing twice gives one. What was typed stays among the saves.

    Raises:
        NotFound: no such attempt of this person, or no such question.
        NotAllowed, Conflict: as `check`.
        SandboxFailure, QuestionError: the variant could not be made; nothing has changed.
    """
    attempt, quiz = practice_of(reading, person_id, attempt_id)
    item = item_of(reading, attempt, position)
    if len(met_before(item)) + 1 != met:
        return
    with _turn_of(person_id):
        drawn, made = _fresh(reading, sandbox, attempt, quiz, item)
    attempt, quiz = practice_of(writing, person_id, attempt_id, lock=True)
    mine = item_of(writing, attempt, position, lock=True)
    if mine.variant_id != item.variant_id:
        return
    for key in sorted(made):
        variants.keep_variant(writing, *key, made[key])
    _empty(writing, attempt, mine)
    found = variants.variant_id(writing, drawn.variant_hash, drawn.seed)
    if found is None:
        raise LookupError("a variant was neither made nor stored")
    mine.practised = {"seeds": [*met_before(mine), mine.variant.seed]}
    mine.variant_id = found
    writing.session.flush()


def _fresh(
    reading: Transaction, sandbox: Runs, attempt: Attempt, quiz: Quiz, item: AttemptItem
) -> tuple[Drawn, Mapping[tuple[str, int], Any]]:
    """A variant that this person has not met, and that differs from the one at hand where it can."""
    variant, version = item.variant, item.question_version
    who = (attempt.person_id, variant.variant_hash)
    known = attempts.used_seeds(reading, [attempt.person_id], {variant.variant_hash}).get(who, set())
    seeds = range(1, FRESH_SEEDS + 1)
    # Who has met them all begins anew.
    choices = [seed for seed in seeds if seed not in known] or [seed for seed in seeds if seed != variant.seed]
    first = number_of(quiz, "practice", attempt.person_id, version.question, len(known)) % len(choices)
    tried: list[tuple[Drawn, Mapping[tuple[str, int], Any]]] = []
    for seed in (choices[first:] + choices[:first])[:LOOKS]:
        drawn = Drawn(item.position, version.question, version.id, variant.variant_hash, seed, item.weight)
        made = make_variants(reading, sandbox, [drawn])
        tried.append((drawn, made))
        if _shown(reading, drawn, made) != variant.rendered:
            return tried[-1]
    return tried[0]


def _shown(reading: Transaction, drawn: Drawn, made: Mapping[tuple[str, int], Any]) -> Any:
    key = (drawn.variant_hash, drawn.seed)
    return made[key]["shown"] if key in made else variants.contents(reading, [key])[key][0]


def _empty(tx: Transaction, attempt: Attempt, item: AttemptItem) -> None:
    """Empty the fields of a question by a save like any other; what is said in a survey is not about the variant."""
    surveyed = {field["id"] for _, field in survey_fields(item.variant.rendered)}
    changes: Sequence[Json] = [
        {"item": item.position, "field": name, "revision": answer.revision + 1, "value": None}
        for name, answer in attempts.answers(tx, attempt.id).get(item.id, {}).items()
        if answer.value is not None and name != FLAG and name not in surveyed
    ]
    if not changes:
        return
    data: Json = {"device": f"variant-{secrets.token_hex(12)}", "seq": 1, "changes": list(changes)}
    (outcome,) = write_saves(tx, [Arrival(read_change(attempt.public_id, data), tx.now())], 0, {})
    if isinstance(outcome, GradusError):
        raise outcome


def finish(tx: Transaction, person_id: int, attempt_id: str) -> None:
    """End a practice attempt; again: nothing happens.

    Raises:
        NotFound, NotAllowed: as `check`.
    """
    attempt, quiz = practice_of(tx, person_id, attempt_id, lock=True, over=True)
    if attempt.state == "open":
        finish_practice(tx, attempt, quiz, person_id)


def is_practice(tx: Transaction, person_id: int, attempt_id: str) -> bool:
    """Whether a person's own attempt is practice.

    Raises:
        NotFound: there is no such attempt of this person.
    """
    return attempt_of(tx, person_id, attempt_id)[1].mode == "practice"


def view(
    tx: Transaction,
    person_id: int,
    attempt_id: str,
    position: int,
    language: str = PREFERRED,
    *,
    solution: bool,
    again: bool,
) -> Practice:
    """What stands below a question that a person practises; the `solution` only after a check, none of it `again`.

    Raises:
        NotFound, NotAllowed, Conflict: as `check`.
    """
    attempt, _ = practice_of(tx, person_id, attempt_id)
    found = practice_view(tx, attempt, item_of(tx, attempt, position), language, solution=solution)
    return replace(found, result=None) if again else found


def how_it_went(tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED) -> Summary:
    """The summary of a practice attempt, open or finished.

    Raises:
        NotFound, NotAllowed: as `check`.
    """
    attempt, quiz = practice_of(tx, person_id, attempt_id, over=True)
    return summary(tx, attempt, quiz, language)
