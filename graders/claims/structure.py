"""How a text is built: sentences, segments (one side of a contrast), and what each negation reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from graders.claims.concepts import Mention
from graders.claims.english import (
    ARTICLES,
    AS_WHAT,
    AVOIDING,
    BE,
    BOUNDARIES,
    CONTRASTS,
    FAILING,
    FALSITY,
    FINITE,
    FUNCTION,
    GUESSING,
    HEDGES,
    INSTEAD,
    NEGATORS,
    NO,
    NO_NEGATION,
    OPEN_NEGATION,
    PREFIXES,
    PRONOUNS,
    SAYING,
    TRUTHS,
    YES,
)
from graders.claims.idioms import is_recalled, says_nothing
from graders.claims.tokens import Token

_ENDS = frozenset({".", "!", "?", ";", "\n"})
_DO = frozenset(["do", "does", "did", "can", "could", "will", "would"])
_BEGINNING = frozenset({"only", "just", "can", "will", "has", "have", "uses"})
_REASONS = frozenset({"because", "since", "whereas", "while", "but", "→"})
_JOINING = frozenset({"/", "and", "or", ","})
# Behind these "but" means except: "nothing but the last state".
_NOTHING = frozenset({"nothing", "anything", "none", "else"})
_LIST_SIGNS = frozenset({"+", "-", "–", "*", "•"})
_STATES = frozenset(
    {"die", "dies", "stay", "stays", "remain", "remains", "become", "becomes", "get", "gets", "stop", "stops"}
)
_DEEDS = frozenset({"computation", "calculation", "evaluation", "inversion", "storage"})
_COMPARATIVES = frozenset(
    {"faster", "quicker", "cheaper", "closer", "better", "smoother", "simpler", "easier", "lower", "higher", "fewer"}
)
_RELATIVE = frozenset({"which", "but", "so", "→"})
_PLAINLY_DONE = frozenset(
    {"computing", "calculating", "evaluating", "storing", "forming", "inverting", "building", "using", "needing"}
)
_THEM = frozenset({"them", "it", "this", "that", "these", "those"})
_DEGREES = frozenset(
    {"long", "many", "much", "big", "large", "small", "short", "deep", "far", "well", "complex", "often"}
)
_IS = frozenset({"is", "are", "was", "were"})
# "You can not simply keep it" denies, where "it is not simply kept" adds.
_MAY = frozenset({"can", "could", "may", "should", "must"})
_EASILY = frozenset({"just", "simply"})
# "The slope is practically nothing and …" says how small it is.
_ALMOST = BE | {"practically", "almost", "nearly"}
_FAR = 7
_SUBJECT = 5
# Who says "maybe" so often is guessing.
MANY_HEDGES = 2
_VERB_ENDINGS = ("s", "es")


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word at `place`, the tokens it reaches, and whether that is beyond doubt."""

    place: int
    reach: frozenset[int]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Structure:
    """`sentence` and `segment` number the tokens; `hedged` are the segments that only suppose; in a text that is
    `guessed` even what is merely named is only supposed.
    """

    sentence: tuple[int, ...]
    segment: tuple[int, ...]
    negations: tuple[Negation, ...]
    hedged: frozenset[int]
    says_no: frozenset[int]
    says_yes: frozenset[int]
    guessed: bool = False

    def reaching(self, mention: Mention) -> frozenset[int]:
        """The negations (by number) that reach a mention, and are none of its own words."""
        return frozenset(
            number
            for number, one in enumerate(self.negations)
            if one.place not in mention.own
            and any(place in one.reach for place in range(mention.first, mention.last + 1))
        )


def structure_of(tokens: Sequence[Token], subjects: frozenset[int] = frozenset()) -> Structure:
    """The structure of a text; `subjects` are the places where what is spoken of is named."""
    sentence, segment = _numbered(tokens)
    no, yes = _particles(tokens, sentence)
    negations = [
        *(_forward(tokens, sentence, place, subjects) for place in _negators(tokens) if place not in no),
        *_called_false(tokens, sentence),
    ]
    hedged = frozenset(segment[place] for place, token in enumerate(tokens) if token.word in HEDGES)
    hedged |= frozenset(segment[place] for place, token in enumerate(tokens) if token.word == "?")
    hedged |= frozenset(
        segment[place]
        for place, (one, following) in enumerate(pairwise(token.word for token in tokens))
        if (one, following) in GUESSING
    )
    guesses = sum(pair in GUESSING for pair in pairwise(token.word for token in tokens))
    guessed = guesses + sum(token.word in HEDGES for token in tokens) >= MANY_HEDGES
    return Structure(tuple(sentence), tuple(segment), tuple(one for one in negations if one), hedged, no, yes, guessed)


