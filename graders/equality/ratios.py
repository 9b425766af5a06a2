"""A quick look at the ratio of two formulas: rules out that one is a multiple of the other, never proves it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.domain.language.tree import Node, free_names
from app.domain.symbols import Symbol
from graders.equality.formulas import domains_of
from graders.equality.sampling import points
from graders.evaluation.floats import NotAFormula, compile_real

LOOKS = 6
NEAR = 1e-6


def may_be_multiple(reference: Node, answer: Node, symbols: Mapping[str, Symbol]) -> bool:
    """Whether the answer may be a number times the reference; True where floats cannot tell, as for matrices."""
    names = free_names(reference) | free_names(answer)
    domains = {name: domain for name, domain in domains_of(symbols).items() if name in names}
    try:
        one, other = compile_real(reference), compile_real(answer)
        found: list[float] = []
        for point in points(domains)[:LOOKS]:
            try:
                ratio = complex(other(point.floats) / one(point.floats))
            except (ArithmeticError, ValueError):
                continue
            found.append(ratio.real)
    except NotAFormula:
        return True
    return all(math.isclose(ratio, found[0], rel_tol=NEAR) for ratio in found)
