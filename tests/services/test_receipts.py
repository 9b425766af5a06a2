"""Checking receipts: the entitled are told whose it is; others, by the whole code, that there is such a hand-in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.errors import InvalidInput
from app.services.accounts.people import person_from
from app.services.sitting import receipts
from app.services.sitting.receipts import CheckedReceipt
from app.storage import people
from app.storage.tables import Course, SubmissionItem
from tests.services.test_attempts import save
from tests.services.test_handing_in import hand_in
from tests.small_bank import Stage


def checked(stage: Stage, person_id: int, code: str) -> list[CheckedReceipt]:
    with stage.transactions.reading() as tx:
        row = people.person(tx, person_id)
        assert row is not None
        return receipts.check(tx, person_from(row), code)


def somebody(stage: Stage, login: str, role: str = "", administrator: bool = False) -> int:
    with stage.transactions.writing() as tx:
        row = people.add_person(tx, login, login.title(), None, administrator)
        if role:
            people.enrol(tx, tx.session.scalars(select(Course.id)).one(), row.id, role)
        return row.id


@pytest.fixture
def code(stage: Stage) -> str:
    attempt = stage.start()
    save(stage, attempt, (1, "qa_x", 1, "1"))
    return hand_in(stage, attempt).code


def short(code: str) -> str:
    return "-".join(code[i : i + 4].upper() for i in range(0, 16, 4))


def test_students_and_staff_are_told_whose_it_is_by_the_short_code_too(stage: Stage, code: str) -> None:
    entitled = {
        stage.students[0]: "own",
        somebody(stage, "assistant", "assistant"): "staff",
        somebody(stage, "instructor", "instructor"): "staff",
        somebody(stage, "boss", administrator=True): "staff",
    }
    for person, tells in entitled.items():
        for written in (code, short(code), f"  {code[:32].upper()}\n{code[32:]} ", short(code).replace("-", "–")):
            (one,) = checked(stage, person, written)
            assert (one.tells, one.code, one.at) == (tells, code, stage.clock.time)
            assert (one.person, one.quiz_title, one.number) == ("Student 0", "Quiz", 1)
            assert one.unchanged
            assert not one.superseded


def test_others_are_told_only_that_it_exists_and_only_by_the_whole_code(stage: Stage, code: str) -> None:
    for person in (stage.students[1], somebody(stage, "stranger")):
        assert checked(stage, person, short(code)) == []
        assert checked(stage, person, code[:63]) == []
        assert checked(stage, person, code) == [
            CheckedReceipt("only that it exists", code, stage.clock.time, unchanged=True, superseded=False)
        ]


def test_a_code_of_nobody_is_not_found(stage: Stage, code: str) -> None:
    other = ("0" if code[0] != "0" else "1") + code[1:]
    assert checked(stage, stage.students[0], other) == []
    assert checked(stage, stage.students[0], short(other)) == []


def test_what_was_changed_afterwards_is_told(stage: Stage, code: str) -> None:
    with stage.transactions.writing() as tx:
        item = tx.session.scalars(select(SubmissionItem).order_by(SubmissionItem.id)).first()
        assert item is not None
        item.answers_frozen = item.answers_frozen | {"qa_x": "2"}
    assert [one.unchanged for one in checked(stage, stage.students[0], code)] == [False]
    assert [one.unchanged for one in checked(stage, stage.students[1], code)] == [False]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ABCD-EF01-2345-678", "at least 16"),
        ("", "at least 16"),
        ("---", "at least 16"),
        ("ABCD-EF01-2345-678G", "A to F"),
        ("0" * 65, "at most 64"),
        ("\0" * 16, "A to F"),
        ("%" * 16, "A to F"),
        (" " * 500, "at most 64"),
        ("\N{ARABIC-INDIC DIGIT ONE}" * 16, "A to F"),
    ],
)
def test_what_is_no_code_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        receipts.read_code(text)
