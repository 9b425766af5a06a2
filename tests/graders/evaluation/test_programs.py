"""Programs run as numpy would run them, and their multiplications and memory are counted as by hand."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from app.domain.language import LanguageError
from app.domain.language.programs import parse_program
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.program_memory import LARGEST, Meter, TooLarge
from graders.evaluation.programs import run

N, M = 5, 6
dice = np.random.default_rng(5)
GIVEN = {
    "v": dice.normal(size=N),
    "x": dice.normal(size=N),
    "A": dice.normal(size=(N, M)),
    "B": dice.normal(size=(N, N)),
    "y": 1.5,
    "N": N,
}
v, x, A, B, y = (GIVEN[name] for name in ("v", "x", "A", "B", "y"))
k = np.arange(1, N + 1)


def ran(text: str, **more):
    given = GIVEN | more
    return run(parse_program(text, list(given)), given)


SCATTER = np.stack([np.zeros(N), v], axis=1).ravel()
VALUES = [
    ("v*np.arange(1, N+1)", v * k),
    ("v @ np.diag(np.arange(1, N+1))", v * k),
    ("out = np.zeros(N)\nfor i in range(N):\n  out[i] = (i+1)*v[i]\nreturn out", v * k),
    ("out = []\nfor i in range(N): out.append((i+1)*v[i])", v * k),
    ("out = [0]*N\nfor i, a in enumerate(v): out[i] = (i+1)*a\nreturn out", v * k),
    ("[a*b for a, b in zip(v, range(1, N+1))]", v * k),
    ("out = np.zeros(2*N); out[1::2] = v", SCATTER),
    ("np.kron(v, [0, 1])", SCATTER),
    ("np.insert(v, range(N), 0)", SCATTER),
    ("np.insert(v, np.arange(N), 0)", SCATTER),
    ("np.repeat(v, 2)*np.tile([0, 1], N)", SCATTER),
    ("np.stack([np.zeros(N), v], axis=1).reshape(-1)", SCATTER),
    ("np.column_stack((np.zeros(N), v)).flatten()", SCATTER),
    ("np.array([np.zeros(N), v]).T.ravel()", SCATTER),
    ("np.where(np.arange(2*N) % 2 == 1, np.repeat(v, 2), 0)", SCATTER),
    ("out = np.zeros(2*N)\nfor i in range(2*N):\n  if i % 2 == 1: out[i] = v[i//2]\nreturn out", SCATTER),
    ("np.cumsum(v[::-1])[::-1]", np.cumsum(v[::-1])[::-1]),
    ("v.sum() - np.cumsum(v) + v", np.cumsum(v[::-1])[::-1]),
    ("A.T @ v", A.T @ v),
    ("np.flip(A.T) @ v", np.flip(A.T) @ v),
    ("np.flipud(A.T) @ v", A.T[::-1] @ v),
    ("np.flip(A.T, axis=1) @ v", A.T[:, ::-1] @ v),
    ("v @ A", v @ A),
    ("np.dot(v, x) + v @ x + v.dot(x) + np.inner(v, x)", 4 * (v @ x)),
    ("np.outer(v, x) - v[:, None]*x[None, :]", np.zeros((N, N))),
    ("A.sum(axis=0) + np.sum(A, 0) + A.mean(0)", A.sum(0) * 2 + A.mean(0)),
    ("np.max(A, axis=1) - A.min(axis=1)", A.max(1) - A.min(1)),
    ("A.sum(axis=1, keepdims=True) * A", A.sum(1, keepdims=True) * A),
    ("v[v > 0].sum() + v[[0, 2]].sum()", v[v > 0].sum() + v[[0, 2]].sum()),
    ("A[0, 1] + A[1:3, ::2].sum()", A[0, 1] + A[1:3, ::2].sum()),
    ("A[1]", A[1]),
    ("A[:, -1]", A[:, -1]),
    ("v*(v > 0)", v * (v > 0)),
    ("v*x if v > 0 else x", np.where(v > 0, v * x, x)),
    ("x if N > 3 else v", x),
    ("np.maximum(v, 0) + np.minimum(v, 0)", v),
    ("max(v, x)", np.maximum(v, x)),
    ("np.logaddexp(v, 0)", np.log(np.exp(v) + 1)),
    ("max(v) + min(v) + abs(y)", v.max() + v.min() + 1.5),
    ("np.exp(v)/np.exp(v).sum()", np.exp(v) / np.exp(v).sum()),
    ("1/(1 + np.exp(-v)) - sigmoid(v)", np.zeros(N)),
    ("np.sqrt(v**2) + np.square(v)", np.abs(v) + v * v),
    ("np.linalg.norm(v)", np.linalg.norm(v)),
    ("np.linalg.inv(B) @ B", np.eye(N)),
    ("np.linalg.det(B)", np.linalg.det(B)),
    ("np.trace(B) + np.diag(B).sum()", 2 * np.trace(B)),
    ("np.diag(v) + np.eye(N)", np.diag(v) + np.eye(N)),
    ("np.eye(2*N)[1::2]", np.eye(2 * N)[1::2]),
    ("np.tril(np.ones((N, N))) + np.triu(B)", np.tril(np.ones((N, N))) + np.triu(B)),
    ("np.concatenate([v, x]) + np.hstack((v, x)) + np.append(v, x)", 3 * np.concatenate([v, x])),
    ("np.vstack([v, x])[1]", x),
    ("np.flip(v) + np.roll(x, 1) + v[::-1]", 2 * v[::-1] + np.roll(x, 1)),
    ("np.convolve(v, [1, 2])", np.convolve(v, [1, 2])),
    ("np.diff(v)", np.diff(v)),
    ("np.linspace(0, 1, 3)", [0, 0.5, 1]),
    ("np.full(N, 2.5) + np.ones_like(v) + np.zeros(N)", np.full(N, 3.5)),
    ("v.reshape(N, 1) @ x.reshape(1, N)", np.outer(v, x)),
    ("np.expand_dims(v, 0) + v[np.newaxis]", 2 * v[None]),
    ("np.clip(v, -0.5, 0.5)", np.clip(v, -0.5, 0.5)),
    ("np.argmax(v) + np.argmin(v) + len(v) + v.size + A.shape[1] + A.ndim", v.argmax() + v.argmin() + 2 * N + M + 2),
    ("float(3)//2 + 7 % 4 + 7//2 + 2**10 + (-1)**3", 1 + 3 + 3 + 1024 - 1),
    ("True + (2 > 1) + (1 < 2 < 3) + int(3.7)", 6),
    ("np.all(v == v) and np.any(v > 99) or 7", 7),
    ("np.prod([1, 2, 3]) + np.cumprod([1.0, 2, 3])[-1]", 12),
    ("(2.0**np.arange(1, 4)).sum() + (2**np.arange(1, 4)).sum()", 28),
    ("2**100", 2.0**100),
    ("9**20 * 9**20", 9.0**40),
    ("y += 1; y *= 2", 5.0),
    ("x[0] += 10; x[1:] -= v[1:]\nreturn x", np.concatenate([[x[0] + 10], x[1:] - v[1:]])),
    ("entry(v, 1) + Sum(entry(v, i)*i, i, 1, N) + Prod(i, i, 1, 3) + indicator(N > 3)", v[0] + (v * k).sum() + 6 + 1),
    ("np.pi + np.e", np.pi + np.e),
    ("range(N)", np.arange(N)),
    ("list(range(2, 8, 2))[1:]", [4, 6]),
    ("a = 1\nfor i in range(3): a = a*2\nreturn a", 8),
    ("a = [v, x]\nreturn a[1]", x),
    ("np.add(v, x) + np.multiply(v, x)", v + x + v * x),
    ("np.dot(2, v) + np.dot(v, y)", 3.5 * v),
    ("np.linalg.norm(v, 1)", np.abs(v).sum()),
    ("len([1, 2]) + len(range(3)) + len(A)", 2 + 3 + N),
    ("list([1, 2])", [1, 2]),
    ("np.stack([v, x], 1)", np.stack([v, x], axis=1)),
    ("np.stack([A, A], 1)", np.stack([A, A], axis=1)),
    ("np.r_[1:N+1] * v + np.r_[1:2*N:2]", v * k + np.arange(1, 2 * N, 2)),
    ("a = [1, 2]; a[0] = 5; return a", [5, 2]),
    ("not N > 3", False),
    ("not v > 0", ~(v > 0)),
    ("N > 99 and v or x", x),
    ("[i for i in range(6) if i % 2]", [1, 3, 5]),
    ("np.array([1, 2]) * [3, 4]", [3, 8]),
    ("[1, 1] - v[:2]", 1 - v[:2]),
    ("np.array([1, 2]) @ np.array([3, 4])", 11),
    ("2**(N - 6)", 0.5),
    ("x if [] else v", v),
    ("x if range(N) else v", x),
    ("x if np.ones(1) > 0 else v", x),
    ("(v > 0) and (x > 0)", (v > 0) & (x > 0)),
    ("(v > 0) or (x > 0)", (v > 0) | (x > 0)),
    ("np.hstack((v,))", v),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_a_program_gives_what_numpy_gives(text, expected):
    given = ran(text).value
    assert given.shape == np.shape(expected)
    np.testing.assert_allclose(given, np.asarray(expected, float), rtol=1e-12, atol=1e-12)


# By hand: what is multiplied with what, and what is alive at the worst moment beside the given arrays.
COUNTS = [
    ("v", 0, 0),
    ("v + x", 0, N),
    ("v * x", N, N),
    ("v*np.arange(1, N+1)", N, 2 * N),
    ("2*np.arange(1, N+1)*v", N, 2 * N),
    ("v*2*3", 2 * N, 2 * N),
    ("v/y", N, N),
    ("v**2", N, N),
    ("v**3", 2 * N, N),
    ("v**8", 3 * N, N),
    ("v**0.5", N, N),
    ("v @ x", N, 0),
    ("A.T @ v", N * M, M),
    ("v @ np.diag(np.arange(1, N+1))", N * N, N * N + N),
    ("np.outer(v, x)", N * N, N * N),
    ("np.kron(v, [0, 1])", 2 * N, 2 * N + 2),
    ("out = np.zeros(2*N); out[1::2] = v", 0, 2 * N),
    ("np.cumsum(v[::-1])[::-1]", 0, N),
    ("v.sum()", 0, 0),
    ("v.mean()", 1, 0),
    ("np.linalg.norm(v)", N, 0),
    ("y*y", 1, 0),
    ("N*N", 0, 0),
    ("N*y", 1, 0),
    ("(2*y*(v @ x) - 2/(v @ x))*x", 1 + N + 1 + N + 1 + N, N),
    ("out = np.zeros(N)\nfor i in range(N): out[i] = (i+1)*v[i]\nreturn out", N, N),
    ("[(i+1)*v[i] for i in range(N)]", N, N),
    ("a = v + x\na = a + x\na = a + x\nreturn a", 0, 2 * N),
    ("a = v + x\nb = a[1:]\na = 0\nreturn b", 0, N),
    ("v + x + v + x + v", 0, 2 * N),
    ("A.T", 0, 0),
    ("A[:, 0]*2", N, N),
    ("np.maximum(v, 0)", 0, N),
    ("v.copy()", 0, N),
    ("np.exp(v)", 0, N),
    ("np.convolve(v, x)", N * N, 2 * N - 1),
    ("2**v", 0, N),
    ("np.array([1, 2]) @ np.array([3, 4])", 0, 6),
]


@pytest.mark.parametrize(("text", "multiplications", "memory"), COUNTS)
def test_costs_are_those_counted_by_hand(text, multiplications, memory):
    done = ran(text)
    assert (done.multiplications, done.memory) == (multiplications, memory)


# By hand: everything that is calculated of two numbers or of one, counters and conditions among it.
OPERATIONS = [
    ("v", 0),
    ("v + x", N),
    ("-v", N),
    ("v[::-1]", 0),
    ("2*np.arange(1, N+1)*v", 1 + N + N),
    ("np.cumsum(v)", N),
    ("v.sum()", N),
    ("v.max()", N),
    ("v > 0", N),
    ("np.where(v > 0, v, 0)", 2 * N),
    ("np.maximum(v, 0)", N),
    ("np.exp(v)", N),
    ("v @ x", 2 * N),
    ("A.T @ v", 2 * N * M),
    ("np.outer(v, x)", N * N),
    ("np.diff(v)", N),
    ("np.argmax(v)", N),
    ("not v", N),
    ("(v > 0) and (x > 0)", 3 * N),
    ("[np.sum(v[:k]) for k in range(N)]", N * (N - 1) // 2),
    ("out = np.zeros(N)\nfor i in range(N):\n    for j in range(N): out[i] += v[j]\nreturn out", N * N),
]


@pytest.mark.parametrize(("text", "operations"), OPERATIONS)
def test_operations_are_those_counted_by_hand(text, operations):
    assert ran(text).operations == operations


def test_nothing_is_alive_after_a_run_but_its_meter_remembers():
    meter = Meter()
    run(parse_program("a = np.zeros((N, N)) + 1\nreturn a.sum()", ["N"]), {"N": 7}, meter)
    gc.collect()
    assert (meter.alive, meter.peak, meter.largest) == (0, 98, 49)


def test_what_is_given_cannot_be_changed():
    before = v.copy()
    ran("v[0] = 99\nv[:] = 0\nreturn v")
    assert (v == before).all()


WRONG = [
    ("v + A", "An array of 5 and an array of 5 × 6 cannot be added."),
    ("v * np.ones(3)", "An array of 5 and an array of 3 cannot be multiplied entry by entry."),
    ("A @ v", "An array of 5 × 6 and an array of 5 cannot be multiplied as matrices."),
    ("v @ 3", "An array of 5 and a number cannot be multiplied as matrices."),
    ("v[7]", "A place lies outside of an array of 5; places are counted from 0."),
    ("v[7] = 1\nreturn v", "A place lies outside of an array of 5; places are counted from 0."),
    ("x[0:2] = v\nreturn x", "An array of 5 does not fit into an array of 2."),
    ("v[1.5]", "The place is a whole number."),
    ("np.stack([v, v], axis=0.5)", "The axis is a whole number."),
    ("np.zeros(N/1)", "The size is a whole number, and 5.0 is not one to numpy; use // to divide."),
    ("np.zeros(-1)", "A size cannot be negative."),
    ("v.reshape(7, 9)", "An array of 5 does not fit into 7 × 9."),
    ("np.array([[1, 2], [3]])", "The rows of an array are equally long."),
    ("np.sum(v, axis=5)", "This array has no axis 5."),
    ("np.zeros(N, color=1)", "“zeros” can be given shape, columns."),
    ("np.kron(v)", "“kron” needs b."),
    ("np.insert(v, 99, 1)", "“insert” cannot be calculated with these values."),
    ("v.append(3)", "“v” is no list; append adds to a list such as v = []."),
    ("if v > 0: return 1", "A condition on a whole array is neither true nor false; use np.where."),
    ("if N < 0: return 1", "This program ends without a result."),
    ("if N < 0: a = 1\nreturn a", "“a” has no value yet where it is used."),
    ("for i in N: x = i", "A loop runs over a range, a list or an array."),
    ("for i, j in range(N): x = i", "A loop runs over a range, a list or an array."),
    ("1 // 0", "This divides by zero."),
    ("2**np.arange(-3, 0)", "Whole numbers have no negative powers in numpy; write 2.0 instead of 2."),
    ("v[::0]", "The step of a slice is not 0."),
    ("[1, 2][5]", "There is no place 5 in a list of 2."),
    ("None", "A number or an array is needed here."),
    ("1 in v", "The word in cannot be used here."),
    ("np.linalg.inv(np.zeros((2, 2)))", "This matrix has no inverse."),
    ("np.concatenate([v, x], color=1)", "“concat” has no argument called color."),
    ("np.kron(np.ones((2, 2, 2)), v)", "“kron” takes arrays with one or two axes."),
    ("np.max([])", "“max” of nothing has no value."),
    ("np.argmax([])", "“argmax” of nothing has no value."),
    ("np.linalg.norm(A, 1)", "The norm is that of an array with one axis."),
    ("np.convolve(A, v)", "“convolve” takes two arrays with one axis."),
    ("np.diff(3)", "“diff” takes an array."),
    ("len(3)", "A number has no length."),
    ("range(1, 5, 0)", "“range” takes a start, an end and a step that is not 0."),
    ("int(2**70)", "This is no whole number."),
    ("float(v)", "One number is needed here, not an array."),
    ("np.trace(v)", "The trace is that of an array with two axes."),
    ("entry(v, 9)", "There is no such entry; entries are counted from 1."),
    ("np.eye(2, -1)", "A size cannot be negative."),
    ("np.arange()", "“arange” takes a start, an end and a step."),
    ("np.arange(1, 5, 0)", "The ends of an arange are finite, and its step is not 0."),
    ("np.diag(3)", "The diagonal is that of an array with one or two axes."),
    ("np.repeat(v, [1, 2])", "The repetitions are a whole number, or one for every entry."),
    ("np.insert(v, 1.5, 0)", "Places are whole numbers."),
    ("np.flip(3)", "A number cannot be reversed."),
    ("np.reshape(3, (1, 1))", "A number cannot be arranged."),
    ("np.expand_dims(v, 4)", "There is no such axis to be added."),
    ("np.tril(v)", "A triangle is that of an array with two axes."),
    ("for i, j in [[1, 2, 3]]: a = i", "3 values cannot be given to 2 names."),
    ("a = [1, 2]; a[7] = 5; return a", "There is no place 7 in a list of 2."),
    ("N[0] = 1; return v", "Only places of an array can be set."),
    ("y[0]", "A number has no places."),
    ("np.round(v, 9)", "Write the values as they are, not rounded to decimals."),
    ("np.sin(v, 2)", "“sin” takes one value only."),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_what_numpy_would_refuse_is_said_in_a_sentence(text, sentence):
    with pytest.raises(EvaluationError) as refused:
        ran(text)
    assert str(refused.value) == sentence


HOSTILE = [
    "for i in range(10**9): a = 1",
    "for i in range(10**5):\n  for j in range(10**5): a = v + x",
    "[i for i in range(10**9)]",
    "[[v]*1000]*1000",
    "[[[[v]*100]*100]*100]*100",
    "[0]*10**10",
    "a = []\na.append(a)\nreturn a",
    "a = []\nfor i in range(10**7): a.append(a)\nreturn a",
    "a = [1]\nfor i in range(200): a = a + a\nreturn a",
    "a = v\nfor i in range(200): a = np.concatenate([a, a])\nreturn a",
    "np.zeros(10**9)",
    "np.zeros((10**5, 10**5))",
    "np.ones((1000, 1000, 1000, 1000, 1000))",
    "np.arange(10**12)",
    "np.arange(0, 1, 1e-30)",
    "np.linspace(0, 1, 10**9)",
    "np.eye(10**6)",
    "np.eye(3, 3, 10**18)*np.eye(10**5)",
    "np.full(10**9, 1)",
    "np.repeat(v, 10**9)",
    "np.repeat(v, np.full(N, 10**9))",
    "np.tile(v, (1000, 1000, 1000))",
    "np.diag(np.zeros(10**5))",
    "np.diag(v, 10**6)",
    "np.outer(np.ones(10**5), np.ones(10**5))",
    "np.ones(10**5)[:, None] + np.ones(10**5)",
    "np.kron(np.kron(np.kron(np.ones(1000), np.ones(1000)), v), v)",
    "np.ones((1000, 1000)) @ np.ones((1000, 1000))",
    "np.convolve(np.ones(10**5), np.ones(10**5))",
    "np.ones(1000)[np.zeros((1000, 1000, 2)) > -1]",
    "np.zeros(10**6)[np.zeros(10**6, dtype=int)] + np.zeros(10**6) + np.zeros(10**6)",
    "list(range(10**9))",
    "Sum(1, i, 1, 10**12)",
    "np.insert(v, range(10**7), 0)",
    "v * range(10**12)",
    "range(2**70)",
    "np.linalg.inv(np.ones((900, 900)))",
    "v[:, None, None, None, None]",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_programs_are_stopped_before_they_cost_anything(text):
    with pytest.raises((EvaluationError, LanguageError)) as refused:
        ran(text)
    assert str(refused.value).endswith(".")


HARMLESS = ["10**400", "a = 3\nfor i in range(1000): a = a*a\nreturn a", "np.roll(v, 10**15)", "1/0", "np.exp(1000)"]


@pytest.mark.parametrize("text", HARMLESS)
def test_large_numbers_are_floats_that_end_at_infinity(text):
    assert ran(text).value.dtype == np.float64


def test_steps_and_elements_are_bounded():
    with pytest.raises(OutOfFuel):
        ran("for i in range(10**7): a = i")
    with pytest.raises(TooLarge):
        ran(f"np.zeros({LARGEST + 1})")
    meter = Meter()
    with pytest.raises(TooLarge):
        run(parse_program("np.diag(v)", ["v"]), {"v": np.ones(3000)}, meter)
    assert meter.largest == 9_000_000
