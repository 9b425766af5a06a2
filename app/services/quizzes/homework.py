"""What a quiz says about due times, lateness and further attempts, as it stands for one person at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.deductions import Left, days_after, days_late, left
from app.services.quizzes.terms import Terms
from app.services.results.deductions import deducts, judged_until, rules_of
from app.storage.tables import Attempt, Quiz


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force for somebody: work is due at `due_at`, and taken until `late_until` for less.

    `days` late is today (0: in time), of `late_days`. `number` is the attempt that is open or would come next, `now`
    what is left of its points when it is done at this moment; `kept`, of an open one, when nothing in it is changed
    any more. `tries`: how many attempts may still begin (None: any number).
    """

    homework: bool
    due_at: datetime | None
    late_until: datetime | None
    late_days: int
    late_percent: int
    decay_percent: int
    days: int
    tries: int | None
    number: int
    now: Left
    kept: Left | None = None

    @property
    def over(self) -> bool:
        """Whether no attempt can begin any more."""
        return self.tries == 0

    @property
    def stays_in_time(self) -> bool:
        """Whether the open attempt loses less if nothing more is changed in it."""
        return self.kept is not None and self.kept.factor > self.now.factor


def policy_of(
    quiz: Quiz, terms: Terms, taken: Sequence[Attempt], now: datetime, last_saved: datetime | None = None
) -> Policy | None:
    """The policy of a quiz for somebody who has taken these attempts; None where there is nothing to say about it.

    `last_saved`: when an answer of the open attempt was changed last.
    """
    if terms.preview or not (quiz.mode == "homework" or deducts(quiz)):
        return None
    going_on = next((one for one in taken if one.state == "open"), None)
    number = going_on.number if going_on is not None else max((one.number for one in taken), default=0) + 1
    added = timedelta(seconds=going_on.added_seconds if going_on is not None else 0)
    due_at = None if terms.ends_at is None else terms.ends_at + added
    rules = rules_of(quiz)
    judged = judged_until(quiz, now)
    kept = None
    if going_on is not None and last_saved is not None:
        kept = left(number, judged_until(quiz, last_saved), due_at, rules, terms.zone)
    allowed = terms.attempts_allowed
    return Policy(
        homework=quiz.mode == "homework",
        due_at=due_at,
        late_until=days_after(due_at, rules.late_days, terms.zone) if due_at is not None and rules.late_days else None,
        late_days=rules.late_days,
        late_percent=rules.late_percent,
        decay_percent=rules.decay_percent,
        days=days_late(judged, due_at, rules.late_days, terms.zone),
        tries=None if allowed is None else max(0, allowed - len(taken)),
        number=number,
        now=left(number, judged, due_at, rules, terms.zone),
        kept=kept,
    )
