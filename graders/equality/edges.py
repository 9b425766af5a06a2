"""The functions whose zeros are where piecewise formulas may break: their edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from app.domain.language.tree import Binary, Call, Compare, Node, free_names
from graders.equality.sampling import At
from graders.equality.substitution import number, substitute
from graders.equality.thresholds import LETTERS
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely

TERMS = (1, 4)
"""Of sums whose terms have pieces."""


def edges_in(nodes: Iterable[Node]) -> Iterator[Node]:
    """Functions whose zeros are where formulas with these nodes may break."""
    for part in nodes:
        match part:
            case Compare(first=first, rest=rest):
                items = [first, *(item for _, item in rest)]
                yield from (Binary("-", one, other) for one, other in pairwise(items))
            case Call(function="abs" | "sign" | "relu", args=(inner,)):
                yield inner
            case Call(function="max" | "min", args=args):
                for place, one in enumerate(args):
                    yield from (Binary("-", one, other) for other in args[place + 1 :])


def in_terms(edge: Node, variables: Mapping[str, str]) -> list[Node]:
    """The edge itself; inside a sum, that of some terms."""
    bound = free_names(edge) - variables.keys() - LETTERS
    if not bound:
        return [edge]
    return [substitute(edge, dict.fromkeys(bound, number(Fraction(term)))) for term in TERMS]


def sign_at(tree: Node, point: At) -> int | None:
    """The certain sign of a function at a point; None where there is none."""
    field = Real(BITS)
    try:
        value = evaluate_precisely(tree, point, field)
        return (value > 0) - (value < 0) if isinstance(value, Fraction) else field.sign(value)
    except (NoValue, NotAFormula):
        return None
