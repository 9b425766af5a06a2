"""The people of a course on its pages: one by one, as a list, by invitation."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.conftest import House
from tests.web.visiting import number_of, read, visit_as

SHOWN = re.compile(r'name="shown" value="(\w+)"')


def test_staff_read_the_people_and_instructors_change_them(house: House) -> None:
    root = visit_as(house, "tom", "assistant")
    page = read(house.client.get(f"{root}/people"))
    assert "student0" in page
    assert "Enrol" not in page
    assert house.post(f"{root}/people", {"login": "x"}).status_code == 403
    visit_as(house, "ines", "instructor")
    found = read(house.client.get(f"{root}/people?q=STUDENT 1"))
    assert ("student1" in found, "student0<" in found, "1 of 4" in found) == (True, False, True)
    assert "Nobody found" in read(house.client.get(f"{root}/people?q=%25"))


def test_one_person_is_enrolled_and_what_was_typed_comes_back(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    wrong = read(house.post(f"{root}/people", {"login": "two words", "name": "Zoë", "role": "assistant"}), 422)
    assert "A login is 1 to 200 characters" in wrong
    assert 'value="two words"' in wrong
    fine = {"login": "zoe", "name": "Zoë", "email": "zoe@uni.example", "role": "assistant"}
    page = read(house.post(f"{root}/people", fine))
    assert "Enrolled." in page
    assert "zoe@uni.example" in page


def test_a_role_changes_and_somebody_leaves(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    student, ines = number_of(house, "student0"), number_of(house, "ines")
    assert "Role in this course" in read(house.client.get(f"{root}/people/{student}"))
    assert "role is changed" in read(house.post(f"{root}/people/{student}/role", {"role": "assistant"}))
    assert "A role is" in read(house.post(f"{root}/people/{student}/role", {"role": "king"}), 409)
    for step in ("role", "remove"):
        last = read(house.post(f"{root}/people/{ines}/{step}", {"role": "student"}), 409)
        assert "at least one instructor" in last
    assert "not in the course any more" in read(house.post(f"{root}/people/{student}/remove"))
    assert house.client.get(f"{root}/people/{student}").status_code == 404
    assert house.client.get(f"{root}/people/99999999999999999999").status_code == 404


def test_an_instructor_hands_over_a_link_for_a_new_password(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    page = read(house.post(f"{root}/people/{number_of(house, 'student0')}/password-link"))
    found = re.search(r"http://testserver(/password/[\w-]+)", page)
    assert found
    house.client.cookies.clear()
    assert "Student 0" in read(house.client.get(found[1]))
    answer = house.client.post(found[1], data={"password": "brand new", "again": "brand new"})
    assert "Your quizzes" in read(answer)
    house.client.cookies.clear()
    assert "Your quizzes" in read(house.sign_in("student0", "brand new"))
    assert "does not work any more" in read(house.client.get(found[1]), 410)
    visit_as(house, "ines", "instructor")
    ines = number_of(house, "ines")
    assert "Only an administrator" in read(house.client.get(f"{root}/people/{ines}"))
    assert house.post(f"{root}/people/{ines}/password-link").status_code == 403


LIST = "Login;Name;Role\nnew.one;New One;\nstudent0;;assistant\ntwo words;Nobody;\n"


def test_a_list_is_shown_then_enrolled_and_the_rest_is_still_there(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    assert "Enrol a list" in read(house.client.get(f"{root}/people-list"))
    page = read(house.post(f"{root}/people-list", {"text": LIST, "role": "student", "step": "show"}))
    for words in ("1 new accounts", "1 change roles", "1 line left out", "Line 4:", "Enrol 2 people"):
        assert words in page
    assert "new.one" not in read(house.client.get(f"{root}/people"))
    shown = SHOWN.search(page)
    assert shown
    typed = LIST.replace("\n", "\r\n")
    done = {"text": typed, "role": "student", "step": "enrol", "shown": shown[1]}
    changed = read(house.post(f"{root}/people-list", done | {"text": typed + "more;;"}))
    assert "Enrol 3 people" in changed
    page = read(house.post(f"{root}/people-list", done))
    assert "2 people were enrolled" in page
    assert re.search(r"<textarea[^>]*>\nLogin;Name;Role\ntwo words;Nobody;</textarea>", page)
    assert "new.one" in read(house.client.get(f"{root}/people"))
    again = read(house.post(f"{root}/people-list", {"text": "new.one", "role": "student", "step": "show"}))
    assert "There is nothing to do with this list." in again


def test_a_list_without_problems_leads_back_to_the_people(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    fields = {"text": "ada\nben", "role": "student"}
    shown = SHOWN.search(read(small_house.post(f"{root}/people-list", fields)))
    assert shown
    page = read(small_house.post(f"{root}/people-list", fields | {"step": "enrol", "shown": shown[1]}))
    assert "The list is enrolled." in page


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"\xef\xbb\xbflogin,name\nzo\xc3\xab,Zo\xc3\xab\n", 200, "zoë"),
        ("login;name\nzoë;Zoë".encode("utf-16"), 200, "zoë"),
        (b"login,name\nzo\xeb,Zo\xeb\n", 200, "zoë"),
        (b"PK\x03\x04\x00\x00", 422, "This file is no text."),
        (b'login\n"' + b"x" * 100_000, 200, "more than 5000 characters"),
        (b"a,b\n" * 30_000, 422, "more than 20000 lines"),
        (b"".join(b"s%d,Student %d\n" % (n, n) for n in range(10_000)), 200, "Enrol 10,000 people"),
        (b"", 422, "This list names nobody."),
    ],
)
def test_a_file_is_read_whatever_is_in_it(small_house: House, content: bytes, status: int, says: str) -> None:
    root = visit_as(small_house, "ines", "instructor")
    files = {"file": ("list.csv", content, "text/csv")}
    page = read(small_house.post(f"{root}/people-list", {"role": "student"}, files=files), status)
    assert says.replace(",", "") in page.replace(",", "")


def test_a_file_comes_only_where_one_is_asked_for(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    files = {"file": ("list.csv", b"x", "text/csv")}
    assert small_house.post(f"{root}/people", {"login": "x"}, files=files).status_code == 400
    two = [("file", ("a", b"x", "text/csv")), ("file", ("b", b"x", "text/csv"))]
    assert small_house.post(f"{root}/people-list", {"role": "student"}, files=two).status_code == 400


LINK = re.compile(r"http://testserver(/invitations/[\w-]+)")


def test_an_invitation_is_made_and_somebody_joins(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    page = read(house.post(f"{root}/invitations", {"role": "student", "days": "x", "uses": "many"}), 422)
    assert "This is a whole number." in page
    assert 'value="many"' in page
    page = read(house.post(f"{root}/invitations", {"role": "assistant", "days": "7", "uses": "2"}))
    found = LINK.search(page)
    assert found
    assert "2 uses left" in page
    visit_as(house, "stranger")
    assert "You are signed in as Stranger." in read(house.client.get(found[1]))
    answer = house.post(f"{found[1]}/join", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "You are in this course already." in read(house.client.get(found[1]))
    assert "stranger" in read(house.client.get(f"{root}/people"))


def test_who_has_no_account_makes_one_and_is_in(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    page = read(house.post(f"{root}/invitations", {"role": "student", "days": "7", "uses": "1"}))
    found = LINK.search(page)
    assert found
    house.client.cookies.clear()
    offer = read(house.client.get(found[1]))
    assert f'href="/?next={found[1]}"' in offer
    typed = {"name": "New One", "login": "student0", "email": "", "password": "12345678", "again": "12345678"}
    for change, says in (
        ({}, "The login “student0” is taken."),
        ({"login": "n", "again": "1234567"}, "The two passwords differ."),
        ({"login": "n", "password": "1", "again": "1"}, "at least 8 characters"),
        ({"login": "n", "email": "x"}, "This is no e-mail address."),
    ):
        wrong = house.client.post(f"{found[1]}/account", data=typed | change)
        page = read(wrong, 422)
        assert says in page
        assert 'value="New One"' in page
        assert "12345678" not in page
    answer = house.client.post(f"{found[1]}/account", data=typed | {"login": "new"})
    assert "Your quizzes" in read(answer)
    visit_as(house, "late")
    over = read(house.client.get(found[1]), 410)
    assert "This invitation is over" in over
    assert "used as often as it may be" in over
    assert house.post(f"{found[1]}/join").status_code == 403


def test_an_invitation_is_taken_back(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    page = read(small_house.post(f"{root}/invitations", {"role": "student", "days": "7"}))
    revoke = re.search(rf"{root}/invitations/\d+/revoke", page)
    found = LINK.search(page)
    assert revoke
    assert found
    assert "The invitation is taken back." in read(small_house.post(revoke[0]))
    assert small_house.post(revoke[0]).status_code == 404
    small_house.client.cookies.clear()
    assert "was taken back" in read(small_house.client.get(found[1]), 410)
    assert "no such invitation" in html.unescape(small_house.client.get("/invitations/" + "x" * 43).text)
