"""Decides when two numbers, arrays or formulas are the same; nothing here gives points."""

from graders.equality.arrays import columns_of, rows_of, same_cells, same_shape, summary
from graders.equality.decisions import decide
from graders.equality.expressions import Verdict, equal
from graders.equality.numbers import AUTO, EXACT, Precision, Tolerance, precision, same_number
from graders.equality.sampling import DOMAINS

__all__ = [
    "AUTO",
    "DOMAINS",
    "EXACT",
    "Precision",
    "Tolerance",
    "Verdict",
    "columns_of",
    "decide",
    "equal",
    "precision",
    "rows_of",
    "same_cells",
    "same_number",
    "same_shape",
    "summary",
]
