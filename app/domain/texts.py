"""Human text in one or several languages."""

from __future__ import annotations

from typing import TypeAlias

Text: TypeAlias = str | dict[str, str]
"""A string, or a map from language code to string."""

PREFERRED = "en"


def in_language(text: Text, language: str = PREFERRED) -> str:
    """The text in that language, else in English, else in whichever language there is."""
    if isinstance(text, str):
        return text
    for wanted in (language, PREFERRED):
        if wanted in text:
            return text[wanted]
    return next(iter(text.values()), "")
