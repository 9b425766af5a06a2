"""Who is spoken of: the role to which what a text says at some place belongs."""

from __future__ import annotations

from collections.abc import Sequence

from graders.claims.concepts import Mention
from graders.claims.english import ARTICLES, BE, COMPARATIVES, COMPARING, COMPARING_PAIRS
from graders.claims.structure import Structure
from graders.claims.tokens import Token

_JOINING = frozenset({"and", ",", "or", "both", "&", "/"})
CONSEQUENCES = frozenset({"→", "so", "therefore", "hence", "thus", "consequently"})
_WITH = frozenset({"with", "for", "in", "under", "using"})
_LATTER = frozenset({"latter", "second"})
_FORMER = frozenset({"former", "first"})


class Subjects:
    """Answers, for every token, of which roles is spoken there; of none that are named, an empty set."""

    def __init__(
        self, tokens: Sequence[Token], structure: Structure, mentions: Sequence[Mention], roles: frozenset[str]
    ):
        self._tokens = tokens
        self._structure = structure
        self._roles = roles
        self._mentions = [one for one in mentions if not _within(one, mentions)]
        self._aside = {one for one in self._mentions if self._is_aside(one)}
        self._by_segment: dict[int, list[Mention]] = {}
        for one in self._mentions:
            self._by_segment.setdefault(structure.segment[one.first], []).append(one)
        self._carried: dict[int, frozenset[str]] = {}
        self._carry()

    def of(self, place: int) -> frozenset[str]:
        """The roles spoken of at a token."""
        segment = self._structure.segment[place]
        named = [one for one in self._by_segment.get(segment, []) if one not in self._aside]
        before = [one for one in named if one.first <= place]
        if before:
            return self._group(self._in_brackets_behind(before[-1], place, named) or before[-1], named)
        carried = self._carried.get(segment, frozenset())
        behind = [one for one in named if one.first > place]
        # "Too slow, so B": what stands before a consequence is not said of what follows.
        if behind and any(token.word in CONSEQUENCES for token in self._tokens[place : behind[0].first]):
            return carried
        if behind and self._of_its_own(place, behind[0]):
            return carried
        if behind and not (carried and self._pronoun_opens(segment)):
            return self._group(behind[0], named)
        return carried

    @property
    def places(self) -> frozenset[int]:
        """Where a role is named as what is spoken of."""
        return frozenset(one.first for one in self._mentions if one not in self._aside)

    def _in_brackets_behind(self, one: Mention, place: int, named: Sequence[Mention]) -> Mention | None:
        """Who is named in brackets behind the place, as `one` was before: "a sum (A, slow) vs an average (B)"."""
        if not self._bracketed(one) or ")" not in (token.word for token in self._tokens[one.last : place]):
            return None
        return next((other for other in named if other.first > place and self._bracketed(other)), None)

    def _bracketed(self, one: Mention) -> bool:
        return one.first > 0 and self._tokens[one.first - 1].word == "("

    def _of_its_own(self, place: int, one: Mention) -> bool:
        """Whether a role opens a clause of its own behind the place: "the gradient does not vanish, with B it does"."""
        before = [token.word for token in self._tokens[place : one.first] if token.word not in ARTICLES]
        return len(before) > 1 and before[-1] in _WITH and before[-2] in (",", ":", "and")

    def _carry(self) -> None:
        """A segment that names nobody speaks of whom the last one spoke; "the other" turns to the other."""
        last: frozenset[str] = frozenset()
        latest: list[str] = []
        for segment in sorted(set(self._structure.segment)):
            words = [t.word for t, s in zip(self._tokens, self._structure.segment, strict=True) if s == segment]
            start = last
            if len(self._roles) == 2 and len(last) == 1 and "other" in words[:4] and "hand" not in words:
                start = self._roles - last
            elif latest and words and _LATTER & set(words[:3]):
                start = frozenset(latest[-1:])
            elif latest and words and _FORMER & set(words[:3]) and len(latest) > 1:
                start = frozenset(latest[-2:-1])
            self._carried[segment] = start
            named = [one for one in self._by_segment.get(segment, []) if one not in self._aside]
            if named:
                last = self._group(self._latest(named), named)
                latest = list(dict.fromkeys([one.concept for one in named][::-1]))[::-1] or latest
            else:
                last = start

    def _latest(self, named: Sequence[Mention]) -> Mention:
        """Who is named first in the last clause that names anybody: whom "it" means next."""
        commas = [place for place, token in enumerate(self._tokens) if token.word in (",", ":")]
        clauses = [sum(comma < one.first for comma in commas) for one in named]
        return next(one for one, clause in zip(named, clauses, strict=True) if clause == clauses[-1])

    def _group(self, one: Mention, named: Sequence[Mention]) -> frozenset[str]:
        """A role together with those that are listed beside it."""
        found = {one.concept}
        for other in named:
            left, right = (other, one) if other.first < one.first else (one, other)
            between = self._tokens[left.last + 1 : right.first]
            if other != one and between and all(token.word in _JOINING | ARTICLES for token in between):
                found.add(other.concept)
        return frozenset(found)

    def _pronoun_opens(self, segment: int) -> bool:
        first = next((t.word for t, s in zip(self._tokens, self._structure.segment, strict=True) if s == segment), "")
        return first in ("it", "they", "this", "he")

    def _is_aside(self, one: Mention) -> bool:
        """Named only as what something is compared with."""
        before = [token.word for token in self._tokens[max(0, one.first - 4) : one.first] if token.word not in ARTICLES]
        if not before:
            return False
        if before[-1] in COMPARING or tuple(before[-2:]) in COMPARING_PAIRS or self._is_then_for_than(one.first):
            return True
        if before[-1] == "not" and len(before) > 1 and before[-2] in ("and", ",", ")"):
            return True
        return before[-1] == "in" and len(before) > 1 and before[-2] in COMPARING | BE - {"is"}

    def _is_then_for_than(self, place: int) -> bool:
        """Whether "then" is a slip here: "has more noise in the update then B", "is faster then B"."""
        before = [token.word for token in self._tokens[max(0, place - 7) : place] if token.word not in ARTICLES]
        if not before or before[-1] != "then":
            return False
        behind_mark = max((at for at, word in enumerate(before) if not word.isalpha()), default=-1)
        return any(word in COMPARATIVES for word in before[behind_mark + 1 : -1])


def _within(one: Mention, mentions: Sequence[Mention]) -> bool:
    """ "Newton" within "quasi-Newton"."""
    return any(
        other != one
        and other.first <= one.first
        and one.last <= other.last
        and (other.last - other.first) > (one.last - one.first)
        for other in mentions
    )
