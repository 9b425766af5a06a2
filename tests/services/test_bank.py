"""Loading the bank and setting up the demo: again and again without harm, and in spite of broken questions."""

from __future__ import annotations

import json
import stat
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput, Problem, QuestionError
from app.interchange.bank import LoadedQuestion
from app.services.accounts import signing_in
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.bank import bank
from app.services.bank.bank import BankReport, load_bank
from app.services.operating import demo
from app.services.operating.demo import DemoReport
from app.services.operating.transactions import Transactions
from app.services.quizzes import quizzes
from app.storage.tables import Enrolment, QuestionVersion, QuizItem
from tests.small_bank import FakeSandbox, package


class Folder:
    """A bank folder whose content a test decides."""

    def __init__(self) -> None:
        self.packages: dict[str, dict[str, Any] | None] = {}

    def __call__(self, root: Path) -> list[LoadedQuestion]:
        return [self._loaded(root, name, data) for name, data in self.packages.items()]

    def _loaded(self, root: Path, name: str, data: dict[str, Any] | None) -> LoadedQuestion:
        problems = [Problem("This is no question.", file=f"exam/{name}/question.yaml", line=3)] if data is None else []
        return LoadedQuestion(name, root / "exam" / name, data, problems=problems)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Folder:
    made = Folder()
    monkeypatch.setattr(bank.folder, "load_bank", made)
    return made


def load(transactions: Transactions, sandbox: FakeSandbox | None = None) -> BankReport:
    with transactions.reading() as reading, transactions.writing() as writing:
        return load_bank(reading, writing, sandbox or FakeSandbox(), Path("bank"))


def versions(transactions: Transactions) -> list[tuple[str, int]]:
    with transactions.reading() as tx:
        rows = tx.session.execute(
            select(QuestionVersion.question, QuestionVersion.number).order_by(
                QuestionVersion.question, QuestionVersion.number
            )
        )
        return [(row[0], row[1]) for row in rows]


def test_loading_again_changes_nothing_and_an_edit_makes_a_version(transactions: Transactions, folder: Folder) -> None:
    folder.packages = {"tum-01": package("tum-01"), "tum-02": package("tum-02")}
    assert load(transactions).added == ("tum-01", "tum-02")
    sandbox = FakeSandbox()
    again = load(transactions, sandbox)
    assert (again.added, again.unchanged, sandbox.calls) == ((), ("tum-01", "tum-02"), [])
    folder.packages["tum-02"] = package("tum-02") | {"cases": [{"answers": {}}]}
    assert load(transactions).added == ("tum-02",)
    assert versions(transactions) == [("tum-01", 1), ("tum-02", 1), ("tum-02", 2)]


def test_a_broken_question_is_named_and_the_others_are_loaded(transactions: Transactions, folder: Folder) -> None:
    folder.packages = {"broken": None, "tum-01": package("tum-01"), "tum-02": package("tum-02")}
    sandbox = FakeSandbox()
    sandbox.failing = lambda name, payload: (
        QuestionError([Problem("`x` is unknown.", "parts.0")])
        if payload["package"]["question"]["id"] == "tum-01"
        else None
    )
    report = load(transactions, sandbox)
    assert report.added == ("tum-02",)
    assert [str(problem) for problem in report.problems] == [
        "exam/broken/question.yaml:3: This is no question.",
        "exam/tum-01/question.yaml, parts.0: `x` is unknown.",
    ]


def test_what_the_check_finds_keeps_a_question_out(transactions: Transactions, folder: Folder) -> None:
    class Strict(FakeSandbox):
        def _check(self, payload: Any) -> Any:
            return {"problems": [{"says": "A case fails.", "path": "cases.0", "file": "cases.yaml", "line": 4}]}

    folder.packages = {"tum-01": package("tum-01")}
    report = load(transactions, Strict())
    assert report.added == ()
    assert str(report.problems[0]) == "exam/tum-01/cases.yaml:4, cases.0: A case fails."


