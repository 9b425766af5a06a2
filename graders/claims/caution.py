"""What an answer that earns something may still leave to a person: it says something against a right answer, or goes on
in words that nothing explains, or denies something that no claim is about.

Who earns something knows something. So what such an answer says besides may be the missing claim in other words; and an
answer that states a thing and denies another of the same subject is rarely half right by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graders.claims.english import AUXILIARIES, FUNCTION, GENERAL, SAYING
from graders.claims.matching import Match
from graders.claims.spelling import stem
from graders.claims.structure import Structure
from graders.claims.tokens import Token

Decision: TypeAlias = Literal["made", "not made", "unsure"]
Mark: TypeAlias = Literal["earned", "supposed", "contrary", "denied", "near", "turned"]

AGAINST: frozenset[Mark] = frozenset({"denied", "contrary"})
# So many words of content that no idea explains may stand in an answer whose other claims are denied.
MOST_LOOSE = 3
# And so many in an answer that makes none and leaves none open.
MOST_FOREIGN = 9
# What stands between the words of a phrase of so many tokens belongs to it.
LONGEST_STRETCH = 8
_GENERAL_STEMS = frozenset(stem(word) for word in GENERAL)


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern of a claim, found in the text, and what it shows."""

    claim: str
    mark: Mark
    match: Match
    pattern: str

    @property
    def places(self) -> frozenset[int]:
        """The tokens that speak."""
        return frozenset(place for one in self.match.mentions for place in range(one.first, one.last + 1))

    @property
    def stretch(self) -> frozenset[int]:
        """The tokens that speak and, where they stand close together, those between them."""
        first, last = self.match.first, self.match.last
        return frozenset(range(first, last + 1)) if last - first <= LONGEST_STRETCH else self.places


def taken_into_account(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that turn round what earns the same claim as it stands, "not" included: "gradients can
    not pass" is no gradient that passes, but may be what a right answer begins with.
    """
    earned: dict[str, list[Finding]] = {}
    for one in findings:
        if one.mark == "earned":
            earned.setdefault(one.claim, []).append(one)

    def covered(one: Finding) -> bool:
        return any(
            one.places <= other.stretch and one.match.negations <= other.match.negations
            for other in earned.get(one.claim, ())
        )

    return [one for one in findings if one.mark != "contrary" or not covered(one)]


def spoken_against(
    findings: Sequence[Finding], decisions: Mapping[str, Decision], harmless: frozenset[str]
) -> frozenset[str]:
    """The claims against which something is said with words other than those that earn.

    `harmless` are the claims against which a right answer speaks too.
    """
    earning = frozenset[int]().union(
        *(one.stretch for one in findings if one.mark == "earned" and decisions[one.claim] == "made")
    )
    return frozenset(
        one.claim
        for one in findings
        if one.mark in AGAINST
        and decisions[one.claim] != "made"
        and one.claim not in harmless
        and not one.places <= earning
    )


def denies_beside(tokens: Sequence[Token], structure: Structure, findings: Sequence[Finding]) -> bool:
    """Whether a statement is denied by a "not" of its own ("is not", "can not") that nothing which earns takes into
    account. Contracted ("isn't") it is mostly said in passing.
    """
    counted = _counted(findings)
    return any(number not in counted for number, _ in _denials(tokens, structure))


def doubtful_denials(
    tokens: Sequence[Token],
    structure: Structure,
    findings: Sequence[Finding],
    decisions: Mapping[str, Decision],
    harmless: frozenset[str],
) -> frozenset[int]:
    """Where the "not"s begin, of sentences that earn, on which nothing rests but what a right answer speaks against
    (`harmless`).
    """
    counted = _counted([one for one in findings if one.claim not in harmless])
    sentences = {
        structure.sentence[place]
        for one in findings
        if one.mark == "earned" and decisions[one.claim] == "made"
        for place in one.places
    }
    return frozenset(
        tokens[place].start
        for number, place in _denials(tokens, structure)
        if number not in counted and structure.sentence[place] in sentences
    )


def _counted(findings: Sequence[Finding]) -> frozenset[int]:
    return frozenset[int]().union(*(one.match.negations for one in findings if one.mark == "earned"))


def _denials(tokens: Sequence[Token], structure: Structure) -> Iterator[tuple[int, int]]:
    """The negations, by number and place, that are written out and deny something."""
    for number, one in enumerate(structure.negations):
        if _written_out(tokens, one.place) and any(_is_denied(tokens[at]) for at in one.reach):
            yield number, one.place


def _written_out(tokens: Sequence[Token], place: int) -> bool:
    before = tokens[place - 1] if place else None
    return (
        before is not None
        and tokens[place].word == "not"
        and before.word in AUXILIARIES
        and before.end <= tokens[place].start
    )


def _is_denied(token: Token) -> bool:
    return token.kind != "mark" and token.word not in FUNCTION | SAYING


def goes_on(
    tokens: Sequence[Token],
    structure: Structure,
    findings: Sequence[Finding],
    explained: set[int],
    unread: Sequence[int],
    given: frozenset[str],
    open_: bool,
) -> bool:
    """Whether a text that makes a claim or leaves one `open_` holds words that were not read, a segment in which
    nothing was found but words of content, or many such words that no idea explains; another text, very many of them.

    `explained` are the tokens of ideas, `given` the stems of the question.
    """
    loose = [place for place, token in enumerate(tokens) if place not in explained and _says_something(token, given)]
    found = {structure.segment[one.match.first] for one in findings}
    if not open_:
        return len(loose) > MOST_FOREIGN
    return bool(unread) or len(loose) > MOST_LOOSE or any(structure.segment[place] not in found for place in loose)


def _says_something(token: Token, given: frozenset[str]) -> bool:
    if token.kind != "word" or len(token.word) == 1 or token.word in FUNCTION:
        return False
    return token.stem not in _GENERAL_STEMS and token.stem not in given
