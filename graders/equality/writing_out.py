"""Compares formulas of vectors and matrices entry by entry, for the smallest sizes, as formulas of single numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice, product

from app.domain.language.tree import Call, Name, Node, Number, children, distinct
from app.domain.symbols import Symbol
from graders.equality.entries import Written
from graders.equality.entry_functions import Entries, NotWrittenOut, zero_spread
from graders.equality.expressions import Verdict, equal
from graders.equality.objectives import same_up_to
from graders.equality.substitution import BINDERS
from graders.equality.tensor_wording import sized

MOST_INDICES = 4
"""Values of the free indices that are tried."""
_TRIVIAL_ALONE = frozenset(["softmax", "max", "min", "cumsum", "reverse", "trace", "det", "mean"])
"""Functions that leave a single number as it is, or make 1 of it."""

Turned = Callable[[Entries, Entries], Entries]


def by_entries(
    trees: Sequence[Node],
    symbols: Mapping[str, Symbol],
    sizes: Collection[str],
    turned: Turned,
    up_to: Collection[str] = (),
    *,
    thorough: bool,
) -> Verdict | None:
    """What the entries say: different where one is; equal where all are for some sizes; None where nothing is known.

    `sizes` are the names of sizes; `turned` lays the second of the two trees out as the first one is; up to a factor or
    something added, what holds for the whole holds for each entry; `thorough` asks for sizes of several entries too.
    """
    wanted = [1, 2] if thorough else _smallest(trees, sizes)
    found: Verdict | None = None
    for size in (1, 2):
        if size in wanted or found is None:
            found = _for_size(trees, symbols, dict.fromkeys(sizes, size), turned, up_to)
        if found is not None and found.verdict == "different":
            return found
    return found


def _for_size(
    trees: Sequence[Node],
    symbols: Mapping[str, Symbol],
    sizes: Mapping[str, int],
    turned: Turned,
    up_to: Collection[str],
) -> Verdict | None:
    """Different or equal for these sizes, for all values of free indices; None where nothing is known."""
    known = True
    for indices in islice(_indices(trees, symbols, sizes), MOST_INDICES):
        try:
            found = _compared(trees, Written(symbols, sizes, indices), turned, up_to)
        except NotWrittenOut:
            return None
        if found is not None and found.verdict == "different":
            return Verdict("different", sized({**sizes, **indices}, found.reason))
        known = known and found is not None and found.verdict == "equal"
    return Verdict("equal", "Both agree entry by entry.") if known else None


def _smallest(trees: Sequence[Node], sizes: Collection[str]) -> list[int]:
    """1 where no size is too small for anything, and 2 where a single entry would say little."""
    if any(_is_counted_with(tree, sizes) for tree in trees):
        return [2]
    little = any(
        isinstance(node, Call) and node.function in _TRIVIAL_ALONE and len(node.args) == 1 for node in distinct(*trees)
    )
    return [1, 2] if little else [1]


def _is_counted_with(tree: Node, sizes: Collection[str]) -> bool:
    """Whether sizes occur otherwise than as the end of a sum from 1."""
    match tree:
        case Name(id=name):
            return name in sizes
        case Call(function=function, args=(body, _, Number(value=one), Name())) if function in BINDERS and one == 1:
            return _is_counted_with(body, sizes)
        case Call(function=function, args=(_, _, _, _)) if function in BINDERS:
            return True
        case _:
            return any(_is_counted_with(part, sizes) for part in children(tree))


def _indices(
    trees: Sequence[Node], symbols: Mapping[str, Symbol], sizes: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    used = {node.id for node in distinct(*trees) if isinstance(node, Name)}
    free = {
        name: int(one.sizes[0]) if one.sizes[0].isdigit() else sizes.get(one.sizes[0], 1)
        for name, one in symbols.items()
        if one.kind == "index" and name in used
    }
    for values in product(*(range(1, last + 1) for last in free.values())):
        yield dict(zip(free, values, strict=True))


def _compared(trees: Sequence[Node], written: Written, turned: Turned, up_to: Collection[str]) -> Verdict | None:
    reference = written.entries(trees[0])
    reference, answer = zero_spread(reference, turned(reference, written.entries(trees[1])))
    if (len(reference), len(reference[0])) != (len(answer), len(answer[0])):
        return None
    rows, columns = len(reference), len(reference[0])
    verdict: Verdict | None = None
    for row, column in dict.fromkeys([(0, 0), (0, columns - 1), (rows - 1, columns - 1)]):
        pair = reference[row][column], answer[row][column]
        free = [written.spelled_out(one) for one in up_to]
        verdict = same_up_to(*pair, written.variables, free) if up_to else equal(*pair, written.variables)
        if verdict.verdict != "equal":
            return verdict
    return verdict
