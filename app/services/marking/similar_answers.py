"""When answers are the same to a marker: identical but for case and blanks, or but for slips of spelling.

Likeness is told cautiously. Another number, a negation or another word is another answer, however alike the letters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from app.domain.values import Json

LONGEST = 600
"""Longer texts are grouped only where they are identical."""
MOST_FORMS = 400
"""So many different texts are compared with each other; rarer ones are grouped only where they are identical."""
NEAR_TEXT, NEAR_WORD, SHORT_WORD = 88.0, 82.0, 3
FILLERS = frozenset({"a", "an", "the", "so", "also", "then", "just", "very", "really", "that", "this", "it", "its"})
_WORDS = re.compile(r"\w+|[^\w\s]")
_LOOSE = frozenset(".,;:!?\"'`()-")


def normal_form(kind: str, value: Json) -> str:
    """What identical answers to a field of that kind have in common; empty where nothing was answered."""
    if value is None or value == "" or value == []:
        return ""
    if kind == "text" and isinstance(value, str):
        words = _WORDS.findall(unicodedata.normalize("NFKC", value).casefold())
        return " ".join(word for word in words if word not in _LOOSE)
    if kind != "program":
        value = _trimmed(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _trimmed(value: Json) -> Json:
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).split())
    if isinstance(value, list):
        return [_trimmed(one) for one in value]
    return value


def near(one: str, other: str) -> bool:
    """Whether two texts (normal forms) differ in nothing but slips of spelling and filling words."""
    if max(len(one), len(other)) > LONGEST or fuzz.ratio(one, other, score_cutoff=NEAR_TEXT) < NEAR_TEXT:
        return False
    left, right = one.split(), other.split()
    for step in Levenshtein.opcodes(left, right):
        gone, new = left[step.src_start : step.src_end], right[step.dest_start : step.dest_end]
        if step.tag == "replace":
            if not all(_same_word(*pair) for pair in zip(gone, new, strict=True)):
                return False
        elif step.tag != "equal" and not FILLERS.issuperset(gone + new):
            return False
    return True


def _same_word(one: str, other: str) -> bool:
    if one in FILLERS and other in FILLERS:
        return True
    if min(len(one), len(other)) <= SHORT_WORD or not (one.isalpha() and other.isalpha()):
        return False
    # The beginning tells "increases" from "decreases", and "supervised" from "unsupervised".
    return one[:2] == other[:2] and fuzz.ratio(one, other) >= NEAR_WORD


def group(forms: Mapping[int, tuple[Hashable, str, bool]]) -> dict[int, int]:
    """Which group everybody belongs to; groups are named by one of theirs.

    By number: what was asked (only what answers the same is alike), the normal form, and whether it is a text, in
    which slips are overlooked.
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
        for form, lead in _led(found[:MOST_FORMS]):
            leads[asked, form] = exact[asked, lead]
    return {number: leads[asked, form] for number, (asked, form, _) in forms.items()}


def _led(forms: Iterable[str]) -> Iterable[tuple[str, str]]:
    heads: list[str] = []
    for form in forms:
        lead = next((head for head in heads if near(head, form)), None)
        if lead is None:
            heads.append(form)
        yield form, lead or form
