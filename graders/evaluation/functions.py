"""What a function of the question language is, and how one is called: signature, blanks, cost."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from app.domain.values import Value
from graders.evaluation.errors import EvaluationError
from graders.evaluation.fuel import Fuel, admit, weight
from graders.evaluation.shapes import has_blank

Blanks = Literal["spread", "cells", "all"]


@dataclass(frozen=True)
class Function:
    """A function of the language.

    blanks: what a blank in the arguments does. `spread`: any blank, also inside a list, makes the result
        blank; `cells`: a blank argument does, blank cells are the function's business; `all`: nothing does.
    cost: steps for these arguments, charged before the run (by default the size of the arguments).
    """

    name: str
    doc: str
    run: Callable[..., Any]
    blanks: Blanks = "spread"
    cost: Callable[..., int] | None = None
    signature: inspect.Signature = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "signature", inspect.signature(self.run))

    @property
    def usage(self) -> str:
        """How it is called, for people: `mean(x, axis=None)`."""
        pieces = []
        for parameter in self.signature.parameters.values():
            star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
            default = "" if parameter.default is parameter.empty else f"={parameter.default}"
            pieces.append(f"{star}{parameter.name}{default}")
        return f"{self.name}({', '.join(pieces)})"


def call(function: Function, args: list[Value], kwargs: dict[str, Value], fuel: Fuel) -> Value:
    """The result for evaluated arguments, checked and paid for.

    Raises:
        EvaluationError: wrong arguments, or no result.
    """
    given = [*args, *kwargs.values()]
    try:
        function.signature.bind(*args, **kwargs)
    except TypeError:
        raise EvaluationError(f"“{function.name}” is called like this: {function.usage}.") from None
    if function.blanks != "all" and any(value is None for value in given):
        return None
    if function.blanks == "spread" and any(has_blank(value) for value in given):
        return None
    fuel.spend(1 + sum(weight(value) for value in given))
    try:
        if function.cost is not None:
            fuel.spend(function.cost(*args, **kwargs))
        result: Value = function.run(*args, **kwargs)
    except EvaluationError:
        raise
    except OverflowError:
        raise EvaluationError("The result is too large.") from None
    except ZeroDivisionError:
        raise EvaluationError(f"“{function.name}” divides by zero here.") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise EvaluationError(_sentence(function, error)) from error
    admit(result, fuel)
    return result


def _sentence(function: Function, error: Exception) -> str:
    """A solver's own sentence where it wrote one, else one that names the function."""
    says = str(error)
    if isinstance(error, ValueError) and says.endswith("."):
        return says
    return f"“{function.name}” cannot be computed for these arguments."
