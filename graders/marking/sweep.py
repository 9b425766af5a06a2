"""Sweeping a question: over many seeds keys earn all, blanks nothing, and mistakes show; cases hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.domain.answers import Raw
from app.domain.errors import GradusError, QuestionError
from app.domain.graders import Options
from app.domain.questions import Part
from app.domain.values import Json
from graders.evaluation.errors import EvaluationError
from graders.marking.compiled import Compiled, CompiledField
from graders.marking.credit import PartCredit, QuestionCredit, Span, credit
from graders.marking.marked import against_person
from graders.marking.observing import mistaken, observe
from graders.marking.variants import make_variant, world_of
from graders.marking.worlds import World
from graders.text import TextOptions, made_wrong


@dataclass(slots=True)
class Sweep:
    """What a sweep found: shortfalls as sentences, and counts."""

    seeds: int = 0
    keys: int = 0
    blanks: int = 0
    mistakes: int = 0
    cases: int = 0
    waiting: int = 0
    tries: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    variants: list[str] = field(default_factory=list)
    shortfalls: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        return {
            "seeds": self.seeds,
            "keys": self.keys,
            "blanks": self.blanks,
            "mistakes": self.mistakes,
            "cases": self.cases,
            "waiting": self.waiting,
            "tries": self.tries,
            "rejected": dict(self.rejected),
            "variants": list(self.variants),
            "shortfalls": list(self.shortfalls),
        }


def mark(
    compiled: Compiled,
    world: World,
    answers: Mapping[str, object],
    decisions: Mapping[str, Fraction] | None = None,
) -> QuestionCredit:
    """Observe and credit in one go."""
    return credit(compiled, world, observe(compiled, world, answers), decisions)


def key_answers(compiled: Compiled, world: World) -> dict[str, Raw]:
    """A right answer for every field of the question."""
    return {name: one.key(world) for name, one in compiled.fields.items()}


def sweep_seeds(
    compiled: Compiled,
    seeds: Iterable[int],
    found: Sweep,
    see: Callable[[World], str] | None = None,
) -> None:
    """Try keys, blanks and mistakes on every seed; a shortfall is noted, never raised.

    `see` presents a variant and tells it apart from others by what a student sees; without it, numbers decide.
    """
    for seed in seeds:
        found.seeds += 1
        try:
            variant = make_variant(compiled, seed)
        except QuestionError as error:
            found.shortfalls += [problem.says for problem in error.problems]
            continue
        found.tries += variant.tries
        found.rejected.update(variant.rejected)
        try:
            # Each with its own fuel, as when a student comes.
            world = world_of(compiled, variant.values)
            found.variants.append(repr(sorted(variant.values.items())) if see is None else see(world))
            _sweep_variant(compiled, world_of(compiled, variant.values), seed, found)
        except QuestionError as error:
            found.shortfalls += [f"Seed {seed}: {problem}" for problem in error.problems]
        except GradusError as error:
            found.shortfalls.append(f"Seed {seed}: {error}")


def _sweep_variant(compiled: Compiled, world: World, seed: int, found: Sweep) -> None:
    keys = key_answers(compiled, world)
    found.keys += 1
    for part in mark(compiled, world, keys).parts:
        found.waiting += part.state == "needs-person" and not _left_to_a_person(compiled, part.part)
        if part.span.hi < part.part.points or part.state == "invalid":
            unread = f" ({'; '.join(part.unreadable.values())})" if part.unreadable else ""
            found.shortfalls.append(
                f"Seed {seed}, {part.part.id}: the right answer earns {part.span.hi} of {part.part.points}{unread}."
            )
        elif part.state != "graded" and not _left_to_a_person(compiled, part.part):
            found.shortfalls.append(f"Seed {seed}, {part.part.id}: the key waits for a person.")
    found.blanks += 1
    for part in mark(compiled, world, {}).parts:
        found.waiting += part.state == "needs-person"
        if part.span.hi != 0 or part.state != "graded":
            found.shortfalls.append(f"Seed {seed}, {part.part.id}: a blank answer earns {part.span.hi}.")
    for place in compiled.question.parts:
        _sweep_mistakes(compiled, place, world, keys, seed, found)
        paid = _sweep_mutations(compiled, place, world, keys, lambda one, _: one.grader.wrong(one.options(world)))
        found.shortfalls.extend(f"Seed {seed}, {said}" for said in paid)


def _sweep_mutations(
    compiled: Compiled,
    part: Part,
    world: World,
    answers: Mapping[str, object],
    made: Callable[[CompiledField, object], Mapping[str, Raw]],
) -> Iterable[str]:
    """What is made of right texts (negated, roles swapped, a list of its words) and earns full points, a sentence each.

    `made` turns a field of the part and what was answered there into wrong texts, by their kind.
    """
    for one in compiled.of_part(part):
        if one.grader.name == "text":
            yield from _paid_in_full(compiled, part, world, answers, one, made(one, answers.get(one.id)))


def _paid_in_full(
    compiled: Compiled,
    part: Part,
    world: World,
    answers: Mapping[str, object],
    one: CompiledField,
    made: Mapping[str, Raw],
) -> Iterable[str]:
    """Which of the texts made of a right one earn full points in its field, a sentence each."""
    if part.score == "none":
        return
    for kind, text in made.items():
        done = mark(compiled, world, {**answers, one.id: text}).parts
        if next(result for result in done if result.part.id == part.id).span.lo >= part.points:
            yield f"{part.id}: {_MUTATED.get(kind, kind)} earns full points: “{text}”"


REVERSING = frozenset(["denied", "dismissed", "withdrawn", "negated", "swapped"])
"""Mutations that turn what a text says into its opposite."""

_MUTATED: Mapping[str, str] = {
    "denied": "the right answer behind “It is not true that”",
    "dismissed": "the right answer inside words that call it wrong",
    "withdrawn": "the right answer, taken back behind it",
    "negated": "the right answer with a “not” in it",
    "swapped": "the right answer with two roles exchanged",
    "shuffled": "the right answer with its words in disorder",
    "keywords": "a bare list of the words of the right answer",
    "injected": "an answer that only asks the marker for points",
}


def _left_to_a_person(compiled: Compiled, part: Part) -> bool:
    """Whether nobody else is meant to decide: nothing but a person can look at a drawing, or read a proof."""
    return all(one.field.grader in ("drawing", "note") for one in compiled.of_part(part))


def _sweep_mistakes(
    compiled: Compiled, part: Part, world: World, keys: Mapping[str, Raw], seed: int, found: Sweep
) -> None:
    for name, mistake in part.mistakes.items():
        if not mistake.set:
            continue
        try:
            answers = dict(keys) | {one.id: one.key(mistaken(world, part, name)) for one in compiled.of_part(part)}
        except EvaluationError as error:
            if not mistake.may_hide:
                found.shortfalls.append(f"Seed {seed}, {part.id}: the mistake `{name}` cannot be computed: {error}")
            continue
        if answers == keys:
            if not mistake.may_hide and seed != 0:
                found.shortfalls.append(f"Seed {seed}, {part.id}: the mistake `{name}` changes nothing.")
            continue
        found.mistakes += 1
        result = next(one for one in mark(compiled, world, answers).parts if one.part.id == part.id)
        _judge_mistake(result, name, mistake.may_hide, seed, found)


def _judge_mistake(result: PartCredit, name: str, may_hide: bool, seed: int, found: Sweep) -> None:
    where = f"Seed {seed}, {result.part.id}"
    found.waiting += result.state == "needs-person"
    if result.state == "needs-person":
        found.shortfalls.append(f"{where}: the mistake `{name}` waits for a person.")
    if may_hide or seed == 0:
        # The printed paper's numbers hide some mistakes; that is what all other seeds are for.
        return
    if result.span.hi >= result.part.points:
        found.shortfalls.append(f"{where}: the mistake `{name}` earns full marks.")
    if name not in result.mistakes:
        found.shortfalls.append(f"{where}: the mistake `{name}` is not told to the student.")


def sweep_cases(compiled: Compiled, cases: Iterable[Mapping[str, Any]], found: Sweep) -> None:
    """Grade the recorded cases and compare with what they expect."""
    for number, case in enumerate(cases):
        found.cases += 1
        name = str(number + 1)
        try:
            name = str(case.get("case", name))
            found.shortfalls += [f"Case “{name}”: {says}" for says in _case(compiled, case)]
        except (GradusError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            found.shortfalls.append(f"Case “{name}” cannot be tried: {error}")


def _case(compiled: Compiled, case: Mapping[str, Any]) -> Iterable[str]:
    variant = make_variant(compiled, int(case.get("seed", 0)))
    world = world_of(compiled, variant.values)
    answers: Mapping[str, object] = case["answers"] or {}
    for field_name in answers:
        if field_name not in compiled.fields:
            yield f"there is no field called `{field_name}`."
    result = mark(compiled, world, answers, case_decisions(compiled, case.get("decisions") or {}))
    by_part = {part.part.id: part for part in result.parts}
    if "reading" in case and case["reading"] not in result.readings:
        yield f"the reading is {' + '.join(result.readings) or 'the plain one'}, not {case['reading']}."
    expected = case.get("expect") if "marked" in case else case["expect"]
    for place, wanted in (expected or {}).items():
        got = _got(by_part, str(place), invalid=str(wanted) == "invalid")
        if got is None:
            yield f"there is no part called `{str(place).partition('.')[0]}`."
        elif _text(got) != _wanted_text(wanted):
            yield f"{place} is {_text(got)}, expected {wanted}."
    for place, wanted in (case.get("marked") or {}).items():
        if (says := against_person(by_part, str(place), wanted)) is not None:
            yield says
    for part in result.parts:
        if part.span.lo >= part.part.points > 0:
            yield from _sweep_mutations(
                compiled, part.part, world, answers, lambda one, text: _opposites(one.options(world), text)
            )


def _opposites(options: Options, text: object) -> Mapping[str, Raw]:
    """What says the opposite of a right answer in words."""
    if not isinstance(options, TextOptions) or not isinstance(text, str):
        return {}
    return {kind: made for kind, made in made_wrong(options, text).items() if kind in REVERSING}


def _got(by_part: Mapping[str, PartCredit], place: str, *, invalid: bool) -> Span | str | None:
    """What a part, or a criterion of it, earned; None if there is no such part."""
    part_id, _, criterion = place.partition(".")
    part = by_part.get(part_id)
    if part is None:
        return None
    if criterion:
        leaf = next((one for one in part.leaves if one.criterion.id == criterion), None)
        return "nothing" if leaf is None else leaf.span
    return "invalid" if invalid and part.unreadable else part.span


def _text(got: Span | str) -> str:
    return got if isinstance(got, str) else _span_text(got.lo, got.hi)


def case_decisions(compiled: Compiled, decisions: Mapping[str, Any]) -> dict[str, Fraction]:
    """A person's decisions by `part.criterion`; where there is only one part, it may be left out."""
    found: dict[str, Fraction] = {}
    for name, given in decisions.items():
        if "." in name or len(compiled.question.parts) != 1:
            found[name] = Fraction(str(given))
        else:
            found[f"{compiled.question.parts[0].id}.{name}"] = Fraction(str(given))
    return found


def _span_text(lo: Fraction, hi: Fraction) -> str:
    return str(lo) if lo == hi else f"{lo}..{hi}"


def _wanted_text(wanted: Any) -> str:
    text = str(wanted)
    if text == "invalid":
        return text
    ends = [str(Fraction(piece)) for piece in text.split("..")]
    return ends[0] if len(set(ends)) == 1 else "..".join(ends)
