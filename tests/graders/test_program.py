"""The grader of programs: right on every size, cheap or not, and the usual misses."""

from __future__ import annotations

import pytest

from app.domain.answers import Invalid, Read, read
from app.domain.graders import Answer
from app.domain.language import parse_author
from app.domain.symbols import symbol
from app.domain.values import PERSON, symbolic
from graders.evaluation.errors import EvaluationError
from graders.program import Program, ProgramOptions

PROGRAM = Program()


def options(answer="", symbols=None, names=None, multiplications="", operations="", memory="", **written):
    declared = {name: symbol(kind) for name, kind in (symbols or {"v": "vector(N)", "x": "vector(N)"}).items()}
    cells = {"answer": answer, "multiplications": multiplications, "operations": operations, "memory": memory}
    cells = {name: text for name, text in cells.items() if text}
    made = ProgramOptions.model_validate(written | cells)
    values = {name: symbolic(parse_author(text)) for name, text in cells.items()}
    if names:
        values["names"] = {name: symbolic(parse_author(text)) for name, text in names.items()}
    return made.model_copy(update=values | {"symbols": declared})


SCALING = options("v*arange(1, N + 1)", multiplications="N")
SCATTER = options("kron(p, [0, 1])", {"p": "vector(N)"}, multiplications="2*N", memory="4*N + 8")
GRADIENT = options(
    "gradient(y*dot(w, x)**2 - log(dot(w, x)**2), w)",
    {"w": "vector(d)", "x": "vector(d)", "y": "positive"},
    {"s": "dot(w, x)"},
    program="(2*y*s - 2/s)*x",
    sizes=(2, 3, 4, 5),
)
TAIL = options("reverse(cumsum(reverse(v)))")
JACOBIAN = options("diag(arange(1, N + 1))")


def facts(given, text):
    found = read(PROGRAM.widget(given), text)
    assert isinstance(found, Read), found
    answer = Answer(found, None)
    assert PROGRAM.check(given, answer) is None
    return PROGRAM.observe(given, answer)


RIGHT = [
    (SCALING, "v2 = np.arange(1, N+1) * v"),
    (SCALING, "out = np.zeros(N)\nfor k in range(N):\n    out[k] = (k+1)*v[k]\nreturn out"),
    (SCALING, "[(k+1)*v[k] for k in range(N)]"),
    (SCALING, "v*np.arange(1, len(v) + 1)"),
    (SCALING, "(v[:, None]*np.arange(1, N+1)[:, None])"),
    (SCATTER, "out = np.zeros(2*N)\nout[1::2] = p\nreturn out"),
    (SCATTER, "np.kron(p, [0, 1])"),
    (SCATTER, "np.insert(p, range(N), 0)"),
    (GRADIENT, "(2*y*s - 2/s)*x"),
    (GRADIENT, "(2*y*(w @ x) - 2/np.dot(w, x))*x"),
    (GRADIENT, "2*(y*s**2 - 1)/s * x"),
    (GRADIENT, "(2*y*s - 2/s)*x[None, :]"),
    (TAIL, "np.cumsum(v[::-1])[::-1]"),
    (TAIL, "v.sum() - np.cumsum(v) + v"),
    (JACOBIAN, "np.diag(np.arange(1, N+1))"),
    (JACOBIAN, "J = np.zeros((N, N))\nfor i in range(N): J[i, i] = i + 1\nreturn J"),
]


@pytest.mark.parametrize(("given", "text"), RIGHT)
def test_every_way_to_the_right_result_is_right_and_cheap(given, text):
    found = facts(given, text)
    assert (found["right"], found["shape"], found["efficient"], found["materialises"]) == (True, True, True, False)
    assert found["problem"] == ""


WRONG = [
    (SCALING, "np.arange(N)*v"),
    (SCALING, "v*x"),
    (SCALING, "v/np.arange(1, N+1)"),
    (SCALING, "np.arange(1, N+1)"),
    (SCATTER, "np.repeat(p, 2)"),
    (SCATTER, "p"),
    (GRADIENT, "(2*y*s - 2/s)*w"),
    (GRADIENT, "(y - 1/s**2)*x"),
    (GRADIENT, "2*y*s*x"),
    (GRADIENT, "2*y*s - 2/s"),
    (GRADIENT, "(2*y*(w[0]*x[0] + w[1]*x[1]) - 2/(w[0]*x[0] + w[1]*x[1]))*x"),
    (TAIL, "np.cumsum(v)"),
    (JACOBIAN, "np.arange(1, N+1)"),
    (JACOBIAN, "np.diag(x)"),
]


