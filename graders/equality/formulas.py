"""When two formulas of declared symbols are the same: finds out what they are and asks the judge for that.

Single numbers go to `expressions` (up to factors and constants: `objectives`), vectors, matrices and entries to
`tensors`, equations and inequalities to `relations`, sets and lists to `structures`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.domain.language.tree import Binary, Call, Name, Node, Sequence, walk
from app.domain.symbols import Symbol, with_sizes
from graders.equality.expressions import Verdict, equal
from graders.equality.objectives import same_up_to
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
    if _is_tensor(reference, symbols) or _is_tensor(answer, symbols):
        from graders.equality.tensors import same_tensor

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
