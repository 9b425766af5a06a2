"""Evaluating a text of the author language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.language import parse_author
from app.domain.values import PERSON, Share, Value
from graders.evaluation import EvaluationError, Fuel, Names, evaluate

WORLD: dict[str, Value] = {
    "b": None,
    "z": [[1, 2], [3, 5]],
    "gappy": [1, None, 3],
    "words": ["low", "high"],
    "net": {"W": [[1, 0], [0, 1]], "b": 2},
}


def mistake(name: Value) -> Value:
    return name == "variance"


def value_of(text: str, steps: int = 100_000, **names: Any) -> Value:
    facts: dict[str, dict[str, Value]] = {"mu": {"value": [1, 2], "right": True, "blank": False}}
    scope = Names({**WORLD, **names}, {"mistake": mistake}, facts)
    return evaluate(parse_author(text), scope, Fuel(steps))


@pytest.fixture(scope="session")
def value() -> Callable[..., Value]:
    """The value of a text in a small world: `b` is blank, `z` a matrix, `gappy` has a blank cell."""
    return value_of


@pytest.fixture(scope="session")
def refusal() -> Callable[..., EvaluationError]:
    """The error of a text without a value."""

    def refuse(text: str, steps: int = 100_000, **names: Any) -> EvaluationError:
        with pytest.raises(EvaluationError) as caught:
            value_of(text, steps, **names)
        error = caught.value
        assert str(error) == error.says
        assert error.says.endswith(".")
        assert error.span is not None
        assert 0 <= error.span[0] <= error.span[1] <= len(text)
        return error

    return refuse


@pytest.fixture(scope="session")
def person() -> Share:
    """What only a person can decide."""
    return PERSON
