"""Answers that are the same to a marker: cautious about everything that may change what is meant."""

from __future__ import annotations

import pytest

from app.services.marking.normal_forms import normal_form
from app.services.marking.similar_answers import LONGEST, group, near, words_in


def text(typed: str) -> str:
    return normal_form("text", typed)


def test_only_what_cannot_carry_meaning_is_left_out_of_a_text() -> None:
    assert text("  The Gradient\nvanishes. ") == text("the gradient vanishes") == "the gradient vanishes"
    assert text("ReLU doesn’t saturate") == text("relu doesn't saturate.")
    assert text("It is “full−rank” …") == text('it is "full-rank" ...')
    assert text("Eﬃcient\u200b") == text("efficient")
    assert text("No.") == text("no") != text("n")
    assert text(".") != ""
    assert text("") == normal_form("number", None) == normal_form("table", []) == ""
    assert normal_form("number", " 1/2 ") == normal_form("number", "1/2")
    assert normal_form("expression", "W x") != normal_form("expression", "w x")
    assert normal_form("expression", "x²") != normal_form("expression", "x2")
    assert normal_form("derivation", "a\n b") == normal_form("derivation", "a \nb") != normal_form("derivation", "a b")
    assert normal_form("program", "if a:\n  b") != normal_form("program", "if a:\n b")
    assert normal_form("matrix", [["1", " 2"]]) == normal_form("matrix", [["1 ", "2"]])


@pytest.mark.parametrize(("one", "other"), [("CNN", "cnn"), ("Rnn", "RNN"), ("SGD", "sgd"), ("Max", "max")])
def test_acronyms_and_functions_are_the_same_in_any_case(one: str, other: str) -> None:
    assert text(f"the {one} is better") == text(f"the {other} is better")
    # A name with an index is a variable, and no formula is a text.
    assert text(f"{one}_1") != text(f"{other}_1")
    assert normal_form("expression", one) != normal_form("expression", other)
    # Three letters that nobody knows as a name may be a product.
    assert text("ABC") != text("abc")


OPPOSITES = [
    ("The gradient is -1", "The gradient is 1"),
    ("-0.5", "0.5"),
    ("0.5", "5"),
    ("1-2", "1 2"),
    ("1,2", "12"),
    ("a != b", "a = b"),
    ("a ≠ b", "a = b"),
    ("not a", "a"),
    ("O(n!)", "O(n)"),
    ("5!", "5"),
    ("n!", "n"),
    ("f'(x)", "f(x)"),
    ("f′(x)", "f(x)"),
    ("x²", "x2"),
    ("(a + b) c", "a + b c"),
    ("a.b", "ab"),
    ("W", "w"),
    ("Wx", "wx"),
    ("AB", "ab"),
    ("x_Max", "x_max"),
    ("\\Sigma", "\\sigma"),
    ("Sigma is symmetric", "sigma is symmetric"),
    ("[0, 1)", "[0, 1]"),
    ("`a`", "a"),
    ("50 %", "50"),
    ("A^T", "A^t"),
    ("is it?", "is it"),
]


@pytest.mark.parametrize(("one", "other"), OPPOSITES)
def test_a_sign_is_never_left_out(one: str, other: str) -> None:
    assert text(one) != text(other)
    assert not near(text(one), text(other))
    around = "In the limit of very deep networks we find that {} holds for all of the weights in this layer"
    assert text(around.format(one)) != text(around.format(other))
    assert not near(text(around.format(one)), text(around.format(other)))


OTHER_WORDS = [
    ("interclass", "intraclass"),
    ("inference", "interference"),
    ("exploding", "exploring"),
    ("independent", "interdependent"),
    ("correlated", "corrected"),
    ("microaverage", "macroaverage"),
    ("overfitting", "underfitting"),
    ("convergent", "divergent"),
    ("isotropic", "anisotropic"),
    ("homogeneous", "heterogeneous"),
    ("precision", "recision"),
    ("descend", "descent"),
    ("variance", "variants"),
    ("adapt", "adopt"),
    ("hyperparameter", "hypoparameter"),
    ("preactivation", "postactivation"),
    ("equivariant", "invariant"),
    ("converges", "conserves"),
]
SLIPS = [
    ("gradient", "gradiant"),
    ("gradient", "gradeint"),
    ("overfitting", "overfiting"),
    ("regularised", "regularized"),
    ("convergence", "convergance"),
    ("mini-batch", "mini batch"),
    ("parallel", "paralell"),
    ("ADAM", "adam"),
    ("SGD", "sgd"),
    ("gradients,", "gradients"),
]
SENTENCE = "we see that the {} case of the network explains this behaviour"


@pytest.mark.parametrize(("one", "other"), OTHER_WORDS)
def test_two_words_are_no_slips_for_each_other(one: str, other: str) -> None:
    assert not near(text(SENTENCE.format(one)), text(SENTENCE.format(other)))


@pytest.mark.parametrize(("one", "other"), SLIPS)
def test_one_stroke_is_a_slip(one: str, other: str) -> None:
    assert near(text(SENTENCE.format(one)), text(SENTENCE.format(other)))


def test_what_several_people_wrote_or_the_question_says_is_a_word() -> None:
    causal, casual = SENTENCE.format("causal"), SENTENCE.format("casual")
    once = {0: ("a", causal, True), 1: ("a", causal, True), 2: ("a", casual, True)}
    assert set(group(once).values()) == {0}
    assert set(group(once, {"a": words_in("Is this <b>casual</b>?")}).values()) == {0, 2}
    assert set(group(once | {3: ("a", casual, True)}).values()) == {0, 2}


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
