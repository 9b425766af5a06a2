"""Hints of a question: split by part and by lines of dashes; what is wrong is told with its line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import QuestionError
from graders.calls import CALLS
from graders.hints import MOST, split_hints
from graders.marking.variants import make_variant, world_of
from graders.packages import Package, hashes, unpack
from graders.presenting.questions import present_hints, solution_in_all, text_problems
from tests.graders.marking.questions import leaf, number, part, question

TEXTS: dict[str, Any] = {
    "prompt": {"": "## a\n\nWhat is n?\n\n## b\n\nAnd again?"},
    "solution": {"": "## a\n\nIt is @{n}.\n\n## b\n\nThe same."},
}


def data(**more: Any) -> dict[str, Any]:
    first = part(fields={"x": number("n")}, criteria=[leaf("c", 1, "x.right")])
    second = part("b", fields={"y": number("n")}, criteria=[leaf("d", 1, "y.right")])
    asked = question(first, second, variables={"n": {"printed": 7, "draw": "integer(1, 5)"}})
    return {"question": asked} | TEXTS | more


def made(package: Package, seed: int = 0) -> dict[str, Any]:
    world = world_of(package.compiled, make_variant(package.compiled, seed).values)
    return json.loads(json.dumps(solution_in_all(package, world)))


def problems(text: str) -> list[str]:
    return [str(one) for one in text_problems(unpack(data(hints={"": text})))]


def test_hints_lie_between_lines_of_dashes_and_know_their_line():
    hints = split_hints("## a\n\nOne.\n\n---\n\nTwo.\n   ----  \nThree.\n\n## b\nAlone.\n", ["a", "b", "c"])
    told = {name: [(one.text.strip(), one.line) for one in of_part] for name, of_part in hints.parts.items()}
    assert told == {"a": [("One.", 2), ("Two.", 6), ("Three.", 9)], "b": [("Alone.", 12)]}
    assert hints.problems == []


def test_dashes_in_a_block_of_code_or_in_a_table_separate_nothing():
    (hints,) = split_hints("## a\n```\n---\n```\n| x |\n|---|\n- - -\n", ["a"]).parts.values()
    assert len(hints) == 1


def test_a_variant_has_the_hints_with_its_own_numbers_beside_its_solution():
    package = unpack(data(hints={"": "## a\n\nMore than @{n - 1}.\n\n---\n\n**Count.**\n"}))
    solution = made(package)
    assert solution["hints"] == {"a": ["<p>More than 6.</p>\n", "<p><strong>Count.</strong></p>\n"]}
    variant: Any = CALLS["variant"]({"package": data(hints={"": "## a\nMore than @{n - 1}."}), "seed": 0})
    assert "More than 6" in json.dumps(variant["solution"])
    assert "More than 6" not in json.dumps(variant["shown"])


def test_hints_are_there_in_the_languages_that_they_are_written_in():
    package = unpack(data(hints={"": "## a\nThink.", "de": "## a\nDenk nach."}))
    solution = made(package)
    assert solution["hints"] == {"a": ["<p>Think.</p>\n"]}
    # The solution is in English only, and nothing says otherwise.
    assert solution["languages"]["de"] == {"hints": {"a": ["<p>Denk nach.</p>\n"]}}
    german = data(hints={"": "## a\nThink."}, solution=TEXTS["solution"] | {"de": "## a\nEs.\n## b\nDas."})
    # The default ones say what language they are in; under another name they would not.
    assert "hints" not in made(unpack(german))["languages"]["de"]


def test_without_hints_a_variant_and_all_hashes_are_what_they_always_were():
    package = unpack(data())
    assert "hints" not in made(package)
    assert set(made(package)) == {"stem", "parts", "text"}
    plain = hashes(data())
    assert hashes(data(hints={})) == plain
    assert hashes(data(hints={"": "## a\nThink."}))["variant_hash"] != plain["variant_hash"]
    for name in ("observe_hash", "rubric_hash"):
        assert hashes(data(hints={"": "## a\nThink."}))[name] == plain[name]


def test_hashes_have_not_changed_since_there_are_hints():
    # Variants are stored under this hash for good.
    texts: dict[str, Any] = {"prompt": {"": "x"}, "solution": {"": "y"}, "files": {}}
    told = {"question": {"id": "q", "parts": []}, "texts": texts, "worth": []}
    compact = json.dumps(told, sort_keys=True, separators=(",", ":"))
    by_hand = hashlib.sha256(compact.encode()).hexdigest()
    assert hashes({"question": {"id": "q", "parts": []}} | texts)["variant_hash"] == by_hand


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("## a\nx\n\n## z\ny\n", "hints.md:4: There is no part `z`"),
        ("\nx\n## a\ny\n", "hints.md:2: A hint belongs to a part"),
        ("## a\n", "hints.md:1: The section `## a` is empty."),
        ("## a\nx\n---\n\n---\ny\n", "hints.md:4: There is nothing in this hint."),
        ("## a\nx\n---\ny @{m}\n", "hints.md:4: There is no variable called `m`."),
        ("## a\nx\n---\n@if n\ny\n", "hints.md:4: This `@if` has no `@end`."),
        ("## a\nx\n---\n\n![](figure:none)\n", "hints.md:5: There is no figure called `none`."),
        (
            "## a\n" + "x\n---\n" * MOST + "x\n",
            f"hints.md:1: A part has at most {MOST} hints; part `a` has",
        ),
    ],
)
def test_what_is_wrong_with_hints_is_told_with_its_line(text: str, says: str):
    assert problems(text)[0].startswith(says)


def test_a_hint_that_fails_with_its_values_is_told_when_a_variant_is_made():
    package = unpack(data(hints={"": "## a\nx\n---\n@{1/(n - 7)}\n"}))
    with pytest.raises(QuestionError, match=r"hints\.md:4"):
        made(package)
    world = world_of(package.compiled, make_variant(package.compiled, 1).values)
    assert present_hints(package, world)["a"]


BANK = Path(__file__).resolve().parents[2] / "question_bank"


@pytest.mark.parametrize("file", sorted(BANK.glob("*/*/hints.md")), ids=lambda file: file.parent.name)
def test_every_part_with_hints_in_the_bank_has_up_to_three(file: Path):
    text = file.read_text(encoding="utf-8")
    parts = [line.removeprefix("## ").strip() for line in text.splitlines() if line.startswith("## ")]
    hints = split_hints(text, parts)
    assert hints.problems == []
    assert all(1 <= len(of_part) <= 3 for of_part in hints.parts.values())
