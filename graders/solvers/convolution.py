"""Convolutions as deep learning means them: cross-correlations, with stride, padding and dilation."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.domain.values import Value
from graders.solvers.arguments import cells, filled, whole, wholes
from graders.solvers.arrays import Array, as_array, as_value, shape_text
from graders.solvers.sizes import output_size, span
from graders.solvers.solver import SolverError, solver

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class _Layer:
    """A convolution with everything about it known, before any work is done."""

    x: Array  # channels × sizes
    w: Array  # outputs × channels × kernel sizes
    stride: Sizes
    padding: Sizes
    dilation: Sizes
    single: bool  # the result is one map without an axis for channels

    @property
    def kernel(self) -> Sizes:
        return self.w.shape[2:]

    @property
    def out(self) -> Sizes:
        return tuple(map(output_size, self.x.shape[1:], self.kernel, self.stride, self.padding, self.dilation))

    @property
    def padded(self) -> Sizes:
        return tuple(size + 2 * padding for size, padding in zip(self.x.shape[1:], self.padding, strict=True))


def _cost(axes: int, x: Value, w: Value, stride: Value, padding: Value, dilation: Value, _bias: Value) -> int:
    layer = _read(x, w, stride, padding, dilation, axes)
    padded = layer.x.shape[0] * math.prod(layer.padded)
    return cells(x, w) + int(padded) + 2 * int(layer.w.size) * math.prod(layer.out)


def _conv1d_cost(*arguments: Value) -> int:
    return _cost(1, *arguments)


def _conv2d_cost(*arguments: Value) -> int:
    return _cost(2, *arguments)


@solver(cost=_conv1d_cost)
def conv1d(x: Value, w: Value, stride: Value = 1, padding: Value = 0, dilation: Value = 1, bias: Value = None) -> Value:
    """One-dimensional convolution as in deep learning (the kernel is not flipped), with zero padding.

    Shapes: x (L) with w (k) gives (L'); x (C, L) with w (C, k) gives (L'), with w (O, C, k) gives (O, L').
    `bias` is one number, or a list of O. A true convolution is `conv1d(x, flip(w))`.

    Raises:
        SolverError: the shapes do not fit each other, or the kernel does not fit into the padded input.

    Source: Université de Montréal, 2c.
    """
    return _convolve(_read(x, w, stride, padding, dilation, 1), bias)


@solver(cost=_conv2d_cost)
def conv2d(x: Value, w: Value, stride: Value = 1, padding: Value = 0, dilation: Value = 1, bias: Value = None) -> Value:
    """Two-dimensional convolution as in deep learning (the kernel is not flipped), with zero padding.

    Shapes: x (H, W) with w (kh, kw) gives (H', W'); x (C, H, W) with w (C, kh, kw) gives (H', W'), with
    w (O, C, kh, kw) gives (O, H', W'). `stride`, `padding` and `dilation` are whole numbers or pairs (height,
    width); `bias` is one number, or a list of O. A true convolution is `conv2d(x, flip(w))`.

    Raises:
        SolverError: the shapes do not fit each other, or the kernel does not fit into the padded input.

    Source: VIR 2022, 5.
    """
    return _convolve(_read(x, w, stride, padding, dilation, 2), bias)


def _flip_cost(w: Value, _spatial: Value) -> int:
    return cells(w)


@solver(cost=_flip_cost)
def flip(w: Value, spatial: Value = None) -> Value:
    """Reverse all spatial axes, so that `conv2d(x, flip(w))` is a true convolution.

    Shapes: any array, the result has the same shape. The spatial axes are the last `spatial` ones; unless
    given, all axes of a list or matrix, and the last two of anything deeper.

    Raises:
        SolverError: w is a single number, or has fewer axes than are to be reversed.

    Source: VIR 2022, 5 (a student may declare a true convolution).
    """
    array = as_array(w, "w")
    count = min(2, array.ndim) if spatial is None else whole(spatial, "spatial", 1)
    if not 1 <= count <= array.ndim:
        raise SolverError(f"w has {array.ndim} axes, too few to reverse {max(1, count)}.")
    return as_value(np.flip(array, axis=tuple(range(-count, 0))))


def _read(x: Value, w: Value, stride: Value, padding: Value, dilation: Value, axes: int) -> _Layer:
    signal, kernel = filled(x, "x"), filled(w, "w")
    if signal.ndim == kernel.ndim == axes:
        signal = signal[np.newaxis]
        single = True
    elif signal.ndim == axes + 1 and kernel.ndim in (axes + 1, axes + 2):
        single = kernel.ndim == axes + 1
    else:
        raise SolverError(
            f"x must have {axes} dimensions, or {axes + 1} with channels, and w as many or one more, "
            f"but x is {shape_text(signal.shape)} and w is {shape_text(kernel.shape)}."
        )
    channels = kernel.shape[-axes - 1] if kernel.ndim > axes else 1
    if channels != signal.shape[0]:
        raise SolverError(f"w is for {channels} channels, but x has {signal.shape[0]}.")
    layer = _Layer(
        signal,
        kernel.reshape((-1, channels, *kernel.shape[-axes:])),
        wholes(stride, "stride", axes, 1),
        wholes(padding, "padding", axes, 0),
        wholes(dilation, "dilation", axes, 1),
        single,
    )
    reach = tuple(map(span, layer.kernel, layer.dilation))
    if 0 in layer.out:
        raise SolverError(
            f"w reaches over {shape_text(reach)}, which does not fit into x with its padding, "
            f"{shape_text(layer.padded)}."
        )
    return layer


def _convolve(layer: _Layer, bias: Value) -> Value:
    total: Any = np.zeros((layer.w.shape[0], *layer.out), dtype=object)
    if bias is not None:
        offsets = as_array(bias, "bias")
        if offsets.shape not in ((), (layer.w.shape[0],)):
            raise SolverError(
                f"bias must be one number or one for each of the {layer.w.shape[0]} outputs, "
                f"not {shape_text(offsets.shape)}."
            )
        total = total + offsets.reshape((-1,) + (1,) * len(layer.out))
    margins = [(0, 0), *((padding, padding) for padding in layer.padding)]
    padded = np.pad(layer.x, margins, constant_values=0)
    for place in itertools.product(*map(range, layer.kernel)):
        # One kernel entry at a time meets every input value it ever touches.
        starts = [index * dilation for index, dilation in zip(place, layer.dilation, strict=True)]
        touched: tuple[Any, ...] = tuple(
            slice(start, start + (out - 1) * stride + 1, stride)
            for start, out, stride in zip(starts, layer.out, layer.stride, strict=True)
        )
        entry: tuple[Any, ...] = (..., *place)
        total = total + np.tensordot(layer.w[entry], padded[(..., *touched)], axes=1)
    return as_value(total[0] if layer.single else total)
