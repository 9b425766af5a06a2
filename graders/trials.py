"""Runs a student's program and the reference side by side, size after size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.language import LanguageError
from app.domain.language.program_tree import Loop, Program, Return, nodes_of, statements_of
from app.domain.language.programs import parse_program
from app.domain.language.tree import Number, walk
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
"""Multiplications and places for every number given or asked, where the author names no limit."""
ALL_IN_ALL = 8
"""Operations of any kind for every multiplication that is allowed: counters and conditions of a loop are few, too."""
EXACT = 2.0**53
SMALL = 10
"""Sizes at which every right program can be run."""
DRAWS = 3
"""Draws where nothing has a size."""
COSTED = 1000
"""The largest size at which only the cost is measured, where the reference itself would be too large."""
PROBED = 130
"""A size at which most references can still be compared, though it costs something."""
MOST_PROBED = 400
PROBES = 8
"""Sizes, and magnitudes, that a program is tried at because of the numbers in it."""
MAGNITUDES = (2.0**10, 2.0**-10)
ROUNDING = 1e-12
"""Relative; the numbers given have few bits, so that little is rounded at all."""
NUMBERS = 10_000
"""Numbers given and asked there: one loop over them all is far from taking too many steps."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One size: what the program gave beside the reference, and what it cost.

    reference: None where only the cost is measured. right, shape: None where there is nothing to compare. problem: why
    it did not run. costly: it costs too much. multiplications, operations, memory: None where it did not run.
    outcomes: which of its conditions held, which did not. scale: how much larger the numbers given were than usual (0:
    some are zero). probe: whether it is one more look, whose cost does not count.
    """

    size: int
    result: Data | None
    reference: Data | None
    multiplications: int | None
    operations: int | None
    memory: int | None
    few: bool
    little: bool
    materialises: bool
    loop: bool
    problem: str = ""
    costly: bool = False
    outcomes: frozenset[tuple[int, bool]] = frozenset()
    scale: float = 1.0
    probe: bool = False

    @property
    def refused(self) -> bool:
        """Whether it only costs too much at this size; at a small one it is simply wrong."""
        return self.costly and self.size > SMALL

    @property
    def right(self) -> bool | None:
        if self.reference is None:
            return None
        if self.problem:
            return False
        return None if self.result is None else _same(self.result, self.reference, self.size, self.scale)

    @property
    def shape(self) -> bool | None:
        if self.result is None or self.reference is None:
            return None
        return self.result.shape == self.reference.shape

    def other(self, name: str) -> bool | None:
        """Whether the result is a known neighbour of the reference; None where that says nothing."""
        if self.reference is None:
            return None
        if self.result is None:
            return None if self.refused else False
        result, reference = self.result, self.reference
        if name == "sign":
            return _same(result, -reference, self.size, self.scale)
        if reference.ndim == 0:
            # One number has no order; it says nothing where it is right.
            return None if _same(result, reference, self.size, self.scale) else False
        match name, reference.ndim:
            case "transposed", 2:
                return _same(result, reference.T)
            case "reversed", 1:
                return _same(result, reference[::-1])
            case "shifted", 1:
                return any(_same(result, _moved(reference, by, around)) for by in (1, -1) for around in (True, False))
            case _:
                return False


def trials(options: ProgramOptions, text: str, given: Mapping[str, Symbol], costs: bool = True) -> Iterator[Trial]:
    """The program at every size, until it costs too much; where the reference is too large, only the cost is measured.

    Args:
        options: of the grader.
        text: the program.
        given: what it is given.
        costs: whether costs are of interest at sizes at which nothing is compared.

    Raises:
        LanguageError: it cannot be read.
        EvaluationError: the reference itself has no value at any size.
    """
    program = parse_program(text, [*given])
    symbols = {**options.symbols, **given}
    inputs = [name for name in given if name not in (options.names or ())]
    names = size_names(symbols, inputs)
    shapes: dict[int, tuple[int, ...]] = {}
    problem: EvaluationError | None = None
    trial: Trial | None = None
    wrong = False
    for count, size in enumerate(options.sizes if names else range(1, DRAWS + 1)):
        sizes = assignment(names, size)
        values = given_values(symbols, inputs, sizes, count)
        if values is None:
            continue
        try:
            known = as_programs_have_them(symbols, values) | _abbreviations(options, symbols, values)
            reference = _reference(options, symbols, values, known)
        except EvaluationError as failure:
            problem = problem or failure
            continue
        shapes[size] = reference.shape
        trial = _trial(options, program, size, sizes, values, known, reference, reference.size)
        yield trial
        wrong = wrong or trial.right is False
        if trial.costly:
            break
    if problem is not None and not shapes:
        raise problem
    if not wrong:
        yield from _probes(options, program, given, names, max((size for size in shapes if size <= SMALL), default=1))
    if trial is not None and trial.costly:
        return
    if costs and names and len(shapes) > 1 and (wanted := max(options.sizes)) > max(shapes):
        yield from _measured(options, program, given, names, shapes, wanted)


def _probes(
    options: ProgramOptions, program: Program, given: Mapping[str, Symbol], names: list[str], usual: int
) -> Iterator[Trial]:
    """The program around the numbers that it compares with: at other sizes, and given other magnitudes.

    `usual` is the size at which magnitudes are tried.
    """
    symbols = {**options.symbols, **given}
    inputs = [name for name in given if name not in (options.names or ())]
    numbers = _numbers_in(program)
    around = sorted({int(number) + step for number in numbers if number < MOST_PROBED for step in (-1, 0, 1, 2)})
    others = [size for size in around if size > 1 and size not in options.sizes][-PROBES:] if names else []
    beyond = [2.0 ** (math.frexp(number)[1] + way) for number in numbers[-PROBES:] for way in (2, -2)]
    scales = dict.fromkeys([*MAGNITUDES, 0.0, *(scale for scale in beyond if 2.0**-60 < scale < 2.0**60)])
    looks = [*((size, 1.0) for size in (*others, *([PROBED] if names else []))), *((usual, scale) for scale in scales)]
    for count, (size, scale) in enumerate(looks):
        sizes = assignment(names, size)
        values = given_values(symbols, inputs, sizes, count, scale)
        if values is None:
            continue
        try:
            known = as_programs_have_them(symbols, values) | _abbreviations(options, symbols, values)
            reference = _reference(options, symbols, values, known)
        except EvaluationError:
            continue
        trial = _trial(options, program, size, sizes, values, known, reference, reference.size)
        if not trial.refused:
            yield replace(trial, scale=scale, probe=True)


def _numbers_in(program: Program) -> list[float]:
    """The sizes of all numbers in a program, but 0 and 1, in order."""
    nodes = [node for statement in statements_of(program.statements) for node in nodes_of(statement)]
    found = {abs(part.value) for node in nodes for part in walk(node) if isinstance(part, Number)}
    return sorted(float(value) for value in found if value not in (0, 1) and value < 10**18)


def _measured(
    options: ProgramOptions,
    program: Program,
    given: Mapping[str, Symbol],
    names: list[str],
    shapes: Mapping[int, tuple[int, ...]],
    wanted: int,
) -> Iterator[Trial]:
    """What the program costs at a size at which the reference would be too large, if it runs there."""
    symbols = {**options.symbols, **given}
    inputs = [name for name in given if name not in (options.names or ())]
    for size in _descending(min(wanted, COSTED), max(shapes)):
        sizes = assignment(names, size)
        shape = _extrapolated(shapes, size)
        asked = math.prod(shape)
        known = [symbols[name].shape(sizes) or (0, 0) for name in inputs]
        if asked + sum(rows * columns for rows, columns in known) > NUMBERS:
            continue
        values = given_values(symbols, inputs, sizes, 0)
        if values is not None:
            numbers = as_programs_have_them(symbols, values) | _affordable(options, symbols, values)
            trial = _trial(options, program, size, sizes, values, numbers, None, asked)
            if trial.costly or not trial.problem:
                yield trial
        return


def _descending(most: int, least: int) -> Iterator[int]:
    """Sizes below each other, by a fifth each."""
    while most > least:
        yield most
        most = most * 4 // 5


def _extrapolated(shapes: Mapping[int, tuple[int, ...]], size: int) -> tuple[int, ...]:
    """The shape of the result at another size, if it grows as it did between the two largest."""
    (one, before), (other, after) = sorted(shapes.items())[-2:]
    if len(before) != len(after):
        return after
    pairs = zip(before, after, strict=True)
    return tuple(max(end, end + (end - begin) * (size - other) // (other - one)) for begin, end in pairs)


def _trial(
    options: ProgramOptions,
    program: Program,
    size: int,
    sizes: Mapping[str, int],
    values: Mapping[str, Array],
    known: Mapping[str, Any],
    reference: Data | None,
    asked: int,
) -> Trial:
    meter = Meter()
    loop = any(isinstance(statement, Loop) for statement in statements_of(program.statements))
    numbers = sum(value.size for value in values.values()) + asked
    usual = SHARE * numbers + SLACK
    try:
        done: Run = run(program, known, meter)
    except (OutOfFuel, TooLarge) as problem:
        large = isinstance(problem, TooLarge)
        return Trial(size, None, reference, None, None, None, False, False, large, loop, str(problem), costly=True)
    except EvaluationError as problem:
        return Trial(size, None, reference, None, None, None, False, False, False, loop, str(problem))
    multiplications = _limit(options.multiplications, sizes, usual)
    operations = _limit(options.operations, sizes, ALL_IN_ALL * max(multiplications, usual))
    few = done.multiplications <= multiplications and done.operations <= operations
    little = done.memory <= _limit(options.memory, sizes, usual)
    result = np.squeeze(done.value)
    large = done.largest > usual
    costs = (done.multiplications, done.operations, done.memory)
    return Trial(size, result, reference, *costs, few, little, large, loop, outcomes=frozenset(meter.outcomes))


def _limit(option: Value, sizes: Mapping[str, int], usual: float) -> float:
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


def _affordable(options: ProgramOptions, symbols: Mapping[str, Symbol], values: Mapping[str, Array]) -> dict[str, Any]:
    """The abbreviations, where they are not too large; a Jacobian is."""
    try:
        return _abbreviations(options, symbols, values)
    except EvaluationError:
        return {}


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


def _same(result: Data, reference: Data, size: int = 1, scale: float = 1.0) -> bool | None:
    """Whether both are the same but for rounding; None where nothing of the reference can be compared.

    Many terms round more, and what cancels rounds as its terms do.
    """
    if result.shape != reference.shape:
        return False
    usable = np.isfinite(reference) & (np.abs(reference) < EXACT)
    if not usable.any():
        return None
    wanted, got = reference[usable], result[usable]
    slack = ROUNDING * max(1.0, size / SMALL)
    largest = min(float(np.abs(wanted).max()), 1e6)
    return bool(np.all(np.abs(got - wanted) <= slack * (np.abs(wanted) + max(largest, min(scale, 1.0)) / 10)))


def _moved(reference: Data, by: int, around: bool) -> Data:
    """The entries one place further, around the end or with a zero there."""
    found = np.roll(reference, by)
    if not around:
        found[0 if by > 0 else -1] = 0.0
    return found
