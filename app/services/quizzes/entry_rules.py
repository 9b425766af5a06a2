"""From where, with what and with which word a quiz may be sat: what of it can be stored, and who satisfies it."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.domain.errors import InvalidInput
from app.settings import Network, networks_of

LONGEST_CODE = 100
LONGEST_NETWORKS = 5_000
MOST_NETWORKS = 200
MOST_KEYS = 100
KEY = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the edge sees of a request.

    `address`: the client's; `urls`: what it may have asked for, absolute and without fragment; `browser_key`: what
    its Safe Exam Browser says of itself.
    """

    address: str = ""
    urls: tuple[str, ...] = ()
    browser_key: str = ""


def seen_at(address: str | None, url: str, public_url: str, browser_key: str) -> Seen:
    """What a request of this absolute address looks like; behind a proxy people may have asked for the public one."""
    pieces = urlsplit(url)
    rest = pieces.path + (f"?{pieces.query}" if pieces.query else "")
    urls = (f"{pieces.scheme}://{pieces.netloc}{rest}", *([public_url + rest] if public_url else []))
    return Seen(address or "", urls, browser_key)


def check_entry(access_code: str, networks: str, browser_keys: str) -> None:
    """Let rules about the entry pass that can be stored.

    Raises:
        InvalidInput: the first one that cannot; `place` names it.
    """
    if len(access_code.strip()) > LONGEST_CODE:
        raise InvalidInput(f"An access code has at most {LONGEST_CODE} characters.", place="access_code")
    if "\n" in access_code.strip():
        raise InvalidInput("An access code is one line.", place="access_code")
    if len(networks) > LONGEST_NETWORKS:
        raise InvalidInput(f"Networks have at most {LONGEST_NETWORKS} characters.", place="networks")
    if networks.strip():
        try:
            found = networks_of(networks)
        except ValueError:
            says = "Networks are written like 10.0.0.0/8 or 2001:db8::/32, separated by commas."
            raise InvalidInput(says, place="networks") from None
        if not found:
            raise InvalidInput("Leave this empty where every network may be used.", place="networks")
        if len(found) > MOST_NETWORKS:
            raise InvalidInput(f"A quiz names at most {MOST_NETWORKS} networks.", place="networks")
    keys = browser_keys.split()
    if len(keys) > MOST_KEYS:
        raise InvalidInput(f"A quiz names at most {MOST_KEYS} keys.", place="browser_keys")
    for number, key in enumerate(keys, 1):
        if not KEY.fullmatch(key):
            says = f"Key {number} is no config key of Safe Exam Browser: those are 64 digits (0-9, a-f), one a line."
            raise InvalidInput(says, place="browser_keys")


def is_code(access_code: str, typed: str) -> bool:
    """Whether that is the code. Upper and lower case and blanks do not matter; the time taken tells nothing."""
    return hmac.compare_digest(_plain(access_code), _plain(typed[: 4 * LONGEST_CODE]))


def _plain(code: str) -> bytes:
    return "".join(code.casefold().split()).encode()


def inside(networks: str, seen: Seen) -> bool:
    """Whether the request comes from one of these networks; where none is named, every address does."""
    if not networks.strip():
        return True
    try:
        address = ip_address(seen.address)
    except ValueError:
        return False
    # An IPv4 client of a socket that also serves IPv6.
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in _networks(networks))


@lru_cache(maxsize=256)
def _networks(text: str) -> tuple[Network, ...]:
    return networks_of(text)


def in_safe_browser(browser_keys: str, seen: Seen) -> bool:
    """Whether a Safe Exam Browser of one of these config keys is asking; where none is named, every browser will do.

    It sends the SHA-256 of the address and the config key, which nobody can say who does not know the key
    (Safe Exam Browser, developer documentation, "Config Key"). What a browser calls itself proves nothing.
    """
    keys = browser_keys.split()
    given = seen.browser_key.strip().lower().encode()
    # All are compared, so that the time taken does not tell which one it was.
    right = [hmac.compare_digest(_hash(url, key), given) for url in seen.urls for key in keys]
    return not keys or any(right)


def _hash(url: str, key: str) -> bytes:
    return hashlib.sha256((url + key.lower()).encode()).hexdigest().encode()
