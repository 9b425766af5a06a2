"""A look into given variables, and a small question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.language import parse_author
from app.domain.language.tree import Node
from app.domain.questions import Question
from app.domain.values import Value
from graders.evaluation import Fuel, Names, evaluate


def look_into(**variables: Value) -> Callable[[Node], Value]:
    return lambda node: evaluate(node, Names(variables), Fuel(100_000))


@pytest.fixture
def look() -> Callable[..., Callable[[Node], Value]]:
    return look_into


@pytest.fixture
def value() -> Callable[[str], Value]:
    """The value of an expression without variables."""
    return lambda source: look_into()(parse_author(source))


@pytest.fixture
def make_question() -> Callable[..., Question]:
    def make(**changes: Any) -> Question:
        data: dict[str, Any] = {
            "id": "demo",
            "title": {"en": "Batch norm of @{len(z)} samples", "de": "Batch-Norm von @{len(z)} Proben"},
            "variables": {"z": {"value": [[12, 0], [14, 10]]}, "mu": "mean(z, 0)"},
            "figures": {
                "batch": {
                    "draw": "table",
                    "of": "z",
                    "alt": "A batch of @{len(z)} samples",
                    "caption": "The $z$.",
                }
            },
            "pools": {"claims": [{"id": "a", "truth": True, "text": "The mean is @{mu[0]}.", "why": "Count."}]},
            "parts": [
                {
                    "id": "mu",
                    "item": "demo-mu",
                    "label": "b",
                    "title": "The mean",
                    "points": "3/2",
                    "fields": {
                        "mean": {"grader": "vector", "answer": "mu", "label": "$\\mu$ of @{len(z)}"},
                        "boxes": {"grader": "choice", "pool": "claims"},
                    },
                    "criteria": [{"id": "all", "points": "3/2", "when": "mean.right"}],
                }
            ],
        }
        return Question.model_validate(data | changes)

    return make
