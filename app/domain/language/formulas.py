"""The grammar of mathematics: formulas in declared numbers, vectors, matrices and functions, as people type them."""

from __future__ import annotations

from app.domain.language.kinds import Declarations
from app.domain.language.limits import STUDENT, Limits
from app.domain.language.numerals import Decimal
from app.domain.language.student import parse_student
from app.domain.language.tree import Node


def parse_formula(
    text: str,
    symbols: Declarations,
    decimal: Decimal = ".",
    relation: bool = False,
    limits: Limits = STUDENT,
) -> Node:
    """The canonical tree of a formula as a student typed it; also of an equation or inequality if `relation`.

    Raises LanguageError with the place, and with the ways to write it where it could be read in several ways.
    """
    return parse_student(text, tuple(symbols), decimal=decimal, limits=limits)
