"""Tick the true statements: one, several or none of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import Value, normal
from app.domain.widgets import Widget
from graders.statements import PoolOptions


class ChoiceOptions(PoolOptions):
    """The options of a choice."""

    mode: Literal["single", "several"] = Field(
        "several",
        description="`single`: exactly one statement can be ticked; `several`: any number, also none.",
    )


class Choice:
    """Judges which statements were ticked. "None of them" is an answer, an untouched field is not.

    Statements are ticked by their numbers; where authors try answers, the ids of the pool name them as well.
    """

    name: ClassVar[str] = "choice"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = ChoiceOptions

    def widget(self, options: ChoiceOptions) -> Widget:
        """The statements with boxes (several) or buttons (single)."""
        return Widget(kind="choice", options_text=options.texts, several=options.mode == "several")

    def numbered(self, options: ChoiceOptions, raw: object) -> object:
        """See `PoolOptions.numbered`."""
        return options.numbered(raw)

    def check(self, options: ChoiceOptions, answer: Answer) -> Invalid | None:
        """Every set of positions can be judged."""
        return None

    def observe(self, options: ChoiceOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is the list of positions ticked, from 1."""
        statements = options.statements
        positions = answer.value if isinstance(answer.value, list) else []
        ticks = {statement.id: place in positions for place, statement in enumerate(statements, 1)}
        truths = {statement.id: statement.truth for statement in statements}
        judged = {name: ticks[name] == truths[name] for name in ticks}
        right_ticks = sum(ticks[name] and truths[name] for name in ticks)
        wrong_ticks = sum(ticks.values()) - right_ticks
        trues = sum(truths.values())
        facts: Facts = {
            "value": [name for name, tick in ticks.items() if tick],
            "right": all(judged.values()),
            "options": list(judged.values()),
            "net": _share(right_ticks - wrong_ticks, trues, wrong_ticks),
            "balanced": _share(
                right_ticks - Fraction(wrong_ticks * trues, max(1, len(truths) - trues)), trues, wrong_ticks
            ),
            "ticked": right_ticks + wrong_ticks,
            "right_ticks": right_ticks,
            "wrong_ticks": wrong_ticks,
            "missed": trues - right_ticks,
            "none": not any(ticks.values()),
            "complement": not any(judged.values()),
        }
        for name in options.ids:
            facts[f"is_{name}"] = judged.get(name)
            facts[f"picked_{name}"] = ticks.get(name)
        return facts

    def facts(self, options: ChoiceOptions) -> Mapping[str, FactType]:
        """value: ids ticked. right: exactly the true statements are ticked. options: per statement shown,
        judged rightly.

        net: right minus wrong ticks, per true statement. balanced: every wrong tick costs 1/(number of false
        statements), so ticking everything earns nothing. Both are at least 0; where nothing is true they are
        1 for no tick, else 0. ticked, right_ticks, wrong_ticks, missed: how many. none: deliberately nothing.
        complement: the exact opposite. is_<id>: that statement was judged rightly. picked_<id>: it was
        ticked. Both are blank where it is not shown.
        """
        each: dict[str, FactType] = {}
        for name in options.ids:
            each[f"is_{name}"] = each[f"picked_{name}"] = "truth"
        counts: dict[str, FactType] = dict.fromkeys(("ticked", "right_ticks", "wrong_ticks", "missed"), "value")
        return {
            "value": "list",
            "right": "truth",
            "options": "list",
            "net": "truth",
            "balanced": "truth",
            **counts,
            "none": "truth",
            "complement": "truth",
            **each,
        }

    def key(self, options: ChoiceOptions) -> Raw:
        """The positions of the true statements, or "none"."""
        return _raw([statement.truth for statement in options.statements])

    def wrong(self, options: ChoiceOptions) -> Mapping[str, Raw]:
        """Every other single statement; or the complement, all, none and the key with one statement judged
        wrongly.
        """
        statements = options.statements
        truths = [statement.truth for statement in statements]
        answers: dict[str, list[bool]] = {"none": [False] * len(truths)}
        if options.mode == "single":
            for place, statement in enumerate(statements):
                answers[f"pick_{statement.id}"] = [other == place for other in range(len(truths))]
        else:
            answers["complement"] = [not truth for truth in truths]
            answers["everything"] = [True] * len(truths)
            for place, statement in enumerate(statements):
                answers[f"flip_{statement.id}"] = [truth != (other == place) for other, truth in enumerate(truths)]
        return {name: _raw(ticks) for name, ticks in answers.items() if ticks != truths}


def _raw(ticks: list[bool]) -> str:
    return ",".join(str(place) for place, tick in enumerate(ticks, 1) if tick) or "none"


def _share(earned: Fraction | int, trues: int, wrong_ticks: int) -> Value:
    if not trues:
        return int(not wrong_ticks)
    return normal(max(Fraction(0), Fraction(earned) / trues))
