"""How far each part of a graded question is. Gradings never change, so what was read once is remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from threading import Lock

from sqlalchemy import select

from app.storage.outcomes import AT_ONCE
from app.storage.tables import Grading
from app.storage.transaction import Transaction

REMEMBERED = 32
"""Quizzes whose gradings are remembered; the one asked for longest ago goes first."""

_known: OrderedDict[str, dict[int | None, Mapping[str, str]]] = OrderedDict()
_shared: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
_lock = Lock()


def part_states(
    tx: Transaction, quiz: str, grading_ids: Collection[int | None]
) -> Mapping[int | None, Mapping[str, str]]:
    """By grading: the state of every part, and of the whole question under "". `quiz`: its public id.

    Without a credit there are no parts; None, where nothing has been graded yet, has no states.
    """
    with _lock:
        found = _known.setdefault(quiz, {})
        _known.move_to_end(quiz)
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
        unknown = sorted({one for one in set(grading_ids) - found.keys() if one is not None})
    for start in range(0, len(unknown), AT_ONCE):
        query = select(Grading.id, Grading.state, Grading.credit).where(
            Grading.id.in_(unknown[start : start + AT_ONCE])
        )
        for number, state, credit in tx.session.execute(query):
            parts = (credit or {}).get("parts", ())
            states = (("", state), *((part["id"], part["state"]) for part in parts))
            # There are few different ones, and thousands of gradings.
            found[number] = _shared.setdefault(states, dict(states))
    return found
