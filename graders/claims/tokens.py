"""A text as words, numbers, signs and marks, each with its place in what was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from graders.claims.english import ABBREVIATIONS
from graders.claims.spelling import Vocabulary

Kind = Literal["word", "number", "sign", "mark", "line"]
MOST_TOKENS = 1_500

_PIECES = re.compile(
    r"(?P<short>w/o\b|w/(?=\s)|b/c\b|w\.r\.t\.?|e\.g\.?|i\.e\.?|etc\.|approx\.|diag\.)"
    r"|(?P<cut>\b(?:prob|det|distr|dist|deriv|derivs|conv|max|min|adv|disadv|resp|incl|esp|avg|reg|init|dim|func|expl|"
    r"diff|pos|neg|vs|equiv|indep|transf|corr|grad|grads|param|params)\.(?=\s+(?-i:[a-z0-9(#≠=])))"
    r"|(?P<counted>#(?=\s*(?-i:of\b|[a-z]{3})))"
    r"|(?P<compared>!=|<=|>=|==)"
    r"|(?P<arrow>-+>|=+>|[→⇒⟶⟹])"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?\d*(?:[^\W\d_]+\d*)*)"
    r"|(?P<number>\d+(?:[.,]\d+)*%?(?P<tail>[^\W\d_]\w*)?)"
    r"|(?P<line>\n+\s*(?:[-*•–]\s+|\(?\w{1,2}[).]\s+)?)"
    r"|(?P<mark>[.!?;,:()\[\]\"“”])"
    r"|(?P<sign>[^\s\w])",
    re.IGNORECASE,
)
_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega "
    "sum delta gradient partial"
)
_GREEK = dict(zip("αβγδεζηθικλμνξπρστφχψωΣΔ∇∂", _LETTERS.split(), strict=True))
_COMPARED = {"!=": "≠", "<=": "≤", ">=": "≥", "==": "="}
_ARROW = "→"


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is compared as typed (lower case), `stem` as meant; `start` and `end` point into the text."""

    word: str
    stem: str
    kind: Kind
    start: int
    end: int


def tokens_of(text: str, vocabulary: Vocabulary) -> list[Token]:
    """The tokens of a text, at most `MOST_TOKENS`; abbreviations are written out, each word at the same place."""
    found: list[Token] = []
    for piece in _PIECES.finditer(text):
        if len(found) >= MOST_TOKENS:
            break
        kind = piece.lastgroup or "sign"
        start, end = piece.span()
        typed = unicodedata.normalize("NFKC", piece.group()).lower().replace("’", "'")
        if kind == "cut":
            # An abbreviation with its full stop, which ends no sentence here.
            typed = typed.removesuffix(".")
        if kind == "compared":
            found.append(Token(_COMPARED[typed], _COMPARED[typed], "sign", start, end))
        elif kind == "counted":
            found.append(Token("number", vocabulary.meant("number"), "word", start, end))
        elif kind == "arrow":
            found.append(Token(_ARROW, _ARROW, "word", start, end))
        elif kind in ("word", "short", "cut", "tail", "number"):
            if kind not in ("short", "cut") and piece["number"] and not piece["tail"]:
                found.append(Token(typed, typed, "number", start, end))
                continue
            found += [Token(word, vocabulary.meant(word), "word", start, end) for word in _words(typed)]
        elif kind == "line":
            found.append(Token("\n", "\n", "line", start, end))
        elif typed in _GREEK or piece.group() in _GREEK:
            name = _GREEK.get(piece.group(), _GREEK.get(typed, ""))
            found.append(Token(name, name, "word", start, end))
        elif kind == "sign" and typed in "\\$_`~–—-−":
            if typed in "–—" or (typed in "-−" and text[max(0, start - 1) : start].isspace()):
                found.append(Token(",", ",", "mark", start, end))
        else:
            found.append(Token(typed, typed, "mark" if kind == "mark" else "sign", start, end))
    return found


def _words(typed: str) -> tuple[str, ...]:
    if typed in _GREEK:
        return (_GREEK[typed],)
    if typed in ABBREVIATIONS:
        return ABBREVIATIONS[typed]
    if typed.endswith("n't"):
        return (typed.removesuffix("n't"), "not")
    stemless, mark, ending = typed.partition("'")
    if mark and ending in ("s", "re", "m", "ve", "ll", "d"):
        return (stemless, "is") if ending == "s" and stemless in ("it", "that", "there", "what", "he") else (stemless,)
    return (typed.replace("'", ""),)
