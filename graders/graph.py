"""A computational graph, judged by executing it: however it is drawn, what counts is what it computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal, cast

from pydantic import Field

from app.domain.answers import Invalid, Raw, Tree
from app.domain.graders import Answer, Cell, Facts, FactType, Names, Symbols
from app.domain.graders import Options as Base
from app.domain.graph_answers import GraphError, read_graph
from app.domain.language import Node, free_names
from app.domain.values import PERSON, Symbolic, Value, symbolic
from app.domain.widgets import Widget
from graders.equality.numbers import AUTO
from graders.evaluation.errors import EvaluationError
from graders.evaluation.evaluator import evaluate
from graders.evaluation.fuel import Fuel
from graders.evaluation.scope import STUDENT_NAMES
from graders.graphs.annotations import Annotations, judged
from graders.graphs.decomposition import formula_of_graph
from graders.graphs.facts import Drawn
from graders.graphs.model import Graph, graph_of
from graders.graphs.reference import edges_hold, reference_of, text_of, wrong_graphs
from graders.graphs.remarks import difference, not_following
from graders.reference import WithReference
from graders.tolerance import ToleranceOption

CELL_STEPS = 20_000
Asks = tuple[Literal["value", "gradient"], ...]


class GraphOptions(WithReference):
    """The options of a graph."""

    symbols: Symbols = Field(default_factory=dict, description="The declared symbols of the question.")
    inputs: Cell = Field(None, description="The given inputs, such as [w, x, y]; all symbols of the answer if missing.")
    operators: tuple[str, ...] = Field(
        (), description="The operators to choose from; names that are no operator are layers of this question."
    )
    output: Cell = Field(None, description="The name that the output is asked to have, or a list of names.")
    steps: Names = Field((), description="Variables with formulas that may stand at a node, such as [s, lam].")
    shared: Cell = Field(None, description="Formulas to be computed once and used at least twice, such as [lam].")
    edges: Cell = Field(
        None, description="Edges that must be there, as pairs: [[x, '+']] leads from the input x to an addition."
    )
    ask: Asks = Field((), description="What is asked beside the nodes: `value`, `gradient`.")
    at: Cell = Field(None, description="The values of the inputs, in their order, where values or gradients are asked.")
    by: Cell = Field(None, description="The inputs by which the output is differentiated; all if missing.")
    tolerance: ToleranceOption = AUTO


class ComputationalGraph:
    """Judges a computational graph by executing it on random inputs."""

    name: ClassVar[str] = "graph"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = GraphOptions

    def widget(self, options: GraphOptions) -> Widget:
        """A table of nodes, with a drawing beside it."""
        inputs = _inputs(options)
        return Widget(
            kind="graph",
            inputs=inputs,
            words=options.operators,
            asks=options.ask,
            symbols={name: one for name, one in options.symbols.items() if name in inputs},
        )

    def check(self, options: GraphOptions, answer: Answer) -> Invalid | None:
        """Numbers that are written at the graph must have values."""
        try:
            _graph(answer)
        except EvaluationError as error:
            return Invalid(f"A number in this graph cannot be computed: {error.says}")
        return None

    def observe(self, options: GraphOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.read.cells` are the rows of the graph."""
        drawn = self._drawn(options, _graph(answer))
        graph = drawn.graph
        steps = list(options.steps or ())
        inputs = _inputs(options)
        facts: Facts = {
            "value": _composed(drawn),
            "right": _fact(drawn.right),
            "outputs": [_fact(one) for one in drawn.outputs],
            "sign": drawn.sign,
            "order": drawn.exchanged,
            "missing": drawn.one_node_short,
            "inputs": [drawn.arrives(name) for name in inputs],
            "single": [drawn.single(name) for name in inputs],
            "split": drawn.split,
            "steps": [bool(drawn.nodes_of(name)) for name in steps],
            "shared": [drawn.shared(f"shared {place}") for place in range(len(_listed(options.shared)))],
            "once": drawn.once,
            "edges": edges_hold(drawn, _listed(options.edges)),
            "tidy": all(sink.name in drawn.reaching for sink in graph.sinks),
            "elementary": not any("#" in vertex.name for vertex in graph.vertices),
            "fits": not any(run.troubles for run in drawn.ours),
            "operators": [vertex.operator for vertex in graph.vertices],
            "nodes": sum(1 for vertex in graph.vertices if "#" not in vertex.name),
            "reason": difference(drawn),
        }
        return facts | _written_facts(options, drawn, steps)

    def facts(self, options: GraphOptions) -> Mapping[str, FactType]:
        """value: the output as a formula. right: every output computes its reference. outputs: the same for each.

        sign: right but for the sign. order: right once the operands of one minus or division are exchanged.
        missing: right once one node is put in. inputs: per input, whether it reaches an output. single: per input,
        whether it goes into one node only, as a whole. split: a vector goes in entry by entry. steps: per formula
        of `steps`, whether a node computes it. shared: per formula of `shared`, whether it is computed once and used
        twice. once: nothing is computed twice. edges: per edge of `edges`, whether it is there. tidy: every node
        leads to an output. elementary: every node is one operation. fits: all sizes fit. operators: the operators
        of all nodes. nodes: how many nodes are drawn.

        values: per node, whether its value follows from those before it. gradients: per edge on a way from `by` to
        the output, whether the local gradient is right at the student's own values. matrices: gradients of vectors
        by vectors are matrices. product: what the local gradients as written multiply up to. upstream:
        per edge, whether the gradient of the output is written in place of the local one. step_values, step_gradients,
        onward: per formula of `steps`, the value at its node, the gradients at the edges into it, and those at all
        edges from it on to the output. reason: a point at which the output is another than it should be, told to the
        student unless a mistake explains it. remarks: the first value and gradient that do not follow.
        """
        truths = ("right", "sign", "order", "missing", "split", "once", "tidy", "elementary", "fits", "matrices")
        lists = ("outputs", "inputs", "single", "steps", "shared", "edges", "operators", "values", "gradients")
        more = ("product", "upstream", "step_values", "step_gradients", "onward", "remarks")
        return {
            "value": "value",
            "nodes": "value",
            "reason": "value",
            **dict.fromkeys(truths, "truth"),
            **dict.fromkeys((*lists, *more), "list"),
        }

    def key(self, options: GraphOptions) -> Raw:
        """The sample if it computes the answer, else the answer taken apart; one node a line."""
        reference = self._reference(options)
        sample = _sample(options)
        if sample is not None and self._drawn(options, sample).right:
            reference = sample
        return text_of(reference, options, _inputs(options), _given(options), _by(options))

    def wrong(self, options: GraphOptions) -> Mapping[str, Raw]:
        """The key without its last node, with two operands exchanged, and with another operator."""
        reference = self._reference(options)
        return {
            name: text_of(graph, options, _inputs(options), None, ())
            for name, graph in wrong_graphs(reference, options.operators)
            if self._drawn(options, graph).right is False
        }

    def _reference(self, options: GraphOptions) -> Graph:
        return reference_of(options, _read(options)).plain

    def _drawn(self, options: GraphOptions, graph: Graph) -> Drawn:
        reference = reference_of(options, _read(options))
        return Drawn(graph, reference, _inputs(options), options.symbols, _texts(options.output))


