"""Posting to addresses that people have typed: resolved once, never into a private network, bounded in time.

Only the status of the answer is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from app.domain.errors import InvalidInput

SECONDS = 10.0
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it: a status, or a sentence saying why there is none."""

    status: int | None
    says: str


class Refused(Exception):
    """The address leads where nothing may be posted, or nowhere."""


def check_address(address: str, *, private_targets: bool) -> None:
    """Whether something may be posted to this address, as far as can be told without resolving its name.

    Raises:
        InvalidInput: it may not; the sentence says why.
    """
    try:
        parts = _split(address, private_targets)
        literal = _literal(parts.hostname or "")
        if literal is not None and not (private_targets or is_public(literal)):
            raise Refused("This address belongs to a private network.")
    except Refused as refusal:
        raise InvalidInput(str(refusal), place="address") from None


def post(address: str, body: bytes, headers: Mapping[str, str], *, private_targets: bool) -> Posted:
    """Post it; nothing is raised. Redirects are not followed, proxies of the environment are not used."""
    try:
        parts = _split(address, private_targets)
        secure = parts.scheme == "https"
        host = (parts.hostname or "").encode("idna").decode("ascii") if _literal(parts.hostname or "") is None else ""
        host = host or (parts.hostname or "")
        port = parts.port or (443 if secure else 80)
        # The very address that was looked at is connected to: a second look-up could give another one.
        target = _resolved(host, port, private_targets)
        connection = _Pinned(host, port, target, secure)
    except Refused as refusal:
        return Posted(None, str(refusal))
    except (UnicodeError, ValueError):
        return Posted(None, "This is no address.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    over = threading.Timer(SECONDS, connection.cut)
    over.daemon = True
    over.start()
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        if connection.was_cut:  # what is cut in the middle of its headers looks like a short answer
            raise TimeoutError
        return Posted(answer.status, "" if 200 <= answer.status < 300 else f"Answered {answer.status}.")
    except (OSError, http.client.HTTPException, ValueError) as failure:
        if connection.was_cut or isinstance(failure, TimeoutError):
            return Posted(None, f"No answer within {SECONDS:.0f} seconds.")
        if isinstance(failure, ssl.SSLError):
            return Posted(None, f"The certificate or the encryption cannot be trusted ({failure.reason or 'TLS'}).")
        return Posted(None, f"Could not be reached ({type(failure).__name__}).")
    finally:
        over.cancel()
        connection.close()


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public internet, also where it hides an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _split(address: str, private_targets: bool) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused("This is no address such as https://example.org/gradus.") from None
    if not address.isascii() or any(letter <= " " or letter == "\x7f" or letter == "\\" for letter in address):
        raise Refused("An address holds only ASCII characters and no spaces.")
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise Refused("An address begins with https:// and a name, such as https://example.org/gradus.")
    if parts.scheme == "http" and not private_targets:
        raise Refused("An address begins with https://, so that nobody reads what is sent.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("An address holds no user name, no password and no #.")
    return parts


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _resolved(host: str, port: int, private_targets: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise Refused("The name of this address is not known.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise Refused("The name of this address is not known.")
    if not private_targets:
        # One private address among several would do: which is taken must not be luck.
        known = [_literal(address.partition("%")[0]) for address in addresses]
        if any(one is None or not is_public(one) for one in known):
            raise Refused("This address belongs to a private network.")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one network address, whatever the name means by then; TLS checks the name."""

    def __init__(self, host: str, port: int, target: str, secure: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._target = target
        self._context = ssl.create_default_context() if secure else None
        if secure:
            self.default_port = 443
        self.was_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self._target, self.port), SECONDS)
        self.sock = plain
        if self._context is not None:
            secured = self._context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = secured  # before the handshake, so that it can be cut, too
            secured.do_handshake()

    def cut(self) -> None:
        """End it, however slowly the other side is talking."""
        self.was_cut = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                pass
