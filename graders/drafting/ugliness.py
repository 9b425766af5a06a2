"""Numbers that nobody likes to type: a remark about a variant, never a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.domain.answers import Raw
from app.domain.errors import GradusError
from app.domain.values import Json
from graders.marking.compiled import Compiled
from graders.marking.sweep import key_answers
from graders.marking.variants import make_variant, world_of

MOST_DIGITS = 6
LONGEST_FRACTION = 6
_NUMBER = re.compile(r"(\d*\.?\d+)(?:[eE]([+-]?\d+))?(?:/(\d+))?")


def ugly_numbers(compiled: Compiled, seeds: list[int]) -> list[Json]:
    """The reference answers of these seeds that hold such a number: the first of each field and seed."""
    found: list[Json] = []
    for seed in seeds:
        try:
            world = world_of(compiled, make_variant(compiled, seed).values)
            keys: Mapping[str, Raw] = key_answers(compiled, world)
        except GradusError:
            continue  # The sweep says why.
        for field, raw in keys.items():
            if compiled.fields[field].pools:
                continue
            text = next((number for cell in _texts(raw) for number in _numbers(cell) if ugly(number)), None)
            if text is not None:
                found.append({"field": field, "seed": seed, "text": text})
    return found


def _texts(raw: object) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, list):
        for one in raw:
            yield from _texts(one)


def _numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        yield found[0]


def ugly(number: str) -> bool:
    """Whether it has more than six significant digits, or is a fraction of more than six digits in all."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return False
    digits = found[1].replace(".", "").strip("0") if "." in found[1] else found[1].rstrip("0")
    if found[3] is not None:
        return len(found[1]) + len(found[3]) > LONGEST_FRACTION
    return len(digits.lstrip("0")) > MOST_DIGITS
