"""Small programs: what is read, how it is spelled again, and what is said about everything else."""

from __future__ import annotations

import pytest

from app.domain.language import LanguageError
from app.domain.language.program_tree import program_source
from app.domain.language.program_words import ALIASES, PROGRAM_FUNCTIONS, canonical
from app.domain.language.programs import parse_program

NAMES = ["v", "x", "y", "N"]


def source(text: str) -> str:
    return program_source(parse_program(text, NAMES))


CASES = """out = []
for i, a in enumerate(v):
\tif i % 2 == 0:
\t\tout.append(a)
\telif i == 3: pass
\telse:
\t\tout.append(-a)
return np.array(out)"""
CASES_SPELLED = """out = []
for i, a in enumerate(v):
    if i % 2 == 0:
        out.append(a)
    else:
        if i == 3:
            pass
        else:
            out.append(-a)
return asarray(out)"""

READ = [
    ("v*np.arange(1,N+1)", "return v * arange(1, N + 1)"),
    ("v2 = numpy.arange(1, N+1) * v", "v2 = arange(1, N + 1) * v"),
    ("out = np.zeros(2*N); out[1::2] = v", "out = zeros(2 * N)\nout[1::2] = v"),
    ("import numpy as np\nreturn np.kron(v, [0, 1])", "return kron(v, [0, 1])"),
    ("def vjp(v, x):\n    return v * 2", "return v * 2"),
    ("def vjp(v: float, x) -> float: return v * 2", "return v * 2"),
    ("for k in range(N): x[k] += 1", "for k in range(N):\n    x[k] += 1"),
    (CASES, CASES_SPELLED),
    ("[k*v[k-1] for k in range(1, N+1) if k > 1]", "return [k * v[k - 1] for k in range(1, N + 1) if k > 1]"),
    ("sum(v[k] for k in range(N))", "return sum([v[k] for k in range(N)])"),
    ("(v*x).sum()", "return sum(v * x)"),
    ("x.T @ v", "return transpose(x) @ v"),
    ("v.shape[0] + v.size", "return shape(v)[0] + size(v)"),
    ("np.linalg.norm(v)", "return norm(v)"),
    ("v[:, None] * v[np.newaxis, :]", "return v[:, None] * v[None, :]"),
    ("v[[0, 2]] + v[-1]", "return v[asarray([0, 2])] + v[-1]"),
    ("v[::-1]", "return v[::-1]"),
    ("np.array([1, 2], dtype=float) + v.astype(np.float64)", "return asarray([1, 2]) + astype(v)"),
    ("x if N > 2 and not y < 0 else v", "return x if N > 2 and not y < 0 else v"),
    ("return v  # the gradient", "return v"),
    ("np.r_[1:N+1] * v", "return arange(1, N + 1) * v"),
    ("v[[0, 2][0]]", "return v[[0, 2][0]]"),
    ("for k in range(N): v.append(k)\nreturn v", "for k in range(N):\n    v.append(k)\nreturn v"),
    ("out = v \\\n  + x\nreturn out", "out = v + x\nreturn out"),
    ("y = (v *\n     x)\nreturn y", "y = v * x\nreturn y"),
    ("-v**2 / np.pi", "return -v**2 / pi"),
    ("v −x", "return v - x"),
    ("np.sum([v, x], axis=0)", "return sum([v, x], axis=0)"),
    ("if N > 1: return v\nelse: return x", "if N > 1:\n    return v\nelse:\n    return x"),
    ("x @= v", "x @= v"),
]


@pytest.mark.parametrize(("text", "spelled"), READ)
def test_a_program_is_read_as_numpy_would(text, spelled):
    assert source(text) == spelled


@pytest.mark.parametrize("spelled", [spelled for _, spelled in READ])
def test_the_normal_spelling_reads_as_the_same_program(spelled):
    assert source(spelled) == spelled


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a = v\nb = a", "b"),
        ("out = np.zeros(N)\nfor k in range(N):\n  out[k] = v[k]", "out"),
        ("out = []\nout.append(3)", "out"),
        ("v", ""),
        ("a = v\nreturn a", ""),
    ],
)
def test_without_a_return_the_name_set_last_counts(text, name):
    assert parse_program(text, NAMES).result == name


