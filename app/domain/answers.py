"""Reading raw answers: what was posted becomes trees, words or positions, or a sentence why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.drawing_answers import DrawingError, read_drawing
from app.domain.formula_answers import UnreadablePart, lines_to_latex, read_cells, read_formula, read_lines
from app.domain.graph_answers import GraphError, read_graph
from app.domain.language import (
    LanguageError,
    Node,
    minimised_over,
    parse_formula,
    to_latex,
    to_source,
)
from app.domain.language.program_tree import program_source
from app.domain.language.programs import parse_program
from app.domain.number_answers import read_cell, read_number, read_row, read_rows
from app.domain.raw_answers import LONGEST_TEXT, MOST_CELLS, TooManyCells, leaves
from app.domain.sketch_answers import SketchError, read_sketch
from app.domain.symbols import with_sizes
from app.domain.widgets import Widget

Raw: TypeAlias = None | str | list["Raw"]
Line: TypeAlias = list[Node | None]
Tree: TypeAlias = None | Node | str | int | list["Tree"]
Decimal: TypeAlias = Literal[".", ",", "ask"]

LONGEST_INTEGER = 10_000  # bits
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why an answer cannot be read: a sentence, and where in the typed text (characters) or in which cell."""

    says: str
    start: int | None = None
    end: int | None = None
    cell: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A readable answer. `cells` has the shape of the answer: trees for numbers, words for selections,
    positions (from 1) for choices; None is a blank cell. `latex` shows it as it was read.
    """

    cells: Tree
    latex: str = ""
    words: str = ""
    over: tuple[str, ...] = ()
    """The names below `argmin`, where they were written."""

    @property
    def blank(self) -> bool:
        """Whether nothing was answered. "None of them" is an answer."""
        return _is_blank(self.cells)


def _is_blank(cells: Tree) -> bool:
    if isinstance(cells, list):
        # An empty list is "none of them"; only lists made of blanks are blank.
        return bool(cells) and all(_is_blank(cell) for cell in cells)
    return cells is None or cells == ""


BLANK = Read(None)


def read(widget: Widget, raw: object, decimal: Decimal = ".") -> Read | Invalid:
    """Read one raw answer; whatever arrives, the result is a `Read` or a sentence, never an exception."""
    found = _refused(raw)
    if found is not None:
        return found
    try:
        return _READERS[widget.kind](widget, raw, decimal)
    except LanguageError as error:
        return Invalid(error.says, error.start, error.end)
    except (UnreadablePart, SketchError, DrawingError) as error:
        return Invalid(error.says, error.start, error.end, error.place)
    except _Unreadable as error:
        return error.invalid


def raw_from(data: object) -> Raw:
    """Numbers and truth values a program may send in JSON, as the text a student would type."""
    if data is None or isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, float)):
        return repr(data)
    if isinstance(data, list):
        return [raw_from(item) for item in data]
    raise ValueError("An answer is text, a number or a list of these.")


class _Unreadable(Exception):
    def __init__(self, says: str, cell: tuple[int, ...] = (), start: int | None = None, end: int | None = None) -> None:
        self.invalid = Invalid(says, start, end, cell)


def _refused(raw: object) -> Invalid | None:
    characters = 0
    try:
        for one in leaves(raw, DEEPEST):
            if isinstance(one, list):
                return Invalid("This answer is nested too deeply; a table has rows and cells.")
            if isinstance(one, str):
                characters += len(one)
                if characters > LONGEST_TEXT:
                    return Invalid(f"This answer is longer than {LONGEST_TEXT} characters.")
            elif isinstance(one, int):
                if one.bit_length() > LONGEST_INTEGER:
                    return Invalid("This number has too many digits.")
            elif one is not None and not isinstance(one, float):
                return Invalid("An answer is text, a number or a list of these.")
    except TooManyCells:
        return Invalid(f"This answer has more than {MOST_CELLS} cells.")
    return None


def _text(raw: object) -> str:
    value = raw_from(raw)
    if value is None:
        return ""
    if isinstance(value, list):
        while isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, list):
            raise _Unreadable("One value is asked for here, not a list.")
        return value or ""
    return value


def _number(widget: Widget, raw: object, decimal: Decimal) -> Read:
    text = _text(raw)
    if not text.strip():
        return BLANK
    node = read_number(text, decimal)
    return Read(node, to_latex(node))


def _cell(text: Raw, decimal: Decimal, place: tuple[int, ...], names: Collection[str] = ()) -> Node | None:
    if isinstance(text, list):
        raise _Unreadable(f"{_place(place)}: one value is asked for here, not a list.", place)
    if text is None or not text.strip():
        return None
    try:
        return read_cell(text, decimal, names)
    except LanguageError as error:
        raise _Unreadable(f"{_place(place)}: {error.says}", place, error.start, error.end) from None


def _place(place: tuple[int, ...]) -> str:
    if len(place) == 1:
        return f"Entry {place[0] + 1}"
    return f"Row {place[0] + 1}, column {place[1] + 1}"


def _vector(widget: Widget, raw: object, decimal: Decimal) -> Read:
    value = raw_from(raw)
    names = [*with_sizes(widget.symbols)]
    cells: Line
    if isinstance(value, list):
        if len(value) == 1 and isinstance(value[0], list):
            value = value[0]
        elif all(isinstance(item, list) and len(item) == 1 for item in value):
            # A column is the same vector.
            value = [item[0] for item in value if isinstance(item, list)]
        cells = [_cell(item, decimal, (i,), names) for i, item in enumerate(value)]
    elif value is None or not value.strip():
        return BLANK
    else:
        cells = read_row(value, decimal, names)
    return Read([*cells], _latex_rows([cells])) if cells else BLANK


def _matrix(widget: Widget, raw: object, decimal: Decimal) -> Read:
    value = raw_from(raw)
    rows: list[Line]
    if isinstance(value, list):
        if value and not any(isinstance(row, list) for row in value):
            value = [value]
        rows = []
        for i, row in enumerate(value):
            if not isinstance(row, list):
                raise _Unreadable(f"Row {i + 1} is no list of cells.", (i,))
            rows.append([_cell(item, decimal, (i, j)) for j, item in enumerate(row)])
    elif value is None or not value.strip():
        return BLANK
    else:
        rows = [list(row) for row in read_rows(value, decimal)]
    if not any(rows):
        return BLANK
    width = len(rows[0])
    for i, line in enumerate(rows):
        if len(line) != width:
            raise _Unreadable(f"Row {i + 1} has {len(line)} cells, row 1 has {width}; all rows are equally long.", (i,))
    return Read([[*line] for line in rows], _latex_rows(rows))


def _latex_rows(rows: list[Line]) -> str:
    lines = (" & ".join(r"\square" if cell is None else to_latex(cell) for cell in row) for row in rows)
    return r"\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}"


def _choice(widget: Widget, raw: object, decimal: Decimal) -> Read:
    found = _positions(raw, len(widget.options_text), "options")
    if not found:
        return BLANK if found is None else Read([], words="none of them")
    positions = sorted(set(found))
    if len(positions) > 1 and not widget.several:
        raise _Unreadable("Choose one option only.")
    return Read([*positions], words=", ".join(map(str, positions)))


def _order(widget: Widget, raw: object, decimal: Decimal) -> Read:
    found = _positions(raw, len(widget.options_text), "blocks")
    if not found:
        return BLANK if found is None else Read([], words="none of them")
    twice = next((position for place, position in enumerate(found) if position in found[:place]), None)
    if twice is not None:
        raise _Unreadable(f"Block {twice} stands in two places; every block can be used once.")
    return Read([*found], words=", ".join(map(str, found)))


def _positions(raw: object, count: int, noun: str) -> list[int] | None:
    """Positions from 1 as they were given; an empty list for "none", None for nothing."""
    value = raw_from(raw)
    if isinstance(value, list):
        value = ",".join(str(item or "") for item in value)
    text = (value or "").strip()
    if text.lower() == "none":
        return []
    positions: list[int] = []
    for piece in text.replace(";", ",").replace(" ", ",").split(","):
        if not piece:
            continue
        if not (piece.isascii() and piece.isdigit() and len(piece) <= 4 and 1 <= int(piece) <= count):
            raise _Unreadable(f"“{piece[:20]}” is not one of the {noun} 1 to {count}.")
        positions.append(int(piece))
    return positions or None


TRUTH_WORDS: Mapping[str, str] = {"true": "true", "t": "true", "false": "false", "f": "false", "": ""}


def _word(text: Raw, words: Mapping[str, str], place: str) -> str | None:
    if isinstance(text, list):
        raise _Unreadable(f"{place}one word is asked for here, not a list.")
    known = words.get((text or "").strip().casefold())
    if known is None:
        choices = ", ".join(f"“{word}”" for word in dict.fromkeys(words.values()) if word)
        raise _Unreadable(f"{place}“{(text or '')[:40]}” is not one of {choices}.")
    return known or None


def _words(widget: Widget) -> dict[str, str]:
    return {"": ""} | {word.casefold(): word for word in widget.words}


def _truth(widget: Widget, raw: object, decimal: Decimal) -> Read:
    return _list_of_words(len(widget.options_text), TRUTH_WORDS, raw)


def _list_of_words(length: int, words: Mapping[str, str], raw: object) -> Read:
    value = raw_from(raw)
    if isinstance(value, str):
        value = list(value.split(",")) if value.strip() else []
    items = value or []
    if len(items) > length:
        raise _Unreadable(f"{length} entries are asked for here, not {len(items)}.")
    cells: list[Tree] = [_word(item, words, f"Entry {i + 1}: ") for i, item in enumerate(items)]
    cells += [None] * (length - len(cells))
    read_as = Read(cells, words=", ".join(str(cell or "–") for cell in cells))
    return BLANK if read_as.blank else read_as


def _select(widget: Widget, raw: object, decimal: Decimal) -> Read:
    if widget.rows:
        return _list_of_words(len(widget.rows), _words(widget), raw)
    word = _word(_text(raw), _words(widget), "")
    return Read(word, words=word or "")


def _table(widget: Widget, raw: object, decimal: Decimal) -> Read:
    value = raw_from(raw)
    if isinstance(value, str):
        if value.strip():
            raise _Unreadable("A table is sent as a list of rows.")
        return BLANK
    rows = value or []
    if len(rows) > len(widget.rows):
        raise _Unreadable(f"This table has {len(widget.rows)} rows, not {len(rows)}.")
    words: list[Tree] = []
    numbers: list[Line] = []
    for i in range(len(widget.rows)):
        row = rows[i] if i < len(rows) else []
        if not isinstance(row, list) or len(row) > len(widget.columns):
            raise _Unreadable(f"Row {i + 1} has at most {len(widget.columns)} cells.")
        padded = list(row) + [""] * (len(widget.columns) - len(row))
        if widget.words:
            known = _words(widget)
            words.append([_word(item, known, f"{_place((i, j))}: ") for j, item in enumerate(padded)])
        else:
            numbers.append([_cell(item, decimal, (i, j)) for j, item in enumerate(padded)])
    read_as = Read(words) if widget.words else Read([[*line] for line in numbers], _latex_rows(numbers))
    return BLANK if read_as.blank else read_as


def _expression(widget: Widget, raw: object, decimal: Decimal) -> Read:
    value = raw_from(raw)
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None or value == []:
        return BLANK
    if isinstance(value, list):
        node = read_cells(widget, [*value], decimal)
    else:
        node = read_formula(widget, value, decimal) if value.strip() else None
    over = minimised_over(value) if isinstance(value, str) else ()
    return BLANK if node is None else Read(node, to_latex(node, widget.symbols), over=over)


def _derivation(widget: Widget, raw: object, decimal: Decimal) -> Read:
    value = raw_from(raw)
    lines = value if isinstance(value, list) else (value or "").splitlines()
    if any(isinstance(line, list) for line in lines):
        raise _Unreadable("A derivation is sent as a list of lines.")
    nodes = read_lines(widget, [str(line or "") for line in lines], decimal)
    return Read([*nodes], lines_to_latex(widget, nodes)) if nodes else BLANK


def _plain(widget: Widget, raw: object, decimal: Decimal) -> Read:
    text = _text(raw)
    return Read(text, words=text) if text.strip() else BLANK


def _graph(widget: Widget, raw: object, decimal: Decimal) -> Read:
    try:
        found = read_graph(widget, raw_from(raw), decimal)
    except GraphError as error:
        raise _Unreadable(error.says, error.cell, error.start, error.end) from None
    return BLANK if found is None else Read([*found.rows], found.latex, found.words)


def _sketch(widget: Widget, raw: object, decimal: Decimal) -> Read:
    found = read_sketch(widget.frame, raw_from(raw), decimal)
    return BLANK if found is None else Read([*found.strokes], words=found.words)


def _program(widget: Widget, raw: object, decimal: Decimal) -> Read:
    """Lines of a small program, as one text or line by line; it is kept as typed."""
    value = raw_from(raw)
    lines = value if isinstance(value, list) else [value]
    if any(isinstance(line, list) for line in lines):
        raise _Unreadable("A program is one text, or a list of its lines.")
    text = "\n".join(str(line or "") for line in lines)
    if not text.strip():
        return BLANK
    symbols = with_sizes(widget.symbols)
    try:
        program = parse_program(text, [*symbols])
    except LanguageError as error:
        # One formula, as people write it (`[1 v_1, …, N v_N]`), is a program too.
        try:
            text = to_source(parse_formula(text, symbols, decimal))
            program = parse_program(text, [*symbols])
        except LanguageError:
            raise error from None
    return Read(text, words=program_source(program))


_READERS = {
    "number": _number,
    "vector": _vector,
    "matrix": _matrix,
    "choice": _choice,
    "order": _order,
    "truth": _truth,
    "select": _select,
    "table": _table,
    "text": _plain,
    "expression": _expression,
    "derivation": _derivation,
    "graph": _graph,
    "sketch": _sketch,
    "drawing": lambda widget, raw, decimal: Read(*read_drawing(raw_from(raw))),
    "program": _program,
}
