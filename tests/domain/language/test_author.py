from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.language import LanguageError, Limits, parse_author, to_source
from app.domain.language.tree import Attribute, Binary, Call, Index, Name, Node, Number, Sequence, Text
from tests.domain.language.trees import author_trees, bare, read_by_python, unspelled

EXPRESSIONS = [
    "(x for x in y)",
    "outer([-1, 1, 1, -1], s) + m", "sqrt(sum((z - mu)**2, 0) / (len(z) - ddof))",
    "all(v in [-1, 0, 1] for v in W1.value[0]) and b2.value in [-1, 0, 1]",
    "['low', 'high'] if state == 'high variance' else ['high', 'high'] if state == 'bias' else ['low']",
    "[l == '' or e or (l == 'high') == d for l, d, e in zip(x.value, differs, lenient)]", "-2**-2**-x",
    "not a in b and not not c or d", "a < b <= c != d not in e", "z[0], ", "z[1:, ::2][-1]",
    "net['W1'][0](1)", "f(x for x in y if x if not x)", "f(a, *b)", "f(a, b=1, c=[2],)",
    "[(a, b) for (a, b) in c for d, e in a]", "{'a': 1, 'b': {}, }", "{}", "()", "[]", "(1,)", "((1))",
    "[1, 2, ]", "1.5e-3 + .5 + 5. + 1E2 + 0.50 + 00", "a if b else c if d else e",
    "(a if b else c) if (d if e else f) else g", "a.b.c", "(a).b", "f(x).y", "'a'.b", "a.b()", "(f)(x)",
    "f(x)(y)", "a[b]()", "1.real", "a.in", '\'it\\\'s\' == "a\\\\b\\n\\t\\""', "'a' 'b'", "'''a'''", "f'a'",
    "b'a'", "'\\d'", "'\\", "'a\nb'", "lambda: 1", "x := 1", "(x := 1)", "x = 1", "a if b", "a else b",
    "if a", "not", "a not b", "a is b", "a @ b", "a & b", "a | b", "a ^ b", "~a", "a << b", "a; b", "# a",
    "a ? b", "await a", "yield", "None", "f(True=1)", "f(a=1, 2)", "f(a=1, a=2)", "f(**a)", "[*a]", "{**a}",
    "{1: 2}", "{1, 2}", "{'a': 1, 'a': 2}", "{a: b for a in b}", "{'a'}", "{'a': }", "f(x for x in y, 1)",
    "f(1, x for x in y)", "[x for x in]", "[x for x]", "[x for 1 in y]", "[x for x, in y]",
    "[x for x in a if b else c]", "[x for (x in y]", "[x for None in y]", "x for x in y", "1, 2", "a[",
    "a[]", "a[1", "a[1:2:3:4]", "a[b=1]", "(1", "1)", "(1]", "[1)", "{'a': 1)", "1 2", "a b", "2x", "1_000",
    "007", "0x1f", "1j", "1..2", "a..b", "*", "+", "a +", "a -", "a * / b", "", " ", "()()", "...",
    "a[...]", "!a", "a != b", "a <> b", "a -> b", "__import__('os')", "().__class__", "x.__class__", "_x",
    "f(_x=1)", "[_ for _ in x]", "x._y", "a\n+ b", "a \\\n b", "`a`", "a,", "f(,)", "[,]", "{,}", "a[,]",
    "a[1,]", "a[:,]", "a - not b", "a < not b", "not a < b", "- not a", "é", "a if b else", "print",
    "match", "1if 2 else 3",
]  # fmt: skip


def read(text: str) -> Node | LanguageError:
    try:
        return parse_author(text)
    except LanguageError as error:
        return error


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_is_read_is_read_as_python_reads_it_and_the_rest_is_refused_in_a_sentence(text: str) -> None:
    found = read(text)
    if isinstance(found, LanguageError):
        assert found.says.endswith(".")
        assert 0 <= found.start <= min(found.end, len(text))
    else:
        assert unspelled(found) == read_by_python(text)


@given(author_trees)
def test_a_tree_survives_being_written_and_read(tree: Node) -> None:
    text = to_source(tree)
    try:
        node = parse_author(text, Limits(length=100_000, nodes=10_000, digits=100, exponent=10**9, bits=10**12))
    except LanguageError as error:  # towers such as 9**9**9 are too large to be read at all
        assume("exponent" not in error.says and "large" not in error.says)
        raise
    assert bare(node) == tree


