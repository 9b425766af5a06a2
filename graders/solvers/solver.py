"""What a reference solver is, and how one is declared."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class SolverError(ValueError):
    """A solver cannot work with its arguments; the message is one sentence that names the argument."""


class BlankError(SolverError):
    """An argument has a blank cell, so the answer is not wrong but missing."""


@dataclass(frozen=True)
class Solver(Generic[P, R]):
    """A pure reference function that questions call by name.

    Attributes:
        name: the name in the question language.
        function: lists, scalars and exact numbers in; nested lists, scalars or records of them out.
        cost: an upper estimate of the elementary operations of a call with the same arguments. It looks at
            sizes only, so it is cheap even where the call would not be: ask it first.
        summary: the first line of the documentation.

    For arguments that do not fit, both `function` and `cost` raise SolverError and nothing else.
    """

    name: str
    function: Callable[P, R]
    cost: Callable[P, int]
    summary: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""
        return self.function(*args, **kwargs)


def solver(cost: Callable[..., int]) -> Callable[[Callable[P, R]], Solver[P, R]]:
    """Declare a function as a solver; `cost` receives all its arguments by position, defaults filled in."""

    def declare(function: Callable[P, R]) -> Solver[P, R]:
        summary = (inspect.getdoc(function) or "").partition("\n")[0]

        def estimate(*args: Any) -> int:
            return max(1, cost(*args))

        return Solver(function.__name__, _checked(function, function), _checked(estimate, function), summary)

    return declare


def _checked(work: Callable[..., T], function: Callable[P, Any]) -> Callable[P, T]:
    """`work`, called with the arguments of `function`, where a wrong call is a SolverError."""
    signature = inspect.signature(function)
    form = ", ".join(
        parameter.name if parameter.default is parameter.empty else f"{parameter.name}={parameter.default}"
        for parameter in signature.parameters.values()
    )

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise SolverError(f"{function.__name__}({form}) was called wrongly: {error}.") from None
        bound.apply_defaults()
        try:
            return work(*bound.arguments.values())
        except OverflowError:
            # Python refuses to mix a float with a whole number beyond 10^308.
            raise SolverError(f"The numbers given to {function.__name__} are too large.") from None

    return checked
