"""When two answers to a part are the same, so that what is accepted of one is accepted of the other.

Strictly: what cannot carry meaning in a text (normal_forms) and the way a formula is written do not matter,
everything else does. Choices and texts are compared by their words, in any variant of the question; numbers and
formulas only in the same variant, as the right ones differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.services.marking.normal_forms import text_form, trimmed
from app.services.sitting.exam_pages import FieldView, part_view
from app.storage.regrades import Given

BY_WORDS = frozenset({"choice", "order", "truth", "text"})
"""Kinds of fields whose answers say the same in every variant."""


def same_answer(shown: Mapping[str, Any], given: Given, part: str) -> str:
    """What all answers have in common that are the same as this one; empty where the part is not there or left blank.

    `shown` is the variant that was answered.
    """
    asked = next((one for one in shown["parts"] if one["id"] == part), None)
    if asked is None or asked.get("score") == "none":
        return ""
    stored = {name: (value, 0) for name, value in given.answers.items()}
    fields = part_view(asked, Fraction(1), stored).fields
    if all(field.reading.state == "blank" for field in fields):
        return ""
    everywhere = all(field.widget["kind"] in BY_WORDS for field in fields)
    asked_of = given.variant_hash if everywhere else str(given.variant_id)
    said = {field.id: _said(field) for field in fields}
    return json.dumps([asked_of, said], ensure_ascii=False, sort_keys=True)


def typed_in(shown: Mapping[str, Any], answers: Mapping[str, Any], part: str) -> str:
    """What was typed or chosen at a part, to the letter: whoever has the same here also has the same `answer_lines`."""
    asked = next((one for one in shown["parts"] if one["id"] == part), None)
    return json.dumps([answers.get(field["id"]) for field in asked["fields"]] if asked else [], ensure_ascii=False)


def answer_lines(shown: Mapping[str, Any], answers: Mapping[str, Any], part: str) -> list[str]:
    """An answer as people read it, field by field."""
    asked = next(one for one in shown["parts"] if one["id"] == part)
    stored = {name: (value, 0) for name, value in answers.items()}
    lines = []
    for field in part_view(asked, Fraction(1), stored).fields:
        said = _words(field)
        text = ", ".join(said) if said is not None else _typed(field.value)
        label = f"{field.label_text}: " if field.label_text else ""
        lines.append(label + (text or "–"))
    return lines


def _said(field: FieldView) -> Any:
    if field.reading.state == "blank":
        return ""
    words = _words(field)
    if words is not None:
        return words if field.widget["kind"] == "order" else sorted(words)
    if field.widget["kind"] == "text":
        return text_form(_typed(field.value))
    if field.reading.state == "read" and field.reading.latex and not field.reading.lines:
        return ["read", field.reading.latex]
    return ["typed", field.value if field.widget["kind"] == "program" else trimmed(field.value)]


def _words(field: FieldView) -> list[str] | None:
    """What was chosen, in words; None where nothing can be chosen, or nobody knows what."""
    kind, options = field.widget["kind"], field.widget.get("options_text") or ()
    if field.reading.state != "read" or kind not in ("choice", "order", "truth"):
        return None
    said = [one.strip() for one in field.reading.words.split(",")]
    if kind == "truth":
        return [f"{option}: {word}" for option, word in zip(options, said, strict=False)]
    return [options[int(one) - 1] for one in said if one.isdigit()]


def _typed(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
