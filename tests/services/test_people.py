"""Letting people in, and keeping others out without ever locking an account."""

from __future__ import annotations

import threading
import time

import pytest

from app.domain.errors import Conflict, InvalidInput
from app.services.accounts import people, sessions, signing_in
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson
from app.services.accounts.signing_in import SignedIn, TooSoon, WrongPassword
from app.services.accounts.throttling import ThrottleHere, ThrottleTogether, throttle_for
from app.services.operating.transactions import Transactions
from app.storage.engine import Database
from tests.small_bank import Clock

PASSWORD = "correct horse"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def doorkeeper(clock: Clock) -> Doorkeeper:
    return Doorkeeper(clock)


@pytest.fixture
def house(database: Database, clock: Clock, doorkeeper: Doorkeeper) -> Transactions:
    house = Transactions(database, clock)
    with house.writing() as tx:
        people.add_person(tx, doorkeeper, NewPerson("Ada", "Ada L.", PASSWORD))
    return house


def sign_in(
    house: Transactions, doorkeeper: Doorkeeper, password: str, login: str = "ada", address: str = "10.0.0.1"
) -> SignedIn:
    with house.reading() as reading, house.writing() as writing:
        return signing_in.sign_in(
            reading, writing, doorkeeper, login=login, password=password, address=address, hours=1
        )


def test_somebody_signs_in_and_is_known_until_they_sign_out(house: Transactions, doorkeeper: Doorkeeper) -> None:
    opened = sign_in(house, doorkeeper, PASSWORD, login=" ADA ")
    with house.reading() as tx:
        visitor = sessions.visitor(tx, opened.token)
    assert visitor is not None
    assert visitor.person == opened.person
    assert visitor.person.name == "Ada L."
    assert sessions.csrf_matches(opened.token, visitor.csrf)
    assert not sessions.csrf_matches(opened.token, "other")
    with house.writing() as tx:
        signing_in.sign_out(tx, opened.token)
    with house.reading() as tx:
        assert sessions.visitor(tx, opened.token) is None


def test_a_session_ends_with_its_time_and_is_forgotten(
    house: Transactions, doorkeeper: Doorkeeper, clock: Clock
) -> None:
    opened = sign_in(house, doorkeeper, PASSWORD)
    clock.pass_time(hours=1)
    with house.reading() as tx:
        assert sessions.visitor(tx, opened.token) is None
        assert not sessions.any_expired(tx)
    clock.pass_time(seconds=1)
    with house.reading() as tx:
        assert sessions.any_expired(tx)
    with house.writing() as tx:
        assert sessions.forget_expired(tx) == 1


@pytest.mark.parametrize("token", ["", "x" * 300, "unknown", "\ud800"])
def test_a_made_up_token_opens_nothing(house: Transactions, token: str) -> None:
    with house.reading() as tx:
        assert sessions.visitor(tx, token) is None


def test_the_database_holds_neither_password_nor_token(house: Transactions, doorkeeper: Doorkeeper) -> None:
    from sqlalchemy import select

    from app.storage.tables import PersonRow, SessionRow

    opened = sign_in(house, doorkeeper, PASSWORD)
    with house.reading() as tx:
        person = tx.session.scalars(select(PersonRow)).one()
        session = tx.session.scalars(select(SessionRow)).one()
    assert person.password_hash is not None
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert opened.token not in session.token_hash


def test_a_wrong_password_and_an_unknown_account_sound_the_same(house: Transactions, doorkeeper: Doorkeeper) -> None:
    says = set()
    for login in ("ada", "nobody", "spaces in it", "nul\x00"):
        with pytest.raises(WrongPassword) as refused:
            sign_in(house, doorkeeper, "wrong", login=login)
        says.add(str(refused.value))
    assert says == {"The name or the password is wrong."}


