"""`gradus equal` beside `sympy.simplify(a - b) == 0`, on the same pairs, in turn: how often right, how fast.

`python -m benchmarks.equality`. The pairs (`pairs.tsv`) are what deep-learning exams ask for: activations, losses,
derivatives, parameter counts, likelihoods. Sympy gets the declared domains as assumptions, and three seconds a pair.
"""

from __future__ import annotations

import gc
import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sympy

from benchmarks.timing import Durations, machine, milliseconds, print_table, times
from graders.equality import decide

PAIRS = Path(__file__).with_name("pairs.tsv")
SYMPY_SECONDS = 3.0
BLOCK = 20
"""Pairs that one side judges before it is the other's turn."""
ASSUMPTIONS = {
    "real": {"real": True},
    "positive": {"positive": True},
    "unit": {"positive": True},
    "integer": {"integer": True},
    "complex": {"complex": True},
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    pairs: int = 1000
    seconds: float = 30.0
    rounds: int = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two formulas that both sides can read, the domains of their symbols, and the truth."""

    verdict: str
    reference: str
    answer: str
    variables: dict[str, str]


@dataclass(slots=True)
class Judge:
    """What one of the two said: verdicts beside the truth, and how long it took, the first time and again."""

    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: Durations = field(default_factory=Durations)
    again: Durations = field(default_factory=Durations)
    wrong: list[Pair] = field(default_factory=list)


class TooLong(Exception):
    """The alarm."""


def read_pairs(limit: int) -> list[Pair]:
    """The table, one pair a line: verdict, reference, answer, domains as JSON."""
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines[:limit]]
    return [Pair(verdict, reference, answer, json.loads(domains)) for verdict, reference, answer, domains in rows]


def by_gradus(pair: Pair) -> str:
    """The verdict of `gradus equal`."""
    return decide(pair.reference, pair.answer, pair.variables)["verdict"]


def by_sympy(pair: Pair) -> str:
    """Equal where the difference simplifies to zero, else different; undecided after three seconds."""
    # Our own table, trusted: sympify executes what it is given.
    symbols = {name: sympy.Symbol(name, **ASSUMPTIONS[domain]) for name, domain in pair.variables.items()}
    names = symbols | {"max": sympy.Max, "min": sympy.Min, "abs": sympy.Abs}
    try:
        with _alarm(SYMPY_SECONDS):
            difference = sympy.sympify(pair.reference, names) - sympy.sympify(pair.answer, names)
            return "equal" if sympy.simplify(difference) == 0 else "different"
    except TooLong:
        return "undecided"


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    others = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *others)
        signal.signal(signal.SIGALRM, before)


JUDGES = {"gradus equal": by_gradus, "sympy simplify(a - b)": by_sympy}


def measure(sizes: Sizes) -> dict[str, Judge]:
    """Both judge every pair, in blocks that take turns; then again, as long as there is time."""
    found = {name: Judge() for name in JUDGES}
    pairs, until = read_pairs(sizes.pairs), time.monotonic() + sizes.seconds
    for judge in JUDGES.values():  # what either side loads or builds at its first call
        judge(Pair("equal", "q + q", "2*q", {"q": "real"}))
    for number in range(sizes.rounds):
        for begin in range(0, len(pairs), BLOCK):
            for name, judge in JUDGES.items():
                one = found[name]
                gc.collect()  # what the other side left behind
                for pair in pairs[begin : begin + BLOCK]:
                    durations = one.again if number else one.first
                    with durations.one():
                        verdict = judge(pair)
                    if number == 0:
                        one.said[pair.verdict, verdict] += 1
                        if verdict != pair.verdict:
                            one.wrong.append(pair)
            if number and time.monotonic() > until:
                return found
    return found


def print_found(found: dict[str, Judge]) -> None:
    """The tables."""
    said = [[name, *(str(one.said[pair]) for pair in VERDICTS)] for name, one in found.items()]
    header = ["pairs", *(f"{truth} → {verdict}" for truth, verdict in VERDICTS)]
    print_table("Verdicts (truth → verdict)", header, said)
    ours = found["gradus equal"].first.median
    rows = [
        [
            name,
            *(
                milliseconds(value)
                for value in (one.first.median, one.first.p95, one.first.p99, max(one.first.seconds))
            ),
            milliseconds(one.again.median) if len(one.again) else "",
            times(one.first.median / ours),
        ]
        for name, one in found.items()
    ]
    print_table("Time", ["ms", "median", "p95", "p99", "longest", "median again", "to gradus"], rows)
    for name, one in found.items():
        for pair in one.wrong[:20]:
            print(f"{name} did not find {pair.verdict}: {pair.reference}  |  {pair.answer}")


VERDICTS = (
    ("equal", "equal"),
    ("equal", "undecided"),
    ("equal", "different"),
    ("different", "different"),
    ("different", "undecided"),
    ("different", "equal"),
)


def main() -> None:
    print(f"Machine: {machine()}.")
    print_found(measure(Sizes()))


if __name__ == "__main__":
    main()
