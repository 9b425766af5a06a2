"""What a text names only to exclude it: "anything but …", "the opposite of …", "refuses to …", "not the …, but the …".

Such words are no negation of grammar, and a pattern that asks for the idea behind them finds it. What rests on nothing
else does not earn by rule; what the rubric itself asks for in such words ("far from the origin") does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graders.claims.caution import Decision, Finding
from graders.claims.english import BOUNDARIES, CONTRASTS
from graders.claims.structure import Structure
from graders.claims.tokens import Token

# Who says these excludes what follows, whatever words an idea has.
_PLAIN: Final = re.compile(
    r"\b(?:everything|anything|any\s?one|anywhere|every\w*|any\w*)(?:\s+else)?\s+(?:but|except(?:\s+for)?|other\s+than|"
    r"besides|apart\s+from|save\s+for)\b"
    r"|\ball\s+(?:except(?:\s+for)?|other\s+than|besides|apart\s+from)\b"
    r"|\b(?:the\s+)?(?:exact\s+|very\s+|complete\s+)?(?:opposite|contrary|reverse|antithesis)\s+(?:of|to)\b"
    r"|(?:^|(?<=[.!?;:,\n]))\W*(?:it|they|this|that|which|these|he|she|one|you)\s+(?:mak(?:es?|ing)|made|renders?)\s+"
    r"(?:it\s+)?(?:impossible|hard|harder|difficult|infeasible|unfeasible|more\s+difficult)\b"
    r"|\balles\s+(?:au(?:ß|ss)er)\b|\bdas\s+gegenteil\s+(?:von|der|des)\b|\btout\s+sauf\b|\ble\s+contraire\s+d[eu']",
    re.IGNORECASE,
)
# And these, unless they are an idea's own words, or a negation that was taken into account.
_WORDY: Final = re.compile(
    r"\b(?:very\s+)?far\s+(?:away\s+)?from\b|\ba\s+long\s+way\s+from\b|\b(?:nowhere|not\s+anywhere)\s+near\b"
    r"|\b(?:refus|declin|forget|neglect|omit|ceas|hesitat)\w*\s+to\b|\bforgot\s+to\b"
    r"|\b(?:hinder|hamper|imped|obstruct|stop|keep|block|prohibit|forbid|discourag|restrain)\w*\s+(?:[\w'-]+\s+){1,5}?"
    r"from\b"
    r"|\b(?:forbid|prohibit|hinder|hamper|imped|obstruct|sabotag|undermin)\w*"
    r"|\b(?:leav(?:e|es|ing)|left|rul(?:e|es|ed|ing)|throw(?:s|ing)?|threw)\s+(?:out|away)\b"
    r"|\b(?:giv(?:e|es|ing)\s+up|gave\s+up|abandon\w*|refrain\w*\s+from|stay(?:s|ing)?\s+away\s+from|"
    r"do(?:es)?\s+away\s+with|stop(?:s|ped)?\s+(?:using|doing|to)|steer\w*\s+clear\s+of|reject\w*|ban(?:s|ned)?)\b"
    r"|\b(?:incapable\s+of|unable\s+to|reluctant\s+to|unwilling\s+to)\b",
    re.IGNORECASE,
)
# "Not the …, but the …"; behind "not only" something is added.
_NOT_BUT: Final = re.compile(
    r"(?:^|(?<=[.!?;:\n]))\W*(?:it\s+is\s+|it's\s+)?(?P<own>not)\s+(?!only\b|just\b|merely\b|simply\b|sure\b|necess)"
    r"(?P<what>[^.!?;\n]{3,80}?)\s*,?\s*\bbut\b",
    re.IGNORECASE,
)
# "Yes, but not with …": whatever is said so stands behind the "not" as a whole.
_APART: Final = re.compile(
    r"(?:^|(?<=[.!?;:,\n])|(?<=\bbut)|(?<=\band)|(?<=\bor))\s*(?:not|never)\s+"
    r"(?:with|by|from|on|in|because\s+of|due\s+to|the|a|an|any)\b"
    r"|\bnothing\s+(?:at\s+all\s+)?(?:to\s+do\s+with|in\s+common\s+with)\b",
    re.IGNORECASE,
)
_WORSE: Final = re.compile(
    r"\b(?P<own>mak(?:e|es|ing)|made)\s+(?P<what>(?:[\w'-]+\s+){1,6}?)(?:much\s+|even\s+|far\s+)?(?:worse|more\s+severe)\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(r"(?:\bnot|n['’]t|\bcannot|\bnever|\bhardly|\bno)\b[^.;!?\n]*\Z", re.IGNORECASE)
_ENDING: Final = BOUNDARIES | CONTRASTS | {"and"}


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """The tokens of the words that exclude, of what they exclude, and which of them hold in any case; `whole`: only
    what is said with excluded words alone.
    """

    own: frozenset[int]
    what: frozenset[int]
    plain: bool = False
    whole: bool = False


def excluded(
    text: str,
    tokens: Sequence[Token],
    structure: Structure,
    findings: Sequence[Finding],
    decisions: Mapping[str, Decision],
) -> frozenset[str]:
    """The claims that are made, and rest on nothing but what the text excludes."""
    exclusions = [*_exclusions(text, tokens)]
    if not exclusions:
        return frozenset()
    earning = [one for one in findings if one.mark == "earned" and decisions[one.claim] == "made"]
    kept = {one.claim for one in earning if not any(_excludes(each, one, structure) for each in exclusions)}
    return frozenset(one.claim for one in earning) - kept


def _excludes(one: _Exclusion, finding: Finding, structure: Structure) -> bool:
    mentions = finding.match.mentions
    counted = {structure.negations[number].place for number in finding.match.negations}
    theirs = counted | {place for mention in mentions for place in mention.own}
    # Two "not"s cancel each other: "but not with these, they'd be wrong".
    understood = bool(one.own & theirs) and not (one.whole and len(counted) % 2 == 0)
    if understood and not one.plain:
        return False
    reach = one.what | one.own if one.plain else one.what
    return (all if one.whole else any)(mention.first in reach for mention in mentions)


def _exclusions(text: str, tokens: Sequence[Token]) -> Iterator[_Exclusion]:
    for pattern in (_PLAIN, _WORDY, _APART):
        for found in pattern.finditer(text):
            if _DENIED.search(text, 0, found.start()):
                continue  # "We don't see anything but black."
            own = _between(tokens, *found.span())
            yield _Exclusion(own, _behind(tokens, found.end()), plain=pattern is _PLAIN, whole=pattern is _APART)
    for pattern in (_NOT_BUT, _WORSE):
        for found in pattern.finditer(text):
            yield _Exclusion(_between(tokens, *found.span("own")), _between(tokens, *found.span("what")), plain=True)


def _between(tokens: Sequence[Token], start: int, end: int) -> frozenset[int]:
    return frozenset(place for place, token in enumerate(tokens) if start <= token.start < end)


def _behind(tokens: Sequence[Token], start: int) -> frozenset[int]:
    """The tokens from a character on to the end of their clause."""
    first = next((place for place, token in enumerate(tokens) if token.start >= start), len(tokens))
    last = first
    while last < len(tokens) and tokens[last].kind not in ("mark", "line") and tokens[last].word not in _ENDING:
        last += 1
    return frozenset(range(first, last))
