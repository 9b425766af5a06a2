"""What students will see of a draft: the whole page if it works, else its parts one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from app.domain.errors import GradusError, Problem, QuestionError
from app.domain.questions import Part
from app.domain.values import Json
from graders.marking.compiled import Compiled
from graders.marking.worlds import World
from graders.packages import Package
from graders.presenting.questions import present_hints, present_shown, present_solution, text_and_file
from graders.sections import split

Page = dict[str, Json]


def shown_page(package: Package, world: World, language: str, problems: list[Problem]) -> Page:
    """The question as asked; a part that cannot be shown carries an `error`, and its problems are added."""
    try:
        return present_shown(package, world, language)
    except GradusError:
        pass
    page: Page = {"title": "", "stem": "", "stem_text": ""}
    stem = _attempt(lambda: present_shown(_only(package, None, language), world, language), problems)
    if stem is not None:
        page |= stem
    parts: list[Json] = []
    for part in package.compiled.question.parts:
        alone = _only(package, part, language)
        told: list[Problem] = []
        one = _attempt(lambda alone=alone: present_shown(alone, world, language), told)  # type: ignore[misc]
        problems += told
        parts.append(cast("list[Json]", one["parts"])[0] if one is not None else _silent(part, told))
    return page | {"parts": parts}


def _silent(part: Part, told: list[Problem]) -> Json:
    shown: Page = {"id": part.id, "item": part.item, "label": part.label, "title": "", "form": part.form}
    score = "none" if part.score == "none" else "bonus" if part.bonus else "points"
    shown |= {"points": str(part.points), "score": score, "prompt": "", "prompt_text": "", "fields": []}
    return shown | {"error": told[0].says if told else ""}


def solution_page(package: Package, world: World, language: str, problems: list[Problem]) -> Page:
    """The worked solution, in the same way."""
    try:
        return present_solution(package, world, language)
    except GradusError:
        pass
    page: Page = {"stem": "", "parts": {}, "text": {}}
    for part in (None, *package.compiled.question.parts):
        alone = _only(package, part, language)
        one = _attempt(lambda alone=alone: present_solution(alone, world, language), problems)  # type: ignore[misc]
        if one is None:
            continue
        if part is None:
            page["stem"] = one["stem"]
        else:
            cast("Page", page["parts"]).update(cast("Page", one["parts"]))
            cast("Page", page["text"]).update(cast("Page", one["text"]))
    return page


def try_hints(package: Package, world: World, language: str, problems: list[Problem]) -> None:
    """Write the hints, for the problems that come up."""
    _attempt(lambda: present_hints(package, world, language), problems)


def _attempt(present: Callable[[], Page], problems: list[Problem]) -> Page | None:
    try:
        return present()
    except QuestionError as error:
        problems += error.problems
    except GradusError as error:
        problems.append(Problem(str(error)))
    return None


def _only(package: Package, part: Part | None, language: str) -> Package:
    """The package with one part (or the stem) alone; lines of texts stay where they are."""
    question = package.compiled.question.model_copy(update={"parts": () if part is None else (part,)})
    fields = {} if part is None else {name: package.compiled.fields[name] for name in part.fields}
    texts = {}
    for noun, written in (("prompt", package.prompt), ("solution", package.solution)):
        text, _ = text_and_file(written, noun, language)
        alone = _masked(text, [one.id for one in package.compiled.question.parts], None if part is None else part.id)
        texts[noun] = {language if language in written else "": alone}
    return replace(package, compiled=Compiled(question, fields), prompt=texts["prompt"], solution=texts["solution"])


def _masked(text: str, parts: list[str], kept: str | None) -> str:
    sections = split(text, parts)
    section = sections.stem if kept is None else sections.of(kept)
    if kept is None:
        return section.text
    heading = f"## {kept}\n" if section.line > 1 else ""
    return "\n" * max(section.line - 2, 0) + heading + section.text
