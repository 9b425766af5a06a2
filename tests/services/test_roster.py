"""The people of a course come and go, one by one and as lists, and no course loses its last instructor."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.accounts.people import Person, person_from
from app.services.courses import roster
from app.services.courses.roster import Imported, read_roster
from app.services.courses.roster_text import decode_roster, remaining_text
from app.storage import people
from tests.small_bank import Stage


@pytest.fixture
def ines(stage: Stage) -> Person:
    """The instructor of the stage's course."""
    with stage.transactions.writing() as tx:
        row = people.add_person(tx, "ines", "Ines", "a hash", False)
        people.enrol(tx, stage.course, row.id, "instructor")
        return person_from(row)


def logins(stage: Stage, role: str = "") -> list[str]:
    with stage.transactions.reading() as tx:
        return [one.login for one in roster.roster(tx, stage.course) if role in ("", one.role)]


def test_who_is_unknown_gets_an_account_without_a_password(stage: Stage, ines: Person) -> None:
    with stage.transactions.writing() as tx:
        new = roster.enrol(
            tx, stage.course, ines, login=" Zoë ", name="Zoë  Kühn", email="Zoe@Uni.Example", role="assistant"
        )
    assert (new.login, new.name, new.email, new.role) == ("zoë", "Zoë Kühn", "zoe@uni.example", "assistant")
    with stage.transactions.reading() as tx:
        row = people.person(tx, new.person_id)
    assert row is not None
    assert row.password_hash is None


def test_an_account_that_exists_keeps_its_name_and_address(stage: Stage, ines: Person) -> None:
    with stage.transactions.writing() as tx:
        row = people.add_person(tx, "ada", "Ada Lovelace", "hash", False)
        found = roster.enrol(tx, stage.course, ines, login="ADA", name="Mallory", email="mallory@evil.example")
    assert (found.person_id, found.name, found.email) == (row.id, "Ada Lovelace", None)


def test_enrolling_again_changes_the_role_and_nothing_else(stage: Stage, ines: Person) -> None:
    with stage.transactions.writing() as tx:
        first = roster.enrol(tx, stage.course, ines, login="ada")
        second = roster.enrol(tx, stage.course, ines, login="ada", role="instructor")
    assert (second.person_id, second.since, second.role) == (first.person_id, first.since, "instructor")


@pytest.mark.parametrize(
    ("person", "place"),
    [
        ({"login": ""}, "login"),
        ({"login": "two words"}, "login"),
        ({"login": "x" * 201}, "login"),
        ({"login": "a\u202eb"}, "login"),
        ({"login": "ada\x00"}, "login"),
        ({"login": "ada", "name": "x" * 201}, "name"),
        ({"login": "ada", "name": "a\u202eb"}, "name"),
        ({"login": "ada", "email": "nobody"}, "email"),
        ({"login": "ada", "email": "a@b..c"}, "email"),
        ({"login": "ada", "role": "king"}, "role"),
    ],
)
def test_who_cannot_be_enrolled_is_told_why(stage: Stage, ines: Person, person: dict[str, str], place: str) -> None:
    with pytest.raises(InvalidInput) as refused, stage.transactions.writing() as tx:
        roster.enrol(tx, stage.course, ines, **person)
    assert refused.value.place == place


def test_the_last_instructor_stays(stage: Stage, ines: Person) -> None:
    for change in (
        lambda tx: roster.change_role(tx, stage.course, ines.id, "student", ines),
        lambda tx: roster.remove(tx, stage.course, ines.id, ines),
        lambda tx: roster.enrol(tx, stage.course, ines, login="ines", role="student"),
    ):
        with pytest.raises(Conflict, match="at least one instructor"), stage.transactions.writing() as tx:
            change(tx)
    with stage.transactions.writing() as tx:
        roster.change_role(tx, stage.course, stage.students[0], "instructor", ines)
        roster.change_role(tx, stage.course, ines.id, "assistant", ines)
    assert logins(stage, "instructor") == ["student0"]


def test_who_leaves_keeps_what_they_handed_in(stage: Stage, ines: Person) -> None:
    attempt = stage.start()
    with stage.transactions.writing() as tx:
        roster.remove(tx, stage.course, stage.students[0], ines)
    assert "student0" not in logins(stage)
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        roster.remove(tx, stage.course, stage.students[0], ines)
    with stage.transactions.writing() as tx:
        roster.enrol(tx, stage.course, ines, login="student0")
    assert stage.start() == attempt


