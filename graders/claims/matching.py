"""Where a text fits a pattern, and whether it says so, denies it, or only supposes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Literal, TypeAlias

from graders.claims.concepts import Mention
from graders.claims.english import ARTICLES, EARLIER, EARLIER_PAIRS, LATER
from graders.claims.patterns import Concept, Joined, Pattern, Together
from graders.claims.structure import Structure
from graders.claims.subjects import Subjects
from graders.claims.tokens import Token

Outcome: TypeAlias = Literal["said", "supposed", "contrary"]
MOST_WAYS = 200
CLOSE = 4
_RANK: dict[Outcome, int] = {"said": 0, "supposed": 1, "contrary": 2}


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in the text: how it is meant, by which mentions, and which negations that takes into account."""

    outcome: Outcome
    mentions: tuple[Mention, ...]
    negations: frozenset[int] = frozenset()

    @property
    def first(self) -> int:
        return min(one.first for one in self.mentions)

    @property
    def last(self) -> int:
        return max(one.last for one in self.mentions)


class Matcher:
    """One text, ready to be matched by many patterns."""

    def __init__(
        self,
        tokens: Sequence[Token],
        structure: Structure,
        mentions: Iterable[Mention],
        subjects: Subjects,
        given: frozenset[int],
    ) -> None:
        self._tokens = tokens
        self._structure = structure
        self._subjects = subjects
        self._given = given
        self._places: dict[str, dict[int, list[Mention]]] = {}
        answers = [
            *(Mention("NO", place, place) for place in structure.says_no),
            *(Mention("YES", place, place) for place in structure.says_yes),
        ]
        for one in (*mentions, *answers):
            by_segment = self._places.setdefault(one.concept, {})
            by_segment.setdefault(structure.segment[one.first], []).append(one)

    def matches(self, pattern: Pattern) -> list[Match]:
        """All matches, at most one for every segment (or one at all for patterns over the whole text)."""
        if isinstance(pattern, Together):
            return list(self._together(pattern))
        parts = [self.matches(item) for item in pattern.items]
        if pattern.sign == "|":
            return [match for part in parts for match in part]
        return list(islice(self._joined(pattern, parts), 1)) if all(parts) else []

    def _joined(self, pattern: Joined, parts: Sequence[Sequence[Match]]) -> Iterator[Match]:
        ways = sorted(
            (
                Match(
                    max((one.outcome for one in way), key=_RANK.__getitem__),
                    tuple(m for one in way for m in one.mentions),
                    frozenset().union(*(one.negations for one in way)),
                )
                for way in islice(product(*parts), MOST_WAYS)
                if pattern.sign == "+" or self._in_order(way)
            ),
            key=lambda match: (_RANK[match.outcome], match.last - match.first, match.first),
        )
        yield from ways

    def _in_order(self, way: Sequence[Match]) -> bool:
        return all(self._earlier(one, other) for one, other in pairwise(way))

    def _earlier(self, one: Match, other: Match) -> bool:
        """Whether `one` comes first in time: as the text says ("after one, other"), else as it stands."""
        if self._marked(one, EARLIER, EARLIER_PAIRS) or self._marked(other, LATER):
            if not self._marked(other, EARLIER, EARLIER_PAIRS):
                return True
        if self._marked(other, EARLIER, EARLIER_PAIRS) or self._marked(one, LATER):
            return False
        return one.first < other.first

    def _marked(self, match: Match, words: frozenset[str], pairs: frozenset[tuple[str, str]] = frozenset()) -> bool:
        before = [token.word for token in self._tokens[max(0, match.first - 3) : match.first]]
        same = self._structure.sentence[match.first]
        near = [
            w
            for w, at in zip(before[::-1], range(match.first - 1, -1, -1), strict=False)
            if self._structure.sentence[at] == same
        ][:2]
        return any(word in words for word in near) or tuple(near[::-1]) in pairs

    def _together(self, pattern: Together) -> Iterator[Match]:
        segments: set[int] | None = None
        for item in pattern.items:
            here = set(self._places.get(item.name, ()))
            segments = here if segments is None else segments & here
        for segment in sorted(segments or ()):
            ways = product(*(self._places[item.name][segment] for item in pattern.items))
            found = [match for way in islice(ways, MOST_WAYS) if (match := self._judged(pattern.items, way))]
            if found:
                yield min(found, key=lambda match: (_RANK[match.outcome], match.last - match.first))

    def _judged(self, items: Sequence[Concept], way: tuple[Mention, ...]) -> Match | None:
        if any(_overlap(one, other) for place, one in enumerate(way) for other in way[:place]):
            return None
        if all(place in self._given for one in way for place in range(one.first, one.last + 1)):
            return None  # Copied from the question.
        if not self._said_of(items, way) or not self._close(items, way):
            return None
        reach = [self._structure.reaching(one) for one in way]
        within = frozenset(
            number
            for number, negation in enumerate(self._structure.negations)
            if any(negation.place in one.own for one in way)
        )
        denying: frozenset[int] = frozenset()
        contrary = False
        for item, negations in zip(items, reach, strict=True):
            if item.stance == "denied":
                denying |= negations - within
                contrary |= len(negations - within) % 2 == 0
        turning = [
            negations - within - denying
            for item, negations in zip(items, reach, strict=True)
            if item.stance == "asserted"
        ]
        asserted = frozenset().union(*turning) if turning else frozenset()
        contrary |= len(asserted) % 2 == 1
        used = asserted | denying
        doubtful = any(not self._structure.negations[number].sure for number in used)
        # Two "not"s that reach different words do not cancel each other.
        doubtful |= len(asserted) % 2 == 0 and any(len(negations) % 2 == 1 for negations in turning)
        doubtful |= self._steps_over_a_negation(items, way, used | within)
        supposing = self._structure.guessed or any(item.stance != "mentioned" for item in items)
        doubtful |= supposing and self._structure.segment[way[0].first] in self._structure.hedged
        return Match("supposed" if doubtful else "contrary" if contrary else "said", way, used | within)

    def _steps_over_a_negation(self, items: Sequence[Concept], way: Sequence[Mention], counted: frozenset[int]) -> bool:
        """Whether a "not" stands between what is said, and was counted nowhere: "pooling can't do since it sums"."""
        if not any(item.stance == "asserted" for item in items) or any(item.stance == "denied" for item in items):
            return False
        first, last = min(one.first for one in way), max(one.last for one in way)
        return any(
            first < negation.place < last
            for number, negation in enumerate(self._structure.negations)
            if number not in counted
        )

    def _close(self, items: Sequence[Concept], way: Sequence[Mention]) -> bool:
        """Whether the mentions of every phrase stand close together."""
        for phrase in {item.phrase for item in items if item.phrase}:
            mentions = sorted(
                (one for item, one in zip(items, way, strict=True) if item.phrase == phrase), key=lambda one: one.first
            )
            for left, right in pairwise(mentions):
                between = self._tokens[left.last + 1 : right.first]
                if sum(token.word not in ARTICLES for token in between) > CLOSE:
                    return False
        return True

    def _said_of(self, items: Sequence[Concept], way: Sequence[Mention]) -> bool:
        return all(item.role in self._subjects.of(one.first) for item, one in zip(items, way, strict=True) if item.role)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.first <= other.last and other.first <= one.last
