"""What a prime behind a function of numbers means: `σ'(a)` is σ(a)(1 − σ(a))."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.domain.language.operands import whole
from app.domain.language.tree import Binary, Call, Compare, Node, Span, Unary

_Made = Callable[[Node, Span], Node]


def derivative_of(function: str, value: Node, span: Span) -> Node | None:
    """The derivative of a function at a value as a formula; None for a function that has no such rule here."""
    rule = _RULES.get(function)
    return rule(value, span) if rule is not None else None


def _of(name: str) -> _Made:
    return lambda value, span: Call(name, (value,), (), span)


def _one_minus(made: _Made) -> _Made:
    return lambda value, span: Binary("-", whole(1, span), made(value, span), span)


def _product(one: _Made, other: _Made) -> _Made:
    return lambda value, span: Binary("*", one(value, span), other(value, span), span)


def _squared(made: _Made) -> _Made:
    return lambda value, span: Binary("**", made(value, span), whole(2, span), span)


def _one_over(made: _Made) -> _Made:
    return lambda value, span: Binary("/", whole(1, span), made(value, span), span)


def _negative(made: _Made) -> _Made:
    return lambda value, span: Unary("-", made(value, span), span)


def _positive(value: Node, span: Span) -> Node:
    return Call("indicator", (Compare(value, ((">", whole(0, span)),), span),), (), span)


def _itself(value: Node, _: Span) -> Node:
    return value


def _twice(made: _Made) -> _Made:
    return lambda value, span: Binary("*", whole(2, span), made(value, span), span)


_RULES: Final[dict[str, _Made]] = {
    "sigmoid": _product(_of("sigmoid"), _one_minus(_of("sigmoid"))),
    "tanh": _one_minus(_squared(_of("tanh"))),
    "relu": _positive,
    "softplus": _of("sigmoid"),
    "exp": _of("exp"),
    "log": _one_over(_itself),
    "sqrt": _one_over(_twice(_of("sqrt"))),
    "sin": _of("cos"),
    "cos": _negative(_of("sin")),
}
"""Functions of numbers → their derivatives. At the kink of the ReLU it is 0, as deep-learning libraries have it."""

PRIMED: Final = frozenset(_RULES)
"""Functions that may have a prime."""
