"""Where formulas of vectors and matrices are compared: sizes that all differ, and points from a counter."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from app.domain.symbols import Symbol
from graders.equality.sampling import DOMAINS
from graders.equality.tensor_lengths import Lengths
from graders.evaluation.tensor_duals import Array

SIZES = ((2, 3, 4, 5, 6, 1), (3, 2, 5, 6, 1, 4), (4, 5, 2, 1, 3, 6), (5, 4, 6, 3, 2, 1))
"""One line for every assignment; the sizes of one assignment all differ, and no two names are ever equal."""
NICE = 2
"""The first points have small whole entries, which make readable reasons."""
_SCALES = (1.0, 0.3, 2.0, 1.0, 0.02, 4.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A point: `group` counts what stays while some symbols vary, `place` the points of the group.

    `lengths` are sizes that are not those of the assignment; there, indices are counted from their end.
    """

    assignment: int
    group: int
    place: int
    lengths: Lengths = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both values at one point, laid out alike, and how large rounding errors may be; where both are changes from
    another point, that is the `origin`.
    """

    place: Place
    point: Mapping[str, Array]
    reference: Array
    answer: Array
    rounding: float
    origin: Mapping[str, Array] | None = None


class NoPoints(Exception):
    """There are no points for these symbols. The message is one sentence."""


def sizes_used(symbols: Mapping[str, Symbol], used: Collection[str]) -> dict[str, None]:
    """The names of sizes that matter: used by themselves, or sizes of what is used."""
    named = dict.fromkeys(size for one in symbols.values() for size in one.sizes if not size.isdigit())
    needed = {size for name in used if name in symbols for size in symbols[name].sizes}
    return {name: None for name in named if name in used or name in needed}


def sizes_of(symbols: Mapping[str, Symbol], named: Collection[str], assignment: int) -> dict[str, int]:
    """A number for every name of a size, different from each other and from the sizes given as numbers.

    Raises:
        NoPoints: there are too many sizes.
    """
    given = {int(size) for one in symbols.values() for size in one.sizes if size.isdigit()}
    free = [size for size in (*SIZES[assignment % len(SIZES)], 7, 8, 9, 10) if size not in given]
    if len(named) > len(free):
        raise NoPoints("There are too many sizes to try.")
    return dict(zip(named, free, strict=False))


def sizes_at(symbols: Mapping[str, Symbol], used: Collection[str], place: Place) -> dict[str, int]:
    """The sizes that matter at a point. Raises NoPoints."""
    named = sizes_used(symbols, used)
    found = sizes_of(symbols, named, place.assignment)
    return found | {name: length for name, length in place.lengths if name in found}


def values_at(
    symbols: Mapping[str, Symbol], used: Collection[str], place: Place, varying: Collection[str] = ()
) -> dict[str, Array]:
    """An array for every symbol that is used, and for every size that matters.

    Symbols that are not `varying` are the same at all points of a group, where any vary.

    Raises:
        NoPoints: a symbol stands for nothing that can be sampled.
    """
    sizes = sizes_at(symbols, used, place)
    found = {name: np.full((1, 1), float(size)) for name, size in sizes.items()}
    for order, (name, symbol) in enumerate(sorted(symbols.items())):
        if name in found or name not in used or symbol.domain == "constant":
            continue
        inner = place.place if not varying or name in varying else 0
        shape = symbol.shape(sizes)
        if shape is None:
            raise NoPoints("An unknown function has no value by itself.")
        if place.lengths and symbol.kind != "index" and shape != (1, 1):
            found[name] = _long(symbol, name, place, shape)
            continue
        rows, columns = shape
        index = next(iter(symbol.sizes), "1")
        last = int(index) if index.isdigit() else sizes.get(index, 1)
        found[name] = np.array(
            [[_entry(symbol, f"{name} {row} {column}", order + row * columns + column, place, inner, last)
              for column in range(columns)] for row in range(rows)]
        )  # fmt: skip
    return found


def _long(symbol: Symbol, name: str, place: Place, shape: tuple[int, int]) -> Array:
    """Many numbers of the symbol's domain at once."""
    if symbol.domain not in DOMAINS or symbol.domain == "complex":
        raise NoPoints(f"Arrays of {symbol.domain} numbers are not compared.")
    seed = f"long {place.assignment} {place.place} {place.lengths} {name}".encode()
    digits = hashlib.shake_256(seed).digest(4 * shape[0] * shape[1])
    dice = np.frombuffer(digits, dtype="<u4").reshape(shape).astype(np.int64)
    negative = (dice >> 16) % 2 == 1
    if symbol.domain in ("integer", "natural"):
        sizes = (dice % 7 + 1).astype(np.float64)
        return np.where(negative, -sizes, sizes) if symbol.domain == "integer" else sizes
    if symbol.domain == "unit":
        return (dice % 9600 + 200) / 10000
    sizes = (dice % 1900 + 100) / 1000
    if symbol.domain in ("positive", "nonnegative"):
        return sizes
    return np.where(negative | (symbol.domain == "negative"), -sizes, sizes)


def _entry(symbol: Symbol, name: str, order: int, place: Place, inner: int, last: int) -> float:
    """One number of the symbol's domain."""
    if symbol.domain not in DOMAINS or symbol.domain == "complex":
        raise NoPoints(f"Arrays of {symbol.domain} numbers are not compared.")
    step = 1000 * place.group + inner
    digest = hashlib.sha256(f"tensor {place.assignment} {step} {name}".encode()).digest()
    first, second = int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:8], "big")
    if symbol.kind == "index":
        return float(max(1, last - inner) if place.lengths else first % last + 1)
    negative = bool(second % 2)
    if symbol.domain in ("integer", "natural"):
        size = float(first % 7 + 1)
        return -size if negative and symbol.domain == "integer" else size
    if symbol.domain == "unit":
        return 1.0 / (2 + (first + order) % 7) if step < NICE else (first % 9600 + 200) / 10000
    if step < NICE:
        size = float((first + order) % 5 + 1)
    else:
        size = (first % 1900 + 100) / 1000 * _SCALES[step % len(_SCALES)]
    if symbol.domain in ("positive", "nonnegative"):
        return size
    return -size if negative or symbol.domain == "negative" else size


def places(assignment: int, groups: int, points: int, start: int = 0) -> Iterator[Place]:
    """The points of one assignment of sizes."""
    for group in range(groups):
        for place in range(start, start + points):
            yield Place(assignment, group, place)


def zeros_spread(one: Array, other: Array) -> tuple[Array, Array]:
    """The number 0 stands for any array of zeros, as in “0 otherwise”."""
    if one.shape != other.shape and (1, 1) in (one.shape, other.shape):
        if one.size == 1 and not one.item():
            return np.zeros_like(other), other
        if other.size == 1 and not other.item():
            return one, np.zeros_like(one)
    return one, other
