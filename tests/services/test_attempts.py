"""Starting attempts: the printed paper first, then fresh variants, each stored once and never twice in a row."""

from __future__ import annotations

import threading
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotAllowed, NotFound
from app.sandbox import SandboxFailure
from app.services.quizzes import quizzes
from app.services.sitting import attempts, submissions
from app.services.sitting.attempts import AttemptView
from app.storage.changes import FLAG, Change, FieldChange
from app.storage.engine import Database
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Attempt, AttemptItem, Variant
from tests.small_bank import Stage, set_the_stage


def look(stage: Stage, attempt: str, student: int = 0) -> AttemptView:
    with stage.transactions.reading() as tx:
        return attempts.view(tx, stage.students[student], attempt)


def save(stage: Stage, attempt: str, *fields: tuple[int, str, int, object], seq: int = 1) -> None:
    change = Change(attempt, "tab", seq, tuple(FieldChange(*one) for one in fields))  # type: ignore[arg-type]
    with stage.transactions.writing() as tx:
        (result,) = write_saves(tx, [Arrival(change, tx.now())], 30, {})
    if isinstance(result, Exception):
        raise result


def hand_in(stage: Stage, attempt: str, student: int = 0) -> None:
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[student], attempt, lambda: None)


def seeds(stage: Stage) -> list[list[int]]:
    with stage.transactions.reading() as tx:
        rows = tx.session.execute(
            select(Attempt.number, Variant.seed)
            .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
            .join(Variant, Variant.id == AttemptItem.variant_id)
            .order_by(Attempt.number, AttemptItem.position)
        ).all()
    return [[seed for number, seed in rows if number == wanted] for wanted in sorted({row[0] for row in rows})]


def test_the_first_attempt_is_the_printed_paper_and_the_next_ones_are_fresh(stage: Stage) -> None:
    for _ in range(3):
        hand_in(stage, stage.start())
    first, second, third = seeds(stage)
    assert first == [0, 0]
    assert all(1 <= seed <= 200 for seed in second + third)
    assert all(a != b for a, b in zip(second, third, strict=True))


def test_starting_again_goes_on_with_the_open_attempt(stage: Stage) -> None:
    assert stage.start() == stage.start()
    assert stage.start(0) != stage.start(1)


def test_a_variant_is_made_once_for_everybody(stage: Stage) -> None:
    stage.start(0)
    stage.start(1)
    assert [name for name, _ in stage.sandbox.calls] == ["variant", "variant"]


def test_a_page_shows_what_was_typed_how_it_was_read_and_what_is_flagged(stage: Stage) -> None:
    attempt = stage.start()
    save(stage, attempt, (1, "qa_x", 3, "1/3"), (1, FLAG, 1, True), (2, "qb_x", 1, "1/+"))
    seen = look(stage, attempt)
    first, second = seen.items
    assert (first.title, first.status, first.fields_answered, first.fields_total) == (
        "Question qa",
        "answered",
        1,
        2,
    )
    assert (first.flagged, first.flag_revision) == (True, 1)
    assert (second.status, second.flagged) == ("cannot be read", False)
    field = first.parts[0].fields[0]
    assert (field.value, field.revision, field.reading.state) == ("1/3", 3, "read")
    assert field.reading.latex
    assert first.parts[0].fields[1].reading.state == "blank"
    assert second.parts[0].fields[0].reading.says
    assert seen.max == 6
    assert seen.seconds_left is None
    assert (seen.state, seen.number) == ("open", 1)


def test_an_untouched_question_is_not_answered(stage: Stage) -> None:
    assert [item.status for item in look(stage, stage.start()).items] == ["not answered", "not answered"]


def test_an_attempt_is_nobody_elses_business(stage: Stage) -> None:
    attempt = stage.start(0)
    for stranger, wanted in ((1, attempt), (0, "unknown")):
        with pytest.raises(NotFound, match="no such attempt of yours"):
            look(stage, wanted, stranger)


def test_a_field_can_be_asked_for_and_an_unknown_one_is_named(stage: Stage) -> None:
    attempt = stage.start()
    with stage.transactions.reading() as tx:
        assert attempts.field_widget(tx, stage.students[0], attempt, 1, "qa_x")["kind"] == "number"
        with pytest.raises(NotFound, match="Question 2 of this attempt has no field “qa_x”"):
            attempts.field_widget(tx, stage.students[0], attempt, 2, "qa_x")


