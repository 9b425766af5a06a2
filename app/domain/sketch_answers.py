"""Reading sketches: a table of coordinates, or the same as text, becomes points that can be drawn and judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

from app.domain.language import Decimal, LanguageError, Node, parse_number
from app.domain.language.tree import Binary, Number, Unary
from app.domain.sketch_frames import FARTHEST, SketchFrame

MOST_POINTS: Final = 60
LONGEST_COORDINATE: Final = 40
FINEST: Final = 10**12

Raw: TypeAlias = None | str | list["Raw"]
Pair: TypeAlias = list[Node | None]
Stroke: TypeAlias = None | list[Pair]
Cells: TypeAlias = list[Any]

_PAIR: Final = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
# Between strokes, but not inside brackets.
_BETWEEN: Final = re.compile(r"\n|;(?![^(\[]*[)\]])")
_NOTHING: Final = frozenset({"none", "no", "no arrow", "nothing", "zero", "stays", "kein", "keiner", "kein pfeil"})


class SketchError(Exception):
    """Why a sketch cannot be read: one sentence, and its place (stroke, row, column)."""

    start = end = None

    def __init__(self, says: str, place: tuple[int, ...] = ()) -> None:
        super().__init__(says)
        self.says, self.place = says, place


@dataclass(frozen=True, slots=True)
class ReadSketch:
    """What was drawn, stroke by stroke in the order of the frame: pairs [x, y], or None where nothing was drawn.

    An arrow is one pair, its direction [x, y], or two pairs, where it starts and where it ends.
    """

    strokes: Cells
    words: str


def read_sketch(frame: SketchFrame | None, raw: Raw, decimal: Decimal = ".") -> ReadSketch | None:
    """The sketch of an answer, None where nothing is drawn.

    Raises:
        SketchError: what cannot be read, in one sentence that names the point.
    """
    if frame is None:
        raise SketchError("There is nothing to draw on here.")
    strokes: list[Stroke] = [None] * len(frame.names)
    for number, item in _items(frame, raw):
        strokes[number] = _stroke(frame, number, item, decimal)
    if not any(strokes):
        return None
    told = (f"{name}: {_told(frame, stroke)}" for name, stroke in zip(frame.names, strokes, strict=True) if stroke)
    return ReadSketch(strokes, "; ".join(told))


def exact(node: Node) -> Fraction | None:
    """The value of a coordinate: a number, or a fraction of two; None for any other formula."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Unary) and node.op in ("-", "+"):
        inner = exact(node.operand)
        return None if inner is None else -inner if node.op == "-" else inner
    if isinstance(node, Binary) and node.op == "/":
        above, below = exact(node.left), exact(node.right)
        return None if above is None or not below else above / below
    return None


# --- strokes ----------------------------------------------------------------------------------------------------------


def _items(frame: SketchFrame, raw: Raw) -> Iterator[tuple[int, Raw]]:
    """What was given for each stroke, by its number."""
    if isinstance(raw, str):
        yield from _lines_of(frame, raw)
        return
    items = list(raw or [])
    # With one stroke, a list of pairs is that stroke.
    if len(frame.names) == 1 and items and not _holds_pairs(items[0]) and not isinstance(items[0], str):
        items = [items]
    if len(items) > len(frame.names):
        raise SketchError(f"{len(frame.names)} of {', '.join(frame.names)} can be drawn here, not {len(items)}.")
    yield from enumerate(items)


def _holds_pairs(item: Raw) -> bool:
    return isinstance(item, list) and (not item or any(isinstance(one, list) for one in item))


def _lines_of(frame: SketchFrame, text: str) -> Iterator[tuple[int, Raw]]:
    if frame.draw == "arrows" and text.strip(" .").casefold() in _NOTHING:
        yield from enumerate([text.strip()] * len(frame.names))
        return
    known = {name.casefold(): number for number, name in enumerate(frame.names)}
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece.strip()]
    seen: set[int] = set()
    for place, piece in enumerate(pieces):
        name, colon, rest = piece.partition(":")
        number = known.get(name.strip().casefold()) if colon else place
        if number is None or number >= len(frame.names):
            asked = ", ".join(f"“{one}”" for one in frame.names)
            raise SketchError(f"“{name.strip()[:40]}” is none of {asked}.")
        if number in seen:
            raise SketchError(f"“{frame.names[number]}” is drawn twice.")
        seen.add(number)
        yield number, rest if colon else piece


