"""What a browser asks to be saved, and what it is told in return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Conflict, NotAllowed
from app.domain.values import Json

FLAG = "@flag"
"""The field of every question that holds its flag; no field of a question can have this name."""
SURVEY = "@survey"
"""Beside frozen answers: the fields of a survey in which something was said; what was said is kept elsewhere."""


class TooLate(NotAllowed):
    """The time for the attempt, grace included, is over."""


class HandedIn(Conflict):
    """The attempt has been handed in."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one question (position from 1); counts iff nothing newer is stored.

    `base`: the stored revision that it rests on, which is the newest that its page knew of (None: the page does not
    say). `age`: how many milliseconds before it was sent it was typed, where its page knows for sure; `about`: as much
    by the date of the device. `page`: the page in which it was typed, where another one sends it.
    """

    item: int
    field: str
    revision: int
    value: Json
    base: int | None = None
    age: int | None = None
    about: int | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One save: numbered by the device, so that sending it again changes nothing.

    A device is one page that was loaded; what stands before the first "-" of its name is the tab it was loaded in.
    `typed_after`: what the server had last told the page when the oldest of this was typed; `seen`: now.
    """

    attempt_id: str
    device: str
    seq: int
    fields: tuple[FieldChange, ...]
    typed_after: datetime | None = None
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedField:
    """What is stored now. `stale`: something newer was there, and is given here; the change did not count.

    `left`: it did not count because the question had been left for good. `conflict`: what is given was typed on
    another page, and the change is not known to be newer; a person decides.
    """

    item: int
    field: str
    stale: bool
    revision: int
    value: Json
    left: bool = False
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """On disk. `duplicate`: it already was. `elsewhere`: what has been stored in the same questions since `seen`."""

    received_at: datetime
    duplicate: bool
    fields: tuple[SavedField, ...]
    elsewhere: tuple[SavedField, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """On disk, but too late to count by itself: the staff decides. `duplicate`: it already was."""

    received_at: datetime
    duplicate: bool
