"""Times as the clocks of a course show them: typed without a zone, stored in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import InvalidInput

TYPED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def typed(moment: datetime | None, zone: str) -> str:
    """A moment as a form shows it: the clock of the zone, to the minute (2026-11-20T14:00)."""
    return "" if moment is None else moment.astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M")


def moment_from(text: str, zone: str, place: str, stored: datetime | None = None) -> datetime | None:
    """The moment that a form means; nothing for an empty field. What is still as stored stays exactly that.

    Raises:
        InvalidInput: this is no date and time, or the clocks never show it, or show it twice; `place` names the field.
    """
    text = text.strip().replace(" ", "T")
    if not text:
        return None
    if stored is not None and text == typed(stored, zone):
        return stored
    try:
        if not TYPED.fullmatch(text):
            raise ValueError
        clock = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("This is no date with a time, such as 2026-11-20 14:00.", place) from None
    if not 1970 <= clock.year <= 9000:
        raise InvalidInput("This year cannot be meant.", place)
    rules = zone_of(zone)
    early, late = (clock.replace(tzinfo=rules, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    day, hour = f"{clock:%d %B %Y}".lstrip("0"), f"{clock:%H:%M}"
    if early.astimezone(UTC).astimezone(rules).replace(tzinfo=None) != clock:
        # In the gap, the two readings lie on its two sides; the first one, read back, is the clock after it.
        after = early.astimezone(UTC).astimezone(rules)
        raise InvalidInput(
            f"On {day} the clocks of {zone} skip {hour}; they show {after:%H:%M} then. Choose another time.", place
        )
    raise InvalidInput(
        f"On {day} the clocks of {zone} show {hour} twice. Choose a time before or after that hour.", place
    )
