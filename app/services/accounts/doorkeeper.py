"""Passwords: hashing and checking them, a few at a time."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
        self._nobody = self._hasher.hash("nobody")

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
