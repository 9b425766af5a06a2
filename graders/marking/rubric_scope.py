"""What an expression of a rubric may read: cells, facts of fields and of the part, mistakes, `person`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.expressions import Formula
from app.domain.questions import Part
from app.domain.values import Value
from graders.evaluation.errors import EvaluationError
from graders.evaluation.evaluator import evaluate
from graders.marking.answers import Given
from graders.marking.compiled import Compiled
from graders.marking.worlds import World


class RubricScope:
    """One world's view of one part. If a field is blank or cannot be read, every fact about it is blank."""

    def __init__(
        self,
        compiled: Compiled,
        part: Part | None,
        world: World,
        given: Mapping[str, Given],
        facts: Mapping[str, Mapping[str, Value]],
        mistakes: Mapping[str, bool],
    ) -> None:
        self._compiled = compiled
        self._part = part
        self._world = world
        self._given = given
        self._facts = facts
        self._mistakes = mistakes
        self._known: dict[str, Value] = {}
        self._open: set[str] = set()

    def as_suggested(self, changed: Callable[[Mapping[str, Value]], Mapping[str, Value]]) -> RubricScope:
        """The same view with the facts of every field changed."""
        facts = {field: changed(known) for field, known in self._facts.items()}
        return RubricScope(self._compiled, self._part, self._world, self._given, facts, self._mistakes)

    def name(self, id: str) -> Value:
        if self._part is None or id not in self._part.facts:
            return self._world[id]
        return self._once(f"fact `{id}`", self._part.facts[id])

    def _once(self, what: str, cell: Formula) -> Value:
        """The value of an expression that others name, computed once."""
        if what not in self._known:
            if what in self._open:
                raise EvaluationError(f"The {what} depends on itself.")
            self._open.add(what)
            try:
                self._known[what] = evaluate(cell.node, self, self._world.fuel)
            finally:
                self._open.discard(what)
        return self._known[what]

    def fact(self, field: str, fact: str) -> Value:
        if field == "mistake":
            return self._mistake(fact)
        if field not in self._compiled.fields:
            raise EvaluationError(f"There is no field called `{field}`.")
        if fact == "blank":
            return self._given[field].state != "read"
        return self._facts.get(field, {}).get(fact)

    def _mistake(self, name: str) -> Value:
        if name in self._mistakes:
            return self._mistakes[name]
        mistake = self._part.mistakes.get(name) if self._part is not None else None
        if mistake is None or mistake.when is None:
            # Not observed: nothing of this part was answered.
            return False
        return self._once(f"mistake `{name}`", mistake.when)

    def call(self, name: str) -> Callable[..., Value] | None:
        return self._world.calls.get(name)
