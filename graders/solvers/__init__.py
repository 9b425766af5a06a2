"""Reference solvers that questions call by name: pure functions; no web, storage, clock or chance."""

from types import ModuleType
from typing import Any

from graders.solvers import (
    activations,
    backpropagation,
    convolution,
    counts,
    losses,
    normalisation,
    pooling,
    receptive,
    recurrence,
    sizes,
    thresholds,
)
from graders.solvers.arrays import as_array, as_value
from graders.solvers.solver import BlankError, Solver, SolverError

__all__ = ["SOLVERS", "BlankError", "Solver", "SolverError", "as_array", "as_value"]

_ROOMS: tuple[ModuleType, ...] = (
    activations,
    backpropagation,
    convolution,
    counts,
    losses,
    normalisation,
    pooling,
    receptive,
    recurrence,
    sizes,
    thresholds,
)

SOLVERS: dict[str, Solver[..., Any]] = {
    found.name: found for room in _ROOMS for found in vars(room).values() if isinstance(found, Solver)
}
