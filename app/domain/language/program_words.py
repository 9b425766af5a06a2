"""What programs may call: the functions of numpy that are known, and the names they go by."""

from __future__ import annotations

from typing import Final

MODULES: Final = frozenset(["np", "numpy", "math", "jnp", "torch", "scipy"])
"""Prefixes that may stand before a function."""

SUBMODULES: Final = frozenset(["linalg", "special"])

CONSTANTS: Final = frozenset(["pi", "e", "inf", "nan"])
"""Numbers that need not be given (`np.pi`)."""

NOTHING: Final = frozenset(["newaxis"])
"""Spelled with a prefix, and the same as None."""

TYPES: Final = frozenset(["float", "int", "float64", "float32", "int64", "int32", "bool", "double"])
"""Words for kinds of numbers, which only stand where one is chosen (`dtype=float`, `astype(float)`)."""

PROPERTIES: Final = {"T": "transpose", "shape": "shape", "size": "size", "ndim": "ndim"}
"""What may follow a value without brackets → the function it is."""

ALIASES: Final = {
    "absolute": "abs",
    "fabs": "abs",
    "amax": "max",
    "amin": "min",
    "array": "asarray",
    "asanyarray": "asarray",
    "ascontiguousarray": "asarray",
    "arccos": "acos",
    "arcsin": "asin",
    "arctan": "atan",
    "concatenate": "concat",
    "cat": "concat",
    "expit": "sigmoid",
    "flipud": "reverse",
    "reversed": "reverse",
    "fmax": "maximum",
    "fmin": "minimum",
    "identity": "eye",
    "inner": "dot",
    "vdot": "dot",
    "mm": "matmul",
    "mv": "matmul",
    "mod": "remainder",
    "pow": "power",
    "row_stack": "vstack",
    "tensor": "asarray",
    "divide": "true_divide",
    "repeat_interleave": "repeat",
}
"""Other spelling → the name in trees."""

# fmt: off
ELEMENTWISE: Final = frozenset([
    "abs", "sqrt", "exp", "log", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "sign", "floor", "ceil", "round", "square", "negative", "reciprocal", "sigmoid",
    "relu", "softplus",
])
"""One array in, one of the same shape out."""

PAIRWISE: Final = frozenset([
    "add", "subtract", "multiply", "true_divide", "power", "maximum", "minimum", "remainder", "floor_divide",
    "logaddexp",
])
"""Two arrays in, entry by entry."""

_OTHERS: Final = frozenset([
    "zeros", "ones", "empty", "full", "eye", "arange", "linspace", "asarray", "zeros_like", "ones_like",
    "empty_like", "full_like", "copy", "astype", "diag", "diagonal", "trace", "tril", "triu", "kron", "outer",
    "dot", "matmul", "repeat", "tile", "insert", "append", "concat", "hstack", "vstack", "stack",
    "column_stack", "reverse", "flip", "fliplr", "roll", "ravel", "flatten", "reshape", "transpose", "squeeze",
    "expand_dims", "where", "max", "min", "sum", "prod", "mean", "cumsum", "cumprod", "norm", "det", "inv",
    "clip", "any", "all", "argmax", "argmin", "diff", "convolve", "shape", "size", "ndim", "len", "range",
    "enumerate", "zip", "float", "int", "list", "entry", "Sum", "Prod", "indicator",
])
"""All others; `entry`, `Sum`, `Prod` and `indicator` are those of formulas."""
# fmt: on

PROGRAM_FUNCTIONS: Final = ELEMENTWISE | PAIRWISE | _OTHERS
"""Canonical names, as they stand in trees."""


def canonical(name: str) -> str | None:
    """The name in trees of what a word calls, None where nothing of that name can be called."""
    name = ALIASES.get(name, name)
    return name if name in PROGRAM_FUNCTIONS else None
