"""How far formulas may be saturated: a tanh that is 1 but for its fiftieth digit agrees with others that are not it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from app.domain.language.tree import Binary, Call, Node, Number
from graders.equality.sampling import At
from graders.evaluation.floats import Formula, compile_real
from graders.evaluation.precise import BITS

STEEP = frozenset(["exp", "sigmoid", "tanh", "sinh", "cosh", "erf", "softplus"])
FIRST = 40.0
"""With steeper exponents the usual precision no longer shows what is added beside them."""
MOST = 800.0
"""And beyond these no precision does that is affordable."""
BITS_PER_UNIT = 3.0
"""exp(-2x) is 2^(-2.9x)."""
MOST_COSTLY = 4
"""Points at which so much precision is used."""
NO_SIGN = 9
"""Of an edge that has no value."""
MOST_AT_A_POINT = 2200.0
"""Steeper exponents at a point beyond a threshold are not resolved; nobody can say what they hide."""


class Resolution:
    """Decides how many bits show what steep functions would hide beyond a threshold: tanh(30) is 1 but for them.

    `signs` tell the pieces apart. Raises NotAFormula when an exponent is no formula of single numbers.
    """

    def __init__(self, nodes: Sequence[Node], signs: Callable[[At], tuple[int, ...]]) -> None:
        self._signs = signs
        self._seen: dict[tuple[int, ...], At | None] = {}
        self._costly = MOST_COSTLY
        self._exponents: list[Formula] = []
        for node in nodes:
            if isinstance(node, Call) and node.function in STEEP and len(node.args) == 1:
                inner = node.args[0]
                self._exponents.append(compile_real(Binary("*", inner, inner) if node.function == "erf" else inner))
            elif isinstance(node, Binary) and node.op == "**" and not isinstance(node.right, Number):
                self._exponents.append(compile_real(Binary("*", node.right, Call("log", (node.left,)))))

    @property
    def unresolved(self) -> list[At]:
        """A point of every piece in which no precision that was used would have shown a difference."""
        return [point for point in self._seen.values() if point is not None]

    def bits(self, point: At, *, cheaply: bool) -> int:
        """The bits for this point; 0 where the usual ones do, or where none that are affordable do."""
        steepest = self._steepest(point)
        if not FIRST / 2 < steepest <= (MOST if cheaply else MOST_AT_A_POINT):
            return 0
        if steepest > MOST:
            self._costly -= 1
            if self._costly < 0:
                return 0
        return BITS + int(BITS_PER_UNIT * steepest)

    def agreed(self, point: At, bits: int, absorbed: float) -> None:
        """Notes that both formulas agreed there with so many bits; terms smaller by `absorbed` bits did not show."""
        piece = self._signs(point)
        # Where floats make 0 of an edge, or nothing, it is not known in which piece the point lies.
        if (self._exponents or absorbed) and NO_SIGN not in piece and 0 not in piece:
            shown = not absorbed and (bits > 0 or self._steepest(point) <= FIRST / 2)
            if shown or piece not in self._seen:
                self._seen[piece] = None if shown else point

    def _steepest(self, point: At) -> float:
        return max((_magnitude(exponent, point) for exponent in self._exponents), default=0.0)


def _magnitude(formula: Formula, point: At) -> float:
    try:
        found = abs(formula(point.floats))
    except OverflowError:
        return math.inf
    except (ArithmeticError, ValueError):
        return 0.0
    return found
