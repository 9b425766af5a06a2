"""An answer that earns something is read with more care: what else it says may be right, or wrong."""

from __future__ import annotations

import pytest

from graders.claims.judging import judge, judge_sample
from graders.claims.rubric import TextRubric

RUBRIC = TextRubric.model_validate(
    {
        "concepts": {
            "entropy": ["cross entropy"],
            "squares": ["squared error"],
            "vanish": ["vanish"],
            "gradient": ["gradient"],
            "grow": ["grow"],
            "saturate": ["saturate"],
        },
        "claims": {
            "entropy": {"earn": ["entropy"]},
            "squares": {"earn": ["squares"], "deny": ["gradient vanish"]},
            "vanishes": {"earn": ["gradient vanish"], "deny": ["gradient grow"]},
            "saturates": {"earn": ["saturate"]},
        },
    }
)
SAMPLE = "Cross entropy, since otherwise the gradient does vanish when units saturate."


def decided(text: str, sample: str = SAMPLE) -> dict[str, str]:
    return dict(judge(text, RUBRIC, "", sample).decisions)


def test_who_earns_and_speaks_against_a_right_answer_is_read_by_a_person() -> None:
    assert decided("Cross entropy.")["entropy"] == "made"
    assert decided("Cross entropy makes the gradient grow.")["entropy"] == "unsure"
    assert judge("Cross entropy makes the gradient grow.", RUBRIC, "", SAMPLE).doubts == ("contradicts",)


def test_a_known_misconception_stays_one_and_a_claim_read_as_its_opposite_is_open() -> None:
    assert decided("Cross entropy makes the gradient grow.")["vanishes"] == "not made"
    assert decided("Cross entropy, the gradient does not vanish.")["vanishes"] == "unsure"


def test_against_what_a_right_answer_speaks_others_may_speak_too() -> None:
    text = "Cross entropy, the gradient can vanish."
    assert decided(text) == {"entropy": "made", "squares": "not made", "vanishes": "made", "saturates": "not made"}
    assert judge_sample(RUBRIC, "", SAMPLE).doubts == ()
    assert decided("Cross entropy, the gradient can grow, squared error")["squares"] == "made"


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("Cross entropy.", "not made"),
        ("Cross entropy. It is a good method for this problem.", "not made"),
        ("Cross entropy, by Xyzzy.", "unsure"),
        ("Cross entropy. The ends are flat.", "unsure"),
        ("Cross entropy, the ends of the curve are flat here, outside the middle", "unsure"),
        ("The ends are flat.", "not made"),
        ("Every morning a quiet river carries green leaves past seven old wooden houses under gentle rain.", "unsure"),
    ],
)
def test_what_goes_on_in_words_that_nothing_explains_may_be_the_missing_claim(text: str, decision: str) -> None:
    assert decided(text)["saturates"] == decision


def test_words_of_the_question_and_what_earns_nothing_explain_themselves() -> None:
    text = "Cross entropy. The ends are flat."
    assert judge(text, RUBRIC, "Are the ends flat?", SAMPLE).decisions["saturates"] == "not made"
    known = TextRubric.model_validate(
        RUBRIC.model_dump() | {"concepts": RUBRIC.concepts | {"flat": ("flat",)}, "nocredit": ("flat",)}
    )
    assert judge(text, known, "", SAMPLE).decisions["saturates"] == "not made"


CELLS = TextRubric.model_validate(
    {
        "concepts": {
            "bounded": ["at most"],
            "vanish": ["vanish", "dies"],
            "forget": ["forget"],
            "flat": ["not steep", "flat"],
        },
        "roles": {"cell": ["the cell"], "net": ["the net"]},
        "claims": {
            "bound": {"earn": ["any bounded"]},
            "vanishes": {"earn": ["cell::vanish"]},
            "forgets": {"earn": ["forget", "not flat"], "deny": ["flat"]},
        },
    }
)
CELL = "The factor is at most 1, so the cell dies. The net does not: we forget."


def cells(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    judged = judge(text, CELLS, "", CELL)
    return dict(judged.decisions), judged.doubts


def test_a_not_that_makes_no_difference_to_what_is_earned_was_overlooked() -> None:
    assert cells("It is at most 1 and so we forget.") == (
        {"bound": "made", "vanishes": "not made", "forgets": "made"},
        (),
    )
    decisions, doubts = cells("It is not at most 1 and so we forget.")
    assert set(decisions.values()) <= {"unsure", "not made"}
    assert doubts == ("denies",)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("The factor is not only at most 1, we forget.", ("denies",)),
        ("The factor is not only at most 1, but we also forget.", ()),
    ],
)
def test_not_only_denies_nothing_where_but_follows(text: str, doubts: tuple[str, ...]) -> None:
    assert cells(text)[1] == doubts


def test_who_earns_the_same_with_the_roles_exchanged_is_read_by_a_person() -> None:
    said = "The factor is at most 1, so the cell dies. Hence the net forgets and we forget."
    assert cells(said) == ({"bound": "made", "vanishes": "made", "forgets": "made"}, ())
    decisions, doubts = cells("The factor is at most 1, the cell dies, the net dies, we forget.")
    assert set(decisions.values()) == {"unsure"}
    assert doubts == ("roles",)


def test_what_turns_the_same_words_round_does_not_speak_against_what_they_earn() -> None:
    rubric = TextRubric.model_validate(
        {
            "concepts": {"pass": ["pass"], "stuck": ["can not pass"], "fixed": ["fixed"]},
            "claims": {"flows": {"earn": ["pass", "stuck fixed"]}},
        }
    )
    assert judge("Gradients can not pass, this is fixed.", rubric).decisions["flows"] == "made"
    assert judge("Gradients can not pass.", rubric).decisions["flows"] == "not made"


def test_who_says_all_that_the_sample_says_lacks_nothing_that_went_unread() -> None:
    text = "Cross entropy, since otherwise the gradient does vanish when units saturate, by Xyzzy."
    assert decided(text)["squares"] == "not made"
