"""Pooling: the largest or the mean value of every window."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from app.domain.values import Value
from graders.solvers.arguments import cells, filled, switch, wholes
from graders.solvers.arrays import Array, as_value, each, shape_text
from graders.solvers.exact import quotient
from graders.solvers.sizes import output_size
from graders.solvers.solver import SolverError, solver

Sizes = tuple[int, ...]


def _cost(axes: int) -> Callable[..., int]:
    def cost(x: Value, size: Value, stride: Value, padding: Value, *_ceil_mode: Value) -> int:
        array, kernel, _, margin = _read(x, size, stride, padding, axes)
        # Every window is at most as far as one more stride beyond the padded input.
        windows: int = math.prod(n + 2 * p + 1 for n, p in zip(array.shape[-axes:], margin, strict=True))
        maps = array.size // math.prod(array.shape[-axes:])
        return cells(x) + int(maps) * windows * math.prod(kernel)

    return cost


@solver(cost=_cost(2))
def max_pool(x: Value, size: Value, stride: Value = None, padding: Value = 0, ceil_mode: Value = False) -> Value:
    """Largest value of every window of a map; the windows move by their own size unless `stride` is given.

    Shapes: x (H, W) or (C, H, W), pooled over the last two axes; `size`, `stride` and `padding` are whole
    numbers or pairs. Padding never wins. With `ceil_mode`, windows that stick out at the end count too.

    Raises:
        SolverError: the window does not fit, or the padding is more than half of it.

    Source: VIR 2022, 5 (which moves by one, `max_pool(x, 2, 1)`).
    """
    return _largest(x, size, stride, padding, ceil_mode, 2)


@solver(cost=_cost(1))
def max_pool1d(x: Value, size: Value, stride: Value = None, padding: Value = 0, ceil_mode: Value = False) -> Value:
    """Largest value of every window of a sequence; windows move by their own size unless `stride` is given.

    Shapes: x (L) or (C, L), pooled over the last axis; otherwise as `max_pool`.

    Raises:
        SolverError: the window does not fit, or the padding is more than half of it.

    Source: the one-dimensional case of VIR 2022, 5.
    """
    return _largest(x, size, stride, padding, ceil_mode, 1)


@solver(cost=_cost(2))
def avg_pool(x: Value, size: Value, stride: Value = None, padding: Value = 0) -> Value:
    """Mean of every window of a map; the windows move by their own size unless `stride` is given.

    Shapes: x (H, W) or (C, H, W), pooled over the last two axes; `size`, `stride` and `padding` are whole
    numbers or pairs. Padding counts as zeros.

    Raises:
        SolverError: the window does not fit, or the padding is more than half of it.

    Source: the usual mistake in VIR 2022, 5.
    """
    return _mean(x, size, stride, padding, 2)


@solver(cost=_cost(1))
def avg_pool1d(x: Value, size: Value, stride: Value = None, padding: Value = 0) -> Value:
    """Mean of every window of a sequence; the windows move by their own size unless `stride` is given.

    Shapes: x (L) or (C, L), pooled over the last axis; otherwise as `avg_pool`.

    Raises:
        SolverError: the window does not fit, or the padding is more than half of it.

    Source: the one-dimensional case of the usual mistake in VIR 2022, 5.
    """
    return _mean(x, size, stride, padding, 1)


def _largest(x: Value, size: Value, stride: Value, padding: Value, ceil_mode: Value, axes: int) -> Value:
    array, kernel, step, margin = _read(x, size, stride, padding, axes)
    windows = _windows(array, kernel, step, margin, fill=-math.inf, ceil_mode=bool(switch(ceil_mode, "ceil_mode")))
    return as_value(functools.reduce(np.maximum, windows))


def _mean(x: Value, size: Value, stride: Value, padding: Value, axes: int) -> Value:
    array, kernel, step, margin = _read(x, size, stride, padding, axes)
    windows = _windows(array, kernel, step, margin, fill=0, ceil_mode=False)
    count = math.prod(kernel)
    return as_value(each(lambda total: quotient(total, count), sum(windows[1:], windows[0])))


def _read(x: Value, size: Value, stride: Value, padding: Value, axes: int) -> tuple[Array, Sizes, Sizes, Sizes]:
    array = filled(x, "x", axes, axes + 1)
    kernel = wholes(size, "size", axes, 1)
    step = kernel if stride is None else wholes(stride, "stride", axes, 1)
    margin = wholes(padding, "padding", axes, 0)
    if any(2 * p > k for p, k in zip(margin, kernel, strict=True)):
        raise SolverError("padding must be at most half of the window, or a window could hold nothing but padding.")
    padded = tuple(n + 2 * p for n, p in zip(array.shape[-axes:], margin, strict=True))
    if any(k > n for k, n in zip(kernel, padded, strict=True)):
        raise SolverError(f"The window of {shape_text(kernel)} does not fit into the padded x of {shape_text(padded)}.")
    return array, kernel, step, margin


def _windows(array: Array, kernel: Sizes, step: Sizes, margin: Sizes, *, fill: float, ceil_mode: bool) -> list[Array]:
    """For every place in the window, the values that all windows have there."""
    axes = len(kernel)
    sizes = array.shape[-axes:]
    out, beyond = [], []
    for n, k, s, p in zip(sizes, kernel, step, margin, strict=True):
        count = output_size(n, k, s, p, 1)
        if ceil_mode and count * s < n + p and (count - 1) * s + k < n + 2 * p:
            count += 1  # the next window still starts on a value, and there is something left for it
        out.append(count)
        beyond.append(p + max(0, (count - 1) * s + k - n - 2 * p))
    margins = [(0, 0)] * (array.ndim - axes) + list(zip(margin, beyond, strict=True))
    padded = np.pad(array, margins, constant_values=fill)
    windows = []
    for place in itertools.product(*map(range, kernel)):
        steps: tuple[Any, ...] = tuple(
            slice(start, start + (count - 1) * s + 1, s) for start, count, s in zip(place, out, step, strict=True)
        )
        windows.append(padded[(..., *steps)])
    return windows
