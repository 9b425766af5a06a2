"""A short text, judged by the claims it makes; what the machine cannot read, a person does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from pydantic import ConfigDict, Field, model_validator

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType, Prompt
from app.domain.graders import Options as Base
from app.domain.values import PERSON, Value
from app.domain.widgets import Widget
from graders.claims.caution import AGAINST
from graders.claims.judging import Evidence, Judgement, judge, judge_sample
from graders.claims.marked_words import marked_words
from graders.claims.mutations import mutations
from graders.claims.rubric import Claim, Count, Forms, TextRubric

MOST_QUOTED = 4

# How a form asks for an option: a text of several lines, or rows with names. And what a new field begins with.
_PROSE: dict[str, Any] = {"format": "prose"}
_NAMED: dict[str, Any] = {"format": "named"}
_MINIMAL: dict[str, Any] = {
    "key": "The gradient vanishes.",
    "concepts": {"gradient": ["gradient", "derivative"], "vanish": ["vanish", "become/get small", "approach zero"]},
    "claims": {"vanishes": {"earn": ["[gradient vanish]"]}},
}


class TextOptions(Base):
    """The options of a short text. `key` is a sample answer as it stands; `answer` one that a formula chooses."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MINIMAL]})

    key: str | None = Field(None, description="A sample answer, as a student might write it.", json_schema_extra=_PROSE)
    answer: Cell = Field(None, description="A formula for a sample answer, where it depends on the variant.")
    concepts: dict[str, Forms] = Field(
        default_factory=dict,
        description="Named ideas and the words used for them: `small`, every word that begins with `shrink*`, "
        "`near/close to zero`, `weight .. small` with a few words between.",
        json_schema_extra=_NAMED,
    )
    roles: dict[str, Forms] = Field(
        default_factory=dict, description="Who or what may be spoken of, with its names.", json_schema_extra=_NAMED
    )
    claims: dict[str, Claim] = Field(min_length=1, description="What may be said, by name.", json_schema_extra=_NAMED)
    counts: dict[str, Count] = Field(
        default_factory=dict, description="How many of several claims are made.", json_schema_extra=_NAMED
    )
    nocredit: Forms = Field(default=(), description="Patterns of what is understood and earns nothing.")
    given: Prompt = Field("", description="The words of the question.")

    @cached_property
    def rubric(self) -> TextRubric:
        """What judging needs; no world changes it, so copies of the options keep it."""
        return TextRubric(
            concepts=self.concepts, roles=self.roles, claims=self.claims, counts=self.counts, nocredit=self.nocredit
        )

    @property
    def sample(self) -> str:
        """A right answer."""
        return str(self.answer if self.answer is not None else self.key)

    @model_validator(mode="after")
    def _has_sample_and_reads(self) -> TextOptions:
        if self.answer is None and self.key is None:
            raise ValueError("Give a `key`: a sample of a right answer (or `answer`, a formula for one).")
        _ = self.rubric
        return self

    @classmethod
    def expressions(cls, raw: Mapping[str, Any]) -> frozenset[str]:
        """`key` is a text as it stands; only `answer` is a formula."""
        return frozenset({"answer"})


