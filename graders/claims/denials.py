"""The words of an answer that deny something, and whether what the answer earns takes them into account.

An answer that states a thing and denies another of the same subject is rarely half right by rule. So a denial that no
earning pattern counts, and that no author thought of, leaves what was earned to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graders.claims.caution import Decision, Finding
from graders.claims.concepts import Mention
from graders.claims.english import (
    AUXILIARIES,
    BE,
    FAILING,
    FUNCTION,
    JUDGING,
    NEGATORS,
    NO_NEGATION,
    PREPOSITIONS,
    SAYING,
    SPEAKING_ILL,
    SPEAKING_ILL_PAIRS,
)
from graders.claims.foreign import DENYING, is_step
from graders.claims.idioms import is_recalled, says_nothing
from graders.claims.structure import Negation, Structure, substitutes
from graders.claims.tokens import Token

_PLAIN = frozenset({"not", "never"})
# These are often said in passing ("no bad minima"), "without" also of how something is ("without limit").
_LESSER = NEGATORS - _PLAIN - {"without"} | FAILING
# Behind these a "not" sets something apart from what is said: "from the training data and not the test data".
_APART = frozenset({"and", "or", "but", "if", "whether", "why", "so", "therefore"})
_CHOOSING = frozenset({"or", "if", "whether"})
_STATING = BE | {"has", "have"}
_ADDING = frozenset({"else", "more"})
# "It can be undone if it hurts" does not say that it does.
_CONDITIONS = frozenset({"if", "when", "where", "whenever"})
_CONDITIONED = 12


def denies_beside(
    tokens: Sequence[Token],
    structure: Structure,
    findings: Sequence[Finding],
    mentions: Sequence[Mention],
    known: frozenset[int],
    named: frozenset[int],
    *,
    strict: bool,
) -> bool:
    """Whether something is denied by a word that nothing which earns takes into account, and that does not stand at one
    of the places `known`: by a "not" or "never", by another word before an idea that earns elsewhere, or by what is
    said to be missing ("without") or replaced ("instead of"). `named` are the places where the name of a role ends. If
    not `strict`, only what is written out, or contracted as in "isn't", and reaches something, denies.
    """
    counted = {structure.negations[number].place for number in _counted(findings)}
    if not strict:
        return any(place not in counted and place not in known for place in _stating(tokens, structure))
    earning = {mention.concept for one in findings if one.mark == "earned" for mention in one.match.mentions}
    ideas = {place for one in mentions if one.concept in earning for place in range(one.first, one.last + 1)}
    reached = {one.place for one in structure.negations if one.reach & ideas}
    denying = {
        place for place in _denying(tokens, structure, named) if place in reached or tokens[place].word not in _LESSER
    }
    again = _named_again(tokens, findings, mentions)
    for one in structure.negations:
        missing = again if tokens[one.place].word == "without" else ideas if substitutes(tokens, one.place) else set()
        if missing & _object(tokens, one):
            denying.add(one.place)
    return not denying <= counted | known


def speaks_ill(
    tokens: Sequence[Token], structure: Structure, findings: Sequence[Finding], mentions: Sequence[Mention]
) -> bool:
    """Whether a sentence that earns speaks ill of something in words that are none of an idea's: "its enemy is …"."""
    sentences = {structure.sentence[place] for one in findings if one.mark == "earned" for place in one.places}
    known = {place for one in mentions for place in range(one.first, one.last + 1)}
    words = [token.word for token in tokens]
    return any(
        place not in known
        and structure.sentence[place] in sentences
        and (word in SPEAKING_ILL or tuple(words[place : place + 2]) in SPEAKING_ILL_PAIRS)
        and not _CONDITIONS & set(words[max(0, place - _CONDITIONED) : place])
        for place, word in enumerate(words)
    )


def doubtful_denials(
    tokens: Sequence[Token],
    structure: Structure,
    findings: Sequence[Finding],
    decisions: Mapping[str, Decision],
    known: frozenset[int],
    named: frozenset[int],
) -> frozenset[int]:
    """Where the "not"s begin, of sentences that earn, that may make no difference to what is earned: those written out,
    and those contracted that count because they reach what earns; none at the places `known`. `named` are the places
    where the name of a role ends.
    """
    earning = [one for one in findings if one.mark == "earned" and decisions[one.claim] == "made"]
    sentences = {structure.sentence[place] for one in earning for place in one.places}
    own = {place for one in earning for mention in one.match.mentions for place in mention.own}
    counted = {structure.negations[number].place for number in _counted(findings)} - own
    return frozenset(
        tokens[one.place].start
        for one in structure.negations
        if tokens[one.place].word in _PLAIN
        and one.place not in known
        and structure.sentence[one.place] in sentences
        and not _is_apart(tokens, one.place)
        and not _is_elliptic(tokens, one.place, named)
        and (not _is_contracted(tokens, one.place) or one.place in counted)
    )


