"""`parse_formula` beside sympy's `parse_expr`, on the same texts, in turn: how long reading takes.

`python -m benchmarks.parsing`. The formulas are the references of `pairs.tsv`, each time in other symbols and numbers,
so that no text comes twice; all read it once, in blocks that take turns. Half of the texts are in sympy's
own syntax, half as students type them, with `^` and products without a sign, for which sympy gets the usual
transformations. All know the same symbols all the time: ours keeps its table of names from one answer to a field to
the next, as sympy is given one; nothing is kept of any text. `parse_expr` imports all of sympy's names in every call,
unless it is given them as well (`global_dict`): both are measured.
"""

from __future__ import annotations

import builtins
import gc
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from types import BuiltinFunctionType

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
# What parse_expr makes in every call that gives it nothing better.
GLOBALS = (
    {name: found for name, found in vars(builtins).items() if isinstance(found, BuiltinFunctionType)}
    | {name: getattr(sympy, name) for name in sympy.__all__}
    | {"max": sympy.Max, "min": sympy.Min}
)
AS_TYPED = (*standard_transformations, implicit_multiplication_application, convert_xor)
BLOCK = 20
"""Texts that one reads before it is another's turn."""
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


@dataclass(frozen=True, slots=True)
class Way:
    """A way to write formulas, and the transformations with which sympy reads it."""

    written: Callable[[str], str]
    transformations: tuple[object, ...]

    def readers(self) -> dict[str, Callable[[str], object]]:
        """All who read it."""
        return {
            "parse_formula": by_gradus,
            "parse_expr": lambda text: parse_expr(text, NAMES, self.transformations),
            "parse_expr, global_dict": lambda text: parse_expr(text, NAMES, self.transformations, GLOBALS),
        }


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
    "in sympy's syntax": Way(str, standard_transformations),
    "as typed": Way(as_typed, AS_TYPED),
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


def measure(sizes: Sizes) -> dict[tuple[str, str], Durations]:
    """All read every text, as long as there is time, by way and reader; the first round is not counted."""
    pairs, dice = read_pairs(sizes.formulas), Random(SEED)
    seen: set[str] = set()
    found = {(name, reader): Durations() for name, way in WAYS.items() for reader in way.readers()}
    until = time.monotonic() + sizes.seconds
    gc.freeze()  # what is there already is nobody's garbage, and collecting takes no time
    for number in range(sizes.rounds + 1):
        for name, way in WAYS.items():
            for block in blocks(texts(pairs, way, dice, seen)):
                for reader, read in way.readers().items():
                    gc.collect()  # what another left behind
                    for text in block:
                        with (found[name, reader] if number else Durations()).one():
                            read(text)
        if number and time.monotonic() > until:
            break
    gc.unfreeze()
    return found


def blocks(found: list[str]) -> Iterator[list[str]]:
    """The texts, so many at a time."""
    for begin in range(0, len(found), BLOCK):
        yield found[begin : begin + BLOCK]


def print_found(found: dict[tuple[str, str], Durations]) -> None:
    """The table."""
    rows = []
    for (name, reader), one in found.items():
        ratio = times(one.median / found[name, "parse_formula"].median)
        rows.append([f"{name}, {reader}", str(len(one)), milliseconds(one.median), milliseconds(one.p95), ratio])
    print_table("Reading a formula", ["ms", "n", "median", "p95", "to parse_formula"], rows)


def main() -> None:
    print(f"Machine: {machine()}.")
    print_found(measure(Sizes()))


if __name__ == "__main__":
    main()
