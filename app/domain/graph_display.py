"""A computational graph as it was read, in LaTeX and in words. Rows are [name, operator, inputs, value, gradients]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from app.domain.graph_operators import SAME
from app.domain.language import Node, to_latex
from app.domain.language.tree import Name, Number, Unary

Cells: TypeAlias = None | Node | str | list["Cells"]

LONGEST_NAME: Final = 24
NAME: Final = re.compile(r"\\?[^\W\d]\w*(?:\{\w+\})?'*")
_BETWEEN: Final = {"+": "+", "-": "-", "*": r"\cdot", "/": "/", "matmul": ""}


def graph_latex(rows: Sequence[Any]) -> str:
    """One line for every node: what it computes, its value, and the gradients at its edges."""
    lines = [
        rf"{_name(name)} &= {_formula(operator, inputs)}{_notes(name, inputs, *rest)}"
        for name, operator, inputs, *rest in rows
    ]
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def graph_words(rows: Sequence[Any]) -> str:
    """The nodes without values, on one line."""
    return "; ".join(f"{name} = {_told(operator, inputs)}" for name, operator, inputs, *_ in rows)


def _notes(name: str, inputs: list[Cells], value: Cells, gradients: list[Cells]) -> str:
    shown = "" if value is None else f" = {_quantity(value)}"
    slopes = [
        rf"\tfrac{{\partial {_name(name)}}}{{\partial {_name(source)}}} = {_quantity(slope)}"
        for source, slope in zip(inputs, gradients, strict=True)
        if slope is not None and isinstance(source, str)
    ]
    return shown + (r" &&\quad " + r",\; ".join(slopes) if slopes else "")


def _quantity(value: Cells) -> str:
    if not isinstance(value, list):
        return r"\square" if value is None or isinstance(value, str) else to_latex(value)
    if any(isinstance(one, list) for one in value):
        lines = [" & ".join(map(_quantity, one if isinstance(one, list) else [one])) for one in value]
        return r"\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}"
    return "(" + r",\, ".join(map(_quantity, value)) + ")"


def _name(name: str) -> str:
    stem, _, number = name.partition("#")
    if number:
        return rf"{_name(stem)}^{{({number})}}" if stem else rf"({number})"
    entry = re.fullmatch(r"(.+)\[(\d+)\]", name)
    if entry:
        return rf"{_name(entry[1])}_{{{entry[2]}}}"
    if not NAME.fullmatch(name):
        return rf"\texttt{{{_safe(name)}}}"
    return to_latex(Name(name.lstrip("\\").replace("{", "").replace("}", "").rstrip("'"))) + "'" * name.count("'")


def _safe(text: str) -> str:
    return re.sub(r"[^\w.,()+*/=-]", "", text).replace("_", r"\_")


def _formula(operator: str, inputs: list[Cells]) -> str:
    texts = [_name(one) if isinstance(one, str) else _quantity(one) for one in inputs]
    if operator == SAME:
        return texts[0]
    if operator in _BETWEEN:
        signed = [f"({text})" if isinstance(one, Unary) else text for one, text in zip(inputs, texts, strict=True)]
        return f" {_BETWEEN[operator]} ".join(signed)
    if operator == "**":
        return rf"{{{texts[0]}}}^{{{texts[1]}}}"
    return rf"\operatorname{{{_safe(operator)[:LONGEST_NAME]}}}({', '.join(texts)})"


def _told(operator: str, inputs: list[Cells]) -> str:
    texts = [one if isinstance(one, str) else one.text if isinstance(one, Number) else _quantity(one) for one in inputs]
    if operator == SAME:
        return texts[0]
    if operator in ("+", "-", "*", "/", "**"):
        return f" {operator} ".join(texts)
    return f"{operator}({', '.join(texts)})"
