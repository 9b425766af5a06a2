"""What a student reads where nothing earns and no person is needed."""

from __future__ import annotations

import pytest

from app.domain.answers import Invalid
from graders.marking.answers import read_raw
from graders.text import ShortText, TextOptions

OPTIONS = TextOptions.model_validate(
    {
        "key": "The gradient vanishes.",
        "concepts": {"gradient": ["gradient"], "vanish": ["vanish"], "noise": ["noise"]},
        "claims": {"vanishes": {"earn": ["gradient vanish"], "deny": ["noise"], "near": ["gradient"]}},
    }
)
NOTHING = "Nothing of what was looked for was found in this answer"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It is a good method.", [f"{NOTHING}."]),
        (
            "Xyzzy makes small steps, large numbers, simple functions, different values, known types, common tasks.",
            [f"{NOTHING}. Not understood: “Xyzzy”."],
        ),
        ("There is too much noise.", ["“noise” speaks against what was looked for."]),
        ("The gradient vanishes.", []),
        ("The gradient is small.", []),
        ("Lorem ipsum dolor.", []),
        (" ", []),
    ],
)
def test_a_decided_zero_says_why(text: str, says: list[str]) -> None:
    grader = ShortText()
    answer = read_raw(grader.widget(OPTIONS), text)
    assert not isinstance(answer, Invalid)
    assert grader.observe(OPTIONS, answer)["remarks"] == says
