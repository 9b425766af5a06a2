"""When two formulas of declared symbols are the same: finds out what they are and asks the judge for that.

Single numbers go to `expressions` (up to factors and constants: `objectives`), vectors, matrices and entries to
`tensors`, equations and inequalities to `relations`, sets and lists to `structures`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from app.domain.language.tree import Binary, Call, Name, Node, Sequence, distinct
from app.domain.symbols import Symbol, with_sizes
from graders.equality.conditions import is_relation, kind_of
from graders.equality.expressions import Verdict, equal, equal_pair, value_in_floats
from graders.equality.logarithms import come_apart, logarithms_apart
from graders.equality.objectives import same_up_to
from graders.equality.probabilities import NAMES, same_probability, same_statement
from graders.equality.relations import same_relation
from graders.equality.sampled import Pair
from graders.equality.sampling import points
from graders.equality.single_points import SINGLE_POINTS, without_single_points
from graders.equality.structures import is_set, same_list, same_set
from graders.equality.substitution import same_tree
from graders.equality.tensors import same_tensor
from graders.equality.unknown_functions import TESTS, put_in
from graders.equality.wording import as_declared
from graders.evaluation.effort import is_limited, limited
from graders.evaluation.floats import NotAFormula

ARRAYS = frozenset(
    {
        *("transpose", "dot", "outer", "norm", "sum", "mean", "trace", "det", "inv", "diag", "eye", "ones", "zeros"),
        *("arange", "kron", "concat", "reverse", "cumsum", "entry", "gradient", "jacobian"),
    }
)
"""Functions of vectors and matrices, or with such results."""
TENSORS = frozenset(["vector", "matrix", "vectors"])
"""Kinds of symbols that stand for more than one number."""


SOMEWHERE = 9
MOST_REMEMBERED = 512
"""Verdicts kept by one process."""


def same_formula(reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: Collection[str] = ()) -> Verdict:
    """Whether two formulas mean the same, whatever the declared symbols stand for.

    Args:
        symbols: every symbol that may occur; names of sizes need not be declared.
        up_to: what does not matter: "factor" (any number but zero), "positive factor", "sign", "constant" (a number
            added), "constant in w" (anything added in which w does not occur), "transpose", "layout" (a row, a
            column and a list are the same), "single points" (stated values as in `5 if x == 3 else x`). Several may
            be given.

    Returns:
        The verdict, with a sentence that says at which point, in which cell or in which shape they differ. Undecided
        where neither is certain; never raises, whatever the trees hold.
    """
    if same_tree(reference, answer):
        return Verdict("equal", "Both are written the same.")
    try:
        if is_limited():
            return _judged(reference, answer, symbols, frozenset(up_to))
        return _remembered(reference, answer, tuple(symbols.items()), frozenset(up_to))
    except RecursionError:
        return Verdict("undecided", "These formulas are nested too deeply to be compared.")


@lru_cache(maxsize=MOST_REMEMBERED)
def _remembered(
    reference: Node, answer: Node, symbols: tuple[tuple[str, Symbol], ...], up_to: frozenset[str]
) -> Verdict:
    """The verdict, kept: the same answer is compared with the same formulas in many worlds."""
    return _judged(reference, answer, dict(symbols), up_to)


def _judged(reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: frozenset[str]) -> Verdict:
    try:
        pair = Pair(reference, answer)
        if come_apart(pair.calls, symbols):
            reference, answer = logarithms_apart(reference, symbols), logarithms_apart(answer, symbols)
            pair = Pair(reference, answer)
        with limited():
            found = _same(reference, answer, with_sizes(symbols), up_to, pair)
            reason = as_declared(found.reason, symbols)
            return found if reason == found.reason else replace(found, reason=reason)
    except (ArithmeticError, ValueError, NotAFormula):
        return Verdict("undecided", "These formulas cannot be compared here.")


def _same(
    reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: frozenset[str], pair: Pair | None = None
) -> Verdict:
    """The verdict on two trees; `pair` is what they are made of, where that is known."""
    if SINGLE_POINTS in up_to:
        up_to -= {SINGLE_POINTS}
        domains = {name: "natural" if one.kind == "index" else one.domain for name, one in symbols.items()}
        reference, answer = (without_single_points(node, domains) for node in (reference, answer))
        pair = None
    if is_set(reference) or is_set(answer):
        reference, answer = _as_set(reference, answer), _as_set(answer, reference)
        pair = None
    kinds = [_kind(node) for node in (reference, answer)]
    if kinds[0] != kinds[1]:
        return Verdict("different", f"Yours is {_named(answer)}, but should be {_named(reference)}.")
    pair = pair or Pair(reference, answer)
    plain = _is_plain(pair, symbols)
    probable = not NAMES.isdisjoint(pair.words)
    match kinds[0]:
        case "relation" if probable:
            return same_statement(reference, answer, symbols)
        case "relation":

            def same(one: Node, other: Node, free: Collection[str]) -> Verdict:
                return _same_function(one, other, symbols, free, plain)

            def judge(one: Node, other: Node) -> Verdict:
                return same_relation(one, other, domains_of(symbols), same, plain)

            return _for_all_functions(reference, answer, symbols, judge)
        case "set":
            size = partial(size_somewhere, domains=domains_of(symbols))
            return same_set(reference, answer, lambda one, other: _same(one, other, symbols, frozenset()), size)
        case _ if probable:
            return same_probability(reference, answer, symbols)
        case _ if plain and not up_to and not any(one.kind == "function" for one in symbols.values()):
            return equal_pair(pair, domains_of(symbols))
        case _:
            if isinstance(reference, Sequence) and isinstance(answer, Sequence) and not up_to:
                if _cells_are_plain(reference, symbols) and _cells_are_plain(answer, symbols):
                    return same_list(reference, answer, lambda one, other: _same(one, other, symbols, up_to))
            return _same_function(reference, answer, symbols, up_to, plain)


def _same_function(
    reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: Collection[str], plain: bool
) -> Verdict:
    if not plain:
        return same_tensor(reference, answer, symbols, up_to)
    domains = domains_of(symbols)
    return _for_all_functions(
        reference,
        answer,
        symbols,
        lambda one, other: same_up_to(one, other, domains, up_to) if up_to else equal(one, other, domains),
    )


def _for_all_functions(
    reference: Node, answer: Node, symbols: Mapping[str, Symbol], judge: Callable[[Node, Node], Verdict]
) -> Verdict:
    """The verdict of `judge` with test functions in the place of unknown ones; equal where it is for all of them."""
    functions = [name for name, one in symbols.items() if one.kind == "function"]
    if not functions:
        return judge(reference, answer)
    found = [judge(put_in(reference, functions, test), put_in(answer, functions, test)) for test in range(TESTS)]
    return next((one for kind in ("different", "undecided") for one in found if one.verdict == kind), found[0])


def size_somewhere(node: Node, domains: Mapping[str, str], place: int = SOMEWHERE) -> float | None:
    """Roughly the value of a formula at some point; None where there is none."""
    try:
        found = value_in_floats(node, points(domains)[place if domains else 0], real=True)
    except NotAFormula:
        return None
    return found.real if found is not None else None


def domains_of(symbols: Mapping[str, Symbol]) -> dict[str, str]:
    """The domains of the symbols that stand for single numbers; constants have their value and none."""
    return {
        name: "natural" if one.kind == "index" else one.domain
        for name, one in symbols.items()
        if one.kind in ("scalar", "index") and one.domain != "constant"
    }


def _kind(node: Node) -> str:
    return "relation" if is_relation(node) else "set" if is_set(node) else "value"


def _as_set(node: Node, other: Node) -> Node:
    """A single element beside a set of one: in mathematics {x} is read as x in brackets."""
    single = isinstance(other, Call) and is_set(other) and len(other.args) == 1
    return Call("set", (node,)) if single and not is_set(node) and not _is_list(node) else node


def _named(node: Node) -> str:
    """What kind of thing a formula is, in words."""
    if is_relation(node):
        return kind_of(node)
    return "a set" if is_set(node) else "a list" if _is_list(node) else "a formula"


def _is_list(node: Node) -> bool:
    return isinstance(node, Sequence)


def _has_tensor(nodes: Iterable[Node], symbols: Mapping[str, Symbol]) -> bool:
    """Whether there is a vector or a matrix among the nodes."""
    for part in nodes:
        match part:
            case Name(id=name):
                if name in symbols and symbols[name].kind in TENSORS:
                    return True
            case Call(function=function):
                if function in ARRAYS:
                    return True
            case Binary(op="@") | Sequence():
                return True
    return False


def _is_plain(pair: Pair, symbols: Mapping[str, Symbol]) -> bool:
    """Whether there is no vector and no matrix in either formula."""
    if Sequence in pair.kinds or "@" in pair.words or not ARRAYS.isdisjoint(pair.words):
        return False
    return all(one.kind not in TENSORS for one in symbols.values()) or not _has_tensor(pair.nodes, symbols)


def _cells_are_plain(node: Node, symbols: Mapping[str, Symbol]) -> bool:
    """Whether a list holds single numbers, relations, sets, and lists of such alone."""
    if isinstance(node, Sequence):
        return all(_cells_are_plain(item, symbols) for item in node.items)
    return is_relation(node) or is_set(node) or not _has_tensor(distinct(node), symbols)
