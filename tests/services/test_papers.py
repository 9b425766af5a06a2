"""Papers: numbers of their own for everybody, and the same code is the same paper again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import InvalidInput, NotAllowed
from app.services.quizzes import papers
from app.services.quizzes.papers import For, Paper
from app.services.quizzes.quiz_building import NewPlace
from app.storage import people
from app.storage.tables import Enrolment
from tests.quiz_bank import RULES, Building, question


def prepare(building: Building, quiz: str, whose: For, count: int) -> int:
    """How many portions it took."""
    stage = building.stage
    for portion in range(1, 100):
        with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
            if not papers.prepare(reading, writing, stage.sandbox, building.course, quiz, whose, count):
                return portion
    raise AssertionError("never ready")


def printed(building: Building, quiz: str, whose: For = "blank", count: int = 3) -> tuple[Paper, ...]:
    prepare(building, quiz, whose, count)
    with building.stage.transactions.reading() as tx:
        return papers.papers(tx, building.course, quiz, whose, count, 1, 200)[1]


def numbers(paper: Paper) -> list[str]:
    return [part.prompt for one in paper.questions for part in one.parts]


def test_every_paper_has_numbers_and_a_code_of_its_own(building: Building) -> None:
    quiz = building.published(question("conv1"), question("loss"))
    found = printed(building, quiz, count=20)
    assert len({paper.code for paper in found}) == 20
    for place in (0, 1):
        assert len({numbers(paper)[place] for paper in found}) == 20
    assert {paper.points for paper in found} == {5}
    assert found[0].questions[0].solutions == {"p": "<p>because</p>"}


def test_the_same_code_is_the_same_paper_however_many_are_printed(building: Building) -> None:
    quiz = building.published(NewPlace(tag="conv", take=3), rules=replace(RULES, shuffle=True))
    few = {paper.code: paper for paper in printed(building, quiz, count=3)}
    many = {paper.code: paper for paper in printed(building, quiz, count=10)}
    assert set(few) < set(many)
    assert all(many[code] == paper for code, paper in few.items())
    assert all(len({one.title for one in paper.questions}) == 3 for paper in many.values())


def test_papers_of_another_quiz_are_other_papers(building: Building) -> None:
    one, other = (printed(building, building.published(question("conv1"))) for _ in range(2))
    assert {paper.code for paper in one}.isdisjoint(paper.code for paper in other)


def test_the_students_of_the_course_keep_their_papers_when_others_come(building: Building) -> None:
    quiz = building.published(question("conv1"))
    before = {paper.login: paper for paper in printed(building, quiz, "roster")}
    assert {paper.name for paper in before.values()} == {"Student 0", "Student 1"}
    with building.stage.transactions.writing() as tx:
        for number in range(30):
            row = people.add_person(tx, f"late{number}", f"Late {number}", None, False)
            people.enrol(tx, building.course, row.id, "student")
    after = printed(building, quiz, "roster")
    assert len({paper.code for paper in after}) == 25
    with building.stage.transactions.reading() as tx:
        _, more = papers.papers(tx, building.course, quiz, "roster", 1, 26, 50)
    everybody = {paper.login: paper for paper in (*after, *more)}
    assert len(everybody) == 32
    assert {login: everybody[login] for login in before} == before


def test_variants_are_made_in_portions_and_only_once(building: Building) -> None:
    quiz = building.published(question("conv1"), question("conv2"))
    calls = building.stage.sandbox.calls
    assert prepare(building, quiz, "blank", 50) == 3
    made = len(calls)
    assert made == 100
    with building.stage.transactions.reading() as tx:
        plan = papers.paper_plan(tx, building.course, quiz, "blank", 50)
    assert (plan.ready, plan.needed, plan.sheets) == (100, 100, ((1, 25), (26, 50)))
    assert prepare(building, quiz, "blank", 50) == 1
    assert len(calls) == made


def test_nothing_is_printed_before_its_variants_are_made(building: Building) -> None:
    quiz = building.published(question("conv1"))
    with building.stage.transactions.reading() as tx, pytest.raises(NotAllowed, match="Prepare the papers first"):
        papers.papers(tx, building.course, quiz, "blank", 2, 1, 2)


def test_what_cannot_be_printed_is_said(building: Building) -> None:
    quiz = building.published(question("conv1"))
    empty = building.create()
    with building.stage.transactions.writing() as tx:
        for count in (0, 201):
            with pytest.raises(InvalidInput, match="1 to 200"):
                papers.paper_plan(tx, building.course, quiz, "blank", count)
        with pytest.raises(NotAllowed, match="no questions"):
            papers.paper_plan(tx, building.course, empty, "blank", 1)
        for student in building.stage.students:
            tx.session.delete(tx.session.get_one(Enrolment, (building.course, student)))
        tx.session.flush()
        with pytest.raises(InvalidInput, match="no students"):
            papers.paper_plan(tx, building.course, quiz, "roster", 1)
