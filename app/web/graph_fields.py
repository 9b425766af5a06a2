"""Graphs in plain inputs: rows of nodes as a text with one node a line."""

from __future__ import annotations

from typing import Any

SIGNS = ("+", "-", "*", "/", "**")


def graph_text(value: Any) -> str:
    """The raw answer as text; what is text stays as it was typed. Scripts write the same (answers/graph-text.js)."""
    if not isinstance(value, list):
        return "" if value is None else str(value)
    return "\n".join(line for row in value if (line := _line(row)))


def _line(row: Any) -> str:
    if not isinstance(row, list):
        return "" if row is None else str(row)
    name, operator, inputs, number, gradients = [*row, *[""] * 5][:5]
    sources = [piece for piece in _text(inputs).replace(",", " ").replace(";", " ").split() if piece]
    slopes = [_text(one) for one in gradients] if isinstance(gradients, list) else [_text(gradients)]
    word, noted = _text(operator).strip(), any(one.strip() for one in slopes)
    if not any(_text(cell).strip() for cell in (name, operator, inputs, number, *slopes)):
        return ""
    if word in SIGNS and len(sources) > 1:
        formula = f" {word} ".join(sources)
    else:
        formula = f"{word}({', '.join(sources)})" if word else _text(inputs).strip()
    written = f" | {_text(number).strip()}" if _text(number).strip() or noted else ""
    return f"{_text(name).strip()} = {formula}{written}" + (f" | {'; '.join(slopes)}" if noted else "")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return "" if value is None else str(value)
