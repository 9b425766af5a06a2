"""A package is presented in a world: in a language, with its statements, with remarks on wrong judgements."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from graders.marking.compiled import compile_question
from graders.marking.variants import make_variant, world_of
from graders.packages import Package
from graders.presenting.feedback import field_feedback
from graders.presenting.questions import present_shown, present_solution, text_problems

CLAIMS = [
    {"id": "a", "truth": True, "text": {"en": "The mean is @{mu[0]}.", "de": "Der Mittelwert ist @{mu[0]}."}},
    {"id": "b", "truth": "mu[0] > 90", "text": "The mean is *large*.", "why": "It is @{mu[0]}."},
]


@pytest.fixture
def package(make_question):
    question = make_question(pools={"claims": CLAIMS})
    prompt = {"": "See.\n## mu\nGive the mean.", "de": "Sieh.\n## mu\nGib den Mittelwert an."}
    return Package(compile_question(question), prompt, {"": "## mu\nIt is @{mu}."}, [], {})


@pytest.fixture
def world(package):
    return world_of(package.compiled, make_variant(package.compiled, 0).values)


def test_statements_are_shown_with_their_values_in_the_language_asked_for(package, world):
    (part,) = present_shown(package, world, "de")["parts"]
    assert part["prompt"] == "<p>Gib den Mittelwert an.</p>\n"
    mean, boxes = part["fields"]
    assert mean["widget"]["kind"] == "vector"
    assert boxes["widget"]["options"] == ["Der Mittelwert ist 13.", "The mean is <em>large</em>."]


def test_a_language_that_is_missing_falls_back_to_the_default(package, world):
    assert present_shown(package, world, "fr")["parts"][0]["prompt"] == "<p>Give the mean.</p>\n"


def test_the_solution_tells_the_truth_of_every_statement_shown(package, world):
    found = present_solution(package, world)
    assert found["text"]["mu"] == (
        "It is [13, 5].\n\n1. **Right.** The mean is 13.\n1. **Wrong.** The mean is *large*. — It is 13."
    )
    assert "<li><strong>False.</strong> The mean is <em>large</em>. — It is 13.</li>" in found["parts"]["mu"]
    assert "**Richtig.** Der Mittelwert" in present_solution(package, world, "de")["text"]["mu"]


def test_a_wrongly_judged_statement_is_explained(package, world):
    facts = {"mean": {"right": True}, "boxes": {"right": False, "is_a": True, "is_b": False}}
    observation = SimpleNamespace(seen={(): SimpleNamespace(facts={"base": facts})})
    (says,) = field_feedback(package, world, observation)["boxes"]
    assert "The mean is *large*." in says
    assert says.endswith("It is 13.")


def test_good_texts_in_two_languages_have_no_problems(package):
    assert text_problems(package) == []


def test_the_problems_of_a_translation_name_its_file_and_are_told_once(package):
    broken = Package(package.compiled, package.prompt | {"de": "@{x}\n## mu\nx"}, {"": "## mu\n@{y}"}, [], {})
    assert sorted(str(problem) for problem in text_problems(broken)) == [
        "prompt.de.md:1: There is no variable called `x`.",
        "solution.md:2: There is no variable called `y`.",
    ]
