"""A strict reader of our LaTeX, as a person reads it: what could be taken for something else is an error."""

from __future__ import annotations

import re
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary

TOKEN = re.compile(
    r"\\left\\lfloor|\\right\\rfloor|\\left\\lceil|\\right\\rceil|\\left.|\\right.|\\operatorname\{(\w+)\}|\\mathrm\{(\w+)\}"
    r"|\\[a-z]+|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|\S"
)
FUNCTIONS = {r"\log", r"\exp", r"\sin", r"\max", r"\min"}
CLOSING = {
    r"\left(": r"\right)",
    r"\left|": r"\right|",
    r"\left\lfloor": r"\right\rfloor",
    r"\left\lceil": r"\right\rceil",
}
AROUND = {r"\left|": "abs", r"\left\lfloor": "floor", r"\left\lceil": "ceil"}
NAMES = {r"\lambda": "lambda", r"\mathrm{lr}": "lr", r"\pi": "pi"}


class Misreadable(Exception):
    """A person could read this in another way."""


class Reader:
    def __init__(self, latex: str) -> None:
        self.tokens = [match.group() for match in TOKEN.finditer(latex)] + [""]
        self.place = 0

    @property
    def token(self) -> str:
        return self.tokens[self.place]

    def take(self, *expected: str) -> str:
        token = self.token
        if expected and token not in expected:
            raise Misreadable(f"{token!r} where {expected} belongs")
        self.place += 1
        return token

    def whole(self) -> Node:
        node = self.sum()
        self.take("")
        return node

    def sum(self) -> Node:
        sign = self.take() if self.token in ("-", "+") else ""
        node = self.product()
        if sign:
            node = Unary(sign, node)
        while self.token in ("+", "-"):
            op = self.take()
            node = Binary(op, node, self.product())
        return node

    def product(self) -> Node:
        node, kind = self.factor()
        while True:
            if self.token == r"\cdot":
                self.take()
                right, kind = self.factor()
            elif self.starts_factor():
                before = kind
                right, kind = self.factor()
                if kind in ("number", "fraction") or (before in ("name", "applied", "power") and kind == "bracket"):
                    raise Misreadable(f"a {kind} directly after a {before}")
            else:
                return node
            node = Binary("*", node, right)

    def starts_factor(self) -> bool:
        token = self.token
        return token not in ("", "+", "-", ",", "}") and not token.startswith(r"\right")

    def factor(self) -> tuple[Node, str]:
        base, kind = self.base()
        if self.token != "^":
            return base, kind
        if kind not in ("number", "name", "bracket"):
            raise Misreadable(f"a power after a {kind}")
        self.take("^")
        return Binary("**", base, self.group()), "power" if kind != "number" else "number"

    def group(self) -> Node:
        self.take("{")
        node = self.sum()
        self.take("}")
        return node

    def base(self) -> tuple[Node, str]:
        token = self.take()
        if token in CLOSING:
            node = self.sum()
            self.take(CLOSING[token])
            return (Call(AROUND[token], (node,)) if token in AROUND else node), "bracket"
        if token == r"\frac":
            return Binary("/", self.group(), self.group()), "fraction"
        if token == r"\sqrt":
            return Call("sqrt", (self.group(),)), "applied"
        if token in FUNCTIONS or token.startswith(r"\operatorname"):
            return self.applied(token), "applied"
        if token[0].isdigit():
            return Number(Fraction(token), token), "number"
        if token in NAMES or len(token) == 1:
            return self.named(NAMES.get(token, token)), "name"
        raise Misreadable(token)

    def applied(self, token: str) -> Node:
        name = token[1:] if token in FUNCTIONS else token[len(r"\operatorname{") : -1].lower()
        if self.token == "_":
            self.take("_")
            self.take("{")
            name += self.take()
            self.take("}")
        self.take(r"\left(")
        args = [self.sum()]
        while self.token == ",":
            self.take()
            args.append(self.sum())
        self.take(r"\right)")
        return Call(name, tuple(args))

    def named(self, name: str) -> Node:
        if self.token == "_":
            self.take("_")
            self.take("{")
            name += "_" + self.take()
            self.take("}")
        return Name(name)


def canonical(node: Node) -> Node:
    """The tree with signs drawn out of products, and `2e-3` as a product: differences that mean nothing."""
    match node:
        case Number(text=text) if "e" in text:
            mantissa, _, power = text.partition("e")
            exponent: Node = Number(Fraction(abs(int(power))), str(abs(int(power))))
            if int(power) < 0:
                exponent = Unary("-", exponent)
            return Binary("*", Number(Fraction(mantissa), mantissa), Binary("**", Number(Fraction(10), "10"), exponent))
        case Unary(op=op, operand=operand):
            return Unary(op, canonical(operand))
        case Binary(op=op, left=left, right=right):
            one, two = canonical(left), canonical(right)
            if op == "*" and isinstance(one, Unary):
                return Unary(one.op, canonical(Binary("*", one.operand, two)))
            return Binary(op, one, two)
        case Call(function=function, args=args):
            return Call(function, tuple(map(canonical, args)))
        case _:
            return node