@given(author_trees)
def test_a_written_tree_means_the_same_to_python(tree: Node) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about nonsense such as 1[2]
        assert read_by_python(to_source(tree)) == unspelled(tree)


@given(author_trees)
def test_python_s_own_spelling_is_read_as_the_same_tree(tree: Node) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = ast.unparse(ast.parse(f"({to_source(tree)})", mode="eval"))
    assume("'''" not in text and '"""' not in text and "\\x" not in text and "e+" not in text)
    try:
        node = parse_author(text, Limits(length=100_000, nodes=10_000, digits=100, exponent=10**9, bits=10**12))
    except LanguageError as error:
        assume("exponent" not in error.says and "large" not in error.says)
        raise
    assert unspelled(node) == unspelled(tree)


PIECES = [
    "a",
    "1",
    "2.5",
    "'x'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "<",
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "for",
    "=",
    "f(",
    "x.y",
    "[x",
    "for",
]


@given(st.lists(st.sampled_from(PIECES)))
def test_no_text_is_read_that_python_would_not_read(words: list[str]) -> None:
    text = " ".join(words)
    found = read(text)
    if not isinstance(found, LanguageError):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert unspelled(found) == read_by_python(text)


def test_places_are_counted_in_the_text() -> None:
    node = parse_author("a + mean(z)[ 0 ]")
    assert isinstance(node, Binary)
    assert node.span == (0, 16)
    assert isinstance(node.right, Index)
    assert (node.right.span, node.right.target.span, node.right.index.span) == ((4, 16), (4, 11), (13, 14))


def test_a_tuple_is_a_list_and_a_dot_follows_a_plain_name() -> None:
    assert bare(parse_author("(1, x.right)")) == Sequence((Number(1, "1"), Attribute("x", "right")))  # type: ignore[arg-type]


def test_look_alikes_are_taken_kindly_outside_texts_and_kept_inside() -> None:
    assert unspelled(parse_author("a − b × ２ ≥ “it − is”")) == unspelled(parse_author("a - b*2 >= 'it − is'"))
    assert bare(parse_author("‘a’ ")) == Text("a")
    assert bare(parse_author("„Größe“")) == Text("Größe")


def test_line_breaks_are_space() -> None:
    assert bare(parse_author("f(a,\r\n  b)\n")) == Call("f", (Name("a"), Name("b")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = 1", 'Write "==" to compare; an expression cannot set anything.'),
        ("x^2", 'Write "**" for a power.'),
        ("a < b not c", 'After "not" the word "in" is missing.'),
        ("f(1, x for x in y)", "Put square brackets around the comprehension."),
        ("mean(z", 'The bracket "(" is never closed.'),
        ("mean(z]", '"]" closes a "("; write ")".'),
        ("2x", '"2" runs into "x"; write a sign between them.'),
        ("'abc", "The quotation mark that opens here is never closed."),
        ("f'a'", 'Texts have no prefix; delete the "f" before it.'),
        ("mu.right()", '"mu.right" can only be read, not called or followed.'),
        ("lambda x: x", '"lambda" is not part of the question language; a symbol can be called "lam".'),
        ("a is b", 'Write "==" instead of "is".'),
        ("__import__('os')", 'The name "__import__" begins with "_"; such names cannot be used.'),
        ("λ + 1", 'Write lam for the letter "λ"; names of the question language are Latin.'),
        ("α + 1", 'Write alpha for the letter "α"; names of the question language are Latin.'),
        ("1, 2", "Put brackets around several values, as in [1, 2]."),
        ("[1, 2", 'The bracket "[" is never closed.'),
        ("a if b", 'After "if" and its condition "else" is missing.'),
        ("f(a=1, 2)", "Arguments without a name come before those with one."),
        ("{'a': 1, 'a': 2}", 'The key "a" occurs twice.'),
        ("'\\d'", 'Write \\\\ for a backslash; "\\d" has no meaning.'),
        ("a b", 'A sign is missing before "b".'),
        ("", "An expression is missing here."),
        ("1 +", 'Something is missing after "+".'),
        ("(1 + )", 'Something is missing before ")".'),
        ("007", 'Write 7 instead of "007".'),
        ("7" * 201, "This number has too many digits; at most 200 can be read."),
    ],
)
def test_what_cannot_be_read_is_said(text: str, says: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_author(text)
    assert caught.value.says == says
