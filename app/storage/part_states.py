"""How far each part of a graded question is. Gradings never change, so what was read once is remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from threading import Lock

from sqlalchemy import JSON, ScalarSelect, column, func, select

from app.storage.outcomes import AT_ONCE
from app.storage.tables import AttemptItem, Grading, SubmissionItem
from app.storage.transaction import Transaction

REMEMBERED = 32
"""Quizzes whose gradings are remembered; the one asked for longest ago goes first."""


@dataclass(frozen=True, slots=True, eq=False)
class PartStates:
    """How far a graded question is as a whole, and part by part. Gradings that are equally far share one object.

    `sat`: the question version that was asked, whichever rubric counts.
    """

    sat: int
    whole: str
    parts: Mapping[str, str]

    def of(self, part: str) -> str:
        """The state of a part; that of the whole question where the grading does not know it."""
        return self.parts.get(part, self.whole)


_known: OrderedDict[str, dict[int, PartStates]] = OrderedDict()
_shared: dict[tuple[int, str, str], PartStates] = {}
_lock = Lock()


def part_states(tx: Transaction, quiz: str, grading_ids: Sequence[int]) -> Mapping[int, PartStates]:
    """By grading, how far its parts are; without a credit there are none. `quiz`: its public id."""
    with _lock:
        found = _known.setdefault(quiz, {})
        _known.move_to_end(quiz)
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
        unknown = sorted({*filterfalse(found.__contains__, grading_ids)})
    told = _parts_in(tx)
    for start in range(0, len(unknown), AT_ONCE):
        some = unknown[start : start + AT_ONCE]
        query = (
            select(Grading.id, AttemptItem.question_version_id, Grading.state, told)
            .join(SubmissionItem, SubmissionItem.id == Grading.submission_item_id)
            .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
            .where(Grading.id.in_(some))
        )
        for number, sat, whole, parts in tx.session.execute(query):
            # There are few different ones, and thousands of gradings.
            key = (sat, whole, parts or "")
            if key not in _shared:
                _shared[key] = PartStates(sat, whole, dict(one.split(" ") for one in key[2].split(",") if one))
            found[number] = _shared[key]
    return found


def _parts_in(tx: Transaction) -> ScalarSelect[str]:
    """The parts of a credit with their states, such as "why graded,how needs-person"; found by the database.

    Whole credits of thousands of answers take ten times as long to read, and that is all of the first look at a quiz.
    """
    if tx.session.get_bind().dialect.name == "sqlite":
        elements = func.json_each(Grading.credit, "$.parts")
    else:
        elements = func.json_array_elements(Grading.credit["parts"])
    part = elements.table_valued(column("value", JSON)).c.value
    words = part["id"].as_string() + " " + part["state"].as_string()
    return select(func.aggregate_strings(words, ",")).correlate(Grading).scalar_subquery()
