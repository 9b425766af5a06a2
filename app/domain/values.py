"""The values that variables, answers and facts take, and their exact JSON form."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias, cast

from app.domain.language import Node, parse_author, to_source

Exact: TypeAlias = int | Fraction
Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Share:
    """A degree of truth in [0, 1], kept as an interval; what lies between `lo` and `hi` a person decides."""

    lo: Fraction
    hi: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.lo <= self.hi <= 1:
            raise ValueError(f"A share lies in [0, 1] with lo ≤ hi, not [{self.lo}, {self.hi}].")

    @property
    def decided(self) -> bool:
        """Whether no person is needed."""
        return self.lo == self.hi


PERSON = Share(Fraction(0), Fraction(1))


@dataclass(frozen=True, eq=False)
class Symbolic:
    """A formula with free symbols, as a value; two are equal when they are written the same."""

    node: Node = field(repr=False)
    latex: str = field(default="", repr=False)
    """How its question writes it, where it is shown."""

    @cached_property
    def source(self) -> str:
        """The formula in the author language; most formulas on the way to others are never written."""
        return to_source(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbolic) and self.source == other.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Symbolic({self.source!r})"


def symbolic(node: Node) -> Symbolic:
    """A tree as a value."""
    return Symbolic(node)


# None is "blank": nothing was answered here.
Value: TypeAlias = None | bool | int | Fraction | float | str | Share | Symbolic | list["Value"] | dict[str, "Value"]


def normal(number: Exact) -> Exact:
    """The same number, as an int where it is whole."""
    if isinstance(number, Fraction) and number.denominator == 1:
        return int(number)
    return number


def to_json(value: Value) -> Json:
    """The JSON form of a value; `from_json` gives the same value back, exactly."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Fraction):
        return {"q": str(value)}
    if isinstance(value, float):
        return {"f": repr(value)}
    if isinstance(value, Share):
        return {"s": [str(value.lo), str(value.hi)]}
    if isinstance(value, Symbolic):
        return {"t": value.source}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    return {"d": {key: to_json(item) for key, item in value.items()}}


def from_json(data: Json) -> Value:
    """The value whose JSON form this is.

    Raises:
        ValueError: the data is no JSON form of a value.
    """
    if data is None or isinstance(data, (bool, int, str)):
        return data
    if isinstance(data, list):
        return [from_json(item) for item in data]
    if isinstance(data, dict) and len(data) == 1:
        ((tag, inner),) = data.items()
        try:
            if tag == "q":
                return Fraction(cast(str, inner))
            if tag == "f":
                return float(cast(str, inner))
            if tag == "s":
                lo, hi = cast("list[str]", inner)
                return Share(Fraction(lo), Fraction(hi))
            if tag == "t":
                return Symbolic(parse_author(cast(str, inner)))
        except (TypeError, ValueError, ZeroDivisionError):
            raise ValueError(f"Not a stored value: {data!r}") from None
        if tag == "d" and isinstance(inner, dict):
            return {key: from_json(item) for key, item in inner.items()}
    raise ValueError(f"Not a stored value: {data!r}")
