"""Arrays of a running program, and the meter that counts operations, elements alive and steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graders.evaluation.errors import EvaluationError, OutOfFuel

Data: TypeAlias = NDArray[Any]

STEPS = 200_000
"""Steps of one run: about a third of a second."""
LARGEST = 1_000_000
"""Elements of one array."""
MOST_ALIVE = 2_000_000
"""Elements of all arrays at a time, the given ones excepted."""
MOST_LISTED = 50_000
"""Elements of lists in each other, when they become an array."""
MOST_AXES = 4
WHOLE = 2**62
"""Whole numbers stay below this."""


class TooLarge(EvaluationError):
    """The program asks for more memory than it may have."""


class Meter:
    """What a run has cost so far.

    Attributes:
        multiplications: multiplications and divisions of numbers that are not both whole.
        operations: everything that is calculated of numbers, additions, comparisons and whole numbers among it.
        alive, peak: elements held now, and at most so far; given arrays and views are free.
        largest: elements of the largest array that was made.
        outcomes: which conditions held, and which did not: the id of the node in the program, and its truth.
    """

    __slots__ = ("alive", "largest", "left", "multiplications", "operations", "outcomes", "peak", "steps")

    def __init__(self, steps: int = STEPS) -> None:
        self.multiplications = self.operations = 0
        self.alive = self.peak = self.largest = 0
        self.steps = self.left = steps
        self.outcomes: set[tuple[int, bool]] = set()

    def spend(self, steps: int = 1) -> None:
        """Raises OutOfFuel when the run takes too many steps."""
        self.left -= steps
        if self.left < 0:
            raise OutOfFuel(f"This program takes more than {self.steps} steps.")

    def room(self, elements: int) -> None:
        """Raises TooLarge before something is made that is too large."""
        if elements > LARGEST or self.alive + elements > MOST_ALIVE:
            self.largest = max(self.largest, elements)
            raise TooLarge(f"This program makes an array of {elements} numbers.")
        self.spend(1 + elements // 256)


class Buffer:
    """Elements that are alive for as long as something refers to them."""

    __slots__ = ("meter", "size")

    def __init__(self, meter: Meter, size: int) -> None:
        self.meter = meter
        self.size = size
        meter.alive += size
        meter.peak = max(meter.peak, meter.alive)
        meter.largest = max(meter.largest, size)

    def grow(self) -> None:
        """One element more."""
        self.meter.room(1)
        self.size += 1
        self.meter.alive += 1
        self.meter.peak = max(self.meter.peak, self.meter.alive)
        self.meter.largest = max(self.meter.largest, self.size)

    def __del__(self) -> None:
        self.meter.alive -= self.size


class Held:
    """An array and the buffer it lies in; a view shares the buffer of its array. Given arrays have none."""

    __slots__ = ("array", "buffer")

    def __init__(self, array: Data, buffer: Buffer | None) -> None:
        self.array = array
        self.buffer = buffer


class Items:
    """A list of values, as Python has it."""

    __slots__ = ("buffer", "values")

    def __init__(self, meter: Meter, values: list[Any]) -> None:
        self.values = values
        self.buffer = Buffer(meter, len(values))


class Pairs:
    """What `enumerate` and `zip` give: tuples, one after another, never all at once."""

    __slots__ = ("columns",)

    def __init__(self, columns: list[Any]) -> None:
        self.columns = columns


Number: TypeAlias = bool | int | float
Value: TypeAlias = None | Number | Held | Items | range | Pairs


def hold(meter: Meter, array: Any) -> Value:
    """A new array as a value; an array without axes is a number."""
    data = np.asarray(array)
    if data.ndim == 0:
        return number_of(data)
    if data.ndim > MOST_AXES:
        raise EvaluationError(f"An array has at most {MOST_AXES} axes here.")
    return Held(data, Buffer(meter, data.size))


def view(of: Held, array: Data) -> Value:
    """A part or another arrangement of an array."""
    if array.ndim > MOST_AXES:
        raise EvaluationError(f"An array has at most {MOST_AXES} axes here.")
    return number_of(array) if array.ndim == 0 else Held(array, of.buffer)


def number_of(data: Any) -> Number:
    """The plain number that an array without axes is."""
    value: Number = data.item()
    return value


def as_array(value: Value) -> Data:
    """The value as an array.

    Raises:
        EvaluationError: it is none.
    """
    match value:
        case Held():
            return value.array
        case bool() | float():
            return np.asarray(value)
        case int():
            return np.asarray(value if -WHOLE < value < WHOLE else float(value))
        case range():
            if len(value) > LARGEST:
                raise TooLarge(f"This program makes an array of {len(value)} numbers.")
            return np.asarray(value, dtype=np.int64)
        case Items():
            return _stacked(value)
        case _:
            raise EvaluationError("A number or an array is needed here.")


def _stacked(items: Items) -> Data:
    """A list of numbers, lists and arrays as one array."""
    _check_lists(items)
    parts = [as_array(item) for item in items.values]
    if len({part.shape for part in parts}) > 1:
        raise EvaluationError("The rows of an array are equally long.")
    return np.stack(parts) if parts else np.zeros(0)


def _check_lists(items: Items) -> None:
    """Raises TooLarge for lists that hold too much, or themselves, before they are looked at one by one."""
    elements = seen = 0
    waiting: list[Any] = [items]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Items):
            seen += 1 + len(item.values)
            if seen <= MOST_LISTED and any(isinstance(one, (Items, Held, range)) for one in item.values):
                waiting += [one for one in item.values if isinstance(one, (Items, Held, range))]
        else:
            elements += item.array.size if isinstance(item, Held) else len(item)
        if seen > MOST_LISTED or elements > LARGEST:
            raise TooLarge("This program makes a list that is too large.")


def whole_of(value: Value, what: str = "place") -> int:
    """The value as a whole number."""
    if isinstance(value, Held) and value.array.size == 1:
        value = number_of(value.array.reshape(()))
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE:
        raise EvaluationError(f"The {what} is a whole number, and {value} is not one to numpy; use // to divide.")
    if not isinstance(value, int):
        raise EvaluationError(f"The {what} is a whole number.")
    return int(value)


def each_of(value: Value) -> Iterator[Any]:
    """The values over which a loop runs."""
    match value:
        case range():
            yield from value
        case Items():
            yield from list(value.values)
        case Held():
            for row in value.array:
                yield view(value, np.asarray(row))
        case Pairs():
            yield from zip(*(each_of(column) for column in value.columns), strict=False)
        case _:
            raise EvaluationError("A loop runs over a range, a list or an array.")
