"""Everybody's results: who has a row, which attempt counts, which column a drawn question belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import event, select

from app.domain.errors import NotFound
from app.sandbox import SandboxFailure
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.results import outcome_sheets, outcomes
from app.services.results.item_figures import quiz_figures
from app.services.results.outcome_columns import Column, Seating
from app.services.results.outcomes import arranged
from app.storage import people
from app.storage.engine import Database
from app.storage.tables import QuestionVersion, QuizItem
from tests.papers import change, grade_all, look, row, sit
from tests.small_bank import Stage, set_the_stage

HALF = Fraction(3, 2)


def test_everybody_enrolled_as_a_student_has_a_row_and_nobody_else(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        teacher = people.add_person(tx, "teacher", "A Teacher", None, False)
        people.enrol(tx, stage.course, teacher.id, "instructor")
    preview = replace(stage, students=(teacher.id,))
    sit(preview, 0, "qa_x")
    found = look(stage)
    assert [(one.name, one.state, one.points) for one in found.rows] == [
        ("Student 0", "not started", None),
        ("Student 1", "not started", None),
    ]
    assert found.in_state("not started") == 2


def test_points_stand_under_their_questions_and_add_up(stage: Stage) -> None:
    attempt = sit(stage, 0, "qa_x", "qb_x", "qb_y")
    found = row(stage)
    assert [cell.points for cell in found.cells if cell] == [HALF, 3]
    assert (found.points, found.max, found.state) == (Fraction(9, 2), 6, "graded")
    assert found.attempt is not None
    assert found.attempt.id == attempt
    assert [(column.title, column.max) for column in look(stage).columns] == [("Question qa", 3), ("Question qb", 3)]


def test_how_far_everybody_is_can_be_seen(stage: Stage) -> None:
    sit(stage, 0, "qa_x", hand_in=False)
    assert (row(stage).state, row(stage).points, row(stage).cells) == ("open", None, ())
    sit(stage, 1, "qa_x", grade=False)
    assert row(stage, 1).state == "being graded"
    assert [cell.state for cell in row(stage, 1).cells if cell] == ["being graded"] * 2
    grade_all(stage)
    assert row(stage, 1).state == "graded"


def test_a_grader_that_dies_leaves_a_row_that_waits_with_its_cause_in_the_detail(stage: Stage) -> None:
    stage.sandbox.failing = lambda name, _: SandboxFailure("killed", "It took too long.") if name == "grade" else None
    attempt = sit(stage, 0, "qa_x")
    found = row(stage)
    assert (found.state, found.points, found.upto) == ("waits for a person", 0, 6)
    with stage.transactions.reading() as tx:
        detail = outcomes.attempt_detail(tx, stage.course, stage.quiz, attempt)
    assert [item.causes for item in detail.items] == [("It took too long.",)] * 2


@pytest.mark.parametrize(
    ("rule", "points", "number"), [("best", 3, 1), ("last", HALF, 2), ("first", 3, 1), ("average", Fraction(9, 4), 2)]
)
def test_the_rule_of_the_quiz_says_which_attempt_counts(stage: Stage, rule: str, points: Fraction, number: int) -> None:
    change(stage, counts=rule)
    sit(stage, 0, "qa_x", "qa_y")
    sit(stage, 0, "qb_x")
    found = row(stage)
    assert found.attempt is not None
    assert (found.points, found.attempt.number, len(found.attempts)) == (points, number, 2)
    if rule == "average":
        assert [cell.points for cell in found.cells if cell] == [HALF, Fraction(3, 4)]


@pytest.mark.parametrize(
    ("rule", "held", "points"),
    [("best", 1, HALF), ("best", 2, 3), ("last", 2, None), ("last", 1, HALF), ("first", 1, None), ("average", 1, HALF)],
)
def test_what_is_held_back_adds_to_nothing(stage: Stage, rule: str, held: int, points: Fraction | None) -> None:
    change(stage, counts=rule)
    attempts = [sit(stage, 0, "qa_x", "qa_y"), sit(stage, 0, "qb_x")]
    with stage.transactions.reading() as tx:
        found = outcomes.outcomes(tx, stage.course, stage.quiz, {attempts[held - 1]: {1}})
    mine = found.rows[0]
    assert (mine.points, mine.earned, mine.attempts[held - 1].state) == (points, None, "held back")
    assert [cell.state for cell in mine.attempts[held - 1].cells if cell] == ["held back", "graded"]
    decided = {("last", 1): "graded"}
    assert mine.state == decided.get((rule, held), "held back")
    sheet = outcome_sheets.results_sheet(found, "UTC")
    assert sheet.rows[0][6] == points


def test_an_open_attempt_after_a_graded_one_takes_nothing_away(stage: Stage) -> None:
    sit(stage, 0, "qa_x")
    sit(stage, 0, hand_in=False)
    assert (row(stage).state, row(stage).points) == ("graded", HALF)


def test_a_column_is_a_place_of_the_quiz_whatever_was_drawn_and_however_it_was_shuffled() -> None:
    columns = [
        Column("1", "one", False, None, frozenset({"a"})),
        Column("2", "pool", True, None, frozenset({"b", "c", "d"})),
        Column("3", "pool", True, None, frozenset({"b", "c", "d"})),
        Column("4", "narrow", True, None, frozenset({"b", "e"})),
    ]
    seating = Seating(columns)
    assert seating.seats(("a", "c", "d", "e")) == (0, 1, 2, 3)
    assert seating.seats(("d", "e", "a", "c")) == (1, 3, 0, 2)
    # Greedily b would take a place of the wide pool, and one question would stand.
    assert sorted(seat for seat in seating.seats(("b", "c", "d", "a")) if seat is not None) == [0, 1, 2, 3]
    assert seating.seats(("x", "a")) == (None, 0)
    assert seating.seats(()) == ()


def test_a_pool_is_one_column_that_names_what_was_drawn(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        items = list(tx.session.scalars(select(QuizItem).order_by(QuizItem.position)))
        items[0].pool = [items[1].question_version_id]
        items[0].tag = "either"
        items[0].each = Fraction(3)
        tx.session.delete(items[1])
    for student in range(2):
        sit(stage, student)
    found = look(stage)
    assert [(column.title, column.pool, column.max) for column in found.columns] == [("either", True, 3)]
    drawn = {cell.question for one in found.rows for cell in one.cells if cell}
    assert drawn <= {"qa", "qb"}
    sheet = outcome_sheets.results_sheet(found, "UTC")
    assert sheet.header[-1] == "Question 1: drawn"
    assert {line[-1] for line in sheet.rows} <= {"Question qa", "Question qb"}


def test_a_question_that_the_quiz_no_longer_asks_keeps_a_column_of_its_own(stage: Stage) -> None:
    sit(stage, 0, "qb_x")
    with stage.transactions.writing() as tx:
        tx.session.delete(tx.session.scalars(select(QuizItem).where(QuizItem.position == 2)).one())
    found = look(stage)
    assert [(column.title, column.max) for column in found.columns] == [("Question qa", 3), ("Question qb", None)]
    assert found.rows[0].points == HALF


def test_a_newer_version_of_a_question_stays_in_its_column(stage: Stage) -> None:
    sit(stage, 0, "qa_x")
    with stage.transactions.writing() as tx:
        old = tx.session.scalars(select(QuestionVersion).where(QuestionVersion.question == "qa")).one()
        names = [column.name for column in QuestionVersion.__table__.columns if column.name != "id"]
        new = QuestionVersion(**{name: getattr(old, name) for name in names} | {"number": 2})
        tx.session.add(new)
        tx.session.flush()
        tx.session.scalars(select(QuizItem).where(QuizItem.position == 1)).one().question_version_id = new.id
    assert len(look(stage).columns) == 2


def test_rows_can_be_searched_and_sorted_with_the_empty_ones_last(stage: Stage) -> None:
    sit(stage, 1, "qa_x")
    rows = look(stage).rows

    def names(**how: Any) -> list[str]:
        given = {"search": "", "sort": "name", "descending": False} | how
        return [one.login for one in arranged(rows, **given)]

    assert names() == ["student0", "student1"]
    assert names(descending=True) == ["student1", "student0"]
    for column in ("points", "q1", "handed-in"):
        assert names(sort=column) == names(sort=column, descending=True) == ["student1", "student0"]
    assert names(sort="state", descending=True) == ["student1", "student0"]
    for unknown in ("", "q", "q0", "q99", "q999999999", "q²", "nonsense"):
        assert names(sort=unknown) == ["student0", "student1"]
    assert names(search="STUDENT 1") == ["student1"]
    assert names(search="student1") == ["student1"]
    assert names(search="nobody") == []


def test_the_table_takes_the_same_few_queries_however_many_students(database: Database) -> None:
    counts = []
    stage = set_the_stage(database, students=6)
    said: list[str] = []
    event.listen(database.reading, "before_cursor_execute", lambda *given: said.append(given[2]))
    for some in (range(1), range(1, 6)):
        for student in some:
            sit(stage, student, "qa_x")
        said.clear()
        look(stage)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 8


def test_a_quiz_of_another_course_is_not_found(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        other = quizzes.create_course(tx, "Other")
        quiz = quizzes.create_quiz(tx, NewQuiz(other, "Theirs", (NewQuizItem("qa"),)))
    attempt = sit(stage, 0)
    with stage.transactions.reading() as tx:
        asked: list[Callable[[], object]] = [
            lambda: outcomes.outcomes(tx, stage.course, quiz),
            lambda: quiz_figures(tx, stage.course, quiz),
            lambda: outcomes.attempt_detail(tx, stage.course, quiz, attempt),
            lambda: outcomes.attempt_detail(tx, other, stage.quiz, attempt),
            lambda: outcomes.attempt_detail(tx, stage.course, stage.quiz, "nothing"),
        ]
        for ask in asked:
            with pytest.raises(NotFound):
                ask()


def test_the_detail_tells_how_an_attempt_came_to_its_points(stage: Stage) -> None:
    sit(stage, 0, "qa_x")
    attempt = sit(stage, 0, "qa_x", "qb_y")
    with stage.transactions.reading() as tx:
        detail = outcomes.attempt_detail(tx, stage.course, stage.quiz, attempt)
    assert (detail.name, detail.login, detail.number) == ("Student 0", "student0", 2)
    assert [one.number for one in detail.attempts] == [1, 2]
    first = detail.items[0]
    assert (first.question, first.version, first.raw) == ("qa", 1, (("qa_x", "1"),))
    assert first.seed > 0
    assert [(line.field, line.times, line.devices) for line in first.saves] == [("qa_x", 1, 1)]
    assert [(line.points, line.max, line.counts) for line in first.gradings] == [(HALF, 3, True)]
    assert first.observations[0].software == "fake 1"
    assert detail.result is not None
    assert detail.result.points == 3


def test_the_detail_of_an_open_attempt_shows_what_has_been_saved(stage: Stage) -> None:
    attempt = sit(stage, 0, "qa_x", hand_in=False)
    with stage.transactions.reading() as tx:
        detail = outcomes.attempt_detail(tx, stage.course, stage.quiz, attempt)
    assert detail.result is None
    assert detail.items[0].raw == (("qa_x", "1"),)
    assert detail.items[0].gradings == ()


def test_facts_are_written_without_the_tags_of_their_types() -> None:
    from app.services.results.outcome_details import facts_of

    seen = {
        "readings": ["unbiased"],
        "facts": {
            "base": {"mu": {"right": {"s": ["1/2", "1/2"]}, "value": [{"q": "1/3"}, {"f": "0.5"}]}},
            "own": {"mu": {"right": {"s": ["0", "1"]}, "value": [{"q": "1/3"}, {"f": "0.5"}]}},
        },
    }
    assert [(fact.name, fact.value, fact.own) for fact in facts_of({"seen": [seen]})] == [
        ("right", "1/2", False),
        ("value", '["1/3", "0.5"]', False),
        ("right", '["0", "1"]', True),
    ]
    assert facts_of({"seen": "nonsense"}) == facts_of({"seen": [{"facts": None}]}) == ()
