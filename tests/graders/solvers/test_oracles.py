"""Every reference solver against an independent oracle: a wrong key would give its own answer full marks."""

from __future__ import annotations

import importlib.util
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from graders.solvers import SOLVERS


def oracles() -> dict[str, Any]:
    """Name of a solver → (strategy for its arguments, the same function written differently)."""
    found: dict[str, Any] = {}
    for path in sorted(Path(__file__).parent.glob("oracle_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert not found.keys() & module.ORACLES.keys()
        found |= module.ORACLES
    return found


ORACLES = oracles()


def is_plain(value: Any) -> bool:
    """Whether a value is one of the question language: no numpy, no tuples, whole fractions as ints."""
    if isinstance(value, list):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(item) for key, item in value.items())
    return type(value) in (int, float) or (type(value) is Fraction and value.denominator > 1)


def same(found: Any, expected: Any) -> bool:
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, int | Fraction) and isinstance(expected, int | Fraction):
        return found == expected
    return abs(float(found) - float(expected)) <= 1e-9 * max(1, abs(float(found)))


def test_every_solver_has_an_oracle_and_every_oracle_a_solver() -> None:
    assert ORACLES.keys() == SOLVERS.keys()


@pytest.mark.parametrize("name", sorted(SOLVERS))
def test_a_solver_agrees_with_its_oracle_and_stays_within_the_value_model(name: str) -> None:
    calls, oracle = ORACLES[name]
    solver = SOLVERS[name]

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(calls)
    def agrees(call: list[Any]) -> None:
        cost = solver.cost(*call)
        expected = oracle(*call)
        if expected is None:  # there is no such network
            with pytest.raises(ValueError, match="cannot be computed"):
                solver(*call)
            return
        found = solver(*call)
        assert is_plain(found)
        assert same(found, expected)
        assert type(cost) is int
        assert cost >= 1

    agrees()
