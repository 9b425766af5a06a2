"""Finding questions: by text, tag, exam and grader, in use or retired, page by page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.errors import NotFound
from app.services.bank.bank_questions import begin_draft, retire
from app.services.bank.bank_search import Choices, Page, Query, choices, draft, drafts, search
from app.services.operating.transactions import Transactions
from tests.services.bank_folders import author, edited, folder, publish


@pytest.fixture
def bank(transactions: Transactions) -> Transactions:
    """Four questions of two exams; the last one is retired."""
    publish(transactions, folder("sum-1"))
    publish(transactions, edited("sum-2", "grader: number", "grader: matrix"))
    publish(transactions, edited("other", "exam: Winter 1", "exam: Autumn 100%_done"))
    publish(transactions, edited("old", "tags: [adding, Easy]", "tags: [history]"))
    person = author(transactions)
    with transactions.writing() as tx:
        retire(tx, "old", person, True)
    return transactions


@pytest.fixture
def find(bank: Transactions) -> Callable[..., list[str]]:
    def found(**query: object) -> list[str]:
        return [line.question for line in page(bank, Query(**query)).lines]  # type: ignore[arg-type]

    return found


def page(transactions: Transactions, query: Query) -> Page:
    with transactions.reading() as tx:
        return search(tx, query)


def test_all_questions_in_use_are_listed_by_exam_and_id(find: Callable[..., list[str]]) -> None:
    assert find() == ["other", "sum-1", "sum-2"]
    assert find(retired=True) == ["old"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EINE Summe", ["other", "sum-1", "sum-2"]),
        ("sum-2", ["sum-2"]),
        ("commutative matrix", []),
        ("commutative  sum-1", ["sum-1"]),
        ("100%_done", ["other"]),
        ("1%done", []),
        ("' OR 1=1 --", []),
        ("\\", []),
        ("exam-1", ["other", "sum-1", "sum-2"]),
    ],
)
def test_every_word_of_the_text_occurs(find: Callable[..., list[str]], text: str, expected: list[str]) -> None:
    assert find(text=text) == expected


def test_filters_are_combined(find: Callable[..., list[str]]) -> None:
    assert find(tag="adding") == ["other", "sum-1", "sum-2"]
    assert find(tag="adding", exam="Winter 1") == ["sum-1", "sum-2"]
    assert find(tag="adding", exam="Winter 1", grader="matrix") == ["sum-2"]
    assert find(tag="adding", exam="Winter 1", grader="matrix", text="sum-1") == []
    assert find(tag="history") == []
    assert find(tag="history", retired=True) == ["old"]
    assert find(tag="addin") == []


def test_pages_are_counted_and_a_page_too_far_is_the_last_one(bank: Transactions) -> None:
    first = page(bank, Query(size=2))
    assert ([line.question for line in first.lines], first.total, first.pages) == (["other", "sum-1"], 3, 2)
    last = page(bank, Query(size=2, page=99))
    assert ([line.question for line in last.lines], last.number) == (["sum-2"], 2)
    assert page(bank, Query(text="nothing")) == Page((), 0, 1, 1)


def test_the_filters_offer_what_questions_in_use_have(bank: Transactions) -> None:
    with bank.reading() as tx:
        assert choices(tx) == Choices(
            tags=(("Easy", 3), ("adding", 3)),
            exams=(("Autumn 100%_done", 1), ("Winter 1", 2)),
            graders=(("matrix", 1), ("number", 2)),
            in_use=3,
            retired=1,
        )


def test_a_retired_question_can_be_taken_back_and_stays_retired_when_it_is_edited(bank: Transactions) -> None:
    person = author(bank, "otto")
    publish(bank, edited("old", "points: 2", "points: 4"))
    assert [line.number for line in page(bank, Query(retired=True)).lines] == [2]
    with bank.writing() as tx:
        retire(tx, "old", person, False)
    assert page(bank, Query()).total == 4
    with bank.writing() as tx, pytest.raises(NotFound, match="“never”"):
        retire(tx, "never", person, True)


def test_drafts_are_listed_with_who_wrote_last(bank: Transactions) -> None:
    person = author(bank, "otto")
    with bank.writing() as tx:
        begin_draft(tx, "sum-9", folder("sum-9"), person, "A new sum")
    with bank.reading() as tx:
        (one,) = drafts(tx)
        assert (one.question, one.title, one.version, one.updated_by) == ("sum-9", "A new sum", 0, "Otto")
        assert draft(tx, "sum-9") == one
        assert draft(tx, "sum-1") is None
