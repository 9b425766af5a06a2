"""What an answer that earns something may still leave to a person: it says something against a right answer, or goes on
in words that nothing explains.

Who earns something knows something. So what such an answer says besides may be the missing claim in other words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graders.claims.english import FUNCTION, GENERAL
from graders.claims.idioms import is_recalled
from graders.claims.matching import Match
from graders.claims.spelling import stem
from graders.claims.structure import Structure
from graders.claims.suspicion import COMPARISONS
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
# An answer is short that has, of words of content, between so many times those of a right answer, …
SHORT = (0.3, 1.2)
# … at least so many, and …
SHORTEST_ANSWER = 6
# … of the signs of formulas at most so many; of so many words one may go unread, and no abbreviation.
MOST_SIGNS = 1
READ_PER_FOREIGN = 5
# Who writes so many signs of formulas may say the thing in a formula.
MANY_SIGNS = 5
# Who makes so many claims of a right answer probably did not say a misconception of the wrong one.
ENOUGH_RIGHT = 2
_FORMULA_SIGNS = COMPARISONS + "^⋆∗·∘√∈"
_ABBREVIATED = re.compile(r"[A-Z]{2,5}s?")
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


def said_of_the_wrong(
    findings: Sequence[Finding], decisions: Mapping[str, Decision], right: frozenset[str]
) -> frozenset[str]:
    """The claims that a right answer does not make, where something of a right answer is made and they rest on nothing
    but a misconception said of somebody: who was meant is misread most often.
    """
    made = {name for name, said in decisions.items() if said == "made"}
    if len(made & right) < ENOUGH_RIGHT:
        return frozenset()
    misconceptions = {one.pattern for one in findings if one.mark == "denied" and "::" in one.pattern}
    earned: dict[str, set[str]] = {}
    for one in findings:
        if one.mark == "earned" and one.claim in made - right:
            earned.setdefault(one.claim, set()).add(one.pattern)
    return frozenset(name for name, patterns in earned.items() if patterns <= misconceptions)


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
    Whether any text speaks in formulas.

    `explained` are the tokens of ideas, `given` the stems of the question.
    """
    loose = [
        place
        for place, token in enumerate(tokens)
        if place not in explained and _says_something(token, given) and not is_recalled(tokens, place)
    ]
    found = {structure.segment[one.match.first] for one in findings}
    if _signs(tokens) >= MANY_SIGNS:
        return True
    if not open_:
        return len(loose) > MOST_FOREIGN
    return bool(unread) or len(loose) > MOST_LOOSE or any(structure.segment[place] not in found for place in loose)


def contents(tokens: Sequence[Token]) -> int:
    """How many words of content a text has."""
    return sum(token.kind == "word" and token.word not in FUNCTION for token in tokens)


def _signs(tokens: Sequence[Token]) -> int:
    """How many signs of formulas a text has."""
    return sum(token.kind == "sign" and token.word in _FORMULA_SIGNS for token in tokens)


def is_short(text: str, tokens: Sequence[Token], unread: Sequence[int], usual: int) -> bool:
    """Whether a text in words is too short to say in other words what a right answer says, which has `usual` words of
    content; what is shorter still may be a formula or a name, and is not called short.
    """
    own = contents(tokens)
    least, most = SHORT
    return (
        max(SHORTEST_ANSWER, least * usual) <= own <= most * usual
        and _signs(tokens) <= MOST_SIGNS
        and len(unread) * READ_PER_FOREIGN <= own
        and not abbreviated(text, tokens, unread)
    )


def abbreviated(text: str, tokens: Sequence[Token], unread: Sequence[int]) -> bool:
    """Whether an abbreviation went unread: it may be the name that was asked for."""
    return any(_ABBREVIATED.fullmatch(text[tokens[at].start : tokens[at].end]) for at in unread)


def _says_something(token: Token, given: frozenset[str]) -> bool:
    if token.kind != "word" or len(token.word) == 1 or token.word in FUNCTION:
        return False
    return token.stem not in _GENERAL_STEMS and token.stem not in given
