"""Runs a student's program and the reference side by side, size after size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.language import LanguageError
from app.domain.language.program_tree import Loop, Program, Return, statements_of
from app.domain.language.programs import parse_program
from app.domain.symbols import Symbol
from app.domain.values import Value
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.formulas import tree_of
from graders.evaluation.program_memory import Data, Meter, TooLarge
from graders.evaluation.program_trials import (
    as_programs_have_them,
    assignment,
    given_values,
    size_names,
)
from graders.evaluation.programs import Run, run
from graders.evaluation.tensor_duals import Array
from graders.evaluation.tensors import Evaluation

if TYPE_CHECKING:
    from graders.program import ProgramOptions

SLACK = 16
"""Numbers that cost nothing where the author names no limit: a pair such as [0, 1], a size."""
SHARE = 4
"""Operations and places for every number given or asked, where the author names no limit."""
EXACT = 2.0**53
SMALL = 10
"""Sizes at which every right program can be run."""
DRAWS = 3
"""Draws where nothing has a size."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One size: what the program gave beside the reference, and what it cost.

    right, shape: None where there is nothing to compare. problem: why it did not run. costly: it costs too much.
    multiplications, memory: None where it did not run.
    """

    size: int
    result: Data | None
    reference: Data
    multiplications: int | None
    memory: int | None
    few: bool
    little: bool
    materialises: bool
    loop: bool
    problem: str = ""
    costly: bool = False

    @property
    def refused(self) -> bool:
        """Whether it only costs too much at this size; at a small one it is simply wrong."""
        return self.costly and self.size > SMALL

    @property
    def right(self) -> bool | None:
        if self.problem:
            return False
        return None if self.result is None else _same(self.result, self.reference)

    @property
    def shape(self) -> bool | None:
        if self.result is None:
            return None
        return self.result.shape == self.reference.shape

    def other(self, name: str) -> bool | None:
        """Whether the result is a known neighbour of the reference; None where that says nothing."""
        if self.result is None:
            return None if self.refused else False
        result, reference = self.result, self.reference
        if name == "sign":
            return _same(result, -reference)
        if reference.ndim == 0:
            # One number has no order; it says nothing where it is right.
            return None if _same(result, reference) else False
        match name, reference.ndim:
            case "transposed", 2:
                return _same(result, reference.T)
            case "reversed", 1:
                return _same(result, reference[::-1])
            case "shifted", 1:
                return any(_same(result, _moved(reference, by, around)) for by in (1, -1) for around in (True, False))
            case _:
                return False


def trials(options: ProgramOptions, text: str, given: Mapping[str, Symbol]) -> Iterator[Trial]:
    """The program at every size, until it costs too much; sizes for which the reference is too large are left out.

    Raises:
        LanguageError: it cannot be read.
        EvaluationError: the reference itself has no value at any size.
    """
    program = parse_program(text, [*given])
    symbols = {**options.symbols, **given}
    names = size_names(symbols, [name for name in given if name not in (options.names or ())])
    tried = 0
    problem: EvaluationError | None = None
    for count, size in enumerate(options.sizes if names else range(1, DRAWS + 1)):
        sizes = assignment(names, size)
        values = given_values(symbols, [name for name in given if name not in (options.names or ())], sizes, count)
        if values is None:
            continue
        try:
            known = as_programs_have_them(symbols, values) | _abbreviations(options, symbols, values)
            reference = _reference(options, symbols, values, known)
        except EvaluationError as failure:
            problem = problem or failure
            continue
        tried += 1
        trial = _trial(options, program, size, sizes, values, known, reference)
        yield trial
        if trial.costly:
            break
    if problem is not None and not tried:
        raise problem


def _trial(
    options: ProgramOptions,
    program: Program,
    size: int,
    sizes: Mapping[str, int],
    values: Mapping[str, Array],
    known: Mapping[str, Any],
    reference: Data,
) -> Trial:
    meter = Meter()
    loop = any(isinstance(statement, Loop) for statement in statements_of(program.statements))
    numbers = sum(value.size for value in values.values()) + reference.size
    usual = SHARE * numbers + SLACK
    try:
        done: Run = run(program, known, meter)
    except (OutOfFuel, TooLarge) as problem:
        large = isinstance(problem, TooLarge)
        return Trial(size, None, reference, None, None, False, False, large, loop, str(problem), costly=True)
    except EvaluationError as problem:
        return Trial(size, None, reference, None, None, False, False, False, loop, str(problem))
    few = done.multiplications <= _limit(options.multiplications, sizes, usual)
    little = done.memory <= _limit(options.memory, sizes, usual)
    result = np.squeeze(done.value)
    large = done.largest > usual
    return Trial(size, result, reference, done.multiplications, done.memory, few, little, large, loop)


def _limit(option: Value, sizes: Mapping[str, int], usual: int) -> float:
    if option is None:
        return usual
    symbols = {name: Symbol(domain="natural") for name in sizes}
    values = {name: np.full((1, 1), float(size)) for name, size in sizes.items()}
    return float(Evaluation(values, symbols).value(tree_of(option)).flat[0]) + 1e-9


def _abbreviations(
    options: ProgramOptions, symbols: Mapping[str, Symbol], values: Mapping[str, Array]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in dict(options.names or {}).items():
        array = Evaluation(values, symbols).value(tree_of(value))
        kind = symbols[name].kind
        if kind == "scalar":
            array = np.squeeze(array)
        found[name] = float(array) if array.ndim == 0 else array.reshape(-1) if kind == "vector" else array
    return found


def _reference(
    options: ProgramOptions, symbols: Mapping[str, Symbol], values: Mapping[str, Array], known: Mapping[str, Any]
) -> Data:
    """The right result: of a formula with columns where it is one, else with arrays as numpy has them."""
    if options.answer is not None:
        node = tree_of(options.answer)
        try:
            return np.squeeze(Evaluation(values, symbols).value(node))
        except EvaluationError:
            return np.squeeze(run(Program((Return(node),)), known).value)
    try:
        program = parse_program(options.program or str(options.key), [*known])
    except LanguageError as error:
        raise EvaluationError(f"The reference program cannot be read: {error.says}") from None
    return np.squeeze(run(program, known).value)


def _same(result: Data, reference: Data) -> bool | None:
    """Whether both are the same but for rounding; None where nothing of the reference can be compared."""
    if result.shape != reference.shape:
        return False
    usable = np.isfinite(reference) & (np.abs(reference) < EXACT)
    if not usable.any():
        return None
    wanted, got = reference[usable], result[usable]
    return bool(np.all(np.abs(got - wanted) <= 1e-8 * np.abs(wanted) + 1e-10))


def _moved(reference: Data, by: int, around: bool) -> Data:
    """The entries one place further, around the end or with a zero there."""
    found = np.roll(reference, by)
    if not around:
        found[0 if by > 0 else -1] = 0.0
    return found
