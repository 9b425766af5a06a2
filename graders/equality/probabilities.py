"""Formulas with probabilities such as `p(x_t | x_1, …, x_{t−1})`: equal where every probability is of the same thing.

For a few lengths all sums, products and ranges are written out; then every probability is a positive symbol of its own,
found by what is asked and what is given, in any order. No law of probability is used: p(a, b) is not p(a) p(b | a).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Compare, Name, Node, Sequence, free_names, walk
from app.domain.symbols import Symbol
from graders.equality.expressions import Verdict, equal
from graders.equality.sampling import WHOLE
from graders.equality.substitution import BINDERS, number, substitute, with_parts
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely

NAMES = frozenset(["P", "p"])
LENGTHS = (3, 4, 6)
FAR = 50
"""An index so large that ranges show in which direction they go."""
MOST_TERMS = 60
"""Terms and factors that are written out in all."""


def is_probability(node: Node) -> bool:
    """Whether a node is a probability."""
    return isinstance(node, Call) and node.function in NAMES


def same_probability(reference: Node, answer: Node, symbols: Mapping[str, Symbol]) -> Verdict:
    """Whether two formulas of probabilities are the same for several lengths of everything that has a length."""
    domains = {name: one.domain for name, one in symbols.items() if one.kind in ("scalar", "index")}
    whole = sorted(name for name, domain in domains.items() if domain in WHOLE)
    verdict = Verdict("undecided", "There is nothing to compare.")
    for place, length in enumerate(LENGTHS):
        met = free_names(reference) | free_names(answer)
        # Indices differ from lengths and from each other, so that nothing coincides by chance.
        lengths = [name for name in whole if symbols[name].kind != "index"]
        values = {name: length + 2 * order for order, name in enumerate(lengths)}
        indices = [name for name in whole if name not in values]
        values |= {name: 2 + (place + order) % (length - 1) for order, name in enumerate(indices)}
        far = {name: Fraction(FAR if symbols[name].kind == "index" else 2 * FAR) for name in whole}
        writer = _Writer({name: Fraction(value) for name, value in values.items()})
        try:
            one, other = (writer.written(_ascending(tree, far)) for tree in (reference, answer))
        except (NoValue, NotAFormula, TooLong):
            return Verdict("undecided", "These probabilities cannot be written out to be compared.")
        known = {name: domain for name, domain in domains.items() if name not in values and domain != "constant"}
        verdict = equal(one, other, known | dict.fromkeys(writer.names.values(), "positive"))
        if verdict.verdict != "equal":
            return Verdict(verdict.verdict, writer.reason(one, other, verdict, met))
    return Verdict("equal", "Both are made of the same probabilities.")


def same_statement(reference: Node, answer: Node, symbols: Mapping[str, Symbol]) -> Verdict:
    """Whether two equations between probabilities state the same: the same two sides, whichever stands first."""
    one, other = _sides(reference), _sides(answer)
    if one is None or other is None or not any(map(is_probability, walk(answer))):
        return Verdict("different", "Yours is no equation between probabilities.")
    found = []
    for sides in (other, other[::-1]):
        verdicts = [same_probability(left, right, symbols) for left, right in zip(one, sides, strict=True)]
        if all(verdict.verdict == "equal" for verdict in verdicts):
            return Verdict("equal", "Both say that the same probabilities are equal.")
        found.append(verdicts)
    if all(any(verdict.verdict == "different" for verdict in verdicts) for verdicts in found):
        return next(verdict for verdict in found[0] if verdict.verdict == "different")
    return Verdict("undecided", "These equations between probabilities cannot be compared here.")


def _sides(node: Node) -> tuple[Node, Node] | None:
    match node:
        case Compare(first=first, rest=(("==", other),)):
            return first, other
        case _:
            return None


def _ascending(node: Node, far: Mapping[str, Fraction]) -> Node:
    """The tree with all ranges written upwards; x_{t−1}, …, x_1 goes down, as one sees for a large t."""

    def change(part: Node) -> Node:
        return _ascending(part, far)

    match node:
        case Call(function=function, args=(_, Name(id=index), _, _)) if function in BINDERS:
            inner = {**far, index: Fraction(FAR)}
            return with_parts(node, lambda part: _ascending(part, inner))
        case Call(function="through", args=(Call(args=(_, first)) as begin, Call(args=(_, last)) as end)):
            one, other = (evaluate_precisely(place, far, Real(BITS)) for place in (first, last))
            downwards = isinstance(one, Fraction) and isinstance(other, Fraction) and one > other
            return Call("through", (end, begin)) if downwards else node
        case _:
            return with_parts(node, change)


class TooLong(Exception):
    """Too many terms."""


class _Writer:
    """Writes formulas out for given values of all whole numbers; equal probabilities get equal names."""

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self.values = values
        self.names: dict[tuple[frozenset[str], frozenset[str]], str] = {}
        self.terms = MOST_TERMS

    def written(self, node: Node) -> Node:
        match node:
            case Name(id=name) if name in self.values:
                return number(self.values[name])
            case Call(function=function, args=(body, Name(id=index), lower, upper)) if function in BINDERS:
                return self._series(function, body, index, self._whole(lower), self._whole(upper))
            case Call(function=function, args=args) if function in NAMES:
                return self._probability(args)
            case _:
                return with_parts(node, self.written)

    def _whole(self, node: Node) -> int:
        value = evaluate_precisely(node, self.values, Real(BITS))
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise NotAFormula
        return int(value)

    def _series(self, function: str, body: Node, index: str, begin: int, end: int) -> Node:
        found: Node = number(Fraction(0 if function == "Sum" else 1))
        if end - begin + 1 > self.terms:
            raise TooLong
        for place in range(begin, end + 1):
            self.terms -= 1
            term = self.written(substitute(body, {index: number(Fraction(place))}))
            found = Binary("+" if function == "Sum" else "*", found, term)
        return found

    def _probability(self, args: tuple[Node, ...]) -> Node:
        lists = [arg.items if isinstance(arg, Sequence) else (arg,) for arg in args]
        asked, given = lists[0] if lists else (), [item for inner in lists[1:] for item in inner]
        key = self._things(asked), self._things(given)
        return Name(self.names.setdefault(key, f"p_{len(self.names) + 1}"))

    def _things(self, nodes: tuple[Node, ...] | list[Node]) -> frozenset[str]:
        """What stands before or behind the bar, ranges written out."""
        found: set[str] = set()
        for node in nodes:
            match node:
                case Call(function="through", args=(first, last)):
                    name, begin = self._entry(first)
                    other, end = self._entry(last)
                    if name != other or len(begin) != 1 or len(end) != 1 or end[0] - begin[0] > MOST_TERMS:
                        raise NotAFormula
                    found.update(f"{name}_{place}" for place in range(begin[0], end[0] + 1))
                case _:
                    name, places = self._entry(node)
                    found.add("_".join([name, *map(str, places)]))
        return frozenset(found)

    def _entry(self, node: Node) -> tuple[str, tuple[int, ...]]:
        match node:
            case Name(id=name) if name not in self.values:
                return name, ()
            case Call(function="entry", args=(Name(id=name), *places)):
                return name, tuple(self._whole(place) for place in places)
            case _:
                raise NotAFormula

    def reason(self, one: Node, other: Node, verdict: Verdict, met: Collection[str]) -> str:
        """Which probability only one of both has, else what the judge says; `met` are the names that were typed."""
        said = {name: _said(*key) for key, name in self.names.items()}
        mine, theirs = free_names(other), free_names(one)
        lengths = ", ".join(f"{name} = {value}" for name, value in self.values.items() if name in met)
        if not said:
            return verdict.reason
        says = "the same probabilities are put together in another way."
        for name in sorted(said):
            if name in mine ^ theirs:
                only = f"yours has {said[name]}, but should not."
                says = only if name in mine else f"{said[name]} is missing in yours."
                break
        return f"For {lengths}: {says}" if lengths else f"In detail: {says}"


def _said(asked: frozenset[str], given: frozenset[str]) -> str:
    bar = f" | {', '.join(sorted(given))}" if given else ""
    return f"p({', '.join(sorted(asked))}{bar})"
