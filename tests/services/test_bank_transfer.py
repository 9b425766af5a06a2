"""Questions as zip files: out of the bank byte for byte, and into it as versions or drafts."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import InvalidInput, NotFound, QuestionError
from app.interchange.archives import read_archive, write_archive
from app.services.accounts.people import person_from
from app.services.bank.bank_search import drafts
from app.services.bank.bank_transfer import (
    Choice,
    Imported,
    Inspection,
    default_choices,
    export_zip,
    import_zip,
    inspect_zip,
)
from app.services.operating.put_aside import MOST, get_back, put_aside, throw_away
from app.services.operating.transactions import Transactions
from app.storage import people, questions
from tests.services.bank_folders import CheckingSandbox, author, edited, folder, publish


def inspect(transactions: Transactions, data: bytes, sandbox: CheckingSandbox | None = None) -> Inspection:
    with transactions.reading() as tx:
        return inspect_zip(tx, sandbox or CheckingSandbox(), data)


def take(transactions: Transactions, found: Inspection, choices: dict[int, Choice], note: str = "") -> Imported:
    with transactions.reading() as tx:
        row = people.person_by_login(tx, "otto")
        person = person_from(row) if row is not None else None
    person = person or author(transactions, "otto")
    with transactions.writing() as tx:
        return import_zip(tx, found, choices, person, note)


def test_what_is_exported_and_imported_again_is_the_same_to_the_last_byte(transactions: Transactions) -> None:
    publish(transactions, folder())
    publish(transactions, edited("sum", "points: 2", "points: 3"))
    with transactions.reading() as tx:
        newest, first = export_zip(tx, "sum"), export_zip(tx, "sum", 1)
        with pytest.raises(NotFound):
            export_zip(tx, "sum", 9)
    assert (newest.name, first.name) == ("sum.zip", "sum-v1.zip")
    assert read_archive(first.content).questions[0].folder == folder()
    found = inspect(transactions, newest.content)
    assert (found.findings[0].state, found.findings[0].may) == ("unchanged", ("leave",))
    assert inspect(transactions, first.content).findings[0].state == "new version"


def test_what_passes_the_check_becomes_a_version_with_author_and_note(transactions: Transactions) -> None:
    publish(transactions, folder())
    data = write_archive({"w/sum": edited("sum", "points: 2", "points: 3"), "w/new-one": folder("new-one")})
    found = inspect(transactions, data)
    assert [(one.question, one.state, one.may) for one in found.findings] == [
        ("new-one", "new", ("version", "draft", "leave")),
        ("sum", "new version", ("version", "draft", "leave")),
    ]
    choices = default_choices(found.findings)
    assert take(transactions, found, choices, "From a zip.").versions == (("new-one", 1), ("sum", 2))
    with transactions.reading() as tx:
        newest = questions.newest_outline(tx, "sum")
    assert newest is not None
    assert (newest.origin, newest.author, newest.note) == ("import", "Otto", "From a zip.")


def test_what_has_problems_is_told_by_file_and_line_and_may_become_a_draft(transactions: Transactions) -> None:
    broken = edited("sum", "grader: number", "grater: number")
    found = inspect(transactions, write_archive({"w/sum": broken}))
    (finding,) = found.findings
    assert finding.problems[0].file == "w/sum/question.yaml"
    assert finding.problems[0].line == 18
    assert finding.may == ("draft", "leave")
    with pytest.raises(InvalidInput, match="cannot become that"):
        take(transactions, found, {0: "version"})
    assert take(transactions, found, default_choices(found.findings)).drafts == ("sum",)
    with transactions.reading() as tx:
        assert [one.question for one in drafts(tx)] == ["sum"]
        assert questions.newest_outline(tx, "sum") is None
    # There is a draft now, and one question has one draft.
    again = inspect(transactions, write_archive({"w/sum": broken}))
    assert (again.findings[0].drafted, again.findings[0].may) == (True, ("leave",))


def test_recorded_cases_and_keys_are_tried_before_a_version_is_offered(transactions: Transactions) -> None:
    sandbox = CheckingSandbox(shortfalls=["Case “key”: only earns 1 instead of 2."])
    (finding,) = inspect(transactions, write_archive({"sum": folder()}), sandbox).findings
    assert str(finding.problems[0]) == "sum: Case “key”: only earns 1 instead of 2."
    assert finding.may == ("draft", "leave")
    swept = [payload for name, payload in sandbox.calls if name == "sweep"]
    assert swept[0]["cases"] is True
    sandbox.failing = lambda name, payload: QuestionError([]) if name == "sweep" else None
    assert inspect(transactions, write_archive({"sum": folder()}), sandbox).findings[0].prepared is not None


def test_two_questions_of_one_id_are_not_both_taken(transactions: Transactions) -> None:
    found = inspect(transactions, write_archive({"a/sum": folder(), "b/sum": edited("sum", "points: 2", "points: 3")}))
    assert [bool(one.problems) for one in found.findings] == [False, True]
    assert "is taken by a/sum" in found.findings[1].problems[0].says


def test_a_folder_without_a_usable_id_cannot_become_a_draft(transactions: Transactions) -> None:
    (finding,) = inspect(transactions, write_archive({"W/Bad Name": {"question.yaml": b"["}})).findings
    assert finding.may == ("leave",)
    assert take(transactions, Inspection((finding,), ()), {}).left == ("Bad Name",)


def test_files_put_aside_are_found_again_by_their_owner_only(tmp_path: Path) -> None:
    token = put_aside(tmp_path / "imports", 1, b"zip")
    assert get_back(tmp_path / "imports", 1, token) == b"zip"
    for person, given in ((2, token), (1, "x" * 43), (1, "../secret"), (1, "")):
        with pytest.raises(NotFound, match="no longer here"):
            get_back(tmp_path / "imports", person, given)
    throw_away(tmp_path / "imports", 1, token)
    throw_away(tmp_path / "imports", 1, token)
    with pytest.raises(NotFound):
        get_back(tmp_path / "imports", 1, token)


def test_only_the_last_few_files_of_a_person_are_kept(tmp_path: Path) -> None:
    other = put_aside(tmp_path, 2, b"other")
    tokens = [put_aside(tmp_path, 1, bytes([number])) for number in range(MOST + 3)]
    assert len(list(tmp_path.iterdir())) == MOST + 1
    assert get_back(tmp_path, 2, other) == b"other"
    assert get_back(tmp_path, 1, tokens[-1]) == bytes([MOST + 2])
