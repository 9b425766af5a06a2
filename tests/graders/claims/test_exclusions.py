"""What a text names only to exclude it does not earn by rule."""

from __future__ import annotations

import pytest

from graders.claims.judging import judge
from graders.claims.rubric import TextRubric

RUBRIC = TextRubric.model_validate(
    {
        "concepts": {
            "pooling": ["pooling"],
            "store": ["store"],
            "input": ["input"],
            "stable": ["stable", "far from chaotic"],
            "loss": ["loss"],
            "high": ["high"],
        },
        "claims": {
            "pools": {"earn": ["any pooling"]},
            "stores": {"earn": ["store input"]},
            "stable": {"earn": ["stable"]},
            "high": {"earn": ["loss high"]},
        },
    }
)
SAMPLE = "By pooling, and the layers store their input."


def made(text: str) -> set[str]:
    return {name for name, said in judge(text, RUBRIC, "", SAMPLE).decisions.items() if said == "made"}


@pytest.mark.parametrize(
    "text",
    [
        "Anything but pooling.",
        "Everything other than pooling.",
        "The exact opposite of pooling.",
        "One should stay away from pooling.",
        "Leave out the pooling and be happy.",
        "It forbids pooling.",
        "They have nothing to do with pooling.",
        "Not the pooling, but the batch norm.",
        "Yes, but not with the pooling.",
        "It makes pooling even worse.",
        "Tout sauf pooling.",
    ],
)
def test_what_is_excluded_is_not_named(text: str) -> None:
    assert "pools" not in made(text)


@pytest.mark.parametrize(
    "text",
    [
        "The layers refuse to store their input.",
        "They hinder the layers from ever wanting to store the input.",
        "It makes it impossible to store the input.",
        "The layers forget to store their input.",
        "They stop the network from having to store input.",
    ],
)
def test_what_is_refused_or_hindered_is_not_done(text: str) -> None:
    assert "stores" not in made(text)


def test_far_from_high_is_not_high() -> None:
    assert "high" not in made("The loss is far from high.")
    assert "high" not in made("The loss is anything but high.")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Not only the norm, but also pooling.", "pools"),
        ("By pooling, not by the norm.", "pools"),
        ("Leave out the norm. Pooling does it.", "pools"),
        ("Everything but the norm is needed; use pooling.", "pools"),
        ("It is far from chaotic.", "stable"),
        ("Nothing hinders them; the layers store the input.", "stores"),
    ],
)
def test_what_stands_beside_an_exclusion_or_is_meant_by_it_earns(text: str, claim: str) -> None:
    assert claim in made(text)
