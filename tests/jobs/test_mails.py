"""Letters reach a real mail server, are tried again, and are given up with the reason."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import select

from app.jobs.mails import SendMails
from app.services.operating import mails
from app.services.operating.mails import Letter
from app.services.operating.postman import Postman, Undeliverable
from app.services.operating.transactions import Transactions
from app.settings import read_settings
from app.storage.engine import Database
from app.storage.tables import Mail
from tests.jobs.mail_server import PASSWORD, mail_server
from tests.small_bank import Clock

LETTER = Letter(1, "ada@uni.example", "Subject", "Text")


def postman(port: int, **more: Any) -> Postman:
    usual = {"smtp_host": "127.0.0.1", "smtp_tls": "none", "smtp_from": "Gradus <gradus@uni.example>"}
    return Postman(read_settings(smtp_port=port, public_url="https://gradus.test", **usual | more))


@pytest.fixture
def proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ssl.SSLContext:
    """The certificate of a mail server called localhost, from an authority that this machine trusts."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "trusted.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    return context


def write(transactions: Transactions) -> None:
    with transactions.writing() as tx:
        mails.write_reset(tx, "ada@uni.example", name="Äda", login="ada", link="https://gradus.test/password/abc")


def stored(transactions: Transactions) -> Mail:
    with transactions.reading() as tx:
        return tx.session.scalars(select(Mail)).one()


def test_a_letter_arrives_and_its_text_is_forgotten(database: Database) -> None:
    transactions = Transactions(database)
    write(transactions)
    with mail_server() as post:
        duty = SendMails(transactions, postman(post.port))
        (key,) = duty.due(10)
        duty.do(key, lambda: False)
        duty.do(key, lambda: False)
        assert duty.due(10) == []
    (letter,) = post.letters
    assert (letter["From"], letter["To"]) == ("Gradus <gradus@uni.example>", "ada@uni.example")
    assert letter["Message-ID"].endswith("@uni.example>")
    text = letter.get_content()
    assert "Hello Äda" in text
    assert "https://gradus.test/password/abc" in text
    row = stored(transactions)
    assert (row.state, row.body, row.tries) == ("sent", "", 1)


def test_a_letter_waits_while_the_server_is_busy_or_away(database: Database) -> None:
    clock = Clock()
    transactions = Transactions(database, clock)
    write(transactions)
    with mail_server() as post:
        post.says = "451 come back later"
        duty = SendMails(transactions, postman(post.port))
        duty.do(duty.due(10)[0], lambda: False)
        assert duty.due(10) == []
        assert stored(transactions).last_error == "The mail server said: 451 come back later"
        clock.pass_time(seconds=31)
        post.says = "250 fine"
        port = post.port
    away = SendMails(transactions, postman(port))
    away.do(away.due(10)[0], lambda: False)
    assert "refused" in stored(transactions).last_error
    clock.pass_time(minutes=3)
    with mail_server() as post:
        duty = SendMails(transactions, postman(post.port))
        duty.do(duty.due(10)[0], lambda: False)
    assert (stored(transactions).state, stored(transactions).tries) == ("sent", 3)


def test_an_address_that_does_not_exist_is_given_up_with_the_reason(database: Database) -> None:
    transactions = Transactions(database)
    write(transactions)
    with mail_server() as post:
        post.says = "550 no such user here"
        duty = SendMails(transactions, postman(post.port))
        duty.do(duty.due(10)[0], lambda: False)
        assert duty.due(10) == []
    with transactions.reading() as tx:
        (lost,) = mails.undelivered(tx)
    assert (lost.address, lost.why) == ("ada@uni.example", "The mail server said: 550 no such user here")
    assert stored(transactions).body == ""


def test_a_duty_that_failed_too_often_leaves_the_reason(database: Database) -> None:
    transactions = Transactions(database)
    write(transactions)
    duty = SendMails(transactions, postman(1))
    duty.give_up(duty.due(10)[0], "RuntimeError: broken")
    assert (stored(transactions).state, stored(transactions).last_error) == ("given up", "RuntimeError: broken")


def test_without_a_mail_server_nothing_is_due(database: Database) -> None:
    transactions = Transactions(database)
    write(transactions)
    assert SendMails(transactions, Postman(read_settings())).due(10) == []


@pytest.mark.parametrize("address", ["ada@uni.example\r\nBcc: all@uni.example", "", "ada@", "@", "ä@uni.example"])
def test_an_address_that_is_none_smuggles_nothing_into_a_letter(address: str) -> None:
    with mail_server() as post:
        with pytest.raises(Undeliverable):
            postman(post.port).send(Letter(1, address, "Subject", "Text"))
        assert post.letters == []


def test_a_server_that_cannot_encrypt_gets_no_letter() -> None:
    with mail_server() as post:
        with pytest.raises(Undeliverable, match="STARTTLS"):
            postman(post.port, smtp_tls="starttls").send(LETTER)
        assert post.letters == []


@pytest.mark.parametrize(("tls", "encrypts"), [("starttls", "when asked"), ("tls", "always")])
def test_a_letter_goes_encrypted_in_the_name_of_an_account(proof: ssl.SSLContext, tls: str, encrypts: Any) -> None:
    with mail_server(proof, encrypts) as post:
        account = {"smtp_user": "gradus", "smtp_password": PASSWORD}
        postman(post.port, smtp_host="localhost", smtp_tls=tls, **account).send(LETTER)
    assert [letter["To"] for letter in post.letters] == ["ada@uni.example"]
    assert post.accounts == ["gradus"]


@pytest.mark.parametrize(("tls", "encrypts"), [("starttls", "when asked"), ("tls", "always")])
def test_a_server_of_another_name_hears_neither_password_nor_letter(
    proof: ssl.SSLContext, tls: str, encrypts: Any
) -> None:
    with mail_server(proof, encrypts) as post:
        account = {"smtp_user": "gradus", "smtp_password": PASSWORD}
        with pytest.raises(Undeliverable, match="certificate") as refused:
            postman(post.port, smtp_host="127.0.0.1", smtp_tls=tls, **account).send(LETTER)
    assert not refused.value.for_good
    assert (post.letters, post.accounts) == ([], [])


def test_a_wrong_password_is_told_and_tried_again_later(proof: ssl.SSLContext) -> None:
    with mail_server(proof, "when asked") as post:
        account = {"smtp_user": "gradus", "smtp_password": "guessed"}
        with pytest.raises(Undeliverable, match="535 wrong password") as refused:
            postman(post.port, smtp_host="localhost", smtp_tls="starttls", **account).send(LETTER)
    assert not refused.value.for_good
    assert post.letters == []
