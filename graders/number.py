"""One number, typed as a number or as the calculation that leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.texts import Text, in_language
from app.domain.widgets import Widget
from graders.calculation import before_percent, numbers_typed, shows_calculation
from graders.cells import elsewhere, number, tree
from graders.equality.numbers import AUTO, EXACT, precision, same_number
from graders.reference import WithReference
from graders.tolerance import ToleranceOption
from graders.writing import written


class NumberOptions(WithReference):
    """The options of a number."""

    tolerance: ToleranceOption = AUTO
    percent: bool = Field(
        False, description="The number is asked in percent: `82` and `82 %` are the same, while `0.82` is another one."
    )
    unit: Text = Field("", description="The unit, shown behind the box; it is not typed.")


class Number:
    """Judges one number; a single number in brackets is that number."""

    name: ClassVar[str] = "number"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = NumberOptions

    def widget(self, options: NumberOptions) -> Widget:
        """One line to type."""
        return Widget(kind="number", unit=in_language(options.unit))

    def check(self, options: NumberOptions, answer: Answer) -> Invalid | None:
        """Every readable number can be judged."""
        return None

    def observe(self, options: NumberOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is the number, `answer.read.cells` the tree as typed."""
        given, reference = number(answer.value), number(options.reference)
        node = tree(answer.read.cells)
        asked = before_percent(node) if options.percent and node is not None else None
        if asked is not None and given is not None:
            node, given = asked, 100 * given
        written_as = None if node is None else precision(node)
        calculation = node is not None and shows_calculation(node)
        right = same_number(given, reference, options.tolerance, written_as)
        sign = one_more = one_less = False
        if reference is not None and not right:
            sign = same_number(given, -reference, options.tolerance, written_as)
            one_more = same_number(given, reference + 1, EXACT)
            one_less = same_number(given, reference - 1, EXACT)
        return {
            "right": right,
            "exact": same_number(given, reference, EXACT),
            "sign": sign,
            "off_by_one": one_more or one_less,
            "whole": given is not None and given == int(given),
            "calculation": calculation,
            "right_calculation": right and calculation,
            "numbers": [] if node is None else numbers_typed(node),
        }

    def facts(self, options: NumberOptions) -> Mapping[str, FactType]:
        """right: within the tolerance. exact: without any rounding. sign: right but for the sign. off_by_one:
        by exactly 1.

        whole: a whole number. calculation: an operation is shown, not just a number; right_calculation: it is
        also right. numbers: all numbers in the text, in the order typed.
        """
        names = ("right", "exact", "sign", "off_by_one", "whole", "calculation", "right_calculation")
        return {**dict.fromkeys(names, "truth"), "numbers": "list"}

    def key(self, options: NumberOptions) -> Raw:
        """The reference; a `key` beside the `answer` is the text of a calculation that leads to it."""
        if options.answer is not None and isinstance(options.key, str):
            return options.key
        return written(number(options.reference))

    def wrong(self, options: NumberOptions) -> Mapping[str, Raw]:
        """One more, the opposite sign, nothing, and far too much: those that the tolerance tells from the
        reference.
        """
        reference = number(options.reference)
        if reference is None:
            return {}
        answers = {"one_more": reference + 1, "sign": -reference, "zero": 0, "more": elsewhere(reference)}
        return {
            name: written(value)
            for name, value in answers.items()
            if not same_number(value, reference, options.tolerance)
        }
