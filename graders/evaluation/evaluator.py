"""Walks a syntax tree of the author language and computes its value, exactly and within its fuel."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import cast

from app.domain.language.tree import (
    Attribute,
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
    Record,
    Sequence,
    Slice,
    Text,
    Unary,
)
from app.domain.values import Share, Symbolic, Value, normal
from graders.evaluation.arithmetic import apply, kind, whole
from graders.evaluation.comparing import contains, equal, ordered
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import (
    FORMULA_FUNCTIONS,
    SCALAR_FUNCTIONS,
    called,
    combine,
    compared,
    distinguished,
    is_formula,
    joined,
    negative,
)
from graders.evaluation.fuel import Fuel, admit, bits, check_length, check_number, weight
from graders.evaluation.functions import Function, call
from graders.evaluation.registry import LANGUAGE_FUNCTIONS
from graders.evaluation.scope import Bound, Scope
from graders.evaluation.shapes import broadcast, each
from graders.evaluation.truth import NO, Truth, disjunction, hull, negation, plain, truth

NAMING = frozenset({"mistake"})
"""Functions whose arguments are names of things (`mistake(variance)`), not of values."""

OF_FORMULAS = frozenset({"derivative", "substitute", "mentions"})
"""Functions that look at formulas instead of calculating with numbers."""


def evaluate(node: Node, scope: Scope, fuel: Fuel) -> Value:
    """The value of a tree: exact where it can be, None where it is blank.

    Raises:
        EvaluationError: there is no value; `span` is the place of the smallest part that has none.
        OutOfFuel: it needs more steps than `fuel` has left.
    """
    fuel.spend()
    try:
        return _EVALUATE[type(node)](node, scope, fuel)
    except EvaluationError as error:
        if error.span is None:
            error.span = node.span
        raise


def _number(node: Number, scope: Scope, fuel: Fuel) -> Value:
    check_number(node.value)
    return normal(node.value)


def _literal(node: Text | Constant, scope: Scope, fuel: Fuel) -> Value:
    return node.value


def _name(node: Name, scope: Scope, fuel: Fuel) -> Value:
    return scope.name(node.id)


def _attribute(node: Attribute, scope: Scope, fuel: Fuel) -> Value:
    return scope.fact(node.target, node.name)


def _unary(node: Unary, scope: Scope, fuel: Fuel) -> Value:
    value = evaluate(node.operand, scope, fuel)
    if node.op == "not":
        return plain(negation(truth(value)))
    if node.op == "-" and is_formula(value):
        return each(lambda cell: negative(cell) if isinstance(cell, Symbolic) else apply("*", -1, cell), value)
    return _spread("*", -1 if node.op == "-" else 1, value, fuel)


def _binary(node: Binary, scope: Scope, fuel: Fuel) -> Value:
    left, right = evaluate(node.left, scope, fuel), evaluate(node.right, scope, fuel)
    if is_formula(left) or is_formula(right):
        left, right = _exact(node.left, left, scope, fuel), _exact(node.right, right, scope, fuel)
    return _spread(node.op, left, right, fuel)


def _exact(node: Node, value: Value, scope: Scope, fuel: Fuel) -> Value:
    """Beside formulas an irrational number stays as it is written: log(3), not 1.0986…"""
    if not isinstance(value, float):
        return value
    match node:
        case Call(function=name, args=(arg,), kwargs=()) if name in SCALAR_FUNCTIONS:
            return called(name, [_exact(arg, evaluate(arg, scope, fuel), scope, fuel)])
        case Binary(op=op, left=left, right=right):
            sides = (_exact(side, evaluate(side, scope, fuel), scope, fuel) for side in (left, right))
            return combine(op, *sides)
        case Unary(op="-", operand=operand):
            return negative(_exact(operand, evaluate(operand, scope, fuel), scope, fuel))
        case _:
            return value


def _spread(op: str, left: Value, right: Value, fuel: Fuel) -> Value:
    """Cell by cell; a blank operand makes the whole blank, a blank cell its cell."""
    if left is None or right is None:
        return None

    def one(a: Value, b: Value) -> Value:
        result = apply(op, a, b)
        fuel.spend(1 + (bits(result) >> 6) if isinstance(result, (int, Fraction)) else 1)
        if isinstance(result, str):
            admit(result, fuel)
        return result

    return broadcast(one, left, right)


def _compare(node: Compare, scope: Scope, fuel: Fuel) -> Value:
    left = evaluate(node.first, scope, fuel)
    result: Truth = None
    for place, (op, item) in enumerate(node.rest):
        right = evaluate(item, scope, fuel)
        if isinstance(left, Symbolic) or isinstance(right, Symbolic):
            rest = ((later, evaluate(other, scope, fuel)) for later, other in node.rest[place + 1 :])
            return compared(left, [(op, right), *rest])
        found = _relation(op, left, right, fuel)
        if found is None:
            return None
        result = found if place == 0 or result is None else Share(min(result.lo, found.lo), min(result.hi, found.hi))
        if result.hi == 0:
            break
        left = right
    return plain(result)


def _relation(op: str, left: Value, right: Value, fuel: Fuel) -> Truth:
    if left is None or right is None:
        return None
    fuel.spend(min(weight(left), weight(right)) if op in ("==", "!=") else weight(left) + weight(right))
    match op:
        case "==":
            return equal(left, right)
        case "!=":
            return negation(equal(left, right))
        case "in":
            return contains(right, left)
        case "not in":
            return negation(contains(right, left))
        case _:
            return ordered(op, left, right)


def _logic(node: Logic, scope: Scope, fuel: Fuel) -> Value:
    """From left to right; `and` stops at what is false or blank, `or` at what is true."""
    found: list[Truth] = []
    for place, operand in enumerate(node.operands):
        value = evaluate(operand, scope, fuel)
        if isinstance(value, Symbolic):
            return joined(node.op, [value, *(evaluate(later, scope, fuel) for later in node.operands[place + 1 :])])
        share = truth(value)
        if node.op == "and" and share is None:
            return None
        found.append(share)
        if share is not None and (share.hi == 0 if node.op == "and" else share.lo == 1):
            break
    if node.op == "or":
        return plain(disjunction(found))
    shares = [share for share in found if share is not None]
    return plain(Share(min(share.lo for share in shares), min(share.hi for share in shares)))


def _choice(node: Choice, scope: Scope, fuel: Fuel) -> Value:
    asked = evaluate(node.condition, scope, fuel)
    if isinstance(asked, Symbolic) and isinstance(asked.node, (Compare, Logic)):
        return distinguished(asked, evaluate(node.then, scope, fuel), evaluate(node.otherwise, scope, fuel))
    condition = truth(asked)
    if condition is None:
        return None
    if condition.lo == 1 or condition.hi == 0:
        return evaluate(node.then if condition.lo == 1 else node.otherwise, scope, fuel)
    if condition.decided:
        raise EvaluationError("This condition is only partly true.", node.condition.span)
    then, otherwise = (truth(evaluate(branch, scope, fuel)) for branch in (node.then, node.otherwise))
    return plain(hull(then, otherwise))


def _call(node: Call, scope: Scope, fuel: Fuel) -> Value:
    extra = scope.call(node.function)
    function = LANGUAGE_FUNCTIONS.get(node.function) if extra is None else extra
    if function is None and node.function not in FORMULA_FUNCTIONS:
        raise EvaluationError(f"There is no function “{node.function}”.")
    naming = node.function in NAMING
    args = [_argument(item, scope, fuel, naming) for item in node.args]
    kwargs = {key: _argument(item, scope, fuel, naming) for key, item in node.kwargs}
    if extra is None and not kwargs and (function is None or any(map(is_formula, args))):
        if (made := _of_formulas(node.function, args)) is not None:
            return made
    if function is None:
        raise EvaluationError(f"“{node.function}” is a function of formulas; give it values one after the other.")
    if not isinstance(function, Function):
        function = Function(node.function, "", function, blanks="cells")
    return call(function, args, kwargs, fuel)


def _of_formulas(name: str, args: list[Value]) -> Value:
    """A function of formulas as a formula; None where the usual function may know what to do with a list of them."""
    if name in SCALAR_FUNCTIONS and len(args) == 1:
        return each(lambda cell: called(name, [cell]), args[0])
    if any(isinstance(arg, Symbolic) for arg in args) or name not in LANGUAGE_FUNCTIONS:
        if name in FORMULA_FUNCTIONS:
            return called(name, args)
        if name not in OF_FORMULAS:
            raise EvaluationError(f"“{name}” cannot be computed with free symbols.")
    return None


def _argument(node: Node, scope: Scope, fuel: Fuel, naming: bool) -> Value:
    return node.id if naming and isinstance(node, Name) else evaluate(node, scope, fuel)


def _index(node: Index, scope: Scope, fuel: Fuel) -> Value:
    target = evaluate(node.target, scope, fuel)
    several = isinstance(node.index, Sequence)
    parts = cast("Sequence", node.index).items if several else (node.index,)
    picks = [_pick(part, scope, fuel) for part in parts]
    if target is None or any(pick is None for pick in picks):
        return None
    result = _take(target, picks)
    fuel.spend(weight(result))
    return result


def _pick(node: Node, scope: Scope, fuel: Fuel) -> int | str | slice | None:
    if isinstance(node, Slice):
        ends = [None if end is None else evaluate(end, scope, fuel) for end in (node.start, node.stop, node.step)]
        if any(
            end is not None and found is None
            for end, found in zip((node.start, node.stop, node.step), ends, strict=True)
        ):
            return None
        found_slice = slice(*(None if end is None else whole(end, "A slice") for end in ends))
        if found_slice.step == 0:
            raise EvaluationError("A slice cannot go on in steps of 0.", node.span)
        return found_slice
    value = evaluate(node, scope, fuel)
    return value if value is None or isinstance(value, str) else whole(value, "An index")


def _take(target: Value, picks: list[int | str | slice | None]) -> Value:
    if not picks or target is None:
        return target
    pick, *rest = picks
    if isinstance(target, dict):
        if not isinstance(pick, str) or pick not in target:
            raise EvaluationError(f"The record has no entry “{pick}”.")
        return _take(target[pick], rest)
    if not isinstance(target, list):
        raise EvaluationError(f"Only lists and records have elements, not {kind(target)}.")
    if isinstance(pick, slice):
        return [_take(item, rest) for item in target[pick]]
    if not isinstance(pick, int):
        raise EvaluationError(f"A list has positions, not the entry “{pick}”.")
    if not -len(target) <= pick < len(target):
        raise EvaluationError(f"There is no position {pick} in a list of {len(target)}.")
    return _take(target[pick], rest)


def _slice(node: Slice, scope: Scope, fuel: Fuel) -> Value:
    raise EvaluationError("A slice belongs into brackets behind a list.")


def _sequence(node: Sequence, scope: Scope, fuel: Fuel) -> Value:
    result: Value = [evaluate(item, scope, fuel) for item in node.items]
    admit(result, fuel)
    return result


def _record(node: Record, scope: Scope, fuel: Fuel) -> Value:
    result: Value = {key: evaluate(item, scope, fuel) for key, item in node.items}
    admit(result, fuel)
    return result


def _comprehension(node: Comprehension, scope: Scope, fuel: Fuel) -> Value:
    result: list[Value] = []
    if not _loop(node.generators, node.element, scope, fuel, result):
        return None
    admit(result, fuel)
    return result


def _loop(generators: tuple[Generator, ...], element: Node, scope: Scope, fuel: Fuel, result: list[Value]) -> bool:
    """Appends to `result`; False where a source is blank, so that the whole is blank."""
    if not generators:
        result.append(evaluate(element, scope, fuel))
        check_length(len(result))
        return True
    first, *rest = generators
    source = evaluate(first.source, scope, fuel)
    if source is None:
        return False
    if not isinstance(source, list):
        raise EvaluationError(f"Only a list can be gone through, not {kind(source)}.", first.source.span)
    for item in source:
        fuel.spend()
        inner = Bound(scope, _unpack(first, item))
        if all(_holds(condition, inner, fuel) for condition in first.conditions):
            if not _loop(tuple(rest), element, inner, fuel, result):
                return False
    return True


def _unpack(generator: Generator, item: Value) -> dict[str, Value]:
    names = generator.targets
    if len(names) == 1:
        return {names[0]: item}
    if item is None:
        return dict.fromkeys(names)
    if not isinstance(item, list) or len(item) != len(names):
        raise EvaluationError(f"Here every element must be a list of {len(names)}.", generator.span)
    return dict(zip(names, item, strict=True))


def _holds(condition: Node, scope: Scope, fuel: Fuel) -> bool:
    """A filter keeps what is certainly true; blank is not."""
    share = truth(evaluate(condition, scope, fuel)) or NO
    if not share.decided:
        raise EvaluationError("A person has yet to decide this; it cannot choose elements.", condition.span)
    return share.lo == 1


_EVALUATE = cast(
    "dict[type, Callable[[Node, Scope, Fuel], Value]]",
    {
        Number: _number,
        Text: _literal,
        Constant: _literal,
        Name: _name,
        Attribute: _attribute,
        Unary: _unary,
        Binary: _binary,
        Compare: _compare,
        Logic: _logic,
        Choice: _choice,
        Call: _call,
        Index: _index,
        Slice: _slice,
        Sequence: _sequence,
        Record: _record,
        Comprehension: _comprehension,
    },
)