class ShortText:
    """Judges which claims a short text makes."""

    name: ClassVar[str] = "text"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = TextOptions

    def widget(self, options: TextOptions) -> Widget:
        """A box of several lines."""
        return Widget(kind="text")

    def check(self, options: TextOptions, answer: Answer) -> Invalid | None:
        """Every text can be judged."""
        return None

    def observe(self, options: TextOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is the text as typed."""
        text = answer.value if isinstance(answer.value, str) else ""
        found = judge(text, options.rubric, options.given, options.sample)
        claims = {name: _FACTS[decision] for name, decision in found.decisions.items()}
        counts = {name: _count(found, count) for name, count in options.counts.items()}
        return {
            "value": text,
            **claims,
            **counts,
            "right": self._right(options, found),
            "claims_made": [name for name, decision in found.decisions.items() if decision == "made"],
            "suggested": [
                *(name for name, likely in found.suggestions.items() if likely),
                *(name for name, count in options.counts.items() if _likely(found, count)),
            ],
            "evidence": [_shown(text, one) for one in found.evidence],
            "words": [[start, end, mark] for start, end, mark in marked_words(found)],
            "unread": [text[start:end] for start, end in found.unread],
            "doubts": [*found.doubts],
            "remarks": [*_remarks(text, found)],
        }

    def _right(self, options: TextOptions, found: Judgement) -> Value:
        """Whether the text makes every claim that the sample makes."""
        sample = judge_sample(options.rubric, options.given, options.sample).decisions
        asked = [found.decisions[name] for name, decision in sample.items() if decision == "made"]
        return False if "not made" in asked else PERSON if "unsure" in asked else bool(asked)

    def facts(self, options: TextOptions) -> Mapping[str, FactType]:
        """Every claim and every count of the field by its name; undecided where a person is needed.

        value: the text. right: it makes every claim that the sample makes. claims_made: the claims that the text makes.
        suggested: claims and counts that a person would probably accept. evidence: the words that speak for or against
        a claim. words: the same as [start, end, mark], in the order of the text (`earned`, `contradicts`, `negated`,
        `unsure`, `unread`). unread: words that nothing accounts for. doubts: why the text is not taken at its word
        (`keywords`, `shuffled`, `addressed` to the marker, `copied` from the question with next to nothing added,
        `denial`: it takes back what it says, as "it is not true that" does,
        `contradicts`: it earns, and says something against a right answer; `denies`: it earns, and a "not" or a
        "without" in it was taken into account nowhere, or it excludes what earns ("anything but") or speaks ill of
        something; `roles`: it earns the same with two roles exchanged). remarks: what a student reads where the text
        makes no claim.
        """
        lists: dict[str, FactType] = dict.fromkeys(_LISTS, "list")
        return {
            "value": "value",
            "right": "truth",
            **dict.fromkeys((*options.claims, *options.counts), "truth"),
            **lists,
        }

    def key(self, options: TextOptions) -> Raw:
        """The sample answer."""
        return options.sample

    def wrong(self, options: TextOptions) -> Mapping[str, Raw]:
        """What can be made of the sample: negated, taken back, with roles swapped, shuffled, as a list, addressed to
        the marker. Where naming is all that is asked, a list of words is no wrong answer.
        """
        return made_wrong(options, options.sample)


def made_wrong(options: TextOptions, text: str) -> dict[str, str]:
    """By kind, the mutations of a text that must not earn what it earns."""
    decisions = judge(text, options.rubric, options.given, options.sample).decisions
    listed = all(options.claims[name].named for name, decision in decisions.items() if decision == "made")
    return {
        kind: changed
        for kind, changed in mutations(text, options.roles)
        if not (listed and kind in ("keywords", "shuffled"))
    }


_LISTS = ("claims_made", "suggested", "evidence", "words", "unread", "doubts", "remarks")
_FACTS: Mapping[str, Value] = {"made": True, "not made": False, "unsure": PERSON}


def _count(found: Judgement, count: Count) -> Value:
    """Whether enough of the claims are made; claims that rest on the same words count once."""
    made = _distinct(found, [name for name in count.of if found.decisions[name] == "made"])
    open_ = sum(found.decisions[name] == "unsure" for name in count.of)
    return True if made >= count.need else PERSON if made + open_ >= count.need else False


def _likely(found: Judgement, count: Count) -> bool:
    """Whether a person would probably find enough of the claims, where that is open."""
    if _count(found, count) != PERSON:
        return False
    made = _distinct(found, [name for name in count.of if found.decisions[name] == "made"])
    return made + sum(found.suggestions.get(name, False) for name in count.of) >= count.need


def _distinct(found: Judgement, names: list[str]) -> int:
    words = {
        name: {one.words for one in found.evidence if one.claim == name and one.mark == "earned"} for name in names
    }
    kept: list[str] = []
    for name in names:
        if not any(words[name] == words[other] for other in kept):
            kept.append(name)
    return len(kept)


def _remarks(text: str, found: Judgement) -> Iterator[str]:
    """Why an answer makes no claim; nothing where it makes one, or where a person is still to read it."""
    if not text.strip() or set(found.decisions.values()) != {"not made"}:
        return
    against = sorted({(one.start, one.end) for one in found.evidence if one.mark in AGAINST})
    if against:
        yield f"{_quoted(text, against[:MOST_QUOTED])} speaks against what was looked for."
    elif found.unread:
        words = _quoted(text, found.unread[:MOST_QUOTED])
        yield f"Nothing of what was looked for was found in this answer. Not understood: {words}."
    else:
        yield "Nothing of what was looked for was found in this answer."


def _quoted(text: str, places: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"“{' '.join(text[start:end].split())}”" for start, end in places)


def _shown(text: str, one: Evidence) -> Value:
    return {
        "claim": one.claim,
        "mark": one.mark,
        "pattern": one.pattern,
        "quote": text[one.start : one.end],
        "start": one.start,
        "end": one.end,
    }
