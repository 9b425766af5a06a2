"""When a student's number is the reference: exactly, within a tolerance, or as a correct rounding.

| kind       | amount         | the student's number counts when                                          |
|------------|----------------|---------------------------------------------------------------------------|
| `exact`    | –              | it is the reference (floats: within 1e-9)                                 |
| `absolute` | a number ≥ 0   | it differs by at most the amount                                          |
| `relative` | a share, 1/100 | it differs by at most this share of the reference                         |
| `digits`   | 1, 2, 3, …     | it differs by at most half a unit of that significant digit               |
| `decimals` | 0, 1, 2, …     | it differs by at most half a unit of that decimal place                   |
| `auto`     | –              | the reference ends within six decimals: as `exact`; otherwise (1/3, √2,   |
|            |                | 1/1024): written with three digits or more, it is the reference correctly |
|            |                | rounded to them; or, with four or more or as a calculation, within 1/2000 |

A decimal as typed is exact: `0.1` is 1/10. Digits count from the first that is not zero to the last typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.language.tree import Binary, Node, Number, Unary
from app.domain.values import Value
from graders.evaluation.comparing import close

Kind = Literal["auto", "exact", "absolute", "relative", "digits", "decimals"]

FEWEST_DIGITS = 3
AUTO_RELATIVE = Fraction(1, 2000)
SHORT_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How near is near enough; see the table above.

    Raises:
        ValueError: an amount that makes no sense for the kind.
    """

    kind: Kind = "auto"
    amount: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("A tolerance cannot be negative.")
        if self.kind in ("digits", "decimals"):
            if self.amount.denominator != 1 or self.amount > 100:
                raise ValueError("A number of digits is a whole number up to 100.")
            if self.kind == "digits" and self.amount < 1:
                raise ValueError("A number has at least one significant digit.")


AUTO = Tolerance()
EXACT = Tolerance("exact")


@dataclass(frozen=True, slots=True)
class Precision:
    """How a number was written: significant digits, and the power of ten of the last (`0.330`: 3 and −3)."""

    digits: int
    last: int

    @property
    def decimals(self) -> int:
        """Decimal places as typed."""
        return max(0, -self.last)


def precision(node: Node) -> Precision | None:
    """How a literal (signed, in percent, times a power of ten) was written; None for calculations."""
    match node:
        case Number(text=text):
            mantissa, _, power = text.lower().partition("e")
            whole, _, decimals = mantissa.partition(".")
            digits = (whole + decimals).lstrip("0")
            return Precision(max(1, len(digits)), (int(power) if power else 0) - len(decimals))
        case Unary(op="-" | "+", operand=operand):
            return precision(operand)
        case Binary(op="/", left=Number() as left, right=Number(value=Fraction(numerator=100), span=(start, end))):
            return _shifted(left, -2) if end - start == 1 else None  # a percent sign, not a typed 100
        case Binary(op="*", left=Number() as left, right=Binary(op="**", left=Number(value=base), right=power_node)):
            shift = _whole(power_node)
            return _shifted(left, shift) if base == 10 and shift is not None else None
        case _:
            return None


def _shifted(node: Number, shift: int) -> Precision | None:
    found = precision(node)
    return None if found is None else Precision(found.digits, found.last + shift)


def _whole(node: Node) -> int | None:
    match node:
        case Number(value=value) if value.denominator == 1:
            return int(value)
        case Unary(op="-", operand=Number(value=value)) if value.denominator == 1:
            return -int(value)
        case _:
            return None


def same_number(
    student: Value, reference: Value, tolerance: Tolerance = AUTO, written: Precision | None = None
) -> bool:
    """Whether the student's number counts as the reference. What is no number is never the same.

    `written` is how the student typed it (`precision` of the tree); without it, it counts as a calculation.
    """
    if not isinstance(student, (int, Fraction, float)) or not isinstance(reference, (int, Fraction, float)):
        return False
    if isinstance(student, bool) != isinstance(reference, bool):
        return False
    if tolerance.kind == "exact":
        return bool(close(student, reference))
    given, wanted = Fraction(student), short(reference)
    off = abs(given - wanted)
    slack = abs(wanted) / 10**12 if isinstance(student, float) or isinstance(reference, float) else Fraction(0)
    match tolerance.kind:
        case "absolute":
            return off <= tolerance.amount + slack
        case "relative":
            return off <= tolerance.amount * abs(wanted) + slack
        case "digits":
            place = Fraction(10) ** (exponent(wanted) - int(tolerance.amount) + 1) if wanted else Fraction(0)
            return off <= place / 2 + slack
        case "decimals":
            return off <= Fraction(10) ** -int(tolerance.amount) / 2 + slack
        case _:
            return _auto(student, given, wanted, written)


def _auto(student: int | Fraction | float, given: Fraction, wanted: Fraction, written: Precision | None) -> bool:
    if ends(wanted):
        return close(student, wanted)
    off = abs(given - wanted)
    if written is not None:
        if written.digits < FEWEST_DIGITS:
            return False
        if off <= Fraction(10) ** written.last / 2:
            return True
        if written.digits == FEWEST_DIGITS:
            return False
    return off <= abs(wanted) * AUTO_RELATIVE


def ends(value: Fraction) -> bool:
    """Whether a number ends within six decimal places."""
    return bool((value * 10**SHORT_DECIMALS).denominator == 1)


def short(value: int | Fraction | float) -> Fraction:
    """A reference as an exact number; a float next to one with six decimals is that one."""
    if isinstance(value, float):
        rounded = (
            Fraction(round(value * 10**SHORT_DECIMALS), 10**SHORT_DECIMALS) if abs(value) < 1e9 else Fraction(value)
        )
        if abs(Fraction(value) - rounded) <= Fraction(max(1.0, abs(value))) / 10**12:
            return rounded
    return Fraction(value)


def exponent(value: Fraction) -> int:
    """The power of ten of the first significant digit of a number that is not zero."""
    size = abs(value)
    guess = len(str(size.numerator)) - len(str(size.denominator))
    return guess if Fraction(10) ** guess <= size else guess - 1
