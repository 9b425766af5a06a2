"""Where names, facts and extra functions of an expression come from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol

from app.domain.values import PERSON, Value
from graders.evaluation.errors import EvaluationError

CONSTANTS: dict[str, Value] = {"person": PERSON, "pi": math.pi}
"""Names that mean something in every expression; a scope may hide them with its own."""

Callables = Mapping[str, Callable[..., Value]]


class Scope(Protocol):
    """What an expression may read."""

    def name(self, id: str) -> Value:
        """The value of a name.

        Raises:
            EvaluationError: there is no such name, or its own value cannot be computed.
        """

    def fact(self, field: str, fact: str) -> Value:
        """The value of `field.fact`.

        Raises:
            EvaluationError: there is no such field or fact.
        """

    def call(self, name: str) -> Callable[..., Value] | None:
        """An extra function (draws, `mistake`), or None for the functions every expression has."""


class Names:
    """A scope over plain mappings: names, facts by field, and extra functions."""

    def __init__(
        self,
        names: Mapping[str, Value] | None = None,
        functions: Callables | None = None,
        facts: Mapping[str, Mapping[str, Value]] | None = None,
    ) -> None:
        self._names = names or {}
        self._functions = functions or {}
        self._facts = facts or {}

    def name(self, id: str) -> Value:
        if id in self._names:
            return self._names[id]
        if id in CONSTANTS:
            return CONSTANTS[id]
        raise EvaluationError(f"There is no name “{id}” here.")

    def fact(self, field: str, fact: str) -> Value:
        facts = self._facts.get(field)
        if facts is None:
            raise EvaluationError(f"There is no field “{field}” here.")
        if fact not in facts:
            raise EvaluationError(f"The field “{field}” has no fact “{fact}”.")
        return facts[fact]

    def call(self, name: str) -> Callable[..., Value] | None:
        return self._functions.get(name)


STUDENT_NAMES = Names({"e": math.e})
"""What a student's number may name; authors need the letter e for themselves."""


class Bound:
    """A scope with the variables of a comprehension in front of another scope."""

    def __init__(self, outer: Scope, names: dict[str, Value]) -> None:
        self._outer = outer
        self._names = names

    def name(self, id: str) -> Value:
        if id in self._names:
            return self._names[id]
        return self._outer.name(id)

    def fact(self, field: str, fact: str) -> Value:
        return self._outer.fact(field, fact)

    def call(self, name: str) -> Callable[..., Value] | None:
        return self._outer.call(name)
