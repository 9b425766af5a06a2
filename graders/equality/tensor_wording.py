"""The sentences that say in which shape, or in which entry at which point, two arrays differ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graders.evaluation.tensor_duals import Array
from graders.evaluation.tensor_functions import described

LONGEST = 90
"""Characters of a point that can still be read."""


def sized(sizes: Mapping[str, int], says: str) -> str:
    """A sentence, with the sizes for which it holds."""
    if not sizes:
        return says
    given = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    return f"For {given}: {says[:1].lower()}{says[1:]}"


def shapes_differ(sizes: Mapping[str, int], reference: tuple[int, ...], answer: tuple[int, ...]) -> str:
    """“For N = 3: yours is a column of 3 entries, the reference a 3 × 3 matrix.”"""
    (rows, columns), (own_rows, own_columns) = reference, answer
    return sized(sizes, f"Yours is {described((own_rows, own_columns))}, the reference {described((rows, columns))}.")


def at_point(sizes: Mapping[str, int], point: Mapping[str, Array], reference: Array, answer: Array) -> str:
    """“At x = (2, -1): entry 2 of yours is 4, of the reference 3.”"""
    given = [f"{name} = {_array(value)}" for name, value in point.items() if name not in sizes]
    sizes_given = [f"{name} = {size}" for name, size in sizes.items()]
    shown = ", ".join(sizes_given + given)
    if len(shown) > LONGEST:
        shown = ", ".join([*sizes_given, "a point tried"])
    row, column = _first_difference(reference, answer)
    size = max(float(np.max(np.abs(array[np.isfinite(array)]), initial=0.0)) for array in (reference, answer))
    yours, theirs = _pair(_cleared(answer[row, column], size), _cleared(reference[row, column], size))
    rows, columns = reference.shape
    if rows == columns == 1:
        says = f"yours is {yours}, the reference {theirs}."
    else:
        place = f"{row + 1}" if columns == 1 else f"{column + 1}" if rows == 1 else f"({row + 1}, {column + 1})"
        says = f"entry {place} of yours is {yours}, of the reference {theirs}."
    return f"At {shown} {says}" if shown else says[0].upper() + says[1:]


def _first_difference(reference: Array, answer: Array) -> tuple[int, int]:
    finite = np.isfinite(reference) & np.isfinite(answer)
    lopsided = np.isfinite(reference) != np.isfinite(answer)
    off = np.where(lopsided, np.inf, np.where(finite, np.abs(reference - answer), 0.0))
    size = np.max(np.abs(np.where(finite, answer, 0.0)), initial=0.0)
    places = np.argwhere(off > 1e-7 * size)
    row, column = places[0] if len(places) else np.unravel_index(int(np.argmax(off)), off.shape)
    return int(row), int(column)


def _array(value: Array) -> str:
    rows = [", ".join(_number(float(cell)) for cell in row) for row in value]
    if value.shape == (1, 1):
        return rows[0]
    if value.shape[1] == 1:
        return f"({', '.join(rows)})"
    return f"({'; '.join(rows)})"


def _cleared(value: float, size: float) -> float:
    """The number, 0 where it is a rounding error beside numbers of that size."""
    return 0.0 if abs(value) < 1e-12 * size else float(value)


def _pair(yours: float, theirs: float) -> tuple[str, str]:
    for digits in (6, 12, 17):
        one, other = _number(yours, digits), _number(theirs, digits)
        if one != other:
            break
    return one, other


def _number(value: float, digits: int = 6) -> str:
    if not np.isfinite(value):
        return "not defined"
    return f"{value:.{digits}g}"
