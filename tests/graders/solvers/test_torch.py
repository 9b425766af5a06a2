"""The same numbers as PyTorch, where it is installed (`pip install gradus[torch]`)."""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.solvers import SOLVERS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional

INTS = st.integers(-5, 5)
quick = settings(max_examples=100, deadline=None, database=None, derandomize=True)


def call(name: str, *arguments: Any, **options: Any) -> Any:
    return SOLVERS[name](*arguments, **options)


def tensor(value: Any, grad: bool = False) -> Any:
    return torch.tensor(value, dtype=torch.float64, requires_grad=grad)


def floats(value: Any) -> Any:
    if isinstance(value, list):
        return [floats(item) for item in value]
    return float(value) if isinstance(value, Fraction) else value


def assert_close(found: Any, expected: Any) -> None:
    torch.testing.assert_close(tensor(floats(found)), expected.detach().to(torch.float64), rtol=1e-9, atol=1e-9)


def grid(draw: Any, *shape: int) -> Any:
    return [grid(draw, *shape[1:]) for _ in range(shape[0])] if shape else draw(INTS)


@quick
@given(st.data())
def test_conv2d_like_torch(data: Any) -> None:
    inputs, outputs, kernel = (data.draw(st.integers(1, 3)) for _ in range(3))
    stride, padding, dilation = (data.draw(st.integers(low, 2)) for low in (1, 0, 1))
    size = dilation * (kernel - 1) + data.draw(st.integers(1, 3))
    x, w = grid(data.draw, inputs, size, size + 1), grid(data.draw, outputs, inputs, kernel, kernel)
    bias = grid(data.draw, outputs)
    expected = functional.conv2d(tensor(x), tensor(w), tensor(bias), stride, padding, dilation)
    assert_close(call("conv2d", x, w, stride, padding, dilation, bias), expected)


@quick
@given(st.data())
def test_conv1d_like_torch(data: Any) -> None:
    inputs, outputs, kernel = (data.draw(st.integers(1, 3)) for _ in range(3))
    stride, padding, dilation = (data.draw(st.integers(low, 2)) for low in (1, 0, 1))
    size = dilation * (kernel - 1) + data.draw(st.integers(1, 3))
    x, w = grid(data.draw, inputs, size), grid(data.draw, outputs, inputs, kernel)
    expected = functional.conv1d(tensor(x), tensor(w), None, stride, padding, dilation)
    assert_close(call("conv1d", x, w, stride, padding, dilation), expected)


