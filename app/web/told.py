"""Finished sentences of the rooms below, told in another language: looked up whole, or by the form they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SENTENCE = "sentence"
"""The context of such sentences in the catalogues."""

PLACE = re.compile(r"\{(\d+|[a-z]{3,})\}")
END = re.compile(r"(?<=[.?]) (?=[A-Z“])")
COLON = ": "
# Behind these, a place holds whole sentences.
BEFORE_MORE = (COLON, ". ")
# What is quoted was typed by somebody and stays as it is.
QUOTES = ("“", '"', "`", "‘")
CLOSERS = ("”", '"', "`", "’")
QUOTED = re.compile("“[^”]*”")
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
        # "Line {0}" is not the form of "Line 3: here a value is missing.", nor "{0} is missing." of "Line 3: x is
        # missing."
        lead = self.fixed[-2]
        if at > end or (first and not last and COLON in sentence[at:] and not lead.endswith(BEFORE_MORE)):
            return None
        found.append(sentence[at:end])
        if not first and COLON in found[0]:
            return None
        behind = (piece[:1] for piece in self.fixed[1:])
        return found if all(map(_is_one_thing, found, behind)) else None

    def is_one_sentence(self, values: list[str]) -> bool:
        """Whether no sentence ends within these values, but in what is open at the end, and in quotations."""
        closed = zip(self.places, values if self.fixed[-1] else values[:-1], strict=False)
        return not any(END.search(QUOTED.sub("", value)) for place, value in closed if place in self.plain)


def _is_one_thing(value: str, behind: str) -> bool:
    """Whether no quotation ends within a value that began before it, or begins and does not end: “x”: “=” are two."""
    return value.count("“") == value.count("”") and not (behind in CLOSERS and behind in value)


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
        known = self._known(sentence, depth)
        if known is not None or depth > DEEPEST or len(sentence) > LONGEST:
            return known or sentence
        several = END.split(sentence)
        return " ".join(self.tell(one, depth + 1) for one in several) if len(several) > 1 else sentence

    def tell_wholly(self, sentence: str) -> str:
        """The same, but all of it or nothing: an author's words beside ours would be half translated."""
        known = self._known(sentence, 0, single=True)
        if known is None and len(sentence) <= LONGEST:
            told = [self._known(one, 1, single=True) for one in END.split(sentence)]
            known = None if None in told else " ".join(one for one in told if one)
        return sentence if known is None else known

    def _known(self, sentence: str, depth: int, single: bool = False) -> str | None:
        """The translation of a sentence of ours; None where it is none. `single`: other sentences are not in it."""
        known = self._whole.get(sentence)
        if known is not None or depth > DEEPEST or len(sentence) > LONGEST:
            return known
        for form in self._forms:
            found = form.values(sentence)
            if found is not None and not (single and not form.is_one_sentence(found)):
                values = {
                    place: self.tell(value, depth + 1) if place in form.plain else value
                    for place, value in zip(form.places, found, strict=True)
                }
                return PLACE.sub(lambda place, values=values: values[place[1]], form.translation)  # type: ignore[misc]
        return None


def form_of(english: str, translation: str) -> Form:
    """The form of a sentence with places."""
    fixed, places = PLACE.split(english)[::2], PLACE.findall(english)
    quoted = {place for before, place in zip(fixed, places, strict=False) if before.endswith(QUOTES)}
    return Form(tuple(fixed), tuple(places), frozenset(places) - quoted, translation)
