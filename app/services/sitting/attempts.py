"""Attempts: looking at them (starting one: app.services.sitting.starting)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from app.domain.errors import NotFound
from app.domain.texts import PREFERRED
from app.services.bank.translations import asked_in
from app.services.operating.transactions import Transaction
from app.services.quizzes.homework import Policy, policy_of
from app.services.quizzes.quiz_sections import sections_of
from app.services.quizzes.terms import seconds_left, terms_for
from app.services.results.deductions import deducts, last_saved
from app.services.sitting.exam_pages import AttemptView, FieldView, ItemView, PartView, part_view, status_of
from app.services.sitting.going_forward import reached
from app.services.sitting.item_states import Holding, ItemState, states_of
from app.services.sitting.news import messages_to
from app.services.sitting.starting import preview, start
from app.storage import attempts, quizzes
from app.storage.changes import FLAG
from app.storage.tables import Answer, Attempt, AttemptItem, Quiz

__all__ = ["AttemptView", "FieldView", "ItemView", "PartView", "field_widget", "preview", "start", "view"]


def attempt_of(tx: Transaction, person_id: int, attempt_id: str, *, lock: bool = False) -> tuple[Attempt, Quiz]:
    """A person's own attempt.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    found = attempts.attempt(tx, attempt_id, lock=lock)
    if found is None or found[0].person_id != person_id:
        raise NotFound("There is no such attempt of yours.")
    return found


def view(
    tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED, *, only: int | None = None
) -> AttemptView:
    """A person's attempt with everything typed so far, in that language where its questions have it.

    `only`: the position of the one question that is looked at; all others come without stem and parts.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    stored = attempts.answers(tx, attempt.id)
    if only is None:
        items = tuple(item_view(item, stored.get(item.id, {}), language) for item in attempts.items(tx, attempt.id))
    else:
        items = tuple(_mostly_states(tx, attempts.places(tx, attempt.id), stored, language, only))
    now, looks = tx.now(), quizzes.only_looks(tx, quiz.course_id, person_id)
    return AttemptView(
        id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        state="open" if attempt.state == "open" else "handed in",
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        now=now,
        seconds_left=seconds_left(attempt, now),
        max=sum((item.points for item in items), Fraction(0)),
        items=items,
        preview=looks,
        reached=reached(attempt, quiz),
        sections=sections_of(tx, quiz.id) if any(item.section for item in items) else (),
        networks="" if looks else quiz.networks,
        browser_keys="" if looks else quiz.browser_keys,
        practice=quiz.mode == "practice",
        policy=_policy(tx, attempt, quiz, stored),
        paused=attempt.paused_at is not None,
        messages=messages_to(tx, attempt),
        time_zone=quizzes.course(tx, quiz.course_id).time_zone,
    )


def _policy(tx: Transaction, attempt: Attempt, quiz: Quiz, stored: Mapping[int, Mapping[str, Answer]]) -> Policy | None:
    if attempt.state != "open" or not deducts(quiz):
        return None
    preview = quizzes.only_looks(tx, quiz.course_id, attempt.person_id)
    terms = terms_for(tx, quiz, attempt.person_id, preview=preview)
    return policy_of(quiz, terms, [attempt], tx.now(), last_saved(stored, tx.now()))


def _mostly_states(
    tx: Transaction,
    places: Sequence[attempts.Place],
    stored: Mapping[int, Mapping[str, Answer]],
    language: str,
    only: int,
) -> Iterator[ItemView]:
    others = [
        Holding(place, {name: one.value for name, one in stored.get(place.item_id, {}).items()})
        for place in places
        if place.position != only
    ]
    states = iter(states_of(tx, others, language))
    rendered = attempts.rendered(tx, {place.variant_id for place in places if place.position == only})
    for place in places:
        answers = stored.get(place.item_id, {})
        if place.position == only:
            yield _shown(place, rendered[place.variant_id], answers, language)
        else:
            yield _view(place, next(states), answers)


def item_view(item: AttemptItem, stored: Mapping[str, Answer], language: str = PREFERRED) -> ItemView:
    """One question with its newest answers."""
    variant = item.variant
    place = attempts.Place(
        item_id=item.id,
        position=item.position,
        section=item.section,
        weight=item.weight,
        points=item.question_version.points,
        variant_id=variant.id,
        variant_hash=variant.variant_hash,
        seed=variant.seed,
    )
    return _shown(place, variant.rendered, stored, language)


def _shown(place: attempts.Place, rendered: Mapping[str, Any], stored: Mapping[str, Answer], language: str) -> ItemView:
    shown, spoken = asked_in(rendered, language)
    values = {name: (answer.value, answer.revision) for name, answer in stored.items()}
    parts = tuple(part_view(part, place.weight, values) for part in shown["parts"])
    state = ItemState(shown["title"], spoken, *status_of(parts))
    return replace(_view(place, state, stored), stem=shown["stem"], parts=parts)


def _view(place: attempts.Place, state: ItemState, stored: Mapping[str, Answer]) -> ItemView:
    flag = stored.get(FLAG)
    return ItemView(
        position=place.position,
        title=state.title,
        stem="",
        points=place.weight * place.points,
        status=state.status,
        fields_answered=state.answered,
        fields_total=state.total,
        flagged=flag is not None and flag.value is True,
        flag_revision=flag.revision if flag is not None else 0,
        parts=(),
        language=state.language,
        section=place.section,
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
