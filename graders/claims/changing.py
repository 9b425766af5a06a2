"""A text with a "not" or a "without" taken out, or with two roles exchanged.

What makes no difference to a rubric, it did not take into account; a text that rests on that is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from graders.claims.english import AUXILIARIES, PREPOSITIONS

# So many of them are taken out, one at a time.
MOST_TAKEN_OUT = 3
_VERBS = "|".join(sorted(word for word in AUXILIARIES if word.isalpha()))
_REST = r"[^.;!?\n]*"
# Looked at, not taken: another one may follow in it.
_NOT = re.compile(rf"(?:\b(?:{_VERBS})|['’]s)(?P<not>:?\s+not)\b(?=(?P<behind>{_REST}))", re.IGNORECASE)
_CONTRACTED = re.compile(
    r"\b(?:(?:does|do|did|is|are|was|were|has|have|could|would|should)(?P<not>n['’]?t)|can(?P<t>['’]?t|not))\b"
    rf"(?=(?P<behind>{_REST}))",
    re.IGNORECASE,
)
# "Not only … but also" denies nothing.
_ONLY = re.compile(r"\s+(?:only|just|merely|simply|solely)\b", re.IGNORECASE)
_ADDING = re.compile(r"\s+(?:only|just|merely|simply|solely)\b.*\b(?:but|also)\b", re.IGNORECASE)
# What stands behind these is not there, does not happen, or does not count.
_MISSING = re.compile(
    r"\b(?:without|w/o|instead\s+of|rather\s+than|as\s+opposed\s+to|lack(?:s|ed|ing)?(?:\s+of)?|free\s+of|"
    r"ignor(?:es?|ed|ing)|disregard(?:s|ed|ing)?|neglect(?:s|ed|ing)?|omit(?:s|ted|ting)?|except(?:\s+for)?|"
    r"avoid(?:s|ed|ing)?|(?P<never>never))\s+",
    re.IGNORECASE,
)
# An idea begins at once, or behind a word or two ("without any further …"), but not behind a preposition.
_BEGINS = re.compile(
    rf"[^\w,:;.!?\n]*(?:(?!(?:{'|'.join(sorted(PREPOSITIONS))})\b)[\w-]+[^\S\n]+){{0,2}}", re.IGNORECASE
)
# "We could instead of trying all just try a few": both may be done.
_POSSIBLE = re.compile(r"\b(?:can|could|may|might)\s+$", re.IGNORECASE)
_HAPPENS = re.compile(r"(?:[\w-]+\s+){1,3}(?P<what>\w{2,}ing)\b")


def without_a_not(text: str, doubtful: frozenset[int]) -> Iterator[str]:
    """The text without one of the "not"s that stand behind an auxiliary verb, written out or contracted with it, for
    each of those that begin at the `doubtful` characters; a contracted one begins with its verb.
    """
    places = (one for one in _nots(text) if one.begins in doubtful)
    for one in islice(places, MOST_TAKEN_OUT):
        yield text[: one.start] + text[one.end :]


def without_not_only(text: str) -> Iterator[str]:
    """The text without one of the "not"s that say "not only" without a "but": a slip, or the opposite of "only"."""
    places = (one for one in _nots(text) if _ONLY.match(one.behind) and not _ADDING.match(one.behind))
    for one in islice(places, MOST_TAKEN_OUT):
        yield text[: one.start] + text[one.end :]


@dataclass(frozen=True, slots=True)
class AsIfThere:
    """A text as if something in it were there, and the characters at which that may begin. Something else `happens` to
    what ends before that place: "without momentum blowing up" lacks no momentum.
    """

    text: str
    begins: range
    happens: int

    def names(self, start: int, end: int) -> bool:
        """Whether the characters `start` to `end` name what was said to be missing."""
        return start in self.begins and not end <= self.happens


def as_if_there(text: str) -> Iterator[AsIfThere]:
    """The text without one of the words that call something missing, replaced or ignored."""
    for one in islice(_MISSING.finditer(text), MOST_TAKEN_OUT):
        place = one.start()
        if _POSSIBLE.search(text, max(place - 12, 0), place):
            continue
        changed = text[:place] + text[one.end() :]
        begins = _BEGINS.match(changed, place)
        happens = _HAPPENS.match(changed, place) if one.group().lower().startswith("without") else None
        yield AsIfThere(
            changed,
            range(place, (begins.end() if begins and not one["never"] else place) + 1),
            -1 if happens is None else happens.start("what"),
        )


@dataclass(frozen=True, slots=True)
class _Not:
    """Characters `start` to `end`, without which nothing is denied; the word `begins`; what stands `behind` it."""

    start: int
    end: int
    begins: int
    behind: str


def _nots(text: str) -> list[_Not]:
    """The "not"s that stand behind an auxiliary verb, in the order of the text."""
    found = [
        _Not(*one.span("not"), begins=one.end("not") - len("not"), behind=one["behind"]) for one in _NOT.finditer(text)
    ]
    for one in _CONTRACTED.finditer(text):
        start, end = one.span("not") if one["not"] else one.span("t")
        found.append(_Not(start, end, begins=one.start(), behind=one["behind"]))
    return sorted(found, key=lambda one: one.start)


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
