"""Reproducible draws by a counter generator on SHA-256: no library version, no new variable shifts a draw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from app.domain.questions import Statement
from app.domain.values import Value
from graders.evaluation.errors import EvaluationError

T = TypeVar("T")
WIDEST_RANGE = 10**9
MOST_AT_ONCE = 1000


class Draw:
    """The draws of one variable, in one try, for one seed of one question."""

    def __init__(self, question: str, seed: int, variable: str, attempt: int) -> None:
        self._key = f"{question}\x1f{seed}\x1f{variable}\x1f{attempt}"
        self._counter = 0

    def below(self, n: int) -> int:
        """A whole number in [0, n), each equally likely."""
        limit = (1 << 64) - (1 << 64) % n
        while True:
            digest = hashlib.sha256(f"{self._key}\x1f{self._counter}".encode()).digest()
            self._counter += 1
            number = int.from_bytes(digest[:8], "big")
            if number < limit:
                return number % n

    def integer(self, lo: Value, hi: Value) -> Value:
        """A whole number from lo to hi, both included."""
        low, high = _whole(lo, "the lower end"), _whole(hi, "the upper end")
        if high < low or high - low > WIDEST_RANGE:
            raise EvaluationError(f"There is no whole number to draw from {low} to {high}.")
        return low + self.below(high - low + 1)

    def integers(self, n: Value, lo: Value, hi: Value) -> Value:
        """n whole numbers from lo to hi."""
        return [self.integer(lo, hi) for _ in range(_count(n))]

    def choose(self, items: Value) -> Value:
        """One of the items."""
        choices = _items(items)
        return choices[self.below(len(choices))]

    def shuffle(self, items: Value) -> Value:
        """The items in another order."""
        return self.shuffled(_items(items))

    def sample(self, items: Value, n: Value) -> Value:
        """n different places of the list."""
        choices = _items(items)
        count = _count(n)
        if count > len(choices):
            raise EvaluationError(f"{count} of {len(choices)} items cannot be drawn.")
        return self.shuffled(choices)[:count]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A Fisher-Yates shuffle."""
        result = list(items)
        for i in range(len(result) - 1, 0, -1):
            j = self.below(i + 1)
            result[i], result[j] = result[j], result[i]
        return result

    def functions(self, pools: Mapping[str, Sequence[Statement]]) -> dict[str, Callable[..., Value]]:
        """The draw functions of the question language, by name."""

        def pick(pool: Value, n: Value) -> Value:
            if not isinstance(pool, str) or pool not in pools:
                raise EvaluationError(f"There is no pool called {pool!r}.")
            return list(self.pick(pools[pool], _count(n)))

        return {
            "integer": self.integer,
            "integers": self.integers,
            "choose": self.choose,
            "shuffle": self.shuffle,
            "sample": self.sample,
            "pick": pick,
        }

    def pick(self, statements: Sequence[Statement], n: int) -> list[str]:
        """The ids of n statements, no two of them twins."""
        chosen: list[str] = []
        twins: set[str] = set()
        for statement in self.shuffled(statements):
            if statement.twin is not None and statement.twin in twins:
                continue
            if len(chosen) == n:
                break
            chosen.append(statement.id)
            if statement.twin is not None:
                twins.add(statement.twin)
        if len(chosen) < n:
            raise EvaluationError(f"The pool holds only {len(chosen)} statements that are no twins, not {n}.")
        return chosen


DRAW_FUNCTIONS = frozenset({"integer", "integers", "choose", "shuffle", "sample", "pick"})


def _whole(value: Value, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise EvaluationError(f"A draw needs a whole number as {what}, not {value!r}.")
    return value


def _count(value: Value) -> int:
    count = _whole(value, "the count")
    if not 0 <= count <= MOST_AT_ONCE:
        raise EvaluationError(f"A draw makes 0 to {MOST_AT_ONCE} values, not {count}.")
    return count


def _items(value: Value) -> list[Value]:
    if not isinstance(value, list) or not value:
        raise EvaluationError("A draw needs a list with something in it.")
    return value
