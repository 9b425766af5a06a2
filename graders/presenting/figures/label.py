"""Labels in drawings: `h_1`, `w^{(2)}`, `\\lambda`, `x_{t-1}`; everything else stands as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTERS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Sigma": "Σ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
}
SIGNS = {"cdot": "·", "times": "×", "partial": "∂", "to": "→", "sum": "Σ", "infty": "∞", "sqrt": "√"}
FONTS = dict.fromkeys(("mathcal", "mathrm", "mathbf", "mathbb", "text", "displaystyle"), "")
NAMED = LETTERS | SIGNS | FONTS

_PIECE = re.compile(r"([_^])(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\s{}\\]))|(\\[A-Za-z]+ ?)|\$")
_LETTER = re.compile(r"[A-Za-zα-ωΓ-Ω]$")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a label: `level` is 1 raised, −1 lowered, 0 on the line."""

    text: str
    level: int = 0

    @property
    def letter(self) -> bool:
        """Whether it is a single letter, set as mathematics."""
        return bool(_LETTER.match(self.text))


def _named(text: str) -> str:
    return re.sub(r"\\([A-Za-z]+) ?", lambda found: NAMED.get(found[1], found[1]), text).replace("-", "−")


def runs(label: str) -> list[Run]:
    """The pieces of a label in order."""
    found: list[Run] = []
    plain = ""
    at = 0
    for match in _PIECE.finditer(label):
        plain += label[at : match.start()]
        at = match.end()
        if match[1]:
            if plain:
                found.append(Run(plain))
                plain = ""
            found.append(Run(_named(match[2] if match[2] is not None else match[3]), 1 if match[1] == "^" else -1))
        elif match[4]:
            plain += NAMED.get(match[4][1:].strip(), match[4].strip()[1:])
    plain += label[at:]
    if plain:
        found.append(Run(plain))
    return found


def width(label: str, size: float) -> float:
    """An estimate of the width in pixels, on the generous side."""
    total = 0.0
    for run in runs(label):
        scale = size * (0.72 if run.level else 1.0)
        total += scale * sum(
            0.32 if sign in ".,:;|!'()[]il " else 0.85 if sign in "mwMW" else 0.58 for sign in run.text
        )
    return total


def spoken(label: str) -> str:
    """The label as plain text for a text alternative."""
    return "".join(run.text for run in runs(label)) if set(label) & set("\\${") else label
