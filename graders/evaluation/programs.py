"""Runs small programs on arrays in the manner of numpy, and counts what they cost. Nothing is executed as Python."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from app.domain.language.program_tree import Append, Assign, Branch, Loop, Program, Return, Statement
from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Comprehension,
    Constant,
    Generator,
    Index,
    Logic,
    Name,
    Node,
    Number,
    Sequence,
    Slice,
    Unary,
)
from graders.evaluation import program_arithmetic as arithmetic
from graders.evaluation.errors import EvaluationError
from graders.evaluation.program_functions import call
from graders.evaluation.program_memory import (
    Data,
    Held,
    Items,
    Meter,
    Value,
    as_array,
    each_of,
    hold,
    view,
    whole_of,
)

CONSTANTS: Final = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
_REFUSALS: Final = (ValueError, IndexError, TypeError, ArithmeticError, MemoryError)
"""What numpy raises for arguments that do not fit."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program gave, and what it cost; see `Meter` for what is counted."""

    value: Data
    multiplications: int
    operations: int
    memory: int
    largest: int


def _literal(node: Number) -> int | float:
    """A number without decimal sign is a whole number."""
    whole = node.value.denominator == 1 and not {".", "e", "E"} & set(node.text)
    return int(node.value) if whole else float(node.value)


def _is_guard(one: Node, other: Node) -> bool:
    """Whether a length or a size is compared with 0 or less, as no input has it."""
    counted = isinstance(one, Name) or (isinstance(one, Call) and one.function == "len")
    return counted and isinstance(other, Number) and other.value <= 0


class _Returned(Exception):
    def __init__(self, value: Value) -> None:
        self.value = value


def run(program: Program, inputs: Mapping[str, Any], meter: Meter | None = None) -> Run:
    """Run a program on these inputs: numbers and arrays by name, which it cannot change.

    Raises:
        EvaluationError: it cannot be carried out here (one sentence); `OutOfFuel` or `TooLarge` where it costs too
            much. The meter holds what it had cost by then.
    """
    meter = meter or Meter()
    machine = _Machine(meter, inputs)
    try:
        with np.errstate(all="ignore"):
            value = np.array(as_array(machine.result(program)), dtype=np.float64)
    except RecursionError:
        raise EvaluationError("This program is nested too deeply.") from None
    except _REFUSALS:
        raise EvaluationError("This program cannot be carried out.") from None
    return Run(value, meter.multiplications, meter.operations, meter.peak, meter.largest)


