"""Observing: what graders state about the answers, in every world that credit may ask for.

An observation holds no points. A changed rubric is applied to stored observations without running a grader again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from app.domain.graders import Answer, Facts, is_right
from app.domain.questions import Part
from app.domain.values import Json, Value, from_json, to_json
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.truth import YES, truth
from graders.marking.answers import Given, read_answers
from graders.marking.compiled import Compiled, CompiledField
from graders.marking.follow_through import own_field_world, own_part_world
from graders.marking.readings import Combination, combinations, under_readings
from graders.marking.worlds import World

Mode: TypeAlias = Literal["base", "own"]
MODES: tuple[Mode, ...] = ("base", "own")
FactTable: TypeAlias = dict[str, dict[str, Value]]


@dataclass(slots=True)
class Seen:
    """What was observed under one set of readings: facts by field, and mistakes by part, in both modes."""

    facts: dict[Mode, FactTable] = field(default_factory=lambda: {"base": {}, "own": {}})
    mistakes: dict[Mode, dict[str, dict[str, bool]]] = field(default_factory=lambda: {"base": {}, "own": {}})


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything observed about the answers to one question."""

    given: Mapping[str, Given]
    seen: Mapping[Combination, Seen]

    def as_json(self) -> dict[str, Json]:
        """The stored form."""
        return {
            "given": {name: given.as_json() for name, given in self.given.items()},
            "seen": [
                {
                    "readings": list(combination),
                    "facts": {mode: _facts_json(seen.facts[mode]) for mode in MODES},
                    "mistakes": {mode: cast(Json, seen.mistakes[mode]) for mode in MODES},
                }
                for combination, seen in self.seen.items()
            ],
        }

    @staticmethod
    def from_json(data: Mapping[str, Json]) -> Observation:
        """The observation whose stored form this is."""
        given = {
            name: Given.from_json(item) for name, item in cast("dict[str, dict[str, Json]]", data["given"]).items()
        }
        seen: dict[Combination, Seen] = {}
        for item in cast("list[dict[str, Json]]", data["seen"]):
            facts = cast("dict[Mode, dict[str, dict[str, Json]]]", item["facts"])
            seen[tuple(cast("list[str]", item["readings"]))] = Seen(
                {
                    mode: {name: {fact: from_json(v) for fact, v in row.items()} for name, row in facts[mode].items()}
                    for mode in MODES
                },
                cast("dict[Mode, dict[str, dict[str, bool]]]", item["mistakes"]),
            )
        return Observation(given, seen)


def _facts_json(table: FactTable) -> Json:
    return {name: {fact: to_json(value) for fact, value in row.items()} for name, row in table.items()}


def observe(compiled: Compiled, world: World, answers: Mapping[str, object]) -> Observation:
    """Observe the answers (raw, by field) in the printed or drawn world and in all that readings make of it.

    Raises:
        EvaluationError: the question itself cannot be computed, or fuel ran out.
    """
    given = read_answers(compiled, world, answers)
    plain = _see(compiled, world, given, as_read=True)
    seen: dict[Combination, Seen] = {(): plain}
    for combination in combinations(compiled, world, given, plain.facts["base"]):
        if not combination:
            continue
        try:
            seen[combination] = _see(compiled, under_readings(compiled, world, combination), given)
        except OutOfFuel:
            raise
        except EvaluationError:
            continue  # This reading makes no sense with these numbers.
    return Observation(given, seen)


