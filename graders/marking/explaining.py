"""Explaining: credit as the JSON that pages, programs and people read, with a reason per criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.decisions import Verdict
from app.domain.texts import PREFERRED, Text, in_language
from app.domain.values import Json
from graders.marking.compiled import Compiled
from graders.marking.credit import LeafCredit, PartCredit, QuestionCredit, Span

FOLLOWED = "What follows from your own earlier answers counts here, even where they differ from the worked solution."


def explain(
    compiled: Compiled,
    result: QuestionCredit,
    feedback: Mapping[str, Sequence[Text]] | None = None,
    only: str | None = None,
    language: str = "en",
    words: Mapping[str, list[Json]] | None = None,
) -> dict[str, Json]:
    """The stored and shown form of a credit; `only` one part if named, `feedback` are remarks by field, `words` what
    is marked in the student's own text.
    """
    parts = [part for part in result.parts if only is None or part.part.id == only]
    total = Span()
    most = Fraction(0)
    for part in parts:
        if part.part.score == "points":
            total += part.span
            most += 0 if part.part.bonus else part.part.points
    states = [part.state for part in parts]
    state = next((wanted for wanted in ("needs-person", "invalid") if wanted in states), "graded")
    return {
        "state": state,
        "points": str(total.lo),
        "upto": str(total.hi),
        "max": str(most),
        "readings": [
            {"id": name, **_said(compiled.question.readings[name].says, language)} for name in result.readings
        ],
        "parts": [_part(part, feedback or {}, language, words or {}) for part in parts],
        "invalid": [{"field": name, "why": why} for part in parts for name, why in part.unreadable.items()],
    }


def _part(
    part: PartCredit, feedback: Mapping[str, Sequence[Text]], language: str, words: Mapping[str, list[Json]]
) -> Json:
    return {
        "id": part.part.id,
        "item": part.part.item,
        "state": part.state,
        "points": str(part.span.lo),
        "upto": str(part.span.hi),
        "max": str(part.part.points),
        "score": "none" if part.part.score == "none" else "bonus" if part.part.bonus else "points",
        "criteria": [_leaf(leaf, language) for leaf in part.leaves],
        "adjustment": str(part.adjustment),
        **({"earned": str(part.earned)} if part.adjustment else {}),
        **_given(part.given),
        "mistakes": [{"id": name, **_said(part.part.mistakes[name].says, language)} for name in part.mistakes],
        "notes": [FOLLOWED] if any(leaf.own for leaf in part.leaves) else [],
        "feedback": [
            {"field": name, **_said(says, language)} for name in part.part.fields for says in feedback.get(name, [])
        ],
        "words": {name: words[name] for name in part.part.fields if name in words},
    }


def _leaf(leaf: LeafCredit, language: str) -> Json:
    return {
        "id": leaf.criterion.id,
        "points": str(leaf.span.lo),
        "upto": str(leaf.span.hi),
        "max": str(leaf.criterion.points),
        **_said(leaf.criterion.says or str(leaf.criterion.id).replace("_", " "), language),
        "why": why(leaf),
        "own": leaf.own,
        "person": leaf.person,
        "level": leaf.level,
        "alternative": leaf.alternative,
        **_alone(leaf),
        **_suggested(leaf),
        **_given(leaf.given),
        **({"machine": _machine(leaf.machine)} if leaf.machine is not None else {}),
    }


def _machine(leaf: LeafCredit) -> dict[str, Json]:
    """What the machine says about a criterion that a person has decided."""
    return {"points": str(leaf.span.lo), "upto": str(leaf.span.hi), "why": why(leaf), **_suggested(leaf)}


def _alone(leaf: LeafCredit) -> dict[str, Json]:
    """What was judged of a criterion, from so many points to so many, where something else counts instead."""
    return {"alone": [str(leaf.alone.lo), str(leaf.alone.hi)]} if leaf.alone != leaf.span else {}


def _suggested(leaf: LeafCredit) -> dict[str, Json]:
    return {"suggested": str(leaf.suggested)} if leaf.suggested is not None else {}


def _given(decided: Verdict | None) -> dict[str, Json]:
    """As it was decided, where that was for other points than there are."""
    return {"given": str(decided.points), "of": str(decided.of)} if decided is not None else {}


def _said(text: Text, language: str) -> dict[str, Json]:
    """What an author says, and in which other languages: a credit is stored once and read in all of them."""
    says: dict[str, Json] = {"says": in_language(text, language)}
    others: dict[str, Json] = {}
    if isinstance(text, dict) and language == PREFERRED:
        others = {name: told for name, told in text.items() if name != language}
    return says | ({"languages": others} if others else {})


def why(leaf: LeafCredit) -> str:
    """The reason of a criterion's points in a few words."""
    most = leaf.criterion.points or Fraction(0)
    if leaf.taken_away:
        return "Does not count here."
    if leaf.person:
        return "Decided by a person."
    if leaf.beaten and not leaf.alone.decided:
        return "Not looked at: it could not change the points."
    if leaf.beaten:
        return "Met, but another way of earning points here counts more."
    if not leaf.span.decided:
        return "A person decides this."
    if leaf.blank:
        return "Cannot be read." if leaf.unreadable else "Not complete." if leaf.incomplete else "Not answered."
    if leaf.span.hi == 0:
        return "Does not apply." if most <= 0 else "Not met."
    lead = "With your own earlier answers: " if leaf.own else ""
    says = "met" if leaf.span.lo == most else "met in part"
    says += "; this counts instead." if leaf.instead else "."
    if most < 0:
        says = "deducted."
    return lead + says if lead else says.capitalize()
