"""What the bank keeps of a question to find it by."""

from __future__ import annotations

from typing import Any

from app.domain.bank_entries import bank_entry, folded

PACKAGE: dict[str, Any] = {
    "question": {
        "id": "demo",
        "title": {"en": "Batch norm", "de": "Batch-Norm"},
        "tags": ["conv", "conv", None],
        "source": {"exam": {"en": "Spring  exam"}, "label": 3},
        "pools": {"claims": [{"text": "It is Linear."}, {"text": {"de": "Es ist linear."}}, {}]},
        "parts": [{"item": "demo-1", "fields": {"x": {"grader": "number"}}}, {"fields": {"y": {"grader": "number"}}}],
    },
    "prompt": {"en": "Compute  the MEAN."},
}


def test_a_question_is_found_by_its_tags_graders_items_and_exam() -> None:
    assert bank_entry(PACKAGE).words == (
        ("tag", "conv"),
        ("grader", "number"),
        ("item", "demo-1"),
        ("exam", "Spring exam"),
    )


def test_a_question_is_found_by_all_that_it_says_in_every_language() -> None:
    found = bank_entry(PACKAGE)
    assert (found.label, found.parts) == ("3", 2)
    for words in ("batch-norm", "compute the mean.", "it is linear.", "es ist linear.", "demo-1"):
        assert words in found.search


def test_a_question_without_a_source_has_no_exam() -> None:
    bare = {"question": {"id": "bare", "title": None, "parts": [{}]}}
    assert (bank_entry(bare).words, bank_entry(bare).search) == ((), "bare")


def test_text_is_searched_without_case_and_with_single_spaces() -> None:
    assert folded("  Straße \n des  GRADIENTEN ") == "strasse des gradienten"
