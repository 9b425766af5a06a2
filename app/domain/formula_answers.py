"""Reading answers that are mathematics: one formula, a table of cells, the lines of a derivation."""

from __future__ import annotations

import re
from typing import Final

from app.domain.asides import aside, left_side_to_latex, side_calculated, taken_apart
from app.domain.language import Decimal, LanguageError, Node, parse_formula, parse_steps, to_latex
from app.domain.language.latex_input import plain_spelling
from app.domain.language.limits import STUDENT
from app.domain.language.tree import Constant, Sequence
from app.domain.number_answers import read_number
from app.domain.trailing_definitions import without_differentials, without_remarks
from app.domain.widgets import Widget
from app.domain.workings import named_in, working_of

MOST_LINES = 40
_WORD: Final = re.compile(r"[^\W\d_]\w*")


class UnreadablePart(Exception):
    """A cell or line of an answer that cannot be read: a sentence, and where in it."""

    def __init__(self, error: LanguageError, where: str, place: tuple[int, ...]) -> None:
        super().__init__(error.says)
        self.says = f"{where}: {error.says}"
        self.start, self.end = error.start, error.end
        self.place = place


def read_formula(widget: Widget, text: str, decimal: Decimal) -> Node:
    """The tree of one formula; abbreviations may be defined behind it, and its size named. Raises LanguageError."""
    written_out = without_remarks(text, widget.symbols) if len(text) <= STUDENT.length else text
    if written_out != text:
        try:
            return parse_formula(written_out, widget.symbols, decimal, widget.relation)
        except LanguageError:
            pass  # what is wrong is told of the text as typed
    try:
        return parse_formula(text, widget.symbols, decimal, widget.relation)
    except LanguageError:
        if len(text) > STUDENT.length:
            raise
        try:
            found = without_differentials(text)
            return _worked_out(widget, text, decimal) if found in ("", text) else _formula(widget, found, decimal)
        except LanguageError:
            pass
        raise


def _formula(widget: Widget, text: str, decimal: Decimal) -> Node:
    return parse_formula(text, widget.symbols, decimal, widget.relation)


def _worked_out(widget: Widget, text: str, decimal: Decimal) -> Node:
    """The value of several steps of working: equations that name something each, or calculations in numbers.

    Raises LanguageError where they are neither.
    """
    plain = plain_spelling(text)
    named = None if widget.relation else named_in(plain, widget.lead, widget.symbols)
    if named is not None:
        for other in named.others:
            _formula(widget, other, decimal)
        return _formula(widget, named.result, decimal)
    if widget.relation or working_of(plain) is None or any(word in widget.symbols for word in _WORD.findall(plain)):
        raise LanguageError("Write one formula only; this is an equation.", text)
    return read_number(text, decimal)


def read_cells(widget: Widget, cells: list[object], decimal: Decimal) -> Node | None:
    """A vector or matrix typed cell by cell; None when every cell is blank. Raises UnreadablePart."""
    rows = cells if any(isinstance(row, list) for row in cells) else [cells]
    found: list[Node] = []
    blank = True
    for i, row in enumerate(rows):
        line = row if isinstance(row, list) else [row]
        items: list[Node] = []
        for j, cell in enumerate(line):
            place = (i, j) if rows is cells else (j,)
            node = _cell(widget, cell, decimal, place)
            blank = blank and node is None
            items.append(node if node is not None else Constant(None))
        found.append(Sequence(tuple(items)))
    if blank:
        return None
    return Sequence(tuple(found)) if rows is cells else found[0]


def _cell(widget: Widget, cell: object, decimal: Decimal, place: tuple[int, ...]) -> Node | None:
    if not isinstance(cell, str) or not cell.strip():
        if isinstance(cell, list):
            raise UnreadablePart(LanguageError("One formula is asked for here, not a list."), _place(place), place)
        return None
    try:
        return parse_formula(cell, widget.symbols, decimal)
    except LanguageError as error:
        raise UnreadablePart(error, _place(place), place) from None


def _place(place: tuple[int, ...]) -> str:
    if len(place) == 1:
        return f"Entry {place[0] + 1}"
    return f"Row {place[0] + 1}, column {place[1] + 1}"


def read_lines(widget: Widget, lines: list[str], decimal: Decimal) -> list[Node]:
    """The formulas of a derivation; a chain `a = b = c` on a line is several. Raises UnreadablePart.

    Lines that calculate a part on the side (`df/da = …`) are marked as such, unless there are no others.
    """
    found: list[Node] = []
    written = [(number, line) for number, line in enumerate(lines) if line.strip()]
    if len(written) > MOST_LINES:
        says = f"This derivation has more than {MOST_LINES} lines."
        raise UnreadablePart(LanguageError(says), f"Line {MOST_LINES + 1}", (written[MOST_LINES][0],))
    for number, line in written:
        try:
            steps = _steps(widget, line, decimal, len(written) > 1)
        except LanguageError as error:
            raise UnreadablePart(error, f"Line {number + 1}", (number,)) from None
        of = side_calculated(line, widget.lead, widget.symbols) if "=" in line and widget.lead else None
        found += steps if of is None else [aside(of, one) for one in steps]
    apart = [taken_apart(one) for one in found]
    return found if None in apart else [one[1] for one in apart if one is not None]


def _steps(widget: Widget, line: str, decimal: Decimal, others: bool) -> list[Node]:
    """The formulas of a line; none where it only states the chain rule and other lines follow it."""
    try:
        return parse_steps(line, widget.symbols, decimal, widget.relation)
    except LanguageError:
        rest = without_differentials(line) if len(line) <= STUDENT.length else line
        if rest == line or not (rest or others):
            raise
        try:
            return parse_steps(rest, widget.symbols, decimal, widget.relation) if rest else []
        except LanguageError:
            pass
        raise


def lines_to_latex(widget: Widget, nodes: list[Node]) -> str:
    """A derivation, one formula below the other."""
    joint = " " if widget.relation else "={} & "
    rows: list[str] = []
    begun = False
    for node in nodes:
        apart = taken_apart(node)
        if apart is not None:
            rows.append(rf"& {left_side_to_latex(apart[0])} = {to_latex(apart[1], widget.symbols)}")
            continue
        rows.append(f"{joint if begun else '& '}{to_latex(node, widget.symbols)}")
        begun = True
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"
