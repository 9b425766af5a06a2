"""Random formulas, what they can be rewritten into, and what makes another formula of them.

Formulas are trees over x (real), y (positive), p (between 0 and 1) and n (natural). Rules keep the function on these
domains; mutations change it, which an oracle of its own (mpmath at 120 digits) confirms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

import mpmath

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

DOMAINS = {"x": "real", "y": "positive", "p": "unit", "n": "natural"}
POINTS = 36
"""Of the oracle."""
Rule = Callable[["Maker", Node], Node | None]


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

    def rewritten(self, node: Node, steps: int) -> Node:
        """The same function, written differently by `steps` rules at random places."""
        for _ in range(steps):
            for _ in range(30):
                place = self.random.choice(list(walk(node)))
                found = self.random.choice(RULES)(self, place)
                if found is not None:
                    node = replaced(node, place, found)
                    break
        return node

    def mutated(self, node: Node) -> Node:
        """Probably another function: one small change at a random place."""
        for _ in range(60):
            place = self.random.choice(list(walk(node)))
            found = self.random.choice(MUTATIONS)(self, place)
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


def surely_positive(node: Node) -> bool:
    """Whether a formula is above zero on the domains, as its form shows."""
    match node:
        case Number(value=value):
            return value > 0
        case Name(id=name):
            return name in ("y", "p", "n")
        case Binary(op="+" | "*" | "/", left=left, right=right):
            return surely_positive(left) and surely_positive(right)
        case Call(function="exp" | "sigmoid" | "softplus"):
            return True
        case Call(function="sqrt", args=(inner,)):
            return surely_positive(inner)
        case _:
            return False


def _sums(make: Maker, node: Node) -> Node | None:
    dice = make.random
    match node:
        case Binary(op="+", left=Binary(op="+", left=a, right=b), right=c) if dice.random() < 0.5:
            return plus(a, plus(b, c))
        case Binary(op="+", left=a, right=b):
            return dice.choice([plus(b, a), minus(a, neg(b)), neg(minus(neg(a), b))])
        case Binary(op="-", left=a, right=b):
            return dice.choice([neg(minus(b, a)), plus(a, neg(b)), plus(neg(b), a)])
        case Unary(op="-", operand=a):
            return dice.choice([times(num(-1), a), minus(num(0), a)])
        case _:
            return None


def _products(make: Maker, node: Node) -> Node | None:
    dice = make.random
    match node:
        case Binary(op="*", left=a, right=Binary(op="+" | "-" as op, left=b, right=c)):
            return Binary(op, times(a, b), times(a, c))
        case Binary(op="*", left=Binary(op="+" | "-" as op, left=b, right=c), right=a):
            return Binary(op, times(b, a), times(c, a))
        case Binary(op="*", left=Binary(op="*", left=a, right=b), right=c):
            return times(a, times(b, c))
        case Binary(op="*", left=a, right=b):
            return dice.choice([times(b, a), neg(times(neg(a), b))])
        case Binary(op="/", left=a, right=b):
            return dice.choice([times(a, Binary("**", b, num(-1))), times(over(num(1), b), a), over(neg(a), neg(b))])
        case Binary(op="**", left=Binary(op="+", left=a, right=b), right=Number(value=two)) if two == 2:
            return plus(plus(power(a, 2), times(num(2), times(a, b))), power(b, 2))
        case Binary(op="**", left=a, right=Number(value=exponent)) if exponent == 2:
            return dice.choice([times(a, a), power(fn("abs", a), 2), power(neg(a), 2)])
        case Binary(op="**", left=a, right=Number(value=exponent)) if exponent == 3:
            return times(times(a, a), a)
        case _:
            return None


def _nothing(make: Maker, node: Node) -> Node | None:
    """Adds zero or multiplies by one in some disguise."""
    if isinstance(node, (Compare, Number)) or (isinstance(node, Binary) and node.op == "**"):
        return None
    t = make.real(1)
    q = make.above(1)
    return make.random.choice(
        [
            plus(node, minus(t, t)),
            minus(plus(node, t), t),
            over(times(node, q), q),
            times(node, over(q, q)),
            over(times(num(2), node), num(2)),
            neg(neg(node)),
            times(node, plus(power(fn("sin", t), 2), power(fn("cos", t), 2))),
            plus(node, fn("log", over(q, q))),
        ]
    )


def _activations(make: Maker, node: Node) -> Node | None:
    if not isinstance(node, Call) or len(node.args) != 1:
        return None
    a = node.args[0]
    forms: dict[str, list[Node]] = {
        "relu": [
            over(plus(a, fn("abs", a)), num(2)),
            fn("max", num(0), a),
            Choice(positive(a), a, num(0)),
            times(a, fn("indicator", positive(a))),
            plus(a, fn("relu", neg(a))),
        ],
        "abs": [
            fn("max", a, neg(a)),
            fn("sqrt", power(a, 2)),
            times(fn("sign", a), a),
            plus(fn("relu", a), fn("relu", neg(a))),
            Choice(positive(a), a, neg(a)),
        ],
        "softplus": [
            fn("log", plus(num(1), fn("exp", a))),
            plus(a, fn("softplus", neg(a))),
            neg(fn("log", fn("sigmoid", neg(a)))),
            plus(fn("relu", a), fn("log", plus(num(1), fn("exp", neg(fn("abs", a)))))),
        ],
        "sigmoid": [
            over(num(1), plus(num(1), fn("exp", neg(a)))),
            minus(num(1), fn("sigmoid", neg(a))),
            over(plus(num(1), fn("tanh", over(a, num(2)))), num(2)),
            over(fn("exp", a), plus(num(1), fn("exp", a))),
        ],
        "tanh": [
            minus(times(num(2), fn("sigmoid", times(num(2), a))), num(1)),
            over(fn("sinh", a), fn("cosh", a)),
            neg(fn("tanh", neg(a))),
        ],
    }
    found = forms.get(node.function)
    return make.random.choice(found) if found else None


def _waves(make: Maker, node: Node) -> Node | None:
    match node:
        case Call(function="sin", args=(Binary(op="+", left=a, right=b),)):
            return plus(times(fn("sin", a), fn("cos", b)), times(fn("cos", a), fn("sin", b)))
        case Call(function="sin", args=(a,)):
            half = over(a, num(2))
            return make.random.choice([times(num(2), times(fn("sin", half), fn("cos", half))), neg(fn("sin", neg(a)))])
        case Call(function="cos", args=(a,)):
            half = power(fn("sin", over(a, num(2))), 2)
            return make.random.choice([minus(num(1), times(num(2), half)), fn("cos", neg(a))])
        case _:
            return None


def _exponentials(make: Maker, node: Node) -> Node | None:
    dice = make.random
    match node:
        case Call(function="exp", args=(Binary(op="+", left=a, right=b),)):
            return times(fn("exp", a), fn("exp", b))
        case Call(function="exp", args=(a,)):
            return dice.choice([over(num(1), fn("exp", neg(a))), Binary("**", Name("e"), a)])
        case Call(function="log", args=(Binary(op="*", left=a, right=b),)) if surely_positive(a) and surely_positive(b):
            return plus(fn("log", a), fn("log", b))
        case Call(function="log", args=(Binary(op="/", left=a, right=b),)) if surely_positive(a) and surely_positive(b):
            return minus(fn("log", a), fn("log", b))
        case Call(function="log", args=(a,)):
            halves = [times(fn("log2", a), fn("log", num(2))), neg(fn("log", over(num(1), a)))]
            if surely_positive(a):
                halves.append(over(fn("log", power(a, 2)), num(2)))
            return dice.choice(halves)
        case Call(function="sqrt", args=(Binary(op="*", left=a, right=b),)) if surely_positive(a) and surely_positive(
            b
        ):
            return times(fn("sqrt", a), fn("sqrt", b))
        case Call(function="sqrt", args=(a,)):
            return Binary("**", a, over(num(1), num(2)))
        case _ if surely_positive(node) and not isinstance(node, Number):
            return dice.choice([fn("exp", fn("log", node)), fn("abs", node), fn("sqrt", power(node, 2))])
        case _:
            return None


def _pieces(make: Maker, node: Node) -> Node | None:
    dice = make.random
    match node:
        case Call(function="max", args=(a, b)):
            return dice.choice(
                [
                    over(plus(plus(a, b), fn("abs", minus(a, b))), num(2)),
                    neg(fn("min", neg(a), neg(b))),
                    plus(fn("relu", minus(a, b)), b),
                    Choice(positive(minus(a, b)), a, b),
                    fn("max", b, a),
                ]
            )
        case Call(function="min", args=(a, b)):
            return dice.choice([neg(fn("max", neg(a), neg(b))), minus(plus(a, b), fn("max", a, b))])
        case Choice(condition=Compare(first=first, rest=((">", bound),)), then=then, otherwise=otherwise):
            flipped = Choice(Compare(first, (("<=", bound),)), otherwise, then)
            switch = fn("indicator", Compare(bound, (("<", first),)))
            return dice.choice([flipped, plus(otherwise, times(minus(then, otherwise), switch))])
        case Compare(first=first, rest=((">", bound),)):
            scaled = Compare(times(num(3), minus(first, bound)), ((">", num(0)),))
            return dice.choice([scaled, Compare(bound, (("<", first),)), Compare(neg(first), (("<", neg(bound)),))])
        case Call(function="indicator", args=(Compare(first=first, rest=((">", bound),)),)):
            return minus(num(1), fn("indicator", Compare(first, (("<=", bound),))))
        case _:
            return None


RULES: tuple[Rule, ...] = (
    _sums,
    _products,
    _nothing,
    _activations,
    _waves,
    _exponentials,
    _pieces,
    _activations,
    _pieces,
)


def _operators(make: Maker, node: Node) -> Node | None:
    match node:
        case Binary(op="+", left=a, right=b):
            return make.random.choice([minus(a, b), a, b, times(a, b)])
        case Binary(op="-", left=a, right=b):
            return make.random.choice([plus(a, b), minus(b, a)])
        case Binary(op="*", left=a, right=b):
            return make.random.choice([plus(a, b), over(a, plus(num(1), power(b, 2))), a])
        case Binary(op="/", left=a, right=b):
            return make.random.choice([times(a, b), over(b, plus(num(1), power(a, 2))), a])
        case Binary(op="**", left=a, right=Number(value=value)):
            return Binary("**", a, num(value + 1))
        case _:
            return None


_SWAPS = {
    "sin": "cos",
    "cos": "sin",
    "sigmoid": "tanh",
    "tanh": "sigmoid",
    "relu": "abs",
    "abs": "relu",
    "softplus": "relu",
    "max": "min",
    "min": "max",
    "log": "sqrt",
    "sqrt": "log",
    "exp": "softplus",
    "log2": "log",
}


def _functions(make: Maker, node: Node) -> Node | None:
    if isinstance(node, Call) and node.function in _SWAPS:
        return replace(node, function=_SWAPS[node.function])
    if isinstance(node, Compare):
        return make.random.choice(
            [Compare(node.rest[0][1], ((node.rest[0][0], node.first),)), Compare(plus(node.first, num(1)), node.rest)]
        )
    if isinstance(node, Name) and node.id in "xyp":
        return Name({"x": "y", "y": "p", "p": "y"}[node.id])
    return None


def _slightly(make: Maker, node: Node) -> Node | None:
    if isinstance(node, Compare) or (isinstance(node, Number) and node.value == 0):
        return None
    tiny = num(make.random.choice([Fraction(1, 10**k) for k in (2, 4, 6, 9, 12)]))
    if isinstance(node, Number):
        return num(node.value + make.random.choice([Fraction(1), Fraction(1, 100)]))
    return make.random.choice([plus(node, tiny), times(node, plus(num(1), tiny)), neg(node), plus(node, num(1))])


MUTATIONS: tuple[Rule, ...] = (_operators, _functions, _slightly)


class NoValue(Exception):
    """The oracle has no value here."""


def value(node: Node, point: dict[str, Fraction]) -> mpmath.mpf:
    """The oracle: plain evaluation with mpmath at 120 digits, without error bounds. Raises NoValue."""
    with mpmath.workdps(120):
        try:
            found = _value(node, {name: mpmath.mpf(at.numerator) / at.denominator for name, at in point.items()})
        except (ArithmeticError, ValueError):
            raise NoValue from None
        if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found) or abs(found) > mpmath.mpf(10) ** 200:
            raise NoValue
        return found


def _value(node: Node, point: dict[str, mpmath.mpf]) -> mpmath.mpf:
    match node:
        case Number(value=number):
            return mpmath.mpf(number.numerator) / number.denominator
        case Name(id="e"):
            return mpmath.e + 0
        case Name(id=name):
            return point[name]
        case Unary(operand=operand):
            return -_value(operand, point)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return _value(then if _true(condition, point) else otherwise, point)
        case Call(function="indicator", args=(condition,)):
            return mpmath.mpf(_true(condition, point))
        case Call(function=function, args=args):
            values = [_value(arg, point) for arg in args]
            if function in ("log", "log2", "sqrt") and values[0] <= 0:
                raise ValueError
            return _FUNCTIONS[function](*values)
        case Binary(op=op, left=left, right=right):
            return _combined(op, _value(left, point), _value(right, point))
        case _:
            raise ValueError


def _combined(op: str, a: mpmath.mpf, b: mpmath.mpf) -> mpmath.mpf:
    if max(abs(a), abs(b)) > mpmath.mpf(10) ** 300 or (op == "**" and a < 0 and b != int(b)):
        raise ValueError
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
        case _:
            return a**b


def _true(condition: Node, point: dict[str, mpmath.mpf]) -> bool:
    assert isinstance(condition, Compare)
    a, b = _value(condition.first, point), _value(condition.rest[0][1], point)
    if abs(a - b) < mpmath.mpf(10) ** -30:
        raise ValueError
    return bool({">": a > b, "<": a < b, "<=": a <= b, ">=": a >= b}[condition.rest[0][0]])


def _exp(x: mpmath.mpf) -> mpmath.mpf:
    if abs(x) > 90:
        raise ValueError
    return mpmath.exp(x)


_FUNCTIONS: dict[str, Callable[..., mpmath.mpf]] = {
    "exp": _exp,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "sinh": lambda x: (_exp(x) - _exp(-x)) / 2,
    "cosh": lambda x: (_exp(x) + _exp(-x)) / 2,
    "sigmoid": lambda x: 1 / (1 + _exp(-x)),
    "softplus": lambda x: mpmath.log(1 + _exp(x)),
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "abs": abs,
    "sign": mpmath.sign,
    "max": max,
    "min": min,
}


def differ(one: Node, other: Node, seed: int) -> bool | None:
    """Whether two formulas differ at one of many points of the oracle's own; None where it has too few values."""
    dice = Random(seed)
    seen = 0
    for _ in range(POINTS):
        scale = Fraction(dice.choice([1, 1, 3, 10]))
        point = {
            "x": Fraction(dice.randrange(-4999, 5000), 1501) * scale,
            "y": Fraction(dice.randrange(1, 5000), 1501) * scale,
            "p": Fraction(dice.randrange(1, 1500), 1501),
            "n": Fraction(dice.randrange(1, 9)),
        }
        try:
            a, b = value(one, point), value(other, point)
        except NoValue:
            continue
        seen += 1
        if abs(a - b) > mpmath.mpf(10) ** -25 * max(abs(a), abs(b), mpmath.mpf(10) ** -10):
            return True
    return False if seen >= 12 else None


def size(node: Node) -> int:
    """How many nodes a tree has."""
    return 1 + sum(map(size, children(node)))