VJP = options("transpose(diag(arange(1, N + 1))) @ v", {"v": "vector(N)", "x": "vector(N)"})
WRONG_SOMEWHERE = [
    (VJP, "v*np.arange(1, N+1) if N < 100 else 0*v"),
    (VJP, "np.where(v > 5, 0, v*np.arange(1, N+1))"),
    (VJP, "np.where(v > 100, 0, v*np.arange(1, N+1))"),
    (VJP, "np.where(v < -1e6, 0, v*np.arange(1, N+1))"),
    (VJP, "np.where(abs(v) < 1e-9, 1, v*np.arange(1, N+1))"),
    (VJP, "np.minimum(v, 50)*np.arange(1, N+1)"),
    (VJP, "v*np.arange(1, N+1) + 1e-9*x"),
    (VJP, "v*np.arange(1, N+1)*(1 + 1e-8)"),
    (VJP, "v*np.arange(1, N+1)*(N != 77)"),
    (VJP, "v*np.arange(1, N+1) if N % 7 else 0*v"),
    (VJP, "out = np.zeros(N)\nfor k in range(N):\n    if k < 70: out[k] = (k+1)*v[k]\nreturn out"),
]
NOBODY_KNOWS = [
    "v*np.arange(1, N+1) if N < 1000 else 0*v",
    "np.where(v == 1.0625, 7, v*np.arange(1, N+1))",
    "np.where(v == 0, 7, v*np.arange(1, N+1))",
    "v*np.arange(1, N+1) if x[0]*1e-30 < 1 else 0*v",
]


@pytest.mark.parametrize("text", NOBODY_KNOWS)
def test_where_a_condition_never_held_or_never_failed_a_person_decides(text):
    assert facts(VJP, text)["right"] == PERSON


def test_a_condition_that_was_met_both_ways_is_no_doubt():
    assert facts(VJP, "v*np.arange(1, N+1) if N > 1 else v")["right"] is True
    assert facts(VJP, "v*np.arange(1, N+1) if len(v) > 0 else v")["right"] is True
    assert facts(VJP, "np.where(v > 0, v*np.arange(1, N+1), -np.abs(v)*np.arange(1, N+1))")["right"] is True


def test_more_looks_show_in_no_list_of_sizes():
    assert facts(VJP, "v*np.arange(1, N+1)*(N > 60) + v*np.arange(1, N+1)*(N <= 60)")["sizes"][:4] == [1, 2, 5, 50]


@pytest.mark.parametrize(("given", "text"), [*WRONG, *WRONG_SOMEWHERE])
def test_a_mistake_is_wrong(given, text):
    assert facts(given, text)["right"] is False


@pytest.mark.parametrize(
    ("given", "text"),
    [
        *RIGHT,
        *WRONG,
        *WRONG_SOMEWHERE,
        (VJP, NOBODY_KNOWS[0]),
        (SCALING, "v["),
        (SCALING, "v @ np.diag(v)"),
        (SCALING, "v/(N - 5)"),
    ],
)
def test_whether_it_is_right_is_found_out_alone_as_well(given, text):
    answer = Answer(Read(text), None)
    assert PROGRAM.right(given, answer) == PROGRAM.observe(given, answer)["right"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (SCALING, "v @ np.diag(np.arange(1, N+1))"),
        (SCALING, "np.eye(N)*np.arange(1, N+1) @ v"),
        (SCATTER, "p @ np.kron(np.eye(N), [[0, 1]])"),
        (SCATTER, "p @ np.eye(2*N)[1::2]"),
        (TAIL, "np.triu(np.ones((N, N))) @ v"),
    ],
)
def test_a_jacobian_that_is_made_is_right_but_not_cheap(given, text):
    found = facts(given, text)
    assert (found["right"], found["efficient"], found["materialises"]) == (True, False, True)
    assert found["multiplications"][-1] is None
    assert "makes an array of" in found["problem"]


def test_multiplications_and_memory_are_counted_at_every_size():
    found = facts(SCALING, "v*np.arange(1, N+1)")
    assert found["sizes"] == [1, 2, 5, 50, 3000]
    assert found["multiplications"] == [1, 2, 5, 50, 3000]
    assert found["memory"] == [2, 4, 10, 100, 6000]
    twice = facts(SCALING, "v*np.arange(1, N+1)*1.0")
    assert (twice["right"], twice["few"], twice["little"], twice["efficient"]) == (True, False, True, False)


@pytest.mark.parametrize(
    ("given", "text", "name"),
    [
        (SCALING, "-v*np.arange(1, N+1)", "sign"),
        (SCALING, "(v*np.arange(1, N+1))[::-1]", "reversed"),
        (SCATTER, "out = np.zeros(2*N); out[::2] = p", "shifted"),
        (JACOBIAN, "np.tril(np.ones((N, N))) * 0", ""),
        (options("outer(v, x)"), "np.outer(x, v)", "transposed"),
    ],
)
def test_near_misses_are_named(given, text, name):
    found = facts(given, text)
    assert found["right"] is False
    for miss in ("sign", "reversed", "shifted", "transposed"):
        assert found[miss] is (miss == name)


