"""What LaTeX commands mean in the plain spelling of formulas."""

from __future__ import annotations

from typing import Final

from app.domain.language import greek

WORDS: Final[dict[str, str]] = {
    **{name: name for name in greek.LATEX},
    **{f"var{name}": name for name in ("epsilon", "theta", "phi", "rho", "sigma", "kappa", "pi")},
    **{
        name: name
        for name in [
            "log",
            "ln",
            "exp",
            "sin",
            "cos",
            "tan",
            "sec",
            "csc",
            "cot",
            "coth",
            "sinh",
            "cosh",
            "tanh",
            "arcsin",
            "arccos",
            "arctan",
            "max",
            "min",
            "argmin",
            "argmax",
            "det",
            "arg",
            "softmax",
            "sigmoid",
            "relu",
            "diag",
            "tr",
            "sup",
            "inf",
        ]
    },
    "lg": "log10",
    **dict.fromkeys(["bmod", "mod"], "mod"),
    "ell": "l",
    "omicron": "o",
    "Alpha": "Alpha",
    "Pr": "Pr",
    "imath": "i",
    "jmath": "j",
    "emptyset": "∅",
    "lfloor": "floor(",
    "lceil": "ceil(",
}
"""Command → word."""

SIGNS: Final[dict[str, str]] = {
    "cdot": "·",
    "times": "*",
    "ast": "*",
    "odot": "⊙",
    "circ": "⊙",
    "otimes": "⊗",
    "div": "/",
    **dict.fromkeys(["le", "leq", "leqslant"], "≤"),
    **dict.fromkeys(["ge", "geq", "geqslant"], "≥"),
    **dict.fromkeys(["ne", "neq"], "≠"),
    "lt": "<",
    "gt": ">",
    **dict.fromkeys(["land", "wedge"], "∧"),
    **dict.fromkeys(["lor", "vee"], "∨"),
    **dict.fromkeys(["lnot", "neg"], "¬"),
    "in": "∈",
    **dict.fromkeys(["dots", "ldots", "cdots", "dotsc", "dotsb", "vdots", "ddots", "dotso"], "…"),
    "infty": "∞",
    "partial": "∂",
    "nabla": "∇",
    "prime": "'",
    **dict.fromkeys(["top", "intercal"], "⊤"),
    "sum": "∑",
    "prod": "∏",
    "colon": ":",
    "coloneqq": "=",
    "mid": "|",
    **dict.fromkeys(["vert", "lvert", "rvert"], "|"),
    **dict.fromkeys(["|", "Vert", "lVert", "rVert", "parallel"], "‖"),
    "langle": "⟨",
    "rangle": "⟩",
    **dict.fromkeys(["rfloor", "rceil"], ")"),
    **dict.fromkeys(["{", "lbrace"], "{"),
    **dict.fromkeys(["}", "rbrace"], "}"),
    **dict.fromkeys(["lbrack"], "["),
    **dict.fromkeys(["rbrack"], "]"),
    "%": "%",
    "_": "_",
    "&": "∧",
    "#": "#",
    "$": "",
    **dict.fromkeys(
        [
            *(",", ";", ":", "!", " ", ">", "quad", "qquad", "enspace", "thinspace", "medspace", "thickspace"),
            *("displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "rm", "bf", "it"),
            *("Rightarrow", "implies", "iff", "Leftrightarrow", "therefore", "hfill", "space", "/", "hline", "("),
            *(")", "[", "]"),
        ],
        " ",
    ),
    **dict.fromkeys(["approx", "simeq"], "≈"),
    "to": "→",
    "rightarrow": "→",
}
"""Command → sign, or a space."""

SIZES: Final = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
) | frozenset(["left", "right", "middle"])
"""Commands that only make the delimiter after them larger."""

FONTS: Final = frozenset(
    [
        "text",
        "textrm",
        "textbf",
        "textit",
        "textnormal",
        "mathrm",
        "mathbf",
        "mathit",
        "mathsf",
        "mathtt",
        "mathcal",
        "mathscr",
        "mathfrak",
        "boldsymbol",
        "bm",
        "pmb",
        "operatorname",
        "mbox",
        "mathop",
        "mathord",
        "mathbin",
        "vec",
        "underline",
        "boxed",
        "ensuremath",
    ]
)
"""Commands whose argument counts as it is."""

DOUBLE: Final = frozenset(["mathbb", "mathds", "mathbbm", "Bbb"])
"""Double-struck letters: `1` and `I` are indicators."""

ACCENTS: Final[dict[str, str]] = {
    **dict.fromkeys(["hat", "widehat"], "hat"),
    **dict.fromkeys(["tilde", "widetilde"], "tilde"),
    **dict.fromkeys(["bar", "overline"], "bar"),
    "dot": "dot",
}

FRACTIONS: Final = frozenset(["frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"])

MATRICES: Final = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"])

CASES: Final = frozenset(["cases", "dcases", "rcases"])

PLAIN: Final = frozenset(["aligned", "align", "align*", "equation", "equation*", "split", "gather", "gather*", "math"])
"""Environments that mean nothing by themselves."""