def _fact(verdict: bool | None) -> Value:
    return PERSON if verdict is None else verdict


def _value(node: Node) -> Value:
    return evaluate(node, STUDENT_NAMES, Fuel(CELL_STEPS))


def _graph(answer: Answer) -> Graph:
    return graph_of(cast("list[Tree]", answer.read.cells), _value)


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(one.source if isinstance(one, Symbolic) else str(one) for one in _listed(value))


def _inputs(options: GraphOptions) -> tuple[str, ...]:
    if options.inputs is not None:
        return _texts(options.inputs)
    formulas = [one for one in _listed(options.reference) if isinstance(one, Symbolic)]
    mentioned = frozenset().union(*(free_names(one.node) for one in formulas)) if formulas else frozenset()
    return tuple(name for name in options.symbols if name in mentioned)


def _given(options: GraphOptions) -> dict[str, Value] | None:
    if options.at is None:
        return None
    names, values = _inputs(options), _listed(options.at)
    if len(names) != len(values):
        raise EvaluationError(f"`at` has {len(values)} values for {len(names)} inputs.")
    return dict(zip(names, values, strict=True))


def _by(options: GraphOptions) -> tuple[str, ...]:
    return _inputs(options) if options.by is None else _texts(options.by)


def _read(options: GraphOptions) -> Graph | None:
    """The reference where it was given as a graph; None where it is a formula."""
    lines = _listed(options.reference)
    return _from_text(options, lines) if lines and all(isinstance(line, str) for line in lines) else None


