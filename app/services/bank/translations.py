"""A stored variant in one of the languages that it holds. Only texts differ: how an answer is read does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.texts import PREFERRED

WORDED = ("rows", "columns", "words_text")
SAYING = ("criteria", "mistakes", "feedback")


def asked_in(rendered: Mapping[str, Any], language: str) -> tuple[Mapping[str, Any], str]:
    """What a variant shows in that language, or in its own; and which of the two it is."""
    texts = (rendered.get("languages") or {}).get(language)
    if texts is None:
        return rendered, PREFERRED
    parts = [_part(part, texts["parts"].get(part["id"]) or {}) for part in rendered["parts"]]
    return {**rendered, "title": texts["title"], "stem": texts["stem"], "parts": parts}, language


def solved_in(solution: Mapping[str, Any], language: str) -> tuple[Mapping[str, Any], str]:
    """The worked solution of a variant in that language, or in its own; and which of the two it is."""
    other = (solution.get("languages") or {}).get(language)
    # What holds no parts are hints in a language in which there is no solution.
    return (other, language) if other and other.get("parts") else (solution, PREFERRED)


def hints_in(solution: Mapping[str, Any], language: str) -> tuple[Mapping[str, Any], str]:
    """The hints of a variant by part, in that language where they are, and which one it is; none: it has no hints."""
    other = ((solution.get("languages") or {}).get(language) or {}).get("hints")
    return (other, language) if other else (solution.get("hints") or {}, PREFERRED)


def credit_in(credit: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """A stored credit whose lines say it in that language where their author has."""
    if language == PREFERRED or not credit:
        return credit
    parts = [
        {**part, **{name: _said(part[name], language) for name in SAYING if name in part}}
        for part in credit.get("parts", ())
    ]
    return {**credit, "readings": _said(credit.get("readings", ()), language), "parts": parts}


def _said(lines: Iterable[Mapping[str, Any]], language: str) -> list[Mapping[str, Any]]:
    return [{**line, "says": (line.get("languages") or {}).get(language) or line.get("says", "")} for line in lines]


def _part(part: Mapping[str, Any], texts: Mapping[str, Any]) -> Mapping[str, Any]:
    told = texts.get("fields") or {}
    fields = [_field(field, told.get(field["id"]) or {}) for field in part["fields"]]
    return {**part, **{name: text for name, text in texts.items() if name != "fields"}, "fields": fields}


def _field(field: Mapping[str, Any], texts: Mapping[str, Any]) -> Mapping[str, Any]:
    widget, options = field["widget"], texts.get("options") or ()
    if len(options) == len(widget.get("options") or ()):
        widget = {**widget, "options": options, "options_text": texts["options_text"]}
    if len(texts.get("words_text") or ()) == len(widget.get("words") or ()):
        # Only how words read: answers hold the words of the question.
        widget = {**widget, **{name: texts[name] for name in WORDED if texts.get(name)}}
    labels = {name: texts[name] for name in ("label", "label_text") if name in texts}
    return {**field, **labels, "widget": widget}