def _stroke(frame: SketchFrame, number: int, item: Raw, decimal: Decimal) -> Stroke:
    pairs = [(row, pair) for row, pair in _pairs(frame, number, item) if any(cell.strip() for cell in pair)]
    if not pairs:
        return None
    name = frame.names[number]
    if frame.draw == "arrows" and len(pairs) > 2:
        raise SketchError(f"{name}: an arrow has a direction, or a start and an end.", (number, 0, 0))
    if len(pairs) > MOST_POINTS:
        raise SketchError(f"{name} has {len(pairs)} points; at most {MOST_POINTS} can be graded.", (number, 0, 0))
    return [[_coordinate(frame, (number, row, side), pair[side], decimal) for side in (0, 1)] for row, pair in pairs]


def _pairs(frame: SketchFrame, number: int, item: Raw) -> Iterator[tuple[int, tuple[str, str]]]:
    name = frame.names[number]
    if item is None or isinstance(item, str):
        yield from enumerate(_from_text(frame, name, item or ""))
        return
    # [x, y] is a single pair, unless these are points written out.
    texts = [one or "" for one in item if not isinstance(one, list)]
    if len(item) == len(texts) == 2 and not any(text.strip()[:1] in ("(", "[") for text in texts):
        item = [item]
    for row, one in enumerate(item):
        if one is None or isinstance(one, str):
            yield from ((row, pair) for pair in _from_text(frame, name, one or ""))
        elif len(one) > 2 or any(isinstance(cell, list) for cell in one):
            raise SketchError(f"{_place(frame, number, row)}: a point has two coordinates, x and y.", (number, row, 0))
        else:
            x, y = [*one, "", ""][:2]
            yield row, (str(x or ""), str(y or ""))


def _from_text(frame: SketchFrame, name: str, text: str) -> list[tuple[str, str]]:
    """The points of a text such as “(0, 1) (2, 3.5)”."""
    if not text.strip():
        return []
    if frame.draw == "arrows" and text.strip(" .0()[],").casefold() in (_NOTHING | {""}):
        return [("0", "0")]
    rest = _PAIR.sub(" ", text)
    if rest.strip(" ,;-–—>→\t"):
        raise SketchError(
            f"{name}: write points such as (1, 2), with brackets around each; “{rest.strip()[:30]}” is none."
        )
    pairs = []
    for found in _PAIR.finditer(text):
        inner = found[1] if found[1] is not None else found[2]
        cells = inner.split(";") if ";" in inner else inner.split(",")
        if len(cells) != 2:
            raise SketchError(f"{name}: “{found[0][:30]}” is no point; a point has two coordinates, such as (1, 2).")
        pairs.append((cells[0], cells[1]))
    return pairs


def _coordinate(frame: SketchFrame, cell: tuple[int, int, int], text: str, decimal: Decimal) -> Node:
    number, row, side = cell
    where = f"{_place(frame, number, row)}, {'xy'[side]}"
    if not text.strip():
        raise SketchError(f"{where} is missing.", cell)
    if len(text) > LONGEST_COORDINATE:
        raise SketchError(f"{where}: a coordinate has at most {LONGEST_COORDINATE} characters.", cell)
    try:
        node = parse_number(text, decimal)
    except LanguageError as error:
        raise SketchError(f"{where}: {error.says}", cell) from None
    value = exact(node)
    if value is None:
        raise SketchError(f"{where}: “{text.strip()}” is no coordinate; write a number such as 1.5 or 3/2.", cell)
    if abs(value) > FARTHEST or value.denominator > FINEST:
        raise SketchError(f"{where}: “{text.strip()}” lies too far away to be drawn, or has too many digits.", cell)
    return node


def _place(frame: SketchFrame, number: int, row: int) -> str:
    return frame.names[number] if frame.draw == "arrows" else f"{frame.names[number]}, point {row + 1}"


def _told(frame: SketchFrame, stroke: list[Pair]) -> str:
    return ", ".join(f"({', '.join(_short(cell) for cell in pair)})" for pair in stroke)


def _short(cell: Node | None) -> str:
    value = None if cell is None else exact(cell)
    if value is None:
        return "–"
    text = f"{float(value):.6g}"
    return text.replace("-", "−")
