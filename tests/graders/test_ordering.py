"""The nearest valid order against all orders there are, for small proofs; bounds and times for large ones."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from itertools import combinations, permutations

import pytest

from graders.ordering import CycleError, Prices, Proof, nearest, prefix, proof_of

RANDOM = random.Random(20)


def valid_orders(proof: Proof) -> list[tuple[str, ...]]:
    """Every order of all needed steps and some optional ones in which nothing stands before what it needs."""
    free = [step for step in proof.steps if step in proof.optional]
    found = []
    for count in range(len(free) + 1):
        for chosen in combinations(free, count):
            steps = [step for step in proof.steps if step not in proof.optional or step in chosen]
            found += [
                order
                for order in permutations(steps)
                if not any(proof.needs[step] & set(order[place:]) for place, step in enumerate(order))
            ]
    return found


def common(one: list[str], other: tuple[str, ...]) -> int:
    """The length of the longest common subsequence."""
    rows = [[0] * (len(other) + 1)]
    for a in one:
        rows.append([0])
        for place, b in enumerate(other):
            rows[-1].append(rows[-2][place] + 1 if a == b else max(rows[-2][place + 1], rows[-1][place]))
    return rows[-1][-1]


def drawn() -> tuple[Proof, list[str]]:
    """A small proof and an answer to it, with distractors and versions of a step."""
    steps = list("abcdef"[: RANDOM.randint(1, 6)])
    density = RANDOM.choice([0.1, 0.4, 0.9])
    after = {step: [other for other in steps[:place] if RANDOM.random() < density] for place, step in enumerate(steps)}
    versions = [[steps[-1], "z"]] if RANDOM.random() < 0.4 else []
    optional = [step for step in steps if RANDOM.random() < 0.25]
    blocks = [*steps, "x", "y", *(["z"] if versions else [])]
    return proof_of(after, optional, versions), RANDOM.sample(blocks, RANDOM.randint(0, len(blocks)))


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("_", range(250))
def test_the_distance_is_that_to_the_nearest_of_all_valid_orders(_: int) -> None:
    proof, answer = drawn()
    given = [proof.step_of.get(block, f"no step {block}") for block in answer]
    orders = valid_orders(proof)
    found = nearest(proof, answer)
    assert found.distance == min(len(given) + len(order) - 2 * common(given, order) for order in orders)
    # What is kept stands, in this order, in a valid one of the length told and at that distance.
    kept = [given[place] for place in sorted(found.kept)]
    ways = [order for order in orders if len(order) == found.length and common(kept, order) == len(kept)]
    assert ways
    assert len(given) + found.length - 2 * len(kept) == found.distance
    # The first blocks begin a valid order, and one more does not.
    starts = [count for count in range(len(given) + 1) if any(order[:count] == (*given[:count],) for order in orders)]
    assert prefix(proof, answer) == max(starts)


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("_", range(150))
def test_with_prices_it_is_the_cheapest_way_to_a_valid_order(_: int) -> None:
    proof, answer = drawn()
    given = [proof.step_of.get(block, f"no step {block}") for block in answer]
    some = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)]
    worth = {step: RANDOM.choice(some) for step in proof.steps}
    prices = Prices(worth, RANDOM.choice(some))

    def cost(kept: tuple[int, ...], order: tuple[str, ...]) -> Fraction:
        stays = {given[place] for place in kept}
        put_in = [
            min(worth[step], prices.extra) if step in given else worth[step] for step in order if step not in stays
        ]
        return prices.extra * (len(given) - len(kept)) + sum(put_in)

    found = nearest(proof, answer, prices)
    ways = [
        cost(kept, order)
        for order in valid_orders(proof)
        for count in range(len(given) + 1)
        for kept in combinations(range(len(given)), count)
        if common([given[place] for place in kept], order) == count
    ]
    assert found.distance == min(ways)


def test_of_two_in_the_wrong_order_the_one_that_is_needed_stays() -> None:
    proof = proof_of({"a": [], "b": ["a"], "c": ["b"]})
    assert nearest(proof, ["b", "a", "c"]).kept == {1, 2}
    assert nearest(proof, ["a", "c", "b"]).kept == {0, 2}


def test_what_is_needed_by_way_of_something_left_out_still_has_to_stand_before() -> None:
    proof = proof_of({"a": [], "b": ["a"], "c": ["b"]}, optional=["b"])
    assert nearest(proof, ["a", "c"]).distance == 0
    assert nearest(proof, ["c", "a"]).distance == 2


def test_steps_in_a_circle_are_told() -> None:
    with pytest.raises(CycleError) as told:
        proof_of({"a": [], "b": ["c"], "c": ["b"]})
    assert told.value.steps == ("b", "c")


@pytest.mark.parametrize("density", [0, 0.05, 0.3, 1])
def test_a_proof_of_sixty_steps_is_judged_whatever_its_width(density: float) -> None:
    steps = [f"s{number}" for number in range(60)]
    chance = random.Random(7)
    after = {step: [one for one in steps[:place] if chance.random() < density] for place, step in enumerate(steps)}
    proof = proof_of(after)
    assert nearest(proof, steps).distance == 0
    for answer in (steps[::-1], chance.sample(steps, 60)):
        found = nearest(proof, answer)
        places = sorted(found.kept)
        assert found.distance == 2 * (60 - len(places))
        assert not any(
            answer[later] in proof.needs[answer[place]] for place, later in combinations(places, 2) if later > place
        )


def test_a_chain_backwards_keeps_one_step_and_one_exchanged_pair_costs_two_edits() -> None:
    steps = [f"s{number}" for number in range(30)]
    proof = proof_of({step: steps[:place] for place, step in enumerate(steps)})
    assert nearest(proof, steps[::-1]).distance == 58
    exchanged = [*steps[:10], steps[11], steps[10], *steps[12:]]
    assert nearest(proof, exchanged).distance == 2


@pytest.mark.parametrize("density", [0, 0.05, 0.1, 0.3, 1])
def test_thirty_blocks_are_judged_in_less_than_fifty_milliseconds(density: float) -> None:
    steps = [f"s{number}" for number in range(30)]
    chance = random.Random(30)
    after = {step: [one for one in steps[:place] if chance.random() < density] for place, step in enumerate(steps)}
    proof = proof_of(after)
    prices = Prices({step: Fraction(chance.randint(1, 40), 8) for step in steps}, Fraction(1, 2))
    for answer in (steps[::-1], *(chance.sample(steps, 30) for _ in range(9))):
        # The processor's time, and the best of three: what else runs here is not the proof's.
        took = []
        for _ in range(3):
            start = time.process_time()
            nearest(proof, answer, prices)
            took.append(time.process_time() - start)
        assert min(took) < 0.05