def _named_again(tokens: Sequence[Token], findings: Sequence[Finding], mentions: Sequence[Mention]) -> frozenset[int]:
    """Where what earns is named again: in the same words or, if it earns by itself, in any."""
    earned = [one for one in findings if one.mark == "earned"]
    alone = {one.match.mentions[0].concept for one in earned if len(one.match.mentions) == 1}
    ideas = {mention.concept for one in earned for mention in one.match.mentions}
    words = {tokens[place].stem for one in earned for place in one.places if tokens[place].word not in FUNCTION}
    return frozenset(
        place
        for one in mentions
        if one.concept in ideas
        for place in range(one.first, one.last + 1)
        if one.concept in alone or tokens[place].stem in words
    )


def _object(tokens: Sequence[Token], one: Negation) -> frozenset[int]:
    """What is missing or replaced: the words behind it, up to the next preposition."""
    found = set[int]()
    for place in sorted(one.reach):
        word = tokens[place].word
        if place > one.place + 1 and (word in PREPOSITIONS or tokens[place].kind != "word"):
            break
        if word.endswith("ing") and any(tokens[at].word not in FUNCTION for at in found):
            return frozenset()  # "without momentum blowing up"
        found.add(place)
    return frozenset(found)


def _counted(findings: Sequence[Finding]) -> frozenset[int]:
    return frozenset[int]().union(*(one.match.negations for one in findings if one.mark == "earned"))


def _stating(tokens: Sequence[Token], structure: Structure) -> Iterator[int]:
    """The places of the negations that are written out or in "isn't" and deny something."""
    for one in structure.negations:
        plain = tokens[one.place].word in _PLAIN and one.place > 0 and not _is_apart(tokens, one.place)
        stating = plain and (not _is_contracted(tokens, one.place) or tokens[one.place - 1].word in _STATING)
        if stating and any(_is_denied(tokens[at]) for at in one.reach):
            yield one.place


def _is_denied(token: Token) -> bool:
    return token.kind != "mark" and (token.word not in FUNCTION | SAYING or token.word in JUDGING)


def _denying(tokens: Sequence[Token], structure: Structure, named: frozenset[int]) -> Iterator[int]:
    """The places of the words that deny something, in English or in another language that students write in."""
    for place, token in enumerate(tokens):
        if token.word in DENYING:
            if not is_step(tokens, place):
                yield place
        elif token.word in _PLAIN | _LESSER and not _is_idiom(tokens, place):
            if token.word in _PLAIN:
                if not _is_apart(tokens, place) and not _is_elliptic(tokens, place, named):
                    yield place
            elif place not in structure.says_no:
                yield place


def _is_idiom(tokens: Sequence[Token], place: int) -> bool:
    """Whether a negating word denies nothing where it stands: "no matter", "not only", "or not", "I do not know"."""
    word = tokens[place].word
    before = tokens[place - 1].word if place else ""
    behind = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if says_nothing(tokens, place) or (word == "not" and (behind in NO_NEGATION or before in _CHOOSING)):
        return True
    if word == "nor":  # What "neither" or "not" before it opens is looked at there.
        return any(one.word in ("neither", "not") for one in tokens[:place])
    if word == "nothing" and behind in _ADDING:
        return True
    if word == "no" and behind == ".":  # "The no. of nodes"
        return True
    return place + 1 < len(tokens) and is_recalled(tokens, place + 1)


def _is_contracted(tokens: Sequence[Token], place: int) -> bool:
    return place > 0 and tokens[place - 1].end > tokens[place].start


def _is_apart(tokens: Sequence[Token], place: int) -> bool:
    """Whether a "not" stands behind a mark or a conjunction, but not so in "it is, not …"."""
    if place == 0:
        return True
    before = tokens[place - 1]
    if before.kind == "word":
        return before.word in _APART
    return place < 2 or tokens[place - 2].word not in AUXILIARIES


def _is_elliptic(tokens: Sequence[Token], place: int, named: frozenset[int]) -> bool:
    """Whether one of the roles does not what is said of another: "… but SGD doesn't", "SGD does not", "SGD not"."""
    if place + 1 < len(tokens) and tokens[place + 1].kind not in ("mark", "line") and tokens[place + 1].word != "→":
        return False
    return place - 1 in named or (place - 2 in named and tokens[place - 1].word in AUXILIARIES)
