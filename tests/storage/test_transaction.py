"""One transaction: all or nothing, nobody below the edge commits, and a failing COMMIT is told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError, StatementError

from app.domain.errors import Unavailable
from app.storage import people
from app.storage.engine import Database
from app.storage.tables import AuditEntry, Course, Quiz, QuizItem
from app.storage.transaction import Transactions


def titles(transactions: Transactions) -> list[str]:
    with transactions.reading() as tx:
        return list(tx.session.scalars(select(Course.title).order_by(Course.id)))


def test_a_block_is_stored_as_a_whole(transactions: Transactions) -> None:
    with transactions.writing() as tx:
        people.add_course(tx, "a", "A")
        people.add_course(tx, "b", "B")
    assert titles(transactions) == ["A", "B"]


def test_an_error_in_the_block_leaves_nothing_and_runs_nothing(transactions: Transactions) -> None:
    ran: list[str] = []

    def fail_in_the_middle() -> None:
        with transactions.writing() as tx:
            people.add_course(tx, "a", "A")
            tx.afterwards(lambda: ran.append("woken"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()
    assert titles(transactions) == []
    assert ran == []


def test_what_comes_afterwards_finds_everything_on_disk(transactions: Transactions) -> None:
    found: list[list[str]] = []
    with transactions.writing() as tx:
        tx.afterwards(lambda: found.append(titles(transactions)))
        people.add_course(tx, "a", "A")
    assert found == [["A"]]


def test_an_action_that_fails_afterwards_does_not_undo_the_promise(transactions: Transactions) -> None:
    with transactions.writing() as tx:
        tx.afterwards(lambda: 1 // 0)  # type: ignore[arg-type, return-value]
        people.add_course(tx, "a", "A")
    assert titles(transactions) == ["A"]


def test_a_failing_commit_raises_and_stores_nothing(transactions: Transactions) -> None:
    def fail(connection: object) -> None:
        raise OSError("no space left on device")

    ran: list[str] = []
    engine = transactions.database.writing
    event.listen(engine, "commit", fail)

    def store() -> None:
        with transactions.writing() as tx:
            people.add_course(tx, "a", "A")
            tx.afterwards(lambda: ran.append("woken"))

    with pytest.raises(Unavailable, match="could not store this"):
        store()
    event.remove(engine, "commit", fail)
    assert ran == []
    assert titles(transactions) == []
    with transactions.writing() as tx:
        people.add_course(tx, "b", "B")
    assert titles(transactions) == ["B"]


def test_a_reading_transaction_cannot_write(transactions: Transactions) -> None:
    with pytest.raises((DBAPIError, Unavailable)), transactions.reading() as tx:
        people.add_course(tx, "a", "A")
    assert titles(transactions) == []


def test_eight_threads_that_read_and_then_write_all_succeed(transactions: Transactions) -> None:
    errors: list[Exception] = []

    def add(name: str) -> None:
        try:
            for number in range(5):
                with transactions.writing() as tx:
                    people.course_by_title(tx, "no such course")
                    people.add_course(tx, f"{name}{number}", name)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(titles(transactions)) == 40


def test_times_are_stored_in_utc_whatever_zone_they_come_in(database: Database) -> None:
    here = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    transactions = Transactions(database, lambda: here)
    with transactions.writing() as tx:
        people.add_course(tx, "a", "A")
    with transactions.reading() as tx:
        stored = tx.session.scalars(select(Course.created_at)).one()
    assert stored == here
    assert stored.tzinfo is UTC


def test_a_time_without_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 21, 12, 0)  # noqa: DTZ001
    transactions = Transactions(database, lambda: naive)
    with pytest.raises(StatementError, match="needs a time zone"), transactions.writing() as tx:
        people.add_course(tx, "a", "A")


def test_relations_are_never_loaded_by_accident(transactions: Transactions) -> None:
    from tests.small_bank import set_the_stage

    set_the_stage(transactions.database)
    with transactions.reading() as tx:
        item = tx.session.scalars(select(QuizItem)).first()
        assert item is not None
        with pytest.raises(Exception, match="lazy='raise'"):
            _ = item.question_version


@pytest.mark.parametrize("minutes", [0, 100_001, -5])
def test_integers_out_of_bounds_are_refused_by_the_database_itself(transactions: Transactions, minutes: int) -> None:
    with transactions.writing() as tx:
        course = people.add_course(tx, "a", "A").id
    with pytest.raises(DBAPIError), transactions.writing() as tx:
        tx.session.add(
            Quiz(
                public_id="q",
                course_id=course,
                title="T",
                description="",
                minutes=minutes,
                seeds="fresh",
                salt="s",
                created_at=tx.now(),
            )
        )


def test_who_did_what_is_recorded(transactions: Transactions) -> None:
    with transactions.writing() as tx:
        tx.record(None, "tried", "something", count=3)
    with transactions.reading() as tx:
        entry = tx.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.details) == ("tried", "something", {"count": 3})
