"""Which entry or item of old data becomes which of the new: so that its text, with its comments, goes with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of data are written alike: keys in the same order, 1 and 1.0 are one number, 1 and true not.

    (A number that went through a browser has lost its `.0`.)
    """
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and list(one) == list(other)
            and all(same(value, other[name]) for name, value in one.items())
        )
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def renamed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Of every new name the old one whose text it takes: its own, or of an entry that only changed its name."""
    origin = {name: name for name in new if name in old}
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    for name in come:
        alike = next((other for other in gone if same(old[other], new[name])), None)
        if alike is None and len(gone) == len(come) == 1 and list(old).index(gone[0]) == list(new).index(name):
            alike = gone[0]
        if alike is not None:
            gone.remove(alike)
            origin[name] = alike
    return origin


def aligned(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Of every new item the old one whose text it takes: the same, one with its id, or the one in its place."""
    free = dict.fromkeys(range(len(old)))
    found: list[int | None] = [None] * len(new)
    for signs in (_written, _identity):
        by_sign: dict[str, list[int]] = defaultdict(list)
        for place in free:
            sign = signs(old[place])
            if sign is not None:
                by_sign[sign].append(place)
        for number, value in enumerate(new):
            sign = signs(value) if found[number] is None else None
            if sign is not None and by_sign.get(sign):
                waiting = by_sign[sign]
                place = number if number in waiting else waiting[0]
                waiting.remove(place)
                del free[place]
                found[number] = place
    for number, place in _left_over(found, free, old, new):
        found[number] = place
    return found


def _left_over(
    found: Sequence[int | None], free: dict[int, None], old: Sequence[Any], new: Sequence[Any]
) -> Iterator[tuple[int, int]]:
    rest = [number for number, place in enumerate(found) if place is None]
    if len(rest) != len(free):
        rest = [number for number in rest if number in free]
        pairs = [(number, number) for number in rest]
    else:
        pairs = list(zip(rest, free, strict=True))
    yield from ((number, place) for number, place in pairs if type(old[place]) is type(new[number]))


def _written(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False)


def _identity(value: Any) -> str | None:
    """What tells a thing of a list apart from its neighbours, whatever else changes about it."""
    if not isinstance(value, dict):
        return None
    for name in ("id", "case"):
        if isinstance(value.get(name), str):
            return f"{name} {value[name]}"
    return None
