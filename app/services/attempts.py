"""Attempts: starting one, and looking at it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.services.exam_pages import AttemptView, FieldView, ItemView, PartView, part_view, status_of
from app.services.quizzes import new_public_id, why_not_start
from app.services.transactions import Transaction
from app.storage import attempts, questions, quizzes, variants
from app.storage.changes import FLAG
from app.storage.tables import Answer, Attempt, AttemptItem, Quiz, QuizItem

if TYPE_CHECKING:
    from app.services.trials import Runs

__all__ = ["AttemptView", "FieldView", "ItemView", "PartView", "field_widget", "start", "view"]

FRESH_SEEDS = 200
"""Fresh variants have the seeds 1 to 200: the ones that every question has been swept over."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One question of an attempt to be."""

    position: int
    version_id: int
    variant_hash: str
    seed: int
    weight: Fraction


def start(reading: Transaction, writing: Transaction, sandbox: Runs, person_id: int, quiz_id: str) -> str:
    """Start an attempt at a quiz, or go on with the one that is open; its public id.

    Variants that nobody has met yet are made before `writing` is touched, and stored with the attempt.

    Raises:
        NotFound: there is no such quiz in this person's courses.
        NotAllowed: the quiz is not open, or all attempts are used.
        SandboxFailure, QuestionError: a variant could not be made; nothing was stored.
    """
    found = quizzes.quizzes_for(reading, person_id, quiz_id)
    if not found:
        raise NotFound("There is no such quiz in your courses.")
    quiz = found[0][0]
    taken = attempts.attempts_of(reading, person_id, [quiz.id])
    going_on = _open(taken)
    if going_on is not None:
        return going_on.public_id
    why_not = why_not_start(quiz, reading.now(), len(taken))
    if why_not:
        raise NotAllowed(why_not)
    number = taken[-1].number + 1 if taken else 1
    places = [_place(reading, quiz, item, person_id, number) for item in quizzes.items(reading, quiz.id)]
    made = {
        (place.variant_hash, place.seed): sandbox.run(
            "variant", {"package": questions.package(reading, place.version_id), "seed": place.seed}
        )
        for place in places
        if variants.variant_id(reading, place.variant_hash, place.seed) is None
    }
    return _store(writing, quiz, person_id, number, places, made)


def _store(
    tx: Transaction,
    quiz: Quiz,
    person_id: int,
    number: int,
    places: list[_Place],
    made: Mapping[tuple[str, int], Any],
) -> str:
    # Somebody may have pressed "start" twice: whoever is second goes on with the attempt of the first.
    again = attempts.attempts_of(tx, person_id, [quiz.id])
    going_on = _open(again)
    if going_on is not None:
        return going_on.public_id
    now = tx.now()
    why_not = why_not_start(quiz, now, len(again))
    if why_not:
        raise NotAllowed(why_not)
    items = []
    # In one order for everybody, so that two starts never wait for each other's variants in a ring.
    for place in sorted(places, key=lambda place: (place.variant_hash, place.seed)):
        key = (place.variant_hash, place.seed)
        if key in made:
            variant_id = variants.keep_variant(tx, *key, made[key])
        else:
            variant_id = variants.variant_id(tx, *key) or 0
        items.append(
            {
                "position": place.position,
                "variant_id": variant_id,
                "question_version_id": place.version_id,
                "weight": place.weight,
                "weight_real": float(place.weight),
            }
        )
    deadline = now + timedelta(minutes=quiz.minutes) if quiz.minutes is not None else None
    if quiz.closes_at is not None:
        deadline = min(deadline or quiz.closes_at, quiz.closes_at)
    attempt = Attempt(
        public_id=new_public_id(),
        quiz_id=quiz.id,
        person_id=person_id,
        number=number,
        state="open",
        started_at=now,
        deadline_at=deadline,
    )
    public_id = attempt.public_id
    if attempts.add_attempt(tx, attempt, items):
        tx.record(person_id, "started an attempt", f"attempt {public_id}", number=number)
        return public_id
    going_on = _open(attempts.attempts_of(tx, person_id, [quiz.id]))
    if going_on is None:
        raise Conflict("This attempt has just been started and handed in elsewhere.")
    return going_on.public_id


def _open(taken: list[Attempt]) -> Attempt | None:
    return next((attempt for attempt in taken if attempt.state == "open"), None)


def _place(tx: Transaction, quiz: Quiz, item: QuizItem, person_id: int, number: int) -> _Place:
    version = item.question_version
    if item.pool:
        choices = [item.question_version_id, *item.pool]
        chosen = choices[_draw(quiz, person_id, number, item.position) % len(choices)]
        version = quizzes.version_outline(tx, chosen)
    if quiz.seeds == "printed_first" and number == 1:
        seed = 0
    else:
        met = attempts.used_seeds(tx, person_id, version.variant_hash)
        fresh = [seed for seed in range(1, FRESH_SEEDS + 1) if seed not in met]
        choices = fresh or list(range(1, FRESH_SEEDS + 1))
        seed = choices[_draw(quiz, person_id, number, version.question) % len(choices)]
    return _Place(item.position, version.id, version.variant_hash, seed, item.weight)


def _draw(quiz: Quiz, *what: object) -> int:
    text = "|".join([quiz.salt, *map(str, what)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def attempt_of(tx: Transaction, person_id: int, attempt_id: str, *, lock: bool = False) -> tuple[Attempt, Quiz]:
    """A person's own attempt.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    found = attempts.attempt(tx, attempt_id, lock=lock)
    if found is None or found[0].person_id != person_id:
        raise NotFound("There is no such attempt of yours.")
    return found


def view(tx: Transaction, person_id: int, attempt_id: str) -> AttemptView:
    """A person's attempt with everything typed so far.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    stored = attempts.answers(tx, attempt.id)
    items = tuple(item_view(item, stored.get(item.id, {})) for item in attempts.items(tx, attempt.id))
    now = tx.now()
    left = None if attempt.deadline_at is None else (attempt.deadline_at - now).total_seconds()
    return AttemptView(
        id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        state="open" if attempt.state == "open" else "handed in",
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        now=now,
        seconds_left=None if left is None else max(0.0, left),
        max=sum((item.points for item in items), Fraction(0)),
        items=items,
    )


def item_view(item: AttemptItem, stored: Mapping[str, Answer]) -> ItemView:
    """One question with its newest answers."""
    shown = item.variant.rendered
    values = {name: (answer.value, answer.revision) for name, answer in stored.items()}
    parts = tuple(part_view(part, item.weight, values) for part in shown["parts"])
    status, answered, total = status_of(parts)
    flag = stored.get(FLAG)
    return ItemView(
        position=item.position,
        title=shown["title"],
        stem=shown["stem"],
        points=item.weight * item.question_version.points,
        status=status,
        fields_answered=answered,
        fields_total=total,
        flagged=flag is not None and flag.value is True,
        flag_revision=flag.revision if flag is not None else 0,
        parts=parts,
    )


def field_widget(tx: Transaction, person_id: int, attempt_id: str, position: int, field: str) -> Mapping[str, Any]:
    """What a field asks for, so that what is being typed can be read.

    Raises:
        NotFound: no such attempt of this person, no such question, no such field.
    """
    attempt, _ = attempt_of(tx, person_id, attempt_id)
    for item in attempts.items(tx, attempt.id):
        if item.position == position:
            for part in item.variant.rendered["parts"]:
                for shown in part["fields"]:
                    if shown["id"] == field:
                        widget: Mapping[str, Any] = shown["widget"]
                        return widget
    raise NotFound(f"Question {position} of this attempt has no field “{field[:100]}”.")
