"""Versions of a question: stored with their folder, put into the index, never stored twice."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from app.domain.errors import Conflict, QuestionError
from app.interchange.folder import load_folder
from app.services.bank.bank import (
    TAKEN,
    PreparedVersion,
    folder_of,
    index_bank,
    load_bank,
    prepare_version,
    store_version,
)
from app.services.bank.bank_search import Query, search
from app.services.operating.transactions import Transactions
from app.storage import questions
from app.storage.tables import AuditEntry, QuestionEntry, QuestionSource, QuestionVersion, QuestionWord
from tests.question_folders import write
from tests.services.bank_folders import CheckingSandbox, author, edited, folder, publish
from tests.small_bank import add_question


def test_a_version_keeps_its_folder_its_author_and_its_note(transactions: Transactions) -> None:
    ines = author(transactions)
    assert publish(transactions, folder(), by=ines, note="  First.  ") == 1
    assert publish(transactions, edited("sum", "points: 2", "points: 3"), origin="import", by=ines) == 2
    with transactions.reading() as tx:
        newest, first = questions.history(tx, "sum")
        assert (first.number, first.origin, first.author, first.note) == (1, "editor", "Ines", "First.")
        assert (newest.number, newest.origin, newest.points) == (2, "import", Fraction(3))
        assert folder_of(tx, first.id) == folder()
        actions = tx.session.scalars(select(AuditEntry.action)).all()
    assert actions == ["stored a question version (editor)", "stored a question version (import)"]


def test_what_equals_the_newest_version_to_the_last_byte_makes_no_new_one(transactions: Transactions) -> None:
    assert [publish(transactions, folder()) for _ in range(2)] == [1, 1]
    # A comment is part of the source, although graders see nothing of it.
    assert publish(transactions, edited("sum", "# A comment that stays.", "# Another comment.")) == 2
    assert publish(transactions, folder()) == 3


def test_of_two_who_publish_at_the_same_moment_one_is_told(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(transactions, folder())
    monkeypatch.setattr(questions, "newest_outline", lambda tx, question: None)
    with pytest.raises(Conflict, match="version 1 of “sum”"):
        publish(transactions, folder())


def test_a_question_with_problems_is_not_prepared(transactions: Transactions) -> None:
    sandbox = CheckingSandbox(problems=[{"says": "So wrong.", "path": "parts.0", "file": "", "line": None}])
    with pytest.raises(QuestionError) as caught:
        prepare_version(sandbox, folder(), "exam/sum")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.says) == ("exam/sum/question.yaml", 13, "So wrong.")
    with pytest.raises(QuestionError, match=r"exam/sum/question.yaml"):
        prepare_version(sandbox, {"question.yaml": b"id: ["}, "exam/sum")


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_an_id_that_is_the_address_of_another_page_is_refused(name: str) -> None:
    with pytest.raises(QuestionError, match="the address of another page"):
        prepare_version(CheckingSandbox(), folder(name))


def test_the_index_says_what_the_newest_version_says(transactions: Transactions) -> None:
    publish(transactions, folder())
    publish(transactions, edited("sum", "tags: [adding, Easy]", "tags: [sums]"))
    with transactions.reading() as tx:
        entry = tx.session.scalars(select(QuestionEntry)).one()
        words = {(row.kind, row.word) for row in tx.session.scalars(select(QuestionWord))}
    assert (entry.number, entry.title, entry.exam, entry.label) == (2, "A sum", "Winter 1", "Problem 2")
    assert (entry.points, entry.parts, entry.tags, entry.graders) == (Fraction(2), 1, ["sums"], ["number"])
    assert words == {("tag", "sums"), ("grader", "number"), ("item", "exam-1"), ("exam", "Winter 1")}
    for text in ("eine summe", "adding is commutative", "addiere @{a}", "exam-1", "sums"):
        assert text in entry.search


def test_versions_from_before_there_was_an_index_are_put_into_it_once(transactions: Transactions) -> None:
    with transactions.writing() as tx:
        add_question(tx, "qa")
        add_question(tx, "qa", 2)
        add_question(tx, "qb")
        tx.session.execute(delete(QuestionWord))
        tx.session.execute(delete(QuestionEntry))
    for expected in (2, 0):
        with transactions.reading() as reading, transactions.writing() as writing:
            assert index_bank(reading, writing) == expected
    with transactions.reading() as tx:
        assert [(line.question, line.number) for line in search(tx, Query()).lines] == [("qa", 2), ("qb", 1)]


def test_loading_the_bank_puts_older_versions_into_the_index_too(transactions: Transactions, tmp_path: Path) -> None:
    with transactions.writing() as tx:
        add_question(tx, "qa")
        tx.session.execute(delete(QuestionEntry))
    write(tmp_path, "sum")
    with transactions.reading() as reading, transactions.writing() as writing:
        assert load_bank(reading, writing, CheckingSandbox(), tmp_path).added == ("sum",)
    with transactions.reading() as tx:
        assert [line.question for line in search(tx, Query()).lines] == ["qa", "sum"]
        version = questions.newest_outline(tx, "sum")
        assert version is not None
        assert version.origin == "bank"
        assert folder_of(tx, version.id)["question.yaml"] == (tmp_path / "exam/sum/question.yaml").read_bytes()


def test_the_bank_folder_does_not_take_back_what_was_edited_since(transactions: Transactions, tmp_path: Path) -> None:
    path = write(tmp_path, "sum")

    def load() -> tuple[str, ...]:
        with transactions.reading() as reading, transactions.writing() as writing:
            return load_bank(reading, writing, CheckingSandbox(), tmp_path).added

    assert load() == ("sum",)
    publish(transactions, folder())
    assert load() == ()
    (path / "prompt.md").write_text("## only\nAnother prompt.\n")
    assert load() == ("sum",)
    with transactions.reading() as tx:
        assert [one.number for one in questions.history(tx, "sum")] == [3, 2, 1]


def test_a_version_whose_folder_nobody_kept_is_written_from_its_package(transactions: Transactions) -> None:
    publish(transactions, folder())
    with transactions.writing() as tx:
        tx.session.execute(delete(QuestionSource))
    with transactions.reading() as tx:
        version = tx.session.scalars(select(QuestionVersion)).one()
        written = folder_of(tx, version.id)
    assert set(written) == set(folder())
    assert load_folder(written, "sum").package == version.package
    # The same question again is no new version only because its folder was not kept.
    assert publish(transactions, folder()) == 1


def test_a_prepared_version_can_be_stored_by_whoever_has_the_pen(transactions: Transactions) -> None:
    prepared = prepare_version(CheckingSandbox(), folder())
    assert isinstance(prepared, PreparedVersion)
    with transactions.writing() as tx:
        assert store_version(tx, prepared, origin="api") == 1
