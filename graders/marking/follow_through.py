"""Follow-through: the world in which a student's own earlier answers replace the reference's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.questions import Part
from app.domain.values import Value
from graders.evaluation.comparing import equal
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.truth import YES, truth
from graders.marking.answers import Given
from graders.marking.compiled import Compiled, CompiledField
from graders.marking.worlds import Fixed, World


def own_part_world(compiled: Compiled, part: Part, world: World, given: Mapping[str, Given]) -> World | None:
    """The world of the student's own answers that a part carries; None where it is no other world."""
    sources = [field for field in compiled.fields.values() if field.part.id != part.id]
    own = _overlay(world, part.carry, sources, given)
    if own is None or part.carry_if is None:
        return own
    try:
        share = truth(own.evaluate(part.carry_if.node))
    except OutOfFuel:
        raise
    except EvaluationError:
        return None
    return own if share == YES else None


def own_field_world(
    compiled: Compiled, field: CompiledField, part_world: World, given: Mapping[str, Given]
) -> World | None:
    """The same for a field, whose `carry` also covers earlier fields of its own part; None if no other world."""
    if not field.field.carry:
        return None
    siblings = compiled.of_part(field.part)
    earlier = siblings[: list(field.part.fields).index(field.id)]
    sources = [other for other in compiled.fields.values() if other.part.id != field.part.id]
    return _overlay(part_world, field.field.carry, earlier + sources, given)


def _overlay(
    world: World, cells: Iterable[str], sources: list[CompiledField], given: Mapping[str, Given]
) -> World | None:
    # What was answered rightly is held fixed too: it must not be computed anew from an earlier wrong answer.
    settings: dict[str, Fixed] = {}
    differs = False
    for cell in cells:
        for field in sources:
            if field.answer_cell != cell or given[field.id].state != "read":
                continue
            value = given[field.id].value
            if not _has_blank(value):
                settings[cell] = Fixed(value)
                differs = differs or _differs(world, cell, value)
            break
    if not differs:
        return None
    # The layer keeps the values, so that their identities stay theirs.
    key = ("own answers", *((cell, id(setting.value)) for cell, setting in settings.items()))
    return world.under(world.layer("own answers", settings, key))


def _has_blank(value: Value) -> bool:
    if isinstance(value, list):
        return any(_has_blank(item) for item in value)
    return value is None or value == ""


def _differs(world: World, cell: str, value: Value) -> bool:
    try:
        return equal(world[cell], value) != YES
    except OutOfFuel:
        raise
    except EvaluationError:
        return True