# The formula makes a matrix, so that 3000 is too large for it: only the cost is measured beyond 50.
BY_A_MATRIX = options("transpose(cumsum(eye(N))) @ v")
PICKED = options("kron(eye(N), [[0], [1]]) @ p", {"p": "vector(N)"})
EACH_WITH_EACH = """
out = np.zeros(2*N)
for j in range(2*N):
    for i in range(N):
        if j == 2*i + 1:
            out[j] = p[i]
return out
"""


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize(
    ("given", "text"),
    [
        (TAIL, "[np.sum(v[k:]) for k in range(N)]"),
        (TAIL, "[np.cumsum(v[k:])[-1] for k in range(N)]"),
        (TAIL, "out = np.zeros(N)\nfor k in range(N): out[:k+1] += v[k]\nreturn out"),
        (TAIL, "[sum([v[j] for j in range(k, N)]) for k in range(N)]"),
        (BY_A_MATRIX, "[np.sum(v[k:]) for k in range(N)]"),
        (BY_A_MATRIX, "[np.sum(np.where(np.arange(N) >= k, v, 0)) for k in range(N)]"),
        (BY_A_MATRIX, "[v[np.arange(N) >= k].sum() for k in range(N)]"),
        (BY_A_MATRIX, "out = np.zeros(N)\nfor k in range(N):\n    for j in range(k, N): out[k] += v[j]\nreturn out"),
        (BY_A_MATRIX, "v @ np.tril(np.ones((N, N)))"),
        (PICKED, "[np.max(np.where(2*np.arange(N) + 1 == j, p, -np.inf)) if j % 2 else 0 for j in range(2*N)]"),
        (PICKED, EACH_WITH_EACH),
    ],
)
def test_what_adds_or_compares_as_often_as_a_matrix_has_entries_is_right_but_not_efficient(given, text):
    found = facts(given, text)
    assert (found["right"], found["efficient"], found["few"]) == (True, False, False)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (BY_A_MATRIX, "np.cumsum(v[::-1])[::-1]"),
        (BY_A_MATRIX, "np.flip(np.cumsum(np.flip(v)))"),
        (BY_A_MATRIX, "v.sum() - np.cumsum(v) + v"),
        (
            BY_A_MATRIX,
            "out = np.zeros(N)\ns = 0\nfor k in range(N-1, -1, -1):\n    s += v[k]\n    out[k] = s\nreturn out",
        ),
        (PICKED, "out = np.zeros(2*N)\nout[1::2] = p\nreturn out"),
        (PICKED, "[p[j//2] if j % 2 == 1 else 0 for j in range(2*N)]"),
    ],
)
def test_one_way_through_the_entries_is_efficient(given, text):
    found = facts(given, text)
    assert (found["right"], found["efficient"]) == (True, True)


def test_the_cost_is_measured_at_a_large_size_even_if_the_reference_is_too_large_there():
    found = facts(BY_A_MATRIX, "np.cumsum(v[::-1])[::-1]")
    assert found["sizes"] == [1, 2, 5, 50, 1000]
    assert found["operations"] == [1, 2, 5, 50, 1000]
    # A matrix has a hundred rows there, no thousand: that many numbers are enough to see who is quick.
    product = options("A @ transpose(cumsum(eye(N)))", {"A": "matrix(N, N)"}, sizes=(2, 50, 3000))
    assert facts(product, "np.cumsum(A[:, ::-1], axis=1)[:, ::-1]")["sizes"][-1] in range(60, 101)
    wrong = facts(BY_A_MATRIX, "v")
    assert (wrong["right"], wrong["efficient"]) == (False, True)


def test_an_author_may_say_how_many_operations_are_few():
    for limit, few in (("N", True), ("N - 1", False)):
        assert facts(options("cumsum(v)", operations=limit), "np.cumsum(v)")["few"] is few


def test_a_loop_is_seen():
    assert facts(SCALING, "out = np.zeros(N)\nfor k in range(N): out[k] = k\nreturn out")["loop"] is True
    assert facts(SCALING, "v")["loop"] is False


def test_a_program_that_fails_at_one_size_is_wrong_and_says_so():
    found = facts(SCALING, "out = v*np.arange(1, N+1)\nout[1] = out[1]\nreturn out")
    assert found["right"] is False
    assert found["problem"] == "A place lies outside of an array of 1; places are counted from 0."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("v[10**6]", "This program cannot be run: A place lies outside of an array of 1; places are counted from 0."),
        ("v @ v @ v", "This program cannot be run: A number and an array of 1 cannot be multiplied as matrices."),
        ("for i in range(10**9): v = v", "This program cannot be run: This program takes more than 200000 steps."),
    ],
)
def test_a_program_that_never_runs_cannot_be_judged(text, sentence):
    found = read(PROGRAM.widget(SCALING), text)
    assert isinstance(found, Read)
    refused = PROGRAM.check(SCALING, Answer(found, None))
    assert isinstance(refused, Invalid)
    assert refused.says == sentence
    assert PROGRAM.observe(SCALING, Answer(found, None))["right"] is False


