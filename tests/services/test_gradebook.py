"""The gradebook of a course: the same marks as the results of its quizzes, totals by its rules, what is missing."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import event, select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.domain.gradebooks import Group, QuizRule, Rules
from app.domain.letter_grades import PRESETS
from app.interchange.sheets import csv_lines
from app.sandbox import SandboxFailure
from app.services.accounts.erasure import erase
from app.services.accounts.people import person_from
from app.services.accounts.personal_data import personal_data, pieces
from app.services.courses.membership import Membership
from app.services.quizzes import quiz_building, quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.results import adjustments, gradebook, gradebook_sheets, letter_grades
from app.services.results.gradebook import Gradebook, Row
from app.services.results.outcomes import outcomes
from app.storage import people
from app.storage.engine import Database
from app.storage.tables import (
    Adjustment,
    AuditEntry,
    Course,
    PersonRow,
    Quiz,
    RegradeRequest,
    Submission,
    SubmissionItem,
)
from tests.papers import change, grade_all, sit
from tests.small_bank import Stage, set_the_stage

F = Fraction


@pytest.fixture
def by(stage: Stage) -> Membership:
    return instructor(stage)


def instructor(stage: Stage) -> Membership:
    with stage.transactions.writing() as tx:
        row = people.add_person(tx, "ines", "Ines", None, False)
        people.enrol(tx, stage.course, row.id, "instructor")
        course = tx.session.get_one(Course, stage.course)
        return Membership(person_from(row), course.id, course.public_id, course.title, "", "UTC", False, "instructor")


def look(stage: Stage) -> Gradebook:
    with stage.transactions.reading() as tx:
        return gradebook.gradebook(tx, stage.course)


def row(stage: Stage, student: int = 0) -> Row:
    return next(one for one in look(stage).rows if one.person_id == stage.students[student])


def store(stage: Stage, by: Membership, rules: Rules, revision: int = 0) -> None:
    with stage.transactions.writing() as tx:
        gradebook.change_rules(tx, by, rules, revision)


def adjust(stage: Stage, by: Membership, student: int, quiz: str | None, points: Fraction | int, **how: bool) -> int:
    with stage.transactions.writing() as tx:
        return adjustments.adjust(tx, by, stage.students[student], quiz, F(points), "A bug", **how)


def another_quiz(stage: Stage, **given: object) -> Stage:
    with stage.transactions.writing() as tx:
        quiz = quizzes.create_quiz(tx, NewQuiz(stage.course, "Second", (NewQuizItem("qa"), NewQuizItem("qb"))))
    other = replace(stage, quiz=quiz)
    if given:
        change(other, **given)
    return other


@pytest.mark.parametrize("rule", ["best", "last", "first", "average"])
def test_every_mark_is_the_one_in_the_results_of_its_quiz(stage: Stage, rule: str) -> None:
    change(stage, counts=rule)
    second = another_quiz(stage, counts=rule)
    sit(stage, 0, "qa_x", "qb_y")
    sit(stage, 0, "qa_x")
    sit(second, 1, "qa_x", "qa_y", "qb_x")
    stage.sandbox.failing = lambda name, _: SandboxFailure("killed", "Too long.") if name == "grade" else None
    sit(second, 0, "qa_x")
    stage.sandbox.failing = lambda name, _: None
    sit(second, 1, hand_in=False)
    book = look(stage)
    for index, quiz in enumerate((stage, second)):
        with stage.transactions.reading() as tx:
            expected = {one.person_id: one for one in outcomes(tx, stage.course, quiz.quiz).rows}
        for found in book.rows:
            cell, told = found.cells[index], expected[found.person_id]
            assert (cell.points, cell.upto) == (told.points, told.upto)
            assert cell.state == {"not started": "not closed"}.get(told.state, told.state)
            if told.max is not None:
                assert cell.max == told.max


def test_without_rules_every_quiz_weighs_the_same_and_what_was_not_taken_is_zero(stage: Stage) -> None:
    second = another_quiz(stage)
    sit(stage, 0, "qa_x", "qa_y", "qb_x")
    for one in (stage, second):
        change(one, closes_at=stage.clock())
    assert look(stage).revision == 0
    assert row(stage).grade.low == F(3, 8)
    assert (row(stage).missing, row(stage, 1).missing) == (1, 2)
    assert row(stage, 1).grade.low == 0


def test_the_rules_of_the_course_make_the_total(stage: Stage, by: Membership) -> None:
    second = another_quiz(stage)
    groups = (Group(id="g1", name="Homework", weight=F(1)), Group(id="g2", name="Exam", weight=F(3)))
    store(stage, by, Rules(groups=groups, quizzes={second.quiz: QuizRule(group="g2", missing="excused")}))
    sit(stage, 0, "qa_x", "qa_y")
    sit(second, 0, "qa_x")
    sit(stage, 1, "qa_x", "qa_y")
    assert row(stage, 0).grade.low == F(1, 4) * F(1, 2) + F(3, 4) * F(1, 4)
    assert row(stage, 1).grade.low == F(1, 2)
    assert [column.group for column in look(stage).columns] == ["Homework", "Exam"]


def test_a_quiz_without_a_closing_time_counts_for_nobody_who_did_not_take_it_until_it_is_closed(stage: Stage) -> None:
    second = another_quiz(stage, opens_at=stage.clock() + timedelta(days=1))
    sit(stage, 0, "qa_x", "qa_y")
    assert [cell.state for cell in row(stage, 1).cells] == ["not closed", "to come"]
    assert (row(stage, 1).grade.low, row(stage, 1).missing) == (None, 0)
    assert row(stage).grade.low == F(1, 2)
    stage.clock.pass_time(days=300)
    assert [cell.state for cell in row(stage, 1).cells] == ["not closed", "not closed"]
    for one in (stage, second):
        change(one, closes_at=stage.clock())
    assert (row(stage, 1).grade.low, row(stage, 1).missing) == (0, 2)
    assert row(stage).grade.low == F(1, 4)


def test_a_quiz_that_has_not_closed_for_somebody_is_still_to_come(stage: Stage) -> None:
    change(stage, closes_at=stage.clock() + timedelta(days=1))
    assert row(stage).cells[0].state == "not closed"
    assert row(stage).grade.low is None
    stage.clock.pass_time(days=2)
    assert row(stage).cells[0].state == "not taken"
    assert row(stage).grade.low == 0


def test_drafts_are_in_the_form_of_the_rules_and_not_in_the_gradebook(stage: Stage) -> None:
    another_quiz(stage, state="draft")
    assert len(look(stage).columns) == 1
    with stage.transactions.reading() as tx:
        assert [one.draft for one in gradebook.quiz_names(tx, stage.course, Rules())] == [False, True]


def test_it_shows_who_waits_for_what(stage: Stage) -> None:
    stage.sandbox.failing = lambda name, _: SandboxFailure("killed", "Too long.") if name == "grade" else None
    attempt = sit(stage, 0, "qa_x")
    sit(stage, 1, "qa_x", grade=False)
    book = look(stage)
    assert [one.state for found in book.rows for one in found.cells] == ["waits for a person", "being graded"]
    assert (book.columns[0].answers, book.rows[0].waiting, book.rows[1].unfinished) == (2, 2, True)
    assert all((one.grade.low, one.grade.high) == (F(0), F(1)) for one in book.rows)
    with stage.transactions.writing() as tx:
        item = tx.session.scalars(
            select(SubmissionItem).join(Submission, Submission.id == SubmissionItem.submission_id)
        ).first()
        assert item is not None
        for state in ("open", "declined"):
            tx.session.add(
                RegradeRequest(
                    public_id=f"r{state}",
                    submission_item_id=item.id,
                    part="p",
                    criterion="qa_x",
                    person_id=stage.students[0],
                    state=state,
                    created_at=tx.now(),
                )
            )
    assert (row(stage).requests, look(stage).columns[0].requests, row(stage, 1).requests) == (1, 1, 0)
    assert row(stage).cells[0].attempt == attempt


def test_adjustments_move_a_mark_or_the_total_until_they_are_withdrawn(stage: Stage, by: Membership) -> None:
    sit(stage, 0, "qa_x")
    number = adjust(stage, by, 0, stage.quiz, F(3, 2))
    adjust(stage, by, 0, None, 10)
    adjust(stage, by, 1, stage.quiz, 3)
    found = row(stage)
    assert (found.cells[0].points, found.cells[0].adjusted, found.grade.low) == (F(3), F(3, 2), F(1, 2) + F(1, 10))
    # Points for a quiz that was not taken are its mark.
    assert (row(stage, 1).grade.low, row(stage, 1).missing) == (F(1, 2), 0)
    with stage.transactions.writing() as tx:
        adjustments.withdraw(tx, by, number)
        adjustments.withdraw(tx, by, number)
    assert row(stage).grade.low == F(1, 4) + F(1, 10)
    with stage.transactions.reading() as tx:
        listed = adjustments.adjustments(tx, stage.course, stage.students[0])
        assert [(one.points, one.withdrawn_by, one.by) for one in listed] == [
            (10, None, "Ines"),
            (F(3, 2), "Ines", "Ines"),
        ]
        assert tx.session.query(Adjustment).count() == 3
        said = [entry.action for entry in tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert said.count("adjusted a mark") == 3
    assert said.count("withdrew an adjustment") == 1


def test_who_is_excused_loses_nothing(stage: Stage, by: Membership) -> None:
    second = another_quiz(stage)
    sit(stage, 0, "qa_x", "qa_y", "qb_x", "qb_y")
    adjust(stage, by, 0, second.quiz, 0, excused=True)
    assert row(stage).cells[1].state == "excused"
    assert (row(stage).grade.low, row(stage).missing) == (F(1), 0)


@pytest.mark.parametrize(
    ("points", "reason", "excused", "of_quiz", "place"),
    [
        (0, "why", False, True, "points"),
        (2000, "why", False, True, "points"),
        (F(1, 10**7), "why", False, True, "points"),
        (1, "why", True, True, "points"),
        (0, "why", True, False, "quiz"),
        (1, "  ", False, True, "reason"),
        (1, "x" * 2001, False, True, "reason"),
    ],
)
def test_an_adjustment_that_cannot_be_meant_is_refused(
    stage: Stage, by: Membership, points: int, reason: str, excused: bool, of_quiz: bool, place: str
) -> None:
    quiz = stage.quiz if of_quiz else None
    with stage.transactions.writing() as tx, pytest.raises(InvalidInput) as caught:
        adjustments.adjust(tx, by, stage.students[0], quiz, F(points), reason, excused=excused)
    assert caught.value.place == place


def test_nobody_adjusts_what_is_not_theirs(stage: Stage, by: Membership) -> None:
    with stage.transactions.writing() as tx:
        other = quizzes.create_course(tx, "Other")
        theirs = quizzes.create_quiz(tx, NewQuiz(other, "Theirs", (NewQuizItem("qa"),)))
        stranger = people.add_person(tx, "nemo", "Nemo", None, False).id
    number = adjust(stage, by, 0, None, 1)
    abroad = Membership(by.person, other, "other", "Other", "", "UTC", False, "instructor")
    with stage.transactions.writing() as tx:
        with pytest.raises(NotFound):
            adjustments.adjust(tx, by, stranger, None, F(1), "why")
        with pytest.raises(NotFound):
            adjustments.adjust(tx, by, stage.students[0], theirs, F(1), "why")
        with pytest.raises(NotFound):
            adjustments.withdraw(tx, abroad, number)
        with pytest.raises(InvalidInput):
            gradebook.change_rules(tx, by, Rules(quizzes={theirs: QuizRule()}), 0)
        with pytest.raises(InvalidInput):
            gradebook.change_rules(tx, by, Rules(groups=(Group(id="g1", name="", weight=F(0)),)), 0)
        tx.session.get_one(Course, stage.course).archived_at = tx.now()
        with pytest.raises(NotAllowed):
            gradebook.change_rules(tx, by, Rules(), 0)
        with pytest.raises(NotAllowed):
            adjustments.withdraw(tx, by, number)


def test_two_people_never_overwrite_each_others_rules(stage: Stage, by: Membership) -> None:
    store(stage, by, Rules(beyond=True))
    for revision in (0, 2):
        with stage.transactions.writing() as tx, pytest.raises(Conflict):
            gradebook.change_rules(tx, by, Rules(), revision)
    with stage.transactions.writing() as tx:
        letter_grades.change_letters(tx, by, PRESETS["german"], True, 1)
    found = look(stage)
    assert (found.revision, found.rules.beyond, found.rules.letters) == (2, True, PRESETS["german"])


def test_a_grade_is_a_span_while_the_total_is(stage: Stage, by: Membership) -> None:
    store(stage, by, Rules(letters=PRESETS["letters"]))
    sit(stage, 0, "qa_x", "qa_y", "qb_x", "qb_y")
    sit(stage, 1, grade=False)
    assert row(stage).letters == ("A",)
    assert row(stage, 1).letters == ("F", "A")
    found = look(stage)
    spread = letter_grades.spread(found, found.rules.letters)
    assert (spread.counts["A"], spread.counts["F"], spread.unsure) == (1, 1, 1)
    assert (spread.bars[0], spread.bars[-1], sum(spread.bars), spread.percents) == (1, 1, 2, (0, 1_000_000))
    assert letter_grades.moved(found, PRESETS["german"]) == 2
    assert letter_grades.moved(found, PRESETS["letters"]) == 0


def test_totals_over_the_whole_have_bars_of_their_own(stage: Stage, by: Membership) -> None:
    store(stage, by, Rules(beyond=True))
    sit(stage, 0, "qa_x", "qa_y", "qb_x", "qb_y")
    adjust(stage, by, 0, None, F(7))
    spread = letter_grades.spread(look(stage), None)
    assert (spread.top, spread.bars[-1], len(spread.bars)) == (110, 1, 22)


def test_a_student_sees_what_is_released_and_nothing_else(stage: Stage, by: Membership) -> None:
    second = another_quiz(stage, release="by hand")
    sit(stage, 0, "qa_x", "qa_y", "qb_x")
    sit(second, 0, "qa_x")
    adjust(stage, by, 0, second.quiz, 1)
    with stage.transactions.reading() as tx:
        person = person_from(tx.session.get_one(PersonRow, stage.students[0]))
        me = Membership(person, by.course_id, by.course, by.title, "", "UTC", False, "student")
        found = gradebook.own_gradebook(tx, me)
        (own,) = found.rows
        assert [cell.state for cell in own.cells] == ["graded", "withheld"]
        assert (own.cells[1].points, own.cells[1].adjusted, own.grade.low) == (None, F(0), F(3, 4))
        assert not own.grade.complete
        with pytest.raises(NotFound):
            gradebook.own_gradebook(tx, by)
        with pytest.raises(NotFound):
            gradebook.student_gradebook(tx, stage.course, by.person.id)
    change(second, released_at=stage.clock())
    with stage.transactions.reading() as tx:
        assert gradebook.own_gradebook(tx, me).rows[0].grade.low == F(1, 2) * (F(3, 4) + F(5, 2) / 6)
        staff = gradebook.student_gradebook(tx, stage.course, stage.students[0])
    assert staff.rows[0] == row(stage)


def test_it_takes_the_same_few_queries_however_many_students_and_quizzes(database: Database) -> None:
    stage = set_the_stage(database, students=6)
    said: list[str] = []
    event.listen(database.reading, "before_cursor_execute", lambda *given: said.append(given[2]))
    counts = []
    for student in range(3):
        sit(stage, student, "qa_x", grade=False)
        sit(another_quiz(stage), student, "qa_x", grade=False)
        grade_all(stage)
        said.clear()
        look(stage)
        counts.append(len(said))
    assert max(counts) == min(counts) <= 10


def test_no_cell_of_the_file_is_a_formula(stage: Stage, by: Membership) -> None:
    store(stage, by, Rules(letters=PRESETS["plus"].model_copy(update={"borders": PRESETS["pass"].borders})))
    sit(stage, 0, "qa_x", "qa_y", "qb_x")
    with stage.transactions.writing() as tx:
        tx.session.get_one(PersonRow, stage.students[0]).name = "=1+1"
        tx.session.scalars(select(Quiz)).one().title = "@SUM(A1)"
    with stage.transactions.reading() as tx:
        sheet = gradebook_sheets.gradebook_sheet(gradebook.gradebook(tx, stage.course), "Course")
    text = b"".join(csv_lines(sheet)).decode()
    assert "\n'=1+1,student0,4.5,75,graded,75,75,3⁄4,0,Pass" in text
    assert "'@SUM(A1) (max 6)" in text


def test_what_is_stored_about_a_person_holds_the_adjustments_and_erasing_takes_the_reasons(
    stage: Stage, by: Membership
) -> None:
    change(stage, release="by hand")
    adjust(stage, by, 0, stage.quiz, 1)
    adjust(stage, by, 0, None, -2)

    def told(unreleased: bool) -> list[tuple[str | None, str]]:
        with stage.transactions.reading() as tx:
            data = b"".join(pieces(personal_data(tx, stage.students[0], unreleased=unreleased)))
        rows = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("adjustments.json"))
        return [(one["quiz"], one["points"]) for one in rows]

    assert told(True) == [("Quiz", "1"), (None, "-2")]
    assert told(False) == [(None, "-2")]
    with stage.transactions.writing() as tx:
        erase(tx, stage.students[0], by.person)
    with stage.transactions.reading() as tx:
        assert {one.reason for one in tx.session.scalars(select(Adjustment))} == {""}


def test_a_draft_can_be_deleted_whatever_the_gradebook_said_of_it(stage: Stage, by: Membership) -> None:
    change(stage, state="draft")
    store(stage, by, Rules(quizzes={stage.quiz: QuizRule(weight=F(2))}))
    adjust(stage, by, 0, stage.quiz, 1)
    with stage.transactions.writing() as tx:
        quiz_building.remove(tx, stage.course, stage.quiz, by.person)
        letter_grades.change_letters(tx, by, PRESETS["pass"], False, 1)
    assert look(stage).columns == ()
    assert look(stage).rules.quizzes == {}