REFUSED = [
    ("", "A value or some lines are missing here.", ""),
    ("import os", "An import gives no value; write the calculation as well.", "import os"),
    ("# nothing", "A value or some lines are missing here.", "#"),
    ("2v", '"2" runs into "v"; write a sign between them.', "2v"),
    ("v^2", 'Write "**" for a power.', "^"),
    ("v & x", 'Write "and" between conditions.', "&"),
    ("v[", 'Something is missing after "[".', ""),
    ("(v) (x)", "Only functions can be called; write * for a product.", "("),
    ("q + v", '"q" is not known here; the given names are N, v, x, y.', "q"),
    ("a = 1\nq + v", '"q" is not known here; the given names are N, v, x, y.', "q"),
    ("np.foo(v)", '"foo" is no function that can be used here.', "foo"),
    ("np.random.rand(N)", '"random" cannot be used here.', "random"),
    ("np.sum", '"sum" needs brackets, as in np.sum(v).', "sum"),
    ("v.sum", '".sum" cannot follow a value here.', "sum"),
    ("while True: pass", "Write a loop with a known end, as in for k in range(N).", "while True: pass"),
    ("print(v)", "Nothing is printed here; delete this line.", "print(v)"),
    ("lambda v: v", "Write the value only, without lambda.", "lambda v: v"),
    ("v\n  x", "This line is indented without a reason.", "x"),
    ("for k in range(N):\nv", "Below this line, indented, its body is missing.", "for k in range(N):"),
    ("for k in range(N) v", 'A colon ":" is missing here.', "v"),
    ("else: v", 'There is no "if" to which this "else" belongs.', "else: v"),
    ("return", 'After "return" a value is missing.', "return"),
    ("x =", "After the equals sign a value is missing.", ""),
    ("v; x", "This value is not used; set a name with it, or return it in the last line.", "v"),
    ("for k in range(N): pass", "There is no result; write return and its value.", "for k in range(N): pass"),
    ("def f(u): return u", '"u" is not given here; the given names are v, x, y, N.', "def f(u): return u"),
    ("def f(v):\n  return v\nf(v)", "Only the lines of the function are needed; delete this one.", "f(v)"),
    ("v.T = x", "Only a name, or places of it as in out[1::2], can be set.", "v.T ="),
    ("'abc'", "Texts are not needed here.", "'abc'"),
    ("{1: 2}", "Curly brackets are not needed here.", "{"),
    ("a, b = v, x", "Put brackets around several values, as in [1, 2].", ","),
    ("y = (v := 3)", 'Write one assignment a line, with "=".', ":="),
    ("v if x", 'After "if" and its condition "else" is missing.', ""),
    ("v for k in x", "A loop begins its line, as in for k in range(N).", "for"),
    ("v.", "After the dot a name is missing.", ""),
    ("np.r_[1, 2]", 'Of "r_" only a range can be read here, as in np.r_[1:N+1].', "r_"),
    ("np.r_[1:]", 'Of "r_" only a range can be read here, as in np.r_[1:N+1].', "r_"),
    ("np.einsum(v, x)", 'Write what "einsum" stands for, such as v * w, A @ v or np.sum(v * w).', "einsum"),
]


@pytest.mark.parametrize(("text", "sentence", "place"), REFUSED)
def test_what_cannot_be_read_is_said_with_its_place(text, sentence, place):
    with pytest.raises(LanguageError) as refused:
        parse_program(text, NAMES)
    error = refused.value
    assert (error.says, error.text[error.start : error.end].strip()) == (sentence, place)
    assert error.text == text


HOSTILE = [
    "__import__('os').system('true')",
    "v.__class__.__mro__",
    "v.__array_interface__",
    "eval('1')",
    "exec('1')",
    "open('/etc/passwd')",
    "import os\nos.system('true')",
    "from os import system\nsystem(v)",
    "globals()",
    "getattr(v, x)",
    "np.load(v)",
    "np.fromfile(v)",
    "np.lib.npyio.load(v)",
    "np.ctypeslib.ctypes(v)",
    "class A: pass",
    "@property\ndef f(v): return v",
    "with v as x: pass",
    "try: v\nexcept: x",
    "global v",
    "del v",
    "assert v",
    "async def f(v): return v",
    "yield v",
    "raise v",
    "[" * 500 + "v" + "]" * 500,
    "(" * 500 + "v" + ")" * 500,
    "-" * 2000 + "v",
    "not " * 500 + "v",
    "v" + "**2" * 500,
    "v" + "+v" * 900,
    "v" + "[0]" * 500,
    "v" + ".T" * 900,
    "v if " * 300 + "v" + " else v" * 300,
    "\n".join(f"{' ' * depth}for a{depth} in v:" for depth in range(40)) + "\n" + " " * 40 + "x = 1",
    "\n".join(["if v: x = 1", *["elif v: x = 1"] * 30]),
    "\n".join(["x = 1"] * 61),
    "v" * 4000,
    "9" * 400,
    "v ** 10 ** 10 ** 10",
    "9 ** 9 ** 9",
    "v\x00",
    "v\u202e",
    "\ud800",
    "v = 'a' * 10 ** 9",
    "f'{v}'",
    "v" + "\\" * 50,
    "\\\n" * 50,
    "):]}{[(:",
    ";" * 3000,
    ":" * 100,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_with_a_sentence(text):
    with pytest.raises(LanguageError) as refused:
        parse_program(text, NAMES)
    assert refused.value.says.endswith((".", "?", ":"))
    assert 0 <= refused.value.start <= len(text)


def test_every_other_spelling_leads_to_a_function():
    assert {canonical(name) for name in ALIASES} <= PROGRAM_FUNCTIONS
    assert canonical("eval") is None
