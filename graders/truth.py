"""Mark every statement of a list as true or false; any of them may be left blank."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import normal
from app.domain.widgets import Widget
from graders.cells import Line, fact
from graders.equality.arrays import summary
from graders.statements import PoolOptions

_WORDS: dict[object, bool] = {"true": True, "false": False}


class TruthOptions(PoolOptions):
    """The options of a true/false list."""


class Truth:
    """Judges a list of true, false and blank."""

    name: ClassVar[str] = "truth"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = TruthOptions

    def widget(self, options: TruthOptions) -> Widget:
        """The statements, each with true and false."""
        return Widget(kind="truth", options_text=options.texts)

    def check(self, options: TruthOptions, answer: Answer) -> Invalid | None:
        """Every list of true, false and blank can be judged."""
        return None

    def observe(self, options: TruthOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is a list of "true", "false" and None in the order shown."""
        statements = options.statements
        given = answer.value if isinstance(answer.value, list) else []
        claims: Line = [None if word is None else _WORDS[word] for word in given]
        cells: Line = [
            None if claim is None else claim == statement.truth
            for claim, statement in zip(claims, statements, strict=True)
        ]
        hits, errors = cells.count(True), cells.count(False)
        facts: Facts = {
            "value": fact(claims),
            "right": summary(cells),
            "cells": fact(cells),
            "net": normal(Fraction(max(0, hits - errors), len(cells))),
            "hits": hits,
            "errors": errors,
            "filled": hits + errors,
            "complement": errors == len(cells),
        }
        judged = {statement.id: fact(cell) for statement, cell in zip(statements, cells, strict=True)}
        for name in options.ids:
            facts[f"is_{name}"] = judged.get(name)
        return facts

    def facts(self, options: TruthOptions) -> Mapping[str, FactType]:
        """value: the claims. right: all are right. cells: per statement shown, right, wrong or blank.

        net: right minus wrong claims, per statement, at least 0. hits, errors, filled: how many are right,
        wrong, given. complement: all are wrong. is_<id>: that statement was judged rightly (blank where it is
        not shown or left blank).
        """
        each: dict[str, FactType] = dict.fromkeys((f"is_{name}" for name in options.ids), "truth")
        counts: dict[str, FactType] = dict.fromkeys(("hits", "errors", "filled"), "value")
        return {
            "value": "list",
            "right": "truth",
            "cells": "list",
            "net": "truth",
            **counts,
            "complement": "truth",
            **each,
        }

    def key(self, options: TruthOptions) -> Raw:
        """The truth of every statement shown."""
        return _raw([statement.truth for statement in options.statements])

    def wrong(self, options: TruthOptions) -> Mapping[str, Raw]:
        """All the other way round, all true, all false, and each single statement judged wrongly."""
        truths = [statement.truth for statement in options.statements]
        answers = {
            "complement": [not truth for truth in truths],
            "all_true": [True] * len(truths),
            "all_false": [False] * len(truths),
        }
        for place, statement in enumerate(options.statements):
            answers[f"flip_{statement.id}"] = [truth != (other == place) for other, truth in enumerate(truths)]
        return {name: _raw(claims) for name, claims in answers.items() if claims != truths}


def _raw(claims: list[bool]) -> Raw:
    return ["true" if claim else "false" for claim in claims]
