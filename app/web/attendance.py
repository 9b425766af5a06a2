"""Who is there: when a page of each attempt was last heard of in this process.

Heard of is what speaks by itself: a stream that begins, a question how things stand, a save, an answer to the server's
own question. A stream that is open proves nothing: of a closed lid it learns nothing for a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

QUIET = 11.0  # longer than who is at work goes without a save, and well below what makes somebody absent
GONE_AFTER = 20.0
SETTLED = 5.0  # so long after a page was asked for its scripts have spoken, if it has any


@dataclass(frozen=True, slots=True)
class Turnout:
    """What there is to write down, by attempt; numbers are seconds ago.

    `came`: heard of for the first time, or again. `gone`: not heard of for long. `visits`: pages without scripts.
    """

    came: frozenset[str]
    seen: dict[str, float]
    gone: frozenset[str]
    visits: dict[str, float]

    def __bool__(self) -> bool:
        return bool(self.seen or self.gone or self.visits)

    def known(self, numbers: Container[str]) -> Turnout:
        """The same, of those attempts only."""
        return Turnout(
            frozenset(one for one in self.came if one in numbers),
            {one: ago for one, ago in self.seen.items() if one in numbers},
            frozenset(one for one in self.gone if one in numbers),
            {one: ago for one, ago in self.visits.items() if one in numbers},
        )


class Attendance:
    """Belongs to the event loop, but for `visited`, which any thread may call. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._heard: dict[str, float] = {}
        self._new: set[str] = set()
        self._written = clock()
        self._visits: dict[str, float] = {}

    def __bool__(self) -> bool:
        """Whether anybody is there, or was lately."""
        return bool(self._heard or self._visits)

    def __contains__(self, attempt: object) -> bool:
        return attempt in self._heard

    def heard(self, attempt: str) -> None:
        """A page of this attempt has just spoken."""
        if attempt not in self._heard:
            self._new.add(attempt)
        self._heard[attempt] = self._clock()

    def quiet_in(self, attempt: str) -> float:
        """In how many seconds its pages will have said nothing for so long that they are asked; 0: now."""
        return max(0.0, self._heard.get(attempt, -QUIET) + QUIET - self._clock())

    def visited(self, attempt: str) -> None:
        """A page of this attempt has been asked for; whether it has scripts is not known yet."""
        self._visits[attempt] = self._clock()

    def forget(self, attempt: str) -> None:
        """Nobody asks (any more) whether somebody is there."""
        self._heard.pop(attempt, None)
        self._new.discard(attempt)
        self._visits.pop(attempt, None)

    @property
    def settled(self) -> set[str]:
        """The attempts whose pages have said nothing since they were asked for."""
        now = self._clock()
        visits = list(self._visits.items())  # in one step: other threads add to them
        return {one for one, at in visits if now - at >= SETTLED and self._heard.get(one, at - 1) < at}

    def turnout(self, every: bool) -> Turnout:
        """What has not been written down; without `every` only those who come, who should not have to wait."""
        now = self._clock()
        came = frozenset(self._new)
        gone = frozenset(one for one, at in self._heard.items() if now - at >= GONE_AFTER) if every else frozenset()
        seen = {one: now - at for one, at in self._heard.items() if one in came or (every and at >= self._written)}
        visits = {one: now - self._visits[one] for one in self.settled} if every else {}
        return Turnout(came, seen, gone, visits)

    def written(self, turnout: Turnout, every: bool, began: float) -> None:
        """It is on disk; `began`: when it was put together."""
        self._new -= turnout.came
        if not every:
            return
        self._written = began
        for one in turnout.gone:
            if began - self._heard.get(one, began) >= GONE_AFTER:
                self._heard.pop(one)
            elif one in self._heard:
                self._new.add(one)  # it spoke again while its absence was written down
        for one, at in list(self._visits.items()):
            # What has settled only since the attempts were looked up is not in the turnout: the next one has it.
            if began - at >= SETTLED and (one in turnout.visits or self._heard.get(one, at - 1) >= at):
                del self._visits[one]
