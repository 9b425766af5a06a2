"""How many parameters, bytes and operations a layer takes."""

from __future__ import annotations

import math

from app.domain.values import Value
from graders.solvers.arguments import cells, switch, whole, wholes
from graders.solvers.arrays import as_value
from graders.solvers.exact import quotient
from graders.solvers.sizes import output_size
from graders.solvers.solver import SolverError, solver


@solver(cost=cells)
def conv_parameter_count(
    kernel: Value, in_channels: Value, out_channels: Value, bias: Value = True, groups: Value = 1
) -> Value:
    """Learnable parameters of a two-dimensional convolution layer.

    `kernel` is a whole number (a square kernel) or a list of the sizes along each axis; with `bias` every
    output channel has one more parameter; with `groups` a kernel sees only its share of the input channels.

    Raises:
        SolverError: an argument is no whole number of the right range, or the groups do not divide the
            channels.

    Source: TUM I2DL WS20/21, 7c.
    """
    inputs, outputs = whole(in_channels, "in_channels", 1), whole(out_channels, "out_channels", 1)
    shares = whole(groups, "groups", 1)
    if inputs % shares or outputs % shares:
        raise SolverError(f"groups must divide in_channels and out_channels, and {shares} does not.")
    return (_area(kernel) * (inputs // shares) + switch(bias, "bias")) * outputs


@solver(cost=cells)
def linear_parameter_count(inputs: Value, outputs: Value, bias: Value = True) -> Value:
    """Learnable parameters of a fully connected layer, with or without biases.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: TUM I2DL WS20/21, 7 (the fully connected layers).
    """
    return (whole(inputs, "inputs", 1) + switch(bias, "bias")) * whole(outputs, "outputs", 1)


@solver(cost=cells)
def feature_map_count(channels: Value, size: Value, batch: Value = 1) -> Value:
    """Number of values in the feature maps of a batch: batch · channels · height · width.

    `size` is a whole number (a square map) or a list of the sizes along each axis.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: VIR 2022, 8.
    """
    return whole(batch, "batch", 1) * whole(channels, "channels", 1) * _area(size, "size")


@solver(cost=cells)
def memory_bytes(count: Value, bits: Value = 32) -> Value:
    """Bytes that `count` numbers of `bits` bits each take, as an exact number.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: VIR 2022, 8 (parameters in FP64: 64 bits).
    """
    return quotient(whole(count, "count", 0) * whole(bits, "bits", 1), 8)


@solver(cost=cells)
def filter_operation_count(kernel: Value, in_channels: Value, bias: Value = True) -> Value:
    """Operations of one application of one filter: a record of multiplications, additions and their total.

    `kernel` is a whole number (a square kernel) or a list of the sizes along each axis. Every multiplication
    and every addition is one operation; adding the bias is one addition more.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: VIR 2022, 8.
    """
    products = _area(kernel) * whole(in_channels, "in_channels", 1)
    return _operations(products, products - 1 + switch(bias, "bias"), 1)


@solver(cost=cells)
def filter_application_count(
    size: Value, kernel: Value, stride: Value = 1, padding: Value = 0, dilation: Value = 1, batch: Value = 1
) -> Value:
    """How often one filter is applied to a batch of inputs: batch · output height · output width.

    `size` and `kernel` are whole numbers (squares) or pairs, as are `stride`, `padding` and `dilation`. One
    application covers all channels.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: VIR 2022, 8.
    """
    return whole(batch, "batch", 1) * _positions(size, kernel, stride, padding, dilation)


@solver(cost=cells)
def conv_operation_count(
    size: Value,
    kernel: Value,
    in_channels: Value,
    out_channels: Value,
    stride: Value = 1,
    padding: Value = 0,
    dilation: Value = 1,
    bias: Value = True,
    batch: Value = 1,
) -> Value:
    """Operations of a whole two-dimensional convolution layer: multiplications, additions and their total.

    All filters at all places on all inputs of the batch; otherwise as `filter_operation_count` and
    `filter_application_count`.

    Raises:
        SolverError: an argument is no whole number of the right range.

    Source: VIR 2022, 8.
    """
    applications = whole(batch, "batch", 1) * _positions(size, kernel, stride, padding, dilation)
    outputs = applications * whole(out_channels, "out_channels", 1)
    products = math.prod(wholes(kernel, "kernel", 2, 1)) * whole(in_channels, "in_channels", 1)
    return _operations(products, products - 1 + switch(bias, "bias"), outputs)


def _area(kernel: Value, name: str = "kernel") -> int:
    axes = len(kernel) if isinstance(kernel, list) else 2
    if not axes:
        raise SolverError(f"{name} must not be empty.")
    return math.prod(wholes(kernel, name, axes, 1))


def _positions(size: Value, kernel: Value, stride: Value, padding: Value, dilation: Value) -> int:
    return math.prod(
        map(
            output_size,
            wholes(size, "size", 2, 1),
            wholes(kernel, "kernel", 2, 1),
            wholes(stride, "stride", 2, 1),
            wholes(padding, "padding", 2, 0),
            wholes(dilation, "dilation", 2, 1),
        )
    )


def _operations(multiplications: int, additions: int, times: int) -> Value:
    return as_value(
        {
            "multiplications": times * multiplications,
            "additions": times * additions,
            "total": times * (multiplications + additions),
        }
    )
