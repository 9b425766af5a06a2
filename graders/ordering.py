"""Proofs as blocks: which orders are valid, and how far an answer is from the nearest of them.

A proof is a set of steps with a partial order. The edit distance (blocks put in and taken out) from an answer to the
nearest valid order follows from the heaviest part of the answer that already stands in a valid order. Two steps
disturb each other if one that is needed stands behind the one that needs it; that relation is itself a partial order
(the steps' order and the answer's order backwards), so the heaviest undisturbed part is one of its antichains.
By Dilworth's theorem and König's, a flow between two copies of the blocks finds it: exact for every
partial order, in polynomial time, so that no width of it has to be feared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
class Nearest:
    """A valid order next to an answer: the places of the answer (from 0) that stay, how many blocks are put in and
    taken out, and the length of that order.
    """

    kept: frozenset[int]
    distance: int
    length: int


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


def nearest(proof: Proof, answer: Sequence[str]) -> Nearest:
    """The nearest valid order to the blocks of `answer`; of several, one that keeps what is needed rather than what
    needs it.
    """
    places = [place for place, block in enumerate(answer) if block in proof.step_of]
    steps = {place: proof.step_of[answer[place]] for place in places}
    # Kept, a required step saves taking it out and putting it in again; an optional one only the first.
    weights = {place: 1 if steps[place] in proof.optional else 2 for place in places}
    # From a block to those behind it that should stand before it, or that are the same step once more.
    disturbed = {
        place: [
            later
            for later in places
            if later > place and (steps[later] in proof.needs[steps[place]] or steps[later] == steps[place])
        ]
        for place in places
    }
    kept = _heaviest(weights, disturbed)
    length = len(proof.required) + sum(steps[place] in proof.optional for place in kept)
    return Nearest(kept, len(answer) + length - 2 * len(kept), length)


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

    def push(node: int, seen: set[int]) -> bool:
        """Lead one more unit away from the left copy of `node`."""
        for target in above[node]:
            if target in seen:
                continue
            seen.add(target)
            giver = None if right[target] else next((one for one in flow[target] if push(one, seen)), None)
            if not right[target] and giver is None:
                continue
            if giver is None:
                right[target] -= 1
            else:
                flow[target][giver] -= 1
                if not flow[target][giver]:
                    del flow[target][giver]
            flow[target][node] = flow[target].get(node, 0) + 1
            return True
        return False

    for node in weights:
        while left[node] and push(node, set()):
            left[node] -= 1
    reached, covered = set[int](), set[int]()
    pending = [node for node in weights if left[node]]
    while pending:
        node = pending.pop()
        if node in reached:
            continue
        reached.add(node)
        for target in above[node]:
            if target not in covered:
                covered.add(target)
                pending += flow[target]
    return frozenset(node for node in weights if node in reached and node not in covered)
