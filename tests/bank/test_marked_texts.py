"""Marked answers to the short texts of the bank: those that the rubrics were written with, and those set aside."""

from __future__ import annotations

import pytest

from benchmarks.texts import MARKED, Figures, answers_of, measure, together


@pytest.fixture(scope="module")
def seen() -> dict[str, Figures]:
    return measure(MARKED / "seen", mutate=False)


@pytest.fixture(scope="module")
def aside() -> Figures:
    return together(measure(MARKED / "aside"))


def test_every_short_text_has_answers_seen_and_set_aside(seen: dict[str, Figures]) -> None:
    assert len(seen) == 56
    assert {path.name for path in (MARKED / "seen").iterdir()} == {path.name for path in (MARKED / "aside").iterdir()}
    assert all(figures.counts["answers"] >= 12 for figures in seen.values())
    assert all(len(answers_of(path)) >= 12 for path in (MARKED / "aside").iterdir())


def test_on_seen_answers_the_machine_does_not_err(seen: dict[str, Figures]) -> None:
    counts = together(seen).counts
    assert counts["decided"] >= 0.85 * counts["answers"]
    assert counts["exact"] >= 0.995 * counts["decided"]
    assert counts["paid_full"] == 0


def test_on_answers_set_aside_the_machine_is_as_good_as_the_documentation_says(aside: Figures) -> None:
    # The goals of docs/how-texts-are-judged.md.
    assert aside.counts["decided"] >= 0.8 * aside.counts["answers"]
    assert aside.counts["exact"] >= 0.95 * aside.counts["decided"]
    assert aside.counts["paid"] <= 0.01 * aside.counts["worthless"]
    assert aside.counts["denied"] <= 0.01 * aside.counts["full"]
    assert aside.counts["paid_full"] == aside.counts["negated paid"] == aside.counts["swapped paid"] == 0
    assert aside.counts["denied paid"] == aside.counts["injected paid"] == 0
