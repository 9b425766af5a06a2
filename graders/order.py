"""Put blocks in order, such as the steps of a proof; what does not belong to it stays out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from app.domain.answers import Invalid, Raw
from app.domain.expressions import Points
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import Value, normal
from app.domain.widgets import Widget
from graders.evaluation.errors import EvaluationError
from graders.ordering import MOST_BLOCKS, CycleError, Prices, Proof, nearest, prefix, proof_of
from graders.statements import PoolOptions


def _listed(data: Any) -> Any:
    return (data,) if isinstance(data, str) else () if data is None else data


Ids = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class OrderOptions(PoolOptions):
    """The options of an order. Whether a statement is true plays no part; whether it is a step does."""

    after: dict[str, Ids] = Field(
        min_length=1,
        description="For every step of the proof the steps that must stand before it: `{a: [], b: [a], c: [a, b]}`. "
        "Statements that are not mentioned are distractors.",
    )
    optional: Ids = Field((), description="Steps that may be left out, or stand wherever `after` allows.")
    one_of: tuple[Ids, ...] = Field(
        (), description="Versions of one step, such as `[[b, b2]]`: either of them counts, but not both."
    )
    worth: dict[str, Points] = Field(
        {},
        description="What a missing step costs, such as `{a: 2, b: 1/2}`; 1 for those that are not named.",
    )
    extra: Points = Field(
        Fraction(1),
        gt=0,
        description="What a block costs that has to be taken out. A step in a wrong place costs at most twice as much.",
    )

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        versions = [name for group in self.one_of for name in group]
        twice = next((name for name in versions if versions.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"`one_of` names `{twice}` twice.")
        try:
            proof = self.proof
        except CycleError as error:
            raise ValueError(f"There is no valid order: `after` leads in a circle ({error}).") from None
        for name in self.optional:
            if name not in proof.step_of:
                raise ValueError(f"`optional` names `{name}`, which is no step; steps stand in `after`.")
        if not proof.required:
            raise ValueError("At least one step must not be optional.")
        for name, worth in self.worth.items():
            if name not in proof.needs:
                raise ValueError(f"`worth` names `{name}`, which is no step; of versions, the first one is named.")
            if worth <= 0:
                raise ValueError(f"`worth` of `{name}` has to be more than nothing.")
        return self

    @property
    def prices(self) -> Prices:
        """What edits cost."""
        return Prices(self.worth, self.extra)

    @property
    def proof(self) -> Proof:
        """The steps and their order.

        Raises:
            CycleError: there is no valid order.
        """
        return _proof(tuple(self.after.items()), self.optional, self.one_of)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The ids of the blocks in the order shown.

        Raises:
            EvaluationError: too many blocks, steps that the pool does not have, or a needed step that is not shown.
        """
        shown = tuple(statement.id for statement in self.statements)
        if len(shown) > MOST_BLOCKS:
            raise EvaluationError(f"{len(shown)} blocks are shown; at most {MOST_BLOCKS} can be put in order.")
        proof, known = self.proof, set(self.ids)
        for name in proof.step_of:
            if name not in known:
                raise EvaluationError(f"`{name}` is a step of the proof, but no statement of the pool.")
        there = {proof.step_of[name] for name in shown if name in proof.step_of}
        for step in proof.required:
            if step not in there:
                raise EvaluationError(f"The step `{step}` is needed, but is not among the blocks shown.")
        return shown

    @property
    def order(self) -> list[str]:
        """A valid order of blocks that are shown; of every step the version shown first."""
        first: dict[str, str] = {}
        for name in self.blocks:
            first.setdefault(self.proof.step_of.get(name, ""), name)
        return [first[step] for step in self.proof.steps if step in first]


@lru_cache(maxsize=256)
def _proof(after: tuple[tuple[str, Ids], ...], optional: Ids, one_of: tuple[Ids, ...]) -> Proof:
    return proof_of(dict(after), optional, [group for group in one_of if group])


