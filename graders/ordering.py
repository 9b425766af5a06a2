"""Proofs as blocks: which orders are valid, and how far an answer is from the nearest of them.

A proof is a set of steps with a partial order. The edit distance from an answer to the nearest valid order (blocks put
in, taken out and moved, each at its price) follows from the heaviest part of the answer that already stands in a valid
order. Two steps disturb each other if one that is needed stands behind the one that needs it; that relation is itself
a partial order (the steps' order and the answer's order backwards), so the heaviest undisturbed part is one of its
antichains. By Dilworth's theorem and König's, a flow between two copies of the blocks finds it: exact for every
partial order, in polynomial time, so that no width of it has to be feared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

MOST_BLOCKS = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """What makes a valid order.

    `steps` are the ids of all steps, in a valid order; `needs` says for each which steps stand before it, those
    needed by way of others included. `optional` steps may be left out. `step_of` maps every block that is a version
    of a step to that step; all other blocks are distractors.
    """

    steps: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    optional: frozenset[str]
    step_of: Mapping[str, str]

    @property
    def required(self) -> tuple[str, ...]:
        """The steps that no valid order leaves out."""
        return tuple(step for step in self.steps if step not in self.optional)


@dataclass(frozen=True, slots=True)
class Prices:
    """What edits cost: a missing step what it is worth (1 if it is not named), a block to be taken out `extra`.

    A step that stands in a wrong place is taken out and put in again, the latter for no more than `extra`: whoever used
    it has not forgotten it.
    """

    worth: Mapping[str, Fraction] = field(default_factory=dict)
    extra: Fraction = Fraction(1)

    def of(self, step: str) -> Fraction:
        """What a step is worth."""
        return self.worth.get(step, Fraction(1))

    def again(self, step: str) -> Fraction:
        """What it costs to put in a step that was used, but elsewhere."""
        return min(self.of(step), self.extra)


@dataclass(frozen=True, slots=True)
class Nearest:
    """A valid order next to an answer: the places of the answer (from 0) that stay, what the edits cost that lead to it
    (with all prices 1: how many blocks are put in and taken out), and what its steps are worth.
    """

    kept: frozenset[int]
    distance: Fraction
    length: Fraction


class CycleError(Exception):
    """Steps that need each other; `steps` are those that have no place in any order."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__(", ".join(steps))
        self.steps = tuple(steps)


def proof_of(
    after: Mapping[str, Collection[str]], optional: Collection[str] = (), versions: Sequence[Sequence[str]] = ()
) -> Proof:
    """The proof in which `after[b]` stand before b. Of `versions`, each group is one step, called by its first id.

    Raises:
        CycleError: there is no valid order.
    """
    called = {block: group[0] for group in versions for block in group}
    mentioned = [name for block, needed in after.items() for name in (block, *needed)]
    blocks = dict.fromkeys([*mentioned, *called])
    step_of = {block: called.get(block, block) for block in blocks}
    direct: dict[str, set[str]] = {step: set() for step in step_of.values()}
    for block, needed in after.items():
        direct[step_of[block]] |= {step_of[name] for name in needed}
    steps = _sorted(direct)
    needs: dict[str, frozenset[str]] = {}
    for step in steps:
        needs[step] = frozenset(direct[step]).union(*(needs[name] for name in direct[step]))
    return Proof(steps, needs, frozenset(step_of[name] for name in optional if name in step_of), step_of)


def nearest(proof: Proof, answer: Sequence[str], prices: Prices | None = None) -> Nearest:
    """The valid order that the cheapest edits of the blocks of `answer` lead to; of several, one that keeps what is
    needed rather than what needs it.
    """
    prices = prices or Prices()
    places = [place for place, block in enumerate(answer) if block in proof.step_of]
    steps = {place: proof.step_of[answer[place]] for place in places}
    # Kept, a required step saves taking it out and putting it in again; an optional one only the first.
    saved = {
        place: prices.extra + (0 if steps[place] in proof.optional else prices.again(steps[place])) for place in places
    }
    unit = lcm(*(price.denominator for price in saved.values()))
    # From a block to those behind it that should stand before it, or that are the same step once more.
    disturbed = {
        place: [
            later
            for later in places
            if later > place and (steps[later] in proof.needs[steps[place]] or steps[later] == steps[place])
        ]
        for place in places
    }
    kept = _heaviest({place: int(price * unit) for place, price in saved.items()}, disturbed)
    stays, used = {steps[place] for place in kept}, set(steps.values())
    put_in = sum(
        (prices.again(step) if step in used else prices.of(step) for step in proof.required if step not in stays),
        Fraction(0),
    )
    length = sum((prices.of(step) for step in {*proof.required, *stays}), Fraction(0))
    return Nearest(kept, prices.extra * (len(answer) - len(kept)) + put_in, length)


def prefix(proof: Proof, answer: Sequence[str]) -> int:
    """How many of the first blocks are the beginning of a valid order."""
    stand: set[str] = set()
    for count, block in enumerate(answer):
        step = proof.step_of.get(block)
        if step is None or step in stand:
            return count
        needed = proof.needs[step]
        # An optional step may be left out, but then it stays out.
        if not (needed - proof.optional) <= stand or any(step in proof.needs[other] for other in stand):
            return count
        stand.add(step)
    return len(answer)


def _sorted(direct: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The steps in a valid order, as near as can be to the order in which they were written."""
    waiting, done = list(direct), dict[str, None]()
    while waiting:
        free = next((step for step in waiting if all(name in done for name in direct[step])), None)
        if free is None:
            raise CycleError(waiting)
        waiting.remove(free)
        done[free] = None
    return tuple(done)


def _heaviest(weights: Mapping[int, int], above: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """The heaviest antichain of a partial order (`above` is transitive); the highest one of several.

    A flow from left copies to right copies along `above`, each copy bounded by its weight, has the size of the lightest
    cover of all relations; what neither of whose copies is in the cover is an antichain of the remaining weight.
    """
    left, right = dict(weights), dict(weights)
    flow: dict[int, dict[int, int]] = {node: {} for node in weights}

    def push(node: int, amount: int, seen: set[int]) -> int:
        """Lead up to so much more away from the left copy of `node`; how much it was."""
        for target in above[node]:
            if target in seen:
                continue
            seen.add(target)
            if right[target]:
                led = min(amount, right[target])
                right[target] -= led
            else:
                led = rerouted(target, amount, seen)
            if led:
                flow[target][node] = flow[target].get(node, 0) + led
                return led
        return 0

    def rerouted(target: int, amount: int, seen: set[int]) -> int:
        """Make room at a right copy: lead something that comes from another left copy elsewhere."""
        for giver, held in flow[target].items():
            led = push(giver, min(amount, held), seen)
            if led:
                flow[target][giver] -= led
                if not flow[target][giver]:
                    del flow[target][giver]
                return led
        return 0

    for node in weights:
        while left[node] and (led := push(node, left[node], set())):
            left[node] -= led
    reached, covered = _reached(left, above, flow)
    return frozenset(node for node in weights if node in reached and node not in covered)


def _reached(
    left: Mapping[int, int], above: Mapping[int, Sequence[int]], flow: Mapping[int, Mapping[int, int]]
) -> tuple[set[int], set[int]]:
    """The left copies that more could still be led away from or through, and the right copies they lead to."""
    reached, covered = set[int](), set[int]()
    pending = [node for node in left if left[node]]
    while pending:
        node = pending.pop()
        if node in reached:
            continue
        reached.add(node)
        for target in above[node]:
            if target not in covered:
                covered.add(target)
                pending += flow[target]
    return reached, covered
