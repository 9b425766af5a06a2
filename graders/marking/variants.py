"""Variants: the printed numbers on seed 0, reproducible draws on all others, redrawn until they will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.answers import Raw
from app.domain.errors import Problem, QuestionError
from app.domain.graders import Answer, Options, is_right
from app.domain.questions import Part
from app.domain.values import Value
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.evaluator import evaluate
from graders.evaluation.fuel import Fuel
from graders.evaluation.truth import YES, truth
from graders.marking.answers import read_raw
from graders.marking.compiled import Compiled, CompiledField
from graders.marking.draws import Draw
from graders.marking.observing import mistaken
from graders.marking.worlds import CellScope, World

MOST_TRIES = 400
HIGHEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Variant:
    """The numbers of one seed. `rejected` counts the draws that were thrown away, by reason."""

    seed: int
    values: Mapping[str, Value]
    tries: int
    rejected: Mapping[str, int]


class _Drawn(dict[str, Value]):
    """The drawn cells of one try, each drawn when first looked at."""

    def __init__(self, compiled: Compiled, seed: int, attempt: int) -> None:
        super().__init__()
        self._question = compiled.question
        self._draws = {name: one.draw for name, one in compiled.question.variables.items() if one.draw is not None}
        self._seed = seed
        self._attempt = attempt
        self.world = World(compiled.question, self, Fuel())

    def __missing__(self, name: str) -> Value:
        question = self._question
        draw = Draw(question.id, self._seed, name, self._attempt)
        scope = CellScope(self.world.__getitem__, self.world.calls | draw.functions(question.pools))
        try:
            self[name] = evaluate(self._draws[name].node, scope, self.world.fuel)
        except OutOfFuel:
            raise
        except EvaluationError as error:
            raise EvaluationError(f"{name}: {error.says}") from None
        return self[name]


def make_variant(compiled: Compiled, seed: int, most_tries: int = MOST_TRIES) -> Variant:
    """The variant of a seed: seed 0 is the printed paper. Fewer tries make no other variant, only fewer.

    Raises:
        QuestionError: no draw satisfies the conditions within the bounded number of tries.
    """
    question = compiled.question
    if not 0 <= seed <= HIGHEST_SEED:
        raise QuestionError([Problem(f"A seed is a whole number from 0 to {HIGHEST_SEED}, not {seed}.")])
    drawn_names = [name for name, variable in question.variables.items() if variable.drawn]
    if seed == 0:
        return Variant(0, {name: question.variables[name].printed for name in drawn_names}, 1, {})
    rejected: Counter[str] = Counter()
    # Without anything to draw every try is the same.
    tries = most_tries if drawn_names else 1
    for attempt in range(tries):
        drawn = _Drawn(compiled, seed, attempt)
        try:
            for name in drawn_names:
                drawn.world[name]
            reason = _why_not(compiled, drawn.world)
        except OutOfFuel as error:
            # Trying again would cost as much again.
            raise QuestionError([Problem(f"Seed {seed}: {error.says}", "variables")]) from None
        except EvaluationError as error:
            reason = f"it cannot be computed ({error.says})"
        if reason is None or not drawn_names:
            return Variant(seed, {name: drawn[name] for name in drawn_names}, attempt + 1, rejected)
        rejected[reason] += 1
    reason, times = rejected.most_common(1)[0]
    raise QuestionError(
        [
            Problem(
                f"Seed {seed}: none of {tries} draws will do; most often ({times} times) because {reason}.",
                "where",
            )
        ]
    )


def first_draw(compiled: Compiled, seed: int) -> World:
    """The world of the first try, whether it will do or not, for an author to look at; drawn as far as one looks."""
    if seed == 0:
        return world_of(compiled, make_variant(compiled, 0).values)
    return _Drawn(compiled, seed, 0).world


def world_of(compiled: Compiled, values: Mapping[str, Value], fuel: Fuel | None = None) -> World:
    """The world of a stored variant.

    Raises:
        QuestionError: the values belong to another version of the question.
    """
    missing = [name for name, one in compiled.question.variables.items() if one.drawn and name not in values]
    if missing:
        raise QuestionError([Problem(f"The variant has no value for `{missing[0]}`.", f"variables.{missing[0]}")])
    return World(compiled.question, values, fuel or Fuel())


def _why_not(compiled: Compiled, world: World) -> str | None:
    for condition in compiled.question.where:
        if truth(world.evaluate(condition.node)) != YES:
            return f"`{condition.source}` does not hold"
    for part in compiled.question.parts:
        hidden = hidden_mistake(compiled, part, world)
        if hidden is not None:
            return hidden
    return None


def hidden_mistake(compiled: Compiled, part: Part, world: World) -> str | None:
    """Why these numbers cannot show a typical mistake: it gives the right answer, or another mistake's."""
    fields = [one for one in compiled.of_part(part) if one.has_reference]
    seen: dict[tuple[str, ...], str] = {}
    usual = {one.id: one.options(world) for one in fields}
    for name, mistake in part.mistakes.items():
        if mistake.may_hide or not mistake.set:
            continue
        keys = {one.id: one.key(mistaken(world, part, name)) for one in fields}
        if all(_right(one, usual[one.id], keys[one.id]) for one in fields):
            return f"the mistake `{part.id}.{name}` would not show"
        print_of = tuple(str(key) for key in keys.values())
        if print_of in seen:
            return f"the mistakes `{part.id}.{seen[print_of]}` and `{name}` look alike"
        seen[print_of] = name
    return None


def _right(one: CompiledField, options: Options, key: Raw) -> bool:
    answer = read_raw(one.widget(options), key)
    if not isinstance(answer, Answer) or answer.read.blank:
        return False
    return truth(is_right(one.grader, options, answer)) == YES
