"""Copying a course into a new term."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput, NotAllowed
from app.domain.gradebooks import Group, QuizRule, Rules
from app.domain.letter_grades import Border, Letters
from app.services.accounts.people import Person
from app.services.courses import copying
from app.services.quizzes import quiz_building
from app.services.results import gradebook
from app.storage import people
from app.storage.tables import Enrolment, PersonRow
from tests.quiz_bank import RULES, Building, add, instructor, question, retire, standing


def copy(building: Building, by: Person | None = None, title: str = "Deep Learning", term: str = "Summer") -> int:
    with building.stage.transactions.writing() as tx:
        who = by or building.ines
        public_id = copying.copy_course(tx, standing(tx, building.course, who), who, title, term)
        found = people.course_with_role(tx, public_id, who.id)
        assert found is not None
        return found[0].id


def test_quizzes_become_drafts_without_dates_with_the_newest_questions(building: Building) -> None:
    now = building.stage.clock()
    rules = replace(RULES, minutes=30, opens_at=now, closes_at=now + timedelta(days=1), release="after closing")
    quiz = building.published(
        question("conv1"), quiz_building.NewPlace(tag="loss", take=1, each=question("x").weight), rules=rules
    )
    building.start(quiz)
    with building.stage.transactions.writing() as tx:
        add(tx, "conv1", number=2, tags=["conv"])
        add(tx, "loss2", tags=["loss"])
    course = copy(building)
    with building.stage.transactions.reading() as tx:
        outlines = quiz_building.quizzes_of_course(tx, course)
        plan = quiz_building.quiz_plan(tx, course, outlines[-1].id)
    assert [outline.title for outline in outlines] == ["Quiz", "Weekly quiz"]
    assert {outline.state for outline in outlines} == {"draft"}
    assert plan.rules == replace(rules, opens_at=None, closes_at=None)
    assert plan.places[0].questions[0].number == 2
    assert [one.question for one in plan.places[1].questions] == ["long", "loss", "loss2"]
    assert (plan.attempts, plan.released_at) == (0, None)
    assert building.plan(quiz).places[0].questions[0].number == 1


def test_the_gradebook_keeps_its_rules_for_the_copies_of_its_quizzes(building: Building) -> None:
    quiz = building.published(question("conv1"))
    letters = Letters(borders=(Border(letter="A", at=Fraction(90)), Border(letter="F", at=Fraction(0))))
    groups = (Group(id="g1", name="Exams", weight=Fraction(60)), Group(id="g2", name="Homework", drop=1))
    rules = Rules(groups=groups, quizzes={quiz: QuizRule(group="g2")}, letters=letters, letters_shown=True)
    with building.stage.transactions.writing() as tx:
        gradebook.change_rules(tx, standing(tx, building.course, building.ines), rules, 0)
    course = copy(building)
    with building.stage.transactions.reading() as tx:
        copied, revision = gradebook.rules_of_course(tx, course)
        mine = {one.title: one.id for one in quiz_building.quizzes_of_course(tx, course)}
    assert copied == rules.model_copy(
        update={"quizzes": {mine["Weekly quiz"]: QuizRule(group="g2")}, "letters_shown": False}
    )
    assert revision == 1


def test_only_the_instructors_come_along(building: Building) -> None:
    with building.stage.transactions.writing() as tx:
        instructor(tx, building.course, "otto")
        instructor(tx, building.course, "anna", "assistant")
    course = copy(building)
    with building.stage.transactions.reading() as tx:
        rows = tx.session.execute(
            select(PersonRow.login, Enrolment.role)
            .join(Enrolment, Enrolment.person_id == PersonRow.id)
            .where(Enrolment.course_id == course)
        )
        assert {(row[0], row[1]) for row in rows} == {("ines", "instructor"), ("otto", "instructor")}


def test_a_pool_that_became_empty_does_not_keep_a_course_from_being_copied(building: Building) -> None:
    building.published(quiz_building.NewPlace(tag="loss", take=2, each=question("x").weight))
    with building.stage.transactions.writing() as tx:
        retire(tx, "loss")
        retire(tx, "long")
    course = copy(building)
    with building.stage.transactions.reading() as tx:
        outline = quiz_building.quizzes_of_course(tx, course)[-1]
        plan = quiz_building.quiz_plan(tx, course, outline.id)
    assert plan.troubles == ("No question is tagged “loss”, so 2 cannot be drawn.",)


def test_a_copy_needs_a_title_and_somebody_who_instructs(building: Building) -> None:
    with pytest.raises(InvalidInput, match="needs a title"):
        copy(building, title=" ")
    with building.stage.transactions.writing() as tx:
        anna = instructor(tx, building.course, "anna", "assistant")
    with pytest.raises(NotAllowed):
        copy(building, anna)