def test_eight_starts_at_the_same_moment_make_one_attempt(stage: Stage) -> None:
    found: list[str] = []
    errors: list[Exception] = []
    together = threading.Barrier(8)

    def start() -> None:
        try:
            together.wait()
            found.append(stage.start())
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(found)) == 1
    with stage.transactions.reading() as tx:
        counts = [tx.session.scalar(select(func.count()).select_from(what)) for what in (Attempt, AttemptItem, Variant)]
    assert counts == [1, 2, 2]


def test_eight_students_starting_together_get_one_attempt_each(database: Database) -> None:
    stage = set_the_stage(database, students=8)
    errors: list[Exception] = []
    together = threading.Barrier(8)

    def start(student: int) -> None:
        try:
            together.wait()
            stage.start(student)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(student,)) for student in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Attempt)) == 8
        assert tx.session.scalar(select(func.count()).select_from(AttemptItem)) == 16


def test_when_a_variant_cannot_be_made_nothing_is_stored(stage: Stage) -> None:
    stage.sandbox.failing = lambda name, payload: SandboxFailure("killed", "It took too long.")
    with pytest.raises(SandboxFailure):
        stage.start()
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Attempt)) == 0
    stage.sandbox.failing = lambda name, payload: None
    assert stage.start()


def test_time_runs_to_the_deadline_or_to_the_end_of_the_quiz(database: Database) -> None:
    stage = set_the_stage(database, minutes=60)
    attempt = stage.start()
    stage.clock.pass_time(minutes=20)
    assert look(stage, attempt).seconds_left == 40 * 60
    stage.clock.pass_time(minutes=50)
    assert look(stage, attempt).seconds_left == 0


def test_an_attempt_ends_when_the_quiz_closes(database: Database) -> None:
    from tests.small_bank import Clock

    closes = Clock().time + timedelta(minutes=10)
    stage = set_the_stage(database, minutes=60, closes_at=closes)
    assert look(stage, stage.start()).deadline_at == closes


def test_a_quiz_starts_only_while_it_is_open_and_attempts_are_left(database: Database) -> None:
    from tests.small_bank import Clock

    noon = Clock().time
    stage = set_the_stage(
        database, opens_at=noon + timedelta(hours=1), closes_at=noon + timedelta(hours=2), attempts_allowed=1
    )

    def refusal() -> str:
        with pytest.raises(NotAllowed) as refused:
            stage.start()
        return str(refused.value)

    assert refusal() == "This quiz is not open yet."
    stage.clock.pass_time(hours=1)
    hand_in(stage, stage.start())
    assert refusal() == "You have used all attempts at this quiz."
    stage.clock.pass_time(hours=1)
    assert refusal() == "This quiz is closed."


def test_only_people_of_the_course_can_start(stage: Stage) -> None:
    with (
        pytest.raises(NotFound, match="no such quiz in your courses"),
        stage.transactions.reading() as reading,
        stage.transactions.writing() as writing,
    ):
        attempts.start(reading, writing, stage.sandbox, 999, stage.quiz)


def test_the_list_of_quizzes_tells_what_can_be_done(stage: Stage) -> None:
    def card() -> quizzes.QuizCard:
        with stage.transactions.reading() as tx:
            (only,) = quizzes.quizzes_of(tx, stage.students[0])
        return only

    before = card()
    assert (before.questions, before.points, before.may_start, before.open_attempt) == (
        2,
        Fraction(6),
        True,
        None,
    )
    attempt = stage.start()
    during = card()
    assert (during.may_start, during.open_attempt, during.attempts[0].result) == (False, attempt, "none")
    hand_in(stage, attempt)
    after = card()
    assert after.may_start
    assert [(one.state, one.result, one.points) for one in after.attempts] == [("handed in", "being graded", None)]
    assert after.attempts[0].handed_in_at == stage.clock.time


def test_a_pool_gives_each_attempt_one_of_its_questions(stage: Stage) -> None:
    from app.storage import questions
    from app.storage.tables import QuizItem
    from tests.small_bank import add_question

    with stage.transactions.writing() as tx:
        add_question(tx, "qc")
        other = questions.newest(tx, "qc")
        assert other is not None
        item = tx.session.scalars(select(QuizItem).where(QuizItem.position == 1)).one()
        item.pool = [other.id]
    titles = set()
    for _ in range(12):
        attempt = stage.start()
        titles.add(look(stage, attempt).items[0].title)
        hand_in(stage, attempt)
    assert titles == {"Question qa", "Question qc"}
