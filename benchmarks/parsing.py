"""`parse_formula` beside sympy's `parse_expr`, on the same formulas, in turn: how long reading takes.

`python -m benchmarks.parsing`. The formulas are the references of `pairs.tsv`, which both sides read, each time with
other symbols and numbers: every text is read once, so that nobody profits from having seen it. Sympy reads in two ways:
in its own strict syntax, and with implicit products and `^` as students type them. Both get the same symbols.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

from app.domain.language import parse_formula
from app.domain.symbols import Symbol
from benchmarks.equality import Pair, read_pairs
from benchmarks.timing import Durations, machine, milliseconds, print_table, times

SEED = 31
NAMES = list("abcdfghklmnopqrstuvwxyz")
TRIES = 50
_WORD = re.compile(r"[A-Za-z]\w*")
_NUMBER = re.compile(r"(?<![0-9.*\w])[2-9](?![0-9.])")
"""Not an exponent."""
AS_TYPED = (*standard_transformations, implicit_multiplication_application, convert_xor)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    formulas: int = 1000
    seconds: float = 20.0
    rounds: int = 20


def readers(names: list[str]) -> dict[str, Callable[[str], object]]:
    """The three ways to read a formula in some symbols."""
    ours = {name: Symbol() for name in names}
    # Our own table, trusted: parse_expr executes what it is given.
    theirs = {name: sympy.Symbol(name) for name in names} | {"max": sympy.Max, "abs": sympy.Abs}
    return {
        "parse_formula": lambda text: parse_formula(text, ours),
        "sympy parse_expr": lambda text: parse_expr(text, theirs),
        "sympy parse_expr as typed": lambda text: parse_expr(text, theirs, transformations=AS_TYPED),
    }


def renewed(pair: Pair, dice: Random) -> str:
    """The pair's reference in other symbols and numbers."""
    names = dict(zip(pair.variables, dice.sample(NAMES, len(pair.variables)), strict=True))
    text = _WORD.sub(lambda word: names.get(word[0], word[0]), pair.reference)
    return _NUMBER.sub(lambda number: str(dice.randrange(2, 99)), text)


def measure(sizes: Sizes) -> dict[str, Durations]:
    """All three read every formula in turn, as long as there is time."""
    found: dict[str, Durations] = {}
    pairs, ways, dice = read_pairs(sizes.formulas), readers(NAMES), Random(SEED)
    seen: set[str] = set()
    until = time.monotonic() + sizes.seconds
    for number in range(sizes.rounds + 1):
        for pair in pairs:
            for name, read in ways.items():
                text = next((new for _ in range(TRIES) if (new := renewed(pair, dice)) not in seen), None)
                if text is None:
                    continue
                seen.add(text)
                with (
                    found.setdefault(name, Durations()) if number else Durations()
                ).one():  # the first round is not counted
                    read(text)
        if number and time.monotonic() > until:
            break
    return found


def print_found(found: dict[str, Durations]) -> None:
    """The table."""
    ours = found["parse_formula"].median
    rows = [
        [name, str(len(one)), milliseconds(one.median), milliseconds(one.p95), times(one.median / ours)]
        for name, one in found.items()
    ]
    print_table("Reading a formula", ["ms", "n", "median", "p95", "to parse_formula"], rows)


def main() -> None:
    print(f"Machine: {machine()}.")
    print_found(measure(Sizes()))


if __name__ == "__main__":
    main()
