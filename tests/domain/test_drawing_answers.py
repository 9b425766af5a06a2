"""Reading drawings: pages, what they show in words, and who may see them."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.answers import Invalid, Read, read
from app.domain.drawing_answers import LONGEST_DESCRIPTION, MOST_PAGES, drawing_of, pages_named
from app.domain.widgets import Widget

WIDGET = Widget(kind="drawing", gallery=True)
A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("raw", "cells", "words"),
    [
        ([A], [[A], "", ""], "1 page"),
        ([A, B], [[A, B], "", ""], "2 pages"),
        (f"{A}, {B}", [[A, B], "", ""], "2 pages"),
        ([A, "", None], [[A], "", ""], "1 page"),
        ([[A], "A pumpkin", "shown"], [[A], "A pumpkin", "shown"], "1 page and a description"),
        ([[A], None, "named"], [[A], "", "named"], "1 page"),
        ([[], "A pumpkin"], [[], "A pumpkin", ""], "a description"),
        ([[A]], [[A], "", ""], "1 page"),
    ],
)
def test_a_drawing_is_read(raw: Any, cells: Any, words: str) -> None:
    found = read(WIDGET, raw)
    assert isinstance(found, Read), found
    assert (found.cells, found.words, found.latex) == (cells, words, "")


@pytest.mark.parametrize("raw", [None, "", "  ", [], [""], [[], "", ""], [[], "  ", "named"], [[], None, None], [[]]])
def test_without_pages_and_words_nothing_was_answered(raw: Any) -> None:
    found = read(WIDGET, raw)
    assert isinstance(found, Read)
    assert found.blank


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("a pumpkin", "Entry 1 is no page"),
        ([A, "drawing.png"], "Entry 2 is no page"),
        ([A.upper()], "Entry 1 is no page"),
        ([A[:-1]], "Entry 1 is no page"),
        ([A, A], "Page 2 is there twice."),
        ([[A], "x", "everybody"], "“shown”, “named” or nothing"),
        ([[A], "x", "shown", "more"], "pages, a description, and whether it may be shown"),
        ([[A], ["x"]], "pages, a description, and whether it may be shown"),
        ([[[A]]], "a list of the pages that were uploaded"),
        ([A, [B]], "a list of the pages that were uploaded"),
        ([[A], "x" * (LONGEST_DESCRIPTION + 1)], f"at most {LONGEST_DESCRIPTION} characters"),
        ([f"{i:064x}" for i in range(MOST_PAGES + 1)], f"at most {MOST_PAGES} pages, not {MOST_PAGES + 1}"),
        (7, "Entry 1 is no page"),
        ({"pages": [A]}, "An answer is text, a number or a list of these."),
    ],
)
def test_everything_else_is_refused_in_one_sentence(raw: Any, says: str) -> None:
    found = read(WIDGET, raw)
    assert isinstance(found, Invalid), found
    assert says in found.says
    assert found.says.endswith(".")


def test_a_stored_answer_is_taken_apart_whatever_it_is() -> None:
    assert drawing_of([[A], "A pumpkin", "named"]) == ([A], "A pumpkin", "named")
    assert drawing_of("rubbish") == drawing_of(None) == ([], "", "")


def test_every_page_that_an_answer_names_is_found() -> None:
    assert [*pages_named([[A, "x"], f"see {B}", "shown"])] == [A, B]
    assert [*pages_named({"a": A})] == [*pages_named(None)] == []
