"""Trying a text rubric on answers: what each earns, claim by claim with its evidence, and what its mutations earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from app.domain.questions import Part
from app.domain.texts import PREFERRED, in_language
from app.domain.values import PERSON, Json
from graders.claims.mutations import mutations
from graders.claims.rubric import compiled as compiled_rubric
from graders.marking.compiled import Compiled, CompiledField
from graders.marking.credit import LeafCredit, PartCredit, Span, credit
from graders.marking.observing import observe
from graders.marking.worlds import World
from graders.text import TextOptions, made_wrong

MOST_ANSWERS = 400


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part with one of its fields that is a short text."""

    part: Part
    field: CompiledField


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, and what was answered in the other fields of the question (None: in those of its part the keys)."""

    text: str
    others: Mapping[str, object] | None = None


def text_parts(compiled: Compiled) -> list[TextPart]:
    """The short texts, each with the part that it answers, alone or among other fields."""
    return [
        TextPart(part, one)
        for part in compiled.question.parts
        for one in compiled.of_part(part)
        if one.grader.name == "text"
    ]


def right_others(compiled: Compiled, one: TextPart, world: World) -> dict[str, Json]:
    """The keys of the part's other fields: what a text earns beside them is its own doing."""
    return {other.id: cast(Json, other.key(world)) for other in compiled.of_part(one.part) if other.id != one.field.id}


def try_answers(
    compiled: Compiled, one: TextPart, world: World, answers: Iterable[Answer], *, mutate: bool = False
) -> list[Json]:
    """A row for each answer: `lo`, `hi`, `claims` (made, not made, unsure), `evidence`, `words`, `unread`, `doubts`,
    and with `mutate` what each mutation of it earns (`wrong`: it must not earn what the answer earns).
    """
    return [_row(compiled, one, world, answer, mutate) for answer in list(answers)[:MOST_ANSWERS]]


def patterns_of(one: TextPart, world: World) -> list[Json]:
    """Every pattern of a field as {claim, kind, pattern}."""
    options = one.field.options(world)
    assert isinstance(options, TextOptions)
    rubric = compiled_rubric(options.rubric)
    rows: list[Json] = [
        {"claim": name, "kind": kind, "pattern": pattern}
        for name, claim in rubric.claims.items()
        for kind, patterns in (("earn", claim.earn), ("deny", claim.deny), ("near", claim.near))
        for pattern in patterns
    ]
    return rows


def _row(compiled: Compiled, one: TextPart, world: World, answer: Answer, mutate: bool) -> Json:
    earned, facts = _tried(compiled, one, world, answer)
    options = one.field.options(world)
    assert isinstance(options, TextOptions)
    claims: dict[str, Json] = {
        name: "unsure" if facts.get(name) == PERSON else "made" if facts.get(name) else "not made"
        for name in options.claims
    }
    row: dict[str, Json] = {
        "text": answer.text,
        "lo": str(earned.span.lo),
        "hi": str(earned.span.hi),
        "plain": _plain(one.part),
        "criteria": [_criterion(leaf, _plain(one.part)) for leaf in earned.leaves],
        "claims": claims,
        **{name: facts.get(name, []) for name in ("evidence", "words", "unread", "doubts")},
    }
    if mutate:
        row["mutations"] = [*_mutated(compiled, one, world, answer, options)]
    return row


def _plain(part: Part) -> bool:
    """Whether the points of the criteria simply add up."""
    return all(node.when is not None and node.unless is None for node in part.criteria)


def _criterion(leaf: LeafCredit, plain: bool) -> Json:
    """What a criterion is worth by itself; `counts`: whoever agrees with the points of the part agrees with it, too."""
    counts = leaf.span.decided and not leaf.own and (plain or leaf.span != Span())
    return {
        "id": leaf.criterion.id,
        "says": in_language(leaf.criterion.says or str(leaf.criterion.id), PREFERRED),
        "max": str(leaf.criterion.points),
        "lo": str(leaf.alone.lo),
        "hi": str(leaf.alone.hi),
        "counts": counts,
    }


def _mutated(compiled: Compiled, one: TextPart, world: World, answer: Answer, options: TextOptions) -> Iterator[Json]:
    wrong = made_wrong(options, answer.text)
    for kind, changed in mutations(answer.text, options.roles):
        span = _tried(compiled, one, world, replace(answer, text=changed))[0].span
        yield {"kind": kind, "text": changed, "lo": str(span.lo), "hi": str(span.hi), "wrong": kind in wrong}


def _tried(compiled: Compiled, one: TextPart, world: World, answer: Answer) -> tuple[PartCredit, dict[str, Any]]:
    world.fuel.refill()  # Each answer has its own, as when a student comes.
    others = right_others(compiled, one, world) if answer.others is None else answer.others
    observation = observe(compiled, world, {**others, one.field.id: answer.text})
    facts = observation.seen[()].facts["base"].get(one.field.id, {})
    parts = credit(compiled, world, observation).parts
    return next(part for part in parts if part.part.id == one.part.id), dict(facts)
