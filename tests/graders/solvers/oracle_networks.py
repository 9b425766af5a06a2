"""Backpropagation, recurrent and threshold networks once more: tiny differences and full enumeration."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext

from tests.exact import fractions_between

mp = MPContext()  # its own precision: nothing is changed for other tests
mp.dps = 50
mpf = mp.mpf
TINY = mpf(10) ** -20
UNARY = ["neg", "square", "sqrt", "exp", "log", "abs", "relu", "sigmoid", "tanh", "softplus", "max", "min"]
BINARY = ["+", "-", "*", "/", "max", "min"]
NUMBERS = st.integers(-4, 4) | fractions_between(-3, 3, max_denominator=4)
CELLS = st.integers(-3, 3) | fractions_between(-2, 2, max_denominator=3)
WEIGHTS = st.integers(-3, 3) | fractions_between(-2, 2, max_denominator=4)


def precise(value: Any) -> Any:
    if isinstance(value, list):
        return np.array([precise(item) for item in value], dtype=object)
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpf(value)


def cellwise(function: Any) -> Any:
    return np.frompyfunc(function, 1, 1)


def largest(*arguments: Any) -> Any:
    return np.max(arguments[0]) if len(arguments) == 1 else np.maximum(*arguments)


FORWARD: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "square": lambda a: a**2,
    "sqrt": cellwise(mp.sqrt),
    "exp": cellwise(mp.exp),
    "log": cellwise(mp.log),
    "abs": cellwise(abs),
    "relu": cellwise(lambda a: a if a > 0 else mpf(0)),
    "sigmoid": cellwise(lambda a: 1 / (1 + mp.exp(-a))),
    "tanh": cellwise(mp.tanh),
    "softplus": cellwise(lambda a: mp.log(1 + mp.exp(a))),
    "max": largest,
    "min": lambda *arguments: -largest(*(-argument for argument in arguments)),
    "sum": np.sum,
    "mean": np.mean,
    "dot": np.dot,
    "matmul": np.matmul,
}


def evaluate(nodes: Any, inputs: Any, nudged: str = "", place: Any = (), by: Any = 0) -> dict[str, Any]:
    """All values, when one cell of one input or node is nudged and everything after it follows."""
    values: dict[str, Any] = {}

    def keep(name: str, value: Any) -> None:
        if name == nudged:
            value = np.array(value, dtype=object)
            value[place] += by
            value = value[()]
        values[name] = value

    for name, value in inputs.items():
        keep(name, precise(value))
    for node in nodes:
        arguments = [values[entry] if isinstance(entry, str) else precise(entry) for entry in node["args"]]
        keep(node["name"], FORWARD[node["op"]](*arguments))
    return values


def each_place(value: Any, slope: Any) -> Any:
    """A slope for every cell, as nested lists."""
    shape = np.shape(value)
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        found[place] = slope(place)
    return found.tolist()


def local_gradients(node: Any, values: dict[str, Any]) -> list[Any]:
    function = FORWARD[node["op"]]
    arguments = [values[entry] if isinstance(entry, str) else precise(entry) for entry in node["args"]]
    if node["op"] == "matmul":
        return [arguments[1].T.tolist(), arguments[0].T.tolist()]
    found = []
    for position, argument in enumerate(arguments):

        def nudged(place: Any, by: Any, position: int = position, argument: Any = argument) -> Any:
            moved = np.array(argument, dtype=object)
            moved[place] += by
            return function(*arguments[:position], moved[()], *arguments[position + 1 :])

        def slope(place: Any, nudged: Any = nudged) -> Any:
            return (nudged(place, TINY) - nudged(place, -TINY)) / (2 * TINY)

        if np.shape(function(*arguments)) == ():
            found.append(each_place(argument, slope))
        else:  # cell by cell: all cells may move at once
            found.append(slope(...).tolist())
    return found


def backprop(nodes: Any, inputs: Any) -> Any:
    values = evaluate(nodes, inputs)
    root = nodes[-1]["name"]

    def slope(name: str, place: Any) -> Any:
        above = evaluate(nodes, inputs, name, place, TINY)[root]
        return (above - evaluate(nodes, inputs, name, place, -TINY)[root]) / (2 * TINY)

    return {
        "value": {name: np.array(value, dtype=object).tolist() for name, value in values.items()},
        "local": {node["name"]: local_gradients(node, values) for node in nodes},
        "grad": {
            name: each_place(value, lambda place, name=name: slope(name, place)) for name, value in values.items()
        },
    }


@st.composite
def scalar_graphs(draw: Any) -> list[Any]:
    inputs = {f"x{number}": draw(NUMBERS) for number in range(draw(st.integers(1, 3)))}
    names, nodes = list(inputs), []
    for number in range(draw(st.integers(1, 6))):
        entries = st.sampled_from(names)
        if draw(st.booleans()):
            op, arguments = draw(st.sampled_from(UNARY)), [draw(entries)]
        else:
            op, arguments = draw(st.sampled_from(BINARY)), [draw(entries), draw(entries | NUMBERS)]
        nodes.append({"name": f"n{number}", "op": op, "args": arguments})
        names.append(f"n{number}")
        value = smooth_value(nodes, inputs)
        assume(value is not None and abs(value) < 50)
    return [nodes, inputs]


def smooth_value(nodes: Any, inputs: Any) -> Any:
    """The value of the last node, if its arguments are within its domain and away from its kinks."""
    values = evaluate(nodes[:-1], inputs)
    op = nodes[-1]["op"]
    arguments = [values[entry] if isinstance(entry, str) else precise(entry) for entry in nodes[-1]["args"]]
    if op in ("sqrt", "log") and arguments[0] <= mpf("0.01"):
        return None
    if (op in ("abs", "relu") or op == "/") and abs(arguments[-1]) < mpf("0.01"):
        return None
    if op in ("max", "min") and len(arguments) == 2 and abs(arguments[0] - arguments[1]) < mpf("0.01"):
        return None
    return FORWARD[op](*arguments)


@st.composite
def layered_graphs(draw: Any) -> list[Any]:
    """A small network on arrays: every operation on arrays, broadcasting and fan-out."""

    def row(size: int) -> Any:
        return draw(st.lists(CELLS, min_size=size, max_size=size))

    def matrix(rows: int, columns: int) -> Any:
        return [row(columns) for _ in range(rows)]

    n, hidden, samples = (draw(st.integers(1, 3)) for _ in range(3))
    inputs = {
        "X": matrix(samples, n),
        "W": matrix(n, hidden),
        "b": row(hidden),
        "v": row(hidden),
        "s": draw(CELLS),
    }
    squash = draw(st.sampled_from(["tanh", "sigmoid", "square", "neg", "softplus"]))
    nodes = [
        {"name": "XW", "op": "matmul", "args": ["X", "W"]},
        {"name": "pre", "op": "+", "args": ["XW", "b"]},
        {"name": "h", "op": squash, "args": ["pre"]},
        {"name": "out", "op": "matmul", "args": ["h", "v"]},
        {"name": "scaled", "op": "*", "args": ["s", "h"]},
        {"name": "spread", "op": "mean", "args": ["scaled"]},
        {"name": "size", "op": "dot", "args": ["v", "v"]},
        {"name": "back", "op": "matmul", "args": ["b", [row(2) for _ in range(hidden)]]},
        {"name": "parts", "op": "sum", "args": ["out"]},
        {"name": "more", "op": "sum", "args": ["back"]},
        {"name": "one", "op": "+", "args": ["parts", "more"]},
        {"name": "two", "op": "*", "args": ["spread", "size"]},
        {"name": "L", "op": "-", "args": ["one", "two"]},
    ]
    return [nodes, inputs]


def run(u: Any, w: Any, v: Any, h0: Any, xs: Any) -> tuple[list[Any], list[Any], list[Any]]:
    before, states = [], [h0]
    for x in xs:
        before.append(u * states[-1] + w * x)
        states.append(max(0, before[-1]))
    return before, states[1:], [v * state for state in states[1:]]


def relu_rnn(u: Any, w: Any, v: Any, h0: Any, xs: Any) -> Any:
    weights = {"u": u, "w": w, "v": v, "h0": h0}
    before, states, outputs = run(**weights, xs=xs)
    tiny = Fraction(1, 10**12)

    def last(name: str, by: Fraction) -> Any:
        return run(**(weights | {name: weights[name] + by}), xs=xs)[2][-1]

    gradient = {name: float((last(name, tiny) - last(name, -tiny)) / (2 * tiny)) for name in weights}
    return {"pre": before, "h": states, "y": outputs, "grad": gradient}


@st.composite
def rnn_calls(draw: Any) -> list[Any]:
    call = [draw(WEIGHTS) for _ in range(4)]
    xs = draw(st.lists(WEIGHTS, min_size=1, max_size=4))
    assume(all(value != 0 for value in run(call[0], call[1], call[2], call[3], xs)[0]))
    return [*call, xs]


def threshold_networks(target: Any, allowed: Any, at_zero: int) -> Any:
    """All rows of weights (unit, unit, output unit; weights, then bias) that compute the target."""
    weights = np.array(list(product(allowed, repeat=9)))
    right = np.ones(len(weights), dtype=bool)

    def fires(total: Any) -> Any:
        return (total >= 0) if at_zero else (total > 0)

    for (a, b), wanted in zip([(0, 0), (0, 1), (1, 0), (1, 1)], target, strict=True):
        first = fires(a * weights[:, 0] + b * weights[:, 1] + weights[:, 2])
        second = fires(a * weights[:, 3] + b * weights[:, 4] + weights[:, 5])
        right &= fires(first * weights[:, 6] + second * weights[:, 7] + weights[:, 8]) == wanted
    return weights[right]


def threshold_net(target: Any, allowed: Any, at_zero: int) -> Any:
    found = threshold_networks(target, allowed, at_zero).tolist()
    if not found:
        return None
    a, b, c, d, e, f, g, h, i = found[0]
    return {"W1": [[a, b], [d, e]], "b1": [c, f], "W2": [g, h], "b2": i}


def threshold_calls(targets: Any, values: list[Any]) -> Any:
    return st.tuples(targets, st.sampled_from(values), st.sampled_from([0, 1])).map(list)


TABLES = st.lists(st.sampled_from([0, 1]), min_size=4, max_size=4)

ORACLES = {
    "backprop": (scalar_graphs() | layered_graphs(), backprop),
    "relu_rnn": (rnn_calls(), relu_rnn),
    "threshold_net": (threshold_calls(TABLES, [[-1, 0, 1], [1, 0, -1], [-1, 2, 0]]), threshold_net),
    "threshold_nets_count": (
        threshold_calls(TABLES, [[-1, 0, 1], [-1, 1], [0, 1], [-2, 1, 3]]),
        lambda *call: len(threshold_networks(*call)),
    ),
}
