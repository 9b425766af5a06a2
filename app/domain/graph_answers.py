"""Reading computational graphs: a table of nodes, or a text with one node a line, becomes checked rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from app.domain.graph_chains import UnclearNode, joined
from app.domain.graph_display import LONGEST_NAME, NAME, Cells, graph_latex, graph_words
from app.domain.graph_lines import Line, LineError, read_formula, read_line, split_gradients, split_inputs
from app.domain.graph_operators import find_operator, operator_of, suggestion
from app.domain.language import Decimal, LanguageError, Node, parse_number, parse_rows
from app.domain.language.characters import QUOTATION_MARKS
from app.domain.language.greek import NAMES, SHORT
from app.domain.symbols import Symbol
from app.domain.widgets import Widget

MOST_NODES: Final = 60

Raw: TypeAlias = None | str | list["Raw"]

_ENTRY: Final = re.compile(r"(?P<stem>[^\W\d]\w*?)(?:_?\{?(?P<digits>\d{1,3})\}?|\[(?P<index>\d{1,3})\])")
_NUMBERS: Final = frozenset(["dot", "sum", "mean", "norm", "max", "min", "maxpool"])
"""Operators that make a number of a vector."""
_BAR: Final = re.compile(r"\s\|")
_DIAGONAL: Final = re.compile(r"diag\s*[(\[]+(?P<cells>[^()\[\]]*)[)\]]+")


class GraphError(Exception):
    """Why a graph cannot be read: one sentence, and the cell (row, column), or the place in the text."""

    def __init__(self, says: str, cell: tuple[int, ...] = (), start: int | None = None, end: int | None = None) -> None:
        super().__init__(says)
        self.says, self.cell, self.start, self.end = says, cell, start, end


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """A graph that can be followed from its inputs to its end. `rows` are [name, operator, inputs, value, gradients]:
    an input is a name, an entry `w[1]` of a given vector, or a tree where it is a number; value and gradients are
    trees, lists of them, or None.
    """

    rows: list[Any]
    latex: str
    words: str


@dataclass(slots=True)
class _Row:
    line: Line
    cell: tuple[int, ...] = ()
    start: int | None = None
    end: int | None = None
    inputs: list[str | Node] = field(default_factory=list)

    def refuse(self, says: str, column: int | None = None) -> GraphError:
        cell = () if not self.cell else self.cell if column is None else (self.cell[0], column)
        return GraphError(f"{self.place}: {says}", cell, self.start, self.end)

    @property
    def place(self) -> str:
        return f"Row {self.cell[0] + 1}" if self.cell else f"“{self.line.name.partition('#')[0][:40]}”"


def read_graph(widget: Widget, raw: Raw, decimal: Decimal = ".") -> ReadGraph | None:
    """The graph of an answer, None where nothing is answered.

    Raises:
        GraphError: what cannot be read, in one sentence that names the row.
    """
    rows = list(_rows(widget, raw))
    if not rows:
        return None
    if len(rows) > MOST_NODES:
        raise GraphError(f"This graph has {len(rows)} nodes; at most {MOST_NODES} can be graded.")
    rows = _merged(rows, widget)
    names = _Names(widget, rows)
    for row in rows:
        row.inputs = [names.meant(row, text) for text in row.line.inputs]
        operator = operator_of(row.line.operator)
        if not operator.takes(len(row.inputs)):
            given = f"not {len(row.inputs)}" if row.inputs else "and none is given"
            raise row.refuse(f"{operator.name} takes {operator.inputs}, {given}.", 2)
    _check_no_circle(rows)
    _settle_products(rows, widget)
    cells: list[Any] = [_cells(row, widget, decimal) for row in rows]
    return ReadGraph(cells, graph_latex(cells), graph_words(cells))


def _settle_products(rows: list[_Row], widget: Widget) -> None:
    """`a·b` is the dot product of two vectors, and any other product cell by cell."""
    made = {row.line.name: row for row in rows}
    known = {name: symbol.kind == "vector" for name, symbol in widget.symbols.items()}

    def is_vector(name: str | Node) -> bool:
        if not isinstance(name, str):
            return False
        if name not in known:
            row = made.get(name)
            one = row is None or row.line.operator in _NUMBERS
            known[name] = not one and row is not None and any(is_vector(source) for source in row.inputs)
        return known[name]

    for row in rows:
        if row.line.dotted and not all(map(is_vector, row.inputs)):
            row.line = replace(row.line, operator="*")


# --- rows and lines ---------------------------------------------------------------------------------------------------


def _rows(widget: Widget, raw: Raw) -> Iterator[_Row]:
    if isinstance(raw, str):
        yield from _text_rows(widget, raw)
        return
    items = raw or []
    if not any(isinstance(item, list) for item in items):
        if any(isinstance(item, str) and ("=" in item or "->" in item or "→" in item) for item in items):
            yield from _text_rows(widget, "\n".join(item for item in items if isinstance(item, str)))
            return
        if not any(_text(item).strip() for item in items):
            return
        items = [items]
    for number, item in enumerate(items):
        row = item if isinstance(item, list) else [item]
        if len(row) > 5:
            raise GraphError(
                f"Row {number + 1} has more than name, operator, inputs, value and gradients.", (number, 0)
            )
        if any(_any_text(cell) for cell in row):
            yield from _table_rows(widget, number, [*row, *[""] * (5 - len(row))])


def _text_rows(widget: Widget, text: str) -> Iterator[_Row]:
    at = 0
    for whole in text.split("\n"):
        # After a bar, semicolons stand between gradients.
        for piece in [whole] if _BAR.search(whole) else whole.split(";"):
            start = at + len(piece) - len(piece.lstrip())
            end = at + len(piece.rstrip())
            at += len(piece) + 1
            if not piece.strip():
                continue
            try:
                for line in read_line(piece.strip(), widget.words):
                    yield _Row(line, (), start, end)
            except LineError as error:
                says = f"“{piece.strip()[:40]}”: {error}"
                if error.sign and error.sign in piece:
                    start += piece.strip().index(error.sign)
                    end = start + 1
                    says = str(error) if error.sign in QUOTATION_MARKS else says
                raise GraphError(says, (), start, end) from None


def _table_rows(widget: Widget, number: int, row: Sequence[Raw]) -> Iterator[_Row]:
    name, word, inputs, value = (_text(cell).strip() for cell in row[:4])
    gradients = tuple(_text(cell).strip() for cell in row[4]) if isinstance(row[4], list) else None
    if gradients is None:
        gradients = split_gradients(_text(row[4]))
    where = (number, 0)
    if not word and not inputs:
        if "=" in name or "->" in name or "→" in name:
            try:
                yield from (_Row(line, where) for line in read_line(name, widget.words))
                return
            except LineError as error:
                raise GraphError(f"Row {number + 1}: {error}", where) from None
        raise GraphError(f"Row {number + 1}: choose what this node computes.", (number, 1))
    if not word:
        try:
            lines = read_formula(name or f"n{number + 1}", inputs, widget.words)
        except LineError as error:
            raise GraphError(f"Row {number + 1}: {error}", (number, 2)) from None
        lines[-1] = Line(lines[-1].name, lines[-1].operator, lines[-1].inputs, value, gradients)
        yield from (_Row(line, where) for line in lines)
        return
    pieces = split_inputs(inputs)
    operator = find_operator(word, widget.words, len(pieces))
    if operator is None:
        says = f"“{word[:40]}” is not an operator here. {suggestion(word, widget.words)}"
        raise GraphError(f"Row {number + 1}: {says}", (number, 1))
    yield _Row(Line(name or f"n{number + 1}", operator, pieces, value, gradients), where)


def _merged(rows: list[_Row], widget: Widget) -> list[_Row]:
    """Arrows that lead to one node without a name, on several lines: `x -> *`, `w -> *`."""
    try:
        found = joined([row.line for row in rows], widget.inputs)
    except UnclearNode as unclear:
        raise rows[unclear.place].refuse(unclear.says) from None
    return [replace(rows[place], line=line) for place, line in found]


# --- names ------------------------------------------------------------------------------------------------------------


def canonical(name: str) -> str:
    """A name without the differences of spelling: `λ`, `lam`, `\\lambda` are one, `a_{1}`, `a_1` and `a1` too."""
    plain = "".join(NAMES.get(letter, letter) for letter in name.strip().lstrip("\\"))
    plain = re.sub(r"[{}_]", "", plain)
    return SHORT.get(plain, plain)


class _Names:
    """What the names of a graph mean: given inputs, their entries, and nodes."""

    def __init__(self, widget: Widget, rows: list[_Row]) -> None:
        self.symbols = widget.symbols
        self.given = {canonical(name): name for name in widget.inputs}
        self.nodes: dict[str, str] = {}
        for row in rows:
            name = row.line.name
            if not row.line.hidden and (len(name) > LONGEST_NAME or not NAME.fullmatch(name)):
                raise row.refuse(f"“{name[:40]}” is no name; a name begins with a letter.", 0)
            key = canonical(name)
            if key in self.given and not row.line.hidden:
                raise row.refuse(f"“{name}” is given as an input; give this node another name.", 0)
            if key in self.nodes:
                raise row.refuse(f"there are two nodes called “{name}”.", 0)
            self.nodes[key] = name

    def meant(self, row: _Row, text: str) -> str | Node:
        """The node or input that a text names, or the number that it is."""
        key = canonical(text)
        # A node of that name comes first: its name was chosen here.
        if key in self.nodes:
            return self.nodes[key]
        if key in self.given:
            return self.given[key]
        if (entry := self._entry(text)) is not None:
            return entry
        try:
            return parse_number(text)
        except LanguageError:
            pass
        near = get_close_matches(key, [*self.given, *self.nodes], 1, 0.6)
        hint = f" Did you mean {(self.given | self.nodes)[near[0]]}?" if near else self._listed()
        raise row.refuse(f"“{text[:40]}” is no input and no node of this graph.{hint}", 2)

    def _listed(self) -> str:
        names = list(self.given.values())
        return f" The inputs are {', '.join(names)}." if names else ""

    def _entry(self, text: str) -> str | None:
        """`w1`, `w_1` or `w[1]`: an entry of a given vector, as `w[1]`."""
        match = _ENTRY.fullmatch(text.strip().lstrip("\\"))
        if match is None:
            return None
        name = self.given.get(canonical(match["stem"]))
        symbol: Symbol | None = self.symbols.get(name) if name else None
        if symbol is None or symbol.kind != "vector":
            return None
        index = int(match["digits"] or match["index"])
        return f"{name}[{index}]" if index >= 1 else None


def _check_no_circle(rows: list[_Row]) -> None:
    by_name = {row.line.name: row for row in rows}
    state: dict[str, int] = {}
    for start in rows:
        path = [(start, iter(start.inputs))] if start.line.name not in state else []
        while path:
            row, rest = path[-1]
            state[row.line.name] = 1
            for inner in rest:
                below = by_name.get(inner) if isinstance(inner, str) else None
                if below is None or state.get(below.line.name) == 2:
                    continue
                if state.get(below.line.name) == 1:
                    names = [one.line.name for one, _ in path]
                    circle = [*names[names.index(below.line.name) :], below.line.name][::-1]
                    raise row.refuse(f"“{row.line.name}” depends on itself ({' → '.join(circle)}).", 2)
                path.append((below, iter(below.inputs)))
                break
            else:
                state[row.line.name] = 2
                path.pop()


# --- values -----------------------------------------------------------------------------------------------------------


def _cells(row: _Row, widget: Widget, decimal: Decimal) -> Cells:
    line = row.line
    if len(line.gradients) > len(line.inputs):
        raise row.refuse(f"there are {len(line.gradients)} gradients for {len(line.inputs)} inputs.", 4)
    gradients: list[Cells] = [_quantity(row, text, 4, decimal) for text in line.gradients]
    gradients += [None] * (len(line.inputs) - len(gradients))
    return [line.name, line.operator, list(row.inputs), _quantity(row, line.value, 3, decimal), gradients]


def _quantity(row: _Row, text: str, column: int, decimal: Decimal) -> Cells:
    """A number, a vector or a matrix."""
    if not text.strip():
        return None
    try:
        if (diagonal := _DIAGONAL.fullmatch(text.strip())) is not None:
            cells = [cell for line in parse_rows(diagonal["cells"], decimal) for cell in line]
            zero = parse_number("0")
            return [[cell if i == j else zero for j in range(len(cells))] for i, cell in enumerate(cells)]
        if re.search(r"[\[;]|,\s*\S", text) is None:
            try:
                return parse_number(text, decimal)
            except LanguageError:
                if not re.search(r"\S\s+\S", text.strip()):
                    raise
        rows = parse_rows(text, decimal)
    except LanguageError as error:
        what = "its value" if column == 3 else "a gradient"
        raise row.refuse(f"{what} cannot be read: {error.says}", column) from None
    if len({len(line) for line in rows}) > 1 or not rows or len(rows) * len(rows[0]) > 400:
        raise row.refuse("the rows of this matrix are not equally long.", column)
    if len(rows) == 1:
        return list(rows[0])
    return [line[0] for line in rows] if len(rows[0]) == 1 else [list(line) for line in rows]


def _text(raw: Raw) -> str:
    return raw if isinstance(raw, str) else "" if raw is None else ", ".join(_text(one) for one in raw)


def _any_text(raw: Raw) -> bool:
    return any(_any_text(one) for one in raw) if isinstance(raw, list) else bool(raw and raw.strip())
