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


SLOPES = TextRubric.model_validate(
    {
        "concepts": {
            "slope": ["slope"],
            "zero": ["zero"],
            "learn": ["learning stops"],
            "early": ["early"],
            "deep": ["deep"],
        },
        "roles": {"relu": ["relu"], "tanh": ["tanh"]},
        "claims": {
            "vanishes": {"earn": ["tanh::[slope zero]"], "deny": ["relu::[slope zero]"], "near": ["any slope"]},
            "stops": {"earn": ["learn"]},
            "early": {"earn": ["early"]},
            "deep": {"earn": ["deep"]},
        },
    }
)
SLOPE = "With tanh the slope becomes zero for large input, learning stops in the early layers of deep networks."


def slopes(text: str, sample: str = SLOPE) -> list[str]:
    return list(judge(text, SLOPES, "", sample).decisions.values())


@pytest.mark.parametrize(
    "text",
    [
        "The slope is important because people train networks with it, as many books say.",
        "The slope is important, people train their networks on the slope, said Xyzzy.",
    ],
)
def test_what_is_only_related_in_no_more_words_than_a_right_answer_is_not_the_claim(text: str) -> None:
    assert slopes(text) == ["not made"] * 4
    assert slopes(text, sample="")[0] == "unsure"


@pytest.mark.parametrize(
    "text",
    [
        "The slope is important.",
        "The slope, s = 0, x > 1, people train networks with it, as many books say.",
        "Maybe with tanh the slope is zero, as people say, when networks are trained.",
        "The slope of xyzzy means glorp, train networks with frobs or quuxes.",
        f"The slope is important because people train networks with it, {'as many old books say, ' * 9}so use it.",
    ],
)
def test_what_is_related_in_very_few_or_many_words_in_a_formula_or_a_guess_is_for_a_person(text: str) -> None:
    assert slopes(text)[0] == "unsure"


def test_who_reads_an_answer_for_one_of_many_claims_reads_it_for_the_others() -> None:
    assert slopes("A slope, hence learning stops.") == ["unsure"] * 4
    assert slopes("Learning stops.") == ["not made", "made", "not made", "not made"]


def test_beside_a_right_claim_of_whom_a_misconception_was_said_may_be_misread() -> None:
    assert slopes("With relu the slope is zero and learning stops.")[0] == "unsure"
    assert slopes("With relu the slope is zero.")[0] == "not made"


@pytest.mark.parametrize("word", ["dissapearing", "desappearing", "dissappeared"])
def test_a_slip_counts_in_every_form_of_a_word(word: str) -> None:
    rubric = TextRubric.model_validate(
        {"concepts": {"vanish": ["disappear"]}, "claims": {"vanishes": {"earn": ["vanish"]}}}
    )
    assert judge(f"The gradient is {word}", rubric).decisions["vanishes"] == "made"
    assert judge("The gradient is appearing", rubric).decisions["vanishes"] == "not made"


MISTAKES = TextRubric.model_validate(
    {
        "concepts": {"average": ["averag*"], "total": ["sum"], "slow": ["slow"], "stable": ["stable"]},
        "roles": {"old": ["adagrad"], "new": ["rmsprop"]},
        "claims": {
            "averages": {"earn": ["new::average"], "deny": ["old::average"]},
            "drawback": {"earn": ["old::slow"]},
            "advantage": {"earn": ["new::stable"]},
            "mistaken": {"earn": ["old::average"]},
        },
    }
)
DIFFERENCE = "RMSprop takes an average and is stable. Adagrad is slow."


def test_who_says_most_of_a_right_answer_is_not_said_to_have_mistaken_one_for_the_other() -> None:
    text = "RMSprop is stable. Adagrad is slow: in place of the sum it takes an average."
    assert judge(text, MISTAKES, "", DIFFERENCE).decisions["mistaken"] == "unsure"
    assert judge("Adagrad takes an average.", MISTAKES, "", DIFFERENCE).decisions["mistaken"] == "made"


