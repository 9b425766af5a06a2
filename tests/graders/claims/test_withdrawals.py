"""What is taken back or left to others does not earn by rule; a denial that answers the question does."""

from __future__ import annotations

import pytest

from graders.claims.judging import judge
from graders.claims.mutations import mutations
from graders.claims.rubric import TextRubric

RUBRIC = TextRubric.model_validate(
    {
        "concepts": {
            "weights": ["weights"],
            "grow": ["grow", "larger"],
            "linear": ["linear"],
            "model": ["model"],
            "disagree": ["disagree", "friend is wrong"],
            "can": ["can"],
        },
        "claims": {
            "grows": {"earn": ["weights grow"]},
            "linear": {"earn": ["any linear"], "named": True},
            "disagrees": {"earn": ["NO", "disagree", "not can"]},
        },
    }
)
SAMPLE = "The weights grow. At first the model is linear."
RIGHT = "the weights grow; at first the model is linear"


def decisions(text: str) -> dict[str, str]:
    return dict(judge(text, RUBRIC, "", SAMPLE).decisions)


def earns(text: str) -> bool:
    return "made" in (decisions(text)["grows"], decisions(text)["linear"])


@pytest.mark.parametrize(
    "wrapped",
    [
        "False: {}.",
        "Wrong - {}.",
        "Not true: {}.",
        "Myth: {}.",
        "It is wrong to claim that {}.",
        "It isn't the case that {}.",
        "It would be a big mistake to believe that {}.",
        "It is very unlikely that {}.",
        "A popular misconception is that {}.",
        "No one in this course says {}.",
        "Nobody would ever think that {}.",
        "I strongly doubt that {}.",
        "There is no way that {}.",
        "By no means {}.",
        "Many people wrongly assume that {}.",
        "Whoever says that {} is wrong.",
        "If you believe that {} you are mistaken.",
        "Anything but the following: {}.",
        "The opposite of this: {}.",
        "I have no idea, perhaps {}.",
        "I don't know... maybe {}.",
        "Es ist falsch zu behaupten, {}.",
        "Es ist ein Irrtum, dass {}.",
        "Niemand behauptet, {}.",
        "Falsch: {}.",
        "C'est faux que {}.",
        "Il n'est pas vrai que {}.",
        "Personne ne dirait que {}.",
        "Faux : {}.",
    ],
)
def test_what_is_introduced_as_wrong_or_as_nobodys_is_not_earned(wrapped: str) -> None:
    assert earns(RIGHT)
    assert not earns(wrapped.format(RIGHT))


@pytest.mark.parametrize(
    "behind",
    [
        ". This is complete nonsense.",
        ". That is simply not true.",
        ". None of this is true.",
        ", but that is a common misconception.",
        ", which is wrong.",
        ". But this isn't correct.",
        " - no, the opposite is true.",
        " – quite the opposite!",
        ". Everything is false.",
        ". What I just wrote is wrong.",
        ". Wrong!",
        ". Just kidding.",
        ". Far from it.",
        ". I don't think so.",
        ". I really doubt it.",
        ", not!",
        ". Das ist alles Unsinn.",
        ". Das Gegenteil ist der Fall.",
        ". Mais c'est un mythe.",
        ". Le contraire est vrai.",
    ],
)
def test_what_is_taken_back_behind_it_is_not_earned(behind: str) -> None:
    assert not earns(RIGHT + behind)


def test_what_takes_back_is_named_as_the_doubt() -> None:
    assert "denial" in judge(f"{RIGHT}. All of this is wrong.", RUBRIC, "", SAMPLE).doubts
    assert judge(RIGHT, RUBRIC, "", SAMPLE).doubts == ()


@pytest.mark.parametrize(
    "text",
    [
        "At first the model is linear. That is wrong, rather the weights grow.",
        "The weights grow. It is wrong that nothing changes.",
        "One might think that nothing changes. But the weights grow.",
        "My friend is wrong, the weights grow.",
        "The weights grow, there is no way to stop this.",
        "False, because the weights grow.",
        "The weights grow. It would be wrong to stop here.",
        "The weights grow, even if the sign is wrong.",
        "I doubt it, since the weights grow.",
        "Nobody stops them, so the weights grow.",
        "No, the opposite is the case: the weights grow.",
    ],
)
def test_who_corrects_or_denies_something_else_is_paid_for_what_they_say(text: str) -> None:
    assert decisions(text)["grows"] == "made"


@pytest.mark.parametrize("text", ["No, I don't think so.", "I do not think that it can.", "No. I doubt it."])
def test_a_denial_that_is_asked_for_is_no_withdrawal(text: str) -> None:
    assert judge(text, RUBRIC).decisions["disagrees"] == "made"


def test_whatever_is_dismissed_or_withdrawn_automatically_is_not_paid() -> None:
    for number in range(60):
        made = dict(mutations(f"{RIGHT} {'indeed ' * (number % 6)}in step {number}.", {}))
        for kind in ("denied", "dismissed", "withdrawn"):
            assert not earns(made[kind]), made[kind]
