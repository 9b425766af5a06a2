"""Saving: what a browser posts becomes a change, the lane writes it, the browser hears what is on disk."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable

from app.domain.errors import GradusError, InvalidInput, Unavailable
from app.domain.raw_answers import LONGEST_TEXT, MOST_CELLS, TooManyCells, leaves
from app.domain.values import Json
from app.services.sitting.stamps import read_stamp
from app.storage.changes import (
    FLAG,
    Change,
    FieldChange,
    HandedIn,
    Kept,
    Saved,
    SavedField,
    TooLate,
)
from app.storage.save_lane import SaveLane
from app.storage.tables.columns import MOST

__all__ = [
    "FLAG",
    "Change",
    "FieldChange",
    "HandedIn",
    "Kept",
    "Saved",
    "SavedField",
    "Saving",
    "TooLate",
    "read_change",
]

NAME = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
FIELD = re.compile(r"^(@flag|[A-Za-z][A-Za-z0-9_-]{0,99})$")
MOST_CHANGES = 500
KEPT = "The time is over. What you have just sent is kept for your instructor, who decides whether it counts."
DEEPEST = 4


class Saving:
    """Saves for the async edge: awaiting costs no thread. `told` hears what became of each."""

    def __init__(self, lane: SaveLane, told: Callable[[str], None] = lambda result: None) -> None:
        self._lane = lane
        self._told = told

    async def save(self, change: Change) -> Saved | Kept:
        """Wait until the change is on disk, or, where it comes too late to count, kept for the staff.

        Raises:
            TooLate, HandedIn, NotFound, Conflict, InvalidInput: refused, and why.
            Unavailable: could not be written; the same save may be sent again.
        """
        try:
            saved = await asyncio.wrap_future(self._lane.submit(change))
        except GradusError as error:
            self._told("not stored" if isinstance(error, Unavailable) else "refused")
            raise
        self._told("duplicate" if saved.duplicate else "kept" if isinstance(saved, Kept) else "saved")
        return saved


def read_change(attempt_id: str, data: Json, secret: bytes | None = None) -> Change:
    """A posted save: {"device", "seq", "changes": [{"item", "field", "revision", "value"}]}.

    A change may say how it came about (`FieldChange`): "base", "age" or "about", "page". With stamps, which `secret`
    opens: "stamp" is the one held when the oldest of it was typed, "seen" the newest.

    Raises:
        InvalidInput: something in it cannot be stored; `place` names it.
    """
    if not isinstance(data, dict):
        raise InvalidInput("A save is an object with device, seq and changes.")
    device, changes = data.get("device"), data.get("changes")
    if not isinstance(device, str) or not NAME.match(device):
        raise InvalidInput("A device is 1 to 64 letters, digits, “-” and “_”.", place="device")
    if not isinstance(changes, list) or not 1 <= len(changes) <= MOST_CHANGES:
        raise InvalidInput(f"A save holds 1 to {MOST_CHANGES} changes.", place="changes")
    seq = _whole(data.get("seq"), "seq", 0)
    fields = tuple(_field(entry, f"changes[{i}]") for i, entry in enumerate(changes))
    if secret is None:
        return Change(attempt_id, device, seq, fields)
    after, seen = (read_stamp(secret, attempt_id, data.get(name)) for name in ("stamp", "seen"))
    return Change(attempt_id, device, seq, fields, after, seen)


def _field(entry: Json, place: str) -> FieldChange:
    if not isinstance(entry, dict):
        raise InvalidInput("A change is an object with item, field, revision and value.", place=place)
    field, value = entry.get("field"), entry.get("value")
    if not isinstance(field, str) or not FIELD.match(field):
        raise InvalidInput("This is no name of a field.", place=f"{place}.field")
    if field == FLAG and not isinstance(value, bool):
        raise InvalidInput("A flag is true or false.", place=f"{place}.value")
    check_value(value, f"{place}.value")
    item = _whole(entry.get("item"), f"{place}.item", 1)
    revision = _whole(entry.get("revision"), f"{place}.revision", 1)
    base, age, about = (
        None if entry.get(name) is None else _whole(entry[name], f"{place}.{name}", 0)
        for name in ("base", "age", "about")
    )
    page = entry.get("page") or ""
    if not isinstance(page, str) or (page and not NAME.match(page)):
        raise InvalidInput("A device is 1 to 64 letters, digits, “-” and “_”.", place=f"{place}.page")
    return FieldChange(item, field, revision, value, base, age, about, page)


def _whole(value: Json, place: str, low: int) -> int:
    # True is an int to Python, and 2**40 one that PostgreSQL's column does not hold.
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= MOST:
        raise InvalidInput(f"This is a whole number from {low} to {MOST}.", place=place)
    return value


def check_value(value: Json, place: str) -> None:
    """Let one raw answer pass that can be stored.

    Raises:
        InvalidInput: it cannot; the sentence says why.
    """
    try:
        for one in leaves(value, DEEPEST):
            if isinstance(one, str):
                _check_text(one, place)
            elif isinstance(one, float) and not math.isfinite(one):
                raise InvalidInput("An answer is no infinite or undefined number; type it as text.", place=place)
            elif isinstance(one, int) and abs(one) > MOST:
                raise InvalidInput("A number this large is sent as text.", place=place)
            elif isinstance(one, (list, dict)):
                raise InvalidInput("An answer is text, a number, or lists of these.", place=place)
    except TooManyCells:
        raise InvalidInput(f"An answer has at most {MOST_CELLS} cells.", place=place) from None


def _check_text(text: str, place: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"An answer has at most {LONGEST_TEXT} characters.", place=place)
    if "\x00" in text:
        raise InvalidInput("This text holds a character that cannot be stored (NUL).", place=place)
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise InvalidInput("This text holds half a character (a lone surrogate).", place=place)
