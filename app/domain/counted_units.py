"""What a number counts, in words behind it that leave it as it is: `1000 neurons`, `4000 Einträge`, `408 octets`."""

from __future__ import annotations

import re
from typing import Final

_ENGLISH: Final = (
    "px|pixels?|neurons?|units?|nodes?|params?|parameters?|weights?|bias(?:es)?|kernels?|filters?|channels?|zeros|times"
    "|steps?|samples?|images?|points?|entries|elements?|cells?|layers?|classes|values?|numbers?|multiplications"
    "|operations|bytes?|states?|pairs?"
)
_GERMAN: Final = (
    "neuron(?:en)?|einheit(?:en)?|knoten|parametern?|gewicht(?:en?)?|filtern?|kan(?:al|älen?)|nullen|mal|schritt(?:en?)?"
    "|beispiel(?:en?)?|bild(?:ern?)?|punkt(?:en?)?|eintr(?:ag|ägen?)|element(?:en?)?|zellen?|schicht(?:en)?|klassen?"
    "|wert(?:en?)?|zahl(?:en)?|multiplikation(?:en)?|operation(?:en)?|zust(?:and|änden?)|paar(?:en?)?"
)
_FRENCH: Final = (
    "neurones?|unités?|nœuds?|noeuds?|paramètres?|poids|biais|noyaux?|filtres?|can(?:al|aux)|zéros?|fois|étapes?|exemples?"
    "|échantillons?|entrées?|éléments?|cellules?|couches?|valeurs?|nombres?|opérations?|octets?|états?|paires?"
)
_BIAS: Final = (
    r"(?:with|without|no|including|incl\.|mit|ohne|inklusive|inkl\.|avec|sans)\s+(?:the\s+|les?\s+)?bi(?:as(?:es)?|ais)"
)
_COUNTED: Final = re.compile(
    rf"(?<=[0-9)\]}}])\s*(?:{_ENGLISH}|{_GERMAN}|{_FRENCH}|(?-i:B))?"
    r"(?:\s+(?:(?:on|at)\s+)?(?:each|every|per)\s+side)?"
    rf"(?:\s+\(?{_BIAS}\)?)?\s*\.?\s*$",
    re.IGNORECASE,
)
"""Words that change the number (thousand, k, kB, cm) are none of them."""


def without_unit(text: str) -> str:
    """The text without the words behind its last number that say what it counts."""
    return _COUNTED.sub("", text)
