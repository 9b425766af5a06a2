"""How far a question of an attempt is, remembered by what stands in it, so that it is read once and not at every page.

A page shows one question and the states of all. Reading the answers of the others again, which have not changed, was
two thirds of the work of a page; of them only the state is kept here, never an answer.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock
from typing import Any

from app.domain.values import Json
from app.services.bank.translations import asked_in
from app.services.operating.transactions import Transaction
from app.services.sitting.exam_pages import PartView, Status, part_view, status_of
from app.storage import attempts
from app.storage.changes import FLAG

MOST_REMEMBERED = 32_768
"""About 20 MiB when full: a thousand students with thirty questions each."""

Key = tuple[str, int, str, bytes]


@dataclass(frozen=True, slots=True)
class ItemState:
    """A question with what stands in it: title, the language of its texts, status, and fields answered of all."""

    title: str
    language: str
    status: Status
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class Holding:
    """A question of an attempt and what stands in its fields."""

    place: attempts.Place
    values: Mapping[str, Json]


_known: OrderedDict[Key, ItemState] = OrderedDict()
_one_at_a_time = Lock()


def states_of(tx: Transaction, questions: Sequence[Holding], language: str) -> list[ItemState]:
    """The states of these questions in that language. Texts are loaded only where something is new."""
    keys = [_key(one, language) for one in questions]
    with _one_at_a_time:
        found = {key: _known[key] for key in keys if key in _known}
    new = {key: one for key, one in zip(keys, questions, strict=True) if key not in found}
    rendered = attempts.rendered(tx, {one.place.variant_id for one in new.values()}) if new else {}
    for key, one in new.items():
        shown, spoken = asked_in(rendered[one.place.variant_id], language)
        values = {name: (value, 0) for name, value in one.values.items()}
        parts = [part_view(part, Fraction(1), values) for part in shown["parts"]]
        found[key] = _state(shown["title"], spoken, parts)
    with _one_at_a_time:
        for key in keys:
            _known[key] = found[key]
            _known.move_to_end(key)
        while len(_known) > MOST_REMEMBERED:
            _known.popitem(last=False)
    return [found[key] for key in keys]


def forget() -> None:
    """Remember nothing any more: for a process that goes on with another database, as tests do."""
    with _one_at_a_time:
        _known.clear()


def _state(title: str, language: str, parts: Iterable[PartView]) -> ItemState:
    return ItemState(title, language, *status_of(tuple(parts)))


def _key(one: Holding, language: str) -> Key:
    # A variant is what its hash and seed say, in whichever database, and what stands in it decides the rest.
    values: list[Any] = sorted((name, value) for name, value in one.values.items() if name != FLAG)
    content = json.dumps(values, separators=(",", ":")).encode()
    return one.place.variant_hash, one.place.seed, language, hashlib.sha256(content).digest()
