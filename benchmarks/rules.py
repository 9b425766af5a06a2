"""Rules that rewrite a formula and keep the function, and mutations that change it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Choice, Compare, Name, Node, Number, Unary
from benchmarks.rewriting import Maker, Rule, fn, minus, neg, num, over, plus, positive, power, times


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


EDGES = tuple(
    map(Fraction, ("1/1000000", "1/1000", "1/50", "1/2", "2/3", *map(str, (6, 30, 88, 255, 65504, 10**6, 10**9))))
)
"""Numbers at which a formula may change: those of floats, of activations, and odd ones."""


def _thresholds(make: Maker, node: Node) -> Node | None:
    """The formula up to a number, cut off there, or another one beyond it or close to it."""
    if isinstance(node, Compare):
        return None
    edge = num(make.random.choice(EDGES))
    looked_at = make.random.choice([Name("x"), Name("y"), Name("p"), neg(Name("x")), node])
    near = positive(minus(over(edge, num(100)), fn("abs", minus(looked_at, edge))))
    beyond = positive(minus(looked_at, edge))
    return make.random.choice(
        [
            fn("min", node, edge),
            fn("max", node, neg(edge)),
            times(node, fn("indicator", Compare(looked_at, (("<=", edge),)))),
            Choice(beyond, times(num(2), node), node),
            Choice(near, plus(node, num(1)), node),
        ]
    )


MUTATIONS: tuple[Rule, ...] = (_operators, _functions, _slightly, _thresholds)