class Order:
    """Judges an order of blocks by the nearest valid one. No block at all is an answer, an untouched field is not.

    Blocks are named by their numbers; where authors try answers, the ids of the pool name them as well.
    """

    name: ClassVar[str] = "order"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = OrderOptions

    def widget(self, options: OrderOptions) -> Widget:
        """The blocks, to be chosen and put in order."""
        count = len(options.blocks)
        return Widget(kind="order", options_text=options.texts[:count])

    def numbered(self, options: OrderOptions, raw: object) -> object:
        """See `PoolOptions.numbered`."""
        return options.numbered(raw)

    def check(self, options: OrderOptions, answer: Answer) -> Invalid | None:
        """Every order of different blocks can be judged."""
        return None

    def observe(self, options: OrderOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is the list of positions in the order chosen, from 1."""
        blocks, proof = options.blocks, options.proof
        places = [place for place in answer.value if isinstance(place, int)] if isinstance(answer.value, list) else []
        given = [blocks[place - 1] for place in places]
        found = nearest(proof, given, options.prices)
        steps = [proof.step_of.get(name) for name in given]
        chosen = {step for step in steps if step is not None}
        stays = {steps[place] for place in found.kept}
        # Of several versions of a step the one that stays counts, or else the first.
        counts = {steps[place]: place for place in [*range(len(given))[::-1], *found.kept]}
        extra = [place for place, step in enumerate(steps) if step is None or counts[step] != place]
        moved = [place for place in range(len(given)) if place not in found.kept and place not in extra]
        missing = [step for step in proof.required if step not in chosen]
        facts: Facts = {
            "value": list(given),
            "right": not found.distance,
            "share": normal(max(Fraction(0), 1 - found.distance / found.length)),
            "distance": normal(found.distance),
            "prefix": prefix(proof, given),
            "placed": [step in stays for step in proof.required],
            "complete": not missing and not extra,
            "chosen": len(given),
            "missing": len(missing),
            "moved": len(moved),
            "distractors": sum(step is None for step in steps),
            "surplus": max(0, len(extra) - len(missing)),
            "remarks": [
                *_misplaced(proof, places, steps, moved),
                *_superfluous(places, steps, extra, counts),
                *_missing(proof, places, steps, found.kept, missing),
            ],
        }
        for name in options.ids:
            step = proof.step_of.get(name)
            facts[f"kept_{name}"] = name in given if step is None else step in chosen
            facts[f"placed_{name}"] = step in stays if step is not None else False
            facts[f"is_{name}"] = _judged(proof, name, given, chosen) if name in blocks else None
        return facts

    def facts(self, options: OrderOptions) -> Mapping[str, FactType]:
        """value: ids of the blocks as they were put. right: a valid order. share: 1 − distance/(worth of the nearest
        valid order), at least 0. distance: what the cheapest edits cost that make the order valid; without `worth` and
        `extra`, how many blocks must be taken out and put in.

        prefix: how many of the first blocks begin a valid order. placed: per needed step, whether it stays where it
        is on the way to the nearest valid order. complete: the steps are right, whatever their order. chosen: how
        many blocks are used. missing: how many steps are not. moved: how many steps stand in a wrong place.
        distractors: how many blocks that are no steps are used. surplus: how many more of these (or second versions)
        than missing steps. remarks: sentences about what stands in a wrong place, does not belong there, or is missing.

        kept_<id>: the block is used; of a step, any version of it. placed_<id>: and stays where it is. is_<id>:
        a step is used, a distractor is not; blank where it is not shown, is optional, or another version counts.
        """
        each: dict[str, FactType] = {}
        for name in options.ids:
            each[f"kept_{name}"] = each[f"placed_{name}"] = each[f"is_{name}"] = "truth"
        numbers = ("distance", "prefix", "chosen", "missing", "moved", "distractors", "surplus")
        counts: dict[str, FactType] = dict.fromkeys(numbers, "value")
        truths: dict[str, FactType] = dict.fromkeys(("right", "share", "complete"), "truth")
        return {"value": "list", "placed": "list", "remarks": "list", **truths, **counts, **each}

    def key(self, options: OrderOptions) -> Raw:
        """A valid order of all steps shown, optional ones too."""
        return _raw(options, options.order)

    def wrong(self, options: OrderOptions) -> Mapping[str, Raw]:
        """No block, all blocks as shown, the key backwards, without one step, with one distractor, and with two
        neighbours exchanged.
        """
        order, blocks, proof = options.order, options.blocks, options.proof
        answers: dict[str, Sequence[str]] = {"none": [], "as shown": blocks, "backwards": order[::-1]}
        for place, name in enumerate(order):
            answers[f"without {name}"] = order[:place] + order[place + 1 :]
            answers[f"{name} later"] = [*order[:place], *order[place + 1 : place + 2], name, *order[place + 2 :]]
        for name in blocks:
            if name not in order:
                answers[f"with {name}"] = [*order, name]
        return {name: _raw(options, given) for name, given in answers.items() if nearest(proof, given).distance}


def _raw(options: OrderOptions, given: Sequence[str]) -> str:
    blocks = options.blocks
    return ",".join(str(blocks.index(name) + 1) for name in given) or "none"


def _judged(proof: Proof, name: str, given: Sequence[str], chosen: set[str]) -> Value:
    step = proof.step_of.get(name)
    if step is None:
        return name not in given
    if name in given:
        return True
    # What may be left out, or is there in other words, is judged neither way.
    return None if step in proof.optional or step in chosen else False


def _misplaced(proof: Proof, places: Sequence[int], steps: Sequence[str | None], moved: Sequence[int]) -> Iterator[str]:
    for place in moved:
        step = steps[place]
        early = any(later in proof.needs[step] for later in steps[place:] if step is not None and later is not None)
        if early:
            yield f"Block {places[place]}, at place {place + 1} of your answer, stands before something that it needs."
        else:
            yield f"Block {places[place]}, at place {place + 1} of your answer, stands behind something that needs it."


def _superfluous(
    places: Sequence[int], steps: Sequence[str | None], extra: Sequence[int], counts: Mapping[str | None, int]
) -> Iterator[str]:
    for place in extra:
        block, step = places[place], steps[place]
        if step is None:
            yield f"Block {block}, at place {place + 1} of your answer, does not belong to the proof."
        else:
            yield f"Block {block}, at place {place + 1} of your answer, repeats block {places[counts[step]]}."


def _missing(
    proof: Proof, places: Sequence[int], steps: Sequence[str | None], kept: frozenset[int], missing: Sequence[str]
) -> Iterator[str]:
    """Where steps are missing, not which: by the first block that stays and needs them."""
    lacking: dict[int, int] = {}
    for name in missing:
        needing = (place for place in sorted(kept) if name in proof.needs[steps[place] or ""])
        before = next(needing, len(places))
        lacking[before] = lacking.get(before, 0) + 1
    for place, count in sorted(lacking.items()):
        if place == len(places):
            yield "At the end a step is missing." if count == 1 else f"At the end {count} steps are missing."
        elif count == 1:
            yield f"A step is missing that block {places[place]}, at place {place + 1} of your answer, needs."
        else:
            yield f"{count} steps are missing that block {places[place]}, at place {place + 1} of your answer, needs."
