"""How often `equal` misses a rewritten formula or accepts a changed one, on many random ones.

`python -m benchmarks.rewrites [COUNT] [SEED]`: COUNT rewrites and COUNT mutants (10,000), each pair also judged by an
oracle of its own. A rewrite counts as missed when the verdict is not *equal*, a mutant as accepted when it is.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.language import to_source
from app.domain.language.tree import Node, Number, walk
from benchmarks.oracle import differ
from benchmarks.rewriting import DOMAINS, Maker, size
from benchmarks.rules import EDGES, MUTATIONS, RULES
from graders.equality.expressions import Verdict, equal

LARGEST = 120
"""Nodes of a formula; larger ones are made again."""


@dataclass(frozen=True, slots=True)
class Case:
    """A formula, another one, and whether the oracle sees a difference."""

    reference: Node
    answer: Node
    differs: bool


@dataclass(slots=True)
class Found:
    """Counts of verdicts, and the cases that went wrong."""

    rewrites: Counter[str] = field(default_factory=Counter)
    mutants: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Case, Verdict]] = field(default_factory=list)
    slowest: float = 0.0


def cases(count: int, seed: int, mutants: bool) -> Iterator[Case]:
    """Rewrites, on which the oracle agrees that they are the same; or mutants, on which it sees a difference."""
    place = made = 0
    while made < count:
        place += 1
        make = Maker(seed * 1_000_003 + place * 2 + mutants)
        reference = make.real(make.random.randrange(2, 5))
        answer = make.rewritten(reference, make.random.randrange(1, 5), RULES)
        if mutants:
            answer = make.mutated(answer, MUTATIONS)
        if max(size(reference), size(answer)) > LARGEST or size(reference) < 3:
            continue
        edges = [node.value for node in walk(answer) if isinstance(node, Number) and node.value in EDGES]
        found = differ(reference, answer, place, edges if mutants else ())
        if found is None or found != mutants:
            assert mutants or found is None, f"a rule is wrong: {to_source(reference)} | {to_source(answer)}"
            continue
        made += 1
        yield Case(reference, answer, mutants)


def measure(count: int, seed: int) -> Found:
    """The verdicts on so many rewrites and so many mutants."""
    found = Found()
    for mutants in (False, True):
        for case in cases(count, seed, mutants):
            begin = time.perf_counter()
            verdict = equal(case.reference, case.answer, DOMAINS)
            found.slowest = max(found.slowest, time.perf_counter() - begin)
            (found.mutants if mutants else found.rewrites)[verdict.verdict] += 1
            if (verdict.verdict == "equal") == mutants:
                found.wrong.append((case, verdict))
    return found


def main() -> None:
    count, seed = (int(text) for text in (*sys.argv[1:3], *("10000", "1")[len(sys.argv) - 1 :]))
    found = measure(count, seed)
    print(f"rewrites: {dict(found.rewrites)}, mutants: {dict(found.mutants)}, slowest {found.slowest * 1000:.0f} ms")
    for case, verdict in found.wrong[:40]:
        kind = "accepted" if case.differs else "missed"
        print(
            f"{kind}: {to_source(case.reference)}  |  {to_source(case.answer)}  |  {verdict.verdict}: {verdict.reason}"
        )


if __name__ == "__main__":
    main()
