"""Arguments that do not fit are refused in one sentence that names the argument."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Any

import pytest

from graders.solvers import SOLVERS, BlankError, SolverError

SQUARE = [[1, 2], [3, 4]]
HUGE = 10**400
ADD = {"name": "c", "op": "add", "args": ["a", "b"]}

COMPLAINTS: list[tuple[str, list[Any], str]] = [
    ("relu", [], r"relu\(x\) was called wrongly: missing a required argument: 'x'"),
    ("relu", [1, 2], r"relu\(x\) was called wrongly: too many positional arguments"),
    ("relu", ["one"], "x must hold numbers only, not 'one'"),
    ("relu", [[[1, 2], [3]]], "x must be rectangular"),
    ("leaky_relu", [1, [1]], "slope must be a single number, not 1 values"),
    ("step", [1, 2], "at_zero must be True or False, not 2"),
    ("softmax", [3], "z must have 1 or 2 or 3"),
    ("softmax", [[]], "z must not be empty"),
    ("sigmoid", [HUGE], "too large for an irrational function"),
    ("mse", [[1, HUGE], [1, 0.5]], "The numbers given to mse are too large"),
    ("mse", [[1, 2], [1, 2, 3]], "target is 2 values, but the prediction is 3 values"),
    ("mse", [[1, 2], 1], "target is 2 values, but the prediction is a single number"),
    ("mae", [[], []], "target must not be empty"),
    ("hinge", [[0], [1]], "target must hold −1 and 1 only, not 0"),
    ("binary_cross_entropy", [[1], [2]], "probability must lie between 0 and 1, but has 2"),
    ("binary_cross_entropy", [[Fraction(-1, 2)], [1]], "target must lie between 0 and 1, but has -1/2"),
    ("binary_cross_entropy", [1, 0], "the loss is infinite"),
    ("cross_entropy", [1, 1], "p must have 1 or 2 dimensions, not 0"),
    ("cross_entropy", [[1, 0], [2, 1]], "q must lie between 0 and 1, but has 2"),
    ("nll", [1, [1, 0]], "the loss is infinite"),
    ("nll", [2, [1, 0]], "labels must be less than 2, the number of classes, not 2"),
    ("nll", [Fraction(1, 2), [1, 0]], "labels must be a whole number, not 1/2"),
    ("nll", [[0, 1], [1, 0]], "labels must be one class for each row of probabilities"),
    ("nll", [0, [3, 0]], "probabilities must lie between 0 and 1, but has 3"),
    ("cross_entropy_from_logits", [-1, [1, 0]], "labels must be at least 0, not -1"),
    (
        "conv1d",
        [[1, 2], [1, 2, 3]],
        "w reaches over 3 values, which does not fit into x with its padding, 2 values",
    ),
    ("conv2d", [SQUARE, [[1]], 0], "stride must be at least 1, not 0"),
    ("conv2d", [SQUARE, [[1]], 1.5], r"stride must be a whole number, not 1\.5"),
    ("conv2d", [SQUARE, [[1]], [1, 2, 3]], "stride must be one number or a list of 2, not a list of 3"),
    ("conv2d", [SQUARE, [[1]], 1, -1], "padding must be at least 0, not -1"),
    ("conv2d", [SQUARE, [1]], "x must have 2 dimensions, or 3 with channels"),
    ("conv2d", [[SQUARE], [SQUARE, SQUARE]], "w is for 2 channels, but x has 1"),
    (
        "conv2d",
        [SQUARE, SQUARE, 1, 0, 2],
        "w reaches over 3×3, which does not fit into x with its padding, 2×2",
    ),
    ("conv2d", [SQUARE, [[1]], 1, 0, 1, [1, 2]], "bias must be one number or one for each of the 1 outputs"),
    ("conv2d", [[[]], [[1]]], "x must not be empty"),
    ("flip", [3], "w has 0 axes, too few to reverse 1"),
    ("flip", [[1, 2], 2], "w has 1 axes, too few to reverse 2"),
    ("max_pool", [SQUARE, 3], "The window of 3×3 does not fit into the padded x of 2×2"),
    ("max_pool", [SQUARE, 2, 1, 2], "padding must be at most half of the window"),
    ("max_pool", [[1, 2], 2], "x must have 2 or 3 dimensions, not 1"),
    ("max_pool", [SQUARE, 2, 1, 0, 7], "ceil_mode must be True or False, not 7"),
    ("avg_pool", [SQUARE, 0], "size must be at least 1, not 0"),
    ("same_padding", [4], "kernel spans 4 values"),
    ("conv_output_size", [5, Fraction(5, 2)], "kernel must be a whole number, not 5/2"),
    ("conv_output_size", [[5], 3], "size must be a single number, not 1 values"),
    ("input_sizes", [0, 3], "out must be at least 1, not 0"),
    ("conv_parameter_count", [[], 1, 1], "kernel must not be empty"),
    (
        "conv_parameter_count",
        [3, 3, 4, True, 2],
        "groups must divide in_channels and out_channels, and 2 does not",
    ),
    ("linear_parameter_count", [3, 4, 2], "bias must be True or False, not 2"),
    ("receptive_field", [3], r"layers must be a list of \[kernel, stride\]"),
    ("receptive_field", [[[3]]], r"Layer 1 of layers must be \[kernel, stride\]"),
    ("receptive_field", [[[3, 1], [3, 0]]], "The stride of layer 2 must be at least 1, not 0"),
    ("batch_norm", [[[1, 2], [1, 3]]], "A feature of z has the same value in every sample"),
    ("batch_norm", [[1, 2], 1, 0, -1], "eps must not be negative, but it is -1"),
    ("batch_norm", [[1, 2], 1, 0, 0, 2], "ddof must be less than the 2 values of a feature"),
    (
        "batch_norm",
        [[[1, 2], [3, 4]], [1, 2, 3]],
        "gamma must be one number or one for each feature, not 3 values",
    ),
    ("batch_norm", [[[[1, 2]]]], "z must have 1 or 2 or 4 dimensions, not 3"),
    ("relu_rnn", [1, 1, 1, 1, []], "xs must not be empty"),
    ("relu_rnn", [1, 1, 1, 1, 2], "xs must have 1 dimensions, not 0"),
    ("relu_rnn", [[1], 1, 1, 1, [2]], "u must be a single number, not 1 values"),
    ("threshold_net", [[0, 1, 1]], "target must be four outputs"),
    ("threshold_net", [[0, 1, 1, 2]], "target must be four outputs"),
    ("threshold_net", [[0, 1, 1, 0], [1, 1]], "allowed must not name a value twice"),
    ("threshold_net", [[0, 1, 1, 0], [0, 1]], "target cannot be computed by two hidden units"),
    ("threshold_nets_count", [[0, 1, 1, 0], []], "allowed must not be empty"),
    ("backprop", [[ADD], [1]], "inputs must be a record"),
    ("backprop", [1, {}], "nodes must be a list of records"),
    ("backprop", [[1], {}], "nodes must be a list of records"),
    ("backprop", [[], {}], "nodes must not be empty"),
    ("backprop", [[{"name": "c"}], {}], "Node 1 of nodes must be a record of name, op and a list args"),
    ("backprop", [[ADD], {"a": 1}], "Node c uses b, which is neither an input nor an earlier node"),
    ("backprop", [[ADD], {"a": 1, "b": 2, "c": 3}], "The name c is given to two nodes or inputs"),
    (
        "backprop",
        [[ADD | {"op": "pow"}], {"a": 1, "b": 2}],
        "Node c has the unknown operation 'pow'; known are add",
    ),
    ("backprop", [[ADD | {"op": 7}], {"a": 1, "b": 2}], "Node c has the unknown operation 7"),
    ("backprop", [[ADD | {"args": ["a"]}], {"a": 1}], "Node c needs 2 arguments for add, not 1"),
    ("backprop", [[ADD | {"op": "max", "args": []}], {}], "Node c needs 1 or 2 arguments for max, not 0"),
    ("backprop", [[ADD | {"args": ["a", []]}], {"a": 1}], "The constant in node c must not be empty"),
    ("backprop", [[ADD], {"a": "1", "b": 2}], "The input a must hold numbers only, not '1'"),
    (
        "backprop",
        [[ADD], {"a": [1, 2], "b": [1, 2, 3]}],
        "Node c cannot be computed: the shapes 2 values and 3 values",
    ),
    ("backprop", [[ADD], {"a": [1, 2], "b": 1}], "The root c must be a single number, not 2 values"),
    ("backprop", [[ADD], {"a": 1, "b": 1}, "d"], "root must be the name of a node"),
    ("backprop", [[ADD | {"op": "dot"}], {"a": 1, "b": 1}], "dot needs two vectors of one length"),
    (
        "backprop",
        [[ADD | {"op": "matmul"}], {"a": [1], "b": [1]}],
        "matmul needs a matrix and a matrix or vector",
    ),
    ("backprop", [[ADD | {"op": "@"}], {"a": [[1]], "b": [1, 2]}], "that fits, not 1×1 and 2 values"),
]

COMPUTED: list[tuple[str, list[Any], str]] = [
    (
        "backprop",
        [[ADD | {"op": "/"}], {"a": 1, "b": 0}],
        "Node c has no value or derivative: A division by zero",
    ),
    (
        "backprop",
        [[ADD | {"op": "log", "args": ["a"]}], {"a": 0}],
        "Node c has no value or derivative: The logarithm",
    ),
    ("backprop", [[ADD | {"op": "sqrt", "args": ["a"]}], {"a": 0}], "Node c has no value or derivative"),
    ("backprop", [[ADD | {"op": "exp", "args": ["a"]}], {"a": 800}], "An exponential is too large"),
]


@pytest.mark.parametrize(("name", "call", "says"), COMPLAINTS + COMPUTED)
def test_a_solver_says_in_one_sentence_what_does_not_fit(name: str, call: list[Any], says: str) -> None:
    with pytest.raises(SolverError, match=says) as caught:
        SOLVERS[name](*call)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(("name", "call"), [(name, call) for name, call, _ in COMPLAINTS + COMPUTED])
def test_the_cost_of_a_wrong_call_is_a_number_or_a_complaint(name: str, call: list[Any]) -> None:
    with contextlib.suppress(SolverError):
        assert SOLVERS[name].cost(*call) >= 1


def test_numbers_that_square_themselves_stop_before_they_fill_the_memory() -> None:
    nodes = [{"name": f"n{i}", "op": "square", "args": [f"n{i - 1}" if i else "a"]} for i in range(60)]
    with pytest.raises(SolverError, match=r"Node n\d+ has no value or derivative: A number grows beyond"):
        SOLVERS["backprop"](nodes, {"a": 3})


def test_a_gradient_that_grows_too_long_names_what_it_belongs_to() -> None:
    nodes = [
        {"name": "b", "op": "mul", "args": ["zero", "big"]},
        {"name": "c", "op": "mul", "args": ["b", "big"]},
    ]
    with pytest.raises(SolverError, match="The gradient by zero cannot be given: A number grows beyond"):
        SOLVERS["backprop"](nodes, {"zero": 0, "big": 2**6000})


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("conv2d", [[[1, None]], [[1]]]),
        ("conv_output_size", [None, 3]),
        ("receptive_field", [None]),
        ("backprop", [None, {}]),
        ("backprop", [[ADD], None]),
    ],
)
def test_a_blank_argument_is_blank_not_wrong(name: str, call: list[Any]) -> None:
    with pytest.raises(BlankError, match="blank"):
        SOLVERS[name](*call)


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("conv2d", [[[1]], [[1]], 1, 10**9]),
        ("conv1d", [[1], [1], 1, 10**12]),
        ("max_pool", [[[1]], 10**6, 1, 5 * 10**5]),
        ("input_sizes", [1, 1, 10**12]),
        ("kernel_sizes", [10**12, 1, 10**12]),
        ("paddings", [1, 1, 1, 10**12]),
        ("geometries", [10**6, 10, 10**6, 10**6, 10**6]),
        ("threshold_net", [[0, 1, 1, 0], list(range(40))]),
        ("threshold_nets_count", [[0, 1, 1, 0], list(range(40))]),
        ("relu_rnn", [1, 1, 1, 1, list(range(10**4))]),
        (
            "backprop",
            [
                [{"name": "c", "op": "@", "args": ["a", "b"]}],
                {"a": [[1] * 500] * 500, "b": [[1] * 500] * 500},
            ],
        ),
    ],
)
def test_the_cost_of_big_work_is_known_at_once(name: str, call: list[Any]) -> None:
    if name == "backprop":
        call = [[*call[0], {"name": "L", "op": "sum", "args": ["c"]}], call[1]]
    assert SOLVERS[name].cost(*call) >= 10**8


def test_the_cost_grows_with_the_work() -> None:
    cost = SOLVERS["conv2d"].cost
    small, large = [[1] * 8] * 8, [[1] * 32] * 32
    assert cost(large, [[1] * 5] * 5) >= 2 * 28 * 28 * 25
    assert cost(small, [[1]]) < cost(small, [[1] * 3] * 3) < cost(large, [[1] * 3] * 3)
