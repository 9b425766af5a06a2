"""When answers are the same to a marker: identical (normal_forms), or but for slips of spelling and filling words.

Likeness is told cautiously, and who marks sees what was overlooked. Another number, another sign, a negation or
another word is another answer, however alike the letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from app.services.marking.normal_forms import GREEK

LONGEST = 600
"""Longer texts are grouped only where they are identical."""
MOST_FORMS = 400
"""So many different texts are compared with each other; rarer ones are grouped only where they are identical."""
NEAR_TEXT, SHORT_WORD, NAME = 88.0, 5, 3
A_WORD = 2
"""What so many people wrote is a word, and no slip for another one."""
NO_WORDS: frozenset[str] = frozenset()
FILLERS = frozenset({"a", "an", "the", "so", "also", "then", "just", "very", "really", "that", "this", "it", "its"})
_PREFIXES = (
    "ante anti auto back bi circum co contra counter de dis down en endo equi ex exo extra fore forward hetero homo "
    "hyper hypo il im in infra inter intra intro ir iso macro mega meta micro mid mini mis mono multi non ob omni out "
    "over para per poly post pre pro pseudo quasi re retro semi sub super supra sur tele trans tri ultra un under uni "
    "up vice with"
)
PREFIXES = tuple(sorted(_PREFIXES.split(), key=len, reverse=True))
"""What a word may begin with that turns its meaning."""
VOWELS = frozenset("aeiouyäöü")
INTERCHANGEABLE = frozenset(map(frozenset, ("sz", "ck", "cs")))
"""Consonants of which one is spelled, or misspelled, for the other; any other exchange makes another word."""
_TOKENS = re.compile(r"\w+|[^\w\s]")
# Punctuation of prose: after a word and before a blank. "x, y" and "f(x), g" are left alone.
_PROSE = re.compile(r"(?<=[^\W\d_]{3})[,;:.](?=\s)")
_HYPHEN = re.compile(r"(?<=[^\W\d_]{3})-(?=[^\W\d_]{3})")
_WORD = re.compile(r"[^\W\d_]+")


def near(one: str, other: str, words: frozenset[str] = NO_WORDS) -> bool:
    """Whether two texts (normal forms) differ in nothing but slips of spelling and filling words.

    No slips for each other are two of the `words` that are known to be meant.
    """
    if max(len(one), len(other)) > LONGEST or fuzz.ratio(one, other, score_cutoff=NEAR_TEXT) < NEAR_TEXT:
        return False
    left, right = _tokens(one), _tokens(other)
    for step in Levenshtein.opcodes(left, right):
        gone, new = left[step.src_start : step.src_end], right[step.dest_start : step.dest_end]
        if step.tag == "replace":
            if not all(_same_word(*pair, words) for pair in zip(gone, new, strict=True)):
                return False
        elif step.tag != "equal" and not FILLERS.issuperset(gone + new):
            return False
    return True


def words_in(text: str) -> frozenset[str]:
    """The words of a text that are long enough to be mistaken."""
    return frozenset(word for word in _WORD.findall(text.lower()) if len(word) > SHORT_WORD)


def _tokens(form: str) -> list[str]:
    return _TOKENS.findall(_HYPHEN.sub(" ", _PROSE.sub("", form)))


def _same_word(one: str, other: str, words: frozenset[str]) -> bool:
    if one in FILLERS and other in FILLERS:
        return True
    if not (one.isalpha() and other.isalpha()):
        return False
    if one.lower() == other.lower():
        return len(one) >= NAME and one.lower() not in GREEK
    if min(len(one), len(other)) <= SHORT_WORD:
        return False
    # The beginning tells "increases" from "decreases", and "supervised" from "unsupervised".
    if one[:2] != other[:2] or _prefix(one) != _prefix(other) or {one, other} <= words:
        return False
    return _slip(one, other)


def _prefix(word: str) -> str:
    return next((prefix for prefix in PREFIXES if word.startswith(prefix)), "")


def _slip(one: str, other: str) -> bool:
    """Whether one stroke turns a word into the other: two letters swapped, one left out, or a vowel mistaken.

    Another consonant is more often another word: exploding and exploring, converge and conserve.
    """
    short, long = sorted((one, other), key=len)
    if len(long) > len(short) + 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    a, b = short[start:], long[start:]
    if a[1:] == b[1:]:
        pair = frozenset((a[0], b[0]))
        return pair <= VOWELS or pair in INTERCHANGEABLE
    return a[:2] == b[1::-1] and a[2:] == b[2:]


def group(
    forms: Mapping[int, tuple[Hashable, str, bool]], spoken: Mapping[Hashable, frozenset[str]] | None = None
) -> dict[int, int]:
    """Which group everybody belongs to; groups are named by one of theirs.

    By number: what was asked (only what answers the same is alike), the normal form, and whether it is a text, in
    which slips are overlooked. `spoken`: the words in which it was asked and solved.
    """
    exact: dict[tuple[Hashable, str], int] = {}
    sizes: Counter[tuple[Hashable, str]] = Counter()
    texts: dict[Hashable, list[str]] = {}
    for number, (asked, form, is_text) in sorted(forms.items()):
        key = (asked, form)
        if key not in exact:
            exact[key] = number
            if is_text and form:
                texts.setdefault(asked, []).append(form)
        sizes[key] += 1
    leads: dict[tuple[Hashable, str], int] = dict(exact)
    for asked, found in texts.items():
        # The most frequent wording leads its group: what others are compared with does not drift.
        found.sort(key=lambda form: (-sizes[asked, form], form))
        words = _meant({form: sizes[asked, form] for form in found}) | (spoken or {}).get(asked, NO_WORDS)
        for form, lead in _led(found[:MOST_FORMS], words):
            leads[asked, form] = exact[asked, lead]
    return {number: leads[asked, form] for number, (asked, form, _) in forms.items()}


def _meant(sizes: Mapping[str, int]) -> frozenset[str]:
    """The words that several people wrote."""
    found: Counter[str] = Counter()
    for form, size in sizes.items():
        for word in words_in(form):
            found[word] += size
    return frozenset(word for word, size in found.items() if size >= A_WORD)


def _led(forms: Iterable[str], words: frozenset[str]) -> Iterable[tuple[str, str]]:
    heads: list[str] = []
    for form in forms:
        lead = next((head for head in heads if near(head, form, words)), None)
        if lead is None:
            heads.append(form)
        yield form, lead or form
