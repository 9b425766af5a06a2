"""`parse_formula` beside sympy's `parse_expr`, on the same texts, in turn: how long reading takes.

`python -m benchmarks.parsing`. The formulas are the references of `pairs.tsv`, each time in other symbols and numbers,
so that no text comes twice; both sides read it once and take turns in being the first. Half of the texts are in sympy's
own syntax, half as students type them, with `^` and products without a sign, for which sympy gets the usual
transformations. Both know the same symbols all the time: ours keeps its table of names from one answer to a field to
the next, as sympy is given one; nothing is kept of any text.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

from app.domain.language import LanguageError, Node, parse_formula
from app.domain.symbols import Symbol
from benchmarks.equality import Pair, read_pairs
from benchmarks.timing import Durations, machine, milliseconds, print_table, times

SEED = 31
SYMBOLS = {name: Symbol() for name in "abcdfghklmnopqrstuvwxyz"}
# Our own table, trusted: parse_expr executes what it is given.
NAMES = {name: sympy.Symbol(name) for name in SYMBOLS} | {"max": sympy.Max, "abs": sympy.Abs}
AS_TYPED = (*standard_transformations, implicit_multiplication_application, convert_xor)
TRIES = 50
_WORD = re.compile(r"[A-Za-z]\w*")
_NUMBER = re.compile(r"(?<![0-9.*\w])[2-9](?![0-9.])")
"""Not an exponent."""
_TIMES = re.compile(r"(?<=[\w)])\*(?=[A-Za-z(])")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    formulas: int = 1000
    seconds: float = 20.0
    rounds: int = 20


@dataclass(slots=True)
class Beside:
    """What both sides took for the same texts."""

    ours: Durations = field(default_factory=Durations)
    sympy: Durations = field(default_factory=Durations)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to write formulas, and how sympy reads it."""

    written: Callable[[str], str]
    by_sympy: Callable[[str], object]


def by_gradus(text: str) -> Node:
    """The tree of a formula."""
    return parse_formula(text, SYMBOLS)


def as_typed(text: str) -> str:
    """The formula with `^`, and with products without a sign where nobody would ask back what they mean."""
    powers = text.replace("**", "^")
    bare = _TIMES.sub(" ", powers)
    try:
        parse_formula(bare, SYMBOLS)
    except LanguageError:
        return powers
    return bare


WAYS = {
    "in sympy's syntax": Way(str, lambda text: parse_expr(text, NAMES)),
    "as typed": Way(as_typed, lambda text: parse_expr(text, NAMES, transformations=AS_TYPED)),
}


def renewed(pair: Pair, dice: Random) -> str:
    """The pair's reference in other symbols and numbers."""
    names = dict(zip(pair.variables, dice.sample([*SYMBOLS], len(pair.variables)), strict=True))
    text = _WORD.sub(lambda word: names.get(word[0], word[0]), pair.reference)
    return _NUMBER.sub(lambda number: str(dice.randrange(2, 99)), text)


def texts(pairs: list[Pair], way: Way, dice: Random, seen: set[str]) -> list[str]:
    """Every formula once, in a text that did not come before."""
    found = []
    for pair in pairs:
        text = next((new for _ in range(TRIES) if (new := way.written(renewed(pair, dice))) not in seen), None)
        if text is not None:
            seen.add(text)
            found.append(text)
    return found


def measure(sizes: Sizes) -> dict[str, Beside]:
    """Both sides read every text, as long as there is time; the first round is not counted."""
    pairs, dice = read_pairs(sizes.formulas), Random(SEED)
    seen: set[str] = set()
    found = {name: Beside() for name in WAYS}
    until = time.monotonic() + sizes.seconds
    for number in range(sizes.rounds + 1):
        for name, way in WAYS.items():
            beside = found[name] if number else Beside()
            for place, text in enumerate(texts(pairs, way, dice, seen)):
                sides = [(beside.ours, by_gradus), (beside.sympy, way.by_sympy)]
                for durations, read in sides if place % 2 else reversed(sides):
                    started = time.perf_counter()
                    read(text)
                    durations.seconds.append(time.perf_counter() - started)
        if number and time.monotonic() > until:
            break
    return found


def print_found(found: dict[str, Beside]) -> None:
    """The table."""
    rows = []
    for name, beside in found.items():
        for reader, one in (("parse_formula", beside.ours), ("parse_expr", beside.sympy)):
            ratio = times(one.median / beside.ours.median)
            rows.append([f"{name}, {reader}", str(len(one)), milliseconds(one.median), milliseconds(one.p95), ratio])
    print_table("Reading a formula", ["ms", "n", "median", "p95", "to parse_formula"], rows)


def main() -> None:
    print(f"Machine: {machine()}.")
    print_found(measure(Sizes()))


if __name__ == "__main__":
    main()
