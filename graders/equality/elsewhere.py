"""Places that no sample meets: beside the steps of rounded formulas, far out, and off the grid of decimals.

`floor(n/128)` and `floor((n + 1)/128)` agree at nearly all whole numbers, `floor(x)` and `floor(x + 10^-9)` at nearly
all others, and sin(50000πx) is 0 at every x with few decimals. So formulas that agree at a sample are compared once
more: on both sides of the steps next to some points, where all whole numbers are larger than those of the sample, where
no coordinate of a periodic formula has few decimals, beside edges that are too many for lines to follow, and where
something divides by a function that is zero on a whole stretch. Only certain differences count.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Choice, Compare, Node, Number, distinct, free_names
from graders.equality.breaks import MOST_EDGES
from graders.equality.edges import edges_in
from graders.equality.pointwise import compare
from graders.equality.sampled import JUMPS, Pair, with_few_terms
from graders.equality.sampling import NICE, WHOLE, At, Coordinate, inside, points
from graders.equality.steps import belongs, beside, beside_steps, line
from graders.equality.substitution import number, substitute
from graders.equality.wording import difference
from graders.evaluation.floats import NotAFormula, compile_real

ROUNDED = frozenset(["floor", "ceil"])
MOST_ROUNDED = 6
"""Rounded formulas whose steps are looked for."""
BASES = (0, 4, 5)
"""Sample points beside which steps are looked for, in the direction of every symbol."""
TERMS = (1, 2)
"""Of sums in whose terms something is rounded."""
MOST_PLACES = 48
LONGEST = 6_000
"""Nodes that are evaluated for one pair: places times size."""
FAR = (67, 1009)
FAR_FEW = 13
"""Of symbols at the ends of sums."""
MOST_NUMBERS = 6
"""Whole numbers in formulas that are tried for symbols in rounded ones."""
PERIODIC = frozenset(["sin", "cos", "tan", "sec", "csc", "cot", *ROUNDED])
OFF_THE_GRID = Fraction(7919, 7927)
FAR_UP = (Fraction(83, 10), Fraction(-257, 10), Fraction(1319, 10))
"""Imaginary parts."""
GAP = "Only one of them has a value; the other divides by zero."


def difference_elsewhere(pair: Pair, variables: Mapping[str, str]) -> str:
    """Why two formulas that agree at a sample differ at other places; empty where no difference is found."""
    used = {name: domain for name, domain in variables.items() if name in pair.names}
    real = "complex" not in variables.values() and ("i" in variables or "i" not in pair.names)
    if not used or not (pair.calls or pair.compared or _has_powers(pair)):
        return ""
    breaking = bool(pair.compared) or not JUMPS.isdisjoint(pair.words)
    if real and not breaking and PERIODIC.isdisjoint(pair.words) and WHOLE.isdisjoint(used.values()):
        return ""
    left = min(MOST_PLACES, LONGEST // max(1, pair.size))
    try:
        for point in _places(pair, with_few_terms(used, pair.calls)) if real else _complex_places(used):
            left -= 1
            if left < 0:
                break
            outcome = compare(pair.reference, pair.answer, point, real)
            if outcome.kind == "different":
                return difference(point, outcome)
        return GAP if real and breaking and "/" in pair.words and _divides_by_nothing(pair, used) else ""
    except NotAFormula:
        return ""


def _has_powers(pair: Pair) -> bool:
    """Whether there is a power with a symbol in its exponent."""
    return "**" in pair.words and any(
        isinstance(node, Binary) and node.op == "**" and free_names(node.right) for node in pair.nodes
    )


def _places(pair: Pair, used: Mapping[str, str]) -> Iterator[At]:
    sample = points(used)
    whole = [name for name in sorted(used) if used[name] in WHOLE]
    few = [name for name in whole if used[name] == "few"]
    if few:
        yield At({**sample[4], **{name: Fraction(FAR_FEW + 7 * order) for order, name in enumerate(few)}})
    for count, base in enumerate((sample[4], sample[5]) if len(whole) > len(few) else ()):
        far = {name: _far(used[name], order, count) for order, name in enumerate(whole) if name not in few}
        yield At({**base, **far})
    if not PERIODIC.isdisjoint(pair.words) and len(whole) < len(used):
        yield _off_the_grid(used)
    rounded = _rounded(pair, used) if not ROUNDED.isdisjoint(pair.words) else []
    for place in BASES:
        for inner in rounded:
            for name in sorted(free_names(inner) & used.keys()):
                yield from beside_steps(inner, name, sample[place], used[name])
    if rounded:
        numbers = sorted({node.value for node in pair.nodes if isinstance(node, Number)})
        for name in sorted(frozenset[str]().union(*map(free_names, rounded)).intersection(whole)):
            near = [value for value in numbers if value.denominator == 1 and belongs(value, used[name])]
            yield from (At({**sample[4], name: value}) for value in near[:MOST_NUMBERS])
    yield from _beside_edges(pair, used, sample[4])


def _far(domain: str, order: int, count: int) -> Fraction:
    size = FAR[count] + 7 * order
    return Fraction(-size if domain == "integer" and (order + count) % 2 else size)


def _off_the_grid(used: Mapping[str, str]) -> At:
    """A point whose coordinates have many decimals."""

    def moved(value: Coordinate) -> Coordinate:
        return value * OFF_THE_GRID if isinstance(value, Fraction) else (value[0] * OFF_THE_GRID, value[1])

    return At({name: at if used[name] in WHOLE else moved(at) for name, at in points(used)[6].items()})


def _complex_places(used: Mapping[str, str]) -> Iterator[At]:
    """Points of complex symbols, some of them beyond the strip in which a logarithm undoes exp."""
    base = _off_the_grid(used)
    yield base
    for height in FAR_UP if "complex" in used.values() else ():
        yield At({name: (at[0], height) if isinstance(at, tuple) else at for name, at in base.items()})


def _rounded(pair: Pair, used: Container[str]) -> list[Node]:
    """What is rounded; inside a sum, in some of its terms."""
    found: dict[int, Node] = {
        id(call): call.args[0] for call in pair.calls if call.function in ROUNDED and len(call.args) == 1
    }
    terms: list[Node] = []
    for inner in found.values():
        bound = [name for name in free_names(inner) if name not in used and name not in ("e", "pi")]
        if bound:
            terms += [substitute(inner, dict.fromkeys(bound, number(Fraction(term)))) for term in TERMS]
        else:
            terms.append(inner)
    return terms[:MOST_ROUNDED]


def _beside_edges(pair: Pair, used: Mapping[str, str], base: At) -> Iterator[At]:
    """Points on both sides of all edges, where these are too many for lines to follow."""
    edges = list(edges_in([*pair.compared, *pair.calls]))
    if len(edges) <= MOST_EDGES:
        return
    for edge in edges:
        for name in sorted(free_names(edge)):
            parts = line(edge, name, base) if used.get(name, "few") not in WHOLE else None
            if parts is not None:
                places = beside(-parts[1] / parts[0])
                yield from (At({**base, name: place}) for place in places if inside(place, used[name]))


def _divides_by_nothing(pair: Pair, used: Mapping[str, str]) -> bool:
    """Whether only one formula has values at several points of a stretch on which something divides by zero."""
    below = [node.right for node in pair.nodes if isinstance(node, Binary) and node.op == "/"]
    kinked = [node for node in below if any(map(_is_kinked, distinct(node))) and free_names(node) <= used.keys()]
    gaps = 0
    for formula in map(compile_real, kinked):
        for point in points(used)[NICE:]:
            try:
                is_zero = formula(point.floats) == 0
            except (ArithmeticError, ValueError):
                continue
            # A pole at a whole number is no stretch.
            if is_zero and all(isinstance(value, Fraction) and value.denominator > 1 for value in point.values()):
                gaps += compare(pair.reference, pair.answer, point, real=True).kind == "gap"
                if gaps == 2:
                    return True
    return False


def _is_kinked(node: Node) -> bool:
    return isinstance(node, (Compare, Choice)) or (isinstance(node, Call) and node.function in JUMPS)
