"""The words of German and French that deny something: rubrics are in English, but the names they look for are read in
any language, and so must be what denies them.
"""

from __future__ import annotations

from collections.abc import Sequence

from graders.claims.tokens import Token

DENYING = frozenset(
    {"nicht", "nichts", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "niemand", "weder",
     "nirgends", "kaum", "pas", "jamais", "aucun", "aucune", "aucunement", "rien", "guère", "nullement"}
)  # fmt: skip
# What stands before a denial in these languages.
GERMAN_VERBS = frozenset({"ist", "sind", "wird", "werden", "kann", "können", "hat", "haben"})
FRENCH_VERBS = frozenset({"est", "sont", "peut", "peuvent", "devient", "deviennent"})
# Behind these, "pas" is a step: "à chaque pas", "peu de pas".
_STEP_OF = frozenset(
    {"un", "le", "les", "des", "du", "de", "chaque", "son", "ses", "ce", "petit", "petits", "grand", "grands"}
)


def is_step(tokens: Sequence[Token], place: int) -> bool:
    """Whether "pas" is no denial in French but a step."""
    return tokens[place].word == "pas" and place > 0 and tokens[place - 1].word in _STEP_OF
