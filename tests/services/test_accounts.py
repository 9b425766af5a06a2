"""Accounts: one's own, the first administrator's, and what nobody may take away."""

from __future__ import annotations

import threading

import pytest
from argon2 import extract_parameters

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.accounts import accounts, links, sessions, signing_in
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.links import LinkIsOver
from app.services.accounts.people import NewPerson, Person, add_person
from app.services.accounts.signing_in import TooSoon
from app.services.operating.transactions import Transactions
from app.storage.engine import Database
from tests.small_bank import Clock

PASSWORD = "correct horse"
SECRET = b"s" * 32


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def doorkeeper(clock: Clock) -> Doorkeeper:
    return Doorkeeper(clock)


@pytest.fixture
def house(database: Database, clock: Clock) -> Transactions:
    return Transactions(database, clock)


@pytest.fixture
def ada(house: Transactions, doorkeeper: Doorkeeper) -> Person:
    with house.writing() as tx:
        return add_person(tx, doorkeeper, NewPerson("ada", "Ada", PASSWORD, email="Ada@Uni.Example"))


def sign_in(house: Transactions, doorkeeper: Doorkeeper, password: str = PASSWORD, former: str = "") -> str:
    with house.reading() as reading, house.writing() as writing:
        return signing_in.sign_in(
            reading, writing, doorkeeper, login="ada", password=password, address="here", hours=1, former=former
        ).token


def known(house: Transactions, token: str) -> bool:
    with house.reading() as tx:
        return sessions.visitor(tx, token) is not None


def test_signing_in_again_renews_the_session_of_the_browser(
    house: Transactions, doorkeeper: Doorkeeper, ada: Person
) -> None:
    first = sign_in(house, doorkeeper)
    elsewhere = sign_in(house, doorkeeper)
    second = sign_in(house, doorkeeper, former=first)
    assert len({first, second, elsewhere}) == 3
    assert [known(house, token) for token in (first, second, elsewhere)] == [False, True, True]


def test_name_and_address_change_and_another_address_asks_for_the_password(
    house: Transactions, doorkeeper: Doorkeeper, ada: Person
) -> None:
    def change(name: str, email: str, password: str = "") -> None:
        with house.reading() as reading, house.writing() as writing:
            accounts.change_details(reading, writing, doorkeeper, ada.id, name=name, email=email, password=password)

    change("Ada L.", "ada@uni.example")
    with pytest.raises(InvalidInput) as refused:
        change("Ada L.", "mallory@evil.example")
    assert refused.value.place == "password"
    change("Ada L.", "", PASSWORD)
    with house.reading() as tx:
        own = accounts.account(tx, ada.id)
    assert (own.name, own.email, own.has_password) == ("Ada L.", None, True)


def test_a_new_password_needs_the_old_one_and_ends_every_session(
    house: Transactions, doorkeeper: Doorkeeper, ada: Person
) -> None:
    here, there = sign_in(house, doorkeeper), sign_in(house, doorkeeper)

    def change(old: str, new: str) -> str:
        with house.reading() as reading, house.writing() as writing:
            return accounts.change_password(reading, writing, doorkeeper, ada.id, old=old, new=new, hours=1).token

    for old, new, place in (("wrong", "a new password", "old"), (PASSWORD, "short", "password")):
        with pytest.raises(InvalidInput) as refused:
            change(old, new)
        assert refused.value.place == place
    fresh = change(PASSWORD, "a new password")
    assert [known(house, token) for token in (here, there, fresh)] == [False, False, True]
    assert known(house, sign_in(house, doorkeeper, "a new password"))


def test_guessing_the_old_password_becomes_slow(house: Transactions, doorkeeper: Doorkeeper, ada: Person) -> None:
    def guess() -> None:
        with house.reading() as reading, house.writing() as writing:
            accounts.change_password(reading, writing, doorkeeper, ada.id, old="x", new="a new password", hours=1)

    for _ in range(3):
        with pytest.raises(InvalidInput):
            guess()
    with pytest.raises(TooSoon):
        guess()


def test_sessions_are_listed_and_ended_one_by_one_or_all(
    house: Transactions, doorkeeper: Doorkeeper, ada: Person
) -> None:
    tokens = [sign_in(house, doorkeeper) for _ in range(3)]
    with house.reading() as tx:
        listed = accounts.own_sessions(tx, ada.id, tokens[0])
    assert [one.here for one in listed].count(True) == 1
    other = next(one for one in listed if not one.here)
    with house.writing() as tx:
        accounts.end_session(tx, ada.id + 1, other.handle)
    assert all(known(house, token) for token in tokens)
    with house.writing() as tx:
        accounts.end_session(tx, ada.id, other.handle)
    assert sum(known(house, token) for token in tokens) == 2
    with house.writing() as tx:
        assert accounts.end_other_sessions(tx, ada.id, tokens[0]) == 1
    assert [known(house, token) for token in tokens] == [True, False, False]


