"""Reading formulas: one, a table of cells, or the lines of a derivation."""

from __future__ import annotations

from app.domain.language import Decimal, LanguageError, Node, parse_formula, to_latex
from app.domain.language.tree import Sequence
from app.domain.widgets import Widget

MOST_LINES = 40


class UnreadableCell(Exception):
    """A formula in one cell or line of an answer that cannot be read."""

    def __init__(self, error: LanguageError, place: tuple[int, ...], where: str) -> None:
        super().__init__(error.says)
        self.says = f"{where}: {error.says}"
        self.start, self.end = error.start, error.end
        self.place = place


def read_formula(text: str, widget: Widget, decimal: Decimal) -> tuple[Node, str]:
    """The tree of one formula, and how it was read. Raises LanguageError."""
    node = parse_formula(text, widget.symbols, decimal, widget.relation)
    return node, to_latex(node, widget.symbols)
