"""A formula as a graph, what occurs twice computed once; and a graph as a formula."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce

from app.domain.graph_operators import OPERATORS
from app.domain.language import to_source
from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from app.domain.values import normal
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import tree_of
from graders.graphs.model import Graph, Source, Vertex, entry_of

MOST_NODES = 400
LONGEST_FORMULA = 1500

_CALLS = frozenset(OPERATORS) - {"+", "-", "*", "/", "**", "neg", "="}
_SIGNS = {"+": "+", "-": "-", "*": "*", "/": "/", "@": "matmul", "**": "**"}


def graph_of_formulas(
    formulas: Sequence[Node], palette: Collection[str], names: Mapping[str, str], ends: Sequence[str] = ()
) -> Graph:
    """The graph of formulas, with the operators of the palette where it can be; an empty palette has all.

    Args:
        formulas: one for every output.
        palette: the operators to draw it with.
        names: names of nodes by the source of the formula that they compute.
        ends: the names of the outputs.

    Raises:
        EvaluationError: a formula that no operator computes, or one that is too long.
    """
    builder = _Builder(palette, names)
    aliases: dict[str, Source] = {}
    for place, formula in enumerate(formulas):
        source = builder.source(formula)
        if place < len(ends):
            builder.rename(source, ends[place])
    return Graph(tuple(builder.vertices), aliases)


class _Builder:
    def __init__(self, palette: Collection[str], names: Mapping[str, str]) -> None:
        self.palette = palette
        self.names = names
        self.vertices: list[Vertex] = []
        self._known: dict[tuple[str, tuple[Source, ...]], str] = {}

    def source(self, node: Node) -> Source:
        match node:
            case Number(value=value):
                return normal(value)
            case Unary(op="-", operand=Number(value=value)):
                return normal(-value)
            case Binary(op="/", left=Number(value=top), right=Number(value=bottom)) if bottom:
                return normal(Fraction(top, bottom))
            case Name(id=name):
                return name
            case Unary(op="+", operand=operand):
                return self.source(operand)
            case Unary(op="-", operand=operand):
                return self._negative(node, operand)
            case Binary(op="@", left=Call(function="transpose", args=(left,)), right=right):
                return self._of(node, "dot" if self._offers("dot") else "matmul", left, right)
            case Binary(op="**", left=base, right=Number(value=power)) if power == 2:
                return self._squared(node, base)
            case Binary(op="**", left=base, right=power) if self.source_is(power, Fraction(1, 2)):
                return self._of(node, "sqrt", base)
            case Binary(op=op, left=left, right=right) if op in _SIGNS:
                return self._of(node, _SIGNS[op], left, right)
            case Call(function="entry", args=(Name(id=name), Number(value=index))) if index.denominator == 1:
                return f"{name}[{index}]"
            case Call(function="relu", args=(operand,)) if not self._offers("relu") and self._offers("max"):
                return self._made(node, "max", [self.source(operand), 0])
            case Call(function="square", args=(operand,)):
                return self._squared(node, operand)
            case Call(function=name, args=args) if name in _CALLS and args:
                return self._of(node, name, *args)
            case _:
                raise EvaluationError(f"No graph of elementary operations is known for {to_source(node)[:60]}.")

    @staticmethod
    def source_is(node: Node, value: Fraction) -> bool:
        match node:
            case Number(value=found):
                return found == value
            case Binary(op="/", left=Number(value=top), right=Number(value=bottom)) if bottom:
                return top / bottom == value
            case _:
                return False

    def _offers(self, operator: str) -> bool:
        return not self.palette or operator in self.palette

    def _negative(self, node: Node, operand: Node) -> Source:
        if self._offers("neg") or not self._offers("*"):
            return self._of(node, "neg", operand)
        return self._made(node, "*", [-1, self.source(operand)])

    def _squared(self, node: Node, base: Node) -> Source:
        source = self.source(base)
        if self._offers("square"):
            return self._made(node, "square", [source])
        if self._offers("**"):
            return self._made(node, "**", [source, 2])
        return self._made(node, "*", [source, source])

    def _of(self, node: Node, operator: str, *operands: Node) -> Source:
        return self._made(node, operator, [self.source(operand) for operand in operands])

    def _made(self, node: Node, operator: str, inputs: Sequence[Source]) -> str:
        key = (operator, tuple(inputs))
        if key not in self._known:
            if len(self.vertices) >= MOST_NODES:
                raise EvaluationError("This formula is too long for a graph.")
            taken = {vertex.name for vertex in self.vertices}
            name = self.names.get(to_source(node), "")
            if not name or name in taken:
                name = next(f"n{number}" for number in range(1, MOST_NODES + 2) if f"n{number}" not in taken)
            self._known[key] = name
            self.vertices.append(Vertex(name, operator, tuple(inputs)))
        return self._known[key]

    def rename(self, source: Source, name: str) -> None:
        """Give the node that an output is its name; an output that is an input gets a node of its own."""
        if not isinstance(source, str) or source not in {vertex.name for vertex in self.vertices}:
            self.vertices.append(Vertex(name, "=", (source,)))
            return
        self.vertices = [
            Vertex(
                name if vertex.name == source else vertex.name,
                vertex.operator,
                tuple(name if one == source else one for one in vertex.inputs),
            )
            for vertex in self.vertices
        ]
        self._known = {key: name if found == source else found for key, found in self._known.items()}


def formula_of_graph(graph: Graph, end: str) -> Node | None:
    """What a node computes, written out; None where that would be long, or has no formula."""
    made: dict[str, tuple[Node, int]] = {}

    def of(source: Source) -> tuple[Node, int]:
        if isinstance(source, str):
            if source in made:
                return made[source]
            entry = entry_of(source)
            if entry is not None:
                index = Number(Fraction(entry[1]), str(entry[1]))
                return Call("entry", (Name(entry[0]), index)), 3
            return Name(source), 1
        return tree_of(source), 1

    for vertex in graph.vertices:
        parts = [of(source) for source in vertex.inputs]
        size = 1 + sum(size for _, size in parts)
        node = None if size > LONGEST_FORMULA else _node(vertex.operator, [part for part, _ in parts])
        if node is None:
            return None
        made[vertex.name] = node, size
    return made[end][0] if end in made else None


def _node(operator: str, parts: Sequence[Node]) -> Node | None:
    if operator in ("+", "-", "*", "/", "**"):
        return reduce(partial(Binary, operator), parts)
    if operator in ("sum", "mean") and len(parts) > 1:
        total = reduce(partial(Binary, "+"), parts)
        return total if operator == "sum" else Binary("/", total, _whole(len(parts)))
    match operator:
        case "neg":
            return Unary("-", parts[0])
        case "square":
            return Binary("**", parts[0], _whole(2))
        case "matmul":
            return Binary("@", parts[0], parts[1])
        case "=":
            return parts[0]
        case _:
            return Call(operator, tuple(parts)) if operator in _CALLS - {"conv", "maxpool"} else None


def _whole(value: int) -> Node:
    return Number(Fraction(value), str(value))
