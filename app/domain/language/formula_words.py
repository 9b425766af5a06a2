"""The words of the grammar of mathematics: functions, their other names, and what joins conditions."""

from __future__ import annotations

from typing import Final

from app.domain.language.functions import ALIASES, STUDENT_FUNCTIONS, TRIGONOMETRIC

NUMERIC: Final = STUDENT_FUNCTIONS | frozenset(
    ["sec", "csc", "cot", "asinh", "acosh", "atanh", "sech", "csch", "coth", "erf", "factorial"]
)
"""Functions of numbers; of a vector they are taken cell by cell."""

RAISED: Final = TRIGONOMETRIC | frozenset(["sec", "csc", "cot", "sech", "csch", "coth"])

ARRAYS: Final[dict[str, tuple[int, int]]] = {
    "transpose": (1, 1),
    "dot": (2, 2),
    "outer": (2, 2),
    "norm": (1, 2),
    "trace": (1, 1),
    "det": (1, 1),
    "inv": (1, 1),
    "eye": (1, 1),
    "ones": (1, 2),
    "zeros": (1, 2),
    "arange": (1, 2),
    "kron": (2, 2),
    "concat": (1, 9),
    "reverse": (1, 1),
    "cumsum": (1, 1),
}
"""Functions of vectors and matrices that stand in trees as they are typed: fewest and most arguments."""

OTHERS: Final = frozenset(
    [
        "sum",
        "mean",
        "prod",
        "Sum",
        "Prod",
        "diag",
        "indicator",
        "set",
        "where",
        "Piecewise",
        "Heaviside",
        "matmul",
        "multiply",
        "divide",
        "add",
        "subtract",
        "negative",
        "power",
        "square",
        "cbrt",
        "root",
        "log1p",
        "expm1",
        "logaddexp",
        "clip",
        "Matrix",
        "KroneckerDelta",
        "Eq",
        "Ne",
        "Lt",
        "Le",
        "Gt",
        "Ge",
        "And",
        "Or",
        "Not",
        "Rational",
        "Abs",
    ]
)
"""Functions that are rewritten when they are read."""

OTHER_NAMES: Final[dict[str, str]] = {
    **ALIASES,
    **dict.fromkeys(("Transpose", "T", "trans", "transposed"), "transpose"),
    **dict.fromkeys(("inner", "vdot", "Dot", "dotproduct", "skalarprodukt"), "dot"),
    "Outer": "outer",
    **dict.fromkeys(("Norm", "linalg_norm", "l2norm"), "norm"),
    **dict.fromkeys(("tr", "Tr", "Trace"), "trace"),
    **dict.fromkeys(("Det", "determinant"), "det"),
    **dict.fromkeys(("Inverse", "inverse", "Inv"), "inv"),
    **dict.fromkeys(("identity", "Identity", "Eye"), "eye"),
    "range": "arange",
    "Kron": "kron",
    **dict.fromkeys(("concatenate", "hstack", "vstack", "cat", "Concat"), "concat"),
    **dict.fromkeys(("flip", "flipud", "reversed"), "reverse"),
    **dict.fromkeys(("Mean", "avg", "average"), "mean"),
    **dict.fromkeys(("product",), "prod"),
    **dict.fromkeys(("Product",), "Prod"),
    **dict.fromkeys(("Diag", "diagonal", "diagflat", "DiagonalMatrix", "diagm"), "diag"),
    **dict.fromkeys(("Indicator", "ind", "Ind", "iverson", "II", "float", "int"), "indicator"),
    **dict.fromkeys(("Set", "FiniteSet"), "set"),
    "piecewise": "Piecewise",
    **dict.fromkeys(("heaviside", "step", "unitstep", "H"), "Heaviside"),
    "MatMul": "matmul",
    "mm": "matmul",
    "hadamard": "multiply",
    **dict.fromkeys(("pow", "Pow"), "power"),
    "sqr": "square",
    **dict.fromkeys(("matrix", "array", "tensor", "vector", "Vector", "Array", "asarray", "list"), "Matrix"),
    **dict.fromkeys(("logistic", "expit", "Sigmoid", "sig"), "sigmoid"),
    "fabs": "abs",
    "logn": "log",
    "lg": "log10",
    **dict.fromkeys(("lb", "ld"), "log2"),
    **dict.fromkeys(("kronecker", "Kronecker", "delta"), "KroneckerDelta"),
    **{f"arc{stem}": f"a{stem}" for stem in ("sinh", "cosh", "tanh")},
    **{f"ar{stem}": f"a{stem}" for stem in ("sinh", "cosh", "tanh")},
    "cosec": "csc",
    "cotan": "cot",
    "fact": "factorial",
}
"""Other spelling → the name in the tables above."""

FORMULA_FUNCTIONS: Final = NUMERIC | ARRAYS.keys() | OTHERS

COMMON: Final = {
    word: OTHER_NAMES.get(word, word)
    for word in [*NUMERIC, *OTHER_NAMES]
    if OTHER_NAMES.get(word, word) in NUMERIC and "_" not in word
}
"""Words that call a function of numbers wherever a bracket follows, unless declared → the function."""

METHODS: Final = frozenset(
    [
        "sum",
        "mean",
        "dot",
        "trace",
        "inv",
        "det",
        "norm",
        "cumsum",
        "transpose",
        "prod",
        "exp",
        "log",
        "sqrt",
        "abs",
        "inverse",
        "diag",
        "matmul",
        "max",
        "min",
    ]
)
"""What can follow a dot, as in `x.sum()`."""
UNCHANGED: Final = frozenset(["doit", "simplify", "expand"])
"""Methods of sympy that write a formula in another way."""
CASTS: Final = frozenset(["astype", "float", "int"])
"""Methods that make numbers of a condition, as in `(y > 0).astype(float)`."""

SUMS: Final = frozenset(["sum", "Sum", "Sigma", "∑"])
PRODUCTS: Final = frozenset(["prod", "Prod", "product", "Product", "Pi", "∏"])
MEANS: Final = frozenset(["mean", "Mean", "avg"])
OPTIMA: Final = {"argmin": "", "min": "", "minimize": "", "minimise": "", "arg_min": ""} | dict.fromkeys(
    ["argmax", "max", "maximize", "maximise", "arg_max"], "-"
)
"""Words before an objective, and the sign that makes it one to be minimised."""

CONDITIONAL: Final = {
    "if": "if",
    "for": "if",
    "when": "if",
    "falls": "if",
    "wenn": "if",
    "then": "then",
    "else": "else",
    "otherwise": "else",
    "sonst": "else",
    "ansonsten": "else",
    **{word: word.lower() for word in ("If", "IF", "Then", "THEN", "Else", "ELSE")},
    **dict.fromkeys(("Otherwise", "Sonst"), "else"),
    "Falls": "if",
    "and": "and",
    "und": "and",
    "or": "or",
    "oder": "or",
    "not": "not",
    "even": "even",
    "gerade": "even",
    "odd": "odd",
    "ungerade": "odd",
    "nicht": "not",
    "in": "in",
    "is": "==",
    "ist": "==",
    "True": "True",
}
"""Words that are no names, unless declared → what they mean."""

UP_TO: Final = ("to", "bis")
"""Words for the dots of a range."""
RELATIONS: Final = frozenset(["==", "!=", "<", "<=", ">", ">="])
PROBABILITIES: Final = frozenset(["P", "p", "Pr"])
PREFIXES: Final = frozenset(
    ["np", "numpy", "math", "sympy", "sp", "torch", "jnp", "tf", "scipy", "linalg", "special", "F", "nn", "functional"]
)
"""What programmers write before a function and a dot."""
