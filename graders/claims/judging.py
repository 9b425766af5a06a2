"""A text judged claim by claim: made, not made, or for a person; with the words that say so.

A claim that no pattern finds is "not made" only where the text was understood: where its words are those of the
question, of its concepts, or carry no claim. What went unread may say anything, so a person reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from graders.claims.concepts import Mention
from graders.claims.english import FUNCTION, GENERAL
from graders.claims.glossary import TECHNICAL
from graders.claims.matching import Match, Matcher
from graders.claims.patterns import Pattern
from graders.claims.rubric import CompiledClaim, TextRubric, compiled
from graders.claims.spelling import is_everyday, stem
from graders.claims.structure import Structure, structure_of
from graders.claims.subjects import Subjects
from graders.claims.suspicion import addresses_marker, copied, keyword_list, opens_with_denial, shuffled
from graders.claims.tokens import Token, tokens_of

FORMULA_SIGNS = "=<>≤≥≠^"
# One word may go unread among so many words of content.
READ_PER_UNREAD = 12

Decision: TypeAlias = Literal["made", "not made", "unsure"]
Mark: TypeAlias = Literal["earned", "supposed", "contrary", "denied", "near", "turned"]
Doubt: TypeAlias = Literal["addressed", "keywords", "shuffled", "denial"]

KNOWN_STEMS = frozenset(stem(word) for word in GENERAL | FUNCTION | TECHNICAL)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Characters `start` to `end` of the text, what they show for a claim, and the pattern they fit."""

    claim: str
    mark: Mark
    start: int
    end: int
    pattern: str
    words: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a text says: a decision for every claim, the evidence, what went unread, and why it is not trusted."""

    decisions: Mapping[str, Decision]
    evidence: tuple[Evidence, ...]
    unread: tuple[tuple[int, int], ...]
    doubts: tuple[Doubt, ...]
    suggestions: Mapping[str, bool]


@lru_cache(maxsize=512)
def judge(text: str, rubric: TextRubric, given: str = "") -> Judgement:
    """Judge a text; `given` are the words of the question, which earn nothing when they are copied."""
    ready = compiled(rubric)
    tokens = tokens_of(text, ready.lexicon.vocabulary)
    theirs = tokens_of(given, ready.lexicon.vocabulary)
    mentions = ready.lexicon.mentions(tokens)
    structure, subjects = _built(tokens, mentions, ready.roles)
    matcher = Matcher(tokens, structure, mentions, subjects, copied(tokens, theirs))
    doubts = _doubts(text, tokens)
    evidence: list[Evidence] = []
    read: set[int] = {place for one in mentions for place in range(one.first, one.last + 1)}
    for pattern in ready.nocredit.values():
        for match in matcher.matches(pattern):
            segments = {structure.segment[one.first] for one in match.mentions}
            read |= {place for place in range(len(tokens)) if structure.segment[place] in segments}
    found = {name: _matched(name, claim, matcher, tokens, evidence) for name, claim in ready.claims.items()}
    unread = _unread(tokens, theirs, read)
    understood = _understood(tokens, unread)
    decisions: dict[str, Decision] = {}
    suggestions: dict[str, bool] = {}
    for name, claim in ready.claims.items():
        decisions[name] = _decided(found[name], understood, doubts, claim.named)
        suggestions[name] = bool(found[name] & {"earned", "supposed", "near"}) and "denied" not in found[name]
    places = tuple((tokens[place].start, tokens[place].end) for place in unread)
    return Judgement(decisions, tuple(evidence), places, doubts, suggestions)


def _built(tokens: Sequence[Token], mentions: Sequence[Mention], roles: frozenset[str]) -> tuple[Structure, Subjects]:
    named = [one for one in mentions if one.concept in roles]
    first = Subjects(tokens, structure_of(tokens), named, roles)
    structure = structure_of(tokens, first.places)
    return structure, Subjects(tokens, structure, named, roles)


def _doubts(text: str, tokens: Sequence[Token]) -> tuple[Doubt, ...]:
    doubts: list[Doubt] = []
    if addresses_marker(text):
        doubts.append("addressed")
    if keyword_list(tokens):
        doubts.append("keywords")
    if shuffled(tokens):
        doubts.append("shuffled")
    if opens_with_denial(tokens):
        doubts.append("denial")
    return tuple(doubts)


def _matched(
    name: str, claim: CompiledClaim, matcher: Matcher, tokens: Sequence[Token], evidence: list[Evidence]
) -> frozenset[Mark]:
    marks: set[Mark] = set()

    def note(mark: Mark, match: Match, pattern: str) -> None:
        marks.add(mark)
        words = tuple((tokens[one.first].start, tokens[one.last].end) for one in match.mentions)
        start, end = min(one for one, _ in words), max(one for _, one in words)
        evidence.append(Evidence(name, mark, start, end, pattern, words))

    earning: dict[str, Mark] = {"said": "earned", "supposed": "supposed", "contrary": "contrary"}
    for match, pattern in _all(claim.earn, matcher):
        note(earning[match.outcome], match, pattern)
    for match, pattern in _all(claim.deny, matcher):
        if match.outcome == "said":
            note("denied", match, pattern)
    for match, pattern in _all(claim.near, matcher):
        note("turned" if match.outcome == "contrary" else "near", match, pattern)
    return frozenset(marks)


def _all(patterns: Mapping[str, Pattern], matcher: Matcher) -> list[tuple[Match, str]]:
    return [(match, text) for text, pattern in patterns.items() for match in matcher.matches(pattern)]


def _decided(marks: frozenset[Mark], understood: bool, doubts: Sequence[Doubt], named: bool) -> Decision:
    if "addressed" in doubts:
        return "unsure"
    if "earned" in marks:
        if marks & {"denied", "contrary"}:
            return "unsure"
        doubted = "shuffled" in doubts or "denial" in doubts or ("keywords" in doubts and not named)
        return "unsure" if doubted else "made"
    if "supposed" in marks:
        return "unsure"
    if marks & {"denied", "contrary"}:
        return "unsure" if "near" in marks and "denied" not in marks else "not made"
    # What is related and denied may be the claim in words that turn it round once more.
    if marks & {"near", "turned"} or not understood:
        return "unsure"
    return "not made"


def _unread(tokens: Sequence[Token], given: Sequence[Token], read: set[int]) -> list[int]:
    """The words of content that nothing accounts for; a formula is one of them."""
    theirs = {token.stem for token in given}
    unread = []
    for place, token in enumerate(tokens):
        if place in read or token.kind in ("mark", "line"):
            continue
        if token.kind == "word" and (_is_read(token) or token.stem in theirs):
            continue
        if token.kind == "number":
            continue  # By itself it says nothing; with signs around it, it is a formula.
        if token.kind == "sign" and (token.word not in FORMULA_SIGNS or token.word in theirs):
            continue
        unread.append(place)
    return unread


def _is_read(token: Token) -> bool:
    word, root = token.word, token.stem
    if len(word) == 1 or root in KNOWN_STEMS or stem(word.removesuffix("s")) in KNOWN_STEMS:
        return True
    return any(is_everyday(form) for form in (word, root, f"{root}e", word.removesuffix("ing")))


def _understood(tokens: Sequence[Token], unread: Sequence[int]) -> bool:
    """Whether nothing went unread, or so little that it can hardly have said the thing."""
    contents = sum(token.kind == "word" and token.word not in FUNCTION for token in tokens)
    return len(unread) * READ_PER_UNREAD <= contents
