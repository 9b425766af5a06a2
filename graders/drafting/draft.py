"""A draft as its author sees it: problems with their places, cells and pages of some seeds, what each part can give."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from app.domain.errors import GradusError, Problem, QuestionError
from app.domain.questions import Part, Question
from app.domain.values import Json
from graders.drafting.cells import Drawn, draw_seeds
from graders.drafting.pages import shown_page, solution_page, try_hints
from graders.drafting.salvage import MOST_PROBLEMS, Salvaged, salvage
from graders.marking.checking import PRINTED, check_question, most_points
from graders.marking.compiled import CompiledField
from graders.packages import Package
from graders.presenting.questions import text_problems

_PART = re.compile(r"parts\.([A-Za-z][A-Za-z0-9_-]*)(?=\.|$)")


def describe_draft(payload: Mapping[str, Any]) -> dict[str, Json]:
    """Everything that can be said about `question` (the document), `prompt`, `solution` and `files` (their names)."""
    salvaged = salvage(payload["question"])
    language = str(payload.get("language", "en"))
    package = Package(
        salvaged.compiled,
        payload.get("prompt") or {},
        payload.get("solution") or {},
        [],
        dict.fromkeys(payload.get("files") or ()),
        payload.get("hints") or {},
    )
    drawn = draw_seeds(salvaged, [int(seed) for seed in payload["seeds"]])
    failed = {name for one in drawn for name in one.failed}
    problems = [*salvaged.problems, *_checked(salvaged, package, failed)]
    seeds: list[Json] = [_seed(one, salvaged, package, language, problems) for one in drawn]
    question = salvaged.compiled.question
    return {
        "problems": [_json(problem) for problem in _placed(problems, question)],
        "seeds": seeds,
        "points": str(sum((part.points for part in question.parts if _counts(part)), Fraction(0))),
        "parts": [_part(salvaged, part, drawn) for part in question.parts],
    }


def _counts(part: Part) -> bool:
    return part.score != "none" and not part.bonus


def _checked(salvaged: Salvaged, package: Package, failed: Collection[str]) -> list[Problem]:
    """What the check says, but not what follows from places that are broken themselves."""
    found: list[Problem] = []
    try:
        found += check_question(salvaged.compiled)
        found += [] if salvaged.lost.everything else text_problems(package)
    except QuestionError as error:
        found += error.problems
    except GradusError as error:
        # It has a place already where something else was found.
        found += [] if found or salvaged.lost else [Problem(str(error))]
    return [one for one in found if not salvaged.lost.explains(one) and not _elsewhere(one, failed)]


def _elsewhere(problem: Problem, failed: Collection[str]) -> bool:
    """Whether a cell is to blame that is told of at its own place."""
    says = problem.says.removeprefix(PRINTED)
    own = problem.path.removeprefix("variables.")
    return _follows(says.removeprefix(f"{own}: "), failed)


def _seed(drawn: Drawn, salvaged: Salvaged, package: Package, language: str, problems: list[Problem]) -> Json:
    told: list[Problem] = []
    shown = shown_page(package, drawn.world, language, told)
    solution = solution_page(package, drawn.world, language, told)
    try_hints(package, drawn.world, language, told)
    _add(problems, _of_cells(drawn, salvaged))
    # Where a cell fails, so does everything it stands in; that is said once, at the cell.
    _add(problems, [one for one in told if not _follows(one.says, drawn.failed) and not salvaged.lost])
    return {
        "seed": drawn.seed,
        "error": drawn.error,
        "cells": drawn.cells,
        "rejected": dict(drawn.rejected),
        "shown": shown,
        "solution": {"stem": solution["stem"], "parts": solution["parts"]},
    }


def _of_cells(drawn: Drawn, salvaged: Salvaged) -> list[Problem]:
    return [
        Problem(f"Seed {drawn.seed}: {says}" if drawn.seed else says, f"variables.{name}")
        for name, says in drawn.failed.items()
        if not _follows(says, drawn.failed)
    ]


def _follows(says: str, failed: Collection[str]) -> bool:
    return says.partition(": ")[0] in failed


def _add(problems: list[Problem], more: list[Problem]) -> None:
    """Of each place the first problem is enough."""
    known = {(one.file, one.line, one.path) for one in problems}
    for one in more:
        place = (one.file, one.line, one.path)
        if place not in known or place == ("", None, ""):
            known.add(place)
            problems.append(one)


def _part(salvaged: Salvaged, part: Part, drawn: list[Drawn]) -> Json:
    total = sum((most_points(node) for node in part.criteria), Fraction(0))
    fields: dict[str, Json] = {
        one.id: {"grader": one.field.grader, "facts": _facts(one, drawn)} for one in salvaged.compiled.of_part(part)
    }
    return {"id": part.id, "points": str(part.points), "criteria_total": str(total), "fields": fields}


def _facts(one: CompiledField, drawn: list[Drawn]) -> dict[str, Json]:
    try:
        facts = one.grader.facts(one.options(drawn[0].world) if drawn else one.template)
    except (GradusError, ValueError, TypeError):
        # Its cells cannot be computed yet; what every field of the kind says is known all the same.
        try:
            facts = one.grader.facts(one.template)
        except (GradusError, ValueError, TypeError, AttributeError):
            facts = {}
    return {"value": "value", "blank": "truth", **facts}


def _placed(problems: list[Problem], question: Question) -> list[Problem]:
    """Each problem once, its path made of places in lists and not of the ids of parts."""
    numbers = {part.id: number for number, part in enumerate(question.parts)}

    def numbered(found: re.Match[str]) -> str:
        return f"parts.{numbers.get(found[1], found[1])}"

    placed = [replace(one, path=_PART.sub(numbered, one.path, count=1)) for one in problems]
    return list(dict.fromkeys(placed))[:MOST_PROBLEMS]


def _json(problem: Problem) -> Json:
    return {"says": problem.says, "path": problem.path, "file": problem.file, "line": problem.line}