def test_guessing_becomes_slow_for_one_address_and_the_account_stays_open(
    house: Transactions, doorkeeper: Doorkeeper, clock: Clock
) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            sign_in(house, doorkeeper, "wrong")
    with pytest.raises(TooSoon, match=r"Please try again in 1 second\."):
        sign_in(house, doorkeeper, PASSWORD)
    sign_in(house, doorkeeper, PASSWORD, address="10.9.9.9")
    clock.pass_time(seconds=1)
    with pytest.raises(WrongPassword):
        sign_in(house, doorkeeper, "wrong")
    with pytest.raises(TooSoon) as refused:
        sign_in(house, doorkeeper, PASSWORD)
    assert refused.value.seconds == 2
    clock.pass_time(seconds=2)
    sign_in(house, doorkeeper, PASSWORD)
    with pytest.raises(WrongPassword):
        sign_in(house, doorkeeper, "wrong")


def test_no_delay_is_longer_than_a_minute_and_all_is_forgotten_after_an_hour() -> None:
    clock = Clock()
    throttle = ThrottleHere(clock)
    for _ in range(50):
        throttle.failed("ada", "here")
    assert throttle.seconds_to_wait("ada", "here") == 60
    clock.pass_time(hours=1, seconds=1)
    assert throttle.seconds_to_wait("ada", "here") == 0


def test_several_processes_count_wrong_tries_together(house: Transactions, clock: Clock) -> None:
    here, there = ThrottleTogether(house), ThrottleTogether(house)
    for throttle in (here, there, here):
        assert throttle.seconds_to_wait("ada", "lab") == 0
        throttle.failed("ada", "lab")
    assert (here.seconds_to_wait("ada", "lab"), there.seconds_to_wait("ada", "lab")) == (1, 1)
    assert here.seconds_to_wait("ada", "home") == there.seconds_to_wait("ben", "lab") == 0
    there.failed("ada", "lab")
    assert here.seconds_to_wait("ada", "lab") == 2
    there.succeeded("ada", "lab")
    assert here.seconds_to_wait("ada", "lab") == 0
    for _ in range(50):
        here.failed("ada", "lab")
    assert there.seconds_to_wait("ada", "lab") == 60
    clock.pass_time(hours=1, seconds=1)
    assert there.seconds_to_wait("ada", "lab") == 0
    # What is forgotten is not counted on.
    for _ in range(3):
        assert there.seconds_to_wait("ada", "lab") == 0
        here.failed("ada", "lab")
    assert there.seconds_to_wait("ada", "lab") == 1


def test_where_several_processes_may_serve_they_count_in_the_database(house: Transactions) -> None:
    one_process = house.database.is_sqlite
    assert isinstance(throttle_for(house), ThrottleHere if one_process else ThrottleTogether)


def test_at_most_two_passwords_are_hashed_at_a_time(doorkeeper: Doorkeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1
            return password

    monkeypatch.setattr(doorkeeper, "_hasher", Slow())
    threads = [threading.Thread(target=doorkeeper.hash, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


@pytest.mark.parametrize(
    ("new", "place"),
    [
        (NewPerson("two words", "Name", PASSWORD), "login"),
        (NewPerson("", "Name", PASSWORD), "login"),
        (NewPerson("ben", " ", PASSWORD), "name"),
        (NewPerson("ben", "Name", "short"), "password"),
    ],
)
def test_a_person_who_cannot_be_added_is_told_why(
    house: Transactions, doorkeeper: Doorkeeper, new: NewPerson, place: str
) -> None:
    with pytest.raises(InvalidInput) as refused, house.writing() as tx:
        people.add_person(tx, doorkeeper, new)
    assert refused.value.place == place


def test_a_login_is_taken_whatever_its_case(house: Transactions, doorkeeper: Doorkeeper) -> None:
    with pytest.raises(Conflict, match="is taken"), house.writing() as tx:
        people.add_person(tx, doorkeeper, NewPerson("ADA", "Another", PASSWORD))


def test_a_save_token_opens_one_attempt_of_one_person() -> None:
    token = sessions.save_token(b"secret", "attempt", 7)
    assert sessions.save_token_opens(b"secret", token, "attempt") == 7
    assert sessions.save_token_opens(b"secret", token, "other") is None
    assert sessions.save_token_opens(b"other", token, "attempt") is None
    for wrong in (
        "",
        ".",
        "7",
        "8." + token.partition(".")[2],
        "x.y",
        "²." + token,
        "9" * 50 + ".x",
        "7.\ud800",
    ):
        assert sessions.save_token_opens(b"secret", wrong, "attempt") is None
