"""Marks that people adjusted in the table of a quiz's results: the same that the gradebook and the student have."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.services.courses.membership import Membership
from app.services.results import adjustments, gradebook, outcome_sheets
from app.services.results.outcomes import arranged
from tests.papers import change, look, row, sit
from tests.quiz_bank import instructor, standing
from tests.small_bank import Stage

F = Fraction


@pytest.fixture
def by(stage: Stage) -> Membership:
    with stage.transactions.writing() as tx:
        return standing(tx, stage.course, instructor(tx, stage.course))


def adjust(stage: Stage, by: Membership, student: int, points: Fraction | int, **how: bool) -> int:
    with stage.transactions.writing() as tx:
        return adjustments.adjust(tx, by, stage.students[student], stage.quiz, F(points), "A bug", **how)


def same_as_the_gradebook(stage: Stage) -> None:
    with stage.transactions.reading() as tx:
        book = gradebook.gradebook(tx, stage.course)
    for found in book.rows:
        (cell,) = found.cells
        (told,) = [one for one in look(stage).rows if one.person_id == found.person_id]
        shown = told.mark or told
        assert (told.counts, shown.upto) == (cell.points, cell.upto)
        assert (told.mark.adjusted if told.mark else 0) == cell.adjusted
        assert (told.mark is not None and told.mark.excused) == (cell.state == "excused")
        if told.counts is not None:
            assert shown.max == cell.max


@pytest.mark.parametrize("rule", ["best", "average"])
def test_the_points_that_count_are_those_of_the_gradebook(stage: Stage, by: Membership, rule: str) -> None:
    change(stage, counts=rule)
    sit(stage, 0, "qa_x", "qb_y")
    sit(stage, 0, "qa_x")
    same_as_the_gradebook(stage)
    assert not look(stage).adjusted
    number = adjust(stage, by, 0, F(-5, 2))
    adjust(stage, by, 1, 2)
    same_as_the_gradebook(stage)
    # What the attempts were graded with stays what it is.
    assert row(stage, 0).points == (3 if rule == "best" else F(9, 4))
    assert row(stage, 0).counts == (F(1, 2) if rule == "best" else 0)
    assert (row(stage, 1).points, row(stage, 1).counts) == (None, 2)
    assert [one.person_id for one in arranged(look(stage).rows, "", "points", True)] == [
        stage.students[1],
        stage.students[0],
    ]
    adjust(stage, by, 1, 0, excused=True)
    same_as_the_gradebook(stage)
    assert row(stage, 1).counts is None
    with stage.transactions.writing() as tx:
        adjustments.withdraw(tx, by, number)
    same_as_the_gradebook(stage)
    assert row(stage, 0).mark is None


def test_files_have_columns_for_adjustments_where_there_are_any(stage: Stage, by: Membership) -> None:
    sit(stage, 0, "qa_x", "qb_y")

    def sheet() -> list[dict[str, object]]:
        made = outcome_sheets.results_sheet(look(stage), "UTC")
        return [dict(zip(made.header, cells, strict=True)) for cells in made.rows]

    assert "Adjustment" not in sheet()[0]
    adjust(stage, by, 0, 1)
    adjust(stage, by, 1, 0, excused=True)
    first, second = sheet()
    assert (first["Points"], first["Adjustment"], first["Points with adjustment"]) == (3, 1, 4)
    assert (second["Points"], second["Adjustment"], second["Points with adjustment"]) == (None, "excused", None)