def test_only_the_inputs_are_given():
    given = options("2*v", inputs=["v"])
    assert set(PROGRAM.widget(given).symbols) == {"v", "N"}
    assert isinstance(read(PROGRAM.widget(given), "x + v"), Invalid)


def test_lines_may_be_sent_as_a_list():
    found = read(PROGRAM.widget(SCALING), ["out = v", "return out"])
    assert isinstance(found, Read)
    assert found.cells == "out = v\nreturn out"
    assert isinstance(read(PROGRAM.widget(SCALING), [["v"], ["v"]]), Invalid)


def test_the_program_of_the_author_is_a_reference_too():
    given = options(program="out = np.zeros(2*N)\nout[1::2] = v\nreturn out")
    assert facts(given, "np.kron(v, [0, 1])")["right"] is True
    assert facts(given, "np.kron(v, [1, 0])")["right"] is False
    assert PROGRAM.key(given).startswith("out = ")


def test_a_reference_in_the_manner_of_numpy_is_understood():
    given = options("v @ x * v")
    assert facts(given, "np.dot(v, x)*v")["right"] is True


def test_fixed_sizes_are_tried_with_several_draws():
    given = options("2*u + t", {"u": "vector(3)", "t": "negative"})
    assert facts(given, "u + u + t")["sizes"] == [1, 2, 3]
    assert facts(given, "2*u - abs(t)")["right"] is True
    assert facts(given, "2*u + abs(t)")["right"] is False


def test_several_sizes_all_differ():
    given = options("transpose(A) @ v", {"A": "matrix(m, n)", "v": "vector(m)"})
    assert facts(given, "A.T @ v")["right"] is True
    assert PROGRAM.check(given, Answer(Read("A @ v"), None)) is not None


def test_domains_of_the_inputs_are_kept():
    kinds = {"k": "index(3)", "z": "integer", "u": "unit", "q": "nonnegative", "n": "natural", "r": "negative"}
    given = options("1.0*(k <= 3)*(k >= 1)*(0 < u)*(u < 1)*(q >= 0)*(n >= 1)*(r < 0)", kinds)
    assert facts(given, "1")["right"] is True


def test_where_nothing_can_be_compared_a_person_decides():
    assert facts(options("log(-abs(v))"), "v")["right"] == PERSON


def test_a_reference_that_has_no_value_is_the_authors_problem():
    with pytest.raises(EvaluationError):
        facts(options("v + q"), "v")
    with pytest.raises(EvaluationError, match="The reference program cannot be read"):
        facts(options(program="v +"), "v")


def test_a_field_needs_a_reference():
    with pytest.raises(ValueError, match="Give an `answer`, or a right `program`"):
        ProgramOptions()


def test_the_key_of_a_computed_gradient_is_the_sample():
    assert PROGRAM.key(GRADIENT) == "(2*y*s - 2/s)*x"
    assert PROGRAM.key(SCALING) == "v * arange(1, N + 1)"


def test_the_sample_may_be_made_from_the_variables():
    made = ProgramOptions.model_validate({"answer": "x", "key": "y"})
    values = {"answer": SCALING.answer, "key": "np.arange(1, N + 1)*v", "symbols": SCALING.symbols}
    given = made.model_copy(update=values)
    assert PROGRAM.key(given) == "np.arange(1, N + 1)*v"
    assert facts(given, PROGRAM.key(given))["right"] is True
    alone = given.model_copy(update={"answer": None})
    assert facts(alone, "v*(np.arange(N) + 1)")["right"] is True
    assert facts(alone, "v*np.arange(N)")["right"] is False


def test_an_abbreviation_has_the_layout_of_the_symbol_of_its_name():
    kinds = {"p": "vector(N)", "J": "matrix(N, M)"}
    given = options("kron(p, [0, 1])", kinds, {"J": "kron(eye(N), [[0, 1]])"}, inputs=("p",))
    assert PROGRAM.widget(given).symbols["J"].kind == "matrix"
    for text in ("p @ J", "J.T @ p"):
        found = facts(given, text)
        assert found["right"] is True
        assert found["efficient"] is False


@pytest.mark.parametrize("text", ["[1*v_1, ..., N*v_N]", "(v_1, 2 v_2, …, N v_N)", "[1, …, N] ⊙ v"])
def test_one_formula_as_people_write_it_is_a_program_too(text):
    found = facts(SCALING, text)
    assert found["right"] is True
    assert found["efficient"] is True
