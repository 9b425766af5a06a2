"""What a text says and takes back, or leaves to others: "False: …", "…. This is all wrong.", "Nobody would say that …".

A statement about the answer as a whole, or about the sentence beside it, is no claim of the subject, and no pattern
looks for it. What it takes back does not earn by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from graders.claims.caution import Decision, Finding
from graders.claims.english import FUNCTION
from graders.claims.structure import Structure
from graders.claims.tokens import Token


def _any(*forms: str) -> str:
    return "(?:" + "|".join(forms) + ")"


# Looked for first: most texts hold none of these.
_SIGNAL: Final = re.compile(
    r"wrong|false|falsch|faux|fausse|incorrect|inexact|correct\b|true\b|right\b|case\b|untrue|nonsense|rubbish|"
    r"bullshit|myth|mistake|error\b|erreur|misconception|misunderstanding|irrtum|irrig|fehler|unsinn|quatsch|fallacy|"
    r"\blies?\b|opposite|contrary|contraire|reverse|gegenteil|unlikely|doubt|bezweif|unwahr|absurd|ridiculous|"
    r"nobody|no[ -]?one|niemand|personne|no way|by no means|keineswegs|hardly|kidding|\bnot\W*\Z|stimmt|wahr|richtig|"
    r"vrai|think|believe|glaube|denke|crois|pense|pretend|maybe|perhaps|possibly|could be|might be|vielleicht|peut|"
    r"far from it|debunk|refut|disproved|anything but|not so\b|as if|not at all",
    re.IGNORECASE,
)

_VERY: Final = (
    r"(?:(?:all|just|simply|completely|totally|utterly|plainly|plain|obviously|clearly|absolutely|entirely|quite|rather|"
    r"really|actually|definitely|complete|total|utter|pure|absolute|certainly|of\s+course|still|also|very|so|highly|most|only|indeed|factually|sadly|"
    r"unfortunately|however|probably|likely|almost|even|in\s+fact|at\s+all|always|all\s+of\s+it)\s+){0,3}?"
)
_FALSE: Final = _any(
    r"wrong", r"false", r"incorrect", r"untrue", r"mistaken", r"nonsens(?:e|ical)", r"rubbish", r"bullshit",
    r"garbage", r"absurd", r"ridiculous", r"doubtful", r"unlikely", r"refuted", r"debunked", r"disproved",
    r"(?:an?|one)\s+(?:(?:big|common|popular|widespread|typical|frequent|serious|complete|total|huge|classic|old|"
    r"well-?known|pure|mere)\s+){0,2}?(?:myth|lie|fallacy|misconception|misunderstanding|mistake|error|joke|fairy\s?tale)",
)  # fmt: skip
_TRUE: Final = r"(?:true|correct|right|the\s+case|so|accurate|valid)\b"
_NOT_SO: Final = rf"(?:{_VERY}{_FALSE}|not\s+{_VERY}{_TRUE})"
_BE: Final = r"(?:\s+(?:is|was|are|were|would\s+be|can(?:\s+only)?\s+be|must\s+be|seems|sounds|looks)|['’]s|['’]re)"
_IS_NOT_SO: Final = (
    rf"(?:{_BE}\s+{_NOT_SO}|\s*(?:is|was|are|were)n['’]?t\s+{_VERY}{_TRUE}|\s+(?:can\s?not|can['’]?t)\s+be\s+{_TRUE})"
)
_SAY: Final = (
    r"(?:say|think|believe|claim|assume|state|argue|conclude|suppose|write|assert|answer|pretend|maintain|suggest)"
)
_SAYS: Final = _SAY.replace("deny", "den(?:y|ies)") + "s?"

# Openings of what is then taken back, or left to others.
_INTRODUCING: Final = _any(
    rf"(?:it|this|that|there){_IS_NOT_SO}\s+(?:that\b|to\s+{_SAY}\b|,?\s*what\s+follows)",
    rf"(?:nobody|no[ -]?one|none|hardly\s+any(?:one|body)|only\s+(?:a\s+)?(?:fools?|idiots?))\s+(?:[\w']+\s+){{0,3}}?"
    rf"{_SAYS}\b",
    r"i\s+(?:(?:really|seriously|strongly|highly|very\s+much|would|must)\s+)*(?:doubt|deny|dispute|reject|contest)\s+"
    r"(?!it\b|this\b|that\s*[.,;!?])",
    rf"(?:i|we)\s+(?:do\s*n['’]?t|do\s+not|would\s*n['’]?t|would\s+not|never|can\s?not|can['’]?t)\s+{_SAY}\s+that\b",
    rf"(?:[\w-]+\s+){{0,3}}?(?:wrongly|mistakenly|falsely|erroneously|incorrectly)\s+{_SAY}[a-z]*",
    rf"(?:one|you|people|some|many|students?)\s+(?:might|may|could)\s+{_SAY}\b",
    r"(?:(?:a|the|one|another)\s+)?(?:[\w-]+\s+){0,2}?"
    r"(?:myth|misconception|fallacy|misunderstanding|lie)(?:\s+[\w-]+){0,3}?\s*(?:is\b|that\b|:)",
    r"(?:(?:there\s+is|there['’]s)\s+)?no\s+way\s+that\b",
    r"(?:by\s+no\s+means|in\s+no\s+way|under\s+no\s+circumstances|contrary\s+to\s+(?:the\s+truth|all\s+facts))\b",
    r"(?:the\s+(?:\w+\s+)?)?(?:opposite|contrary|reverse)\s+(?:of\s+(?:the\s+following|this|that)\b|is\s+true\s*:)",
    r"(?:anything|everything)\s+but\s+(?:the\s+following|this|that)\b",
    # German
    r"es\s+(?:ist|w[äa]re|stimmt)\s+(?:\w+\s+){0,2}?(?:falsch|nicht|unwahr|unsinn|quatsch|ein\s+(?:irrtum|fehler|mythos|"
    r"m[äa]rchen))(?:\s+(?:wahr|richtig|korrekt|der\s+fall|so))?,?\s+(?:dass|da[sß]|zu\s+\w+)\b",
    r"niemand\s+(?:w[üu]rde|behauptet|sagt|glaubt|denkt)\b",
    r"ich\s+(?:glaube|denke|meine|finde)\s+nicht,?\s+dass\b",
    r"ich\s+(?:bezweifle|bestreite)\b",
    r"keineswegs\b",
    # French
    r"(?:il|c)(?:['’]est|\s+est|\s+serait|e\s+serait)\s+(?:\w+\s+){0,1}?(?:faux|inexact|incorrect|absurde|"
    r"une\s+erreur|un\s+mythe)\s+(?:qu(?:e\b|['’])|de\s+(?:dire|penser|croire)\b)",
    r"(?:il\s+n|ce\s+n)['’]est\s+pas\s+(?:vrai|exact|correct|le\s+cas)\s+qu(?:e\b|['’])",
    r"personne\s+ne\s+(?:dirait|pr[ée]tend\w*|dit|croit|pense)\b",
    r"je\s+ne\s+(?:crois|pense)\s+pas\s+qu(?:e\b|['’])",
    r"je\s+doute\s+qu(?:e\b|['’])",
)  # fmt: skip
_LABEL: Final = (
    r"(?:wrong|false|incorrect|untrue|not\s+(?:true|correct|right)|nonsense|rubbish|myth|lie|fallacy|misconception|"
    r"mistake|falsch|unwahr|unsinn|quatsch|faux|incorrect|mythe|erreur)"
)
# Who says so and goes on with "maybe" is guessing.
_NO_IDEA: Final = _any(
    r"(?:i\s+(?:really\s+|honestly\s+)?(?:have\s+)?)?(?:absolutely\s+)?no\s+(?:idea|clue)",
    r"i\s+(?:really\s+|honestly\s+)?(?:do\s*n['’]?t|do\s+not)\s+(?:really\s+)?know", r"idk", r"dunno",
    r"not\s+(?:really\s+)?sure", r"(?:just\s+|only\s+)?(?:a\s+)?(?:wild\s+|pure\s+)?guess(?:ing)?",
    r"keine\s+ahnung", r"(?:ich\s+)?wei(?:ß|ss)\s+(?:es\s+)?nicht", r"aucune\s+id[ée]e", r"je\s+ne\s+sais\s+pas",
)  # fmt: skip
_MAYBE: Final = r"(?:maybe|perhaps|possibly|could\s+be|might\s+be|vielleicht|peut-[êe]tre)\b"
_OPENING: Final = re.compile(
    rf"\W*(?:(?:well|sorry|hm+|no|nein|non|nope|ok|so|i\s+(?:think|guess)|answer)\W+)*"
    rf"(?P<own>{_INTRODUCING}|{_LABEL}(?:\s+(?:statement|claim|answer|idea|aussage|affirmation))?\s*"
    rf"(?::|[–—-]\s|[-–—]{{2}})|{_NO_IDEA}\W+(?:(?:but|so|sorry|hm+)\W+)?{_MAYBE})",
    re.IGNORECASE,
)
_LATER: Final = re.compile(rf"(?:(?<=[.!?;:,–—-])|(?<=\band)|(?<=\bbut))\s+(?P<own>{_INTRODUCING})", re.IGNORECASE)

# What takes back what stands before it.
_IT: Final = (
    r"(?:(?:all\s+(?:of\s+)?)?(?:this|that|it|these|those|which|they)(?:\s+all)?(?:\s+(?:idea|claim|statement|answer|"
    r"assertion|view|belief|argument|reasoning|sentence|thought))?|everything|(?:all\s+)?(?:of\s+)?the\s+above|"
    r"my\s+(?:first\s+|whole\s+)?(?:answer|claim|statement|idea|thought|view)|the\s+(?:(?:whole|previous|last)\s+)?"
    r"(?:claim|statement|sentence)(?:\s+(?:above|before))?|"
    r"what\s+i\s+(?:just\s+)?(?:said|wrote|thought|claimed)|none\s+of\s+(?:this|that|it))"
)
_TAKEN_BACK: Final = _any(
    rf"{_IT}{_IS_NOT_SO}\b(?!\s+(?:that|to|for|in|on|at|with|of|here|when|if|because|since|side|class|label)\b)",
    rf"none\s+of\s+(?:this|that|it){_BE}\s+{_TRUE}",
    r"(?:the\s+)?(?:\w+\s+)?(?:opposite|contrary|reverse)\s+(?:is|was|holds|applies)\b(?!\s+(?:a|an|done)\b)",
    rf"(?:{_IT}{_BE}\s+)?(?:just\s+|exactly\s+|quite\s+|precisely\s+)?the\s+(?:\w+\s+)?(?:opposite|contrary|reverse)\s*(?=[.!?\n]|\Z)",
    r"(?:but\s+)?i\s+(?:really\s+|seriously\s+|strongly\s+|highly\s+)?doubt\s+(?:it|this|that)\b",
    rf"(?:but\s+)?i\s+(?:do\s*n['’]?t|do\s+not)\s+{_SAY}\s+(?:so|it|this|that)\s*(?=[.!?\n]|\Z)",
    r"(?:people|those|anyone|who(?:ever)?|everyone)\s+(?:who\s+)?(?:says?|thinks?|claims?|believes?)\s+(?:so|that|this|it)"
    r"(?:\s+is|\s+are)\s+\w+",
    r"das\s+(?:ist|war|w[äa]re|stimmt)\s+(?:\w+\s+){0,3}?(?:falsch|nicht|unsinn|quatsch|gelogen|irrtum|unwahr|m[äa]rchen|"
    r"mythos)\b",
    r"das\s+(?:genaue\s+)?gegenteil\s+(?:ist|stimmt|gilt)\b",
    r"(?:mais\s+)?(?:c['’]est|tout\s+cela\s+est|tout\s+est|ce\s+serait)\s+(?:\w+\s+){0,3}?(?:faux|fausse?s?|un\s+mythe|"
    r"une\s+erreur|l['’]inverse|le\s+contraire|inexact|absurde)\b",
    r"ce\s+n['’]est\s+pas\s+(?:vrai|le\s+cas|exact|correct)\b",
    r"le\s+contraire\s+est\s+\w+",
)  # fmt: skip
_BUT: Final = (
    r"(?:(?:but|and|no|well|yet|actually|sorry|however|although|though|of\s+course|in\s+fact|in\s+reality|nope|"
    r"aber|doch|nein|mais|et|non)\W+)*"
)
# As a sentence of their own, at the end.
_AFTERTHOUGHT: Final = _any(
    r"(?:all\s+)?(?:wrong|false|incorrect|untrue|nonsense|rubbish|lies)", r"not\s+(?:at\s+all|true|correct|so|really)",
    r"no\s+way", r"nope", r"no", r"not", r"hardly", r"never", r"certainly\s+not", r"of\s+course\s+not",
    r"by\s+no\s+means", r"far\s+from\s+it", r"on\s+the\s+contrary", r"(?:just\s+)?kidding", r"or\s+not", r"as\s+if",
    r"doubt\s+it", r"(?:alles\s+)?falsch", r"stimmt\s+nicht", r"keineswegs", r"au\s+contraire", r"faux",
    r"nothing\s+of\s+the\s+(?:sort|kind)",
)  # fmt: skip
_BEHIND: Final = re.compile(
    rf"(?:(?P<stop>[.!?;:,\n]|\s[–—-]+(?=\s)|[–—]|\.\.\.|…|\()|\b(?=but\b|yet\b|although\b))\s*{_BUT}"
    rf"(?P<own>{_TAKEN_BACK}|{_AFTERTHOUGHT}(?=[\s.!)]*\Z))",
    re.IGNORECASE,
)
# Somebody who is called wrong, with what they say between.
_BLAMED: Final = re.compile(
    rf"\b(?:who(?:ever|soever)?|if\s+(?:you|one|someone)|any(?:one|body)\s+who|people\s+who|those\s+who)\s+{_SAYS}\b"
    rf"(?P<what>[^.!?\n]*?)\b(?:is|are|['’]s|['’]re|would\s+be)\s+{_VERY}(?:wrong|mistaken|incorrect|lying|confused)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    """A statement with the characters of its `own`, and those `over` which it reaches."""

    own: range
    over: range


def withdrawn(
    text: str,
    tokens: Sequence[Token],
    structure: Structure,
    findings: Sequence[Finding],
    decisions: Mapping[str, Decision],
) -> frozenset[str]:
    """The claims that are made, and rest on nothing but what the text takes back.

    A "not" that a finding takes into account takes nothing back: "I don't think that it can" may be what is asked for.
    """
    if not _SIGNAL.search(text):
        return frozenset()
    earning = [one for one in findings if one.mark == "earned" and decisions[one.claim] == "made"]
    understood = {
        place
        for one in earning
        for place in (structure.negations[number].place for number in one.match.negations)
        if tokens[place].word == "not"
        and len(one.match.negations) % 2
        and not any(place in mention.own for mention in one.match.mentions)
    }
    taken_back: set[int] = set()
    for one in _withdrawals(text):
        over = {place for place, token in enumerate(tokens) if token.start in one.over}
        said = any(tokens[place].kind != "mark" and tokens[place].word not in FUNCTION for place in over)
        if said and not any(tokens[place].start in one.own for place in understood):
            taken_back |= over
    kept = {one.claim for one in earning if not one.places & taken_back}
    return frozenset(one.claim for one in earning) - kept if taken_back else frozenset()


def _withdrawals(text: str) -> Iterator[_Withdrawal]:
    if opening := _OPENING.match(text):
        supposed = _MIGHT.search(opening["own"])
        turn = _TURN.search(text, opening.end("own")) if supposed else None
        yield _Withdrawal(range(*opening.span("own")), range(opening.end("own"), turn.start() if turn else len(text)))
    for found in _LATER.finditer(text):
        yield _Withdrawal(range(*found.span("own")), range(found.end("own"), _sentence_end(text, found.end("own"))))
    for found in _BLAMED.finditer(text):
        yield _Withdrawal(range(found.end("what"), found.end()), range(*found.span("what")))
    for found in _BEHIND.finditer(text):
        start = found.start("own")
        last = _sentence_end(text, found.end("own")) >= len(text.rstrip()) - 1
        yield _Withdrawal(range(*found.span("own")), range(0 if last else _sentence_start(text, found.start()), start))


# "One might think so. But …": here somebody begins to say what they mean.
_MIGHT: Final = re.compile(r"\b(?:might|may|could)\s+(?!be\b)", re.IGNORECASE)
_TURN: Final = re.compile(
    r"(?<=[.!?])\s+(?:but|however|actually|in\s+fact|in\s+reality|in\s+truth|instead|rather|the\s+truth\s+is)\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[.!?](?=\s|\Z)|\n")


def _sentence_end(text: str, place: int) -> int:
    found = _STOP.search(text, place)
    return found.start() if found else len(text)


def _sentence_start(text: str, place: int) -> int:
    """Where the sentence begins that ends at a place."""
    ends = [0, *(one.end() for one in _STOP.finditer(text, 0, max(0, place)))]
    return next((one for one, _ in reversed([*pairwise([*ends, place])]) if text[one:place].strip()), 0)