def test_an_administrator_is_made_and_the_last_one_stays(
    house: Transactions, doorkeeper: Doorkeeper, ada: Person
) -> None:
    with house.writing() as tx:
        boss = accounts.create_administrator(tx, doorkeeper, NewPerson("boss", "Boss", PASSWORD, True))
        accounts.set_administrator(tx, boss, ada.id, True)
        accounts.set_administrator(tx, ada, boss.id, False)
    with pytest.raises(Conflict, match="last administrator"), house.writing() as tx:
        accounts.set_administrator(tx, ada, ada.id, False)


def test_an_account_without_a_password_is_made_once(house: Transactions, ada: Person) -> None:
    with house.writing() as tx:
        made = accounts.create_account(tx, ada, login="Vera", name="Vera L", email="")
        assert (made.login, made.has_password, made.email) == ("vera", False, None)
        with pytest.raises(Conflict, match="taken"):
            accounts.create_account(tx, ada, login="VERA", name="Other", email=None)
    with house.reading() as tx, pytest.raises(NotFound):
        accounts.account(tx, 999_999)


def test_people_are_found_by_name_login_and_address_a_page_at_a_time(house: Transactions, ada: Person) -> None:
    with house.writing() as tx:
        for n in range(120):
            accounts.create_account(tx, None, login=f"user{n:03}", name=f"Person {n:03}", email=f"u{n}@uni.example")
    with house.reading() as tx:
        pages = [accounts.search(tx, "person", page) for page in (1, 2, 3, 4)]
        assert [len(page.accounts) for page in pages] == [50, 50, 20, 0]
        assert (pages[0].total, pages[0].pages, pages[0].accounts[0].login) == (120, 3, "user000")
        assert [one.login for one in accounts.search(tx, "ADA@UNI").accounts] == ["ada"]
        assert [one.login for one in accounts.search(tx, "user07").accounts] == [f"user07{n}" for n in range(10)]
        for hostile in ("%", "_", "\\", "'; drop table people;--", "x" * 500):
            assert accounts.search(tx, hostile).total == 0


def welcome_token(house: Transactions) -> str:
    with house.writing() as tx:
        path = accounts.welcome_path(tx, SECRET)
    assert path is not None
    return path.rpartition("/")[2]


def become_first(house: Transactions, doorkeeper: Doorkeeper, token: str, login: str = "boss") -> None:
    with house.reading() as reading, house.writing() as writing:
        new = NewPerson(login, "Boss", PASSWORD)
        accounts.become_first_administrator(reading, writing, doorkeeper, token, new, 1)


def test_the_first_administrator_comes_in_by_a_link_that_works_once(
    house: Transactions, doorkeeper: Doorkeeper
) -> None:
    token = welcome_token(house)
    assert welcome_token(house) == token
    become_first(house, doorkeeper, token)
    with pytest.raises(LinkIsOver):
        become_first(house, doorkeeper, token, "second")
    with house.writing() as tx:
        assert accounts.welcome_path(tx, SECRET) is None


def test_a_login_that_is_taken_leaves_the_link_working(
    house: Transactions, doorkeeper: Doorkeeper, ada: Person
) -> None:
    token = welcome_token(house)
    with pytest.raises(Conflict):
        become_first(house, doorkeeper, token, "ada")
    become_first(house, doorkeeper, token)


def test_several_people_with_the_link_make_one_administrator(house: Transactions, doorkeeper: Doorkeeper) -> None:
    token = welcome_token(house)
    outcomes: list[str] = []

    def run(login: str) -> None:
        try:
            become_first(house, doorkeeper, token, login)
            outcomes.append("in")
        except LinkIsOver:
            outcomes.append("late")

    threads = [threading.Thread(target=run, args=(f"boss{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "late", "late", "late"]
    with house.reading() as tx:
        assert accounts.search(tx, "boss").total == 1


def test_a_link_expires_and_the_next_day_has_another(house: Transactions, clock: Clock) -> None:
    token = welcome_token(house)
    clock.pass_time(days=1)
    assert welcome_token(house) != token
    clock.pass_time(days=1, hours=12)
    with house.reading() as tx, pytest.raises(LinkIsOver):
        links.person_of(tx, token, "first administrator")


def test_the_database_holds_only_a_hash_of_a_link(house: Transactions) -> None:
    from sqlalchemy import select

    from app.storage.tables import OneTimeLink

    token = welcome_token(house)
    with house.reading() as tx:
        stored = tx.session.scalars(select(OneTimeLink)).one()
    assert stored.token_hash == links.hash_of(token)
    assert token not in stored.token_hash


def test_checking_the_password_of_nobody_costs_what_any_other_costs() -> None:
    doorkeeper = Doorkeeper()
    made_up, real = doorkeeper._nobody, doorkeeper.hash(PASSWORD)
    assert extract_parameters(made_up) == extract_parameters(real)
    assert made_up.rpartition("$")[0] != Doorkeeper()._nobody.rpartition("$")[0]
    assert not doorkeeper.matches(PASSWORD, None)
    assert not doorkeeper.matches("nobody", None)
    assert doorkeeper.matches(PASSWORD, real)
