"""Concepts: named ideas with the words that people use for them, found in the tokens of a text.

A form is a phrase: `second derivative`. `/` offers words for one place (`big/large gradient`), `..` lets up to three
words stand between (no "but" or "while"), `*` ends a beginning (`approxim*`), `=` asks for a word exactly as typed
(`=map`). What begins with a digit is a fraction (`1/4`), unless a number word follows (`1/one`). A "not" in a gap
keeps its meaning: what is named is then negated. Articles are passed over; a hyphen matches written together, apart,
or hyphenated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graders.claims.english import ARTICLES, CONTRASTS, NEGATORS
from graders.claims.spelling import Vocabulary, stem
from graders.claims.tokens import Token, tokens_of

GAP = 3
_EXACT = "="
_NUMBERS = frozenset({"zero", "one", "two", "three", "four", "five", "ten", "half", "third", "quarter", "eighth"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` to `last` (both included) that name a concept; `skipped` are negating words in its gaps."""

    concept: str
    first: int
    last: int
    skipped: tuple[int, ...] = ()

    @property
    def own(self) -> range:
        """The tokens up to the first one skipped: a negation among these belongs to the words of the concept."""
        return range(self.first, self.skipped[0] if self.skipped else self.last + 1)


@dataclass(frozen=True, slots=True)
class _Slot:
    """What may stand in one place of a form: stems, exact words, beginnings."""

    stems: frozenset[str]
    exact: frozenset[str]
    beginnings: tuple[str, ...]

    def fits(self, token: Token) -> bool:
        return (
            token.stem in self.stems
            or token.word in self.exact
            or any(_begins(token.word, beginning) for beginning in self.beginnings)
        )


def _begins(word: str, beginning: str) -> bool:
    """Whether a word goes on from there, and not with "less": "memoryless" is no memory."""
    return word.startswith(beginning) and not word[len(beginning) :].endswith("less")


_Form = tuple[_Slot | None, ...]  # None: a gap


class Lexicon:
    """The concepts of a field, ready to be found."""

    def __init__(self, concepts: Mapping[str, Sequence[str]]) -> None:
        self.vocabulary = Vocabulary(_words(concepts))
        self._forms: dict[str, list[_Form]] = {}
        self._starts: dict[str, list[tuple[str, _Form]]] = {}
        self._beginnings: dict[str, list[tuple[str, _Form]]] = {}
        self._loose: list[tuple[str, _Form]] = []
        for concept, forms in concepts.items():
            for form in forms:
                for compiled in _compiled(form):
                    if not any(compiled):
                        raise ValueError(f"The words “{form}” of the concept `{concept}` say nothing.")
                    self._place(concept, compiled)

    def _place(self, concept: str, form: _Form) -> None:
        first = form[0]
        if first is None:
            self._loose.append((concept, form))
            return
        for start in first.stems | first.exact:
            self._starts.setdefault(start, []).append((concept, form))
        for beginning in first.beginnings:
            self._beginnings.setdefault(beginning, []).append((concept, form))

    def mentions(self, tokens: Sequence[Token]) -> list[Mention]:
        """All mentions, in the order of the text; of one concept at one place only the longest."""
        lengths = {len(beginning) for beginning in self._beginnings}
        longest: dict[tuple[str, int], tuple[int, tuple[int, ...]]] = {}
        for place, token in enumerate(tokens):
            candidates = [*self._starts.get(token.stem, ()), *self._loose]
            if token.word != token.stem:
                candidates += self._starts.get(token.word, ())
            for length in lengths:
                candidates += self._beginnings.get(token.word[:length], ())
            for concept, form in candidates:
                end = _end(form, tokens, place)
                if end is not None and _rank(end) > _rank(longest.get((concept, place))):
                    longest[concept, place] = end
        found = [Mention(concept, first, *end) for (concept, first), end in longest.items()]
        found.sort(key=lambda one: (one.first, -one.last, one.concept))
        return [one for one in found if not any(_inside(one, other) for other in found)]


def _inside(one: Mention, other: Mention) -> bool:
    """Of two mentions of the same concept, one within the other."""
    same = one.concept == other.concept and one != other
    return same and other.first <= one.first and one.last <= other.last


def _rank(end: tuple[int, tuple[int, ...]] | None) -> tuple[int, int]:
    """The longer form first; of equals, the one that has the "not" among its own words."""
    return (-1, 0) if end is None else (end[0], -len(end[1]))


def _end(form: _Form, tokens: Sequence[Token], place: int) -> tuple[int, tuple[int, ...]] | None:
    """The last token of a form that starts here, and the negating words in its gaps."""
    at = place
    last = place
    gap = 0
    skipped: tuple[int, ...] = ()
    for slot in form:
        if slot is None:
            gap = GAP
            continue
        found = _next(slot, tokens, at, gap, skip=at != place)
        if found is None:
            return None
        skipped += tuple(over for over in range(at, found) if tokens[over].word in NEGATORS)
        last, at, gap = found, found + 1, 0
    return last, skipped


def _next(slot: _Slot, tokens: Sequence[Token], at: int, gap: int, skip: bool) -> int | None:
    while at < len(tokens):
        token = tokens[at]
        if slot.fits(token):
            return at
        if skip and token.word in ARTICLES and not _stands_alone(tokens, at):
            at += 1
        elif gap and token.kind in ("word", "number", "sign") and token.word not in CONTRASTS:
            at, gap = at + 1, gap - 1
        else:
            return None
    return None


def _stands_alone(tokens: Sequence[Token], at: int) -> bool:
    """Whether "that" is no article: "after that the grid"."""
    behind = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return tokens[at].word in ("this", "that") and behind in ARTICLES


def _compiled(form: str) -> Iterator[_Form]:
    yield tuple(_slots(form.replace("-", " ")))
    if "-" in form:
        yield tuple(_slots(form.replace("-", "")))


def _slots(form: str) -> Iterator[_Slot | None]:
    for piece in re.sub(r"\.\.+", " .. ", form).split():
        if piece == "..":
            yield None
            continue
        words = [piece] if _is_fraction(piece) else piece.split("/")
        exact = {word[1:].lower() for word in words if len(word) > 1 and word.startswith(_EXACT)}
        endless = {word[:-1].lower() for word in words if len(word) > 1 and word.endswith("*")}
        plain = [
            word
            for word in words
            if word.removeprefix(_EXACT).lower() not in exact and word[:-1].lower() not in endless
        ]
        if len(words) == 1 and not exact and not endless:
            # One piece may be several tokens (`1/4`, `o(n^2)`, `doesn't`).
            for token in tokens_of(plain[0], Vocabulary(())):
                yield _Slot(frozenset({token.stem}), frozenset({token.word}), ())
            continue
        yield _Slot(frozenset(stem(word.lower()) for word in plain), frozenset(exact), tuple(sorted(endless)))


def _is_fraction(piece: str) -> bool:
    """`/`, `1/4`, `(1/4)`, `1/alpha`; not `1/one`, where either may stand."""
    if len(piece) == 1:
        return True
    return piece.lstrip("(")[:1].isdigit() and not any(word in _NUMBERS for word in piece.lower().split("/")[1:])


def _words(concepts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for forms in concepts.values():
        for form in forms:
            for variant in (form, form.replace("-", "")):
                yield from re.findall(r"[^\W\d_]+(?!\w*\*)", variant.lower())
