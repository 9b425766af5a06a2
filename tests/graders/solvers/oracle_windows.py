"""Convolution and pooling once more, by index arithmetic on nested lists; an index outside x is padding."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.exact import fractions_between

NUMBERS = st.integers(-9, 9) | fractions_between(-3, 3, max_denominator=6)


def grid(draw: Any, *shape: int) -> Any:
    if not shape:
        return draw(NUMBERS)
    return [grid(draw, *shape[1:]) for _ in range(shape[0])]


def entry(row: list[Any], index: int, outside: Any = 0) -> Any:
    return row[index] if 0 <= index < len(row) else outside


def pair(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, list) else (value, value)


def places(size: int, kernel: int, stride: int, padding: int, dilation: int) -> list[int]:
    """The first index of every window, as it slides until it would stick out."""
    starts, start = [], -padding
    while start + dilation * (kernel - 1) < size + padding:
        starts.append(start)
        start += stride
    return starts


def conv1d(x: Any, w: Any, stride: int, padding: int, dilation: int, bias: Any) -> Any:
    several = isinstance(w[0], list) and isinstance(w[0][0], list)
    channels = x if isinstance(x[0], list) else [x]
    filters = w if several else [w] if isinstance(w[0], list) else [[w]]
    maps = []
    for number, kernels in enumerate(filters):
        shift = bias[number] if isinstance(bias, list) else bias or 0
        maps.append(
            [
                shift
                + sum(
                    weight * entry(signal, start + dilation * offset)
                    for signal, kernel in zip(channels, kernels, strict=True)
                    for offset, weight in enumerate(kernel)
                )
                for start in places(len(channels[0]), len(filters[0][0]), stride, padding, dilation)
            ]
        )
    return maps if several else maps[0]


def conv2d(x: Any, w: Any, stride: Any, padding: Any, dilation: Any, bias: Any) -> Any:
    several = isinstance(w[0][0], list) and isinstance(w[0][0][0], list)
    channels = x if isinstance(x[0][0], list) else [x]
    filters = w if several else [w] if isinstance(w[0][0], list) else [[w]]
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    kh, kw = len(filters[0][0]), len(filters[0][0][0])
    maps = []
    for number, kernels in enumerate(filters):
        shift = bias[number] if isinstance(bias, list) else bias or 0
        rows = []
        for top in places(len(channels[0]), kh, sh, ph, dh):
            row = []
            for left in places(len(channels[0][0]), kw, sw, pw, dw):
                total = shift
                for image, kernel in zip(channels, kernels, strict=True):
                    for i in range(kh):
                        for j in range(kw):
                            pixels = entry(image, top + dh * i, [])
                            total += kernel[i][j] * entry(pixels, left + dw * j)
                row.append(total)
            rows.append(row)
        maps.append(rows)
    return maps if several else maps[0]


@st.composite
def conv1d_calls(draw: Any) -> list[Any]:
    kernel, dilation, padding = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
    reach = dilation * (kernel - 1) + 1
    length = draw(st.integers(max(1, reach - 2 * padding), reach + 4))
    inputs, outputs = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["plain", "one", "several"]))
    x = grid(draw, length) if kind == "plain" else grid(draw, inputs, length)
    w = {
        "plain": lambda: grid(draw, kernel),
        "one": lambda: grid(draw, inputs, kernel),
        "several": lambda: grid(draw, outputs, inputs, kernel),
    }[kind]()
    bias = draw(st.sampled_from([None, grid(draw), grid(draw, outputs if kind == "several" else 1)]))
    return [x, w, draw(st.integers(1, 3)), padding, dilation, bias]


@st.composite
def conv2d_calls(draw: Any) -> list[Any]:
    pairs = st.lists(st.integers(1, 2), min_size=2, max_size=2)
    dilation, stride = draw(st.integers(1, 2) | pairs), draw(st.integers(1, 3) | pairs)
    padding = draw(st.integers(0, 2) | pairs)
    kernel = draw(st.lists(st.integers(1, 3), min_size=2, max_size=2))
    size = []
    for k, d, p in zip(kernel, pair(dilation), pair(padding), strict=True):
        reach = d * (k - 1) + 1
        size.append(draw(st.integers(max(1, reach - 2 * p), reach + 3)))
    inputs, outputs = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["plain", "one", "several"]))
    x = grid(draw, *size) if kind == "plain" else grid(draw, inputs, *size)
    w = {
        "plain": lambda: grid(draw, *kernel),
        "one": lambda: grid(draw, inputs, *kernel),
        "several": lambda: grid(draw, outputs, inputs, *kernel),
    }[kind]()
    bias = draw(st.sampled_from([None, grid(draw), grid(draw, outputs if kind == "several" else 1)]))
    return [x, w, stride, padding, dilation, bias]


def flip(w: Any, spatial: Any) -> Any:
    depth, inner = 0, w
    while isinstance(inner, list):
        depth, inner = depth + 1, inner[0]
    return reverse_below(w, depth - (spatial or min(2, depth)))


def reverse_below(w: Any, kept: int) -> Any:
    if not isinstance(w, list):
        return w
    rows = [reverse_below(row, kept - 1) for row in w]
    return rows if kept > 0 else [rows[len(rows) - 1 - index] for index in range(len(rows))]


@st.composite
def flip_calls(draw: Any) -> list[Any]:
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    return [grid(draw, *shape), draw(st.sampled_from([None, 1, len(shape)]))]


def starts(size: int, window: int, stride: int, padding: int, rounded_up: bool) -> list[int]:
    """First indices of the windows; rounding up keeps a last window that starts on a value or before."""
    count = (size + 2 * padding - window) // stride + 1
    if rounded_up:
        count = -((window - size - 2 * padding) // stride) + 1
        if (count - 1) * stride >= size + padding:
            count -= 1
    return [number * stride - padding for number in range(count)]


def inside(row: list[Any], start: int, window: int) -> list[Any]:
    return row[max(0, start) : max(0, start + window)]


def pooled(channels: Any, size: Any, stride: Any, padding: Any, rounded_up: bool, reduce: Any) -> Any:
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    return [
        [
            [
                reduce([value for row in inside(image, top, kh) for value in inside(row, left, kw)], kh * kw)
                for left in starts(len(image[0]), kw, sw, pw, rounded_up)
            ]
            for top in starts(len(image), kh, sh, ph, rounded_up)
        ]
        for image in channels
    ]


def largest(values: list[Any], _count: int) -> Any:
    return max(values)


def average(values: list[Any], count: int) -> Any:
    return sum((Fraction(value) / count for value in values), Fraction(0))


def max_pool(x: Any, size: Any, stride: Any, padding: Any, ceil_mode: bool) -> Any:
    if isinstance(x[0][0], list):
        return pooled(x, size, stride, padding, ceil_mode, largest)
    return pooled([x], size, stride, padding, ceil_mode, largest)[0]


def avg_pool(x: Any, size: Any, stride: Any, padding: Any) -> Any:
    if isinstance(x[0][0], list):
        return pooled(x, size, stride, padding, False, average)
    return pooled([x], size, stride, padding, False, average)[0]


def pooled_sequences(x: Any, size: int, stride: Any, padding: int, rounded_up: bool, reduce: Any) -> Any:
    rows = x if isinstance(x[0], list) else [x]
    step = size if stride is None else stride
    found = [
        [reduce(inside(row, start, size), size) for start in starts(len(row), size, step, padding, rounded_up)]
        for row in rows
    ]
    return found if isinstance(x[0], list) else found[0]


def max_pool1d(x: Any, size: int, stride: Any, padding: int, ceil_mode: bool) -> Any:
    return pooled_sequences(x, size, stride, padding, ceil_mode, largest)


def avg_pool1d(x: Any, size: int, stride: Any, padding: int) -> Any:
    return pooled_sequences(x, size, stride, padding, False, average)


@st.composite
def pool_calls(draw: Any, axes: int, ceil_mode: bool) -> list[Any]:
    size = draw(st.integers(1, 3))
    padding = draw(st.integers(0, size // 2))
    shape = [draw(st.integers(max(1, size - 2 * padding), 6)) for _ in range(axes)]
    channels = draw(st.sampled_from([[], [1], [2]]))
    call = [grid(draw, *channels, *shape), size, draw(st.sampled_from([None, 1, 2, 4])), padding]
    return [*call, draw(st.booleans())] if ceil_mode else call


ORACLES = {
    "conv1d": (conv1d_calls(), conv1d),
    "conv2d": (conv2d_calls(), conv2d),
    "flip": (flip_calls(), flip),
    "max_pool": (pool_calls(2, True), max_pool),
    "max_pool1d": (pool_calls(1, True), max_pool1d),
    "avg_pool": (pool_calls(2, False), avg_pool),
    "avg_pool1d": (pool_calls(1, False), avg_pool1d),
}
