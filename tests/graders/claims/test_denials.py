"""A denial that nothing which earns takes into account leaves what was earned to a person."""

from __future__ import annotations

import pytest

from graders.claims.judging import judge
from graders.claims.mutations import mutations
from graders.claims.rubric import TextRubric

RUBRIC = TextRubric.model_validate(
    {
        "concepts": {
            "gradient": ["gradient"],
            "vanish": ["vanish"],
            "momentum": ["momentum"],
            "harmless": ["not care"],
            "unfit": ["not fit"],
        },
        "roles": {"adam": ["adam"], "sgd": ["sgd"]},
        "claims": {
            "vanishes": {"earn": ["gradient vanish", "unfit"]},
            "momentum": {"earn": ["adam::momentum"]},
        },
    }
)
NAMED = TextRubric.model_validate(
    RUBRIC.model_dump() | {"claims": {"momentum": {"earn": ["any momentum"], "named": True}}}
)
SAMPLE = "Adam has momentum, the gradient does vanish."


def decisions(text: str) -> set[str]:
    return set(judge(text, RUBRIC, "", SAMPLE).decisions.values())


def doubts(text: str) -> tuple[str, ...]:
    return judge(text, RUBRIC, "", SAMPLE).doubts


@pytest.mark.parametrize(
    "text",
    [
        "Adam has momentum, it doesn't help.",
        "Adam has momentum, it can't help.",
        "Adam has momentum. It cannot help.",
        "Adam has momentum, it is not.",
        "Adam has momentum, as it does, not dividing.",
        "Adam has momentum, we have not to do it.",
        "Adam has momentum, no momentum helps.",
        "Adam has momentum, momentum never helps.",
        "Adam has momentum, momentum is impossible, nobody needs momentum.",
    ],
)
def test_whatever_word_denies_leaves_what_was_earned_to_a_person(text: str) -> None:
    assert "made" not in decisions(text)
    assert "denies" in doubts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Adam has momentum. It works without momentum.",
        "Adam has momentum; one can do w/o any momentum in it.",
        "Adam has momentum. It divides instead of using momentum.",
        "Adam has momentum, it divides rather than momentum.",
    ],
)
def test_what_earns_is_not_also_said_to_be_missing_or_replaced(text: str) -> None:
    assert "made" not in decisions(text)
    # Not even where it is enough to name it, in other words.
    assert judge(text, NAMED, "", SAMPLE).doubts == ("denies",)


@pytest.mark.parametrize("lacking", ["without", "w/o", "instead of", "rather than", "lacks", "ignoring", "avoids"])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("Adam has momentum. It steps with", "momentum."),
        ("Adam has momentum. It steps", "any further momentum, which is good."),
        ("Adam has momentum; its steps", "→ momentum."),
    ],
)
def test_an_idea_that_would_earn_if_it_were_there_is_not_paid_beside(before: str, lacking: str, behind: str) -> None:
    assert judge(f"{before} {behind}", NAMED, "", SAMPLE).decisions["momentum"] == "made"
    found = judge(f"{before} {lacking} {behind}", NAMED, "", SAMPLE)
    assert found.decisions["momentum"] == "unsure"
    assert "denies" in found.doubts


@pytest.mark.parametrize(
    "text",
    [
        "Adam has momentum, ignoring noise.",
        "Adam has momentum rather than a plain step.",
        "Adam has momentum and lacks nothing; momentum.",
        "Adam has momentum without noise, by momentum.",
    ],
)
def test_what_is_said_to_be_missing_may_be_something_else(text: str) -> None:
    assert judge(text, NAMED, "", SAMPLE).decisions["momentum"] == "made"


def test_a_claim_may_ask_for_what_is_missing() -> None:
    lacking = TextRubric.model_validate(
        {"concepts": {"noise": ["noise"]}, "claims": {"calm": {"earn": ["not noise"]}, "bare": {"earn": ["noise"]}}}
    )
    for word in ("without", "lacks", "instead of", "never"):
        assert judge(f"It steps {word} noise.", lacking, "", "It has no noise.").decisions["calm"] == "made", word


