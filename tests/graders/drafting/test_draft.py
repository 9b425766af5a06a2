"""Describing a draft: as much as can be said is said, whatever is broken; nothing typed does any harm."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from app.interchange.bank import load_bank
from graders.calls import CALLS
from tests.graders.marking.questions import leaf, number, part, question

BANK = {one.id: one for one in load_bank(Path(__file__).resolve().parents[3] / "question_bank")}
QUESTION = question(
    part("first", fields={"fa": number("a")}, criteria=[leaf("fa", 1, "fa.right")]),
    part("second", fields={"fb": number("b")}, criteria=[leaf("fb", 1, "fb.right")]),
    variables={"a": {"printed": 4, "draw": "integer(5, 9)"}, "b": "a + 1", "c": "b * 2", "d": "a / 2"},
    where=["a != 7"],
)
PROMPT = "Stem.\n\n## first\nWith @{a}.\n\n## second\nWith @{b}.\n"
SOLUTION = "## first\n@{a}\n## second\n@{b}\n"


def described(document: Any, prompt: str = PROMPT, **more: Any) -> dict[str, Any]:
    payload = {"question": document, "prompt": {"": prompt}, "solution": {"": SOLUTION}, "seeds": [0, 1, 2], **more}
    answer: dict[str, Any] = CALLS["draft"](json.loads(json.dumps(payload)))  # type: ignore[assignment]
    assert json.loads(json.dumps(answer)) == answer
    return answer


def changed(path: str, value: Any) -> Any:
    document = copy.deepcopy(QUESTION)
    *steps, last = path.split(".")
    place: Any = document
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value
    return document


def says(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["path"], problem["says"]) for problem in answer["problems"]]


@pytest.mark.parametrize("name", sorted(BANK))
def test_nothing_is_wrong_with_the_bank(name: str) -> None:
    package = BANK[name].package
    assert package is not None
    payload = {key: package[key] for key in ("question", "prompt", "solution")}
    answer: Any = CALLS["draft"]({**payload, "files": list(package["files"]), "seeds": [0, 1, 2], "language": "de"})
    assert answer["problems"] == []
    for seed in answer["seeds"]:
        assert seed["error"] is None
        assert set(seed["cells"]) == set(package["question"].get("variables", {}))
        assert all(cell["error"] is None for cell in seed["cells"].values())
        assert all(one["prompt"] and "error" not in one for one in seed["shown"]["parts"])
    assert all(one["points"] == one["criteria_total"] for one in answer["parts"])


def test_a_draft_shows_its_cells_its_page_and_what_its_parts_can_give() -> None:
    answer = described(QUESTION)
    assert answer["problems"] == []
    assert answer["points"] == "2"
    printed = answer["seeds"][0]
    assert {name: cell["text"] for name, cell in printed["cells"].items()} == {"a": "4", "b": "5", "c": "10", "d": "2"}
    assert "With 4" in printed["shown"]["parts"][0]["prompt"]
    assert "5" in printed["solution"]["parts"]["second"]
    field = answer["parts"][0]["fields"]["fa"]
    assert field["grader"] == "number"
    assert field["facts"]["right"] == "truth"
    assert field["facts"]["blank"] == "truth"
    assert sum(sum(seed["rejected"].values()) for seed in described(QUESTION, seeds=list(range(1, 30)))["seeds"]) > 0


def test_a_broken_cell_keeps_no_other_from_being_shown() -> None:
    answer = described(changed("variables.b", "a + ("))
    assert [path for path, _ in says(answer)] == ["variables.b"]
    for seed in answer["seeds"]:
        cells = seed["cells"]
        assert cells["a"]["text"]
        assert cells["d"]["text"]
        assert cells["b"]["error"] == "This cannot be read yet."
        assert cells["c"]["error"] == "This waits for `b`."
        assert [cells["a"]["text"] in part["prompt"] for part in seed["shown"]["parts"]] == [True, False]


def test_a_cell_without_a_value_is_told_once_where_it_stands() -> None:
    answer = described(changed("variables.b", "a / 0"))
    assert says(answer)[0][0] == "variables.b"
    assert [path for path, _ in says(answer)] == ["variables.b"]
    assert [bool(part["prompt"]) for part in answer["seeds"][1]["shown"]["parts"]] == [True, False]
    assert answer["seeds"][1]["shown"]["parts"][1]["error"] == "b: This divides by zero."
    late = described(changed("variables.d", "1 / (a - 5)"), seeds=[0, *range(1, 12)])
    assert [path for path, _ in says(late)] == ["variables.d"]
    assert says(late)[0][1].startswith("Seed ")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("parts.0.fields.fa.grader", "numbr", "parts.0.fields.fa"),
        ("parts.0.fields.fa", 5, "parts.0.fields.fa"),
        ("parts.0.fields", None, "parts.0.fields"),
        ("parts.0.criteria.0.when", "fa.rigth", "parts.0.criteria.0.when"),
        ("parts.0.criteria.0.points", "lots", "parts.0.criteria.0.points"),
        ("parts.0.criteria", {}, "parts.0.criteria"),
        ("parts.0.points", "many", "parts.0.points"),
        ("parts.0.points", -1, ""),
        ("parts.0.id", "second", ""),
        ("parts.0.id", "not an id", "parts.0.id"),
        ("parts.0", 7, "parts.0"),
        ("parts.0.colour", "red", "parts.0.colour"),
        ("parts.0.mistakes", {"m": {"set": {"a": "("}, "says": "x"}}, "parts.0.mistakes.m.set.a"),
        ("parts.0.facts", {"f": "("}, "parts.0.facts.f"),
        ("variables", [], "variables"),
        ("variables.a", {"printed": 1}, "variables.a"),
        ("variables.2nd", 1, ""),
        ("pools", {"p": [{"id": "s"}]}, "pools.p.0.text"),
        ("pools", {"p": 1}, "pools.p"),
        ("where", ["("], "where.0"),
        ("where", 1, "where"),
        ("figures", {"f": {"draw": "table", "of": "a"}}, "figures.f.alt"),
        ("figures", {"f": {"draw": "circle", "of": "a", "alt": "x"}}, "figures.f.draw"),
        ("readings", {"r": {}}, "readings.r.set"),
        ("title", {}, ""),
        ("title", 5, "title.str"),
        ("id", "Not An Id", "id"),
        ("colour", "red", "colour"),
    ],
)
def test_what_is_broken_is_told_and_the_cells_are_shown_all_the_same(path: str, value: Any, told: str) -> None:
    answer = described(changed(path, value))
    if path != "title" or value != {}:
        assert told in [at for at, _ in says(answer)], says(answer)
    if not path.startswith("variables"):
        assert answer["seeds"][0]["cells"]["c"] == {"text": "10", "error": None}
    assert len(answer["seeds"]) == 3


def test_a_part_without_its_fields_is_told_once() -> None:
    answer = described(changed("parts.0.fields.fa.grader", "numbr"))
    assert len(says(answer)) == 1


@pytest.mark.parametrize(
    ("prompt", "says_so", "line"),
    [
        (PROMPT.replace("With @{a}", "With @{nothing}"), "There is no variable called `nothing`.", 4),
        (PROMPT.replace("With @{a}", "With @{a"), "", 4),
        (PROMPT.replace("With @{b}", "With @{1 / (a - 4)}"), "", 7),
        (PROMPT.replace("## second", "## third"), "There is no part `third`", 6),
    ],
)
def test_a_broken_text_names_file_and_line(prompt: str, says_so: str, line: int) -> None:
    answer = described(QUESTION, prompt)
    found = [one for one in answer["problems"] if one["file"] == "prompt.md" and one["line"] == line]
    assert len(found) == 1, answer["problems"]
    assert says_so in found[0]["says"]
    parts = answer["seeds"][0]["shown"]["parts"]
    assert any(one["prompt"] for one in parts)


def test_conditions_that_nothing_satisfies_are_told_with_the_first_draw() -> None:
    answer = described(changed("where", ["a > 100"]))
    one = answer["seeds"][1]
    assert "none of 400 draws will do" in one["error"]
    assert one["cells"]["b"]["text"]
    assert "With" in one["shown"]["parts"][0]["prompt"]


@pytest.mark.parametrize(
    "document", [None, [], "text", 5, {}, {"parts": 1}, {"parts": [None]}, {"variables": {"a": {}}}]
)
def test_what_is_no_question_at_all_is_told(document: Any) -> None:
    assert described(document)["problems"]


HEAVY = "sum([sum([k * k for k in range(900)]) for i in range(90000)])"


@pytest.mark.unwatched  # millions of steps, each of them watched, would take seven times as long
@pytest.mark.parametrize(
    "variables",
    [
        {"a": HEAVY},
        {f"v{number}": HEAVY for number in range(40)},
        {"a": {"printed": 1, "draw": HEAVY}},
        {"a": "2**1000**1000"},
        {"a": "[[1] * 1000 for i in range(1000)]"},
        {"a": "a", "b": "c", "c": "b"},
        {"a": "__import__('os').system('true')"},
        {"a": "().__class__.__bases__"},
        {"a": "(" * 500},
        {f"v{number}": f"v{number + 1}" for number in range(1500)},
    ],
)
def test_hostile_cells_are_answered_with_a_sentence(variables: dict[str, Any]) -> None:
    started = time.perf_counter()
    answer = described({**QUESTION, "variables": variables, "where": []})
    assert answer["problems"]
    assert time.perf_counter() - started < 60


def test_long_values_are_cut() -> None:
    answer = described(changed("variables.d", "[k for k in range(5000)]"))
    assert len(answer["seeds"][0]["cells"]["d"]["text"]) == 400


def test_a_mistake_that_is_only_begun_leaves_its_part_as_it_is() -> None:
    document = question(
        part("only", fields={"x": number("1")}, criteria=[leaf("x", 1, "x.right")], mistakes={"begun": {"set": {}}})
    )
    answer = described(document, "## only\nHow many?\n", solution={"": "## only\n1\n"})
    ((place, sentence),) = says(answer)
    assert place == "parts.0.mistakes.begun"
    assert "choose the cell" in sentence
    (shown,) = answer["seeds"][0]["shown"]["parts"]
    assert "How many?" in shown["prompt"]
    assert [one["id"] for one in shown["fields"]] == ["x"]
