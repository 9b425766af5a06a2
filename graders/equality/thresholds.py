"""The numbers at which formulas may change: those that are written, and those that are calculated (`1/10**12`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Compare, Name, Node, Number, Unary, children, free_names
from graders.evaluation.floats import NotAFormula, compile_real

LARGEST = 1e290
FINE = 1e-5
LETTERS = frozenset(["e", "pi"])
"""Names that are numbers unless they are symbols."""


def constants_in(trees: Iterable[Node], symbols: Iterable[str]) -> set[float]:
    """The sizes of all numbers in formulas; of calculated ones only the results."""
    found: set[float] = set()
    fixed: dict[int, bool] = {}
    letters = LETTERS - set(symbols)

    def is_fixed(node: Node) -> bool:
        known = fixed.get(id(node))
        if known is None:
            known = fixed[id(node)] = look(node)
        return known

    def look(node: Node) -> bool:
        if isinstance(node, (Name, Number)):
            return isinstance(node, Number) or node.id in letters
        parts = list(children(node))
        numbers = [part for part in parts if is_fixed(part)]
        if len(numbers) == len(parts) and isinstance(node, (Binary, Unary, Call)):
            return True
        for part in numbers:
            _add(part, found)
        return False

    for tree in trees:
        if is_fixed(tree):
            _add(tree, found)
    return found


def _add(part: Node, found: set[float]) -> None:
    try:
        if isinstance(part, Number):
            value: float | complex = float(part.value)
        else:
            value = compile_real(part)({})
    except (ArithmeticError, ValueError, NotAFormula):
        return
    if not isinstance(value, complex) and 0 < abs(value) < LARGEST:
        found.add(abs(float(value)))


def conditions_in(nodes: Iterable[Node]) -> Iterator[tuple[Node, ...]]:
    """What is compared: sides of comparisons, arguments of max and min, insides of kinks and what is rounded."""
    for part in nodes:
        match part:
            case Compare(first=first, rest=rest):
                yield first, *(item for _, item in rest)
            case Call(function="max" | "min", args=args) if len(args) > 1:
                yield args
            case Call(function="relu" | "abs" | "sign" | "floor" | "ceil", args=(inner,)):
                yield (inner,)


def only_counts(sides: Iterable[Node], counting: Collection[str]) -> bool:
    """Whether indices and sizes alone decide a condition: other symbols can be chosen so that it fails or holds."""
    names = frozenset[str]().union(*map(free_names, sides)) - LETTERS
    return bool(names) and names.issubset(counting)


def above(value: float) -> Fraction:
    """The next whole number."""
    return Fraction(int(value) + 1)


def has_fine_numbers(trees: Iterable[Node]) -> bool:
    """Whether there are numbers that may make less of a difference than rounding does, such as 10⁻¹² or 1.00000001."""
    return any(size < FINE or abs(size * 1e6 - round(size * 1e6)) > FINE for size in constants_in(trees, ()))
