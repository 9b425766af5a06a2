"""Marked answers to the short texts of the bank: those that the rubrics were written with, and those set aside."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.texts import MARKED, PAGE, Figures, answers_of, measure, tables_of, together, written


@pytest.fixture(scope="module")
def seen() -> dict[str, Figures]:
    return measure(MARKED / "seen", mutate=False)


@pytest.fixture(scope="module")
def by_item() -> dict[str, Figures]:
    return measure(MARKED / "aside")


@pytest.fixture(scope="module")
def aside(by_item: dict[str, Figures]) -> Figures:
    return together(by_item)


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


def test_the_documentation_quotes_the_figures_as_they_are(by_item: dict[str, Figures]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, tables_of(by_item)) == page, "Write them again: python -m benchmarks.texts --write"


def test_tables_are_written_between_their_marks_and_nowhere_else() -> None:
    figures = {"one-a": Figures(Counter(answers=4, decided=3, exact=3, worthless=1, full=2))}
    tables = tables_of(figures)
    assert [line.split(" | ")[0] for line in tables["items"][2:]] == ["| one-a", "| **all**"]
    assert "| decided without a person | ≥ 80 % | 3/4 (75 %, 30–95) |" in tables["goals"]
    page = (
        "# A\n<!-- benchmarks.texts: goals -->\nold\n<!-- end -->\nB\n<!-- benchmarks.texts: items -->\n<!-- end -->\n"
    )
    new = written(page, tables)
    assert (new.splitlines()[0], "old" in new, "\nB\n" in new) == ("# A", False, True)
    assert written(new, tables) == new
    with pytest.raises(ValueError, match="no place for items"):
        written("# A", {"items": tables["items"]})
