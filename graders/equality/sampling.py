"""The points at which formulas are compared: in the domains, the same on every machine, every time."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product

Coordinate = Fraction | tuple[Fraction, Fraction]

POINTS = 28
MORE_POINTS = 100
"""Where most of the first have no values."""
NICE = 4
"""The first points have small whole coordinates, which make readable reasons."""

_TINY = (Fraction(1, 10**6), Fraction(1, 10**9))
_PRIMES = (2, 3, 5, 7, 11, 13)
_FOUR = struct.Struct(">4I").unpack_from


def _dice(name: str, place: int) -> tuple[int, int, int, int]:
    """Four random numbers below 2^32, from a counter."""
    first, second, third, fourth = _FOUR(hashlib.sha256(f"sample {place} {name}".encode()).digest())
    return first, second, third, fourth


def _size(dice: Sequence[int], place: int) -> Fraction:
    """A positive number: mostly below 4, sometimes much smaller or larger; later points mix sizes."""
    thousandths = dice[0] % 3989 + 11
    match (place if place < 14 else place + dice[2]) % 7:
        case 3:
            return Fraction(thousandths, 50_000)
        case 4:
            return Fraction(thousandths, 100)
        case 5:
            return Fraction(thousandths, 4)
        case _:
            return Fraction(thousandths, 1000)


def _real(dice: Sequence[int], place: int) -> Fraction:
    size = _size(dice, place)
    return -size if dice[1] % 2 else size


def _unit(dice: Sequence[int], place: int) -> Fraction:
    edge = Fraction(dice[0] % 9967 + 11, 10000)
    return edge / 20 if place % 7 == 3 else 1 - edge / 20 if place % 7 == 4 else edge


def _integer(dice: Sequence[int], place: int) -> Fraction:
    size = dice[0] % (60 if place % 7 == 4 else 11) + 1
    return Fraction(-size if dice[1] % 2 else size)


def _complex(dice: Sequence[int], place: int) -> tuple[Fraction, Fraction]:
    return _real(dice, place), _real(dice[2:], place % 3)


_RANDOM: dict[str, Callable[[Sequence[int], int], Coordinate]] = {
    "real": _real,
    "nonzero": _real,
    "positive": _size,
    "nonnegative": _size,
    "negative": lambda dice, place: -_size(dice, place),
    "unit": _unit,
    "integer": _integer,
    "natural": lambda dice, place: abs(_integer(dice, place)),
    "complex": _complex,
    "few": lambda dice, place: Fraction(dice[0] % 6 + 1),
}


_Column = tuple[tuple[Coordinate, ...], tuple[float | complex, ...]]
"""The coordinates of one symbol at several points, and the same in floats."""


@lru_cache(maxsize=1024)
def _coordinates(name: str, domain: str, count: int) -> _Column:
    """Those at so many random points, whatever other symbols there are."""
    at_random = _RANDOM[domain]
    found = tuple([at_random(_dice(name, place), place) for place in range(count)])
    return found, tuple(map(_float, found))


def _float(value: Coordinate) -> float | complex:
    if isinstance(value, Fraction):
        top, bottom = value.as_integer_ratio()
        return top / bottom
    return complex(*map(float, value))


DOMAINS = frozenset(_RANDOM) - {"few"}
"""`unit` is the open interval from 0 to 1, `natural` begins with 1."""

WHOLE = frozenset(["integer", "natural", "few"])
"""Domains of whole numbers. `few` are the natural numbers where as many terms are added up: they stay small."""


def _nice(domain: str, order: int, place: int) -> Coordinate:
    """Small coordinates that differ between symbols; the second and fourth point have negative ones."""
    prime = Fraction(_PRIMES[(order + (place > 1)) % len(_PRIMES)] + order // len(_PRIMES) * 13)
    if domain == "unit":
        return 1 / (prime + place)
    if domain == "complex":
        return prime, Fraction(1 - 2 * (place % 2))
    if domain == "negative":
        return -prime
    if domain == "few":
        return Fraction(2 + (order + place) % 4)
    return -prime if place % 2 and domain in ("real", "nonzero", "integer") else prime


@lru_cache(maxsize=256)
def _nice_column(domain: str, order: int) -> _Column:
    found = tuple(_nice(domain, order, place) for place in range(NICE))
    return found, tuple(map(_float, found))


class At(dict[str, Coordinate]):
    """A point: its coordinates by the names of the symbols. It is not changed once it has been used."""

    @cached_property
    def floats(self) -> dict[str, float | complex]:
        """The same in floats."""
        return {name: _float(value) for name, value in self.items()}

    @cached_property
    def farthest(self) -> float:
        """The largest absolute value of a coordinate."""
        return max(map(abs, self.floats.values()), default=0.0)


def points(variables: Mapping[str, str], near: Sequence[Fraction] = (), count: int = POINTS) -> list[At]:
    """Points inside the domains, the readable ones first; one empty point where there are no symbols.

    `near` are numbers around which more points are wanted (where a formula may have an edge).
    """
    return list(each_point(variables, near, count))


def each_point(variables: Mapping[str, str], near: Sequence[Fraction] = (), count: int = POINTS) -> Iterator[At]:
    """The same one after the other: the first ones often decide."""
    domains = tuple(sorted(variables.items()))
    yield from _readable_points(domains)
    if domains:
        yield from _random_points(domains, tuple(near), count - NICE)


@lru_cache(maxsize=256)
def _readable_points(domains: tuple[tuple[str, str], ...]) -> tuple[At, ...]:
    if not domains:
        return (At(),)
    names = [name for name, _ in domains]
    return tuple(_joined(names, [_nice_column(domain, order) for order, (_, domain) in enumerate(domains)]))


def _joined(names: Sequence[str], columns: Sequence[_Column]) -> list[At]:
    """The points with these coordinates of the symbols."""
    found = []
    exact, rounded = zip(*columns, strict=True)
    for row, floats in zip(zip(*exact, strict=True), zip(*rounded, strict=True), strict=True):
        point = At(zip(names, row, strict=True))
        point.floats = dict(zip(names, floats, strict=True))
        found.append(point)
    return found


@lru_cache(maxsize=256)
def _random_points(domains: tuple[tuple[str, str], ...], near: tuple[Fraction, ...], count: int) -> tuple[At, ...]:
    names = [name for name, _ in domains]
    found = _joined(names, [_coordinates(name, domain, count) for name, domain in domains])
    for place, edge in enumerate(near):
        for around in (Fraction(7, 8), Fraction(9, 8), Fraction(-9, 8)):
            point = {name: _RANDOM[domain](_dice(name, 1000 + place), place) for name, domain in domains}
            for name, domain in domains:
                if inside(edge * around, domain):
                    point = {**point, name: edge * around}
            found.append(At(point))
    return tuple(found)


def near_zero(sample: Sequence[At]) -> Iterator[At]:
    """Points at which even steep functions such as σ(10⁹x) are not saturated."""
    whole = {
        name
        for name in (sample[0] if sample else ())
        if all(isinstance(point[name], Fraction) and point[name].denominator == 1 for point in sample)  # type: ignore[union-attr]
    }
    for size, point in product(_TINY, sample[1 : 1 + NICE]):
        if not whole.issuperset(point):
            yield At({name: value if name in whole else _times(value, size) for name, value in point.items()})


def _times(value: Coordinate, size: Fraction) -> Coordinate:
    return value * size if isinstance(value, Fraction) else (value[0] * size, value[1] * size)


def inside(value: Fraction, domain: str) -> bool:
    """Whether a number belongs to a domain of real numbers that are not only whole ones."""
    match domain:
        case "real":
            return True
        case "nonzero":
            return value != 0
        case "positive" | "nonnegative":
            return value > 0
        case "negative":
            return value < 0
        case "unit":
            return 0 < value < 1
        case _:
            return False
