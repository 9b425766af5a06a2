"""Passwords: hashing and checking them, a few at a time."""

from __future__ import annotations

import threading
from base64 import b64encode
from secrets import token_bytes

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from app.services.accounts.throttling import Throttle, ThrottleHere
from app.services.operating.transactions import Clock, utc_now

LONGEST_PASSWORD = 1000
SHORTEST_PASSWORD = 8


class Doorkeeper:
    """Hashes and checks passwords (argon2id, 19 MiB, two passes), two at a time; one object per process.

    The limit keeps a rush of sign-ins from taking the memory of the exam that is going on. Wrong tries are counted in
    this process unless a `throttle` counts them elsewhere.
    """

    def __init__(self, clock: Clock = utc_now, throttle: Throttle | None = None) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turns = threading.BoundedSemaphore(2)
        self.throttle = throttle or ThrottleHere(clock)
        # Compared for accounts that do not exist, so that the time an answer takes says nothing about them.
        self._nobody = _of_no_password(self._hasher)

    def hash(self, password: str) -> str:
        """What may be stored of a password."""
        with self._turns:
            return self._hasher.hash(password)

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; takes the same time without a hash."""
        with self._turns:
            try:
                self._hasher.verify(hashed or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return hashed is not None


def _of_no_password(hasher: PasswordHasher) -> str:
    # As long to check as any other. Made up and not hashed: nobody should have to wait for that at a start.
    def text(length: int) -> str:
        return b64encode(token_bytes(length)).decode("ascii").rstrip("=")

    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${text(hasher.salt_len)}${text(hasher.hash_len)}"
