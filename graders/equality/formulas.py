"""When two formulas of declared symbols are the same: finds out what they are and asks the judge for that.

Single numbers go to `expressions` (up to factors and constants: `objectives`), vectors, matrices and entries to
`tensors`, equations and inequalities to `relations`, sets and lists to `structures`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.domain.language.tree import Binary, Call, Name, Node, Sequence, walk
from app.domain.symbols import Symbol, with_sizes
from graders.equality.conditions import is_relation, kind_of
from graders.equality.expressions import Verdict, equal
from graders.equality.objectives import same_up_to
from graders.equality.probabilities import has_probability, same_probability
from graders.equality.relations import same_relation
from graders.equality.structures import is_set, same_list, same_set
from graders.equality.tensors import same_tensor
from graders.equality.unknown_functions import TESTS, put_in

ARRAYS = frozenset(
    {
        *("transpose", "dot", "outer", "norm", "sum", "mean", "trace", "det", "inv", "diag", "eye", "ones", "zeros"),
        *("arange", "kron", "concat", "reverse", "cumsum", "entry", "gradient", "jacobian"),
    }
)
"""Functions of vectors and matrices, or with such results."""


def same_formula(reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: Collection[str] = ()) -> Verdict:
    """Whether two formulas mean the same, whatever the declared symbols stand for.

    Args:
        symbols: every symbol that may occur; names of sizes need not be declared.
        up_to: what does not matter: "factor" (any number but zero), "positive factor", "sign", "constant" (a number
            added), "constant in w" (anything added in which w does not occur), "transpose", "layout" (a row, a
            column and a list are the same). Several may be given.

    Returns:
        The verdict, with a sentence that says at which point, in which cell or in which shape they differ. Undecided
        where neither is certain; never raises, whatever the trees hold.
    """
    try:
        return _same(reference, answer, with_sizes(symbols), frozenset(up_to))
    except RecursionError:
        return Verdict("undecided", "These formulas are nested too deeply to be compared.")


def _same(reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: frozenset[str]) -> Verdict:
    kinds = [_kind(node) for node in (reference, answer)]
    if kinds[0] != kinds[1]:
        return Verdict("different", f"Yours is {_named(answer)}, the reference {_named(reference)}.")
    plain = not _is_tensor(reference, symbols) and not _is_tensor(answer, symbols)
    match kinds[0]:
        case "relation":
            functions = [name for name, one in symbols.items() if one.kind == "function"]
            pair = put_in(reference, functions, 0), put_in(answer, functions, 0)
            return same_relation(
                *pair, domains_of(symbols), lambda f, g, free: _same_function(f, g, symbols, free), plain
            )
        case "set":
            return same_set(reference, answer, lambda one, other: _same(one, other, symbols, frozenset()))
        case _ if has_probability(reference) or has_probability(answer):
            return same_probability(reference, answer, symbols)
        case _:
            if isinstance(reference, Sequence) and isinstance(answer, Sequence) and not up_to:
                if _cells_are_plain(reference, symbols) and _cells_are_plain(answer, symbols):
                    return same_list(reference, answer, lambda one, other: _same(one, other, symbols, up_to))
            return _same_function(reference, answer, symbols, up_to)


def _same_function(reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: Collection[str]) -> Verdict:
    if _is_tensor(reference, symbols) or _is_tensor(answer, symbols):
        return same_tensor(reference, answer, symbols, up_to)
    domains = domains_of(symbols)
    functions = [name for name, one in symbols.items() if one.kind == "function"]
    verdict = Verdict("undecided", "There is nothing to compare.")
    for test in range(TESTS if functions else 1):
        one, other = put_in(reference, functions, test), put_in(answer, functions, test)
        verdict = same_up_to(one, other, domains, up_to) if up_to else equal(one, other, domains)
        if verdict.verdict != "equal":
            break
    return verdict


def domains_of(symbols: Mapping[str, Symbol]) -> dict[str, str]:
    """The domains of the symbols that stand for single numbers; constants have their value and none."""
    return {
        name: "natural" if one.kind == "index" else one.domain
        for name, one in symbols.items()
        if one.kind in ("scalar", "index") and one.domain != "constant"
    }


def _kind(node: Node) -> str:
    return "relation" if is_relation(node) else "set" if is_set(node) else "value"


def _named(node: Node) -> str:
    """What kind of thing a formula is, in words."""
    if is_relation(node):
        return kind_of(node)
    return "a set" if is_set(node) else "a list" if _is_list(node) else "a formula"


def _is_list(node: Node) -> bool:
    return isinstance(node, Sequence)


def _is_tensor(node: Node, symbols: Mapping[str, Symbol]) -> bool:
    """Whether a vector or matrix occurs anywhere."""
    for part in walk(node):
        match part:
            case Name(id=name):
                if name in symbols and symbols[name].kind in ("vector", "matrix", "vectors"):
                    return True
            case Call(function=function):
                if function in ARRAYS:
                    return True
            case Binary(op="@") | Sequence():
                return True
    return False


def _cells_are_plain(node: Node, symbols: Mapping[str, Symbol]) -> bool:
    """Whether a list holds single numbers, relations, sets, and lists of such alone."""
    if isinstance(node, Sequence):
        return all(_cells_are_plain(item, symbols) for item in node.items)
    return is_relation(node) or is_set(node) or not _is_tensor(node, symbols)
