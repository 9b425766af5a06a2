"""A text with a "not" taken out, or with two roles exchanged.

What makes no difference to a rubric, it did not take into account; a text that rests on that is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice

from graders.claims.english import AUXILIARIES

# So many of them are taken out, one at a time.
MOST_TAKEN_OUT = 3
_VERBS = "|".join(sorted(word for word in AUXILIARIES if word.isalpha()))
_NOT = re.compile(rf"(?:\b(?:{_VERBS})|['’]s)(?P<not>:?\s+not)\b(?P<behind>[^.;!?\n]*)", re.IGNORECASE)
# "Not only … but also" denies nothing.
_ONLY = re.compile(r"\s+(?:only|just|merely|simply|solely)\b", re.IGNORECASE)
_ADDING = re.compile(r"\s+(?:only|just|merely|simply|solely)\b.*\b(?:but|also)\b", re.IGNORECASE)


def without_a_not(text: str, doubtful: frozenset[int]) -> Iterator[str]:
    """The text without one of the "not"s that stand written out behind an auxiliary verb, for each of those that begin
    at the `doubtful` characters.
    """
    places = (found for found in _NOT.finditer(text) if found.end("not") - len("not") in doubtful)
    for found in islice(places, MOST_TAKEN_OUT):
        yield text[: found.start("not")] + text[found.end("not") :]


def without_not_only(text: str) -> Iterator[str]:
    """The text without one of the "not"s that say "not only" without a "but": a slip, or the opposite of "only"."""
    places = (
        found for found in _NOT.finditer(text) if _ONLY.match(found["behind"]) and not _ADDING.match(found["behind"])
    )
    for found in islice(places, MOST_TAKEN_OUT):
        yield text[: found.start("not")] + text[found.end("not") :]


def swapped(text: str, roles: Mapping[str, Sequence[str]]) -> str | None:
    """The text with two of its roles exchanged, if it names two."""
    named = [[form for form in forms if not set(form) & set("/*=.")] for forms in roles.values()]
    for one, other in combinations([forms for forms in named if forms], 2):
        ones, others = _any_of(one), _any_of(other)
        both = re.compile(f"(?P<one>{ones})|(?P<other>{others})", re.IGNORECASE)
        # The longer names first: "Newton" stands in "quasi-Newton".
        if len(max(other, key=len)) > len(max(one, key=len)):
            both = re.compile(f"(?P<other>{others})|(?P<one>{ones})", re.IGNORECASE)
        if {found.lastgroup for found in both.finditer(text)} == {"one", "other"}:
            return _exchanged(both, text, one[0], other[0])
    return None


def _exchanged(both: re.Pattern[str], text: str, one: str, other: str) -> str:
    return both.sub(lambda found: other if found.lastgroup == "one" else one, text)


def _any_of(forms: Sequence[str]) -> str:
    return r"\b(?:" + "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)) + r")\b"
