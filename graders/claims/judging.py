"""A text judged claim by claim: made, not made, or for a person; with the words that say so.

A claim that no pattern finds is "not made" only where the text was understood: where its words are those of the
question, of its concepts, or carry no claim. What went unread may say anything, so a person reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from graders.claims.caution import (
    AGAINST,
    Decision,
    Finding,
    Mark,
    abbreviated,
    contents,
    goes_on,
    is_short,
    said_of_the_wrong,
    spoken_against,
    taken_into_account,
)
from graders.claims.changing import AsIfThere, as_if_there, swapped, without_a_not, without_not_only
from graders.claims.concepts import Mention
from graders.claims.copying import Copyable, adds_nothing, copied, copyable
from graders.claims.denials import denies_beside, doubtful_denials, speaks_ill
from graders.claims.english import FUNCTION, GENERAL
from graders.claims.exclusions import excluded
from graders.claims.glossary import TECHNICAL
from graders.claims.matching import Match, Matcher, Outcome
from graders.claims.patterns import Pattern
from graders.claims.rubric import CompiledClaim, TextRubric, compiled
from graders.claims.spelling import is_everyday, is_word, stem
from graders.claims.structure import Structure, structure_of
from graders.claims.subjects import Subjects
from graders.claims.suspicion import (
    addresses_marker,
    keyword_list,
    opens_with_denial,
    shuffled,
)
from graders.claims.tokens import Token, tokens_of
from graders.claims.withdrawals import withdrawn
from graders.claims.word_order import disordered

FORMULA_SIGNS = "=<>≤≥≠^"
_SIZE = re.compile(r"\d+(?:x\d+)+")  # 3x3
# One word may go unread among so many words of content.
READ_PER_UNREAD = 12
# So many claims a right answer makes that all of them are more than its points need.
MANY_CLAIMS = 4
# So few that each of them is needed.
FEW_CLAIMS = 2

Doubt: TypeAlias = Literal["addressed", "keywords", "shuffled", "copied", "denial", "contradicts", "denies", "roles"]

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
    doubtful: frozenset[int] = frozenset()
    """Where the "not"s begin that may have been overlooked."""


@lru_cache(maxsize=512)
def judge(text: str, rubric: TextRubric, given: str = "", sample: str = "") -> Judgement:
    """Judge a text; `given` are the words of the question, which earn nothing when they are copied. What the `sample`,
    a right answer, speaks against does not count against others.
    """
    found = _taken_at_its_word(text, rubric, given, sample)
    made = _made(found)
    if not made or not sample:
        return found

    def as_much(changed: str) -> bool:
        return made <= _made(_taken_at_its_word(changed, rubric, given, sample))

    if any(as_much(changed) for changed in without_a_not(text, found.doubtful)) or any(
        made & _made(_taken_at_its_word(changed, rubric, given, sample)) for changed in without_not_only(text)
    ):
        return _unsure(found, "denies")
    for other in as_if_there(text):
        there = _taken_at_its_word(other.text, rubric, given, sample)
        # What earns here earns as well if what is called missing is there, and by that.
        if made & _made(there) & _earned_by(there, other):
            return _unsure(found, "denies")
    # Of who says as much as the sample, or two claims of its three: half an answer rarely rests on who is who.
    asked = len(_right(rubric, given, sample).makes)
    almost = FEW_CLAIMS < asked < MANY_CLAIMS and not all(rubric.claims[name].named for name in made)
    whole = len(made) >= asked - almost
    if whole and (exchanged := swapped(text, rubric.roles)) is not None and as_much(exchanged):
        return _unsure(found, "roles")
    return found


def _made(found: Judgement) -> frozenset[str]:
    return frozenset(name for name, said in found.decisions.items() if said == "made")


def _earned_by(found: Judgement, there: AsIfThere) -> frozenset[str]:
    """The claims that earn with what was said to be missing."""
    return frozenset(
        one.claim for one in found.evidence if one.mark == "earned" and any(there.names(*words) for words in one.words)
    )


def _unsure(found: Judgement, doubt: Doubt) -> Judgement:
    """What was made is for a person."""
    decisions: dict[str, Decision] = {
        name: "unsure" if said == "made" else said for name, said in found.decisions.items()
    }
    return replace(found, decisions=decisions, doubts=(*found.doubts, doubt))


def _taken_at_its_word(text: str, rubric: TextRubric, given: str, sample: str) -> Judgement:
    """What the patterns find in a text."""
    ready = compiled(rubric)
    question = _question(rubric, given)
    tokens = tokens_of(text, ready.lexicon.vocabulary)
    mentions = ready.lexicon.mentions(tokens)
    structure, subjects = _built(tokens, mentions, ready.roles)
    copies = copied(tokens, question.copyable)
    matcher = Matcher(tokens, structure, mentions, subjects, copies)
    doubts = (*_doubts(text, tokens), *(("copied",) if adds_nothing(tokens, copies) else ()))
    # A "not" beside all claims turns none round.
    beside = frozenset(place for one in mentions if one.concept in ready.beside for place in one.own)
    explained: set[int] = {place for one in mentions for place in range(one.first, one.last + 1)}
    for pattern in ready.nocredit.values():
        for match in matcher.matches(pattern):
            segments = {structure.segment[one.first] for one in match.mentions}
            explained |= {place for place in range(len(tokens)) if structure.segment[place] in segments}
    findings = taken_into_account(
        [one for name, claim in ready.claims.items() for one in _findings(name, claim, matcher)]
    )
    marks = {name: frozenset(one.mark for one in findings if one.claim == name) for name in ready.claims}
    unread = _unread(tokens, question.stems, explained)
    understood = _understood(tokens, unread) and not abbreviated(text, tokens, unread)
    decisions: Mapping[str, Decision] = {
        name: _decided(marks[name], understood, doubts, claim.named) for name, claim in ready.claims.items()
    }
    open_ = set(decisions.values()) != {"not made"}
    if goes_on(tokens, structure, findings, explained, unread, question.stems, open_):
        decisions = {name: said if marks[name] else "unsure" for name, said in decisions.items()}
    doubtful_nots: frozenset[int] = frozenset()
    if "made" in decisions.values():
        right = _right(rubric, given, sample)
        if sample and all(decisions[name] == "made" for name in right.makes):
            # Who says all that the sample says lacks nothing that could hide in what went unread.
            decisions = {name: said if marks[name] else "not made" for name, said in decisions.items()}
        if blamed := said_of_the_wrong(findings, decisions, right.makes):
            decisions = {name: "unsure" if name in blamed else said for name, said in decisions.items()}
        if against := spoken_against(findings, decisions, right.against):
            # A known misconception stays one; of whom it was said, and what is the opposite of a claim, may be misread.
            made = {name for name, said in decisions.items() if said == "made"}
            # Who only names something says nothing yet that would speak for having been misread.
            says_right = made <= right.makes and any(not ready.claims[name].named for name in made)
            mistaken = {
                one.claim for one in findings if one.mark == "denied" and not ("::" in one.pattern and says_right)
            }
            doubtful = (against - mistaken) | (made & (right.makes | rubric.counted_with(right.makes)))
            decisions = {name: "unsure" if name in doubtful else said for name, said in decisions.items()}
            doubts = (*doubts, "contradicts")
        # A "not" among the words of an idea that what is made looks for was thought of.
        asked = frozenset[str]().union(
            *(ready.claims[name].asked for name, said in decisions.items() if said == "made")
        )
        ideas = [one for one in mentions if one.concept in asked | ready.beside]
        ideas += [mention for one in findings if one.mark in _DECIDING for mention in one.match.mentions]
        known = frozenset(place for one in ideas for place in one.own)
        named = frozenset(one.last for one in mentions if one.concept in ready.roles)
        beyond = denies_beside(tokens, structure, findings, mentions, known, named, strict=bool(sample))
        beyond = (beyond and not right.denies) or (bool(sample) and speaks_ill(tokens, structure, findings, mentions))
        if beyond:
            decisions = {name: "unsure" if said == "made" else said for name, said in decisions.items()}
            doubts = (*doubts, "denies")
        doubtful_nots = doubtful_denials(tokens, structure, findings, decisions, beside, named)
        if taken_back := withdrawn(text, tokens, structure, findings, decisions):
            decisions = {name: "unsure" if name in taken_back else said for name, said in decisions.items()}
            doubts = (*doubts, "denial")
        if left_out := excluded(text, tokens, structure, findings, decisions):
            decisions = {name: "unsure" if name in left_out else said for name, said in decisions.items()}
            doubts = (*doubts, "denies")
    elif sample and not doubts and not any(found & {"earned", "supposed"} for found in marks.values()):
        # What is only related, in few words, is not the claim in other words.
        if is_short(text, tokens, unread, _right(rubric, given, sample).contents):
            decisions = dict.fromkeys(decisions, "not made")
    if sample:
        decisions = _read_whole(decisions, marks, _right(rubric, given, sample).makes)
    return Judgement(
        decisions,
        tuple(_evidence(one, tokens) for one in findings),
        tuple((tokens[place].start, tokens[place].end) for place in unread),
        doubts,
        {name: bool(found & {"earned", "supposed", "near"}) and "denied" not in found for name, found in marks.items()},
        doubtful_nots,
    )


def _read_whole(
    decisions: Mapping[str, Decision], marks: Mapping[str, frozenset[Mark]], makes: frozenset[str]
) -> Mapping[str, Decision]:
    """Who reads an answer for one claim of a right answer, which makes many, reads it for those of which nothing was
    found, too, and for the only one that is made.
    """
    made = [name for name, said in decisions.items() if said == "made"]
    if len(makes) < MANY_CLAIMS or not makes.issuperset(made) or all(decisions[name] != "unsure" for name in makes):
        return decisions
    theirs = {name for name in makes if decisions[name] == "not made" and not marks[name]}
    theirs |= set(made) if len(made) == 1 else set()
    return {name: "unsure" if name in theirs else said for name, said in decisions.items()}


@lru_cache(maxsize=256)
def judge_sample(rubric: TextRubric, given: str, sample: str) -> Judgement:
    """What a right answer itself says; kept longer than what students wrote."""
    return judge(sample, rubric, given, sample)


@dataclass(frozen=True, slots=True)
class _Question:
    """The words of a question: their stems, and what would count as copied."""

    stems: frozenset[str]
    copyable: Copyable


@lru_cache(maxsize=256)
def _question(rubric: TextRubric, given: str) -> _Question:
    vocabulary = compiled(rubric).lexicon.vocabulary
    stems = frozenset(token.stem for token in tokens_of(given, vocabulary))
    return _Question(stems, copyable(given, vocabulary))


@dataclass(frozen=True, slots=True)
class _Right:
    """Which claims a right answer makes, against which it speaks (the other side of what it says), whether it denies
    something beside them, and how many words of content it has.
    """

    makes: frozenset[str]
    against: frozenset[str]
    denies: bool = False
    contents: int = 0


@lru_cache(maxsize=256)
def _right(rubric: TextRubric, given: str, sample: str) -> _Right:
    if not sample:
        return _Right(frozenset(rubric.claims), frozenset())
    judged = judge(sample, rubric, given)
    makes = frozenset(one.claim for one in judged.evidence if one.mark == "earned")
    against = frozenset(one.claim for one in judged.evidence if one.mark in AGAINST)
    tokens = tokens_of(sample, compiled(rubric).lexicon.vocabulary)
    return _Right(makes, against, "denies" in judged.doubts, contents(tokens))


def _built(tokens: Sequence[Token], mentions: Sequence[Mention], roles: frozenset[str]) -> tuple[Structure, Subjects]:
    named = [one for one in mentions if one.concept in roles]
    plain = structure_of(tokens)
    first = Subjects(tokens, plain, named, roles)
    if not first.places:
        return plain, first
    structure = structure_of(tokens, first.places)
    return structure, Subjects(tokens, structure, named, roles)


def _doubts(text: str, tokens: Sequence[Token]) -> tuple[Doubt, ...]:
    doubts: list[Doubt] = []
    if addresses_marker(text):
        doubts.append("addressed")
    if keyword_list(tokens, text):
        doubts.append("keywords")
    if shuffled(tokens, text) or disordered(tokens):
        doubts.append("shuffled")
    if opens_with_denial(tokens):
        doubts.append("denial")
    return tuple(doubts)


_DECIDING: frozenset[Mark] = AGAINST | {"earned"}
_EARNING: Mapping[Outcome, Mark] = {"said": "earned", "supposed": "supposed", "contrary": "contrary"}


def _findings(name: str, claim: CompiledClaim, matcher: Matcher) -> Iterator[Finding]:
    for match, pattern in _all(claim.earn, matcher):
        yield Finding(name, _EARNING[match.outcome], match, pattern)
    for match, pattern in _all(claim.deny, matcher):
        if match.outcome == "said":
            yield Finding(name, "denied", match, pattern)
    for match, pattern in _all(claim.near, matcher):
        yield Finding(name, "turned" if match.outcome == "contrary" else "near", match, pattern)


def _all(patterns: Mapping[str, Pattern], matcher: Matcher) -> Iterator[tuple[Match, str]]:
    return ((match, text) for text, pattern in patterns.items() for match in matcher.matches(pattern))


def _evidence(one: Finding, tokens: Sequence[Token]) -> Evidence:
    words = tuple((tokens[mention.first].start, tokens[mention.last].end) for mention in one.match.mentions)
    start, end = min(first for first, _ in words), max(last for _, last in words)
    return Evidence(one.claim, one.mark, start, end, one.pattern, words)


def _decided(marks: frozenset[Mark], understood: bool, doubts: Sequence[Doubt], named: bool) -> Decision:
    if "addressed" in doubts:
        return "unsure"
    if "earned" in marks:
        if marks & {"denied", "contrary"}:
            return "unsure"
        doubted = {"shuffled", "copied", "denial"} & set(doubts) or ("keywords" in doubts and not named)
        return "unsure" if doubted else "made"
    if "supposed" in marks:
        return "unsure"
    if marks & {"denied", "contrary"}:
        return "unsure" if "near" in marks and "denied" not in marks else "not made"
    # What is related and denied may be the claim in words that turn it round once more.
    if marks & {"near", "turned"} or not understood:
        return "unsure"
    return "not made"


def _unread(tokens: Sequence[Token], theirs: frozenset[str], read: set[int]) -> list[int]:
    """The words of content that nothing accounts for; a formula is one of them."""
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
        if token.word == "=" and 0 < place < len(tokens) - 1 and _in_prose(tokens[place - 1], tokens[place + 1]):
            continue
        unread.append(place)
    return unread


def _in_prose(before: Token, behind: Token) -> bool:
    """Whether a sign stands for a word: "more steps = further away"."""
    return all(
        one.kind == "word" and len(one.word) > 2 and (is_word(one.word) or is_word(one.stem))
        for one in (before, behind)
    )


def _is_read(token: Token) -> bool:
    word, root = token.word, token.stem
    if len(word) == 1 or _SIZE.fullmatch(word) or root in KNOWN_STEMS or stem(word.removesuffix("s")) in KNOWN_STEMS:
        return True
    return any(is_everyday(form) for form in (word, root, f"{root}e", word.removesuffix("ing")))


def _understood(tokens: Sequence[Token], unread: Sequence[int]) -> bool:
    """Whether nothing went unread, or so little that it can hardly have said the thing."""
    return len(unread) * READ_PER_UNREAD <= contents(tokens)
