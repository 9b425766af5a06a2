"""Sides of conditions that were met at no point tried: `relu(sin(x) - 0.999999)` was 0 wherever one looked.

Such a side is known to be empty (`bounds`), makes no difference in either formula, or is looked for; what is left of
them makes that nobody can say whether both formulas are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from app.domain.language.tree import Binary, Call, Compare, Constant, Logic, Node, Number, Unary, free_names, map_tree
from graders.equality.bounds import sign_everywhere
from graders.equality.breaks import Breaks
from graders.equality.downhill import points_with
from graders.equality.edges import in_terms, sign_at
from graders.equality.modular import NotRational
from graders.equality.pointwise import Outcome, compare
from graders.equality.roots import fraction_of, gaps_of, squarefree
from graders.equality.sampled import Pair
from graders.equality.sampling import WHOLE, At
from graders.equality.strips import point_in, strips
from graders.equality.substitution import number, same_tree, substitute
from graders.evaluation.floats import Formula, compile_real

MOST_TOGETHER = 4
"""Sides that are supposed to hold together; with more nobody can say."""
FEWEST = 3
PLACES = 9
"""Points at which formulas are compared as if a side held."""
EQUALITY = 2
"""Instead of a sign: the function was never zero."""
_ZERO = number(Fraction(0))
_HOLDS = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "==": (0,), "!=": (-1, 1)}

Side = tuple[Node, int]
"""A function, and the sign that it might have somewhere."""


def unseen_difference(
    pair: Pair, domains: Mapping[str, str], sample: Sequence[At], breaks: Breaks
) -> tuple[At, Outcome] | bool:
    """Where two formulas that agree at all points of a sample differ all the same; else whether they may differ."""
    unseen: list[Side] = []
    for tree, seen in (*breaks.one_sided(sample), *_never_equal(pair, domains, sample)):
        for side in _open_sides(pair, tree, seen, domains, sample):
            if makes_a_difference(pair, [side], domains, sample):
                found = [*points_with(*side, domains, sample)]
                for point in found:
                    outcome = compare(pair.reference, pair.answer, point, real=True)
                    if outcome.kind == "different":
                        return point, outcome
                if found and (side[1] or _are_all_zeros(found, tree)):
                    continue
            unseen.append(side)
    for strip in strips(breaks, domains, sample):
        if makes_a_difference(pair, strip, domains, sample):
            place = point_in(strip, domains, sample)
            if place is None:
                return True
            outcome = compare(pair.reference, pair.answer, place, real=True)
            if outcome.kind != "same":
                return (place, outcome) if outcome.kind == "different" else True
    return bool(unseen) and may_differ(pair, unseen, stated(pair, domains), domains, sample)


def _are_all_zeros(found: Sequence[At], tree: Node) -> bool:
    """Whether a polynomial of one symbol has no other zeros."""
    name, *others = free_names(tree)
    if others:
        return False
    try:
        return len(gaps_of(squarefree(fraction_of(tree, name)[0]))) <= len({str(point[name]) for point in found})
    except NotRational:
        return False


def may_differ(
    pair: Pair, unseen: Sequence[Side], known: Sequence[Side], domains: Mapping[str, str], sample: Sequence[At]
) -> bool:
    """Whether formulas would not be the same if some of these sides held, with or without those that are known."""
    if len(unseen) + len(known) > MOST_TOGETHER:
        return True
    sides = [*unseen, *known]
    return any(
        makes_a_difference(pair, together, domains, sample)
        for count in range(1, len(sides) + 1)
        for together in combinations(sides, count)
        if not all(side in known for side in together)
    )


def stated(pair: Pair, domains: Mapping[str, str]) -> list[Side]:
    """What is asked to be zero and is a real number, each once."""
    found: list[Side] = []
    for edge in _edges(pair, ("==", "!=")):
        names = free_names(edge) & domains.keys()
        if names and not all(domains[name] in WHOLE for name in names):
            if not any(same_tree(edge, other) for other, _ in found):
                found.append((edge, 0))
    return found


def _never_equal(pair: Pair, domains: Mapping[str, str], sample: Sequence[At]) -> Iterator[tuple[Node, int]]:
    """Differences of whole numbers that are asked to be zero, and never were; with nothing as their sign."""
    for edge in _edges(pair, ("==", "!=")):
        names = free_names(edge) & domains.keys()
        if names and all(domains[name] in WHOLE for name in names) and free_names(edge) <= domains.keys():
            formula = compile_real(edge)
            if not any(_value(formula, point) == 0 for point in sample):
                yield edge, EQUALITY


def _value(formula: Formula, point: At) -> float | complex | None:
    try:
        return formula(point.floats)
    except (ArithmeticError, ValueError):
        return None


def _edges(pair: Pair, ops: Container[str]) -> Iterator[Node]:
    """The differences of what is compared by one of these signs."""
    for compared in pair.compared:
        sides = [compared.first, *(side for _, side in compared.rest)]
        for (op, _), (one, other) in zip(compared.rest, pairwise(sides), strict=True):
            if op in ops:
                yield Binary("-", one, other)


def _open_sides(pair: Pair, tree: Node, seen: int, domains: Mapping[str, str], sample: Sequence[At]) -> Iterator[Side]:
    """The sides of an edge that were not met and may not be empty."""
    known, strict = sign_everywhere(tree, domains)
    if seen == EQUALITY:
        if not (known and strict):
            yield tree, 0
        return
    for sign in (1, -1):
        if sign != seen and known != -sign:
            yield tree, sign
    # What is never below zero may still be asked whether it is above.
    if known and not strict and not any(sign_at(tree, point) == 0 for point in _spread(sample)):
        ops = (">", "<=") if known > 0 else ("<", ">=")
        turned = ("<", ">=") if known > 0 else (">", "<=")
        if any(_proportion(edge, tree, domains, sample) > 0 for edge in _edges(pair, ops)) or any(
            _proportion(edge, tree, domains, sample) < 0 for edge in _edges(pair, turned)
        ):
            yield tree, 0


def makes_a_difference(pair: Pair, sides: Sequence[Side], domains: Mapping[str, str], sample: Sequence[At]) -> bool:
    """Whether the formulas would not be the same if functions had such signs everywhere."""
    one, other = (_as_if(node, sides, domains, sample) for node in (pair.reference, pair.answer))
    if one is pair.reference and other is pair.answer:  # it is not known what depends on them
        return True
    if same_tree(one, other):
        return False
    outcomes = [compare(one, other, point, real=True).kind for point in _spread(sample)]
    return not {"different", "undefined", "gap"}.isdisjoint(outcomes) or outcomes.count("same") < FEWEST


def _spread(sample: Sequence[At]) -> list[At]:
    """The first points, and some of all others: these lie in other pieces."""
    others = sample[PLACES:]
    return [*sample[:PLACES], *others[:: len(others) // PLACES + 1]]


def _proportion(edge: Node, tree: Node, domains: Mapping[str, str], sample: Sequence[At]) -> int:
    """The sign of a constant that one function is times the other one; 0 where there is none, or it is not known."""
    for one in in_terms(edge, domains):
        if same_tree(one, tree):
            return 1
        for start in sample[:PLACES]:
            factors = [sign_at(node, start) for node in (one, tree)]
            if None in factors or 0 in factors:
                continue
            left, right = Binary("*", one, _at(tree, start)), Binary("*", tree, _at(one, start))
            kinds = [compare(left, right, point, real=True).kind for point in sample[:PLACES] if point is not start]
            if kinds.count("same") >= FEWEST and "different" not in kinds:
                return 1 if factors[0] == factors[1] else -1
            break
    return 0


def _at(node: Node, point: At) -> Node:
    return substitute(node, {name: number(value) for name, value in point.items() if isinstance(value, Fraction)})


def _as_if(node: Node, sides: Sequence[Side], domains: Mapping[str, str], sample: Sequence[At]) -> Node:
    """The formula with the case that applies where the edges have these signs; itself where none depends on them."""
    changed: list[Node] = []

    def sign(edge: Node) -> int | None:
        for tree, wanted in sides:
            way = _proportion(edge, tree, domains, sample)
            if way:
                changed.append(edge)
                return way * wanted
        return None

    # Where a function is zero, so is each place at which it stands.
    nothing = [one for tree, wanted in sides if wanted == 0 for one in (tree, _beside_zero(tree)) if one is not None]

    def change(part: Node) -> Node:
        if any(same_tree(part, one) for one in nothing):
            changed.append(part)
            return _ZERO
        match part:
            case Compare(first=first, rest=rest):
                return _compared(first, rest, sign)
            case Call(function="abs" | "relu" | "sign" as function, args=(inner,)):
                found = sign(inner)
                return part if found is None else _kinked(function, inner, found)
            case Call(function="max" | "min" as function, args=args) if len(args) > 1:
                return _extreme(function, args, sign)
        return part

    made = map_tree(node, change)
    return made if changed else node


def _beside_zero(tree: Node) -> Node | None:
    """What is compared with 0."""
    match tree:
        case Binary(op="-", left=left, right=Number(value=value)) if value == 0:
            return left
        case _:
            return None


def _kinked(function: str, inner: Node, sign: int) -> Node:
    if function == "sign":
        return number(Fraction(sign))
    return inner if sign > 0 else _ZERO if function == "relu" or sign == 0 else Unary("-", inner)


def _compared(first: Node, rest: tuple[tuple[str, Node], ...], sign: Callable[[Node], int | None]) -> Node:
    items = [first, *(item for _, item in rest)]
    parts: list[Node] = []
    for (op, _), (one, other) in zip(rest, pairwise(items), strict=True):
        found = sign(Binary("-", one, other)) if op in _HOLDS else None
        parts.append(Compare(one, ((op, other),)) if found is None else Constant(found in _HOLDS[op]))
    return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))


def _extreme(function: str, args: tuple[Node, ...], sign: Callable[[Node], int | None]) -> Node:
    """The largest or smallest of several, two at a time."""
    left, *others = args
    for other in others:
        found = sign(Binary("-", left, other))
        if found is None:
            left = Call(function, (left, other))
        elif (found < 0) == (function == "max"):
            left = other
    return left
