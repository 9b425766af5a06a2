"""Surveys: parts that are not graded. What is said in one is taken out of the attempt when it is handed in.

From then on nothing connects the words with a person: no attempt, no time, no order. The attempt only remembers that
something was said. Staff reads the words from `FEWEST` people up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.values import Json
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.sitting.exam_pages import AttemptView, ItemView, PartView, status_of
from app.services.sitting.reading import BLANK, read_as
from app.storage import attempts, quizzes, showings
from app.storage import surveys as stored
from app.storage.tables import Answer, Attempt, AttemptItem, Quiz

FEWEST = 5
"""Below this many people nobody reads what was said."""


@dataclass(frozen=True, slots=True)
class SurveyField:
    """One field of a survey: how many people said something, and what, where they are enough."""

    question: str
    title: str
    part: str
    label: str
    people: int
    said: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether what was said is shown."""
        return self.people >= FEWEST


@dataclass(frozen=True, slots=True)
class Survey:
    """The fields of all surveys in a quiz."""

    quiz_id: str
    title: str
    fields: tuple[SurveyField, ...]


def survey_fields(rendered: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of a variant whose answers are kept apart, each with its part. A drawing stays with its person."""
    for part in rendered["parts"]:
        if part.get("score") == "none":
            yield from ((part["id"], field) for field in part["fields"] if field["widget"]["kind"] != "drawing")


def set_apart(
    tx: Transaction,
    attempt: Attempt,
    quiz: Quiz,
    items: Sequence[AttemptItem],
    answers: Mapping[int, Mapping[str, Answer]],
) -> dict[int, list[str]]:
    """Take what was said in surveys out of an attempt that is being handed in, and keep it without its person.

    The fields in which something was said, by attempt item. Of a preview nothing is kept.
    """
    preview = quizzes.only_looks(tx, quiz.course_id, attempt.person_id)
    said: dict[int, list[str]] = {}
    slots: list[tuple[int, int, str]] = []
    asking = attempts.with_surveys(tx, {item.variant_id for item in items})
    for item in (one for one in items if one.variant_id in asking):
        for part, field in survey_fields(asking[item.variant_id]):
            slots.append((item.id, item.position, field["id"]))
            answer = answers.get(item.id, {}).get(field["id"])
            words = "" if answer is None else words_of(field["widget"], answer.value)
            if not words:
                continue
            said.setdefault(item.id, []).append(field["id"])
            if not preview:
                stored.keep(tx, quiz.id, item.question_version_id, part, field["id"], words)
    if slots:
        stored.take_out(tx, attempt.id, slots)
    return said


def words_of(widget: Mapping[str, Any], raw: Json) -> str:
    """An answer in words that mean the same in every variant: statements instead of their positions."""
    reading = read_as(widget, raw)
    if reading.state == "blank":
        return ""
    options = [str(option) for option in widget.get("options_text") or ()]
    pieces = _flat(raw)
    if widget["kind"] in ("choice", "order") and reading.state == "read":
        chosen = [piece for text in pieces for piece in text.replace(";", ",").replace(" ", ",").split(",") if piece]
        told = [options[int(piece) - 1] for piece in chosen if piece.isdigit()]
        return "; ".join(told) or reading.words
    if widget["kind"] == "truth" and reading.state == "read":
        words = reading.words.split(", ")
        return "; ".join(f"{option}: {word}" for option, word in zip(options, words, strict=False))
    return (pieces[0] if len(pieces) == 1 else ", ".join(pieces)).strip()


def _flat(raw: Json) -> list[str]:
    if isinstance(raw, list):
        return [text for one in raw for text in _flat(one)]
    return [] if raw is None else [str(raw)]


def survey(tx: Transaction, course_id: int, quiz_id: str) -> Survey:
    """What was said in a quiz of that course, field by field, in an order that tells nothing.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    people = stored.people_by_field(tx, quiz.id)
    said: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for question, part, field, key, words in stored.said(tx, quiz.id):
        said.setdefault((question, part, field), []).append((hashlib.sha256(key.encode()).hexdigest(), words))
    found: dict[tuple[str, str, str], SurveyField] = {}
    for sample in showings.samples(tx, quiz.id):
        for part, asked in survey_fields(sample.rendered):
            place = (sample.question, part, asked["id"])
            count = people.get((sample.question, asked["id"]), 0)
            told = tuple(words for _, words in sorted(said.get(place, ()))) if count >= FEWEST else ()
            label = asked.get("label") or ""
            found[place] = SurveyField(sample.question, sample.title, part, label, count, told)
    return Survey(quiz.public_id, quiz.title, tuple(found.values()))


def without_surveys(view: AttemptView) -> AttemptView:
    """An attempt as others than its person may see it: nothing of what was said in surveys so far."""
    return replace(view, items=tuple(_without(item) for item in view.items))


def _without(item: ItemView) -> ItemView:
    parts = tuple(_silent(part) if part.score == "none" else part for part in item.parts)
    status, answered, total = status_of(parts)
    return replace(item, parts=parts, status=status, fields_answered=answered, fields_total=total)


def _silent(part: PartView) -> PartView:
    fields = tuple(
        field if field.widget["kind"] == "drawing" else replace(field, value=None, reading=BLANK)
        for field in part.fields
    )
    return replace(part, fields=fields)
