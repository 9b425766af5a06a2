"""Which sizes formulas of vectors and matrices ask for: those in which an index or a size is compared with a number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.language.tree import Call, Name, Node, distinct, free_names
from app.domain.symbols import Symbol
from graders.equality.substitution import BINDERS
from graders.equality.thresholds import above, conditions_in, constants_in, only_counts

LONGEST = 260
MOST_LIMITS = 3
LARGER = 14
"""A size beyond those of the assignments, for formulas that mention it; two sizes are never the same."""

Lengths = tuple[tuple[str, int], ...]
"""Sizes by name that are not those of the assignment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Sizes on both sides of every number; `beyond` where one is larger than any size that is tried.

    larger: of sizes that formulas mention by name, in a product of (d - 1), (d - 2), … for example.
    """

    lengths: tuple[Lengths, ...]
    beyond: bool
    larger: Lengths = ()


def lengths_asked(trees: Sequence[Node], symbols: Mapping[str, Symbol], sizes: Collection[str]) -> Asked:
    """What the conditions in formulas ask for; nothing where no index and no size is compared with a number."""
    nodes = [*distinct(*trees)]
    indices = {name for name, one in symbols.items() if one.kind == "index"}
    for node in nodes:
        if isinstance(node, Call) and node.function in BINDERS and len(node.args) > 1:
            indices |= {node.args[1].id} if isinstance(node.args[1], Name) else set()
    counting = indices | set(sizes)
    asking = [sides for sides in conditions_in(nodes) if only_counts(sides, counting)]
    limits = sorted({int(above(size)) for sides in asking for size in constants_in(sides, symbols) if size >= 2})
    reached = [limit for limit in limits if limit <= LONGEST]
    chosen = reached if len(reached) <= MOST_LIMITS else [*reached[: MOST_LIMITS - 1], reached[-1]]
    compared = {name for sides in asking for one in sides for name in free_names(one)}
    found = [((name, limit + 1),) for name in sorted(sizes) for limit in chosen]
    for name in sorted(compared.intersection(sizes)):
        found += [((name, length),) for length in (1, *(limit - 1 for limit in chosen))]
    mentioned = sorted(frozenset[str]().union(*map(free_names, trees)).intersection(sizes))
    larger = () if found else tuple((name, LARGER + order) for order, name in enumerate(mentioned))
    return Asked(tuple(found), limits != reached, larger)
