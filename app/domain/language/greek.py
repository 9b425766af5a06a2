"""Greek letters and the names they are typed by."""

from __future__ import annotations

from typing import Final

_SMALL: Final = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]

NAMES: Final[dict[str, str]] = {
    **{chr(0x3B1 + place): name for place, name in enumerate(_SMALL)},
    **{chr(0x391 + place): name.capitalize() for place, name in enumerate(_SMALL) if place != 17},  # no capital ς
}
"""Letter → name: `α` → `alpha`, `Σ` → `Sigma`; both small sigmas are `sigma`."""

SHORT: Final[dict[str, str]] = {"lam": "lambda", "lamb": "lambda", "lamda": "lambda", "eps": "epsilon"}
"""Short names that authors like (`lambda` is a reserved word of their grammar) → the full name."""

LATEX: Final[dict[str, str]] = {
    **{name: rf"\{name}" for name in _SMALL if name != "omicron"},
    **{
        name: rf"\{name}"
        for name in [
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "Pi",
            "Sigma",
            "Upsilon",
            "Phi",
            "Psi",
            "Omega",
        ]
    },
    **{short: rf"\{name}" for short, name in SHORT.items()},
}
"""Name → LaTeX command; capitals that look like Latin letters have none."""
