"""The demo's quizzes follow the bank as long as nobody sits them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.services.accounts.doorkeeper import Doorkeeper
from app.services.operating import audit, demo
from app.services.operating.transactions import Transactions
from app.services.sitting import attempts
from app.storage import people
from app.storage.tables import QuestionVersion, Quiz, QuizItem
from tests.quiz_bank import add
from tests.small_bank import FakeSandbox


@pytest.mark.parametrize("login", ["ada", "ines"])
def test_a_quiz_that_a_student_sits_stays_as_it_is(transactions: Transactions, tmp_path: Path, login: str) -> None:
    file, doorkeeper = tmp_path / "demo-accounts.json", Doorkeeper()

    def set_up() -> None:
        with transactions.writing() as tx:
            demo.set_up_demo(tx, doorkeeper, file)

    with transactions.writing() as tx:
        add(tx, "tum-01")
    set_up()
    with transactions.reading() as reading, transactions.writing() as writing:
        person = people.person_by_login(reading, login)
        quiz = reading.session.scalars(select(Quiz.public_id)).one()
        assert person is not None
        attempts.start(reading, writing, FakeSandbox(), person.id, quiz)
    with transactions.writing() as tx:
        add(tx, "tum-01", number=2)
        add(tx, "tum-02")
    set_up()
    with transactions.reading() as tx:
        rows = tx.session.execute(
            select(QuestionVersion.question, QuestionVersion.number)
            .join(QuizItem, QuizItem.question_version_id == QuestionVersion.id)
            .order_by(QuizItem.position)
        )
        versions = [tuple(row) for row in rows]
    # A look of the staff freezes nothing.
    assert versions == ([("tum-01", 1)] if login == "ada" else [("tum-01", 2), ("tum-02", 1)])


def test_the_audit_of_the_demo_tells_who_set_it_up_and_nothing_twice(
    transactions: Transactions, tmp_path: Path
) -> None:
    file, doorkeeper = tmp_path / "demo-accounts.json", Doorkeeper()

    def done() -> list[tuple[str, str]]:
        with transactions.writing() as tx:
            demo.set_up_demo(tx, doorkeeper, file)
        with transactions.reading() as tx:
            course = people.course_by_title(tx, demo.COURSE)
            assert course is not None
            return [(one.login, one.action) for one in audit.done_in_course(tx, (course.id, course.public_id)).lines]

    with transactions.writing() as tx:
        add(tx, "tum-01")
    told = [("ines", "published a quiz"), ("ines", "created a quiz"), *[("ines", "enrolled somebody")] * 4]
    told.append(("ines", "created a course"))
    assert done() == told
    assert done() == told
    with transactions.writing() as tx:
        add(tx, "tum-02")
    assert done() == [("ines", "changed a quiz"), *told]
