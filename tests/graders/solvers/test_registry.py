"""What every registered solver promises beside its results."""

from __future__ import annotations

import inspect

import pytest

from graders.solvers import SOLVERS, Solver


@pytest.mark.parametrize("name", sorted(SOLVERS))
def test_a_solver_documents_shapes_or_meaning_errors_and_source(name: str) -> None:
    solver = SOLVERS[name]
    assert solver.name == name == solver.function.__name__
    assert solver.summary.endswith(".")
    documentation = inspect.getdoc(solver.function) or ""
    assert "Raises:\n    SolverError: " in documentation
    assert "\nSource: " in documentation


def test_solvers_take_options_by_name_and_are_frozen() -> None:
    conv = SOLVERS["conv2d"]
    assert conv([[1, 2]], [[1]], stride=[1, 2]) == [[1]]
    assert conv.function([[1, 2]], [[1]], padding=[0, 1]) == [[0, 1, 2, 0]]
    assert conv.cost([[1, 2]], [[1]], dilation=1) == conv.cost([[1, 2]], [[1]])
    assert isinstance(conv, Solver)
    with pytest.raises(AttributeError):
        conv.name = "other"  # type: ignore[misc]