def _numbered(tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
    sentence, segment = [], []
    sentences = segments = 0
    for place, token in enumerate(tokens):
        contrasts = token.word in CONTRASTS and not _of_any_degree(tokens, place)
        if contrasts and place and tokens[place - 1].word not in _ENDS | _NOTHING:
            segments += 1
        sentence.append(sentences)
        segment.append(segments)
        if token.word in _ENDS:
            sentences += 1
            segments += 1
        elif contrasts and token.word != "but" and _opens(tokens, sentence, place):
            # "While A …, B …": the comma parts the two sides.
            comma = next((p for p in range(place, len(tokens)) if tokens[p].word in (",", *_ENDS)), None)
            if comma is not None and tokens[comma].word == ",":
                return _with_break(tokens, comma, sentence, segment, sentences, segments, place)
    return sentence, segment


def _of_any_degree(tokens: Sequence[Token], place: int) -> bool:
    """Whether "however" says how much: "the sentence, however long, has to fit"."""
    return tokens[place].word == "however" and place + 1 < len(tokens) and tokens[place + 1].word in _DEGREES


def _with_break(
    tokens: Sequence[Token],
    comma: int,
    sentence: list[int],
    segment: list[int],
    sentences: int,
    segments: int,
    place: int,
) -> tuple[list[int], list[int]]:
    """Go on behind the comma of an opening "while …,": one segment before it, the next behind it."""
    for _ in range(place + 1, comma + 1):
        sentence.append(sentences)
        segment.append(segments)
    rest_sentence, rest_segment = _numbered(tokens[comma + 1 :])
    return (
        sentence + [sentences + number for number in rest_sentence],
        segment + [segments + 1 + number for number in rest_segment],
    )


def _opens(tokens: Sequence[Token], sentence: Sequence[int], place: int) -> bool:
    return place == 0 or sentence[place - 1] != sentence[place] or tokens[place - 1].word in _ENDS


def _particles(tokens: Sequence[Token], sentence: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Where "no" and "yes" answer a question."""
    no, yes = set(), set()
    for place, token in enumerate(tokens):
        opening = _opens(tokens, sentence, place) or (place and tokens[place - 1].word in (",", ":", "("))
        if not opening or token.word not in NO | YES:
            continue
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.word in YES:
            yes.add(place)
        elif (
            following is None
            or following.kind in ("mark", "line")
            or following.word in PRONOUNS | BOUNDARIES | {"the", "my", "a", "as", "in"} | NEGATORS
        ):
            no.add(place)
    return frozenset(no), frozenset(yes)


def _negators(tokens: Sequence[Token]) -> list[int]:
    return [place for place in range(len(tokens)) if _negates(tokens, place)]


def _negates(tokens: Sequence[Token], place: int) -> bool:
    word = tokens[place].word
    before = tokens[place - 1].word if place else ""
    behind = tokens[place + 1].word if place + 1 < len(tokens) else ""
    if substitutes(tokens, place) or word in FAILING:
        return True
    if word in PREFIXES:
        return _is_prefix(tokens, place)
    if word in AVOIDING:
        return _does(tokens, place + 1)
    if word == "nothing" and "but" in [token.word for token in tokens[place + 1 : place + 3]]:
        return False
    if word == "not" and place + 1 < len(tokens) and is_recalled(tokens, place + 1):
        return False
    if behind in _EASILY and before in _MAY:
        return word == "not"
    if word == "nothing" and before in _ALMOST and behind in _ENDS | {"and", ",", ""}:
        return False
    if word not in NEGATORS or behind in NO_NEGATION or says_nothing(tokens, place):
        return False
    if word == "nor":
        return not any(one.word in ("neither", "not") for one in tokens[:place])
    return not (word == "not" and before in ("or", "if"))


def _is_prefix(tokens: Sequence[Token], place: int) -> bool:
    """Whether "non" or "un" turns round the next word: "non-linear", "un normalised"."""
    return place + 1 < len(tokens) and _in_words(tokens[place + 1]) and tokens[place + 1].word not in FUNCTION


def substitutes(tokens: Sequence[Token], place: int) -> bool:
    """ "Instead of", "rather than", and "instead computing it" of those who forget the "of"."""
    word, behind = tokens[place].word, tokens[place + 1].word if place + 1 < len(tokens) else ""
    return (word, behind) in INSTEAD or (word == "instead" and behind.endswith("ing"))


def _does(tokens: Sequence[Token], place: int) -> bool:
    """Whether something is done here, to something: "(from) computing and storing the Hessian"."""
    words = [token.word for token in tokens[place : place + _FAR]]
    if "from" in words or (words[0:1] and words[0] in _PLAINLY_DONE):
        return True
    if any(one in _DEEDS and other == "of" for one, other in pairwise(words)):
        return True
    doing = 0
    while doing < len(words) and (words[doing].endswith("ing") or (doing and words[doing] in _JOINING)):
        doing += 1
    return bool(doing) and doing < len(words) and words[doing] in ARTICLES | {"explicit", "second", "all", "every"}


def _forward(tokens: Sequence[Token], sentence: Sequence[int], place: int, subjects: frozenset[int]) -> Negation | None:
    """What a negator reaches: on to the end of its clause, or of its sentence in "it is not true that …"."""
    if tokens[place].word in PREFIXES:
        return Negation(place, frozenset({place + 1}))
    following = [token.word for token in tokens[place + 1 : place + 4]]
    bare = bool(following) and following[0] in (":", ",", "(")  # "It cannot: …", where "mean field" is no "mean".
    whole = any(word in TRUTHS | SAYING for word in following[:2]) and tokens[place].word in ("not", "never")
    # "I don't think so, …", "I don't agree, …": over with the comma.
    over = following[1:2] == ["so"] or (following[1:2] == [","] and following[2:] != ["that"])
    whole = whole and not bare and not over
    sure = not (following and following[0] in OPEN_NEGATION)
    do_support = place > 0 and tokens[place - 1].word in _DO
    substitute = substitutes(tokens, place)
    # "Without skip connections the gradient vanishes": a phrase that opens a sentence ends where the next one begins.
    opening = (substitute or tokens[place].word == "without") and _opens(tokens, sentence, place)
    contents = 0
    inserted = False
    reach: set[int] = set()
    for at in range(_start(tokens, place), len(tokens)):
        if sentence[at] != sentence[place]:
            break
        word = tokens[at].word
        if opening and contents and (word in ARTICLES | PRONOUNS | _IS or tokens[place + 1].word in ("it", "them")):
            break
        if not bare and ((word == "(" and not contents) or (word == ")" and inserted)):
            inserted = word == "("  # "not the (long-term) memory"
            continue
        contents += word not in FUNCTION or word in _THEM
        ends = word in BOUNDARIES and (at > place + 1 or word in _REASONS)
        if not whole and (ends or word in (",", ":", "(", ")")):
            break
        if not whole and word == "as" and _gives_a_reason(tokens, at, place):
            break
        if not whole and word == "and" and _and_ends(tokens, at, do_support, subjects):
            break
        if not whole and (_lists(tokens, at) or (word == "and" and _states(tokens, place, at))):
            break
        if not whole and word == "and" and _gains(tokens, place, at):
            break
        if word == "by" and tokens[place].word in AVOIDING:
            break
        if substitute and at > place + 2 and (at in subjects or word in ("it", "they", "we", "you")):
            break
        reach.add(at)
    return Negation(place, frozenset(reach), sure) if reach else None


def _lists(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign between words opens the next thing of a list: "+ no dead neurons + robust"."""
    if tokens[at].word not in _LIST_SIGNS or not 0 < at < len(tokens) - 1:
        return False
    before, sign, behind = tokens[at - 1 : at + 2]
    return before.end < sign.start and sign.end < behind.start and _in_words(before) and _in_words(behind)


def _in_words(token: Token) -> bool:
    return token.kind == "word" and len(token.word) > 2


def _states(tokens: Sequence[Token], place: int, at: int) -> bool:
    """Whether "and" goes on with what becomes of it: "gets no gradient and stays dead"."""
    return tokens[place].word in ("no", "without") and at + 1 < len(tokens) and tokens[at + 1].word in _STATES


def _gains(tokens: Sequence[Token], place: int, at: int) -> bool:
    """Whether "and" goes on with a comparison: "no dead units and faster training"."""
    ahead = [token.word for token in tokens[at + 1 : at + 3]]
    return tokens[place].word in ("no", "without") and any(word in _COMPARATIVES for word in ahead)


def _start(tokens: Sequence[Token], place: int) -> int:
    """Where the reach begins: behind "from" in "prevents the network from undoing it", else at once."""
    ahead = [token.word for token in tokens[place + 1 : place + 1 + _FAR]]
    return place + 2 + ahead.index("from") if tokens[place].word in AVOIDING and "from" in ahead else place + 1


def _gives_a_reason(tokens: Sequence[Token], at: int, negator: int) -> bool:
    """Whether "as" means because here, and does not compare; the negator stands before it."""
    behind_not = at - negator
    if behind_not <= 2:
        compares = any(token.word == "as" for token in tokens[at + 1 : at + 5])
        # "Without problem as the label …", but not "not used as the label".
        near = behind_not == 1 or tokens[negator].word == "without"
        return near and not compares and _says_of_another(tokens, at + 1)
    before, behind = tokens[at - 1].word, tokens[at + 1].word if at + 1 < len(tokens) else ""
    return (
        before not in AS_WHAT
        and behind not in ("well", "opposed", "in")
        and not any(token.word == "as" for token in tokens[max(0, at - 3) : at])
    )


def _and_ends(tokens: Sequence[Token], at: int, do_support: bool, subjects: frozenset[int]) -> bool:
    """Whether "and" begins something new: "does not compute H and approximates it"."""
    if at + 1 >= len(tokens):
        return True
    word = tokens[at + 1].word
    if at + 2 < len(tokens) and tokens[at + 2].word in NEGATORS:
        return True
    if word in PRONOUNS | BOUNDARIES | BE | NEGATORS | _BEGINNING or at + 1 in subjects:
        return True
    if _says_of_another(tokens, at + 1):
        return True
    return do_support and word.endswith(_VERB_ENDINGS) and not word.endswith("ss")


def _says_of_another(tokens: Sequence[Token], place: int) -> bool:
    """Whether a subject and its verb follow: "and the memory is small", "and memory will do"."""
    for at in range(place, min(place + _SUBJECT, len(tokens))):
        token = tokens[at]
        if token.kind in ("mark", "line") or token.word in BOUNDARIES or token.word in NEGATORS:
            return False
        if token.word in FINITE:
            return at > place
    return False


def _called_false(tokens: Sequence[Token], sentence: Sequence[int]) -> list[Negation]:
    """ "… is wrong" reaches back: over its own sentence, or over the one before if "that is wrong"; "it is wrong that"
    reaches on."""
    found = []
    for place, token in enumerate(tokens):
        if token.word not in FALSITY or not place or tokens[place - 1].word not in BE | {"not"}:
            continue
        here = [at for at in range(len(tokens)) if sentence[at] == sentence[place]]
        behind = [at for at in here if at > place]
        if behind and tokens[behind[0]].word in ("that", "to"):
            found.append(Negation(place, frozenset(behind[1:])))
            continue
        before = [at for at in here if at < place]
        bound = max((at for at in before if tokens[at].word in BOUNDARIES | {"otherwise", "else"}), default=-1)
        before = [at for at in before if at > bound]
        if (
            bound >= 0
            and tokens[bound].word not in _RELATIVE
            and all(tokens[at].word in PRONOUNS | BE for at in before)
        ):
            continue  # "even when it is wrong" calls nothing false.
        if before and all(tokens[at].word in PRONOUNS | BE | {"not", ",", "which"} for at in before):
            before = [at for at in range(place) if sentence[at] == sentence[place] - 1]
        if before:
            found.append(Negation(place, frozenset(at for at in before if tokens[at].kind != "mark")))
    return found
