"""What a duty is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol


class Interrupted(Exception):
    """The runner is stopping: what has been done does not count, and somebody will do it again."""


class Duty(Protocol):
    """Something that must happen, key by key. Doing it a second time for a key changes nothing.

    `due` looks at the data, never at a list of messages: what a dead process left undone is found again.
    """

    name: str
    every: float
    """Seconds between two looks; waking makes the next one immediate."""

    def due(self, limit: int) -> Sequence[str]:
        """At most `limit` keys of what is to be done now."""

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Fulfil the duty for one key; `stopping` tells whether the process is about to end."""

    def give_up(self, key: str, error: str) -> None:
        """It failed too often: leave a state that a person will see."""
