"""When formulas of vectors and matrices are the same: a table, what may differ, and what is said."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author
from app.domain.symbols import symbol
from graders.equality.tensor_points import SIZES, Place, sizes_of, values_at
from graders.equality.tensors import same_tensor

SYMBOLS = {
    name: symbol(kind)
    for name, kind in {
        "w": "vector(d)",
        "x": "vector(d)",
        "fa": "vector(d)",
        "fp": "vector(d)",
        "fn": "vector(d)",
        "z": "vector(N)",
        "v": "vector(N)",
        "ys": "vector(N)",
        "u": "vector(3)",
        "y": "real",
        "alpha": "positive",
        "A": "matrix(m, d)",
        "B": "matrix(d, d)",
        "xs": "vectors(N, d)",
        "JLg": "matrix(1, g)",
        "Jgf": "matrix(g, f)",
        "Jfq": "matrix(f, q)",
        "i": "index(N)",
        "j": "index(N)",
        "l": "function",
        "c": "complex",
        "p": "positive",
    }.items()
}
TRIPLET = "max(norm(fa - fp)**2 - norm(fa - fn)**2 + alpha, 0)"
ACTIVE = "norm(fa - fp)**2 - norm(fa - fn)**2 + alpha > 0"
SQUARES = "Sum((dot(w, entry(xs, i)) - entry(ys, i))**2, i, 1, N)"
NLL = "y*dot(w, x)**2 - log(dot(w, x)**2)"


def judged(reference: str, answer: str, *up_to: str):
    return same_tensor(parse_author(reference), parse_author(answer), SYMBOLS, up_to)


HINGES = "Sum(entry(xs, i)*indicator(dot(w, entry(xs, i)) < 1), i, 1, N)"

EQUAL = [
    (HINGES, "Sum(entry(xs, i)*indicator(1 - dot(w, entry(xs, i)) > 0), i, 1, N)"),
    (f"gradient({NLL}, w)", "(2*y*dot(w, x) - 2/dot(w, x)) * x"),
    (f"gradient({NLL}, w)", "2*(y*dot(w, x)**2 - 1)/dot(w, x) * x"),
    ("jacobian(arange(1, N + 1) * z, z)", "diag(arange(1, N + 1))"),
    ("jacobian(cumsum(z), z)", "indicator(arange(1, N + 1) @ ones(1, N) >= ones(N) @ transpose(arange(1, N + 1)))"),
    ("jacobian(norm(z - v)**2, z)", "2*transpose(z - v)"),
    ("JLg @ Jgf @ Jfq", "JLg @ (Jgf @ Jfq)"),
    ("JLg @ Jgf @ Jfq", "transpose(transpose(Jfq) @ transpose(Jgf) @ transpose(JLg))"),
    (f"gradient({TRIPLET}, fa)", f"2*(fn - fp) if {ACTIVE} else zeros(d)"),
    (f"gradient({TRIPLET}, fa)", f"2*(fn - fp) if {ACTIVE} else 0"),
    (f"gradient({TRIPLET}, fp)", f"2*(fp - fa) * indicator({ACTIVE})"),
    (f"gradient({TRIPLET}, fa)", f"(2*(fa - fp) - 2*(fa - fn)) * ({ACTIVE})"),
    (SQUARES, "norm(xs @ w - ys)**2"),
    (f"gradient({SQUARES}, w)", "2*transpose(xs) @ (xs @ w - ys)"),
    ("gradient(Sum(l(dot(w, entry(xs, i))), i, 1, N), w)", "Sum(l_prime(dot(w, entry(xs, i)))*entry(xs, i), i, 1, N)"),
    ("indicator(i == j)*i", "entry(diag(arange(1, N + 1)), i, j)"),
    ("gradient(-log(entry(softmax(z), i)), z)", "softmax(z) - indicator(arange(1, N + 1) == i)"),
    ("softmax(z)", "exp(z)/sum(exp(z))"),
    ("u", "[entry(u, 1), entry(u, 2), entry(u, 3)]"),
    ("outer(u, u)", "[[entry(u, 1)*entry(u, 2), entry(u, 2), 0], [0, 0, 0], [0, 0, 0]] * 0 + u @ transpose(u)"),
    ("inv(transpose(B) @ B) @ x", "inv(B) @ inv(transpose(B)) @ x"),
    ("kron(v, [0, 1])", "transpose(kron(eye(N), [[0, 1]])) @ v"),
    ("trace(B @ outer(w, x))", "dot(x, B @ w)"),
    ("relu(z)", "z if z > 0 else 0"),
    ("A @ x - A @ x", "0*(A @ w)"),
    ("entry(A @ x, 1)", "Sum(entry(A, 1, k)*entry(x, k), k, 1, d)"),
    ("log(p)*x", "log(p**2)/2*x"),
    ("A @ x", "A @ x + 10**20 - 10**20"),
]


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize(("reference", "answer"), EQUAL)
def test_rewriting_changes_nothing(reference, answer):
    assert judged(reference, answer).verdict == "equal"
    assert judged(answer, reference).verdict == "equal"


DIFFERENT = [
    (f"gradient({NLL}, w)", "(2*y*dot(w, x) - 2/dot(w, x)) * w"),
    (f"gradient({NLL}, w)", "(y - 1/dot(w, x)**2) * x"),
    (f"gradient({NLL}, w)", "2*y*dot(w, x)*x"),
    (f"gradient({NLL}, w)", "transpose((2*y*dot(w, x) - 2/dot(w, x)) * x)"),
    (f"gradient({NLL}, w)", "2*y*dot(w, x) - 2/dot(w, x)"),
    ("diag(arange(1, N + 1))", "arange(1, N + 1)"),
    ("diag(arange(1, N + 1))", "diag(z)"),
    ("diag(arange(1, N + 1))", "diag(arange(0, N))"),
    ("2*transpose(z - v)", "2*transpose(v - z)"),
    ("2*transpose(z - v)", "2*(z - v)"),
    ("JLg @ Jgf @ Jfq", "JLg @ Jfq @ Jgf"),
    ("JLg @ Jgf @ Jfq", "Jfq @ Jgf @ JLg"),
    ("JLg @ Jgf @ Jfq", "JLg @ Jgf"),
    (f"gradient({TRIPLET}, fa)", "2*(fn - fp)"),
    (f"gradient({TRIPLET}, fa)", "0"),
    (f"gradient({TRIPLET}, fa)", f"2*(fp - fa) if {ACTIVE} else 0"),
    (SQUARES, "norm(xs @ w - ys)"),
    (SQUARES, "mean((xs @ w - ys)**2)"),
    (SQUARES, "Sum(dot(w, entry(xs, i)) - entry(ys, i), i, 1, N)**2"),
    ("gradient(Sum(l(dot(w, entry(xs, i))), i, 1, N), w)", "Sum(l(dot(w, entry(xs, i)))*entry(xs, i), i, 1, N)"),
    ("entry(z, i)", "entry(z, j)"),
    ("entry(z, i)", "entry(z, i + 1)"),
    ("kron(eye(N), [[0, 1]])", "kron(eye(N), [[1, 0]])"),
    ("B @ transpose(B)", "transpose(B) @ B"),
    ("A @ x", "A @ x + 1"),
    ("A @ x", "x + transpose(x)"),
    ("relu(z)", "abs(z)"),
    ("log(abs(entry(z, 1)))*v", "log(entry(z, 1))*v"),
    ("z if z > -4 else 0", "z"),
    ("u", "[entry(u, 1), entry(u, 2)]"),
    ("norm(w)", "norm(w, 1)"),
    (f"gradient({TRIPLET}, fp)", f"2*(fp - fa) * indicator({ACTIVE.replace('alpha', 'p')})"),
    (f"gradient({TRIPLET}, fp)", f"2*(fp - fa) * indicator({ACTIVE.replace('+ alpha', '')})"),
    (f"gradient({TRIPLET}, fp)", f"2*(fp - fa) * indicator({ACTIVE.replace('0', '0.001')})"),
    (HINGES, HINGES.replace("< 1", "< 0.99")),
    ("A @ x", "A @ x*(1 + 10**-8)"),
]


@pytest.mark.parametrize(("reference", "answer"), DIFFERENT)
def test_a_mistake_is_a_difference(reference, answer):
    assert judged(reference, answer).verdict == "different"
    # A reference whose shapes do not fit is nobody's fault but the author's.
    assert judged(answer, reference).verdict in ("different", "undecided")


UP_TO = [
    ("2*transpose(z - v)", "2*(z - v)", ["layout"], "equal"),
    ("diag(z)", "z", ["layout"], "different"),
    ("JLg @ Jgf", "transpose(Jgf) @ transpose(JLg)", ["transpose"], "equal"),
    ("B", "transpose(B)", ["layout"], "different"),
    ("B", "transpose(B)", ["transpose"], "equal"),
    ("B", "-2*transpose(B)", ["transpose", "factor"], "equal"),
    ("2*(z - v)", "2*(v - z)", ["sign"], "equal"),
    ("2*(z - v)", "v - z", ["sign"], "different"),
    ("2*(z - v)", "z - v", ["positive factor"], "equal"),
    ("2*(z - v)", "v - z", ["positive factor"], "different"),
    ("2*(z - v)", "v - z", ["factor"], "equal"),
    ("2*(z - v)", "v - z", ["positive factor", "sign"], "equal"),
    ("2*(z - v)", "0*z", ["factor"], "different"),
    ("2*(z - v)", "entry(z, 1)*(z - v)", ["factor"], "different"),
    ("0*z", "0*v", ["factor"], "equal"),
    ("norm(z)**2", "norm(z)**2 + 7", ["constant"], "equal"),
    ("norm(z)**2", "norm(z)**2 + y", ["constant"], "different"),
    ("norm(z)**2", "norm(z)**2/2 + N*log(2)", ["constant", "positive factor"], "equal"),
    (SQUARES, "mean((xs @ w - ys)**2)", ["positive factor"], "equal"),
    (SQUARES, "mean((xs @ w - ys)**2) + 7*norm(ys)", ["positive factor", "constant in w"], "equal"),
    (SQUARES, "mean((xs @ w - ys)**2) + 7*norm(w)", ["positive factor", "constant in w"], "different"),
    (SQUARES, "-mean((xs @ w - ys)**2)", ["positive factor", "constant in w"], "different"),
    (SQUARES, f"norm(ys)*{SQUARES}", ["positive factor", "constant in w"], "different"),
    (SQUARES, "norm(xs @ w)**2 - 2*dot(xs @ w, ys)", ["constant in w"], "equal"),
    (SQUARES, "norm(xs @ w)**2 - 2*dot(xs @ w, ys) + norm(ys)**2 + y", ["constant in w, ys"], "equal"),
    (SQUARES, "norm(xs @ w)**2 - 2*dot(xs @ w, ys)", ["constant in w, ys"], "different"),
]


@pytest.mark.parametrize(("reference", "answer", "up_to", "verdict"), UP_TO)
def test_what_may_differ_does_not_count(reference, answer, up_to, verdict):
    assert judged(reference, answer, *up_to).verdict == verdict


CLASH = "For g = 2, f = 4, q = 5: a row of 2 entries and a 4 × 5 matrix cannot be multiplied: 2 columns meet 4 rows."
UNDECIDED = [
    ("c*x", "x*c"),
    ("x", "unknown*x"),
    ("x", "[x, w]"),
    ("x", "{'a': 1}"),
    ("x + log(-1)", "x + log(-1)"),
    ("x", "Sum(Sum(Sum(Sum(x, a, 1, 90), b, 1, 90), k, 1, 90), h, 1, 90)"),
]


@pytest.mark.parametrize(("reference", "answer"), UNDECIDED)
def test_what_nobody_can_say_is_undecided(reference, answer):
    verdict = judged(reference, answer)
    assert verdict.verdict == "undecided"
    assert verdict.reason.endswith(".")


@pytest.mark.parametrize(
    ("reference", "answer", "reason"),
    [
        (
            "diag(arange(1, N + 1))",
            "arange(1, N + 1)",
            "For N = 2: yours is a column of 2 entries, but should be a 2 × 2 matrix.",
        ),
        (
            "diag(arange(1, N + 1))",
            "indicator(i == j)",
            "For N = 2: yours gives entries by i, j; that at i = 2, j = 2 is 1, but should be 2.",
        ),
        (
            "diag(arange(1, N + 1))",
            "i*indicator(i == j)",
            "For N = 2: yours gives entries by i, j, but should be a 2 × 2 matrix as a whole.",
        ),
        (
            "z",
            "entry(z, i)",
            "For N = 2: yours gives entries by i, but should be a column of 2 entries as a whole.",
        ),
        (
            "JLg @ Jgf @ Jfq",
            "JLg @ Jfq @ Jgf",
            CLASH,
        ),
        (
            "kron(eye(N), [[0, 1]])",
            "kron(eye(N), [[1, 0]])",
            "At N = 2 entry (1, 1) of yours is 1, but should be 0.",
        ),
    ],
)
def test_the_reason_names_shapes_or_the_first_entry_that_differs(reference, answer, reason):
    assert judged(reference, answer).reason == reason


def test_the_point_of_a_reason_can_be_recalculated():
    reason = judged("2*u", "3*u").reason
    at, says = reason.split(") entry ")
    entries = [int(entry) for entry in at.removeprefix("At u = (").split(", ")]
    assert says == f"1 of yours is {3 * entries[0]}, but should be {2 * entries[0]}."


def test_verdicts_and_reasons_do_not_change_from_call_to_call():
    for reference, answer in [*EQUAL[:5], *DIFFERENT[:5]]:
        assert judged(reference, answer) == judged(reference, answer)


def test_sizes_of_one_comparison_all_differ():
    for line in SIZES:
        assert sorted(line) == [1, 2, 3, 4, 5, 6]
    for one in range(len(SIZES)):
        for name in range(6):
            assert len({line[name] for line in SIZES}) >= 3, one
    given = {"J": symbol("matrix(2, n)"), "x": symbol("vector(m)")}
    for assignment in range(4):
        sizes = sizes_of(given, ["n", "m"], assignment)
        assert len({2, *sizes.values()}) == 3


def test_points_lie_in_their_domains_with_both_signs_where_they_may():
    domains = ["real", "nonzero", "positive", "nonnegative", "negative", "unit", "integer", "natural"]
    symbols = {domain: symbol(domain) for domain in domains} | {"k": symbol("index(3)"), "J": symbol("matrix(2, 3)")}
    seen = {name: [] for name in symbols}
    for assignment in range(4):
        for place in range(30):
            for name, array in values_at(symbols, symbols, Place(assignment, 0, place)).items():
                seen.setdefault(name, []).extend(array.flat)
    assert all(value > 0 for name in ("positive", "nonnegative", "natural") for value in seen[name])
    assert all(value < 0 for value in seen["negative"])
    assert all(0 < value < 1 for value in seen["unit"])
    assert set(seen["k"]) == {1, 2, 3}
    for name in ("real", "nonzero", "integer", "J"):
        assert min(seen[name]) < 0 < max(seen[name])
    assert all(value == int(value) for name in ("integer", "natural") for value in seen[name])