def _see(compiled: Compiled, world: World, given: Mapping[str, Given], as_read: bool = False) -> Seen:
    """What is seen in a world; `as_read` in the one in which the answers were read."""
    seen = Seen()
    for part in compiled.question.parts:
        fields = compiled.of_part(part)
        answered = {one.id: found for one in fields if (found := given[one.id].answer) is not None}
        if not answered:
            continue
        own = own_part_world(compiled, part, world, given)
        base_worlds = {one.id: world for one in fields}
        own_worlds: dict[str, World] = {}
        for one in fields:
            start = own or world
            inner = own_field_world(compiled, one, start, given) or own
            if inner is not None:
                own_worlds[one.id] = inner
        for one in fields:
            if one.id not in answered:
                continue
            answer, value = answered[one.id], given[one.id].value
            known = given[one.id].facts if as_read else None
            seen.facts["base"][one.id] = {"value": value} | (known or _facts(one, world, answer))
            if one.id in own_worlds:
                facts = _facts_if_possible(one, own_worlds[one.id], answer, value)
                if facts is not None:
                    seen.facts["own"][one.id] = facts
        seen.mistakes["base"][part.id] = dict(_mistakes(part, fields, base_worlds, given, seen.facts["base"]))
        if own_worlds:
            worlds = {one.id: own_worlds.get(one.id, world) for one in fields}
            facts_by_field = seen.facts["base"] | seen.facts["own"]
            seen.mistakes["own"][part.id] = dict(_mistakes(part, fields, worlds, given, facts_by_field))
    return seen


def _facts_if_possible(one: CompiledField, world: World, answer: Answer, value: Value) -> dict[str, Value] | None:
    try:
        return {"value": value} | _facts(one, world, answer)
    except OutOfFuel:
        raise
    except EvaluationError:
        return None


def _facts(one: CompiledField, world: World, answer: Answer) -> Facts:
    """What the grader states about an answer, once in all worlds in which the options are the same."""
    home, key = one.home(world), ("facts", one.id, id(answer))
    if key not in home.remembered:
        # The answer is kept with them, so that its identity stays its own.
        home.remembered[key] = answer, one.grader.observe(one.options(home), answer)
    facts: Facts = home.remembered[key][1]
    return facts


def _is_right(one: CompiledField, world: World, answer: Answer) -> Value:
    """The fact `right` alone."""
    home, key = one.home(world), ("right", one.id, id(answer))
    if key not in home.remembered:
        home.remembered[key] = answer, is_right(one.grader, one.options(home), answer)
    right: Value = home.remembered[key][1]
    return right


def _mistakes(
    part: Part,
    fields: list[CompiledField],
    worlds: Mapping[str, World],
    given: Mapping[str, Given],
    facts: FactTable,
) -> Iterator[tuple[str, bool]]:
    for name, mistake in part.mistakes.items():
        if mistake.when is None:
            changed = {one.id: mistaken(worlds[one.id], part, name) for one in fields}
            yield name, _made(fields, worlds, changed, given, facts)


def mistaken(world: World, part: Part, name: str) -> World:
    """The world in which a mistake of a part was made."""
    return world.under(world.layer(f"mistake {name}", part.mistakes[name].set, ("mistake", part.id, name)))


def _made(
    fields: list[CompiledField],
    worlds: Mapping[str, World],
    mistaken: Mapping[str, World],
    given: Mapping[str, Given],
    facts: FactTable,
) -> bool:
    """Whether every field that this mistake changes was answered as the mistake has it, and not rightly."""
    # A right answer can only speak against the mistake: those that are not decide, and most mistakes fail there.
    right = {one.id: _right(facts.get(one.id, {})) for one in fields}
    changed = 0
    for one in sorted(fields, key=lambda field: right[field.id]):
        if right[one.id] and not changed:
            return False
        if not one.has_reference:
            continue
        try:
            there = mistaken[one.id]
            if one.key(there) == one.key(worlds[one.id]):
                continue
            answer = given[one.id].answer
            # What nobody can decide is no mistake that was made.
            if answer is None or truth(_is_right(one, there, answer)) != YES:
                return False
        except OutOfFuel:
            raise
        except EvaluationError:
            return False
        # An answer that is right with and without the mistake (within its tolerance) tells nothing.
        changed += not right[one.id]
    return changed > 0


def _right(facts: Mapping[str, Value]) -> bool:
    return truth(facts.get("right")) == YES
