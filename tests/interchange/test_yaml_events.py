"""The quick reader of YAML says exactly what the careful one says, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import QuestionError
from app.interchange.yaml import DEEPEST, MOST_NODES, _read_carefully, read_yaml
from app.interchange.yaml_events import NotPlain, read_plain

SCALARS = [
    "yes", "no", "on", "y", "~", "", "null", "Null", "true", "TRUE", "False", "tRUE", "0", "-0", "+7", "007", "0o17",
    "0x1F", "0b11", "1_000", "1.5", "1.", ".5", "-.5", "1e3", "1e-3", "1.5e3", "1.e3", "1e400", ".inf", "-.Inf", ".nan",
    "1/2", "1-2", "-x", "+", "-", "=", "<<", "0..1", "2 w", "12:30:45", "190:20", "2001-12-14", "2001-12-14t21:59:43Z",
    "'1'", '"true"', '"\\u0041\\n"', "'it''s'", "a b", "!!str 1", "!x y", "&a 1", "*a", "`x`", "@x", "%x", "a: b",
    "a #b", "a#b", "[1, 2]", "[a, {b: c}]", "{a: 1, b: [x]}", "{a, b}", "[a: 1]", "|\n   two\n   lines\n",
    ">-\n   folded\n   text",
    "|2\n    x", "?", "? a", "9" * 400, "1" * 4300, r'"\0"', r'"\ud800"', "ü √ ∂L/∂w ≤",
    "\t", "a\tb", "\u00a0", "\u2028", "\ufeff", "\x85",
]  # fmt: skip
PLACES = [
    "§",
    "a: §",
    "- §",
    "a:\n  b: §\n  c: 1",
    "- a: §\n  b: 2\n-\n  - §",
    "[§, 1]",
    "§: 1",
    "a: 1\na: §",
    "# c\n\na: § # d",
]


def quickly(text: str) -> object:
    return read_plain(text, MOST_NODES, DEEPEST)


def carefully(text: str) -> object:
    try:
        return _read_carefully(text, "x.yaml")
    except QuestionError:
        return "refused"


def agree(text: str) -> None:
    try:
        found = quickly(text)
    except NotPlain:
        return
    assert repr(found) == repr(carefully(text))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("scalar", SCALARS)
def test_what_is_read_quickly_is_read_the_same_carefully(place: str, scalar: str) -> None:
    agree(place.replace("§", scalar))


@given(st.text("ab1.-+:,#'\"[]{}&*!|>?%@ \n\t\\~=<0xeE_", max_size=40))
def test_whatever_is_written(text: str) -> None:
    agree(text)


def files(project: Path) -> Iterator[Path]:
    yield from sorted((project / "question_bank").glob("*/*/question.yaml"))


def test_every_question_of_the_bank_is_plain(project: Path) -> None:
    assert [str(file) for file in files(project) if not _is_plain(file.read_text(encoding="utf-8"))] == []


def test_a_few_questions_are_read_the_same_both_ways(project: Path) -> None:
    for file in list(files(project))[::12]:
        text = file.read_text(encoding="utf-8")
        assert quickly(text) == carefully(text)


def _is_plain(text: str) -> bool:
    try:
        quickly(text)
    except NotPlain:
        return False
    return True


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "- " * 50_000, "{a: " * 20_000, "a: &x [1]\nb: [*x, *x]", "[" + "1, " * 60_000 + "]"]
)
def test_what_is_deep_long_or_shared_is_left_to_the_careful_reader(text: str) -> None:
    with pytest.raises(NotPlain):
        quickly(text)


def test_without_the_library_everything_is_read_carefully(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    assert read_yaml("a: [1, two]", "x.yaml") == ({"a": [1, "two"]}, {"": 1, "a": 1, "a.0": 1, "a.1": 1})
