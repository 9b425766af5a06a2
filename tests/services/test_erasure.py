"""Erasing a person, and handing out what is stored about one."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.values import Json
from app.services.accounts import accounts, erasure, passwords, sessions, tokens
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, Person, add_person, person_from
from app.services.accounts.personal_data import NOT_RELEASED, personal_data, pieces
from app.services.accounts.tokens import NewToken
from app.services.courses import roster
from app.services.operating import mails, webhooks
from app.services.sitting.saving import read_change
from app.services.sitting.sitting_events import happened
from app.services.sitting.submissions import hand_in
from app.storage import people
from app.storage.save_lane import SaveLane
from app.storage.tables import Accommodation, Attempt, Mail, Quiz
from tests.small_bank import Stage

PASSWORD = "correct horse"
TRACES = ("Ada", "ada.l", "ada@uni.example", "Lovelace")


@pytest.fixture
def doorkeeper(stage: Stage) -> Doorkeeper:
    return Doorkeeper(stage.clock)


@pytest.fixture
def boss(stage: Stage) -> Person:
    with stage.transactions.writing() as tx:
        return person_from(people.add_person(tx, "boss", "Boss", None, True))


@pytest.fixture
def ada(stage: Stage, doorkeeper: Doorkeeper, boss: Person) -> Person:
    """A student who has left traces everywhere."""
    with stage.transactions.writing() as tx:
        address, events = "https://listens.example/hook", ("enrolment.changed",)
        webhooks.create(tx, stage.course, boss, address, events, private_targets=True)
        person = add_person(tx, doorkeeper, NewPerson("ada.l", "Ada Lovelace", PASSWORD, email="ada@uni.example"))
        roster.enrol(tx, stage.course, boss, login="ada.l", group="Ada's own")
        sessions.open_session(tx, person.id, 1)
        tokens.make(tx, person, NewToken("Ada's program", ("courses:read",)))
        passwords.forgot(tx, doorkeeper, who="ada.l", address="here", site="https://gradus.test")
        quiz = tx.session.scalars(select(Quiz)).one()
        happened(tx, quiz.id, None, "note", text="Ada came late", by=boss.id, details={"person": person.id})
        tx.session.add(Accommodation(quiz_id=quiz.id, person_id=person.id, reason="Ada is ill", created_at=tx.now()))
        tx.record(boss.id, "wrote a name", f"person {person.id}", name="Ada Lovelace", number=3)
    return person


def sit(stage: Stage, person: Person) -> str:
    from app.services.sitting import attempts

    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        attempt = attempts.start(reading, writing, stage.sandbox, person.id, stage.quiz)
    change: Json = {"device": "tab", "seq": 1, "changes": [{"item": 1, "field": "qa_x", "revision": 1, "value": "1"}]}
    lane = SaveLane(stage.transactions, 30)
    lane.submit(read_change(attempt, change)).result()
    lane.close()
    with stage.transactions.writing() as tx:
        hand_in(tx, person.id, attempt, wake=lambda: None)
        row = tx.session.scalars(select(Attempt).where(Attempt.public_id == attempt)).one()
        happened(tx, row.quiz_id, row.id, "message", text="Dear Ada")
    return attempt


def dump(stage: Stage) -> str:
    """Everything in the database as text."""
    with stage.transactions.reading() as tx:
        from app.storage.tables import metadata

        return "\n".join(
            f"{table.name} {row}" for table in metadata.sorted_tables for row in tx.session.execute(select(table))
        )


def test_erasing_leaves_the_marks_and_no_trace_of_the_person(stage: Stage, ada: Person, boss: Person) -> None:
    attempt = sit(stage, ada)
    assert all(trace in dump(stage) for trace in TRACES)
    with stage.transactions.writing() as tx:
        erasure.erase(tx, ada.id, boss)
    left = dump(stage)
    # As words: by chance the three letters of a name stand in some random token.
    assert [trace for trace in TRACES if re.search(rf"(?<![\w-]){trace}(?![\w-])", left, re.IGNORECASE)] == []
    with stage.transactions.reading() as tx:
        row = people.person(tx, ada.id)
        kept = tx.session.scalars(select(Attempt).where(Attempt.public_id == attempt)).one()
        (letter,) = tx.session.scalars(select(Mail))
        assert accounts.search(tx, "").total == 3
        assert mails.due(tx, 10) == []
        assert "Erased person" not in [one.name for one in roster.roster(tx, stage.course)]
        assert tx.session.execute(text("SELECT count(*) FROM sessions")).scalar() == 0
        assert tx.session.execute(text("SELECT count(*) FROM tokens WHERE revoked_at IS NULL")).scalar() == 0
        enrolled = people.enrolments(tx, ada.id)
    assert row is not None
    assert (row.name, row.email, row.password_hash) == ("Erased person", None, None)
    assert (kept.person_id, len(enrolled), letter.state) == (ada.id, 1, "given up")
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        erasure.erase(tx, ada.id, boss)


def test_an_erased_login_is_free_and_belongs_to_nobody(stage: Stage, ada: Person, boss: Person) -> None:
    with stage.transactions.writing() as tx:
        erasure.erase(tx, ada.id, boss)
        row = people.person(tx, ada.id)
        assert row is not None
        with pytest.raises(InvalidInput, match="erased"):
            roster.enrol(tx, stage.course, boss, login=row.login)
        plan = roster.plan_roster(tx, stage.course, roster.read_roster(row.login).rows)
        assert plan[0].step == "cannot"
        assert roster.enrol(tx, stage.course, boss, login="ada.l").person_id != ada.id


def test_oneself_is_erased_with_the_password(stage: Stage, ada: Person, doorkeeper: Doorkeeper) -> None:
    def leave(password: str) -> None:
        with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
            erasure.erase_oneself(reading, writing, doorkeeper, ada, password)

    with pytest.raises(InvalidInput):
        leave("wrong")
    leave(PASSWORD)
    with stage.transactions.reading() as tx, pytest.raises(NotFound):
        accounts.account(tx, ada.id)


def test_the_last_administrator_and_the_only_instructor_stay(
    stage: Stage, ada: Person, boss: Person, doorkeeper: Doorkeeper
) -> None:
    with pytest.raises(Conflict, match="last administrator"), stage.transactions.writing() as tx:
        erasure.erase(tx, boss.id, boss)
    with stage.transactions.writing() as tx:
        roster.change_role(tx, stage.course, ada.id, "instructor", boss)
    alone = pytest.raises(Conflict, match="only instructor of “Course”")
    with alone, stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        erasure.erase_oneself(reading, writing, doorkeeper, ada, PASSWORD)
    with stage.transactions.writing() as tx:
        erasure.erase(tx, ada.id, boss)


def unpacked(stage: Stage, person: Person, *, unreleased: bool = False) -> dict[str, Any]:
    with stage.transactions.reading() as tx:
        data = b"".join(pieces(personal_data(tx, person.id, unreleased=unreleased)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def test_everything_about_a_person_is_handed_out(stage: Stage, ada: Person) -> None:
    attempt = sit(stage, ada)
    files = unpacked(stage, ada)
    account = files["account.json"]
    assert (account["login"], account["name"], account["email"]) == ("ada.l", "Ada Lovelace", "ada@uni.example")
    assert account["courses"][0]["course"] == "Course"
    assert account["courses"][0]["group"] == "Ada's own"
    assert [note["text"] for note in account["notes"]] == ["Ada came late"]
    assert account["accommodations"][0]["reason"] == "Ada is ill"
    assert account["tokens"][0]["name"] == "Ada's program"
    assert len(account["sessions"]) == len(account["letters"]) == 1
    assert "started an attempt" in [entry["action"] for entry in files["activity.json"]]
    sat = files[f"attempts/0001-{attempt}.json"]
    assert sat["saves"][0]["changes"] == [[1, "qa_x", 1, "1"]]
    assert sat["answers"][0]["field"] == "qa_x"
    assert [event["kind"] for event in sat["events"]] == ["started", "handed in", "message"]
    assert sat["handed_in"][0]["answers"]
    assert [question["question"] for question in sat["questions"]] == ["qa", "qb"]
    whole = json.dumps(files)
    assert "argon2" not in whole
    assert "because" not in whole  # the worked solutions
    assert "https://gradus.test/password/" not in whole


def test_marks_are_handed_out_when_students_may_see_them(stage: Stage, ada: Person) -> None:
    attempt = sit(stage, ada)
    with stage.transactions.writing() as tx:
        tx.session.scalars(select(Quiz)).one().release = "by hand"
    name = f"attempts/0001-{attempt}.json"
    assert unpacked(stage, ada)[name]["handed_in"][0]["gradings"] == NOT_RELEASED
    assert unpacked(stage, ada, unreleased=True)[name]["handed_in"][0]["gradings"] == []


def test_nothing_of_anybody_else_is_handed_out(stage: Stage, ada: Person) -> None:
    with stage.transactions.reading() as tx:
        other = people.person(tx, stage.students[1])
        assert other is not None
        quiet = person_from(other)
    sit(stage, ada)
    assert [trace for trace in TRACES if trace in json.dumps(unpacked(stage, quiet))] == []
