"""LaTeX for words: names with Greek letters and subscripts, function names, plain text."""

from __future__ import annotations

import re
from typing import Final

from app.domain.language import greek

FUNCTIONS: Final[dict[str, str]] = {
    **{name: rf"\{name}" for name in ("log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min")},
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "relu": r"\operatorname{ReLU}",
}
"""Functions with a sign of their own; others are set upright by name."""

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "{}$&#%_"},
}
_MARKED: Final = re.compile(rf"([A-Za-z]|{'|'.join(greek.LATEX)})(hat|bar|tilde)")
_NUMBERED: Final = re.compile(r"([^0-9]+)([0-9]+)")


def text(plain: str) -> str:
    """Plain text, escaped, upright."""
    return rf"\text{{{_escape(plain)}}}"


def function(name: str) -> str:
    """The name of a function before its brackets."""
    return FUNCTIONS.get(name, rf"\operatorname{{{_escape(name)}}}")


def name(word: str) -> str:
    """A symbol: `w` → w, `lam` → λ, `x_1` and `x1` → x with a subscript, longer words upright."""
    if word in greek.LATEX:
        return greek.LATEX[word]
    stem, _, below = word.partition("_")
    numbered = _NUMBERED.fullmatch(stem)
    subscripts = [part for part in below.split("_") if part]
    if numbered:
        stem = numbered.group(1)
        subscripts.insert(0, numbered.group(2))
    shown = ",".join(part if part.isdigit() else name(part) for part in subscripts)
    return _word(stem) + (f"_{{{shown}}}" if shown else "")


def _word(stem: str) -> str:
    if stem in greek.LATEX:
        return greek.LATEX[stem]
    marked = _MARKED.fullmatch(stem)
    if marked:
        return rf"\{marked.group(2)}{{{_word(marked.group(1))}}}"
    return stem if len(stem) == 1 and stem.isascii() else rf"\mathrm{{{_escape(stem)}}}"


def _escape(plain: str) -> str:
    return "".join(_SPECIAL.get(letter, letter if letter.isprintable() else " ") for letter in plain)
