"""Sizes, counts and receptive fields once more: by listing positions and by counting what a loop does."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS = (
    st.integers(1, 20),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(0, 4),
    st.integers(1, 3),
)
CHANNELS = st.integers(1, 4)


def positions(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    padded = range(size + 2 * padding)
    return sum(start % stride == 0 and start + dilation * (kernel - 1) in padded for start in padded)


def transposed_output_size(
    size: int, kernel: int, stride: int, padding: int, output_padding: int, dilation: int
) -> int:
    written = {index * stride + offset * dilation for index in range(size) for offset in range(kernel)}
    return max(0, max(written) + 1 - 2 * padding + output_padding)


def same_padding(kernel: int, dilation: int) -> int:
    return next(padding for padding in range(100) if positions(50, kernel, 1, padding, dilation) == 50)


def input_sizes(out: int, kernel: int, stride: int, padding: int, dilation: int) -> list[int]:
    return [size for size in range(1, 60) if positions(size, kernel, stride, padding, dilation) == out]


def kernel_sizes(size: int, out: int, stride: int, padding: int) -> list[int]:
    return [kernel for kernel in range(1, 60) if positions(size, kernel, stride, padding) == out]


def paddings(size: int, out: int, kernel: int, stride: int, dilation: int) -> list[int]:
    return [padding for padding in range(60) if positions(size, kernel, stride, padding, dilation) == out]


def geometries(size: int, out: int, max_kernel: int, max_stride: int, max_padding: int) -> list[Any]:
    return [
        {"kernel": kernel, "stride": stride, "padding": padding}
        for stride in range(1, max_stride + 1)
        for padding in range(max_padding + 1)
        for kernel in range(1, max_kernel + 1)
        if positions(size, kernel, stride, padding) == out
    ]


def sides(value: Any) -> list[int]:
    return value if isinstance(value, list) else [value, value]


def conv_parameter_count(kernel: Any, inputs: int, outputs: int, bias: Any, groups: int) -> int:
    group_in, group_out = inputs // groups, outputs // groups
    weights = [
        (output, source, place)
        for output, source in product(range(outputs), range(inputs))
        for place in product(*map(range, sides(kernel)))
        if output // group_out == source // group_in
    ]
    return len(weights) + (outputs if bias else 0)


def linear_parameter_count(inputs: int, outputs: int, bias: Any) -> int:
    return sum(1 for _ in product(range(outputs), range(inputs + 1 if bias else inputs)))


def feature_map_count(channels: int, size: Any, batch: int) -> int:
    return sum(1 for _ in product(range(batch), range(channels), *map(range, sides(size))))


def memory_bytes(count: int, bits: int) -> Any:
    return sum([bits] * count) / 8


class Tally:
    """A number that only counts what is done with it."""

    def __init__(self) -> None:
        self.multiplications = self.additions = 0

    def __mul__(self, other: Tally) -> Tally:
        self.multiplications += 1
        return self

    def __add__(self, other: Tally) -> Tally:
        self.additions += 1
        return self


def apply_filter(tally: Tally, kernel: Any, channels: int, bias: Any) -> None:
    products = [tally * tally for _ in product(range(channels), *map(range, sides(kernel)))]
    total = products[0]
    for term in products[1:]:
        total = total + term
    if bias:
        total = total + tally


def record(tally: Tally) -> dict[str, int]:
    return {
        "multiplications": tally.multiplications,
        "additions": tally.additions,
        "total": tally.multiplications + tally.additions,
    }


def filter_operation_count(kernel: Any, channels: int, bias: Any) -> dict[str, int]:
    tally = Tally()
    apply_filter(tally, kernel, channels, bias)
    return record(tally)


def filter_application_count(size: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, batch: int) -> int:
    height, width = map(positions, sides(size), sides(kernel), sides(stride), sides(padding), sides(dilation))
    return len([None for _ in product(range(batch), range(height), range(width))])


def conv_operation_count(
    size: Any,
    kernel: Any,
    inputs: int,
    outputs: int,
    stride: Any,
    padding: Any,
    dilation: Any,
    bias: Any,
    batch: int,
) -> dict[str, int]:
    tally = Tally()
    for _ in range(outputs * filter_application_count(size, kernel, stride, padding, dilation, batch)):
        apply_filter(tally, kernel, inputs, bias)
    return record(tally)


def seen(layers: list[list[int]], neuron: int) -> set[int]:
    """The input indices that a neuron depends on, traced back layer by layer."""
    indices = {neuron}
    for kernel, stride, *dilation in reversed(layers):
        step = dilation[0] if dilation else 1
        indices = {index * stride + offset * step for index in indices for offset in range(kernel)}
    return indices


def receptive_field(layers: list[list[int]]) -> int:
    indices = seen(layers, 0)
    return max(indices) - min(indices) + 1


def receptive_fields(layers: list[list[int]]) -> list[int]:
    return [receptive_field(layers[:count]) for count in range(1, len(layers) + 1)]


def jump(layers: list[list[int]]) -> int:
    return min(seen(layers, 1)) - min(seen(layers, 0))


def calls(*arguments: Any) -> Any:
    return st.tuples(*arguments).map(list)


def either(strategy: Any) -> Any:
    return strategy | st.lists(strategy, min_size=2, max_size=2)


BIASES = st.sampled_from([True, False, 0, 1])
LAYERS = st.lists(
    calls(st.integers(1, 4), st.integers(1, 3)) | calls(st.integers(1, 4), st.integers(1, 3), DILATIONS),
    max_size=4,
)
GROUPED = calls(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda sizes: calls(
        KERNELS | st.lists(KERNELS, min_size=1, max_size=3),
        st.just(sizes[0] * sizes[2]),
        st.just(sizes[1] * sizes[2]),
        BIASES,
        st.just(sizes[2]),
    )
)
ODD = calls(KERNELS, DILATIONS).filter(lambda call: call[1] * (call[0] - 1) % 2 == 0)

ORACLES = {
    "conv_output_size": (calls(SIZES, KERNELS, STRIDES, PADDINGS, DILATIONS), positions),
    "transposed_output_size": (
        calls(SIZES, KERNELS, STRIDES, PADDINGS, st.integers(0, 2), DILATIONS),
        transposed_output_size,
    ),
    "same_padding": (ODD, same_padding),
    "input_sizes": (calls(st.integers(1, 8), KERNELS, STRIDES, PADDINGS, DILATIONS), input_sizes),
    "kernel_sizes": (calls(SIZES, SIZES, STRIDES, PADDINGS), kernel_sizes),
    "paddings": (calls(SIZES, st.integers(1, 20), KERNELS, STRIDES, DILATIONS), paddings),
    "geometries": (
        calls(SIZES, SIZES, st.integers(1, 8), st.integers(1, 3), st.integers(0, 3)),
        geometries,
    ),
    "conv_parameter_count": (GROUPED, conv_parameter_count),
    "linear_parameter_count": (calls(st.integers(1, 30), st.integers(1, 30), BIASES), linear_parameter_count),
    "feature_map_count": (calls(CHANNELS, either(st.integers(1, 6)), st.integers(1, 3)), feature_map_count),
    "memory_bytes": (calls(st.integers(0, 30), st.sampled_from([1, 8, 16, 32, 64])), memory_bytes),
    "filter_operation_count": (calls(either(KERNELS), CHANNELS, BIASES), filter_operation_count),
    "filter_application_count": (
        calls(
            either(SIZES),
            either(KERNELS),
            either(STRIDES),
            either(PADDINGS),
            either(DILATIONS),
            st.integers(1, 3),
        ),
        filter_application_count,
    ),
    "conv_operation_count": (
        calls(
            either(st.integers(1, 6)),
            either(st.integers(1, 3)),
            st.integers(1, 2),
            st.integers(1, 2),
            either(STRIDES),
            either(st.integers(0, 1)),
            either(DILATIONS),
            BIASES,
            st.integers(1, 2),
        ),
        conv_operation_count,
    ),
    "receptive_field": (LAYERS.map(lambda layers: [layers]), receptive_field),
    "receptive_fields": (LAYERS.map(lambda layers: [layers]), receptive_fields),
    "jump": (LAYERS.map(lambda layers: [layers]), jump),
}
