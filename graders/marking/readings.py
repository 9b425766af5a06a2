"""Readings: which accepted readings may be tried together, and the world each combination makes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations as subsets
from typing import TypeAlias

from app.domain.questions import MOST_COMBINATIONS, Reading
from app.domain.values import Value
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.evaluator import evaluate
from graders.evaluation.truth import YES, truth
from graders.marking.answers import Given
from graders.marking.compiled import Compiled
from graders.marking.rubric_scope import RubricScope
from graders.marking.worlds import World

Combination: TypeAlias = tuple[str, ...]


def combinations(
    compiled: Compiled, world: World, given: Mapping[str, Given], facts: Mapping[str, Mapping[str, Value]]
) -> list[Combination]:
    """All sets of readings whose conditions hold and which change different cells; the smallest 16."""
    readings = compiled.question.readings
    scope = RubricScope(compiled, None, world, given, facts, {})
    possible = [name for name, reading in readings.items() if _holds(reading, scope, world)]
    found: list[Combination] = []
    for size in range(len(possible) + 1):
        for names in subsets(possible, size):
            cells = [cell for name in names for cell in readings[name].set]
            if len(set(cells)) == len(cells):
                found.append(names)
            if len(found) == MOST_COMBINATIONS:
                return found
    return found


def _holds(reading: Reading, scope: RubricScope, world: World) -> bool:
    if reading.if_ is None:
        return True
    try:
        return truth(evaluate(reading.if_.node, scope, world.fuel)) == YES
    except OutOfFuel:
        raise
    except EvaluationError:
        return False  # A student's values can make a condition meaningless.


def under_readings(compiled: Compiled, world: World, names: Combination) -> World:
    """The world in which the question is read so."""
    for name in names:
        layer = world.layer(f"reading {name}", compiled.question.readings[name].set, ("reading", name))
        world = world.under(layer)
    return world
