"""What a student sees of a variant."""

from __future__ import annotations

import pytest

from app.domain.errors import QuestionError
from app.domain.widgets import Widget
from graders.presenting.present import PresentedField, shown, solution

PROMPT = """A batch of @{len(z)} samples:

![](figure:batch)

## mu
Give $\\mu$. Again ![](figure:batch).
"""
Z = [[12, 0], [14, 10]]


@pytest.fixture
def at(look):
    return look(z=Z, mu=[13, 5])


@pytest.fixture
def fields():
    return {
        "mean": PresentedField(Widget(kind="vector", shape=(2,))),
        "boxes": PresentedField(Widget(kind="choice", options_text=("unused",)), ["The mean is @{mu[0]}.", "$x<1$"]),
    }


def test_a_question_is_shown_with_its_values_figures_and_fields(make_question, at, fields):
    found = shown(make_question(), PROMPT, at, fields)
    assert found["title"] == "Batch norm of 2 samples"
    assert found["stem"].startswith("<p>A batch of 2 samples:</p>\n<figure")
    assert 'aria-label="A batch of 2 samples Row 1: 12, 0. Row 2: 14, 10."' in found["stem"]
    assert '<figcaption>The <span class="math" data-tex="z">z</span>.</figcaption>' in found["stem"]
    (part,) = found["parts"]
    assert {key: part[key] for key in ("id", "item", "label", "title", "form", "points", "score")} == {
        "id": "mu",
        "item": "demo-mu",
        "label": "b",
        "title": "The mean",
        "form": "first",
        "points": "3/2",
        "score": "points",
    }
    assert part["prompt_text"] == "Give $\\mu$. Again ![](figure:batch)."
    assert part["prompt"].startswith('<p>Give <span class="math" data-tex="\\mu">\\mu</span>.')


def test_a_field_carries_its_label_and_its_widget_as_plain_data(make_question, at, fields):
    mean, boxes = shown(make_question(), PROMPT, at, fields)["parts"][0]["fields"]
    assert mean["label"] == '<span class="math" data-tex="\\mu">\\mu</span> of 2'
    assert mean["label_text"] == "$\\mu$ of 2"
    assert mean["widget"] == Widget(kind="vector", shape=(2,)).model_dump(mode="json")
    assert boxes["widget"]["shape"] is None
    assert boxes["widget"]["options"] == [
        "The mean is 13.",
        '<span class="math" data-tex="x&lt;1">x&lt;1</span>',
    ]
    assert boxes["widget"]["options_text"] == ["The mean is 13.", "$x<1$"]


@pytest.mark.parametrize(("change", "score"), [({"bonus": True}, "bonus"), ({"score": "none"}, "none")])
def test_a_part_says_how_it_counts(change, score, make_question, at, fields):
    question = make_question()
    question = question.model_copy(update={"parts": (question.parts[0].model_copy(update=change),)})
    assert shown(question, PROMPT, at, fields)["parts"][0]["score"] == score


def test_a_question_is_shown_in_the_language_asked_for(make_question, at, fields):
    assert shown(make_question(), PROMPT, at, fields, language="de")["title"] == "Batch-Norm von 2 Proben"


def test_a_solution_has_html_and_text_for_every_part(make_question, at):
    found = solution(make_question(), "In short.\n## mu\n$\\mu = @{mu}$\n", at)
    assert found["stem"] == "<p>In short.</p>\n"
    assert found["text"] == {"mu": "$\\mu = \\begin{pmatrix}13 & 5\\end{pmatrix}$"}
    assert found["parts"]["mu"].startswith('<p><span class="math"')


def test_a_missing_section_shows_nothing_and_a_missing_figure_its_description(make_question, at, fields):
    found = shown(make_question(), "![none](figure:none)", at, fields)
    assert found["parts"][0]["prompt"] == ""
    assert found["stem"] == '<p><span class="missing">none</span></p>\n'


@pytest.mark.parametrize(
    ("changes", "prompt", "says"),
    [
        ({}, "a\n@{nothing}", "prompt.md:2: "),
        ({}, "a\n## mu\n\n@{1/0}", "prompt.md:4: "),
        ({"title": "@{nothing}"}, "", "title: "),
        (
            {"figures": {"batch": {"draw": "none", "of": "z", "alt": ""}}},
            PROMPT,
            "figures.batch: There is no drawing",
        ),
        ({"figures": {"batch": {"draw": "rnn", "of": "z", "alt": ""}}}, PROMPT, "figures.batch: "),
        ({"figures": {"batch": {"draw": "table", "of": "1/0", "alt": ""}}}, PROMPT, "figures.batch: "),
        ({"figures": {"batch": {"draw": "table", "of": "z", "alt": "@{q}"}}}, PROMPT, "figures.batch.alt: "),
    ],
)
def test_what_does_not_work_with_these_values_is_named_with_its_place(changes, prompt, says, make_question, at, fields):
    with pytest.raises(QuestionError) as caught:
        shown(make_question(**changes), prompt, at, fields)
    assert str(caught.value).startswith(says)


def test_a_drawing_that_fits_no_value_is_an_error_of_the_solution_too(make_question, at):
    with pytest.raises(QuestionError, match=r"solution\.md:1: "):
        solution(make_question(), "@{nothing}", at)
