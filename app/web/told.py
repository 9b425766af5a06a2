"""Finished sentences of the rooms below, told in another language: looked up whole, or by the form they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SENTENCE = "sentence"
"""The context of such sentences in the catalogues."""

PLACE = re.compile(r"\{(\d+|[a-z]{3,})\}")
END = re.compile(r"(?<=[.?]) (?=[A-Z“])")
# What is quoted was typed by somebody and stays as it is.
COLON = ": "
QUOTES = ("“", '"', "`", "‘")
DEEPEST = 4
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Form:
    """A sentence with places for values: what is fixed around them, their names in order, and its translation.

    `plain` are the places that may hold sentences or words of ours.
    """

    fixed: tuple[str, ...]
    places: tuple[str, ...]
    plain: frozenset[str]
    translation: str

    def values(self, sentence: str) -> list[str] | None:
        """What stands in the places of a sentence of this form; None when it has another one.

        Every value is as short as can be. Linear: a regular expression could be made to try for ever.
        """
        first, *middle, last = self.fixed
        end = len(sentence) - len(last)
        if not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        found, at = [], len(first)
        for piece in middle:
            next_at = sentence.find(piece, at, end)
            if next_at < 0:
                return None
            found.append(sentence[at:next_at])
            at = next_at + len(piece)
        # "Line {0}" is not the form of "Line 3: here a value is missing."
        if at > end or (first and not last and COLON in sentence[at:]):
            return None
        return [*found, sentence[at:end]]


class Told:
    """All sentences of one language, by what they are in English."""

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        self._whole: dict[str, str] = {}
        forms = []
        for english, translation in sentences:
            if PLACE.search(english):
                forms.append(form_of(english, translation))
            self._whole[english] = translation
        # The more of a sentence is fixed, the surer it is that it was made in this form.
        self._forms = sorted(forms, key=lambda form: -sum(map(len, form.fixed)))

    def tell(self, sentence: str, depth: int = 0) -> str:
        """The sentence in this language; as it stands where the language has none."""
        known = self._whole.get(sentence)
        if known is not None or depth > DEEPEST or len(sentence) > LONGEST:
            return known or sentence
        for form in self._forms:
            found = form.values(sentence)
            if found is not None:
                values = {
                    place: self.tell(value, depth + 1) if place in form.plain else value
                    for place, value in zip(form.places, found, strict=True)
                }
                return PLACE.sub(lambda place, values=values: values[place[1]], form.translation)  # type: ignore[misc]
        several = END.split(sentence)
        return " ".join(self.tell(one, depth + 1) for one in several) if len(several) > 1 else sentence


def form_of(english: str, translation: str) -> Form:
    """The form of a sentence with places."""
    fixed, places = PLACE.split(english)[::2], PLACE.findall(english)
    quoted = {place for before, place in zip(fixed, places, strict=False) if before.endswith(QUOTES)}
    return Form(tuple(fixed), tuple(places), frozenset(places) - quoted, translation)