LIST = """\
Login;Full name;E-mail;Role

new.one;New One;new@uni.example;
student0;Other;other@evil.example;assistant
student1;;;
ines;;;
"""


def test_a_list_is_planned_and_then_done_exactly_so(stage: Stage, ines: Person) -> None:
    read = read_roster(LIST)
    assert read.problems == ()
    with stage.transactions.writing() as tx:
        plans = roster.plan_roster(tx, stage.course, read.rows)
        assert [(plan.line, plan.login, plan.step, plan.role) for plan in plans] == [
            (3, "new.one", "new account", "student"),
            (4, "student0", "changes role", "assistant"),
            (5, "student1", "stays as is", "student"),
            (6, "ines", "stays as is", "instructor"),
        ]
        assert plans[1].name == "Student 0"
        assert roster.import_roster(tx, stage.course, ines, read.rows) == Imported(1, 1, 1)
        assert roster.import_roster(tx, stage.course, ines, read.rows) == Imported(0, 0, 0)
    assert logins(stage, "assistant") == ["student0"]


def groups(stage: Stage) -> dict[str, str]:
    with stage.transactions.reading() as tx:
        return {one.login: one.group for one in roster.roster(tx, stage.course) if one.group}


def test_somebody_is_put_into_a_group_and_out_of_it(stage: Stage, ines: Person) -> None:
    with stage.transactions.writing() as tx:
        roster.change_group(tx, stage.course, stage.students[0], "  Lab   2 ", ines)
        roster.enrol(tx, stage.course, ines, login="student1", group="Lab 1")
        roster.enrol(tx, stage.course, ines, login="student0")
    assert groups(stage) == {"student0": "Lab 2", "student1": "Lab 1"}
    with stage.transactions.writing() as tx:
        roster.change_group(tx, stage.course, stage.students[0], "", ines)
    assert groups(stage) == {"student1": "Lab 1"}
    with pytest.raises(InvalidInput), stage.transactions.writing() as tx:
        roster.change_group(tx, stage.course, stage.students[0], "x" * 101, ines)
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        roster.change_group(tx, stage.course, 10**6, "Lab 1", ines)


def test_a_list_may_name_groups(stage: Stage, ines: Person) -> None:
    read = read_roster("Login;Gruppe\nada;Lab 1\nstudent0;Lab 1\nstudent1;\n")
    with stage.transactions.writing() as tx:
        plans = roster.plan_roster(tx, stage.course, read.rows)
        assert [(one.step, one.group) for one in plans] == [
            ("new account", "Lab 1"),
            ("changes group", "Lab 1"),
            ("stays as is", ""),
        ]
        assert roster.import_roster(tx, stage.course, ines, read.rows) == Imported(1, 1, 0, 1)
        assert roster.import_roster(tx, stage.course, ines, read.rows) == Imported(0, 0, 0, 0)
    assert groups(stage) == {"ada": "Lab 1", "student0": "Lab 1"}
    bare = read_roster("student1,Student 1,,assistant,Lab 3\n" + f"student0,,,,{'x' * 101}\n")
    assert [one.group for one in bare.rows] == ["Lab 3"]
    assert "at most 100 characters" in bare.problems[0].says


def test_a_list_cannot_take_the_last_instructor_but_can_replace_them(stage: Stage, ines: Person) -> None:
    alone = read_roster("login,role\nines,student\nada,\n")
    with stage.transactions.writing() as tx:
        plans = roster.plan_roster(tx, stage.course, alone.rows)
        assert (plans[0].step, "at least one instructor" in plans[0].says) == ("cannot", True)
        assert roster.import_roster(tx, stage.course, ines, alone.rows) == Imported(1, 1, 0)
        both = read_roster("login,role\nines,student\nada,instructor\n")
        assert roster.import_roster(tx, stage.course, ines, both.rows) == Imported(0, 0, 2)
    assert logins(stage, "instructor") == ["ada"]


