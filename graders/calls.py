"""The calls that the sandbox makes: JSON in, JSON out, each pure. `CALLS` is the whole list."""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from importlib.metadata import version
from typing import Any, cast

from app.domain.decisions import read_verdict
from app.domain.documents import write
from app.domain.errors import Problem, QuestionError
from app.domain.texts import PREFERRED, Text
from app.domain.values import Json, Value, from_json, to_json
from graders.drafting.draft import describe_draft
from graders.drafting.ugliness import ugly_numbers
from graders.equality.decisions import decide
from graders.evaluation.registry import LANGUAGE_FUNCTIONS
from graders.marking.answers import numbered
from graders.marking.checking import check_question
from graders.marking.credit import credit
from graders.marking.draws import DRAW_FUNCTIONS
from graders.marking.explaining import explain
from graders.marking.observing import Observation, observe
from graders.marking.rubric_trials import Answer, patterns_of, right_others, text_parts, try_answers
from graders.marking.sweep import Sweep, sweep_cases, sweep_seeds
from graders.marking.variants import Variant, make_variant, world_of
from graders.marking.worlds import World
from graders.packages import Package, digest, hashes, unpack
from graders.presenting.feedback import feedback_in_all, field_feedback, words_marked
from graders.presenting.figures import DRAWINGS
from graders.presenting.questions import (
    present_hints,
    present_shown,
    present_solution,
    shown_in_all,
    solution_in_all,
    text_problems,
)
from graders.rasterising.files import pages_of
from graders.registry import GRADERS, fingerprint, load_plugins
from graders.sources import own_sources

__all__ = ["CALLS", "load_plugins"]

Payload = Mapping[str, Any]

MOST_VARIANTS = 256
MOST_PACKAGES = 64
LONGEST_FINGERPRINT = 200
CREDITED = ("state", "points", "upto", "max")


def _describe(payload: Payload) -> Json:
    return {
        "fingerprint": _fingerprint(),
        "graders": {
            name: {
                "version": grader.version,
                "schema": cast(Json, grader.Options.model_json_schema()),
                "summary": _first_line(type(grader).__doc__),
                "facts": inspect.getdoc(grader.facts) or "",
            }
            for name, grader in GRADERS.items()
        },
        "functions": list[Json](sorted(LANGUAGE_FUNCTIONS)),
        "draws": list[Json](sorted(DRAW_FUNCTIONS)),
        "figures": list[Json](sorted(DRAWINGS)),
    }


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _fingerprint() -> str:
    """What marks may depend on: our own source, the libraries, each grader; too long a list ends in a digest."""
    libraries = f"numpy {version('numpy')}; mpmath {version('mpmath')}"
    said = f"gradus {version('gradus')} {own_sources()}; {libraries}; {fingerprint()}"
    return said if len(said) <= LONGEST_FINGERPRINT else f"{said[: LONGEST_FINGERPRINT - 18]}… {digest(said)[:16]}"


def _check(payload: Payload) -> Json:
    try:
        package = unpack(payload["package"])
        problems = check_question(package.compiled)
        problems += text_problems(package)
    except QuestionError as error:
        problems = error.problems
    return {"problems": [_problem_json(problem) for problem in problems]}


def _problem_json(problem: Problem) -> Json:
    return {"says": problem.says, "path": problem.path, "file": problem.file, "line": problem.line}


def _hashes(payload: Payload) -> Json:
    return hashes(payload["package"])


def _variant(payload: Payload) -> Json:
    package = unpack(payload["package"])
    variant = _drawn(package, int(payload["seed"]))
    world = world_of(package.compiled, variant.values)
    # A variant that is kept holds all languages; an author looks at one.
    language = payload.get("language")
    shown = present_shown(package, world, str(language)) if language else shown_in_all(package, world)
    solution = present_solution(package, world, str(language)) if language else solution_in_all(package, world)
    return {
        "seed": variant.seed,
        "values": {name: to_json(value) for name, value in variant.values.items()},
        "tries": variant.tries,
        "fingerprint": _fingerprint(),
        "shown": shown,
        "solution": solution,
    }


def _world(package: Package, payload: Payload) -> World:
    if "values" in payload:
        values: dict[str, Value] = {name: from_json(value) for name, value in payload["values"].items()}
    else:
        values = dict(_drawn(package, int(payload["seed"])).values)
    return world_of(package.compiled, values)


@lru_cache(maxsize=MOST_VARIANTS)
def _drawn(package: Package, seed: int) -> Variant:
    """The variant of a seed: many answers are graded on the same one, and drawing may take many tries."""
    return make_variant(package.compiled, seed)


def _observe(payload: Payload) -> Json:
    package = unpack(payload["package"])
    return {"observation": observe(package.compiled, _world(package, payload), payload["answers"]).as_json()}


def _credit(payload: Payload) -> Json:
    return _credited(unpack(payload["package"]), payload)


def _credited(package: Package, payload: Payload) -> Json:
    return _explained(package, _world(package, payload), Observation.from_json(payload["observation"]), payload)


def _grade(payload: Payload) -> Json:
    return _graded(unpack(payload["package"]), payload)


def _graded(package: Package, payload: Payload) -> Json:
    world = _world(package, payload)
    by_id = payload.get("by_id", False)  # authors know the ids of statements; no student does
    answers = numbered(package.compiled, world, payload["answers"]) if by_id else payload["answers"]
    observation = observe(package.compiled, world, answers)
    return {"observation": observation.as_json(), "credit": _explained(package, world, observation, payload)}


