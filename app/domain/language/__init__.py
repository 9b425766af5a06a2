"""Reading and showing formulas: tokenizer, tree, limits, two grammars, LaTeX; nothing here calculates."""

from app.domain.language.author import parse_author
from app.domain.language.errors import LanguageError
from app.domain.language.formulas import parse_formula, parse_steps
from app.domain.language.functions import STUDENT_CONSTANTS, STUDENT_FUNCTIONS
from app.domain.language.kinds import Declaration, Declarations
from app.domain.language.latex import cells_to_latex, to_latex
from app.domain.language.limits import AUTHOR, ROWS, STUDENT, Limits, check_tree
from app.domain.language.numerals import Decimal
from app.domain.language.optima import minimised_over
from app.domain.language.rows import Cell, parse_cell, parse_row, parse_rows
from app.domain.language.source import to_source
from app.domain.language.student import parse_number, parse_student
from app.domain.language.tree import Node, free_names, walk
from app.domain.language.typed import to_typed

__all__ = [
    "AUTHOR",
    "ROWS",
    "STUDENT",
    "STUDENT_CONSTANTS",
    "STUDENT_FUNCTIONS",
    "Cell",
    "Decimal",
    "Declaration",
    "Declarations",
    "LanguageError",
    "Limits",
    "Node",
    "cells_to_latex",
    "check_tree",
    "free_names",
    "minimised_over",
    "parse_author",
    "parse_cell",
    "parse_formula",
    "parse_number",
    "parse_row",
    "parse_rows",
    "parse_steps",
    "parse_student",
    "to_latex",
    "to_source",
    "to_typed",
    "walk",
]
