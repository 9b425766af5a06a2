"""At which points two formulas are compared: what is in them says where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import cached_property
from itertools import chain

from app.domain.language.tree import Binary, Call, Compare, Name, Node, Number, Unary, children, free_names, size
from graders.equality.breaks import Breaks
from graders.equality.edges import edges_in
from graders.equality.sampling import POINTS, At, each_point, points
from graders.equality.sharing import shared
from graders.equality.substitution import BINDERS
from graders.equality.thresholds import above, conditions_in, constants_in, only_counts

HUGE = Fraction(10**100)
"""Points beyond are no floats once they are multiplied."""
LONGEST_SUM = 2500
"""Terms of a sum in which an index is compared with a number."""
JUMPS = frozenset(["abs", "sign", "max", "min", "relu", "floor", "ceil"])


class Pair:
    """Two formulas, looked through once: equal parts of both are one object.

    nodes: all of them, in the order of the text, `calls` and `compared` (comparisons) among them.
    words: the functions that are called, and the operators between two operands.
    kinds: of which kinds all other nodes are.
    names: the free names of both.
    """

    def __init__(self, reference: Node, answer: Node) -> None:
        self.reference, self.answer = reference, answer = shared(reference, answer)
        self.nodes: list[Node] = []
        self.calls: list[Call] = []
        self.compared: list[Compare] = []
        self.words: set[str] = set()
        self.kinds: set[type] = set()
        names: set[str] = set()
        seen: set[int] = set()
        waiting: list[Node] = [answer, reference]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            self.nodes.append(node)
            kind = type(node)
            if kind is Name:
                names.add(node.id)  # type: ignore[union-attr]
            elif isinstance(node, Binary):
                self.words.add(node.op)
                waiting += (node.right, node.left)
            elif isinstance(node, Call):
                self.calls.append(node)
                self.words.add(node.function)
                waiting += [*children(node)][::-1] if node.kwargs else node.args[::-1]
            elif kind is not Number:
                waiting += [*children(node)][::-1]
                if isinstance(node, Compare):
                    self.compared.append(node)
                else:
                    self.kinds.add(kind)
        bound = not BINDERS.isdisjoint(self.words)
        self.names: AbstractSet[str] = free_names(reference) | free_names(answer) if bound else names

    @cached_property
    def size(self) -> int:
        """How many nodes there are where they stand."""
        return size(self.reference) + size(self.answer)


class Sample:
    """The points for a pair of formulas, and the edges on whose sides they lie.

    `used` are the domains of the symbols that occur. Raises NotAFormula when a condition is no condition on numbers.
    """

    def __init__(self, pair: Pair, used: Mapping[str, str], real: bool) -> None:
        calls = pair.calls
        self._nodes = pair.nodes
        self.used = with_few_terms(used, calls)
        edges = list(edges_in([*pair.compared, *calls])) if real and (calls or pair.compared) else []
        self.breaks = Breaks(edges, pair.nodes, self.used) if edges else None
        self._jumps = not JUMPS.isdisjoint(pair.words)
        self._powers = _exponents(pair.nodes, self.used) if "**" in pair.words else ()
        ends = [name for name, domain in self.used.items() if domain == "few" and used[name] != "few"]
        limits = _limits(ends, used, pair.nodes) if ends else []
        self.too_long = bool(limits) and limits[-1] > LONGEST_SUM
        """Whether an index is compared with a number that no sum is as long as."""
        reached = [limit for limit in limits if limit <= LONGEST_SUM]
        self._long = [
            At({**points(self.used)[5], **{name: limit + 1 + order for order, name in enumerate(ends)}})
            for limit in (*reached[:2], *reached[2:][-2:])
        ]

    def points(self, count: int = POINTS) -> Iterator[At]:
        """So many points of the domain and some more; `count` beyond POINTS also looks around all numbers."""
        near = _numbers(self._nodes) if self._jumps or count > POINTS else ()
        found = each_point(self.used, near, count)
        if self.used and self._powers:
            found = chain(found, _at_special_exponents(self.used, self._powers))
        if self._long:
            found = chain(found, self._long)
        if self.breaks:
            found = filter(self.breaks.off_edges, chain(found, self.breaks.pieces()))
        return found


def _numbers(nodes: Sequence[Node]) -> list[Fraction]:
    """The numbers in the formulas: they tell where a kink, a jump or the end of a domain may be."""
    values = (node.value for node in nodes if isinstance(node, Number))
    found = {value for value in values if value != 1 and 1 / HUGE < abs(value) < HUGE}
    return sorted(found | {1 / value for value in found})[:8]


def _exponents(nodes: Sequence[Node], used: Mapping[str, str]) -> list[str]:
    """Real symbols in exponents of bases that may be negative."""
    found: set[str] = set()
    for node in nodes:
        if type(node) is Binary and node.op == "**" and isinstance(node.left, (Name, Binary, Unary)):
            if isinstance(node.right, Number):
                continue
            if any(used.get(name) in ("real", "nonzero", "negative") for name in free_names(node.left)):
                found |= {name for name in free_names(node.right) if used.get(name) in ("real", "positive")}
    return sorted(found)


def _at_special_exponents(used: Mapping[str, str], powers: Sequence[str]) -> list[At]:
    """Points with exponents ½ and 2, where a negative base may have powers that others have not."""
    found = []
    for place in range(4):
        point = At(points(used)[place])
        for order, name in enumerate(powers):
            point[name] = Fraction(2) if (place // 2 + order) % 2 else Fraction(1, 2)
        found.append(point)
    return found


def _limits(ends: Sequence[str], used: Mapping[str, str], nodes: Sequence[Node]) -> list[Fraction]:
    """The whole numbers beyond those with which the indices of sums, or their ends, are compared."""
    counting = {
        node.args[1].id
        for node in nodes
        if isinstance(node, Call) and node.function in BINDERS and len(node.args) > 1 and isinstance(node.args[1], Name)
    }
    names = counting.union(ends)
    sides = [side for sides in conditions_in(nodes) if only_counts(sides, names) for side in sides]
    return sorted({above(size) for size in constants_in(sides, used) if size >= 3})


def with_few_terms(used: Mapping[str, str], nodes: Sequence[Node]) -> Mapping[str, str]:
    """The domains, with small values for the symbols at the ends of sums."""
    ends: set[str] = set()
    for node in nodes:
        match node:
            case Call(function=function, args=(_, _, lower, upper)) if function in BINDERS:
                ends |= free_names(lower) | free_names(upper)
    if not ends:
        return used
    return {
        name: "few" if name in ends and domain in ("natural", "integer") else domain for name, domain in used.items()
    }
