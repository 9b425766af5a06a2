"""The texts of a question are checked without values."""

from __future__ import annotations

from graders.presenting.checks import problems

GOOD = """Stem ![](figure:batch) ![](a.png) [x](https://x.org) ![](@{z})
## mu
@each row in z
@{mean(row)}
@end
"""
KNOWN = {"z", "mu"}
FUNCTIONS = {"mean", "len"}


def said(question, prompt, solution=GOOD, **more):
    options = {"functions": FUNCTIONS, "files": ["a.png"]} | more
    return [str(problem) for problem in problems(question, prompt, solution, KNOWN, **options)]


def test_good_texts_have_no_problems(make_question):
    assert said(make_question(), GOOD) == []


def test_every_problem_of_a_file_has_its_line(make_question):
    prompt = "![](figure:none)\n\n[x](a.html) ![](b.png)\n\n@{sigma + f(z)}\n## other\n## mu\n\n@{row}\n"
    assert said(make_question(), prompt) == [
        "prompt.md:6: There is no part `other`; `##` starts the section of a part, `###` other headings.",
        "prompt.md:5: There is no variable called `sigma`.",
        "prompt.md:5: There is no function called `f`.",
        "prompt.md:1: There is no figure called `none`.",
        "prompt.md:3: A link must lead to an address such as https://…, not to `a.html`.",
        "prompt.md:3: There is no file called `b.png` among the question's files.",
        "prompt.md:9: There is no variable called `row`.",
    ]


def test_a_template_that_cannot_be_read_has_its_line(make_question):
    (problem,) = said(make_question(), GOOD, "## mu\n@if 1\n")
    assert problem == "solution.md:2: This `@if` has no `@end`."


def test_missing_files_are_problems(make_question):
    assert said(make_question(), None, None) == [
        "prompt.md: This file is missing.",
        "solution.md: This file is missing.",
    ]


def test_functions_are_left_to_others_where_none_are_given(make_question):
    assert said(make_question(), "@{f(z)}\n## mu\nx", functions=None) == []


def test_short_texts_of_the_question_have_their_path(make_question):
    question = make_question(
        title={"en": "@{a}", "de": "fine"},
        figures={"batch": {"draw": "painting", "of": "z", "alt": "@{b}", "caption": "@{"}},
        pools={"claims": [{"id": "a", "truth": True, "text": "@{c}", "why": "@{d}"}]},
    )
    found = said(question, GOOD)
    assert found[0] == "title: There is no variable called `a`."
    assert found[1].startswith("figures.batch.draw: There is no drawing called `painting`; there are curves, ")
    assert found[2:] == [
        "figures.batch.alt: There is no variable called `b`.",
        "figures.batch.caption: This `@{` is not closed on its line.",
        "pools.claims.0.text: There is no variable called `c`.",
        "pools.claims.0.why: There is no variable called `d`.",
    ]


def test_labels_and_titles_of_parts_are_checked(make_question):
    question = make_question()
    part = question.parts[0]
    field = part.fields["mean"].model_copy(update={"label": "@{e}"})
    part = part.model_copy(update={"title": "@{f}", "fields": part.fields | {"mean": field}})
    found = said(question.model_copy(update={"parts": (part,)}), GOOD)
    assert found == [
        "parts.0.title: There is no variable called `f`.",
        "parts.0.fields.mean.label: There is no variable called `e`.",
    ]
