"""The facts about a drawn graph, from executing it beside the reference on the same random inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.symbols import Symbol
from graders.graphs.execution import Inputs, Run, entry_sizes, execute, same, sampled
from graders.graphs.model import Graph, Vertex, entry_of, stem_of
from graders.graphs.operations import Array
from graders.graphs.repairs import exchanged, one_node_short

SAME_NODE = 2


@dataclass(frozen=True)
class Reference:
    """What a graph is compared with. `plain` is it alone; in `graph` further formulas are computed beside it, at
    `nodes`. `ends` are the nodes of the outputs.
    """

    plain: Graph
    graph: Graph
    ends: tuple[str, ...]
    nodes: Mapping[str, str]


@dataclass(frozen=True)
class Drawn:
    """A student's graph beside the reference. A verdict of None says that too few points have values."""

    graph: Graph
    reference: Reference
    inputs: Sequence[str]
    symbols: Mapping[str, Symbol]
    names: Sequence[str] = ()
    """The names that the outputs are asked to have."""

    @cached_property
    def samples(self) -> list[Inputs]:
        return sampled(self.inputs, self.symbols, entry_sizes(self.graph, self.symbols))

    @cached_property
    def theirs(self) -> list[Run]:
        return [execute(self.reference.graph, inputs) for inputs in self.samples]

    @cached_property
    def ours(self) -> list[Run]:
        return [execute(self.graph, inputs) for inputs in self.samples]

    @cached_property
    def ends(self) -> list[Vertex]:
        return self.graph.ends(self.names, len(self.reference.ends))

    @cached_property
    def reaching(self) -> set[str]:
        """Everything on a way to an output."""
        return self.graph.below(self.ends)

    def agrees(self, node: str, wanted: str) -> bool | None:
        """Whether a node computes what a node of the reference computes."""
        return self._agrees(self.ours, node, wanted)

    def _agrees(self, runs: Sequence[Run], node: str, wanted: str, sign: int = 1) -> bool | None:
        verdicts = []
        for theirs, ours, inputs in zip(self.theirs, runs, self.samples, strict=True):
            reference = value_of_node(theirs, inputs, wanted)
            answer = value_of_node(ours, inputs, node)
            if answer is not None and sign < 0:
                answer = -answer
            if reference is None:
                continue
            peak = theirs.peak + ours.peak if len(theirs.peak) == len(ours.peak) else theirs.peak
            verdicts.append(same(reference, answer, peak))
            if verdicts[-1] is False:
                return False
        return None if not verdicts or None in verdicts else True

    @cached_property
    def outputs(self) -> list[bool | None]:
        """For every output of the reference, whether the graph ends in it."""
        if len(self.ends) < len(self.reference.ends):
            return [any(self.agrees(end.name, wanted) for end in self.ends) for wanted in self.reference.ends]
        if self.names and all(self.graph.named(name) is not None for name in self.names):
            return [self.agrees(end.name, wanted) for end, wanted in zip(self.ends, self.reference.ends, strict=True)]
        free = list(self.ends)
        found: list[bool | None] = []
        for wanted in self.reference.ends:
            verdicts = {end.name: self.agrees(end.name, wanted) for end in free}
            hit = next((name for name, verdict in verdicts.items() if verdict), None)
            found.append(True if hit else None if None in verdicts.values() else False)
            free = [end for end in free if end.name != hit]
        return found

    @property
    def right(self) -> bool | None:
        """Whether every output is right."""
        return False if False in self.outputs else None if None in self.outputs or not self.outputs else True

    @property
    def sign(self) -> bool:
        """Whether the single output is right but for its sign."""
        if len(self.reference.ends) != 1 or len(self.ends) != 1 or self.right is not False:
            return False
        return self._agrees(self.ours, self.ends[0].name, self.reference.ends[0], -1) is True

    @property
    def exchanged(self) -> bool:
        """Whether it is right once two operands are exchanged."""
        return self._mendable and exchanged(self.graph, self.ends[0].name, self._computes)

    @property
    def one_node_short(self) -> bool:
        """Whether it is right once a node is put in: an operation of the reference, or an input it brings in."""
        operators = {vertex.operator for vertex in self.reference.plain.vertices}
        idle = [name for name in [*self.inputs, *(sink.name for sink in self.graph.sinks)] if name not in self.reaching]
        return self._mendable and one_node_short(self.graph, self.ends[0].name, sorted(operators), idle, self._computes)

    @property
    def _mendable(self) -> bool:
        return self.right is False and len(self.reference.ends) == 1 and len(self.ends) == 1

    def _computes(self, graph: Graph, end: str) -> bool:
        quick = execute(graph, self.samples[0])
        wanted = self.reference.ends[0]
        first = same(
            value_of_node(self.theirs[0], self.samples[0], wanted),
            value_of_node(quick, self.samples[0], end),
            quick.peak,
        )
        if not first:
            return False
        runs = [execute(graph, inputs) for inputs in self.samples]
        return self._agrees(runs, end, wanted) is True

    def nodes_of(self, name: str) -> list[str]:
        """The nodes (and inputs) that compute a formula of the reference."""
        wanted = self.reference.nodes[name]
        known = [*(vertex.name for vertex in self.graph.vertices), *self.inputs]
        return [node for node in known if node in self.reaching and self.agrees(node, wanted)]

    def shared(self, name: str) -> bool:
        """Whether a formula is computed once and consumed at least twice."""
        nodes = self.nodes_of(name)
        return len(nodes) == 1 and len(self.graph.consumers.get(nodes[0], ())) >= SAME_NODE

    @cached_property
    def once(self) -> bool:
        """Whether no two nodes compute the same."""
        seen: list[str] = []
        for vertex in self.graph.vertices:
            if any(self._alike(vertex.name, other) for other in seen):
                return False
            seen.append(vertex.name)
        return True

    def _alike(self, one: str, other: str) -> bool:
        verdicts = [
            same(first, second, ours.peak)
            for ours in self.ours
            if (first := ours[one]) is not None and (second := ours[other]) is not None
        ]
        return bool(verdicts) and all(verdicts)

    def arrives(self, name: str) -> bool:
        """Whether a given input, or an entry of it, reaches an output."""
        return any(stem_of(one) == name for one in self.reaching)

    def single(self, name: str) -> bool | None:
        """Whether an input goes into one node as a whole; None where it goes nowhere."""
        edges = self.graph.consumers.get(name, [])
        if any(one != name and stem_of(one) == name for one in self.graph.consumers):
            return False
        return len(edges) == 1 if edges else None

    @property
    def split(self) -> bool:
        """Whether a vector goes in entry by entry."""
        return any(entry_of(one) is not None for one in self.graph.consumers)


def value_of_node(run: Run, inputs: Inputs, name: str) -> Array | None:
    """What a node or a given input is at every point."""
    found = run[name]
    return inputs.values.get(name) if found is None else found
