"""A write that is repeated has one effect and one answer, for a day."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from app.domain.errors import InvalidInput
from app.jobs.idempotency import ForgetRequests
from app.services.operating import idempotency
from app.services.operating.idempotency import Request
from app.services.operating.transactions import Transactions
from app.services.quizzes.quizzes import create_course
from app.storage.tables import Course
from tests.services.test_tokens import grant, make
from tests.small_bank import Stage


class Late(Exception):
    pass


@pytest.fixture
def request_of(stage: Stage) -> Request:
    found = grant(stage, make(stage))
    assert found is not None
    return Request(found.id, "key", "digest")


def test_the_answer_is_stored_with_the_effect_and_found_again(stage: Stage, request_of: Request) -> None:
    with stage.transactions.reading() as tx:
        assert idempotency.remembered(tx, request_of) is None
    with stage.transactions.writing() as tx:
        assert idempotency.remember(tx, request_of, 201, {"body": {"id": "x"}})
    with stage.transactions.reading() as tx:
        found = idempotency.remembered(tx, request_of)
        assert found is not None
        assert (found.status, found.response) == (201, {"body": {"id": "x"}})
        with pytest.raises(InvalidInput):
            idempotency.remembered(tx, Request(request_of.token_id, "key", "another request"))
    with stage.transactions.writing() as tx:
        assert not idempotency.remember(tx, request_of, 201, None)


def test_an_effect_that_fails_leaves_no_answer(stage: Stage, request_of: Request) -> None:
    def fail() -> None:
        with stage.transactions.writing() as tx:
            idempotency.remember(tx, request_of, 201, None)
            raise Late

    with pytest.raises(Late):
        fail()
    with stage.transactions.reading() as tx:
        assert idempotency.remembered(tx, request_of) is None


def test_of_many_that_come_at_once_one_has_its_effect(stage: Stage, request_of: Request) -> None:
    together = threading.Barrier(6)
    outcomes: list[str] = []

    def attempt(transactions: Transactions) -> None:
        together.wait()
        try:
            with transactions.writing() as tx:
                create_course(tx, "Twin")
                if not idempotency.remember(tx, request_of, 201, {}):
                    raise Late
            outcomes.append("done")
        except Late:
            with transactions.reading() as tx:
                assert idempotency.remembered(tx, request_of) is not None
            outcomes.append("late")

    threads = [threading.Thread(target=attempt, args=(stage.transactions,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", *["late"] * 5]
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Course).where(Course.title == "Twin")) == 1


def test_it_is_forgotten_after_a_day(stage: Stage, request_of: Request) -> None:
    with stage.transactions.writing() as tx:
        idempotency.remember(tx, request_of, 200, {})
    duty = ForgetRequests(stage.transactions)
    stage.clock.pass_time(hours=23)
    assert duty.due(1) == []
    stage.clock.pass_time(hours=2)
    assert duty.due(1) == ["all"]
    duty.do("all", lambda: False)
    duty.give_up("all", "whatever")
    with stage.transactions.reading() as tx:
        assert idempotency.remembered(tx, request_of) is None
