"""The cells of a draft for one seed, each by itself: what can be computed is shown, whatever else is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import QuestionError
from app.domain.questions import Variable
from app.domain.values import Json
from graders.drafting.salvage import Salvaged
from graders.evaluation.display import value_text
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.fuel import Fuel
from graders.marking.compiled import Compiled
from graders.marking.variants import MOST_TRIES, first_draw, make_variant, world_of
from graders.marking.worlds import World

LONGEST_TEXT = 400
MOST_EXHAUSTED = 2
FEW_TRIES = 20
BROKEN = "This cannot be read yet."


@dataclass(slots=True)
class Drawn:
    """One seed of a draft. `error` says why no draw will do; the first draw is shown then.

    `failed` are the cells that are written rightly and have no value all the same, with the reason.
    """

    seed: int
    world: World
    error: str | None = None
    rejected: Mapping[str, int] = field(default_factory=dict)
    cells: dict[str, Json] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def draw_seeds(salvaged: Salvaged, seeds: list[int]) -> list[Drawn]:
    """Every seed with its cells."""
    waiting = _waiting(salvaged)
    compiled = _drawable(salvaged, waiting)
    found: list[Drawn] = []
    tries = MOST_TRIES
    for seed in seeds:
        drawn = _draw(compiled, seed, tries)
        if drawn.error is not None:
            tries = FEW_TRIES  # One seed in vain says it; the others would only take as long again.
        drawn.cells = _cells(salvaged, drawn, waiting)
        found.append(drawn)
    return found


def _draw(compiled: Compiled, seed: int, tries: int) -> Drawn:
    try:
        variant = make_variant(compiled, seed, tries)
    except QuestionError as error:
        says = "; ".join(problem.says for problem in error.problems)
        return Drawn(seed, first_draw(compiled, seed), says)
    return Drawn(seed, world_of(compiled, variant.values), rejected=dict(variant.rejected))


def _waiting(salvaged: Salvaged) -> dict[str, str]:
    """The cells that cannot be computed because another one is broken, with its name."""
    variables = salvaged.compiled.question.variables
    found = {name: name for name in salvaged.lost.cells}
    needs = {name: _needs(one) for name, one in variables.items()}
    users: dict[str, list[str]] = {}
    for name, others in needs.items():
        for other in others:
            users.setdefault(other, []).append(name)
    queue = list(found)
    while queue:
        cell = queue.pop()
        for user in users.get(cell, ()):
            if user not in found:
                found[user] = found[cell]
                queue.append(user)
    return found


def _needs(variable: Variable) -> frozenset[str]:
    formulas = [one for one in (variable.formula, variable.draw) if one is not None]
    return frozenset().union(*(one.names for one in formulas))


def _drawable(salvaged: Salvaged, waiting: Mapping[str, str]) -> Compiled:
    """The question without the conditions that cannot be tried yet."""
    compiled = salvaged.compiled
    if not salvaged.lost:
        return compiled
    question = compiled.question
    where = tuple(one for one in question.where if not one.names & waiting.keys())
    parts = tuple(part.model_copy(update={"mistakes": {}}) for part in question.parts)
    return Compiled(question.model_copy(update={"where": where, "parts": parts}), compiled.fields)


def _cells(salvaged: Salvaged, drawn: Drawn, waiting: Mapping[str, str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    exhausted = 0
    for name in salvaged.compiled.question.variables:
        text, error = "", None
        if name in waiting:
            error = BROKEN if waiting[name] == name else f"This waits for `{waiting[name]}`."
        elif exhausted >= MOST_EXHAUSTED:
            error = "This was not tried: other cells take too many steps."
        else:
            try:
                text = _short(value_text(drawn.world[name]))
            except OutOfFuel as spent:
                error = drawn.failed[name] = spent.says
                exhausted += 1
                drawn.world.fuel = Fuel()
            except EvaluationError as wrong:
                error = drawn.failed[name] = str(wrong).removeprefix(f"{name}: ")
        found[name] = {"text": text, "error": error}
    return found


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
