"""The sentences that say in which shape, or in which entry at which point, two arrays differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np

from graders.equality.tensor_points import Pair
from graders.equality.wording import goes_other_way
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


def gives_entries(
    sizes: Mapping[str, int], lengths: Mapping[str, int], reference: Array, entry: Callable[[Mapping[str, int]], float]
) -> str:
    """Of a formula for one entry where an array is asked for: which entry is wrong, or that the array is wanted.

    `lengths` says how far its free indices run, `entry` is its value at some of them.
    """
    by, given = ", ".join(lengths), _equations(sizes)
    axes = _axes(lengths, reference.shape)
    for places in product(*(range(1, length + 1) for length in reference.shape)) if axes else ():
        at = {name: places[axis] for name, axis in axes.items()}
        yours, theirs = entry(at), float(reference[places[0] - 1, places[1] - 1])
        if not abs(yours - theirs) <= 1e-7 * max(abs(yours), abs(theirs)):
            where, (one, other) = _equations(at), _pair(yours, theirs)
            if not sizes:
                return f"Yours gives entries by {by}; that at {where} is {one}, but should be {other}."
            return f"For {given}: yours gives entries by {by}; that at {where} is {one}, but should be {other}."
    if not sizes:
        return f"Yours gives entries by {by}, but should be {described(reference.shape)} as a whole."
    return f"For {given}: yours gives entries by {by}, but should be {described(reference.shape)} as a whole."


def _axes(lengths: Mapping[str, int], shape: Sequence[int]) -> dict[str, int]:
    """Which index counts rows (0) and which columns (1), where their lengths say so; in the order declared if both."""
    names = list(lengths)
    if len(names) == 1 and 1 in shape and lengths[names[0]] == max(shape):
        return {names[0]: 0 if shape[1] == 1 else 1}
    for order in (names, names[::-1]):
        if [lengths[name] for name in order] == list(shape):
            return {name: axis for axis, name in enumerate(order)}
    return {}


def _equations(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


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
    pairs: Sequence[Pair], sizes: Mapping[str, int], varying: Mapping[str, str], factor: str, constant: bool
) -> str:
    """Why two formulas differ whatever the factor between them, and whatever is added to them.

    Where something constant may be added, the values of the pairs are the changes from a fixed point to others.
    `varying` are the symbols that change there, and how they are written; empty for all.
    """
    names = ", ".join(varying.values())
    if constant:
        moves, should = (
            any(map(np.any, arrays)) for arrays in zip(*((one.answer, one.reference) for one in pairs), strict=True)
        )
        if should and not moves:
            return f"Yours does not change with {names}, but should." if names else "Yours does not change, but should."
        if moves and not should:
            return f"Yours changes with {names}, but should not." if names else "Yours changes, but should not."
    numbers = _clearly_not_zero(pairs)
    quotients = [one.answer.item() / one.reference.item() for one in numbers]
    low, high = (min(quotients), max(quotients)) if quotients else (1.0, 1.0)
    if factor == "positive factor" and high < 0 and high - low <= -1e-7 * low and len(quotients) == len(pairs):
        return "But for its sign it is right: what you wrote is largest where it should be smallest."
    if not constant and factor == "sign":
        return "The sign does not matter here, but more than the sign is different."
    if not constant:
        return "A factor does not matter here, but yours is not the same multiple everywhere."
    if low < 0 < high and factor in ("", "positive factor"):
        wrong = max(
            (one for one, quotient in zip(numbers, quotients, strict=True) if quotient < 0),
            key=lambda one: float(min(abs(one.answer.item()), abs(one.reference.item()))),
        )
        return f"An added constant does not matter here. {_other_way(wrong, sizes, varying)}"
    if not names:
        return "An added constant does not matter here, but yours changes in another way."
    return f"An added constant does not matter here, but yours changes in another way with {names}."


def _clearly_not_zero(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs of numbers of which neither is a rounding error beside those of the others."""
    numbers = [one for one in pairs if one.answer.size == one.reference.size == 1]
    own, theirs = (
        max(map(abs, values), default=0.0)
        for values in ([one.answer.item() for one in numbers], [one.reference.item() for one in numbers])
    )
    return [one for one in numbers if abs(one.answer.item()) > 1e-9 * own and abs(one.reference.item()) > 1e-9 * theirs]


def _other_way(pair: Pair, sizes: Mapping[str, int], varying: Mapping[str, str]) -> str:
    """Between which points a formula falls where it should rise, or rises where it should fall, and by how much."""
    assert pair.origin is not None
    start, end = (
        ", ".join(
            f"{varying.get(name, name)} = {_array(value)}"
            for name, value in point.items()
            if name in varying or (not varying and name not in sizes)
        )
        for point in (pair.origin, pair.point)
    )
    fixed = [f"{name} = {_array(value)}" for name, value in pair.point.items() if name not in {*varying, *sizes}]
    where = ", ".join([*([_equations(sizes)] if sizes else []), *(fixed if varying else [])])
    own, theirs = pair.answer.item(), pair.reference.item()
    return goes_other_way(where, start, end, _pair(own, theirs), rises=own > 0)


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
