"""Nothing is posted into a private network, to another address than was looked at, or for ever."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.errors import InvalidInput
from app.services.operating import posting
from app.services.operating.posting import check_address, is_public, post
from tests.listener import Listener, listening


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as one:
        yield one


PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "2001:0:0:1::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known_in_every_disguise(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://example.org/",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[broken/",
        "https://münchen.example/",
        "https://example.org/\r\nX: y",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_address(address, private_targets=False)
    assert refused.value.place == "address"
    assert str(refused.value).endswith((".", "#."))


def test_an_ordinary_address_is_taken() -> None:
    check_address("https://example.org:8443/hooks/gradus?key=1", private_targets=False)
    check_address("http://127.0.0.1:9/", private_targets=True)


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(posting.socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("2130706433.nonsense",), ()])
def test_a_name_that_leads_into_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    resolving_to(monkeypatch, *addresses)
    monkeypatch.setattr(posting.socket, "create_connection", lambda *_: pytest.fail("connected"))
    posted = post("https://example.org/", b"", {}, private_targets=False)
    assert posted.status is None
    assert posted.says.endswith(".")


def test_what_was_looked_at_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving_to(monkeypatch, "93.184.216.34")
    connected: list[Any] = []

    def connect(address: tuple[str, int], timeout: float) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(posting.socket, "create_connection", connect)
    posted = post("https://example.org/", b"", {}, private_targets=False)
    assert (asked, connected) == (["example.org"], [("93.184.216.34", 443)])
    assert posted.says == "Could not be reached (ConnectionRefusedError)."


def test_it_posts_where_private_networks_are_allowed(listener: Listener) -> None:
    posted = post(listener.address, b"body", {"X-Mark": "1"}, private_targets=True)
    assert posted.status == 204
    ((path, headers, body),) = listener.heard
    assert (path, headers["X-Mark"], body) == ("/hook?x=1", "1", b"body")


def test_redirects_are_not_followed(listener: Listener) -> None:
    listener.status, listener.headers = 302, {"Location": listener.address}
    posted = post(listener.address, b"", {}, private_targets=True)
    assert (posted.status, posted.says, len(listener.heard)) == (302, "Answered 302.", 1)


def test_a_side_that_talks_for_ever_is_cut_off(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    listener.drip_seconds = 20
    posted = post(listener.address, b"", {}, private_targets=True)
    assert posted.status is None
    assert posted.says.startswith("No answer within")


def test_tls_that_cannot_be_trusted_is_said(listener: Listener) -> None:
    posted = post(listener.address.replace("http:", "https:"), b"", {}, private_targets=True)
    assert posted.status is None
    assert posted.says.endswith(".")
    assert listener.heard == []


def test_nobody_there_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"", {}, private_targets=True).status is None
