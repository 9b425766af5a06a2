"""Sizes of convolution and pooling outputs, and which geometries give a wanted size."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.values import Value
from graders.solvers.arguments import whole
from graders.solvers.solver import SolverError, solver


def span(kernel: int, dilation: int) -> int:
    """How many neighbouring input values a dilated kernel reaches over."""
    return dilation * (kernel - 1) + 1


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Positions of a kernel along one axis, rounded down; 0 where it does not fit."""
    return max(0, (size + 2 * padding - span(kernel, dilation)) // stride + 1)


def _constant(*_arguments: Value) -> int:
    return 1


def _up_to_a_stride(position: int) -> Callable[..., int]:
    """The cost of an inverse with at most `stride` results; the stride is the argument at `position`."""
    return lambda *arguments: whole(arguments[position], "stride", 1)


@solver(cost=_constant)
def conv_output_size(size: Value, kernel: Value, stride: Value = 1, padding: Value = 0, dilation: Value = 1) -> Value:
    """Output size of a convolution or pooling along one axis, rounded down.

    floor((size + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1 values, or 0 where the kernel does not
    fit.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: TUM I2DL WS20/21, 7b; VIR 2022, 7.
    """
    return output_size(*_layer(size, kernel, stride, padding, dilation))


@solver(cost=_constant)
def transposed_output_size(
    size: Value,
    kernel: Value,
    stride: Value = 1,
    padding: Value = 0,
    output_padding: Value = 0,
    dilation: Value = 1,
) -> Value:
    """Output size of a transposed convolution along one axis.

    (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1 values, or 0 where none is
    left.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: TUM I2DL WS20/21, 7e.
    """
    n, k, s, p, d = _layer(size, kernel, stride, padding, dilation)
    return max(0, (n - 1) * s - 2 * p + span(k, d) + whole(output_padding, "output_padding", 0))


@solver(cost=_constant)
def same_padding(kernel: Value, dilation: Value = 1) -> Value:
    """Padding on each side that keeps the size at stride 1.

    Raises:
        SolverError: the kernel spans an even number of values, so no symmetric padding keeps the size.

    Source: TUM I2DL WS20/21, 7b (padding (f − 1) / 2).
    """
    reach = span(whole(kernel, "kernel", 1), whole(dilation, "dilation", 1))
    if reach % 2 == 0:
        raise SolverError(f"kernel spans {reach} values, and no equal padding of both sides keeps the size then.")
    return reach // 2


@solver(cost=_up_to_a_stride(2))
def input_sizes(out: Value, kernel: Value, stride: Value = 1, padding: Value = 0, dilation: Value = 1) -> Value:
    """All input sizes along one axis that give the output size `out`, in ascending order.

    There are at most `stride` of them.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: the inverse of TUM I2DL WS20/21, 7b.
    """
    wanted = whole(out, "out", 1)
    _, k, s, p, d = _layer(1, kernel, stride, padding, dilation)
    smallest = (wanted - 1) * s + span(k, d) - 2 * p
    return [size for size in range(smallest, smallest + s) if size >= 1]


@solver(cost=_up_to_a_stride(2))
def kernel_sizes(size: Value, out: Value, stride: Value = 1, padding: Value = 0) -> Value:
    """All kernel sizes along one axis that turn `size` into `out` values, in ascending order.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: Halloween midterm, 4.1.
    """
    wanted = whole(out, "out", 1)
    n, _, s, p, _ = _layer(size, 1, stride, padding, 1)
    return list(_kernels(n, wanted, s, p))


@solver(cost=_up_to_a_stride(3))
def paddings(size: Value, out: Value, kernel: Value, stride: Value = 1, dilation: Value = 1) -> Value:
    """All paddings of one side that turn `size` into `out` values, in ascending order.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: Halloween midterm, 4.2; VIR 2022, 8.
    """
    wanted = whole(out, "out", 1)
    n, k, s, _, d = _layer(size, kernel, stride, 0, dilation)
    both_sides = (wanted - 1) * s + span(k, d) - n
    return list(range(max(0, -(-both_sides // 2)), (both_sides + s - 1) // 2 + 1))


def _geometries_cost(_size: Value, _out: Value, max_kernel: Value, max_stride: Value, max_padding: Value) -> int:
    strides = whole(max_stride, "max_stride", 1)
    found = min(strides, whole(max_kernel, "max_kernel", 1))
    return 4 * strides * (whole(max_padding, "max_padding", 0) + 1) * (found + 1)


@solver(cost=_geometries_cost)
def geometries(size: Value, out: Value, max_kernel: Value, max_stride: Value, max_padding: Value) -> Value:
    """All records {kernel, stride, padding} within the bounds that turn `size` into `out` values.

    There is no dilation. They are ordered by stride, then padding, then kernel.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: VIR 2022, 7.
    """
    n, wanted = whole(size, "size", 1), whole(out, "out", 1)
    largest = whole(max_kernel, "max_kernel", 1)
    return [
        {"kernel": kernel, "stride": stride, "padding": padding}
        for stride in range(1, whole(max_stride, "max_stride", 1) + 1)
        for padding in range(whole(max_padding, "max_padding", 0) + 1)
        for kernel in _kernels(n, wanted, stride, padding)
        if kernel <= largest
    ]


def _kernels(size: int, out: int, stride: int, padding: int) -> range:
    largest = size + 2 * padding - (out - 1) * stride
    return range(max(1, largest - stride + 1), largest + 1)


def _layer(
    size: Value, kernel: Value, stride: Value, padding: Value, dilation: Value
) -> tuple[int, int, int, int, int]:
    """The five numbers of a layer along one axis, read."""
    return (
        whole(size, "size", 1),
        whole(kernel, "kernel", 1),
        whole(stride, "stride", 1),
        whole(padding, "padding", 0),
        whole(dilation, "dilation", 1),
    )
