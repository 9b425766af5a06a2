"""Templates fill in values of the question language, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values import Share
from graders.evaluation import Fuel, Names, evaluate
from graders.presenting.templates import Budget, TemplateError, expand, names, parse


def test_values_are_filled_in_as_text_and_in_mathematics_as_latex(look):
    at = look(a=3, mu=[1, 5], half=0.5)
    assert expand("a is @{a}, $a = @{a}$", at) == "a is 3, $a = 3$"
    assert expand("@{mu} and $@{mu}$", at) == r"[1, 5] and $\begin{pmatrix}1 & 5\end{pmatrix}$"
    assert expand("@{1/3} and $$@{1/3}$$ and @{1/3}", at) == r"1/3 and $$\tfrac{1}{3}$$ and 1/3"


def test_expressions_may_hold_braces_colons_and_quotes(look):
    at = look(z=[1, 2, 3], r={"a": 7})
    assert expand("@{z[1:]} @{{'a}': 4}['a}']} @{r['a']:text} @{'x:y'}", at) == "[2, 3] 4 7 x:y"


def test_an_at_sign_stands_for_itself_unless_it_starts_a_hole(look):
    assert expand("a@b.org @@{x} @@if @\n@@if x\n@iffy\n", look()) == "a@b.org @{x} @if @\n@if x\n@iffy\n"


def test_a_backslash_keeps_a_hole_and_a_dollar_as_they_are(look):
    assert expand(r"\@{a} \$5 @{'a_b'}", look()) == r"\@{a} \$5 a\_b"


def test_mathematics_ends_with_its_dollar_and_at_the_latest_with_its_paragraph(look):
    at = look(q="a_b")
    assert expand("$@{q}$ @{q}", at) == r"$\text{a\_b}$ a\_b"
    assert expand("5$ each\n\n@{q}", at) == "5$ each\n\na\\_b"
    assert expand("$$\nx = @{1/2}\n\n$$\n@{q}", at).endswith("\na\\_b")
    assert "tfrac" in expand("$$ a $ @{1/2} $$", at)


def test_code_keeps_text_as_it_is(look):
    at = look(q="a_b*")
    assert expand("`@{q}` ``a ` @{q}`` @{q}", at) == r"`a_b*` ``a ` a_b*`` a\_b\*"
    assert expand("```\n@{q} $ @@\n@if x\n~~~\n```\n@{q}", at) == "```\na_b* $ @\n@if x\n~~~\n```\na\\_b\\*"


def test_conditions_choose_lines(look):
    text = "one\n@if a > 1\nbig\n@else\nsmall\n@end\n@if a == 9\nnine\n@end\nend"
    assert expand(text, look(a=2)) == "one\nbig\nend"
    assert expand(text, look(a=1)) == "one\nsmall\nend"


def test_loops_go_over_lists_and_take_pairs_apart(look):
    at = look(z=[[1, 2], [3, 4]], names=["u", "v"])
    text = "@each row in z\n| @{row[0]} | @{sum(row)} |\n@end\n"
    assert expand(text, at) == "| 1 | 3 |\n| 3 | 7 |\n"
    pairs = "@each name, row in zip(names, z)\n@each v in row\n@{name}=@{v}\n@end\n@end"
    assert expand(pairs, at) == "u=1\nu=2\nv=3\nv=4\n"
    assert expand("@each v in z[0]\n@if v > 1\n@{[w*v for w in z[1]]}\n@end\n@end", at) == "[6, 8]\n"
    assert expand("@each v in []\nnever\n@end\n", at) == ""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("ok\n@{1 +}", 2, "in `1 +`, at character"),
        ("@{", 1, "not closed"),
        ("@{'}", 1, "not closed"),
        ("@{a:wide}", 1, "no format `wide`"),
        ("x\n@if a\n", 2, "This `@if` has no `@end`."),
        ("@each a\n@end", 1, "`@each name in expression`"),
        ("@each v in z\nx", 1, "This `@each` has no `@end`."),
        ("a\n\n@end", 3, "no block that this `@end` belongs to"),
        ("@else", 1, "no block"),
        ("@if a\n@else\n@else\n@end", 3, "belongs to no `@if`"),
        ("@each v in z\n@else\n@end", 2, "belongs to no `@if`"),
        ("@if a\n@end if", 2, "Nothing may follow `@end`"),
        ("@if\n@end", 1, "An expression is missing"),
        ("@if 1\n" * 9, 9, "at most 8 deep"),
        ("@{mu.right}", 1, "`mu.right` belongs to an answer"),
        ("@each v in z\n@{[v for v in z]}\n@end", 2, "already used by an `@each`"),
        ("@each v in z\n@{[w for z in [1] for w in [2]]}\n@end", 2, "`z` is already used"),
        ("\n@{missing}", 2, "missing"),
        ("@{1/0}", 1, "zero"),
        ("@each v in 3\n@end", 1, "goes over a list"),
        ("@each v, w in z\n@end", 1, "must be a list of 2"),
        ("@if blank\n@end", 1, "neither true nor false"),
        ("@if person\n@end", 1, "neither true nor false"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_with_its_line(text, line, says, look):
    with pytest.raises(TemplateError) as caught:
        expand(text, look(a=1, z=[1, 2], blank=None, person=Share(0, 1)))
    assert says in caught.value.says
    assert caught.value.line == line


def test_lines_count_from_where_the_template_starts_in_its_file(look):
    with pytest.raises(TemplateError) as caught:
        expand("\n@{nothing}", look(), line=40)
    assert caught.value.line == 41


def test_no_template_writes_more_than_its_budget(look):
    at = look(z=list(range(100)))
    bomb = "@each a in z\n@each b in z\n@each c in z\nlong\n@end\n@end\n@end"
    with pytest.raises(TemplateError, match="too long"):
        expand(bomb, at)
    with pytest.raises(TemplateError, match="too long"):
        expand("@each a in z\n@each b in z\n@end\n@end", at, Budget(steps=1000))
    with pytest.raises(TemplateError, match="too long"):
        expand("@{z}", at, Budget(characters=20))


def test_every_expression_is_found_with_the_names_its_loops_bind():
    pieces = parse("@{a}\n@if b\n@{c}\n@else\n@each v in z\n@{v}\n@end\n@end\n")
    found = [(getattr(node, "id", ""), sorted(bound), line) for node, bound, line in names(pieces)]
    assert found == [("a", [], 1), ("b", [], 2), ("c", [], 3), ("z", [], 5), ("v", ["v"], 6)]


NAMES = Names({"v": 1, "z": [1, 2]})
PIECES = [
    "@{",
    "}",
    "@if ",
    "@each v in z",
    "@else",
    "@end",
    "\n",
    "$",
    "`",
    "```",
    "@@",
    "v",
    "z",
    "'",
    ":",
    "\\",
    "1",
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=30).map("".join))
def test_any_text_is_expanded_or_refused_with_a_line_of_its_own(text):
    line = 1
    try:
        expand(text, lambda node: evaluate(node, NAMES, Fuel(10_000)))
    except TemplateError as error:
        line = error.line
    assert 1 <= line <= max(1, len(text.splitlines()))
