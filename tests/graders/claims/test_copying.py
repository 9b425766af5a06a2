"""What is copied from the question earns nothing, and who adds next to nothing says nothing."""

from __future__ import annotations

import pytest

from graders.claims.concepts import Lexicon
from graders.claims.copying import adds_nothing, copied, copyable
from graders.claims.judging import judge
from graders.claims.rubric import TextRubric
from graders.claims.tokens import Token, tokens_of

VOCABULARY = Lexicon({"filter": ["filter"]}).vocabulary
GIVEN = """A layer has @{count} filters of size @{size}, and its images show @{things}.
@if deep
The net is deep.
@end
Explain in a sentence why such a layer needs few parameters.
"""
RUBRIC = TextRubric.model_validate(
    {
        "concepts": {"cats": ["cats"], "shared": ["shared"], "few": ["few parameters"]},
        "claims": {"cats": {"earn": ["any cats"]}, "shared": {"earn": ["shared"]}, "yes": {"earn": ["YES"]}},
    }
)
ASKED = "Explain in a sentence why such a layer needs few parameters."


def tokens(text: str) -> list[Token]:
    return tokens_of(text, VOCABULARY)


def left(text: str) -> list[str]:
    found = tokens(text)
    copies = copied(found, copyable(GIVEN, VOCABULARY))
    return [one.word for place, one in enumerate(found) if place not in copies and one.kind in ("word", "number")]


def test_a_run_of_words_is_found_and_what_stands_around_it_is_not() -> None:
    assert left("Well, why such a layer needs few parameters is easy: such a layer shares") == [
        "well", "is", "easy", "such", "a", "layer", "shares"
    ]  # fmt: skip
    assert left("short") == ["short"]


@pytest.mark.parametrize("things", ["cats", "cats, dogs and “other animals”", "birds by day and by night"])
def test_the_values_of_a_variant_are_copied_with_the_sentence_around_them(things: str) -> None:
    pasted = f"A layer has 16 filters of size 3x3, and its images show {things}. The net is deep. {ASKED}"
    assert left(pasted) == []
    assert left(f"{pasted} They are shared.") == ["they", "are", "shared"]


def test_a_pasted_question_earns_nothing_and_with_a_right_answer_behind_it_that_answer() -> None:
    pasted = f"A layer has 16 filters of size 3x3, and its images show cats. {ASKED}"
    assert set(judge(pasted, RUBRIC, GIVEN, "It is shared.").decisions.values()) == {"not made"}
    said = judge(f"{pasted} Its weights are shared by many places.", RUBRIC, GIVEN, "It is shared.")
    assert said.decisions["shared"] == "made"


def test_who_only_agrees_with_the_question_is_read_by_a_person() -> None:
    said = judge(f"I think that {ASKED} Yes, exactly this.", RUBRIC, GIVEN, "It is shared.")
    assert "copied" in said.doubts
    assert "made" not in said.decisions.values()
    found = tokens(f"{ASKED} The same weights are used at all places of the image.")
    assert not adds_nothing(found, copied(found, copyable(GIVEN, VOCABULARY)))