class _Machine:
    def __init__(self, meter: Meter, inputs: Mapping[str, Any]) -> None:
        self.meter = meter
        self.values: dict[str, Value] = {
            name: Held(value.copy(), None) if isinstance(value, np.ndarray) else value for name, value in inputs.items()
        }

    def result(self, program: Program) -> Value:
        try:
            self._all(program.statements)
        except _Returned as returned:
            return returned.value
        if not program.result:
            raise EvaluationError("This program ends without a result.")
        return self._named(program.result)

    def _all(self, body: Several[Statement]) -> None:
        for statement in body:
            self._do(statement)

    def _do(self, statement: Statement) -> None:
        self.meter.spend()
        match statement:
            case Return(value=value):
                raise _Returned(self.value(value))
            case Assign(target=Name(id=name), op=op, value=value):
                found = self.value(value)
                self.values[name] = arithmetic.binary(self.meter, op, self._named(name), found) if op else found
            case Assign(target=Index() as target, op=op, value=value):
                self._set(target, op, self.value(value))
            case Append(name=name, value=value):
                listed = self._named(name)
                if not isinstance(listed, Items):
                    raise EvaluationError(f"“{name}” is no list; append adds to a list such as {name} = [].")
                found = self.value(value)
                listed.buffer.grow()
                listed.values.append(found)
            case Loop(targets=targets, source=source, body=body):
                for item in each_of(self.value(source)):
                    self._bind(targets, item)
                    self._all(body)
            case Branch(condition=condition, body=body, otherwise=otherwise):
                self._all(body if self._truth(condition) else otherwise)

    def _bind(self, targets: tuple[str, ...], item: Any) -> None:
        self.meter.spend()
        if len(targets) == 1:
            self.values[targets[0]] = item if not isinstance(item, tuple) else Items(self.meter, list(item))
            return
        parts = item if isinstance(item, tuple) else tuple(each_of(item))
        if len(parts) != len(targets):
            raise EvaluationError(f"{len(parts)} values cannot be given to {len(targets)} names.")
        self.values.update(zip(targets, parts, strict=True))

    def _set(self, target: Index, op: str, value: Value) -> None:
        of = self.value(target.target)
        place = self._place(target.index, of)
        if op:
            value = arithmetic.binary(self.meter, op, self._at(of, place), value)
        if isinstance(of, Items) and isinstance(place, int):
            if not -len(of.values) <= place < len(of.values):
                raise EvaluationError(f"There is no place {place} in a list of {len(of.values)}.")
            of.values[place] = value
            return
        if not isinstance(of, Held):
            raise EvaluationError("Only places of an array can be set.")
        data = as_array(value)
        self.meter.spend(1 + data.size // 256)
        try:
            of.array[place] = data
        except IndexError:
            raise self._beyond(of) from None
        except _REFUSALS:
            try:
                where = arithmetic.sized(np.asarray(of.array[place]))
            except _REFUSALS:
                raise self._beyond(of) from None
            raise EvaluationError(f"{arithmetic.sized(data).capitalize()} does not fit into {where}.") from None

    @staticmethod
    def _beyond(of: Held) -> EvaluationError:
        return EvaluationError(f"A place lies outside of {arithmetic.sized(of.array)}; places are counted from 0.")

    def value(self, node: Node) -> Value:
        """The value of an expression."""
        self.meter.spend()
        match node:
            case Number():
                return _literal(node)
            case Name(id=name):
                return self._named(name)
            case Constant(value=value):
                return value
            case Unary(op=op, operand=operand):
                return self._signed(op, self.value(operand))
            case Binary(op=op, left=left, right=right):
                return arithmetic.binary(self.meter, op, self.value(left), self.value(right))
            case Compare(first=first, rest=rest):
                return self._compared(first, rest)
            case Logic(op=op, operands=operands):
                return self._logic(op, operands)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return self._choice(condition, then, otherwise)
            case Sequence(items=items):
                self.meter.room(len(items))
                return Items(self.meter, [self.value(item) for item in items])
            case Comprehension(element=element, generators=generators):
                return self._comprehension(element, generators)
            case Index(target=target, index=index):
                of = self.value(target)
                return self._at(of, self._place(index, of))
            case Call(function="Sum" | "Prod" as function, args=(body, Name(id=name), lower, upper), kwargs=()):
                return self._repeated(function, body, name, self.value(lower), self.value(upper))
            case Call(function=function, args=args, kwargs=kwargs):
                return self._called(function, args, kwargs)
            case _:
                raise EvaluationError("This cannot be calculated here.")

    def _signed(self, op: str, value: Value) -> Value:
        if op == "not":
            return (
                arithmetic.compare(self.meter, "==", value, 0)
                if isinstance(value, Held)
                else not arithmetic.truth(value)
            )
        return arithmetic.negated(self.meter, value) if op == "-" else value

    def _named(self, name: str) -> Value:
        if name in self.values:
            return self.values[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        raise EvaluationError(f"“{name}” has no value yet where it is used.")

    def _called(self, function: str, args: tuple[Node, ...], kwargs: tuple[tuple[str, Node], ...]) -> Value:
        values = [self.value(arg) for arg in args]
        named = {key: self.value(item) for key, item in kwargs}
        try:
            return call(self.meter, function, values, named)
        except _REFUSALS:
            raise EvaluationError(f"“{function}” cannot be calculated with these values.") from None

    def _compared(self, first: Node, rest: tuple[tuple[str, Node], ...]) -> Value:
        left = self.value(first)
        found: Value = None
        for op, node in rest:
            right = self.value(node)
            one = arithmetic.compare(self.meter, op, left, right)
            if not (isinstance(left, int) and _is_guard(first, node)):
                self.meter.outcomes.update((id(node), bool(holds)) for holds in np.unique(as_array(one)))
            found = one if found is None else arithmetic.binary(self.meter, "*", found, one)
            left = right
        return found

    def _logic(self, op: str, operands: tuple[Node, ...]) -> Value:
        found = self.value(operands[0])
        for node in operands[1:]:
            if not isinstance(found, Held):
                if arithmetic.truth(found) == (op == "or"):
                    return found
                found = self.value(node)
                continue
            one, other = as_array(found), as_array(self.value(node))
            size = arithmetic.together(op, one, other)
            self.meter.room(size)
            self.meter.operations += size
            found = hold(self.meter, np.logical_and(one, other) if op == "and" else np.logical_or(one, other))
        return found

    def _choice(self, condition: Node, then: Node, otherwise: Node) -> Value:
        found = self.value(condition)
        if isinstance(found, Held):
            return call(self.meter, "where", [found, self.value(then), self.value(otherwise)], {})
        return self.value(then if self._noted(condition, arithmetic.truth(found)) else otherwise)

    def _truth(self, condition: Node) -> bool:
        """Whether a condition holds; noted."""
        return self._noted(condition, arithmetic.truth(self.value(condition)))

    def _noted(self, condition: Node, holds: bool) -> bool:
        # What is compared is noted where it is.
        if not isinstance(condition, Compare):
            self.meter.outcomes.add((id(condition), holds))
        return holds

    def _comprehension(self, element: Node, generators: tuple[Generator, ...]) -> Value:
        found = Items(self.meter, [])
        hidden = {name: self.values[name] for one in generators for name in one.targets if name in self.values}
        for _ in self._turns(generators):
            value = self.value(element)
            found.buffer.grow()
            found.values.append(value)
        self.values.update(hidden)
        return found

    def _turns(self, generators: tuple[Generator, ...]) -> Iterator[None]:
        if not generators:
            yield
            return
        first, *rest = generators
        for item in each_of(self.value(first.source)):
            self._bind(first.targets, item)
            if all(map(self._truth, first.conditions)):
                yield from self._turns(tuple(rest))

    def _repeated(self, function: str, body: Node, name: str, lower: Value, upper: Value) -> Value:
        """The sums and products of formulas."""
        total: Value = 0 if function == "Sum" else 1
        hidden = self.values.get(name)
        for step in range(whole_of(lower), whole_of(upper) + 1):
            self.values[name] = step
            total = arithmetic.binary(self.meter, "+" if function == "Sum" else "*", total, self.value(body))
        if hidden is not None:
            self.values[name] = hidden
        return total

    def _place(self, index: Node, of: Value) -> Any:
        """What numpy takes as an index."""
        if isinstance(index, Sequence):
            return tuple(self._one_place(item) for item in index.items)
        return self._one_place(index)

    def _one_place(self, index: Node) -> Any:
        if isinstance(index, Slice):
            ends = [None if part is None else self.value(part) for part in (index.start, index.stop, index.step)]
            start, stop, step = (None if end is None else whole_of(end) for end in ends)
            if step == 0:
                raise EvaluationError("The step of a slice is not 0.")
            return slice(start, stop, step)
        found = self.value(index)
        if found is None:
            return None
        data = as_array(found)
        if not arithmetic.is_whole(data):
            return whole_of(found if data.ndim == 0 else None)
        return found if isinstance(found, (bool, int)) else data

    def _at(self, of: Value, place: Any) -> Value:
        if isinstance(of, (Items, range)) and isinstance(place, (int, slice)):
            return self._listed(of.values if isinstance(of, Items) else of, place)
        held = of if isinstance(of, Held) else hold(self.meter, as_array(of))
        if not isinstance(held, Held):
            raise EvaluationError("A number has no places.")
        places = place if isinstance(place, tuple) else (place,)
        taken = [one for one in places if isinstance(one, np.ndarray)]
        rows = held.array.size if len(places) < held.array.ndim else 1
        self.meter.room(max((one.size for one in taken), default=0) * rows)
        try:
            found_array = np.asarray(held.array[place])
        except IndexError:
            raise self._beyond(held) from None
        except _REFUSALS:
            raise EvaluationError("This place cannot be read.") from None
        return hold(self.meter, found_array) if taken else view(held, found_array)

    def _listed(self, values: Any, place: int | slice) -> Value:
        """A place, or several, of a list or range."""
        try:
            found = values[place]
        except IndexError:
            raise EvaluationError(f"There is no place {place} in a list of {len(values)}.") from None
        if isinstance(place, slice):
            self.meter.room(len(found))
            return Items(self.meter, list(found))
        value: Value = found
        return value
