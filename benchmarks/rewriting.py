"""Random formulas, and how one is rewritten or changed at random places by rules (`rules`).

Formulas are trees over x (real), y (positive), p (between 0 and 1) and n (natural), with values almost everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Name,
    Node,
    Number,
    Unary,
    children,
    walk,
)

Rule = Callable[["Maker", Node], Node | None]
DOMAINS = {"x": "real", "y": "positive", "p": "unit", "n": "natural"}


def num(value: int | Fraction) -> Node:
    """A number."""
    return Number(Fraction(value), str(value))


def plus(a: Node, b: Node) -> Node:
    """a + b."""
    return Binary("+", a, b)


def minus(a: Node, b: Node) -> Node:
    """a − b."""
    return Binary("-", a, b)


def times(a: Node, b: Node) -> Node:
    """a · b."""
    return Binary("*", a, b)


def over(a: Node, b: Node) -> Node:
    """a / b."""
    return Binary("/", a, b)


def power(a: Node, n: int) -> Node:
    """a to a whole power."""
    return Binary("**", a, num(n))


def fn(name: str, *args: Node) -> Node:
    """A function's value."""
    return Call(name, args)


def neg(a: Node) -> Node:
    """−a."""
    return Unary("-", a)


def positive(a: Node) -> Node:
    """The condition a > 0."""
    return Compare(a, ((">", num(0)),))


class Maker:
    """Makes formulas from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def real(self, depth: int) -> Node:
        """A formula with a value everywhere."""
        dice = self.random
        if depth <= 0 or dice.random() < 0.12:
            return self.leaf()
        a, b = self.real(depth - 1), self.real(depth - 2)
        match dice.randrange(14):
            case 0 | 1:
                return plus(a, b)
            case 2:
                return minus(a, b)
            case 3 | 4:
                return times(a, b)
            case 5:
                return over(a, self.above(depth - 1))
            case 6:
                return fn("log", self.above(depth - 1))
            case 7:
                return fn(dice.choice(["sin", "cos", "tanh", "sigmoid", "softplus"]), a)
            case 8:
                return fn(dice.choice(["relu", "abs"]), a)
            case 9:
                return fn(dice.choice(["max", "min"]), a, b)
            case 10:
                return power(a, dice.choice([2, 3]))
            case 11:
                return Choice(positive(b), a, self.real(depth - 2))
            case 12:
                return times(a, fn("indicator", positive(b)))
            case _:
                return self.above(depth)

    def above(self, depth: int) -> Node:
        """A formula above zero everywhere."""
        dice = self.random
        if depth <= 0 or dice.random() < 0.15:
            return dice.choice(
                [Name("y"), Name("p"), num(dice.randrange(1, 9)), num(Fraction(dice.randrange(1, 9), 4))]
            )
        match dice.randrange(8):
            case 0:
                return fn("exp", self.small(depth - 1))
            case 1:
                return fn("sigmoid", self.real(depth - 1))
            case 2:
                return plus(self.above(depth - 1), self.above(depth - 2))
            case 3:
                return times(self.above(depth - 1), self.above(depth - 2))
            case 4:
                return over(self.above(depth - 1), self.above(depth - 2))
            case 5:
                return fn("sqrt", self.above(depth - 1))
            case 6:
                return plus(num(1), power(self.real(depth - 2), 2))
            case _:
                return minus(num(1), Name("p"))

    def small(self, depth: int) -> Node:
        """What may stand in an exponent without ending all numbers."""
        dice = self.random
        if depth <= 0:
            return self.leaf()
        match dice.randrange(4):
            case 0:
                return neg(self.leaf())
            case 1:
                return fn(dice.choice(["sin", "tanh", "sigmoid"]), self.real(depth - 1))
            case 2:
                return plus(self.leaf(), self.leaf())
            case _:
                return times(self.leaf(), self.leaf())

    def leaf(self) -> Node:
        """A symbol or a number."""
        dice = self.random
        if dice.random() < 0.7:
            return Name(dice.choice(["x", "x", "y", "p", "n"]))
        return num(dice.choice([Fraction(dice.randrange(1, 9)), Fraction(dice.randrange(1, 20), 10)]))

    def rewritten(self, node: Node, steps: int, rules: Sequence[Rule]) -> Node:
        """The same function, written differently by `steps` of the rules at random places."""
        for _ in range(steps):
            for _ in range(30):
                place = self.random.choice(list(walk(node)))
                found = self.random.choice(rules)(self, place)
                if found is not None:
                    node = replaced(node, place, found)
                    break
        return node

    def mutated(self, node: Node, mutations: Sequence[Rule]) -> Node:
        """Probably another function: one small change at a random place."""
        for _ in range(60):
            place = self.random.choice(list(walk(node)))
            found = self.random.choice(mutations)(self, place)
            if found is not None:
                return replaced(node, place, found)
        return plus(node, num(1))


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The tree with one node, that very object, in the place of another."""
    if node is old:
        return new
    match node:
        case Unary(operand=operand):
            return replace(node, operand=replaced(operand, old, new))
        case Binary(left=left, right=right):
            return replace(node, left=replaced(left, old, new), right=replaced(right, old, new))
        case Compare(first=first, rest=rest):
            items = tuple((op, replaced(item, old, new)) for op, item in rest)
            return replace(node, first=replaced(first, old, new), rest=items)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return Choice(*(replaced(part, old, new) for part in (condition, then, otherwise)))
        case Call(args=args):
            return replace(node, args=tuple(replaced(arg, old, new) for arg in args))
        case _:
            return node


def size(node: Node) -> int:
    """How many nodes a tree has."""
    return 1 + sum(map(size, children(node)))
