"""Functions that build, measure and rearrange lists."""

from __future__ import annotations

from functools import cmp_to_key
from math import prod
from typing import cast

from app.domain.values import Value
from graders.evaluation.arithmetic import apply, kind, whole
from graders.evaluation.comparing import equal, ordered
from graders.evaluation.display import value_text
from graders.evaluation.errors import EvaluationError
from graders.evaluation.fuel import MAX_BITS, check_length
from graders.evaluation.functions import Function
from graders.evaluation.reductions import add_up, sum_cost
from graders.evaluation.shapes import cells, each, shape, shape_text


def items_of(value: Value, what: str) -> list[Value]:
    """The value as a list, where `what` needs one."""
    if isinstance(value, list):
        return value
    raise EvaluationError(f"{what} needs a list, not {kind(value)}.")


def _len(x: Value) -> Value:
    if isinstance(x, (list, str, dict)):
        return len(x)
    raise EvaluationError(f"“len” needs a list, not {kind(x)}.")


def _range(start: Value, stop: Value = 0, step: Value = 1) -> Value:
    ends = [whole(end, "“range”") for end in (start, stop, step)]
    if ends[2] == 0:
        raise EvaluationError("“range” cannot go on in steps of 0.")
    span = range(*ends)
    check_length(max(0, (ends[1] - ends[0]) // ends[2] + 1))
    return list(span)


def _range_call(*ends: Value) -> Value:
    if not 1 <= len(ends) <= 3:
        raise EvaluationError(
            "“range” is called like this: range(stop), range(start, stop) or range(start, stop, step)."
        )
    return _range(0, ends[0]) if len(ends) == 1 else _range(*ends)


def _zip(*lists: Value) -> Value:
    return [list(row) for row in zip(*(items_of(item, "“zip”") for item in lists), strict=False)]


def _enumerate(x: Value) -> Value:
    return [[place, item] for place, item in enumerate(items_of(x, "“enumerate”"))]


def _sorted(x: Value) -> Value:
    return sorted(items_of(x, "“sorted”"), key=cmp_to_key(_order))


def _order(one: Value, other: Value) -> int:
    if ordered("<", one, other).lo == 1:
        return -1
    return 1 if ordered("<", other, one).lo == 1 else 0


def _reversed(x: Value) -> Value:
    return items_of(x, "“reversed”")[::-1]


def _distinct(x: Value) -> Value:
    items = items_of(x, "“distinct”")
    return not any(equal(one, other).hi == 1 for place, one in enumerate(items) for other in items[:place])


def _pairs_cost(x: Value) -> int:
    return sum(1 for _ in cells(x)) ** 2 // 2


def _index(x: Value, value: Value) -> Value:
    for place, item in enumerate(items_of(x, "“index”")):
        if equal(item, value).lo == 1:
            return place
    raise EvaluationError(f"{value_text(value)} is not in the list.")


def _shape(x: Value) -> Value:
    return list(shape(x))


def _reshape(x: Value, *lengths: Value) -> Value:
    found = list(cells(x))
    sizes = _lengths(lengths)
    if prod(sizes) != len(found):
        raise EvaluationError(f"{len(found)} cells do not fill the shape {shape_text(tuple(sizes))}.")
    rows: list[Value] = found
    for size in reversed(sizes[1:]):
        rows = [rows[place : place + size] for place in range(0, len(rows), size)] if size else [[]] * sizes[0]
    return rows


def _lengths(lengths: tuple[Value, ...]) -> list[int]:
    given = lengths[0] if len(lengths) == 1 and isinstance(lengths[0], list) else list(lengths)
    sizes = [whole(length, "A shape") for length in given]
    if not 1 <= len(sizes) <= 8 or min(sizes) < 0:
        raise EvaluationError("A shape is one to eight lengths, none below 0.")
    check_length(prod(sizes))
    return sizes


def _flatten(x: Value) -> Value:
    return list(cells(x))


def _full(lengths: tuple[Value, ...], cell: int) -> Value:
    result: Value = cell
    for size in reversed(_lengths(lengths)):
        result = [each(lambda inner: inner, result) for _ in range(size)]
    return result


def _zeros(*lengths: Value) -> Value:
    return _full(lengths, 0)


def _ones(*lengths: Value) -> Value:
    return _full(lengths, 1)


def _identity(n: Value) -> Value:
    size = whole(n, "“identity”")
    check_length(size * size)
    return [[int(row == column) for column in range(size)] for row in range(size)]


def _diag(x: Value) -> Value:
    items = items_of(x, "“diag”")
    if len(shape(items)) == 2:
        rows = cast("list[list[Value]]", items)
        return [row[place] for place, row in enumerate(rows) if place < len(row)]
    check_length(len(items) ** 2)
    return [[item if row == column else 0 for column in range(len(items))] for row, item in enumerate(items)]


def _transpose(x: Value) -> Value:
    if len(shape(x)) != 2:
        raise EvaluationError(f"“transpose” needs a matrix, not {shape_text(shape(x))}.")
    return [list(column) for column in zip(*cast("list[list[Value]]", x), strict=True)]


def _outer(a: Value, b: Value) -> Value:
    left, right = list(cells(a)), list(cells(b))
    check_length(len(left) * len(right))
    return [[apply("*", one, other) for other in right] for one in left]


def _dot(a: Value, b: Value) -> Value:
    """Vectors and matrices as in linear algebra: 1-D·1-D a number, 2-D·1-D, 1-D·2-D and 2-D·2-D arrays."""
    one, other = shape(a), shape(b)
    if not 1 <= len(one) <= 2 or not 1 <= len(other) <= 2:
        raise EvaluationError(f"“dot” needs vectors or matrices, not {shape_text(one)} and {shape_text(other)}.")
    if one[-1] != other[0]:
        raise EvaluationError(f"“dot” cannot multiply {shape_text(one)} by {shape_text(other)}.")
    rows = cast("list[list[Value]]", a if len(one) == 2 else [a])
    columns = cast("list[list[Value]]", _transpose(b) if len(other) == 2 else [b])
    check_length(len(rows) * len(columns))
    table = [
        [add_up([apply("*", x, y) for x, y in zip(row, column, strict=True)]) for column in columns] for row in rows
    ]
    if len(other) == 1:
        return [row[0] for row in table] if len(one) == 2 else table[0][0]
    return cast("Value", table if len(one) == 2 else table[0])


def _product_cost(a: Value, b: Value) -> int:
    left, right = sum(1 for _ in cells(a)), sum(1 for _ in cells(b))
    inner = max(1, len(b) if isinstance(b, list) else 1)
    return left * max(1, right // inner) * (1 + min(MAX_BITS // 64, sum_cost(a, b) // max(1, left + right)))


def _size_product(a: Value, b: Value) -> int:
    return sum(1 for _ in cells(a)) * sum(1 for _ in cells(b))


def _cumsum(x: Value) -> Value:
    result: list[Value] = []
    total: Value = 0
    for item in items_of(x, "“cumsum”"):
        total = apply("+", total, item)
        result.append(total)
    return result


def _text(x: Value) -> Value:
    return value_text(x)


def _sort_cost(x: Value) -> int:
    size = len(x) if isinstance(x, list) else 0
    return size * 2 * size.bit_length()


ARRAYS = [
    Function("len", "how many elements", _len, blanks="cells"),
    Function("range", "whole numbers from start (0) up to before stop, as a list", _range_call),
    Function("zip", "lists side by side, as long as the shortest", _zip, blanks="cells"),
    Function("enumerate", "pairs of position and element", _enumerate, blanks="cells"),
    Function("sorted", "the elements from the least to the greatest", _sorted, cost=_sort_cost),
    Function("reversed", "the elements backwards", _reversed, blanks="cells"),
    Function("distinct", "whether all elements differ from each other", _distinct, cost=_pairs_cost),
    Function("index", "the first position of a value", _index, blanks="cells"),
    Function("shape", "the lengths along each axis", _shape, blanks="cells"),
    Function("reshape", "the same cells in another shape", _reshape, blanks="cells"),
    Function("flatten", "all cells as one list", _flatten, blanks="cells"),
    Function("zeros", "an array of zeros of this shape", _zeros),
    Function("ones", "an array of ones of this shape", _ones),
    Function("identity", "the identity matrix", _identity),
    Function("diag", "the diagonal of a matrix, or the matrix with this diagonal", _diag, blanks="cells"),
    Function("transpose", "rows and columns exchanged", _transpose, blanks="cells"),
    Function(
        "outer",
        "all products of the cells of a with the cells of b",
        _outer,
        blanks="cells",
        cost=_size_product,
    ),
    Function("dot", "the product of vectors and matrices", _dot, blanks="cells", cost=_product_cost),
    Function("cumsum", "the sums so far", _cumsum, blanks="cells", cost=sum_cost),
    Function("text", "a value as people read it", _text),
]
