"""Sums of squares: x² + xy + y² is never negative, nor is 1 + 2 sin(x) cos(x).

A formula is multiplied out as a polynomial of its symbols and functions. Where it is a quadratic form of monomials
(1, x, y², …) whose matrix has no negative eigenvalue, it is a sum of squares; exact elimination decides that.
"""

from __future__ import annotations

from fractions import Fraction

from app.domain.language.tree import Binary, Call, Node, Number, Unary
from graders.equality.modular import NotRational, exponent_of
from graders.equality.substitution import same_tree

MOST_TERMS = 40
MOST_ATOMS = 8
HIGHEST_POWER = 8
MOST_BITS = 1000
"""Of a coefficient."""

Monomial = tuple[tuple[int, int], ...]
"""The number of a symbol or function, and its power, in order; 1 is empty."""

Polynomial = dict[Monomial, Fraction]

_ONE: Monomial = ()


def sign_as_squares(node: Node) -> tuple[int, bool]:
    """The sign of a sum of squares, or of its negative, and whether it is never zero; (0, False) where it is none."""
    expansion = _Expansion()
    try:
        whole = expansion.of(node)
    except NotRational:
        return 0, False
    for sign in (1, -1):
        form = {monomial: sign * factor for monomial, factor in whole.items()}
        for one in (form, *expansion.with_circles(form)):
            least = _least(one)
            if least is not None:
                return sign, least > 0
    return 0, False


class _Expansion:
    """Multiplies out; whatever is no sum, product or whole power counts as a symbol."""

    def __init__(self) -> None:
        self._atoms: list[Node] = []

    def of(self, node: Node) -> Polynomial:
        """Raises NotRational where that becomes too long."""
        match node:
            case Number(value=value):
                return _checked({_ONE: value})
            case Unary(op="-" | "+" as op, operand=operand):
                return _scaled(self.of(operand), Fraction(-1 if op == "-" else 1))
            case Binary(op="+" | "-" as op, left=left, right=right):
                return _sum(self.of(left), _scaled(self.of(right), Fraction(-1 if op == "-" else 1)))
            case Binary(op="*", left=left, right=right):
                return _product(self.of(left), self.of(right))
            case Binary(op="/", left=left, right=Number(value=value)) if value:
                return _scaled(self.of(left), 1 / value)
            case Binary(op="**", left=left, right=Number(value=value)) if value in range(1, HIGHEST_POWER + 1):
                base = found = self.of(left)
                for _ in range(exponent_of(node.right) - 1):
                    found = _product(found, base)
                return found
            case _:
                return {((self._number(node), 1),): Fraction(1)}

    def _number(self, node: Node) -> int:
        for place, atom in enumerate(self._atoms):
            if same_tree(atom, node):
                return place
        if len(self._atoms) == MOST_ATOMS:
            raise NotRational
        self._atoms.append(node)
        return len(self._atoms) - 1

    def with_circles(self, form: Polynomial) -> list[Polynomial]:
        """The same with sin² + cos² of an angle in the place of 1, for each angle."""
        found: list[Polynomial] = []
        for sine, one in enumerate(self._atoms):
            for cosine, other in enumerate(self._atoms):
                match one, other:
                    case Call(function="sin", args=(angle,)), Call(function="cos", args=(same,)):
                        if same_tree(angle, same) and _ONE in form:
                            circle: Polynomial = {((sine, 2),): form[_ONE], ((cosine, 2),): form[_ONE]}
                            found.append(_sum({**form, _ONE: Fraction(0)}, circle))
        return found


def _least(form: Polynomial) -> Fraction | None:
    """A number that a sum of squares is never below; None where it is no such sum."""
    basis = [_root(monomial) for monomial, factor in form.items() if factor > 0 and monomial and _is_even(monomial)]
    basis.append(_ONE)  # the last, so that what is left of it is what no square needs
    size = len(basis)
    matrix = [[Fraction(0)] * size for _ in range(size)]
    left = dict(form)
    for row, root in enumerate(basis):
        matrix[row][row] = left.pop(_times(root, root), Fraction(0))
    for row in range(size):
        for column in range(row):
            factor = left.pop(_times(basis[row], basis[column]), None)
            if factor is not None:
                matrix[row][column] = matrix[column][row] = factor / 2
    return None if left else _eliminated(matrix)


def _eliminated(matrix: list[list[Fraction]]) -> Fraction | None:
    """The last pivot of a symmetric matrix; None where some eigenvalue is negative."""
    size = len(matrix)
    for place, row in enumerate(matrix):
        pivot = row[place]
        if pivot < 0 or (pivot == 0 and any(row[place + 1 :])):
            return None
        if pivot:
            for below in range(place + 1, size):
                factor = matrix[below][place] / pivot
                if factor:
                    for column in range(place, size):
                        matrix[below][column] -= factor * row[column]
    return matrix[-1][-1]


def _is_even(monomial: Monomial) -> bool:
    return all(power % 2 == 0 for _, power in monomial)


def _root(monomial: Monomial) -> Monomial:
    return tuple((atom, power // 2) for atom, power in monomial)


def _times(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for atom, power in other:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


def _scaled(form: Polynomial, by: Fraction) -> Polynomial:
    return _checked({monomial: by * factor for monomial, factor in form.items()})


def _sum(one: Polynomial, other: Polynomial) -> Polynomial:
    found = dict(one)
    for monomial, factor in other.items():
        found[monomial] = found.get(monomial, Fraction(0)) + factor
    return _checked(found)


def _product(one: Polynomial, other: Polynomial) -> Polynomial:
    found: Polynomial = {}
    for left, factor in one.items():
        for right, by in other.items():
            monomial = _times(left, right)
            found[monomial] = found.get(monomial, Fraction(0)) + factor * by
    return _checked(found)


def _checked(form: Polynomial) -> Polynomial:
    found = {monomial: factor for monomial, factor in form.items() if factor}
    bits = max((abs(factor.numerator) | factor.denominator for factor in found.values()), default=0).bit_length()
    if len(found) > MOST_TERMS or bits > MOST_BITS:
        raise NotRational
    return found
