"""Rewriting a YAML text: the data is what was asked for, and all that did not change stays as it was written."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.interchange.matching import same
from app.interchange.rewriting import rewrite
from app.interchange.yaml import read_yaml

BANK = Path(__file__).resolve().parents[2] / "question_bank"
FILES = sorted([*BANK.glob("*/*/question.yaml"), *BANK.glob("*/*/cases.yaml")])
TEXT = """\
# A question about sums.
id: sum   # its name
title: {en: "A sum", de: 'Eine Summe'}

variables:
  # what is added
  a:     {printed: 2, draw: "integer(1, 9)"}   # the first

  b:     a + 1
  long: [1, 2,
         3, 4]

# below
parts:
  - id: only
    points: 1
    # what counts
    criteria:
      - {id: right, points: 1/2, when: total.right}
      # half of it
      - id: half
        points: 1/2
        when: total.near

  - id: other
    points: 2
text: |
  Two
  lines.
empty:
last: 'it''s'
"""


def data_of(text: str) -> Any:
    return read_yaml(text, "")[0]


def changed(**changes: Any) -> str:
    return rewrite(TEXT, data_of(TEXT) | changes)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_unchanged_document_gives_the_very_same_text(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert rewrite(text, json.loads(json.dumps(data_of(text)))) == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_bank_written_anew_is_the_same_data(file: Path) -> None:
    document = data_of(file.read_text(encoding="utf-8"))
    assert same(data_of(rewrite("", document)), document)


def test_one_value_changes_one_line() -> None:
    document = data_of(TEXT)
    document["variables"]["b"] = "a + 2"
    assert rewrite(TEXT, document) == TEXT.replace("b:     a + 1", "b:     a + 2")


def test_a_value_between_braces_leaves_the_rest_of_the_line() -> None:
    document = data_of(TEXT)
    document["variables"]["a"]["draw"] = "integer(2, 9)"
    document["title"]["de"] = "Die Summe"
    document["parts"][0]["criteria"][0]["points"] = "3/4"
    wanted = TEXT.replace("integer(1, 9)", "integer(2, 9)").replace("'Eine Summe'", "'Die Summe'")
    assert rewrite(TEXT, document) == wanted.replace("right, points: 1/2", "right, points: 3/4")


def test_an_entry_takes_its_comments_along() -> None:
    document = data_of(TEXT)
    document["parts"].reverse()
    told = rewrite(TEXT, document)
    assert told.index("- id: other") < told.index("- id: only") < told.index("# what counts") < told.index("# half of")
    assert told.startswith(TEXT[: TEXT.index("parts:")])
    assert "parts:\n  - id: other\n    points: 2\n  - id: only\n" in told


def test_an_entry_that_goes_leaves_the_others_alone() -> None:
    document = data_of(TEXT)
    del document["parts"][0]["criteria"][1]
    del document["variables"]["b"]
    gone = "      # half of it\n      - id: half\n        points: 1/2\n        when: total.near\n"
    assert rewrite(TEXT, document) == TEXT.replace(gone, "").replace("  b:     a + 1\n", "")


def test_a_new_entry_is_written_on_a_line_of_its_own() -> None:
    document = data_of(TEXT)
    document["variables"]["c"] = {"printed": [1, 2], "draw": "integers(2, 1, 9)"}
    document["parts"][1]["fields"] = {"total": {"grader": "number", "answer": "a + b"}}
    told = rewrite(TEXT, document)
    assert '         3, 4]\n  c: {printed: [1, 2], draw: "integers(2, 1, 9)"}\n' in told
    assert "  - id: other\n    points: 2\n    fields:\n      total: {grader: number, answer: a + b}\ntext:" in told
    assert data_of(told) == document


def test_an_entry_keeps_its_line_when_it_is_renamed() -> None:
    document = data_of(TEXT)
    variables = document["variables"]
    document["variables"] = {"first" if name == "a" else name: value for name, value in variables.items()}
    assert rewrite(TEXT, document) == TEXT.replace("  a:     {", "  first:     {")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"last": "don't"}, "last: 'don''t'\n"),
        ({"last": "a\nb\n"}, "last: |\n  a\n  b\n"),
        ({"empty": 5}, "empty: 5\n"),
        ({"empty": {"a": 1}}, "empty: {a: 1}\n"),
        ({"empty": []}, "empty: []\n"),
        ({"text": "one"}, "text: one\n"),
        ({"text": "Three\nshort\nlines."}, "text: |-\n  Three\n  short\n  lines.\n"),
        ({"id": "a: b"}, 'id: "a: b"   # its name\n'),
        ({"id": "true"}, 'id: "true"   # its name\n'),
        ({"id": "1/2"}, "id: 1/2   # its name\n"),
        ({"id": True}, "id: true   # its name\n"),
        ({"title": "Plain"}, "title: Plain\n"),
        ({"variables": {}}, "variables: {}\n"),
        ({"parts": None}, "parts: null\n"),
        ({"parts": "x"}, "parts: x\n"),
    ],
)
def test_other_kinds_of_values_are_written_readably(changes: dict[str, Any], line: str) -> None:
    told = changed(**changes)
    assert line in told
    assert same(data_of(told), data_of(TEXT) | changes)


def test_numbers_that_went_through_a_browser_are_no_change() -> None:
    text = "a: 1.0\nb: 1e3\nc: true\n"
    assert rewrite(text, {"a": 1, "b": 1000, "c": True}) == text
    assert rewrite(text, {"a": 1, "b": 1000, "c": 1}) == text.replace("true", "1")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1, 2]\nb: *x\n",
        "a: &x {p: 1}\nb:\n  <<: *x\n  q: 2\n",
        "? a\n: 1\n",
        "a: !!str 5\nb: 1\n",
        "",
        "a: [",
        "5",
        "- - 1\n  - 2\n-\n  - 3\n",
        "a: 1\na: 2\n",
        "%YAML 1.2\n---\na: 1 # x\n...\n",
        "a: 1\r\nb: # c\r\n  - 2\r\n",
    ],
)
def test_whatever_the_text_is_the_data_is_what_was_asked_for(text: str) -> None:
    for document in ({"a": [1, 3], "b": {"p": 1}, "c": "d"}, ["x", {"y": [1]}], {"b": 1}, "text", None, {}):
        assert same(data_of(rewrite(text, document)), document), rewrite(text, document)


def test_comments_around_the_document_stay() -> None:
    text = "# before\n\na: 1\nb: 2 # here\n# after\n"
    assert rewrite(text, {"a": 1, "b": 3, "c": 4}) == "# before\n\na: 1\nb: 3 # here\nc: 4\n# after\n"


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
    | st.sampled_from(
        ["a + b", "1/2", "0.5", "x: y", "- x", "#", "a #b", "line\nline", "tail \n", "\n", " x", "yes", "~", "[1]", "'"]
    )
)
names = st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1, max_size=6) | st.sampled_from(
    ["id", "when", "on", "y", "null", "true", "1", "0x1f", "1e3", "a b", "?", "-", "<<"]
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(documents, documents)
def test_any_document_in_any_text_is_read_back(one: Any, other: Any) -> None:
    text = rewrite("", one)
    assert same(data_of(text), one), text
    assert same(data_of(rewrite(text, other)), other), text


@st.composite
def edits(draw: st.DrawFn) -> tuple[Path, list[tuple[int, int, Any]]]:
    steps = st.tuples(st.integers(0, 10**6), st.integers(0, 5), scalars | st.lists(scalars, max_size=3))
    return draw(st.sampled_from(FILES)), draw(st.lists(steps, min_size=1, max_size=6))


@settings(max_examples=40)
@given(edits())
def test_any_edit_of_the_bank_is_read_back(case: tuple[Path, list[tuple[int, int, Any]]]) -> None:
    file, steps = case
    text = file.read_text(encoding="utf-8")
    document = copy.deepcopy(data_of(text))
    for place, kind, value in steps:
        edit(document, place, kind, value)
    told = rewrite(text, document)
    assert same(data_of(told), document)
    again = rewrite(told, data_of(text))
    assert same(data_of(again), data_of(text))


def edit(document: Any, place: int, kind: int, value: Any) -> None:
    """Change, add, remove, move or rename something somewhere."""
    places = list(_places(document))
    if not places:
        return
    holder, at = places[place % len(places)]
    if kind <= 1:
        holder[at] = value
    elif kind == 2:
        del holder[at]
    elif isinstance(holder, list):
        if kind == 3:
            holder.insert(place % (len(holder) + 1), value)
        else:
            holder.insert(0, holder.pop(at))
    else:
        kept = dict(holder)
        moved = kept.pop(at)
        holder.clear()
        if kind == 3:
            holder.update({"new": value, **kept, at: moved})
        elif kind == 4:
            holder.update({**kept, at: moved})
        else:
            holder.update({f"{name}_2" if name == at else name: value for name, value in {**kept, at: moved}.items()})


def _places(node: Any) -> Any:
    pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for at, value in pairs:
        yield node, at
        yield from _places(value)