def test_bonus_and_survey_do_not_count_into_the_points(transactions: Transactions, folder: Folder) -> None:
    data = package("tum-01")
    data["question"]["title"] = {"de": "Titel", "en": "Title"}
    data["question"]["parts"] += [
        {"id": "bonus", "points": "1/2", "bonus": True, "fields": {}},
        {"id": "survey", "points": 1, "score": "none", "fields": {}},
        {"id": "half", "points": "1/2", "form": "second", "fields": {}},
    ]
    folder.packages = {"tum-01": data}
    load(transactions)
    with transactions.reading() as tx:
        version = tx.session.scalars(select(QuestionVersion)).one()
    assert (version.title, version.points, version.points_real) == ("Title", Fraction(7, 2), 3.5)


@pytest.fixture(scope="module")
def doorkeeper() -> Doorkeeper:
    return Doorkeeper()


def set_up(transactions: Transactions, doorkeeper: Doorkeeper, file: Path) -> DemoReport:
    with transactions.writing() as writing:
        return demo.set_up_demo(writing, doorkeeper, file)


def test_the_demo_has_four_people_whose_passwords_work(
    transactions: Transactions, folder: Folder, doorkeeper: Doorkeeper, tmp_path: Path
) -> None:
    folder.packages = {name: package(name) for name in ("tum-01", "tum-02", "vir2022-5")}
    load(transactions)
    file = tmp_path / "var" / "demo-accounts.json"
    report = set_up(transactions, doorkeeper, file)
    assert [account.role for account in report.accounts] == [
        "student",
        "student",
        "instructor",
        "administrator",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry["login"] for entry in json.loads(file.read_text())] == ["ada", "ben", "ines", "admin"]
    assert report.quizzes == ("TUM WS 20/21", "VIR 2022", "Practice")
    for account in report.accounts:
        with transactions.reading() as reading, transactions.writing() as writing:
            signed_in = signing_in.sign_in(
                reading,
                writing,
                doorkeeper,
                login=account.login,
                password=account.password,
                address="here",
                hours=1,
            )
        assert signed_in.person.administrator is (account.role == "administrator")
    with transactions.reading() as tx:
        cards = quizzes.quizzes_of(tx, signed_in.person.id)
    assert [card.questions for card in cards] == [2, 1, 1]


def test_setting_up_the_demo_again_keeps_passwords_and_takes_up_new_questions(
    transactions: Transactions, folder: Folder, doorkeeper: Doorkeeper, tmp_path: Path
) -> None:
    file = tmp_path / "demo-accounts.json"
    folder.packages = {"tum-01": package("tum-01")}
    load(transactions)
    first = set_up(transactions, doorkeeper, file)
    folder.packages = {
        "tum-01": package("tum-01") | {"cases": [1]},
        "tum-02": package("tum-02"),
        "halloween-1": package("halloween-1"),
    }
    load(transactions)
    second = set_up(transactions, doorkeeper, file)
    assert second.accounts == first.accounts
    assert second.quizzes == ("TUM WS 20/21", "CTU Halloween midterm", "Practice")
    with transactions.reading() as tx:
        items = tx.session.execute(
            select(QuizItem.quiz_id, QuestionVersion.question, QuestionVersion.number)
            .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
            .order_by(QuizItem.quiz_id, QuizItem.position)
        ).all()
        enrolled = tx.session.scalars(select(Enrolment)).all()
    assert [tuple(item)[1:] for item in items] == [
        ("tum-01", 2),
        ("tum-02", 1),
        ("halloween-1", 1),
        ("halloween-1", 1),
    ]
    assert len(enrolled) == 4


def test_lost_demo_passwords_are_replaced_and_an_unreadable_file_is_named(
    transactions: Transactions, doorkeeper: Doorkeeper, tmp_path: Path
) -> None:
    file = tmp_path / "demo-accounts.json"
    first = set_up(transactions, doorkeeper, file)
    file.unlink()
    second = set_up(transactions, doorkeeper, file)
    assert second.accounts != first.accounts
    with transactions.reading() as reading, transactions.writing() as writing:
        account = second.accounts[0]
        signing_in.sign_in(
            reading, writing, doorkeeper, login=account.login, password=account.password, address="a", hours=1
        )
    file.write_text("{")
    with pytest.raises(InvalidInput, match="delete the file"):
        set_up(transactions, doorkeeper, file)
