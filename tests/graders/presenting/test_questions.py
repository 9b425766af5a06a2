"""A question in one world: prompt, fields, worked solution and feedback on statements."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import QuestionError
from graders.marking.credit import credit
from graders.marking.observing import observe
from graders.marking.variants import make_variant, world_of
from graders.marking.worlds import World
from graders.packages import Package, unpack
from graders.presenting.feedback import field_feedback
from graders.presenting.questions import (
    VERDICTS,
    present_shown,
    present_solution,
    shown_in_all,
    statement_feedback,
    text_and_file,
    text_problems,
)
from tests.graders.marking.questions import leaf, number, part, question

RIGHT, WRONG = VERDICTS["en"]
CLAIMS = [
    {"id": "big", "text": {"en": "$n$ is @{n}.", "de": "$n$ ist @{n}."}, "truth": "n > 5", "why": {"en": "See above."}},
    {"id": "bare", "text": "Nothing more to say.", "truth": True},
]


def packed(**texts: Any) -> Package:
    fields = {"x": number("n", label="$n$"), "boxes": {"grader": "choice", "pool": "claims"}}
    first = part(fields=fields, criteria=[leaf("c", 1, "x.right and boxes.right")])
    second = part("b", fields={"y": number("n")}, criteria=[leaf("d", 1, "y.right")])
    data = question(first, second, variables={"n": {"printed": 7, "draw": "integer(1, 5)"}}, pools={"claims": CLAIMS})
    written = {
        "prompt": {"": "Here n = @{n}.\n\n## a\n\nWhat is n?\n\n## b\n\nAnd again?"},
        "solution": {"": "## a\n\nIt is @{n}.\n\n## b\n\nThe same."},
    }
    return unpack({"question": data} | written | texts)


def here(package: Package, seed: int = 0) -> World:
    return world_of(package.compiled, make_variant(package.compiled, seed).values)


def test_a_student_is_asked_with_the_numbers_of_the_variant():
    package = packed()
    shown: Any = present_shown(package, here(package))
    assert "Here n = 7." in shown["stem"]
    x, boxes = shown["parts"][0]["fields"]
    assert (x["widget"]["kind"], boxes["widget"]["kind"]) == ("number", "choice")
    assert boxes["widget"]["options_text"] == ["$n$ is 7.", "Nothing more to say."]
    german: Any = present_shown(package, here(package), "de")
    assert german["parts"][0]["fields"][1]["widget"]["options_text"][0] == "$n$ ist 7."


def test_what_is_shown_never_tells_what_is_true():
    package = packed()
    shown: Any = present_shown(package, here(package))
    assert "See above." not in str(shown)
    assert "truth" not in str(shown["parts"][0]["fields"][1])


def test_the_solution_ends_with_every_statement_and_why():
    package = packed()
    solution: Any = present_solution(package, here(package))
    text = solution["text"]["a"]
    assert text.startswith("It is 7.")
    assert f"1. **{RIGHT}.** $n$ is 7. — See above." in text
    assert text.endswith(f"1. **{RIGHT}.** Nothing more to say.")
    assert "<li>" in solution["parts"]["a"]
    assert solution["text"]["b"] == "The same."
    drawn = here(package, 1)
    other: Any = present_solution(package, drawn)
    assert f"1. **{WRONG}.** $n$ is {drawn['n']}." in other["text"]["a"]


def test_the_verdict_is_in_the_language_of_the_reader_or_english():
    package = packed()
    german: Any = present_solution(package, here(package), "de")
    other: Any = present_solution(package, here(package), "xx")
    assert f"**{VERDICTS['de'][0]}.** $n$ ist 7." in german["text"]["a"]
    assert f"**{RIGHT}.** $n$ is 7." in other["text"]["a"]


def test_words_of_lists_labels_of_rows_and_text_cells_read_in_another_language():
    fields = {"kind": {"grader": "select", "words": ["low", "high"], "rows": "sets", "answer": "levels"}}
    data = question(
        part(fields=fields, criteria=[leaf("c", 1, "kind.right")]),
        variables={"sets": {"value": ["training", "test"]}, "levels": {"value": ["low", "high"]}},
        words={"de": {"low": "niedrig", "high": "hoch", "training": "Training"}},
    )
    text = "## a\n@if levels[0] == 'low'\nFirst @{levels[0]}.\n@end"
    package = unpack({"question": data, "prompt": {"": text, "de": text}, "solution": {"": text}})
    english: Any = present_shown(package, here(package))
    german: Any = present_shown(package, here(package), "de")
    widgets = [one["parts"][0]["fields"][0]["widget"] for one in (english, german)]
    assert [one["words"] for one in widgets] == [["low", "high"]] * 2
    assert [one["words_text"] for one in widgets] == [[], ["niedrig", "hoch"]]
    assert [one["rows"] for one in widgets] == [["training", "test"], ["Training", "test"]]
    assert [one["parts"][0]["prompt_text"] for one in (english, german)] == ["First low.", "First niedrig."]
    both: Any = shown_in_all(package, here(package))
    kept = both["languages"]["de"]["parts"]["a"]["fields"]["kind"]
    assert (kept["words_text"], kept["rows"]) == (["niedrig", "hoch"], ["Training", "test"])


def test_a_text_in_another_language_stands_in_its_own_file():
    assert text_and_file({"": "plain", "de": "deutsch"}, "prompt", "de") == ("deutsch", "prompt.de.md")
    assert text_and_file({"": "plain"}, "prompt", "de") == ("plain", "prompt.md")
    assert text_and_file({}, "solution", "en") == ("", "solution.md")
    broken = packed(prompt={"": "## a\nOne.\n## b\nTwo.", "de": "@{1/0}\n## a\n## b"})
    present_shown(broken, here(broken))
    with pytest.raises(QuestionError, match=r"^prompt\.de\.md:1"):
        present_shown(broken, here(broken), "de")


def test_every_language_is_checked_and_a_problem_is_told_once():
    assert text_problems(packed()) == []
    good = "## a\nOne.\n## b\nTwo."
    found = text_problems(packed(prompt={"": good, "de": "@{nope}\n" + good}, solution={"": good + "@{y}"}))
    assert sorted(str(one) for one in found) == [
        "prompt.de.md:1: There is no variable called `nope`.",
        "solution.md:4: There is no variable called `y`.",
    ]


def test_a_translation_of_one_text_alone_is_enough():
    good = "## a\nOne.\n## b\nTwo."
    assert text_problems(packed(prompt={"": good, "de": good})) == []
    assert text_problems(packed(solution={"": good, "cs": good})) == []


def feedback(answers: dict[str, object], language: str = "en") -> dict[str, list[str]]:
    package = packed()
    world = here(package)
    observation = observe(package.compiled, world, answers)
    return field_feedback(package, world, observation, credit(package.compiled, world, observation), language)


def test_feedback_explains_the_statements_judged_wrongly_and_no_others():
    right = RIGHT.lower()
    assert feedback({"boxes": "none"}) == {
        "boxes": [f"“$n$ is 7” is {right}. See above.", f"“Nothing more to say” is {right}."]
    }
    assert feedback({"boxes": "2"}) == {"boxes": [f"“$n$ is 7” is {right}. See above."]}
    assert feedback({"boxes": "1,2", "x": "8"}) == {}
    assert feedback({}) == {}


def test_a_field_without_statements_has_none_to_explain():
    package = packed()
    assert statement_feedback(package, here(package), "x", ["big"], "en") == []
