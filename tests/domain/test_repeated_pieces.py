"""A piece typed hundreds of times is read or refused at once: no text may keep a web process busy for minutes."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.answers import Invalid, Read, read
from tests.domain.test_answers import WIDGETS

TYPED = ["number", "vector", "matrix", "table", "expression", "equation", "derivation", "graph", "sketch", "program"]
PIECES = [
    "1",
    "a",
    " ",
    "/",
    "%",
    ",",
    ";",
    "=",
    "(",
    ")",
    "[",
    "]",
    "-",
    "*",
    "…",
    "_",
    "^",
    "|",
    "{",
    "}",
    "\n",
    ".",
    ":",
]
WORDS = ["x_1", r"\cdot", r"\frac", "where", "if", "for", "sum_i", "~", "'"]
# What took hours once; and units of two to five pieces, the same ones every time.
KNOWN = ["1 / ", "80 % / ", "[1]  ", "where  ", r"\cdot ", "a, ", "1 = "]
DICE = Random(14)
UNITS = KNOWN + ["".join(DICE.choices(PIECES + WORDS, k=DICE.choice([2, 3, 3, 4, 5]))) for _ in range(120)]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", TYPED)
def test_a_piece_repeated_is_read_or_refused_with_a_sentence(kind: str) -> None:
    for place, unit in enumerate(UNITS):
        opening, ending = (("", "!"), ("1", "x"), ("a = ", ""), ("[", "]"))[place % 4]
        found = read(WIDGETS[kind], opening + (unit * 400)[:900] + ending)
        assert isinstance(found, Read) or (isinstance(found, Invalid) and found.says.endswith((".", "?"))), unit
