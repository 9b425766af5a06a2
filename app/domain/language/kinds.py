"""What kind of thing a formula is (a number, a column, a row, a matrix), from the kinds of its symbols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Logic,
    Name,
    Node,
    Number,
    Sequence,
    Span,
    Unary,
)


class Declaration(Protocol):
    """What a grammar must know of a declared symbol (see `app.domain.symbols.Symbol`)."""

    @property
    def kind(self) -> str: ...
    @property
    def sizes(self) -> tuple[str, ...]: ...
    @property
    def write(self) -> str: ...


Declarations = Mapping[str, Declaration]

Known = dict[int, tuple[Node, "Kind"]]
"""Kinds by the identity of nodes; the nodes are kept, so that an identity stays theirs."""


class Kind(NamedTuple):
    """`form` is `scalar`, `column`, `row`, `matrix`, `list` (a vector that is neither row nor column yet), `family`
    (several vectors), `function`, `condition` or `set`; sizes are names or digits, "" where nobody knows.
    """

    form: str
    rows: str = "1"
    columns: str = "1"

    @property
    def array(self) -> bool:
        """Whether it has cells."""
        return self.form in _ARRAYS

    @property
    def flat(self) -> bool:
        """Whether it is a vector of any layout."""
        return self.form in ("column", "row", "list")


_ARRAYS: Final = frozenset(["column", "row", "list", "matrix", "family"])
SCALAR: Final = Kind("scalar")
CONDITION: Final = Kind("condition")

_NUMBERS: Final = frozenset(["dot", "norm", "sum", "mean", "trace", "det", "indicator", "P", "argmax"])
"""Calls that are numbers, whatever they are given."""

_LIKE_FIRST: Final = frozenset(["inv", "reverse", "cumsum", "Sum", "Prod", "softmax"])
"""Calls that are of the kind of their first argument."""


_VALUES: Final = frozenset([Name, Number, Binary, Call])
"""Most of all parts, none of them a condition."""


def array(rows: str, columns: str) -> Kind:
    """The kind with these sizes; what is one by one is a number."""
    if columns == "1":
        return SCALAR if rows == "1" else Kind("column", rows)
    return Kind("row", "1", columns) if rows == "1" else Kind("matrix", rows, columns)


def columnwise(matrix: Node, vector: Node, span: Span) -> Node:
    """`np.eye(N) * v` as numpy means it: every column of the matrix times its own entry of the vector."""
    return Binary("@", matrix, Call("diag", (vector,), (), span), span)


def beside_matrix(vector: Node, typed: str) -> Node:
    """A list beside a matrix in a Kronecker product: a row, as in numpy, unless a column was typed (`[[0], [1]]`)."""
    if isinstance(vector, Sequence) and "[[" in typed:
        return Sequence(tuple(Sequence((item,), item.span) for item in vector.items), vector.span)
    return Call("transpose", (vector,), (), vector.span)


def declared(symbol: Declaration | None) -> Kind:
    """The kind of a symbol; undeclared names are numbers."""
    if symbol is None or symbol.kind in ("scalar", "index"):
        return SCALAR
    if symbol.kind == "vector":
        return Kind("column", symbol.sizes[0])
    if symbol.kind == "matrix":
        return array(*symbol.sizes)
    if symbol.kind == "vectors":
        return Kind("family", *symbol.sizes)
    return Kind("function")


def widest(one: Kind, other: Kind) -> Kind:
    """The kind of a sum, a quotient or a cellwise product: a number counts for every cell."""
    if not other.array or (other.form == "list" and one.array):
        return one
    if not one.array or one.form == "list":
        return other
    if {one.form, other.form} == {"column", "row"}:
        return Kind("matrix", one.rows if one.form == "column" else other.rows, "")
    return one


def product(one: Kind, other: Kind) -> Kind:
    """The kind of a product of matrices; a list stands where a vector of the right layout would."""
    if not one.array or not other.array:
        return widest(one, other)
    if one.form == "list":
        one = Kind("row", "1", one.rows)
    if other.form == "list":
        other = Kind("column", other.rows)
    return array(one.rows, other.columns)


def transposed(kind: Kind) -> Kind:
    """The kind of a transpose; of a list, a row."""
    if kind.form == "list":
        return Kind("row", "1", kind.rows)
    return array(kind.columns, kind.rows) if kind.array else kind


def kind_of(node: Node, symbols: Declarations, known: Known | None = None) -> Kind:
    """The kind of a canonical tree; what cannot be told counts as a number.

    `known` remembers the kinds of its parts, so that asking again while a tree grows costs nothing.
    """
    if type(node) is Number:
        return SCALAR
    if known is None:
        known = {}
    found = known.get(id(node))
    if found is None:
        found = (node, _kind_of(node, symbols, known))
        known[id(node)] = found
    return found[1]


def _kind_of(node: Node, symbols: Declarations, known: Known) -> Kind:
    match node:
        case Name(id=name):
            return declared(symbols.get(name))
        case Unary(op=op, operand=operand):
            return CONDITION if op == "not" else kind_of(operand, symbols, known)
        case Binary(op=op, left=left, right=right):
            join = product if op == "@" else widest
            return join(kind_of(left, symbols, known), kind_of(right, symbols, known))
        case Compare() | Logic():
            return CONDITION
        case Choice(then=then, otherwise=otherwise):
            return widest(kind_of(then, symbols, known), kind_of(otherwise, symbols, known))
        case Sequence(items=items):
            if items and all(isinstance(item, Sequence) for item in items):
                first = items[0]
                width = len(first.items) if isinstance(first, Sequence) else 0
                return Kind("matrix", str(len(items)), str(width))
            return Kind("list", str(len(items)))
        case Call(function=function, args=args):
            return _called(function, args, symbols, known)
        case _:
            return SCALAR


def _called(function: str, args: tuple[Node, ...], symbols: Declarations, known: Known) -> Kind:
    if function in _NUMBERS or not args:
        return Kind("set") if function == "set" else SCALAR
    if function == "set":
        return Kind("set")
    if function in ("eye", "ones", "zeros", "arange"):
        return _made(function, args)
    first = kind_of(args[0], symbols, known)
    match function:
        case "transpose":
            return transposed(first)
        case "entry":
            return _entry(first, len(args) - 1)
        case "diag":
            size = first.columns if first.form == "row" else first.rows
            return Kind("column", first.rows) if first.form == "matrix" else Kind("matrix", size, size)
        case "outer" if len(args) == 2:
            return product(first._replace(form="column", columns="1"), transposed(kind_of(args[1], symbols, known)))
        case "gradient":
            return kind_of(args[1], symbols, known) if len(args) > 1 else first
        case "jacobian" | "kron" | "concat":
            seconds = [kind_of(arg, symbols, known) for arg in args[1:]]
            if function == "jacobian" or (first.form == "matrix" or any(one.form == "matrix" for one in seconds)):
                return Kind("matrix", "", "")
            return first._replace(rows="" if first.form != "row" else "1", columns="" if first.form == "row" else "1")
        case _ if function in _LIKE_FIRST:
            return first
        case _:
            # Functions of numbers are taken cell by cell.
            found = first
            for arg in args[1:]:
                found = widest(found, kind_of(arg, symbols, known))
            return found if found.array else SCALAR


def _made(function: str, args: tuple[Node, ...]) -> Kind:
    if function == "arange":
        last = args[-1]
        counted = len(args) == 2 and _size(args[0]) == "1" and isinstance(last, Binary) and _size(last.right) == "1"
        return Kind("list", _size(last.left) if counted and isinstance(last, Binary) else "")
    if function == "eye":
        return Kind("matrix", _size(args[0]), _size(args[0]))
    return Kind("matrix", _size(args[0]), _size(args[1])) if len(args) > 1 else Kind("column", _size(args[0]))


def _size(node: Node) -> str:
    return str(getattr(node, "id", "") or getattr(node, "text", ""))


def _entry(kind: Kind, count: int) -> Kind:
    if kind.form == "family":
        return array(kind.columns, "1") if count == 1 else SCALAR
    if kind.form == "matrix" and count == 1:
        return Kind("row", "1", kind.columns)
    return SCALAR


def is_condition(node: Node) -> bool:
    """Whether a part is true or false, not a number."""
    kind = type(node)
    return kind is Compare or kind is Logic or (isinstance(node, Unary) and node.op == "not")


def numeric(node: Node) -> Node:
    """A condition that stands as a number: 1 where it holds, 0 elsewhere."""
    if type(node) in _VALUES:
        return node
    return Call("indicator", (node,), (), node.span) if is_condition(node) else node


def is_counted(node: Node, symbols: Declarations) -> bool:
    """Whether an array is a range that is written out (`[1, …, N]`), or calculated from one and numbers alone."""
    match node:
        case Call(function="arange"):
            return True
        case Binary(op="+" | "-" | "*" | "/" | "**", left=left, right=right):
            found = [one for one in (left, right) if kind_of(one, symbols).array]
            return bool(found) and all(is_counted(one, symbols) for one in found)
        case Unary(operand=operand):
            return is_counted(operand, symbols)
        case _:
            return False


def matrix_of(node: Node) -> bool:
    """Whether a part is a list of rows as typed."""
    return isinstance(node, Sequence) and bool(node.items) and all(isinstance(one, Sequence) for one in node.items)
