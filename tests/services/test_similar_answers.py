"""Answers that are the same to a marker: cautious about everything that may change what is meant."""

from __future__ import annotations

import pytest

from app.services.marking.similar_answers import LONGEST, group, near, normal_form


def text(typed: str) -> str:
    return normal_form("text", typed)


def test_case_blanks_and_punctuation_do_not_matter_in_a_text() -> None:
    assert text("  The Gradient\nvanishes. ") == text("the gradient vanishes") == "the gradient vanishes"
    assert text("") == normal_form("number", None) == normal_form("table", []) == ""
    assert normal_form("number", " 1/2 ") == normal_form("number", "1/2")
    assert normal_form("expression", "W x") != normal_form("expression", "w x")
    assert normal_form("program", "if a:\n  b") != normal_form("program", "if a:\n b")
    assert normal_form("matrix", [["1", " 2"]]) == normal_form("matrix", [["1 ", "2"]])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("the gradient vanishes in deep networks", "the gradiant vanishes in deep networks", True),
        ("BFGS approximates the Hessian", "BFGS approximates Hessian", True),
        ("it increases with the depth of the network", "it decreases with the depth of the network", False),
        ("the matrix is not invertible at all here", "the matrix is invertible at all here", False),
        ("learning is supervised in this setting here", "learning is unsupervised in this setting here", False),
        ("with a learning rate of 0.1 it diverges quickly", "with a learning rate of 0.2 it diverges quickly", False),
        ("the loss is convex around this point here", "the loss is concave around this point here", False),
        ("a > b holds for all of the weights here", "a < b holds for all of the weights here", False),
        ("x" * (LONGEST + 1), "x" * LONGEST, False),
    ],
)
def test_only_slips_and_filling_words_are_overlooked(one: str, other: str, alike: bool) -> None:
    assert near(text(one), text(other)) is alike
    assert near(text(other), text(one)) is alike


def test_groups_are_led_by_the_most_frequent_wording_and_never_mix_questions() -> None:
    said = ("the gradient vanishes quickly", "the gradiant vanishes quickly", "the gradient vanishes quickly", "no")
    forms = {number: ("a", form, True) for number, form in enumerate(said)}
    forms |= {9: ("b", said[0], True), 10: ("a", "", False), 11: ("a", "", False), 12: ("a", '["1"]', False)}
    found = group(forms)
    assert found == {0: 0, 1: 0, 2: 0, 3: 3, 9: 9, 10: 10, 11: 10, 12: 12}
