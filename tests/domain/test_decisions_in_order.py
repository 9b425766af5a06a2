"""In which order people decide matters in one place: what is taken off a part that somebody has moved."""

from __future__ import annotations

from app.domain.decisions import decided_now


def decided(*made: tuple[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, written in made:
        found = decided_now(found, name, written)
    return found


def test_a_deduction_counts_on_top_only_of_what_was_moved_before_it():
    moved, taken, given = ("why.", "2/1 of 2/1"), ("why.unit", "-1/2 of -1/2"), ("why.sum", "1/1 of 1/1")
    assert decided(moved, given, taken) == {"why.": moved[1], "why.sum": given[1], "why.unit!": taken[1]}
    assert decided(taken, moved) == {"why.": moved[1], "why.unit": taken[1]}
    assert decided(("how.", "1/1"), taken) == {"how.": "1/1", "why.unit": taken[1]}
    assert decided(("why.", "0/1"), taken) == {"why.": "0/1", "why.unit": taken[1]}


def test_the_newest_decision_replaces_the_one_before_however_that_counted():
    moved, taken, nothing = ("why.", "2/1"), ("why.unit", "-1/2"), ("why.unit", "0/1")
    assert decided(moved, taken, nothing) == {"why.": "2/1", "why.unit": "0/1"}
    assert decided(moved, taken, ("why.", "1/1")) == {"why.": "1/1", "why.unit": "-1/2"}
    assert decided(taken, moved, taken) == {"why.": "2/1", "why.unit!": "-1/2"}
