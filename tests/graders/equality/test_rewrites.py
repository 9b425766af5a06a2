"""A slice of `benchmarks.rewrites`: rewritten formulas are found equal, changed ones never."""

from __future__ import annotations

import pytest

from app.domain.language import to_source
from benchmarks.rewrites import Case, cases
from benchmarks.rewriting import DOMAINS
from graders.equality import equal

SLICES = range(8)
EACH = 75


def shown(case: Case) -> str:
    return f"{to_source(case.reference)}  |  {to_source(case.answer)}"


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("seed", SLICES)
def test_what_is_rewritten_is_equal(seed: int) -> None:
    missed = [
        shown(case)
        for case in cases(EACH, seed, mutants=False)
        if equal(case.reference, case.answer, DOMAINS).verdict != "equal"
    ]
    assert not missed


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("seed", SLICES)
def test_what_an_oracle_tells_apart_is_never_equal(seed: int) -> None:
    accepted = [
        shown(case)
        for case in cases(EACH, seed, mutants=True)
        if equal(case.reference, case.answer, DOMAINS).verdict == "equal"
    ]
    assert not accepted