@pytest.mark.parametrize("text", ["RMSprop is stable on top of Adagrad.", "RMSprop is more stable then Adagrad."])
def test_what_somebody_adds_to_another_or_has_more_of_is_not_said_of_the_other(text: str) -> None:
    text += " It takes an average."
    assert judge(text, MISTAKES, "", DIFFERENCE).decisions["mistaken"] == "not made"


@pytest.mark.parametrize(
    "text",
    [
        "With relu s = max(0, x) = x, s' = 1 > 0, learning goes on.",
        "s'(x) = 1 - s^2 = 0 at x >> 1, learning stops",
    ],
)
def test_who_writes_in_formulas_may_say_the_missing_claim_in_one(text: str) -> None:
    assert slopes(text)[3] == "unsure"


def test_an_abbreviation_that_went_unread_may_be_the_name_that_was_asked_for() -> None:
    words = "is important because people train their networks with it, as many books say, and as people know"
    assert slopes(f"The slope {words}.")[0] == "not made"
    assert slopes(f"The slope of QZ {words}.")[0] == "unsure"


@pytest.mark.parametrize("text", ["Cross entropy, which is not better.", "Cross entropy, which it should not have."])
def test_a_not_before_a_judgement_denies_too(text: str) -> None:
    assert judge(text, RUBRIC, "", SAMPLE).doubts == ("denies",)


@pytest.mark.parametrize("text", ["non-saturated units", "un-saturated units"])
def test_a_prefix_that_stands_apart_turns_its_word_round(text: str) -> None:
    assert judge("saturated units", RUBRIC).decisions["saturates"] == "made"
    assert judge(text, RUBRIC).decisions["saturates"] == "not made"


@pytest.mark.parametrize(
    "text",
    ["Cross entropy, which isn't convex.", "Cross entropy, which never does harm.", "Cross entropy harms not people."],
)
def test_a_never_and_a_not_without_an_auxiliary_deny_too(text: str) -> None:
    assert judge(text, RUBRIC, "", SAMPLE).doubts == ("denies",)


def test_a_not_that_only_sets_something_apart_denies_nothing() -> None:
    assert judge("Cross entropy and not hinge loss.", RUBRIC, "", SAMPLE).doubts == ()


def test_a_denial_that_an_author_listed_is_known() -> None:
    text = "Cross entropy, which is not convex."
    assert judge(text, RUBRIC, "", SAMPLE).doubts == ("denies",)
    known = TextRubric.model_validate(RUBRIC.model_dump() | {"concepts": RUBRIC.concepts | {"aside": ("not convex",)}})
    assert judge(text, known, "", SAMPLE).doubts == ()


def test_two_nots_that_reach_different_words_do_not_cancel_each_other() -> None:
    assert decided("Instead of a gradient we have not one that can vanish.")["vanishes"] == "unsure"


def test_however_long_is_no_contrast() -> None:
    assert slopes("With tanh the net, however deep, has slope zero, relu has slope one.")[0] == "made"
    assert slopes("With tanh it trains, however relu has slope zero, relu has slope one.")[0] != "made"


@pytest.mark.parametrize(
    "text",
    [
        "Cross entropy. I don't remember the second reason, sorry.",
        "Cross entropy, but I am not able to say why.",
        "Cross entropy. I don't know more.",
    ],
)
def test_what_somebody_does_not_know_denies_nothing_and_hides_nothing(text: str) -> None:
    judged = judge(text, RUBRIC, "", SAMPLE)
    assert judged.decisions["entropy"] == "made"
    assert judged.doubts == ()


@pytest.mark.parametrize(
    "text",
    [
        "I don't agree, the gradient does vanish.",
        "I don't think so, the gradient does vanish.",
        "The slope is practically nothing and the gradient does vanish.",
    ],
)
def test_a_denial_that_is_over_does_not_turn_what_follows(text: str) -> None:
    assert "earned" in {one.mark for one in judge(text, RUBRIC).evidence if one.claim == "vanishes"}


@pytest.mark.parametrize(
    "text", ["That is not the (often named) cross entropy.", "You can't simply take cross entropy."]
)
def test_a_denial_reaches_over_what_is_put_in_between(text: str) -> None:
    assert decided(text)["entropy"] != "made"