def _grade_all(payload: Payload) -> Json:
    """Many answers in one call; only credited, where an observation comes with one.

    `package` and `variant`: their places in `packages` and `variants`. Packages, observations and credit are written
    documents, which whoever asks need not read; of the credit is told beside it what `CREDITED` names. Null for an
    answer that cannot be graded, which says why when asked by itself.
    """
    worlds: dict[tuple[int, int], World] = {}
    return {"graded": [_graded_or_nothing(payload, worlds, one) for one in payload["questions"]]}


def _graded_or_nothing(payload: Payload, worlds: dict[tuple[int, int], World], asked: Payload) -> Json:
    try:
        place = asked["package"], asked["variant"]
        package, variant = _unpacked(payload["packages"][place[0]]), payload["variants"][place[1]]
        if place in worlds:
            # All that an answer needs by itself has been paid for in the world that others have used, too. As long as
            # that has fuel left, the mark is what it would be in a world of its own.
            with suppress(Exception):
                told = _told(package, worlds[place], asked)
                if worlds[place].fuel.left >= 0:
                    return told
        worlds[place] = _world(package, variant)
        return _told(package, worlds[place], asked)
    except Exception:
        return None


@lru_cache(maxsize=MOST_PACKAGES)
def _unpacked(text: str) -> Package:
    """The package of this text: neither read nor looked for by its digest when it comes again."""
    return unpack(json.loads(text))


def _told(package: Package, world: World, asked: Payload) -> Json:
    if "observation" in asked:
        observation, stated = Observation.from_json(json.loads(asked["observation"])), {}
    else:
        observation = observe(package.compiled, world, asked["answers"])
        stated = {"observation": write(observation.as_json())}
    credited = cast("dict[str, Json]", _explained(package, world, observation, asked))
    return {name: credited[name] for name in CREDITED} | {"credit": write(credited)} | stated


def _explained(package: Package, world: World, observation: Observation, payload: Payload) -> Json:
    decisions = {name: read_verdict(written) for name, written in (payload.get("decisions") or {}).items()}
    result = credit(package.compiled, world, observation, decisions)
    language = str(payload.get("language", PREFERRED))
    feedback: Mapping[str, Sequence[Text]] = (
        field_feedback(package, world, observation, result, language)
        if "language" in payload
        else feedback_in_all(package, world, observation, result)
    )
    words = words_marked(observation)
    return explain(package.compiled, result, feedback, payload.get("part"), language, words)


def _sweep(payload: Payload) -> Json:
    package = unpack(payload["package"])
    found = Sweep()
    if payload.get("cases", True):
        sweep_cases(package.compiled, package.cases, found)
    seeds = [int(seed) for seed in payload["seeds"]]
    sweep_seeds(package.compiled, seeds, found, partial(_seen, package))
    remarks: dict[str, Json] = {"ugly": ugly_numbers(package.compiled, seeds)} if payload.get("remarks") else {}
    return found.as_json() | remarks


def _seen(package: Package, world: World) -> str:
    """What a student sees of a variant, as a digest; its texts and those of its solution in every language."""
    title = package.compiled.question.title
    named = {*package.prompt, *package.solution, *package.hints, *(title if isinstance(title, dict) else ())}
    languages = sorted({*named, PREFERRED} - {""})
    seen = [present_shown(package, world, language) for language in languages]
    for language in languages:
        present_solution(package, world, language)
        present_hints(package, world, language)
    return digest(seen[languages.index(PREFERRED)])


def _rubric(payload: Payload) -> Json:
    """`answers` by field, each a text, or {text, others: what the other fields hold, else the keys of its part}; every
    short text has its part, its patterns and a row an answer.
    """
    package = unpack(payload["package"])
    world = _world(package, {"seed": payload.get("seed", 0)})
    answers: Mapping[str, Any] = payload.get("answers") or {}
    return {
        one.field.id: {
            "part": one.part.id,
            "item": one.part.item or "",
            "points": str(one.part.points),
            "others": right_others(package.compiled, one, world),
            "patterns": patterns_of(one, world),
            "rows": try_answers(
                package.compiled,
                one,
                world,
                map(_answer, answers.get(one.field.id, ())),
                mutate=bool(payload.get("mutate")),
            ),
        }
        for one in text_parts(package.compiled)
    }


def _answer(given: Any) -> Answer:
    return Answer(given["text"], given["others"]) if isinstance(given, dict) else Answer(str(given))


def _draft(payload: Payload) -> Json:
    return describe_draft(payload)


def _equal(payload: Payload) -> Json:
    return cast(Json, dict(decide(payload["reference"], payload["answer"], payload.get("variables") or {})))


def _pages(payload: Payload) -> Json:
    pages = pages_of(base64.b64decode(payload["content"], validate=True))
    return {
        "pages": [
            {"png": base64.b64encode(page.png).decode(), "width": page.width, "height": page.height} for page in pages
        ]
    }


CALLS: dict[str, Callable[[Payload], Json]] = {
    "describe": _describe,
    "check": _check,
    "hashes": _hashes,
    "variant": _variant,
    "observe": _observe,
    "credit": _credit,
    "grade": _grade,
    "grade_all": _grade_all,
    "sweep": _sweep,
    "rubric": _rubric,
    "draft": _draft,
    "equal": _equal,
    "pages": _pages,
}
