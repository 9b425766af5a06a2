"""Replaying marks: each grading that counts is made once more from the raw rows, and must come out the same.

Variant, frozen answers, question version, the graders and people's decisions are all that a mark depends on. Answers
that another release of the graders has observed are counted, not compared: these graders are not here any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import GradusError
from app.services.marking.grading import decisions_of, fingerprint_of
from app.services.operating.transactions import Transactions
from app.storage import replays
from app.storage.replays import Raw

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A submitted question that came out otherwise, and in what: facts, credit, or the sum stored beside it."""

    item_id: int
    grading_id: int
    what: str


@dataclass(slots=True)
class Replay:
    """How many gradings came out the same; `by_others`: seen by other software; `unobserved`: no grader finished."""

    same: int = 0
    by_others: int = 0
    unobserved: int = 0
    different: list[Difference] = field(default_factory=list)

    @property
    def marks(self) -> int:
        """How many gradings were looked at, compared or not."""
        return self.same + self.by_others + self.unobserved + len(self.different)


def replay(transactions: Transactions, sandbox: Runs, *, every: bool = False) -> Replay:
    """Make every grading that counts once more, and compare it byte by byte with what is stored. Stores nothing.

    `every`: also those that count no longer.
    """
    found, after, software = Replay(), 0, fingerprint_of(sandbox)
    while True:
        with transactions.reading() as tx:
            some = replays.every(tx, after, AT_ONCE) if every else replays.counting(tx, after, AT_ONCE)
        if not some:
            return found
        for raw in some:
            if raw.observation.facts is None:
                found.unobserved += 1
            elif raw.observation.grader_fingerprint != software:
                found.by_others += 1
            else:
                what = _difference(sandbox, raw)
                if what:
                    found.different.append(Difference(raw.item_id, raw.grading.id, what))
                else:
                    found.same += 1
        after = some[-1].grading.id if every else some[-1].item_id


def _difference(sandbox: Runs, raw: Raw) -> str:
    payload: dict[str, Any] = {"package": raw.package, "values": raw.values, "seed": raw.seed, "answers": raw.answers}
    try:
        made = sandbox.run("grade", payload | {"decisions": decisions_of(raw.judged)}, lane="grading")
    except GradusError as failure:
        return str(failure)
    grading, credit = raw.grading, made["credit"]
    if written(made["observation"]) != written(raw.observation.facts):
        return "facts"
    if written(credit) != written(grading.credit):
        return "credit"
    stored = (grading.state, grading.points, grading.upto, grading.max)
    told = (credit["state"], *(Fraction(credit[name]) for name in ("points", "upto", "max")))
    return "" if stored == told else "points"


def written(document: Any) -> bytes:
    """A JSON document as the one text that stands for it."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
