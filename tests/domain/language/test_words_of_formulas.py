"""Sums, lists with dots and functions by the names that mathematics and programs have for them."""

from __future__ import annotations

import pytest

from app.domain.language import LanguageError, parse_formula, to_source
from app.domain.symbols import symbol, with_sizes

DECLARED = {"x": "vector(N)", "y": "vector(N)", "A": "matrix(m, n)", "c": "real", "i": "index(N)", "j": "index(n)"}
SYMBOLS = with_sizes({name: symbol(one) for name, one in DECLARED.items()})

# As typed, and the formula; or what is asked back.
ROWS = [
    ("diag(1:N)", "diag(arange(1, N + 1))"),
    ("[1:N]", "arange(1, N + 1)"),
    ("{c: c > 0, 0: otherwise}", "c if c > 0 else 0"),
    ("sum", '? After "sum" what is added up is missing.'),
    ("sum()", '? A number or name is missing before ")", after "(".'),
    ("sum x", "sum(x)"),
    ("np.sum(x, axis=0)", "? Write the sum over an index, as in sum_i x_i, without an axis."),
    ("mean(x, dim=0)", "? Write the sum over an index, as in sum_i x_i, without an axis."),
    ("max(x=1)", "? Write the values only."),
    ("norm(x, ord=1)", "norm(x, 1)"),
    ("norm(x, p=1)", "norm(x, 1)"),
    ("norm(x, axis=0)", "? Write the formula without this option."),
    ("diag()", '? "diag" needs values between its brackets.'),
    ("log()", "? Between the brackets a value is missing."),
    ("abs(c, c)", '? "abs" takes one value.'),
    ("max(c)", '? "max" takes two or more values, as in max(1, 2).'),
    ("max(x)", "max(x)"),
    ("Piecewise()", "? Write the cases in brackets, as in Piecewise((w, y > 0), (0, True))."),
    ("Piecewise((c, c > 0))", "c if c > 0 else None"),
    ("Not(c > 0)*c", "indicator(not c > 0) * c"),
    ("where(c > 0, c, 0)", "c if c > 0 else 0"),
    ("where(c, c, 0)", "? A condition is missing here, as in y > 0."),
    ("indicator(c)", "? A condition is missing here, as in y > 0."),
    ("KroneckerDelta(i, j)", "indicator(i == j)"),
    ("Heaviside(c)", "indicator(c > 0)"),
    ("root(c, 3)", "c**(1 / 3)"),
    ("cbrt(c)", "c**(1 / 3)"),
    ("negative(c)", "-c"),
    ("square(c)", "c**2"),
    ("Rational(1, 2)*c", "1 / 2 * c"),
    ("log(c, 2)", "log(c) / log(2)"),
    ("multiply(x, y)", "x * y"),
    ("matmul(A, A)", "A @ A"),
    ("power(c, 2)", "c**2"),
    ("divide(c, 2)", "c / 2"),
    ("add(c, 1)", "c + 1"),
    ("subtract(c, 1)", "c - 1"),
    ("sum_{if} c", '? "if" cannot be an index; write i, j or k.'),
    ("sum^N x_i", "? Say over which index the sum runs, as in sum_{i=1}^{N}."),
    ("sum^{N}_{i=1} x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_i^N x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i in 1..N} x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i=1,...,N} x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i=1, 2, ..., N} x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i = range(1, N+1)} x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i in {1, …, N}} x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i,j} x_i", "Sum(Sum(entry(x, i), j, 1, n), i, 1, N)"),
    ("sum_{1} c", '? "1" is no index; write sum_i or sum_{i=1}^{N}.'),
    ("sum_{ij c", "? Write a comma between two indices."),
    ("sum_abcd c", '? "abcd" is no index; write sum_i or sum_{i=1}^{N}.'),
    ("sum_i=1^N x_i", "Sum(entry(x, i), i, 1, N)"),
    ("sum_{i=1}^{N}", "? After the sum sign what is added up is missing."),
    ("prod x", "? Write a product over an index, as in prod_{i=1}^{N} x_i."),
    (
        "sum(x_i for i in range(N))",
        "? Entries are counted from 1; let the index run from 1, as in sum_{i=1}^{N}.",
    ),
    ("sum(x_i for i in range(1, N + 1))", "Sum(entry(x, i), i, 1, N)"),
    ("sum(x_i for i in 1..N)", "Sum(entry(x, i), i, 1, N)"),
    ("Sum(x_i, (i, 1, N))", "Sum(entry(x, i), i, 1, N)"),
    ("sum(i, 1, N, x_i)", "Sum(entry(x, i), i, 1, N)"),
    ("Sum(x_i, (i, 1, N), (j, 1, n))", "Sum(Sum(entry(x, i), j, 1, n), i, 1, N)"),
    ("prod_i x_i + c", "Prod(entry(x, i), i, 1, N) + c"),
    ("trace A", "trace(A)"),
    ("diag(1, ..., N)", "diag(arange(1, N + 1))"),
    ("[x_1, ..., x_N]", "x"),
    ("[1, 4, 9, ..., N^2]", "arange(1, N + 1)**2"),
    ("[1, 3, 9, ...]", "? It is not clear how this list goes on; write one more entry, or the list as one formula."),
    ("[1, 2, 7, ..., N]", "? It is not clear how this list goes on; write one more entry, or the list as one formula."),
    ("[..., 3]", "? It is not clear how this list goes on; write one more entry, or the list as one formula."),
    ("[1, ..., c, 4]", "? It is not clear how this list goes on; write one more entry, or the list as one formula."),
    ("[0, x_1, 0, x_2, ..., 0, x_N]", "kron(x, [0, 1])"),
    ("[2, 4, ..., 2N]", "2 * arange(1, N + 1)"),
    ("[1, 2, ..., 9]", "arange(1, 9 + 1)"),
    ("[1, ..., 2]", "arange(1, 2 + 1)"),
    ("set(c, 1)", "set(c, 1)"),
    ("exp x", "exp(x)"),
    ("min()", "? Between the brackets a value is missing."),
    ("mean_i x_i", "Sum(entry(x, i), i, 1, N) / N"),
    ("I_N", "eye(N)"),
    ("Eq(c, 1)*c", "indicator(c == 1) * c"),
    ("trace(c, c)", '? "trace" takes one value.'),
    ("root(c)", '? "root" takes two values, as in root(1, 2).'),
    ("Matrix(1, 2)", '? "Matrix" takes one value.'),
    ("sum_i (x_i", '? The bracket "(" is never closed.'),
    ("sum_{i=1 x_i", '? The bracket "{" is never closed.'),
    ("sum_j^ x_j", '? "_j" is not known here. You can use: N, m, n, x, y, A, c, i, ….'),
    ("sum_i^{-1} x_i", "Sum(entry(x, i), i, 1, -1)"),
    ("sum_{i=-1}^{N} c", "Sum(c, i, -1, N)"),
    ("sum x_i y_i + c", "Sum(entry(x, i) * entry(y, i), i, 1, N) + c"),
    ("sum_i A_ij", "Sum(entry(A, i, j), i, 1, N)"),
    ("sum_ij A_ij", "Sum(Sum(entry(A, i, j), j, 1, n), i, 1, N)"),
    ("sum(A_ij)", "? Say over which index the sum runs, as in sum_i."),
    ("sum(c)", "? Say over what the sum runs, as in sum_{i=1}^{N} x_i."),
]


@pytest.mark.parametrize(("typed", "meant"), ROWS, ids=[typed for typed, _ in ROWS])
def test_a_word_is_read_or_asked_back(typed: str, meant: str) -> None:
    try:
        found = to_source(parse_formula(typed, SYMBOLS))
    except LanguageError as error:
        found = f"? {error.says}"
    assert found == meant
