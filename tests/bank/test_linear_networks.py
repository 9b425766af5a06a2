"""VIR 2022, problem 10: so many pairs of kernels do reach every linear function of the input.

The question counts them by a formula; here single ones are placed by trying all places, and the rank of the map from
the kernels to the coefficients is computed.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from app.interchange.bank import load_bank
from graders.marking.variants import make_variant, world_of
from graders.packages import unpack

BANK = Path(__file__).resolve().parents[2] / "question_bank"


def placed(width: int, places: list[int], side: int) -> int:
    """The least number of places from which a row of `width` weights covers `side` entries."""
    for count in range(1, len(places) + 1):
        for chosen in combinations(places, count):
            if {place + step for place in chosen for step in range(width)} >= set(range(side)):
                return count
    raise AssertionError("Not even all places together cover the input.")


def spread(width: int, stride: int, places: list[int], side: int) -> int:
    """The same for weights that are `stride` entries apart."""
    for count in range(1, len(places) + 1):
        for chosen in combinations(places, count):
            if {place + stride * step for place in chosen for step in range(width)} >= set(range(side)):
                return count
    raise AssertionError("Not even all places together cover the input.")


def composed(w: np.ndarray, v: np.ndarray, stride: int) -> np.ndarray:
    """The coefficients of the inputs: the kernel w once for every entry of v, `stride` entries apart."""
    side = (len(v) - 1) * stride + len(w)
    found = np.zeros((side, side))
    for row in range(len(v)):
        for column in range(len(v)):
            here = slice(row * stride, row * stride + len(w)), slice(column * stride, column * stride + len(w))
            found[here] += v[row, column] * w
    return found


@pytest.fixture(scope="module")
def worlds() -> list[dict[str, int]]:
    question = next(one for one in load_bank(BANK) if one.folder.name == "vir2022-10")
    assert question.package is not None
    compiled = unpack(question.package).compiled
    found = []
    for seed in range(30):
        world = world_of(compiled, make_variant(compiled, seed).values)
        found.append({name: int(str(world[name])) for name in ("k1", "k2", "s1", "side", "pairs", "n", "values")})
    return found


def test_the_counted_pairs_are_those_that_trying_all_places_finds(worlds: list[dict[str, int]]) -> None:
    for one in worlds:
        k1, k2, s1, side = one["k1"], one["k2"], one["s1"], one["side"]
        first = placed(k1, [s1 * place for place in range(k2)], side)
        second = spread(k2, s1, list(range(k1)), side)
        assert one["pairs"] == min(first, second) ** 2 <= one["n"]


def test_the_kernels_reach_as_many_dimensions_as_the_input_has_values(worlds: list[dict[str, int]]) -> None:
    for one in {tuple(sorted(one.items())): one for one in worlds}.values():
        k1, k2, s1 = one["k1"], one["k2"], one["s1"]
        w = np.cos(np.arange(one["n"] * k1 * k1) ** 2).reshape(-1, k1, k1)
        v = np.sin(1 + np.arange(one["n"] * k2 * k2) ** 2).reshape(-1, k2, k2)
        ones = [np.eye(k * k).reshape(-1, k, k) for k in (k1, k2)]
        rows = [composed(unit, second, s1).ravel() for second in v for unit in ones[0]]
        rows += [composed(first, unit, s1).ravel() for first in w for unit in ones[1]]
        assert np.linalg.matrix_rank(np.array(rows)) == one["values"] == one["side"] ** 2
