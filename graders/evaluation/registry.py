"""All functions of the question language by name: the built-in ones and the solvers."""

from __future__ import annotations

from graders.evaluation.arrays import ARRAYS
from graders.evaluation.formula_functions import FORMULAS
from graders.evaluation.functions import Function
from graders.evaluation.reductions import REDUCTIONS
from graders.evaluation.scalars import SCALARS
from graders.solvers import SOLVERS

FUNCTIONS: dict[str, Function] = {function.name: function for function in (*SCALARS, *REDUCTIONS, *ARRAYS, *FORMULAS)}


def _merged() -> dict[str, Function]:
    clashes = sorted(FUNCTIONS.keys() & SOLVERS.keys())
    if clashes:
        raise ImportError(f"These solvers have the name of a built-in function: {', '.join(clashes)}")
    solvers = {
        name: Function(
            name,
            (solver.function.__doc__ or "").strip().partition("\n")[0],
            solver.function,
            cost=solver.cost,
        )
        for name, solver in SOLVERS.items()
    }
    return FUNCTIONS | solvers


LANGUAGE_FUNCTIONS = _merged()
