"""Functions of the question language that look at formulas: derivatives, substitution, comparison."""

from __future__ import annotations

from app.domain.language.tree import Name, free_names
from app.domain.values import Symbolic, Value
from graders.evaluation.calculus import derivative, substitute
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import is_formula, tree_of, value_of_tree
from graders.evaluation.functions import Function
from graders.evaluation.shapes import each


def symbol_name(value: Value) -> str:
    """The name of the symbol that a value is.

    Raises:
        EvaluationError: it is something else.
    """
    if isinstance(value, Symbolic) and isinstance(value.node, Name):
        return value.node.id
    raise EvaluationError("A declared symbol is needed here, as in derivative(L, s).")


def _derivative(f: Value, x: Value) -> Value:
    name = symbol_name(x)
    return each(lambda cell: None if cell is None else value_of_tree(derivative(tree_of(cell), name)), f)


def _substitute(f: Value, x: Value, g: Value) -> Value:
    values = {symbol_name(x): tree_of(g)}
    return each(lambda cell: None if cell is None else value_of_tree(substitute(tree_of(cell), values)), f)


def _mentions(f: Value, x: Value) -> Value:
    name = symbol_name(x)
    return is_formula(f) and name in free_names(tree_of(f))


def _same(f: Value, g: Value, *up_to: Value) -> Value:
    raise EvaluationError("“same” compares formulas in the cells and rubrics of a question only.")


FORMULAS = [
    Function("derivative", "the derivative of a formula f of numbers by the symbol x", _derivative, blanks="cells"),
    Function("substitute", "the formula f with g in the place of the symbol x", _substitute, blanks="cells"),
    Function("mentions", "whether the formula f mentions the symbol x", _mentions, blanks="cells"),
    Function(
        "same",
        "whether the formulas f and g are the same function; up to 'factor', 'positive factor', 'constant', "
        "'constant in w', 'sign', 'transpose' or 'layout' where listed",
        _same,
        blanks="cells",
    ),
]
