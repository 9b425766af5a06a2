"""Cells of a question: expressions of the author language with their source, and plain literals."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, GetPydanticSchema, PlainSerializer
from pydantic_core import CoreSchema, core_schema

from app.domain.language import LanguageError, Node, parse_author
from app.domain.language.tree import free_names
from app.domain.values import Value, normal

# No exponents: "1e999999999" would be a number of a billion digits.
_EXACT = re.compile(r"\s*[+-]?(?:\d{1,40}(?:/\d{1,40}|\.\d{0,40})?|\.\d{1,40})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Formula:
    """One parsed expression; equal when the source is equal."""

    source: str
    node: Node = field(compare=False, repr=False)

    @property
    def names(self) -> frozenset[str]:
        return free_names(self.node)


def source_of(data: Any) -> str:
    """The author-language source of what YAML gave: text is source already, the rest is written out.

    Raises:
        ValueError: the data is neither text, number, truth value nor a list of these.
    """
    if isinstance(data, str):
        return data
    if isinstance(data, bool) or data is None:
        return str(data)
    if isinstance(data, (int, float)):
        return repr(data)
    if isinstance(data, list):
        return "[" + ", ".join(source_of(item) for item in data) + "]"
    raise ValueError("An expression is written as text, a number or a list of these.")


def formula(data: Any) -> Formula:
    """Parse an expression.

    Raises:
        ValueError: one sentence, with the place in the expression.
    """
    if isinstance(data, Formula):
        return data
    source = source_of(data)
    try:
        return Formula(source, parse_author(source))
    except LanguageError as error:
        raise ValueError(f"{error.says} (in `{source}`, at character {error.start + 1})") from None


def literal(data: Any) -> Value:
    """YAML data taken as it stands: a decimal becomes the exact rational that was written.

    Raises:
        ValueError: a kind of data that no cell can hold.
    """
    if data is None or isinstance(data, (bool, int, str)):
        return data
    if isinstance(data, float):
        if not math.isfinite(data):
            raise ValueError("A cell holds finite numbers only.")
        return normal(Fraction(repr(data)))
    if isinstance(data, list):
        return [literal(item) for item in data]
    if isinstance(data, dict):
        return {str(key): literal(item) for key, item in data.items()}
    raise ValueError(f"A cell cannot hold {type(data).__name__}.")


def printed(data: Any) -> Value:
    """Like `literal`, and text that is an exact fraction or decimal (`1/3`) is that number."""
    if isinstance(data, str):
        number = _exact(data)
        return data if number is None else normal(number)
    if isinstance(data, list):
        return [printed(item) for item in data]
    return literal(data)


def _exact(text: str) -> Fraction | None:
    """The number that a text is, or None."""
    try:
        return Fraction(text) if _EXACT.fullmatch(text) else None
    except ZeroDivisionError:
        return None


def points(data: Any) -> Fraction:
    """Exact points: `1/2`, `0.5`, `3`.

    Raises:
        ValueError: not a number, or absurdly large.
    """
    value: Fraction | None = None
    if isinstance(data, str):
        value = _exact(data)
    elif isinstance(data, float) and math.isfinite(data):
        value = Fraction(repr(data))
    elif isinstance(data, (int, Fraction)) and not isinstance(data, bool):
        value = Fraction(data)
    if value is None:
        raise ValueError(f"Points are an exact number such as 1, 1/2 or 0.5, not {data!r}.")
    if abs(value) > 10_000 or value.denominator > 10_000:
        raise ValueError(f"Points stay within ±10000 and simple fractions, not {data!r}.")
    return value


def _schema(source: Any, handler: Any) -> CoreSchema:
    # The reading says everything. Left to itself, pydantic looks through all kinds of nodes, for every model anew.
    written = core_schema.plain_serializer_function_ser_schema(lambda formula: formula.source)
    return core_schema.no_info_plain_validator_function(formula, serialization=written)


Expression = Annotated[Formula, GetPydanticSchema(_schema)]
"""A property that is an expression of the question language."""

Points = Annotated[Fraction, BeforeValidator(points), PlainSerializer(str)]
"""A property that is an exact number of points."""
