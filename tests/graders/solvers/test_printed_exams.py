"""The solvers give what the printed solutions of the exams say."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from graders.solvers import SOLVERS

X = [[1, 0, 2], [2, 1, -1], [0, 0, 2]]
W = [[1, -1], [0, 2]]
XOR, XNOR = [0, 1, 1, 0], [1, 0, 0, 1]


def call(name: str, *arguments: Any, **options: Any) -> Any:
    return SOLVERS[name](*arguments, **options)


def test_vir_5_convolutions_are_those_of_deep_learning() -> None:
    assert call("conv2d", X, W, 1, 0, 2) == [[3]]
    assert call("conv2d", X, W, 3, 1, 1) == [[2, 0], [0, 2]]
    assert call("conv2d", X, W) == [[3, -4], [1, 6]]
    assert call("conv2d", X, W, 2, 1) == [[2, 4], [-2, 6]]


def test_vir_5_a_student_may_declare_the_flipped_kernel() -> None:
    assert call("conv2d", X, call("flip", W), 1, 0, 2) == [[4]]
    assert call("conv2d", X, call("flip", W), 3, 1) == [[1, -2], [0, 4]]


def test_vir_5_max_pooling_has_three_readings() -> None:
    assert call("max_pool", X, 2, 1) == [[2, 2], [2, 2]]
    assert call("max_pool", X, 2) == call("max_pool", X, 2, 2) == [[2]]
    assert call("max_pool", X, 2, 2, ceil_mode=True) == [[2, 2], [0, 2]]
    assert call("avg_pool", X, 2, 1) == [[1, Fraction(1, 2)], [Fraction(3, 4), Fraction(1, 2)]]


def test_vir_7_has_319_geometries_of_which_196_pad_less_than_the_kernel() -> None:
    found = call("geometries", 100, 40, 100, 5, 50)
    assert len(found) == 319
    assert sum(layer["padding"] < layer["kernel"] for layer in found) == 196
    assert {"kernel": 22, "stride": 2, "padding": 0} in found
    assert {"kernel": 21, "stride": 2, "padding": 0} in found
    assert {"kernel": 20, "stride": 2, "padding": 0} not in found


def test_vir_8_padding_memory_operations_and_applications() -> None:
    assert call("paddings", 13, 7, 5, 2) == [2]
    assert call("memory_bytes", call("conv_parameter_count", 5, 2, 1), 64) == 408
    assert call("memory_bytes", call("conv_parameter_count", 5, 2, 1, False), 64) == 400
    assert call("filter_operation_count", 5, 2) == {"multiplications": 50, "additions": 50, "total": 100}
    assert call("filter_operation_count", 5, 2, bias=0)["total"] == 99
    assert call("filter_application_count", 13, 5, 2, batch=4) == 100


def test_halloween_4_kernel_and_padding_from_the_shapes() -> None:
    assert call("kernel_sizes", 10, 3) == [8]
    assert call("paddings", 10, 12, 3) == [2]
    assert call("kernel_sizes", 10, 3, stride=3) == [2, 3, 4]


def test_tum_7_size_parameters_and_receptive_fields() -> None:
    assert call("conv_output_size", 256, 11, 4, call("same_padding", 11)) == 64
    assert call("conv_output_size", 256, 11, 4, 0) == 62
    assert call("conv_parameter_count", 11, 3, 96, 1) == 34944
    assert call("conv_parameter_count", 11, 3, 96, 0) == 34848
    assert call("receptive_fields", [[11, 4], [3, 2], [5, 1]]) == [11, 19, 51]
    assert call("receptive_field", [[11, 4], [3, 2], [5, 1]]) == 51
    assert call("jump", [[11, 4], [3, 2], [5, 1]]) == 8
    assert call("transposed_output_size", 32, 4, 2, 1) == 64


def test_tum_5_batch_norm_by_hand() -> None:
    z = [[12, 0, -5], [14, 10, 5], [14, 10, 5], [12, 0, -5]]
    assert call("batch_norm", z, [1, 1, 1], [0, -10, 10]) == {
        "mu": [13, 5, 0],
        "var": [1, 25, 25],
        "sigma": [1, 5, 5],
        "znorm": [[-1, -1, -1], [1, 1, 1], [1, 1, 1], [-1, -1, -1]],
        "y": [[-1, -11, 9], [1, -9, 11], [1, -9, 11], [-1, -11, 9]],
    }
    sample = call("batch_norm", z, ddof=1)["sigma"]
    assert sample == pytest.approx([1.1547, 5.7735, 5.7735], abs=1e-4)


def test_tum_5d_spatial_batch_norm_has_one_statistic_per_channel() -> None:
    images = [[[[1, 3]], [[0, 8]]], [[[5, 7]], [[0, 8]]]]  # two samples, two channels, 1×2
    found = call("batch_norm", images, [1, 2], [0, 1])
    assert found["mu"] == [4, 4]
    assert found["var"] == [5, 16]
    assert found["znorm"][0][1] == [[-1, 1]]
    assert found["y"][1][1] == [[-1, 3]]


@pytest.mark.parametrize(("target", "count"), [(XOR, 10), (XNOR, 12)])
def test_tum_9c_has_ten_networks_and_its_negation_twelve(target: list[int], count: int) -> None:
    assert call("threshold_nets_count", target) == count


def test_tum_9c_prints_a_network_that_needs_a_step_of_zero_at_zero() -> None:
    def output(at_zero: int) -> list[int]:
        hidden = [call("step", [x - y, y - x], at_zero) for x, y in product((0, 1), repeat=2)]
        return [call("step", sum(units), at_zero) for units in hidden]

    assert output(0) == XOR
    assert output(1) != XOR
    assert call("step", 0) == 0


@pytest.mark.parametrize("target", list(product((0, 1), repeat=4)))
def test_every_truth_table_has_a_network_and_it_is_right(target: tuple[int, ...]) -> None:
    net = call("threshold_net", list(target))
    for (x, y), wanted in zip(product((0, 1), repeat=2), target, strict=True):
        hidden = [a * x + b * y + c > 0 for (a, b), c in zip(net["W1"], net["b1"], strict=True)]
        assert (net["W2"][0] * hidden[0] + net["W2"][1] * hidden[1] + net["b2"] > 0) == wanted


def test_tum_10b_both_readings() -> None:
    printed = call("relu_rnn", 3, 2, -1, 3, [1, 2])
    assert (printed["h"], printed["y"][-1], printed["grad"]["u"]) == ([11, 37], -37, -20)
    drawn = call("relu_rnn", 2, 3, -1, 3, [1, 2])  # u on the input, w on the state
    assert (drawn["h"][-1], drawn["y"][-1], drawn["grad"]["w"]) == (24, -24, -4)


def test_halloween_1_3_forward_local_gradients_and_gradient() -> None:
    nodes = [
        {"name": "s", "op": "dot", "args": ["w", "x"]},
        {"name": "lam", "op": "square", "args": ["s"]},
        {"name": "a", "op": "*", "args": ["lam", "y"]},
        {"name": "b", "op": "log", "args": ["lam"]},
        {"name": "L", "op": "-", "args": ["a", "b"]},
    ]
    found = call("backprop", nodes, {"x": [2, 1], "w": [1, -1], "y": 1})
    assert [found["value"][name] for name in ("s", "lam", "a", "b", "L")] == [1, 1, 1, 0, 1]
    assert found["local"] == {"s": [[2, 1], [1, -1]], "lam": [2], "a": [1, 1], "b": [1], "L": [1, -1]}
    assert found["grad"] == {
        "x": [0, 0],
        "w": [0, 0],
        "y": 1,
        "s": 0,
        "lam": 0,
        "a": 1,
        "b": -1,
        "L": 1,
    }
    other = call("backprop", nodes, {"x": [2, 1], "w": [1, 0], "y": 1})
    assert other["grad"]["w"] == [6, 3]
    assert other["value"]["b"] == pytest.approx(2 * math.log(2))


def test_tum_6c_derivatives_of_the_plain_and_the_skip_network_stay_exact() -> None:
    w = Fraction(1, 1000)
    plain = [{"name": "h", "op": "*", "args": ["w", "x"]}, {"name": "y", "op": "*", "args": ["w", "h"]}]
    assert call("backprop", plain, {"w": w, "x": 1})["grad"]["w"] == 2 * w
    skip = [*plain[:1], {"name": "y", "op": "+", "args": ["h", "x"]}]
    assert call("backprop", skip, {"w": w, "x": 1})["grad"]["x"] == Fraction(1001, 1000)


def test_montreal_full_same_and_valid_convolutions_come_from_padding() -> None:
    x, w = [1, 2, 3], [0, 1, Fraction(1, 2)]
    kernel = call("flip", w)
    assert call("conv1d", x, kernel, 1, 2) == [0, 1, Fraction(5, 2), 4, Fraction(3, 2)]
    assert call("conv1d", x, kernel, 1, 1) == [1, Fraction(5, 2), 4]
    assert call("conv1d", x, kernel) == [Fraction(5, 2)]
