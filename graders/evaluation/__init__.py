"""Evaluates trees of the question language, exactly and with fuel; nothing here parses, stores or judges."""

from graders.evaluation.display import number_text, value_latex, value_text
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.evaluator import evaluate
from graders.evaluation.fuel import Fuel
from graders.evaluation.functions import Function
from graders.evaluation.registry import FUNCTIONS, LANGUAGE_FUNCTIONS
from graders.evaluation.scope import CONSTANTS, STUDENT_NAMES, Names, Scope

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "LANGUAGE_FUNCTIONS",
    "STUDENT_NAMES",
    "EvaluationError",
    "Fuel",
    "Function",
    "Names",
    "OutOfFuel",
    "Scope",
    "evaluate",
    "number_text",
    "value_latex",
    "value_text",
]
