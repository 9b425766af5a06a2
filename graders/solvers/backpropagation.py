"""Backpropagation through a small graph, with every intermediate result that an exam asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.values import Value
from graders.solvers.arguments import cells, filled, records
from graders.solvers.arrays import Array, as_value, boxed, shape_text
from graders.solvers.exact import bounded
from graders.solvers.operations import OPERATIONS, SIGNS, Operation, Shape, work
from graders.solvers.solver import BlankError, SolverError, solver


@dataclass(frozen=True)
class _Node:
    name: str
    kind: str
    arguments: tuple[str | Array, ...]  # the name of an input or earlier node, or a constant

    @property
    def operation(self) -> Operation:
        return OPERATIONS[self.kind]


@dataclass(frozen=True)
class _Graph:
    """A graph whose names and shapes are known to fit."""

    inputs: dict[str, Array]
    nodes: list[_Node]
    shapes: dict[str, Shape]
    root: str
    effort: int


def _cost(nodes: Value, inputs: Value, root: Value) -> int:
    return 10 * (cells(nodes, inputs) + _read(nodes, inputs, root).effort)


@solver(cost=_cost)
def backprop(nodes: Value, inputs: Value, root: Value = None) -> Value:
    """Forward values, local gradients and upstream gradients of a computational graph.

    `inputs` is a record of numbers or arrays by name. `nodes` lists records {name, op, args} in an order in
    which every argument is an input, an earlier node or a constant. Operations: add, sub, mul, div, neg,
    square, sqrt, exp, log, abs, relu, sigmoid, tanh, softplus, max, min (of one argument or of two), sum,
    mean, dot, matmul, and the signs + - * / @. Arrays broadcast; `root` is the node to differentiate, a
    single number, else the last node.

    The result is a record of three: `value` and `grad` by name (of inputs and nodes; `grad` is the derivative
    of the root by it, summed over all ways), and `local` by node, a list with the derivative by each
    argument: cell by cell in the shape of the node; for sum, mean, max, min and dot in the shape of the
    argument; for matmul the other factor, transposed. The derivative of relu and abs at 0 is taken as 0, and
    ties of max and min share.

    Raises:
        SolverError: a name, operation, shape or number of arguments does not fit, a value does not exist or
            grows too long, or the root is not a single number; the sentence names the node.

    Source: Halloween midterm, 1.3.
    """
    graph = _read(nodes, inputs, root)
    values = dict(graph.inputs)
    local: dict[str, list[Array]] = {}
    for node in graph.nodes:
        arguments = _arguments(node, values)
        try:
            values[node.name] = bounded(node.operation.value(*arguments))
            local[node.name] = node.operation.local(arguments, values[node.name])
        except SolverError as error:
            raise SolverError(f"Node {node.name} has no value or derivative: {error}") from None
    return as_value({"value": values, "local": local, "grad": _pull(graph, values, local)})


def _pull(graph: _Graph, values: dict[str, Array], local: dict[str, list[Array]]) -> dict[str, Array]:
    """The derivative of the root by every input and node, from the root backwards."""
    gradients = {name: np.zeros(shape, dtype=object) for name, shape in graph.shapes.items()}
    gradients[graph.root][()] = 1
    for node in reversed(graph.nodes):
        shares = node.operation.pull(_arguments(node, values), local[node.name], gradients[node.name])
        for argument, share in zip(node.arguments, shares, strict=True):
            if isinstance(argument, str):
                try:
                    gradients[argument] = bounded(boxed(gradients[argument] + share))
                except SolverError as error:
                    raise SolverError(f"The gradient by {argument} cannot be given: {error}") from None
    return gradients


def _arguments(node: _Node, values: dict[str, Array]) -> list[Array]:
    return [values[argument] if isinstance(argument, str) else argument for argument in node.arguments]


def _read(nodes: Value, inputs: Value, root: Value) -> _Graph:
    if inputs is None:
        raise BlankError("inputs is blank.")
    if not isinstance(inputs, dict):
        raise SolverError("inputs must be a record of numbers or arrays by name.")
    given = {name: filled(value, f"The input {name}") for name, value in inputs.items()}
    shapes = {name: array.shape for name, array in given.items()}
    program: list[_Node] = []
    effort = 0
    for position, record in enumerate(records(nodes, "nodes"), start=1):
        node = _node(record, position, shapes)
        operands = [shapes[argument] if isinstance(argument, str) else argument.shape for argument in node.arguments]
        try:
            shapes[node.name] = node.operation.shape(*operands)
        except SolverError as error:
            raise SolverError(f"Node {node.name} cannot be computed: {error}.") from None
        effort += work(node.kind, operands, shapes[node.name])
        program.append(node)
    if not program:
        raise SolverError("nodes must not be empty.")
    end = program[-1].name if root is None else root
    if not isinstance(end, str) or end not in shapes:
        raise SolverError("root must be the name of a node.")
    if shapes[end]:
        raise SolverError(f"The root {end} must be a single number, not {shape_text(shapes[end])}.")
    return _Graph(given, program, shapes, end, effort)


def _node(record: dict[str, Value], position: int, known: dict[str, Shape]) -> _Node:
    name, kind, arguments = record.get("name"), record.get("op"), record.get("args")
    if set(record) != {"name", "op", "args"} or not isinstance(name, str) or not isinstance(arguments, list):
        raise SolverError(f"Node {position} of nodes must be a record of name, op and a list args.")
    if name in known:
        raise SolverError(f"The name {name} is given to two nodes or inputs.")
    if kind == "-" and len(arguments) == 1:
        kind = "neg"
    operation = SIGNS.get(kind, kind) if isinstance(kind, str) else ""
    if operation not in OPERATIONS:
        raise SolverError(f"Node {name} has the unknown operation {kind!r}; known are {', '.join(OPERATIONS)}.")
    arities = OPERATIONS[operation].arities
    if len(arguments) not in arities:
        wanted = " or ".join(map(str, arities))
        raise SolverError(f"Node {name} needs {wanted} arguments for {operation}, not {len(arguments)}.")
    return _Node(name, operation, tuple(_argument(argument, name, known) for argument in arguments))


def _argument(argument: Value, node: str, known: dict[str, Shape]) -> str | Array:
    if not isinstance(argument, str):
        return filled(argument, f"The constant in node {node}")
    if argument not in known:
        raise SolverError(f"Node {node} uses {argument}, which is neither an input nor an earlier node.")
    return argument
