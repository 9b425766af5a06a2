"""Words in disorder are noticed by their order; what students write in telegram style is not."""

from __future__ import annotations

import pytest

from graders.claims.spelling import Vocabulary
from graders.claims.tokens import tokens_of
from graders.claims.word_order import disordered

VOCABULARY = Vocabulary(())


def is_disordered(text: str) -> bool:
    return disordered(tokens_of(text, VOCABULARY))


@pytest.mark.parametrize(
    "text",
    [
        "of gradient the small is very layers in and the first so learn they",
        "are weights by the shared every position and few there so parameters only",
        "the keeps cell information long for a because gate it open stays of",
        "and to sum of rewards the expected maximise wants agent an",
    ],
)
def test_words_in_disorder_are_noticed(text: str) -> None:
    assert is_disordered(text)


@pytest.mark.parametrize(
    "text",
    [
        "The gradient is very small in the first layers, so they hardly learn.",
        "weights shared -> few parameters, works at every position, less overfitting",
        "no dense layer needed; any input size ok, output gets bigger too",
        "Because of the gate that stays open, the cell keeps information for long.",
        "agent wants max expected sum of rewards, discounted by gamma, from now on",
        "1) crop 2) flip horizontally 3) change the brightness a little bit",
        "Is easy to compute, but for big negative input the neuron can be dead.",
    ],
)
def test_plain_and_telegraphic_answers_are_in_order(text: str) -> None:
    assert not is_disordered(text)


def test_few_words_formulas_and_other_languages_are_not_judged_by_their_order() -> None:
    assert not is_disordered("the of gradient small a")
    assert not is_disordered("f ( x ) = a * x + b , g ( x ) = the of x ^ 2 , h = f ( g ) ; and of")
    assert not is_disordered("Die Gewichte der Schicht sind geteilt und das Netz ist mit wenigen Parametern of the and")
