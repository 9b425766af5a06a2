"""Asking a grader as marking does: read what was typed, evaluate it, let the grader observe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.answers import Invalid, Read, read
from app.domain.graders import Answer, Facts, Grader, Options
from graders.marking.answers import value_of


def ask(grader: Grader, options: Options, raw: object) -> Answer | Invalid:
    found = read(grader.widget(options), raw)
    if isinstance(found, Read):
        answer = Answer(found, value_of(found, grader.widget(options).kind))
        return (None if found.blank else grader.check(options, answer)) or answer
    return found


def look(grader: Grader, options: Options, raw: object) -> Facts:
    answer = ask(grader, options, raw)
    assert isinstance(answer, Answer), answer
    assert not answer.read.blank
    return grader.observe(options, answer)


Asking = Callable[[Grader, Options, object], Answer | Invalid]
Looking = Callable[[Grader, Options, object], Facts]


@pytest.fixture(scope="session")
def asked() -> Asking:
    """The answer that a raw text makes, or why it is none."""
    return ask


@pytest.fixture(scope="session")
def seen() -> Looking:
    """The facts about a readable answer."""
    return look


@pytest.fixture(scope="session")
def made() -> Callable[..., Options]:
    """Options as marking makes them: a template from what was written, then the cells of one world."""

    def make(grader: Grader, written: dict[str, Any], **cells: Any) -> Options:
        return grader.Options.model_validate(written).model_copy(update=cells)

    return make
