"""Human text in one or several languages."""

from __future__ import annotations

import pytest

from app.domain.texts import Text, in_language


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Size", "de", "Size"),
        ({"en": "Size", "de": "Größe"}, "de", "Größe"),
        ({"en": "Size", "de": "Größe"}, "fr", "Size"),
        ({"cs": "Velikost", "de": "Größe"}, "fr", "Velikost"),
        ({}, "en", ""),
    ],
)
def test_the_wanted_language_else_english_else_any(text: Text, language: str, found: str):
    assert in_language(text, language) == found
