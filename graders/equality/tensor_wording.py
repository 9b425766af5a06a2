"""The sentences that say in which shape, or in which entry at which point, two arrays differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    begun = says[:1].lower() + says[1:]
    return f"For {given}: {begun}"


def shapes_differ(sizes: Mapping[str, int], reference: tuple[int, ...], answer: tuple[int, ...]) -> str:
    """“For N = 3: yours is a column of 3 entries, but should be a 3 × 3 matrix.”"""
    yours, theirs = (described((rows, columns)) for rows, columns in (answer, reference))
    if not sizes:
        return f"Yours is {yours}, but should be {theirs}."
    given = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    return f"For {given}: yours is {yours}, but should be {theirs}."


def at_point(sizes: Mapping[str, int], point: Mapping[str, Array], reference: Array, answer: Array) -> str:
    """“At x = (2, -1): entry 2 of yours is 4, but should be 3.”"""
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
        if not shown:
            return f"Yours is {yours}, but should be {theirs}."
        return f"At {shown} yours is {yours}, but should be {theirs}."
    place = f"{row + 1}" if columns == 1 else f"{column + 1}" if rows == 1 else f"({row + 1}, {column + 1})"
    if not shown:
        return f"Entry {place} of yours is {yours}, but should be {theirs}."
    return f"At {shown} entry {place} of yours is {yours}, but should be {theirs}."


def freely_different(
    own: Sequence[Array], theirs: Sequence[Array], varying: Sequence[str], factor: str, constant: bool
) -> str:
    """Why two formulas differ whatever the factor between them, and whatever is added to them.

    `own` and `theirs` are the values at some points; where something constant may be added, they are the changes
    from a fixed point to others. `varying` are the symbols that change there; empty for all.
    """
    names = ", ".join(varying)
    if constant:
        moves, should = (any(np.any(array) for array in arrays) for arrays in (own, theirs))
        if should and not moves:
            return f"Yours does not change with {names}, but should." if names else "Yours does not change, but should."
        if moves and not should:
            return f"Yours changes with {names}, but should not." if names else "Yours changes, but should not."
    quotients = [
        float(one.item() / other.item())
        for one, other in zip(own, theirs, strict=True)
        if one.size == 1 and other.size == 1 and other.item()
    ]
    low, high = (min(quotients), max(quotients)) if quotients else (1.0, 1.0)
    if factor == "positive factor" and high < 0 and high - low <= -1e-7 * low and len(quotients) == len(own):
        return "But for its sign it is right: what you wrote is largest where it should be smallest."
    if not constant and factor == "sign":
        return "The sign does not matter here, but more than the sign is different."
    if not constant:
        return "A factor does not matter here, but yours is not the same multiple everywhere."
    if low < 0 < high:
        return "An added constant does not matter here, but in places yours falls where it should rise."
    if not names:
        return "An added constant does not matter here, but yours changes in another way."
    return f"An added constant does not matter here, but yours changes in another way with {names}."


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
