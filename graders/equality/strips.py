"""Strips between parallel edges, too narrow for floats: `exp(x) > 10^20` and `exp(x) < 10^20 + 1` hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from app.domain.language.tree import Binary, Node, free_names
from graders.equality.bounds import range_of, sign_everywhere
from graders.equality.breaks import Breaks
from graders.equality.edges import sign_at
from graders.equality.sampling import WHOLE, At, inside
from graders.evaluation.floats import Float, Formula

HALVINGS = 160
ALIKE = 1e-6
"""Relative; less than that no float can tell."""
LINES = 2
"""Sample points through which a strip is looked for."""
_PLACES = tuple(map(Fraction, (*range(-12, 13, 3), -1000, -300, -100, -30, 30, 100, 300, 1000)))

Strip = tuple[tuple[Node, int], tuple[Node, int]]
"""Two functions, and the signs that they have between their zeros."""


def strips(breaks: Breaks, domains: Mapping[str, str], sample: Sequence[At]) -> Iterator[Strip]:
    """Those between edges, in which no point of the sample lies."""
    edges = [
        (tree, formula)
        for tree, formula in breaks.edges
        if any(domains[name] not in WHOLE for name in free_names(tree) & domains.keys())
    ]
    rows = [[_try(formula, point) for point in sample] for _, formula in edges]
    for (one, (tree, _)), (two, (other, _)) in combinations(enumerate(edges), 2):
        for op, way in (("+", 1), ("-", -1)):
            both = [(a, way * b) for a, b in zip(rows[one], rows[two], strict=True) if a is not None and b is not None]
            if len(both) < 2 or abs(sum(both[0]) - sum(both[1])) > ALIKE * max(map(abs, (*both[0], *both[1]))):
                continue
            low, high, *_ = range_of(Binary(op, tree, other), domains)
            if low == high != 0:
                sign = 1 if low > 0 else -1
                strip = ((tree, sign), (other, way * sign))
                if _is_seen((sign, way * sign), (tree, other), (rows[one], rows[two]), sample):
                    continue
                if not any(sign_everywhere(edge, domains)[0] == -wanted for edge, wanted in strip):
                    yield strip


def _is_seen(
    wanted: tuple[int, int], trees: tuple[Node, Node], rows: tuple[list[float | None], ...], sample: Sequence[At]
) -> bool:
    """Whether some point lies between; of those of which floats say so, the first ones are asked more precisely."""
    near = [
        point
        for point, one, other in zip(sample, *rows, strict=True)
        if one is not None and other is not None and one * wanted[0] >= 0 and other * wanted[1] >= 0
    ]
    return any(
        all(sign_at(tree, point) == sign for tree, sign in zip(trees, wanted, strict=True)) for point in near[:3]
    )


def point_in(strip: Strip, domains: Mapping[str, str], sample: Sequence[At]) -> At | None:
    """A point between both zeros, found by halving where the sign of one function changes along a line."""
    (tree, sign), (other, opposite) = strip
    for base in sample[:LINES]:
        for name in sorted(free_names(tree)):
            domain = domains.get(name, "complex")
            if domain in ("complex", *WHOLE):
                continue
            line = [place for place in sorted(_PLACES) if inside(place, domain)]
            for below, above in pairwise(line):
                ends = [sign_at(tree, At({**base, name: end})) == sign for end in (below, above)]
                if ends[0] == ends[1]:
                    continue
                far, near = (below, above) if ends[1] else (above, below)
                for _ in range(HALVINGS):
                    middle = At({**base, name: (far + near) / 2})
                    if sign_at(tree, middle) != sign:
                        far = (far + near) / 2
                    elif sign_at(other, middle) != opposite:
                        near = (far + near) / 2
                    else:
                        return middle
    return None


def _try(formula: Formula, point: At) -> float | None:
    try:
        value: Float = formula(point.floats)
    except (ArithmeticError, ValueError):
        return None
    return float(value) if isinstance(value, (int, float)) else None