@quick
@given(st.data())
def test_pooling_like_torch(data: Any) -> None:
    size = data.draw(st.integers(1, 3))
    padding, stride = data.draw(st.integers(0, size // 2)), data.draw(st.integers(1, 4))
    ceil_mode = data.draw(st.booleans())
    x = grid(data.draw, 2, size + data.draw(st.integers(0, 3)), size + data.draw(st.integers(0, 3)))
    expected = functional.max_pool2d(tensor(x), size, stride, padding, ceil_mode=ceil_mode)
    assert_close(call("max_pool", x, size, stride, padding, ceil_mode), expected)
    assert_close(call("avg_pool", x, size, stride, padding), functional.avg_pool2d(tensor(x), size, stride, padding))
    rows = x[0]
    expected = functional.max_pool1d(tensor(rows), size, stride, padding, ceil_mode=ceil_mode)
    assert_close(call("max_pool1d", rows, size, stride, padding, ceil_mode), expected)
    assert_close(
        call("avg_pool1d", rows, size, stride, padding),
        functional.avg_pool1d(tensor(rows), size, stride, padding),
    )


@quick
@given(st.lists(INTS, min_size=1, max_size=5), INTS)
def test_activations_like_torch(x: list[int], shift: int) -> None:
    values = [Fraction(value, 2) + shift for value in x]
    t = tensor(floats(values))
    for name in ("relu", "leaky_relu", "elu", "softplus"):
        expected = getattr(functional, name)(t) if name != "softplus" else functional.softplus(t, threshold=1000)
        assert_close(call(name, values), expected)
    assert_close(call("sigmoid", values), torch.sigmoid(t))
    assert_close(call("tanh", values), torch.tanh(t))
    assert_close(call("softmax", values), torch.softmax(t, -1))
    assert_close(call("log_softmax", values), torch.log_softmax(t, -1))
    for at_zero in (0, 1):
        assert_close(call("step", values, at_zero), torch.heaviside(t, tensor(float(at_zero))))


@quick
@given(st.data())
def test_losses_like_torch(data: Any) -> None:
    rows, classes = data.draw(st.integers(1, 3)), data.draw(st.integers(2, 4))
    logits = grid(data.draw, rows, classes)
    labels = [data.draw(st.integers(0, classes - 1)) for _ in range(rows)]
    expected = functional.cross_entropy(tensor(logits), torch.tensor(labels))
    assert_close(call("cross_entropy_from_logits", labels, logits), expected)
    shares = call("softmax", logits)
    assert_close(call("nll", labels, shares), expected)
    one_hot = [[int(column == label) for column in range(classes)] for label in labels]
    assert_close(call("cross_entropy", one_hot, shares), expected)
    other = grid(data.draw, rows, classes)
    assert_close(call("mse", logits, other), functional.mse_loss(tensor(other), tensor(logits)))
    assert_close(call("mae", logits, other), functional.l1_loss(tensor(other), tensor(logits)))
    expected = functional.binary_cross_entropy(tensor(floats(shares)), tensor(one_hot))
    assert_close(call("binary_cross_entropy", one_hot, shares), expected)
    margins = [2 * label % 4 - 1 for label in labels]
    scores = [row[0] for row in logits]
    direct = torch.clamp(1 - tensor(margins) * tensor(scores), min=0).mean()
    assert_close(call("hinge", margins, scores), direct)


@quick
@given(st.data())
def test_batch_norm_like_torch(data: Any) -> None:
    z = grid(data.draw, 3, 2, 2, 2)
    eps = Fraction(1, 8)
    expected = functional.batch_norm(
        tensor(z), None, None, tensor([2, 3]), tensor([1, -1]), training=True, eps=float(eps)
    )
    assert_close(call("batch_norm", z, [2, 3], [1, -1], eps)["y"], expected)


@quick
@given(st.data())
def test_backprop_like_autograd(data: Any) -> None:
    arrays = {
        "X": grid(data.draw, 3, 2),
        "W": grid(data.draw, 2, 2),
        "b": grid(data.draw, 2),
        "v": grid(data.draw, 2),
    }
    nodes = [
        {"name": "XW", "op": "@", "args": ["X", "W"]},
        {"name": "pre", "op": "+", "args": ["XW", "b"]},
        {"name": "h", "op": "tanh", "args": ["pre"]},
        {"name": "r", "op": "relu", "args": ["pre"]},
        {"name": "both", "op": "*", "args": ["h", "r"]},
        {"name": "out", "op": "@", "args": ["both", "v"]},
        {"name": "top", "op": "max", "args": ["out", 1]},
        {"name": "L", "op": "mean", "args": ["top"]},
    ]
    t = {name: tensor(value, grad=True) for name, value in arrays.items()}
    pre = t["X"] @ t["W"] + t["b"]
    top = torch.maximum((torch.tanh(pre) * torch.relu(pre)) @ t["v"], tensor(1.0))
    top.mean().backward()
    found = call("backprop", nodes, arrays)
    assert_close(found["value"]["L"], top.mean())
    for name, value in t.items():
        assert_close(found["grad"][name], value.grad)


@quick
@given(st.data())
def test_relu_rnn_like_autograd(data: Any) -> None:
    u, w, v, h0 = (data.draw(INTS) for _ in range(4))
    xs = data.draw(st.lists(INTS, min_size=1, max_size=4))
    t = {name: tensor(float(value), grad=True) for name, value in zip("uwvh", (u, w, v, h0), strict=True)}
    h = t["h"]
    for x in xs:
        h = torch.relu(t["u"] * h + t["w"] * x)
    y = t["v"] * h
    y.backward()
    found = call("relu_rnn", u, w, v, h0, xs)
    assert_close(found["y"][-1], y)
    for name, weight in zip(("u", "w", "v", "h0"), t.values(), strict=True):
        assert_close(found["grad"][name], weight.grad)


@quick
@given(st.data())
def test_sizes_and_counts_like_torch(data: Any) -> None:
    size, kernel = data.draw(st.integers(6, 12)), data.draw(st.integers(1, 3))
    stride, padding, dilation = (data.draw(st.integers(low, 2)) for low in (1, 0, 1))
    layer = torch.nn.Conv2d(2, 4, kernel, stride, padding, dilation, groups=2)
    shape = layer(torch.zeros(1, 2, size, size)).shape
    assert call("conv_output_size", size, kernel, stride, padding, dilation) == shape[-1]
    count = sum(parameter.numel() for parameter in layer.parameters())
    assert call("conv_parameter_count", kernel, 2, 4, True, 2) == count
    up = torch.nn.ConvTranspose1d(1, 1, kernel, stride, 0, stride - 1 and 1, dilation=max(dilation, stride))
    shape = up(torch.zeros(1, 1, size)).shape
    found = call("transposed_output_size", size, kernel, stride, 0, stride - 1 and 1, max(dilation, stride))
    assert found == shape[-1]
