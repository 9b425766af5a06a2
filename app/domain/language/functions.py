"""The functions and constants that students may use, and the other names they have."""

from __future__ import annotations

from typing import Final

TRIGONOMETRIC: Final = frozenset(["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"])
"""Here `sin²(x)` is (sin x)², without doubt."""

SEVERAL: Final = frozenset(["max", "min"])
"""Functions of two or more values; all others of `STUDENT_FUNCTIONS` take one."""

STUDENT_FUNCTIONS: Final = (
    TRIGONOMETRIC
    | SEVERAL
    | frozenset(["sqrt", "exp", "log", "log2", "log10", "sigmoid", "relu", "softplus", "abs", "sign", "floor", "ceil"])
)
"""Canonical names, as they stand in trees; `log` is the natural logarithm."""

STUDENT_CONSTANTS: Final = frozenset(["e", "pi"])
"""Names with a value, unless a symbol of that name is declared."""

ALIASES: Final[dict[str, str]] = {
    **{name.capitalize(): name for name in STUDENT_FUNCTIONS},
    **{name.upper(): name for name in ("relu", "log", "exp", "sqrt", "max", "min", "abs")},
    "ReLU": "relu",
    "ReLu": "relu",
    "Ln": "log",
    "arccos": "acos",
    "arcsin": "asin",
    "arctan": "atan",
    "ceiling": "ceil",
    "log_10": "log10",
    "log_2": "log2",
    "log_e": "log",
    "ln": "log",
    "maximum": "max",
    "minimum": "min",
    "sgn": "sign",
    "sigma": "sigmoid",
}
"""Other spelling → canonical name."""

MODULES: Final = frozenset(["np", "numpy", "math", "sympy", "sp", "torch"])
"""Prefixes that programmers type (`np.log(2)`) and that mean nothing here."""
