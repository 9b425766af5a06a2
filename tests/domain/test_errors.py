"""Errors are sentences with a place."""

from __future__ import annotations

import pytest

from app.domain import errors
from app.domain.errors import GradusError, InvalidInput, Problem, QuestionError


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (Problem("No."), "No."),
        (Problem("No.", "parts.0"), "parts.0: No."),
        (Problem("No.", file="question.yaml"), "question.yaml: No."),
        (Problem("No.", "parts.0", "question.yaml", 12), "question.yaml:12, parts.0: No."),
    ],
)
def test_a_problem_names_the_place_it_knows(problem: Problem, says: str):
    assert str(problem) == says


def test_a_question_error_says_all_its_problems():
    error = QuestionError([Problem("One.", "a"), Problem("Two.")])
    assert str(error) == "a: One.; Two."
    assert len(error.problems) == 2


def test_invalid_input_names_the_field():
    error = InvalidInput("That is no date.", "deadline")
    assert (str(error), error.place) == ("That is no date.", "deadline")


@pytest.mark.parametrize("name", ["QuestionError", "NotFound", "NotAllowed", "Conflict", "InvalidInput", "Unavailable"])
def test_every_error_for_people_is_a_gradus_error(name: str):
    assert issubclass(getattr(errors, name), GradusError)
    assert name in str(errors.__doc__)