def _sample(options: GraphOptions) -> Graph | None:
    lines = _listed(options.key)
    return _from_text(options, lines) if lines and all(isinstance(line, str) for line in lines) else None


def _from_text(options: GraphOptions, lines: Sequence[Value]) -> Graph:
    inputs = _texts(options.inputs) or tuple(options.symbols)
    symbols = {name: one for name, one in options.symbols.items() if name in inputs}
    widget = Widget(kind="graph", inputs=inputs, words=options.operators, symbols=symbols)
    try:
        found = read_graph(widget, "\n".join(str(line) for line in lines))
    except GraphError as error:
        raise EvaluationError(f"The graph of this question cannot be read: {error.says}") from None
    if found is None:
        raise EvaluationError("The graph of this question is empty.")
    return graph_of(found.rows, _value)


def _composed(drawn: Drawn) -> Value:
    if len(drawn.ends) != 1:
        return None
    formula = formula_of_graph(drawn.graph, drawn.ends[0].name)
    return None if formula is None else symbolic(formula)


def _written_facts(options: GraphOptions, drawn: Drawn, steps: Sequence[str]) -> Facts:
    given = _given(options)
    nothing: Facts = {"values": [], "gradients": [], "matrices": False, "product": [], "upstream": [], "remarks": []}
    if given is None or not drawn.ends:
        return nothing | dict.fromkeys(("step_values", "step_gradients", "onward"), [None] * len(steps))
    by, graph = _by(options), drawn.graph
    found = judged(graph, given, by, drawn.ends[0].name, options.tolerance)
    at_step = [drawn.nodes_of(name)[:1] for name in steps]
    remarks = not_following(graph, found) if options.ask else ()
    return {
        "values": [found.values.get(vertex.name, False) for vertex in graph.vertices if not vertex.hidden],
        "gradients": [*found.gradients.values()],
        "matrices": found.matrices,
        "product": [cell for name in by for cell in found.product.get(name, [])],
        "upstream": [edge in found.upstream for edge in found.gradients],
        "step_values": [found.values.get(nodes[0]) if nodes else None for nodes in at_step],
        "step_gradients": [_into(found, nodes[0]) if nodes else None for nodes in at_step],
        "onward": [_onward(graph, found, nodes[0]) if nodes else None for nodes in at_step],
        "remarks": [*remarks],
    }


def _into(found: Annotations, node: str) -> bool | None:
    return _all(mark for (name, _), mark in found.gradients.items() if name == node)


def _onward(graph: Graph, found: Annotations, node: str) -> bool | None:
    """Whether the gradients at all edges that lie on a way from a node to the output are right."""
    behind = graph.above({node})
    return _all(mark for (name, place), mark in found.gradients.items() if graph.by_name[name].inputs[place] in behind)


def _all(marks: Iterable[bool | None]) -> bool | None:
    found = [*marks]
    return None if not found else False if False in found else None if None in found else True
