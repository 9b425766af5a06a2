"""The forms of a question: as printed, fully automatic, or written. Each is stored as a question of its own.

Two parts may carry one item (`form: second`): a short text and its structured twin, a proof in blocks and the same
proof written. A student meets one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Form: TypeAlias = Literal["automatic", "written"]

# What is added to the title of a form, by language.
NAMES: Mapping[Form, Mapping[str, str]] = {
    "automatic": {"en": "automatic", "de": "automatisch", "fr": "automatique"},
    "written": {"en": "written", "de": "schriftlich", "fr": "par écrit"},
}
_HEADING = re.compile(r"^##[ \t]+(.*?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """One form of a question, as a package of its own; `form` is None for the printed one."""

    form: Form | None
    package: dict[str, Any]


def forms_of(package: Mapping[str, Any]) -> list[QuestionForm]:
    """The printed form first; an automatic one where short texts have twins, a written one where proofs have."""
    parts = package["question"]["parts"]
    first = {part.get("item") for part in parts if part.get("form", "first") == "first"} - {None}
    # A second form alone in its question is no twin.
    printed = [part for part in parts if part.get("form", "first") == "first" or part.get("item") not in first]
    if len(printed) == len(parts):
        return [QuestionForm(None, dict(package))]
    found = [QuestionForm(None, _with_parts(package, printed))]
    for form, replaces, replaced_by in (("automatic", "text", None), ("written", None, "note")):
        chosen = [*_chosen(parts, printed, replaces, replaced_by)]
        if [part["id"] for part in chosen] != [part["id"] for part in printed]:
            found.append(QuestionForm(form, _named(_with_parts(package, chosen), form)))  # type: ignore[arg-type]
    return found


def _chosen(
    parts: list[dict[str, Any]], printed: list[dict[str, Any]], replaces: str | None, replaced_by: str | None
) -> Iterator[dict[str, Any]]:
    for part in printed:
        twins = [
            one for one in parts if one.get("form") == "second" and one.get("item") == part.get("item") is not None
        ]
        if replaces is not None:
            fits = replaces in _graders(part)
            twins = [one for one in twins if not {"text", "note"} & _graders(one)]
        else:
            fits = True
            twins = [one for one in twins if replaced_by in _graders(one)]
        yield from twins[:1] if fits and twins else [part]


def _graders(part: Mapping[str, Any]) -> set[str]:
    return {str(one.get("grader")) for one in (part.get("fields") or {}).values()}


def _named(package: dict[str, Any], form: Form) -> dict[str, Any]:
    question = dict(package["question"])
    title = question["title"]
    names = NAMES[form]
    question["id"] = f"{question['id']}-{form}"
    # Under another name the seeds draw other variants; only the printed one is the same.
    cases = [case for case in package["cases"] if not case.get("seed")]
    question["title"] = (
        {language: f"{text} ({names.get(language, names['en'])})" for language, text in title.items()}
        if isinstance(title, dict)
        else f"{title} ({names['en']})"
    )
    return package | {"question": question, "cases": cases}


def _with_parts(package: Mapping[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The package with these parts only: texts and cases lose what belongs to the others."""
    kept = {part["id"] for part in parts}
    gone = {part["id"] for part in package["question"]["parts"]} - kept
    fields = {name for part in parts for name in part.get("fields") or {}}
    question = dict(package["question"])
    # A part may carry its item alone now.
    question["parts"] = [{key: value for key, value in part.items() if key != "form"} for part in parts]
    found = dict(package) | {"question": question}
    for noun in ("prompt", "solution"):
        found[noun] = {language: _without(text, gone) for language, text in (package.get(noun) or {}).items()}
    hints = {language: _without(text, gone) for language, text in (found.pop("hints", None) or {}).items()}
    if any(text.strip() for text in hints.values()):
        found["hints"] = hints
    found["cases"] = [case for one in package.get("cases") or () if (case := _case(one, kept, fields))]
    return found


def _without(text: str, gone: set[str]) -> str:
    """A text without the sections of these parts."""
    starts = [*_HEADING.finditer(text)]
    ends = [*(one.start() for one in starts), len(text)]
    kept = [text[one.start() : end] for one, end in zip(starts, ends[1:], strict=True) if one[1] not in gone]
    return text[: ends[0]] + "".join(kept)


def _case(case: Mapping[str, Any], parts: set[str], fields: set[str]) -> dict[str, Any] | None:
    """A case as far as it concerns these parts; None where it concerns none."""
    found = dict(case)
    for name in ("expect", "marked", "decisions"):
        if isinstance(case.get(name), dict):
            found[name] = {place: value for place, value in case[name].items() if _of(place, parts)}
            if not found[name]:
                del found[name]
    found["answers"] = {name: value for name, value in (case.get("answers") or {}).items() if name in fields}
    return found if "expect" in found or "marked" in found else None


def _of(place: str, parts: set[str]) -> bool:
    return str(place).partition(".")[0] in parts
