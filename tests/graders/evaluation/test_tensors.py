"""Vectors and matrices: values beside numpy, derivatives beside finite differences and sympy, shapes refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy

from app.domain.language import parse_author
from app.domain.symbols import symbol
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.tensor_functions import ShapeError
from graders.evaluation.tensors import Evaluation

SYMBOLS = {
    name: symbol(kind)
    for name, kind in {
        "w": "vector(d)",
        "x": "vector(d)",
        "y": "real",
        "A": "matrix(m, d)",
        "B": "matrix(d, d)",
        "xs": "vectors(N, d)",
        "N": "natural",
        "d": "natural",
        "m": "natural",
        "i": "index(N)",
    }.items()
}


def point() -> dict[str, np.ndarray]:
    dice = np.random.default_rng(2)
    sizes = {"N": 5, "d": 3, "m": 4}
    shapes = {"w": (3, 1), "x": (3, 1), "A": (4, 3), "B": (3, 3), "xs": (5, 3)}
    values = {name: dice.normal(size=shape) for name, shape in shapes.items()}
    numbers = {"y": 1.3, "i": 2.0, **sizes}
    return values | {name: np.full((1, 1), float(value)) for name, value in numbers.items()}


def value(text: str, values: dict[str, np.ndarray] | None = None) -> np.ndarray:
    return Evaluation(values or point(), SYMBOLS).value(parse_author(text))


SMOOTH = ["exp", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "atanh", "erf"]
POSITIVE = ["sqrt", "log", "log2", "log10", "acosh", "sec", "csc", "cot"]
KINKED = ["sigmoid", "relu", "softplus", "abs", "sign", "floor", "ceil"]
WITHOUT_VALUE = [
    "entry(x, 7)",
    "log(-1)",
    "0/0",
    "inv(zeros(d, d))",
    "factorial(-1)",
    "10**400 - 10**400",
    "max(log(-x))",
]

P = point()
w, x, A, B, xs, y = (P[name] for name in ("w", "x", "A", "B", "xs", "y"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A @ x", A @ x),
        ("transpose(x) @ B @ w", x.T @ B @ w),
        ("dot(w, x)", (w * x).sum()),
        ("dot(w, transpose(x))", (w * x).sum()),
        ("dot(A, x)", A @ x),
        ("dot(y, A)", y * A),
        ("outer(w, x)", w @ x.T),
        ("w * x + 2", w * x + 2),
        ("y * A / 2", y * A / 2),
        ("x ** 2", x**2),
        ("norm(A)", np.sqrt((A**2).sum())),
        ("norm(x, 1)", np.abs(x).sum()),
        ("norm(x, 1/0)", np.abs(x).max()),
        ("norm(x, 3)", (np.abs(x) ** 3).sum() ** (1 / 3)),
        ("mean(A)", A.mean()),
        ("sum(A, 0)", A.sum(axis=0, keepdims=True)),
        ("mean(A, 1)", A.mean(axis=1, keepdims=True)),
        ("trace(B)", np.trace(B)),
        ("det(B)", np.linalg.det(B)),
        ("inv(B)", np.linalg.inv(B)),
        ("diag(x)", np.diag(x.ravel())),
        ("diag(B)", np.diag(B)[:, None]),
        ("eye(d)", np.eye(3)),
        ("eye(d, m)", np.eye(3, 4)),
        ("ones(d)", np.ones((3, 1))),
        ("zeros(d, m)", np.zeros((3, 4))),
        ("arange(1, N + 1)", np.arange(1, 6.0)[:, None]),
        ("arange(N)", np.arange(5.0)[:, None]),
        ("kron(eye(d), [[0, 1]])", np.kron(np.eye(3), [[0, 1]])),
        ("kron(w, x)", np.kron(w, x)),
        ("concat(w, x)", np.vstack([w, x])),
        ("concat(transpose(w), transpose(x))", np.hstack([w.T, x.T])),
        ("reverse(x)", x[::-1]),
        ("cumsum(x)", np.cumsum(x, axis=0)),
        ("reverse(cumsum(reverse(x)))", x.sum() - np.cumsum(x)[:, None] + x),
        ("max(w, x)", np.maximum(w, x)),
        ("max(x)", x.max()),
        ("min(0, x)", np.minimum(0, x)),
        ("relu(A)", np.maximum(A, 0)),
        ("sigmoid(x)", 1 / (1 + np.exp(-x))),
        ("softmax(x)", np.exp(x) / np.exp(x).sum()),
        ("indicator(x > 0) * w", (x > 0) * w),
        ("(x > 0) * w", (x > 0) * w),
        ("w if x > 0 else -w", np.where(x > 0, w, -w)),
        ("w if y > 0 and not y > 5 else nothing", w),
        ("entry(x, 2)", x[1]),
        ("entry(A, 2, 3)", A[1, 2]),
        ("entry(xs, i)", xs[1][:, None]),
        ("entry(xs, i, 3)", xs[1, 2]),
        ("Sum(entry(xs, i), i, 1, N)", xs.sum(axis=0)[:, None]),
        ("Sum(entry(xs, i), i)", xs.sum(axis=0)[:, None]),
        ("Sum(Sum(i * j, j, 1, i), i, 1, N)", sum(i * j for i in range(1, 6) for j in range(1, i + 1))),
        ("Sum(x, i, 3, 2)", 0),
        ("Prod(i, i, 1, N)", 120),
        ("Prod(i, i, 2, 1)", 1),
        ("[y, 2 * y, 0]", [[y.item()], [2 * y.item()], [0]]),
        ("[[1, y], [0, 2]]", [[1, y.item()], [0, 2]]),
        ("[transpose(w), transpose(x)]", np.hstack([w, x]).T),
        ("factorial(N) + erf(y) + pi + e", 120 + math.erf(1.3) + math.pi + math.e),
        ("dot(w, x) * x @ 1", (w * x).sum() * x),
    ],
)
def test_a_formula_has_the_value_that_numpy_gives(text, expected):
    given = value(text)
    np.testing.assert_allclose(given, np.broadcast_to(np.asarray(expected, float), given.shape), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("w + 2*w - y", "w"),
        ("w * x", "w"),
        ("x / (1 + w**2)", "w"),
        ("y / w", "w"),
        ("abs(w)**1.5", "w"),
        ("2**w", "w"),
        ("abs(x)**dot(w, w)", "w"),
        ("A @ w", "w"),
        ("A @ w", "A"),
        ("transpose(w) @ B @ w", "w"),
        ("trace(B @ B @ transpose(B))", "B"),
        ("det(B)", "B"),
        ("inv(B) @ x", "B"),
        ("diag(w) @ x", "w"),
        ("diag(B)", "B"),
        ("outer(w, x) @ w", "w"),
        ("kron(w, transpose(x))", "x"),
        ("concat(w, 2*x, w)", "w"),
        ("reverse(cumsum(w))", "w"),
        ("sum(B, 0) + mean(transpose(B), 0)", "B"),
        ("norm(A @ w - ones(m))", "w"),
        ("norm(w, 3)", "w"),
        ("max(w)", "w"),
        ("min(w, x, y)", "w"),
        ("softmax(A @ w)", "w"),
        ("w*x if w > 0 else x**2", "w"),
        ("[entry(w, 1)**2, y, entry(w, 3)]", "w"),
        ("[[entry(w, 1), y], [2, entry(w, 3)]]", "w"),
        ("Sum(max(1 - dot(w, entry(xs, i)), 0)**2, i, 1, N)", "w"),
        ("Prod(dot(w, entry(xs, i)), i, 1, 3)", "w"),
        ("entry(xs, 2)", "xs"),
        ("y**3 * w", "y"),
        ("gradient(dot(w, w)**2 * entry(w, 2), w)", "w"),
        ("gradient(norm(gradient(sum(tanh(B @ w)), w))**2, w)", "w"),
        ("jacobian(gradient(sum(softplus(B @ w)), w), w) @ x", "w"),
        ("gradient(dot(gradient(sum(w*w*w*x), w), x), x)", "x"),
        ("jacobian(gradient(y**4, y) * w, w)", "y"),
        *((f"{name}(w / 4)", "w") for name in SMOOTH),
        *((f"{name}(1.5 + w**2)", "w") for name in POSITIVE),
        *((f"{name}(w)", "w") for name in KINKED),
    ],
)
def test_every_derivative_agrees_with_finite_differences(text, variable):
    columns = []
    for place in np.ndindex(P[variable].shape):
        ends = []
        for step in (1e-6, -1e-6):
            moved = point()
            moved[variable][place] += step
            ends.append(value(text, moved).reshape(-1))
        columns.append((ends[0] - ends[1]) / 2e-6)
    np.testing.assert_allclose(value(f"jacobian({text}, {variable})"), np.array(columns).T, rtol=2e-6, atol=2e-7)


def test_small_jacobians_are_those_of_sympy():
    a, b, c = sympy.symbols("a b c")
    outputs = sympy.Matrix([a**2 * b, sympy.sin(b * c), a / (1 + c**2), sympy.exp(a - b) + 2])
    text = "[E1**2 * E2, sin(E2*E3), E1 / (1 + E3**2), exp(E1 - E2) + 2]"
    for number in (1, 2, 3):
        text = text.replace(f"E{number}", f"entry(w, {number})")
    at = dict(zip((a, b, c), w.ravel(), strict=True))
    expected = np.array(outputs.jacobian([a, b, c]).subs(at).evalf(), dtype=float)
    np.testing.assert_allclose(value(f"jacobian({text}, w)"), expected, rtol=1e-12)


def test_a_gradient_has_the_layout_of_its_variable():
    assert value("gradient(sum(A @ x), A)").shape == (4, 3)
    assert value("gradient(dot(w, x), w)").shape == (3, 1)
    assert value("jacobian(dot(w, x), w)").shape == (1, 3)
    assert value("gradient(y, w)").tolist() == [[0.0]] * 3
    assert value("jacobian(x, w)").tolist() == [[0.0] * 3] * 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x + transpose(x)", "A column of 3 entries and a row of 3 entries cannot be added."),
        ("x * A", "A column of 3 entries and a 4 × 3 matrix cannot be multiplied entry by entry."),
        ("x @ w", "A column of 3 entries and a column of 3 entries cannot be multiplied: 1 columns meet 3 rows."),
        ("dot(A @ x, x)", "A column of 4 entries and a column of 3 entries cannot be multiplied to a number."),
        ("dot(A, A)", "A 4 × 3 matrix and a 4 × 3 matrix cannot be multiplied: 3 columns meet 4 rows."),
        ("inv(A)", "A 4 × 3 matrix is not square."),
        ("gradient(x, w)", "A column of 3 entries has no gradient, but a Jacobian."),
        ("x < transpose(x)", "A column of 3 entries and a row of 3 entries cannot be taken entry by entry."),
        ("concat(x, A)", "A column of 3 entries and a 4 × 3 matrix cannot be put together."),
        ("outer(A, x)", "A 4 × 3 matrix and a column of 3 entries cannot be multiplied to a matrix as vectors."),
    ],
)
def test_shapes_that_do_not_fit_are_both_named(text, sentence):
    with pytest.raises(ShapeError) as refused:
        value(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "eye(10**9)",
        "eye(x)",
        "zeros(5000, 5000)",
        "kron(kron(eye(100), eye(100)), eye(100))",
        "arange(1, 10**8)",
        "ones(y)",
        "ones(-1)",
        "arange(3, 3)",
        "[x, w]",
        "[]",
        "foo(x)",
        "q",
        "'a'",
        "{'a': 1}",
        "sum(x, 5)",
        "norm(A, 3)",
        "softmax(A)",
        "dot(x)",
        "entry(A, 1)",
        "x in A",
        "gradient(factorial(y), y)",
        "Sum(i, i, 1, y)",
    ],
)
def test_what_cannot_be_calculated_is_said_in_a_sentence(text):
    with pytest.raises(EvaluationError) as refused:
        value(text)
    assert str(refused.value).endswith(".")


def test_work_is_bounded():
    with pytest.raises(OutOfFuel):
        value("Sum(Sum(Sum(Sum(x, i, 1, 100), j, 1, 100), k, 1, 100), l, 1, 100)")


@pytest.mark.parametrize("text", WITHOUT_VALUE)
def test_what_has_no_value_is_not_finite(text):
    assert not np.isfinite(value(text)).any()


def test_only_the_case_that_applies_is_calculated():
    assert value("1 if y > 0 else q").item() == 1.0


def test_the_index_of_a_sum_hides_a_symbol_only_within():
    assert value("Sum(i, i, 1, 3) + i").item() == 6 + 2


def test_the_largest_number_on_the_way_is_remembered():
    work = Evaluation(point(), SYMBOLS)
    work.value(parse_author("1 + 10**20 - 10**20"))
    assert work.peak >= 1e20


def test_outcomes_of_conditions_are_remembered():
    work = Evaluation(point(), SYMBOLS)
    node = parse_author("indicator(x > 0)")
    work.value(node)
    assert [set(met) for met in work.branches.values()] == [{True, False}]


BEYOND_FLOATS = [
    ("log(exp(-900*dot(x, x)))", "-900*dot(x, x)"),
    ("log(exp(900*dot(x, x)))", "900*dot(x, x)"),
    ("log2(3*exp(-900*dot(x, x)))", "(log(3) - 900*dot(x, x))/log(2)"),
    ("log10(exp(-900*dot(x, x))/dot(w, w)**3)", "(-900*dot(x, x) - 3*log(dot(w, w)))/log(10)"),
    ("log((-exp(-900*dot(x, x)))**2)", "-1800*dot(x, x)"),
    ("log(Prod(exp(-900*entry(x, i)**2), i, 1, d))", "-900*dot(x, x)"),
    ("log(sigmoid(-900*dot(x, x)))", "-900*dot(x, x)"),
    ("log(1 - sigmoid(900*dot(x, x)))", "-900*dot(x, x)"),
    ("log(1 - sigmoid(30*dot(x, x)))", "-softplus(30*dot(x, x))"),
    ("log(exp(-900*x))", "-900*x"),
    ("gradient(log(3*exp(-900*dot(x, x))), x)", "-1800*x"),
    ("gradient(log(Prod(exp(-900*entry(x, i)**2), i, 1, d)), x)", "-1800*x"),
]


@pytest.mark.parametrize(("text", "same"), BEYOND_FLOATS)
def test_logarithms_of_what_is_too_small_or_large_for_floats_have_values(text: str, same: str) -> None:
    np.testing.assert_allclose(value(text), value(same), rtol=1e-12)


@pytest.mark.parametrize("text", ["log(-exp(-900*dot(x, x)))", "log(-exp(900*dot(x, x))/2)", "log(0*exp(-900))"])
def test_logarithms_of_what_is_not_positive_have_none(text: str) -> None:
    assert not np.isfinite(value(text)).any()