@pytest.mark.parametrize(
    "text",
    [
        "Adam has momentum, without the noise of momentum.",
        "Adam has momentum. It runs without momentum blowing up.",
        "Adam has momentum instead of noise.",
        "Without a plain step Adam has momentum.",
        "Adam has momentum. One could instead of momentum also take plain steps.",
    ],
)
def test_what_else_is_missing_denies_nothing(text: str) -> None:
    assert doubts(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Adam has momentum, which is its enemy.",
        "Adam has momentum and ruins everything.",
        "Adam has momentum, a bad idea.",
        "Adam makes it worse by momentum.",
    ],
)
def test_who_speaks_ill_of_a_thing_does_not_say_that_it_helps(text: str) -> None:
    assert "made" not in decisions(text)
    assert "denies" in doubts(text)


def test_what_might_do_harm_is_not_spoken_ill_of() -> None:
    assert doubts("Adam has momentum, which can be undone if it hurts.") == ()
    assert doubts("Adam has momentum. Plain steps are useless.") == ()


def test_several_maybes_guess_even_what_is_merely_named() -> None:
    assert judge("Maybe momentum, I would say.", NAMED).decisions["momentum"] == "made"
    assert judge("Maybe the gradient, maybe momentum.", NAMED).decisions["momentum"] == "unsure"


@pytest.mark.parametrize(
    "text",
    [
        "Adam hat Momentum in der Formel, das hilft nicht.",
        "Adam hat Momentum in der Formel, das braucht kein Mensch.",
        "Adam a momentum, cela n'est pas utile.",
        "Adam a momentum, cela ne sert jamais.",
    ],
)
def test_so_it_is_in_the_other_languages_of_students(text: str) -> None:
    assert doubts(text) == ("denies",)


def test_a_step_in_french_denies_nothing() -> None:
    assert doubts("Adam a momentum, à chaque pas.") == ()
    assert doubts("Adam a momentum, avec peu de pas.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Adam has momentum, SGD doesn't.",
        "Adam has momentum, SGD does not. It is fast.",
        "Adam has momentum, SGD not.",
        "Adam has momentum, no bad minima.",
        "Adam has momentum, it grows without limit.",
        "Adam has momentum, it doesn't care.",
        "Adam has momentum and not noise.",
        "Adam has momentum, nothing else.",
        "Adam has momentum, whether or not it helps.",
        "Adam has momentum, do not forget it.",
    ],
)
def test_what_is_said_of_another_in_passing_or_known_denies_nothing(text: str) -> None:
    assert judge(text, RUBRIC, "", SAMPLE).decisions["momentum"] == "made"
    assert doubts(text) == ()


def test_what_can_not_be_forgotten_is_denied() -> None:
    assert "denies" in doubts("Adam has momentum, it can not forget.")


def test_a_not_of_an_idea_is_known_only_where_what_is_made_asks_for_the_idea() -> None:
    assert judge("It does not fit.", RUBRIC, "", SAMPLE).decisions["vanishes"] == "made"
    known = TextRubric.model_validate(
        RUBRIC.model_dump()
        | {"claims": {**RUBRIC.model_dump()["claims"], "vanishes": {"earn": ["gradient vanish"], "near": ["unfit"]}}}
    )
    assert judge("Adam has momentum, it doesn't fit.", known, "", SAMPLE).doubts == ("denies",)


@pytest.mark.parametrize("word", ["isn't only", "is not only"])
def test_not_only_without_a_but_is_doubted_however_it_is_written(word: str) -> None:
    assert doubts(f"There {word} momentum in Adam.") == ("denies",)
    assert doubts(f"There {word} momentum in Adam but also more.") == ()


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The gradient is small.", "The gradient is not small."),
        ("Der Gradient wird klein.", "Der Gradient wird nicht klein."),
        ("Le gradient est petit.", "Le gradient ne est pas petit."),
        ("Der Gradient wird nicht klein.", None),
    ],
)
def test_an_answer_is_negated_in_its_own_language(text: str, negated: str | None) -> None:
    assert dict(mutations(text, {})).get("negated") == negated
