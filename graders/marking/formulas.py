"""Comparing formulas in a question: the functions of its expressions that must know its symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.symbols import Symbol
from app.domain.values import PERSON, Value
from graders.equality.formulas import same_formula
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import called, tree_of
from graders.evaluation.fuel import Fuel

STEPS = 2_000
"""What one comparison costs."""


def formula_calls(symbols: Mapping[str, Symbol], fuel: Fuel) -> dict[str, Callable[..., Value]]:
    """The functions by name; see `evaluation.formula_functions` for what they mean."""

    def same(f: Value, g: Value, *up_to: Value) -> Value:
        fuel.spend(STEPS)
        loose = [item for item in up_to if isinstance(item, str)]
        if len(loose) < len(up_to):
            raise EvaluationError("What may differ is written as text, as in same(f, g, 'positive factor').")
        verdict = same_formula(tree_of(g), tree_of(f), symbols, loose).verdict
        return PERSON if verdict == "undecided" else verdict == "equal"

    def unknown(name: str) -> Callable[..., Value]:
        return lambda *args: called(name, args)

    functions = [name for name, one in symbols.items() if one.kind == "function"]
    return {"same": same} | {name: unknown(name) for one in functions for name in (one, f"{one}_prime")}
