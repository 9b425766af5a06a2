"""All people of the installation, for administrators."""

from __future__ import annotations

import io
import re
import zipfile

from app.services.accounts import accounts
from app.storage import mails
from tests.web.conftest import House
from tests.web.visiting import number_of, read, visit_as


def test_people_are_found_and_paged(house: House) -> None:
    visit_as(house, "boss", administrator=True)
    with house.transactions.writing() as tx:
        for n in range(60):
            accounts.create_account(tx, None, login=f"user{n:02}", name=f"User {n:02}", email=None)
        mails.add(tx, "lost@uni.example", "A letter", "secret")
    page = read(house.client.get("/people"))
    assert "63 people" in page
    assert "Page 1 of 2" in page
    assert "user59" in read(house.client.get("/people?page=2"))
    assert "no password yet" in page
    assert "1 person" in read(house.client.get("/people?q=USER 07"))
    assert "Nobody found" in read(house.client.get("/people?q=<script>"))
    assert house.client.get("/people?page=0").status_code == 422


def test_letters_that_could_not_be_sent_are_told(small_house: House) -> None:
    visit_as(small_house, "boss", administrator=True)
    with small_house.transactions.writing() as tx:
        mails.add(tx, "lost@uni.example", "A letter", "secret")
        (letter,) = mails.waiting(tx)
        letter.state, letter.last_error = "given up", "The mail server said: 550 no"
    page = read(small_house.client.get("/people"))
    assert "lost@uni.example" in page
    assert "550 no" in page


def test_an_account_is_made_with_a_link_to_hand_over(house: House) -> None:
    visit_as(house, "boss", administrator=True)
    assert "New account" in read(house.client.get("/people/new"))
    wrong = read(house.post("/people/new", {"login": "student0", "name": "Vera"}), 422)
    assert "is taken" in wrong
    assert 'value="Vera"' in wrong
    page = read(house.post("/people/new", {"login": "vera", "name": "Vera", "administrator": "yes"}))
    found = re.search(r"http://testserver(/password/[\w-]+)", page)
    assert found
    house.client.cookies.clear()
    house.client.post(found[1], data={"password": "brand new", "again": "brand new"})
    assert house.client.get("/people").status_code == 200


def test_rights_are_given_and_taken_and_the_last_administrator_stays(house: House) -> None:
    visit_as(house, "boss", administrator=True)
    boss, other = number_of(house, "boss"), number_of(house, "student0")
    answer = house.post(f"/people/{boss}/administrator", {"administrator": "no"})
    assert "last administrator" in read(answer, 409)
    assert "rights are changed" in read(house.post(f"/people/{other}/administrator", {"administrator": "yes"}))
    assert "rights are changed" in read(house.post(f"/people/{other}/administrator", {"administrator": "no"}))


def test_a_person_is_handed_out_and_erased_after_typing_their_login(house: House) -> None:
    visit_as(house, "boss", administrator=True)
    number = number_of(house, "student0")
    assert "Student 0" in read(house.client.get(f"/people/{number}"))
    assert "/password/" in read(house.post(f"/people/{number}/password-link"))
    with zipfile.ZipFile(io.BytesIO(house.client.get(f"/people/{number}/data.zip").content)) as archive:
        assert "account.json" in archive.namelist()
    assert "student0" in read(house.client.get(f"/people/{number}/erase"))
    assert "not the login" in read(house.post(f"/people/{number}/erase", {"confirm": "student1"}), 422)
    assert "is erased" in read(house.post(f"/people/{number}/erase", {"confirm": " STUDENT0 "}))
    for path in ("", "/erase", "/data.zip"):
        assert house.client.get(f"/people/{number}{path}").status_code == 404
    boss = number_of(house, "boss")
    assert "last administrator" in read(house.post(f"/people/{boss}/erase", {"confirm": "boss"}), 422)