def test_ten_thousand_people_are_enrolled_at_once(stage: Stage, ines: Person) -> None:
    read = read_roster("".join(f"s{n},Student {n},s{n}@uni.example\n" for n in range(10_000)))
    with stage.transactions.writing() as tx:
        assert roster.import_roster(tx, stage.course, ines, read.rows) == Imported(10_000, 10_000, 0)
    assert len(logins(stage)) == 10_003


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ada", [("ada", "ada", None, None)]),
        ("ada\nben\n", [("ada", "ada", None, None), ("ben", "ben", None, None)]),
        ("\ufefflogin,name\nada,Ada L.\n", [("ada", "Ada L.", None, None)]),
        ("ada\tAda\tada@u.example\tTA", [("ada", "Ada", "ada@u.example", "assistant")]),
        ("First name,Last name,Email address\nAda,L,a@u.example", [("a@u.example", "Ada L", "a@u.example", None)]),
        ("Vorname;Nachname;Kennung\r\nÄda;Öl;äda\r\n", [("äda", "Äda Öl", None, None)]),
        ('"ada","Lovelace, Ada",,student', [("ada", "Lovelace, Ada", None, "student")]),
        ('login,name\nada,"Ada ""the first"" L"', [("ada", 'Ada "the first" L', None, None)]),
        ("name,section,login\nAda,5,ada", [("ada", "Ada", None, None)]),
        ("ada,Ada,,\n\n   \nben,,,\n", [("ada", "Ada", None, None), ("ben", "ben", None, None)]),
    ],
)
def test_lists_are_read_as_people_and_programs_write_them(text: str, rows: list[tuple[object, ...]]) -> None:
    read = read_roster(text)
    assert [(row.login, row.name, row.email, row.role) for row in read.rows] == rows
    assert read.problems == ()


def test_every_line_that_cannot_be_taken_is_named_and_none_is_lost() -> None:
    wrong = ['x9,"open', "two words,W", "ada,Again", "y,Y,nomail", "z,Z,,king", "a,b,c@d.ef,,,g", "n\0ul", "q" * 6000]
    text = "login,name,email,role\nada,Ada\n" + "\n".join(wrong) + "\nben,Ben\n"
    read = read_roster(text)
    assert [row.login for row in read.rows] == ["ada", "ben"]
    assert [(problem.line, problem.text) for problem in read.problems] == list(enumerate(wrong, 3))
    assert all(problem.says.endswith(".") for problem in read.problems)
    assert "line 2 already" in read.problems[2].says
    assert remaining_text(read) == "\n".join(["login,name,email,role", *wrong])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nobody"),
        (" \n \n", "nobody"),
        ("login\n", "nobody"),
        ("x\n" * 20_010, "20000 lines"),
        ("x" * 5_000_000, "split"),
    ],
)
def test_a_list_that_cannot_be_taken_as_a_whole_is_told_in_words(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_roster(text)


@given(st.text(alphabet=st.sampled_from('ab,;"\t\n\r\0\ufeff @.é\u202e\x1c\u2028'), max_size=80))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    try:
        read = read_roster(text)
    except InvalidInput:
        return
    assert len({row.login for row in read.rows}) == len(read.rows)
    assert read.rows or read.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_decoded_as_spreadsheets_write_it(encoding: str) -> None:
    assert decode_roster("login;name\nzoë;Zoë".encode(encoding)).removeprefix("\ufeff") == "login;name\nzoë;Zoë"


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x00\x00\x08", b"\x00" * 10, b"\xff\xfe\x00", b"\xef\xbb\xbf\xff", b"\x81\x8d"]
)
def test_a_file_that_is_no_text_is_told_in_words(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no text"):
        decode_roster(data)


def test_several_instructors_at_once_leave_one(stage: Stage, ines: Person) -> None:
    with stage.transactions.writing() as tx:
        roster.change_role(tx, stage.course, stage.students[0], "instructor", ines)
    outcomes: list[str] = []

    def leave(person_id: int) -> None:
        try:
            with stage.transactions.writing() as tx:
                roster.remove(tx, stage.course, person_id, ines)
            outcomes.append("left")
        except Conflict:
            outcomes.append("stayed")

    threads = [threading.Thread(target=leave, args=(one,)) for one in (ines.id, stage.students[0])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["left", "stayed"]
    assert len(logins(stage, "instructor")) == 1
