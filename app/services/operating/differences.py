"""What was changed, in brief: of some settings only those that differ, as they were and as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

MOST, LONGEST = 8, 60
SECRET = frozenset({"access_code"})
"""Settings of which is told only that they were changed."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Details for the audit: `before` and `after`, with all that differs by its name; empty where nothing does."""
    old, new = dict(_flat(before)), dict(_flat(after))
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if not names:
        return {}
    return {"before": _told(names, old), "after": _told(names, new)}


def _flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        path = above + name.replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path} / ")
        elif isinstance(value, list | tuple):
            yield from _flat({str(number): one for number, one in enumerate(value, 1)}, f"{path} / ")
        else:
            yield path, _secret(value) if name in SECRET else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(str(value).split()) if value is not None else ""
    return text or "–"


def _secret(value: Any) -> str:
    # Two of them must differ, and neither is told.
    return f"*{value}" if value else "–"


def _told(names: list[str], settings: Mapping[str, str]) -> str:
    said = []
    for name in names[:MOST]:
        text = settings.get(name, "–")
        hidden = text.startswith("*") and name.rpartition(" / ")[2].replace(" ", "_") in SECRET
        short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        said.append(f"{name}: {'***' if hidden else short}")
    return "; ".join([*said, "…"] if len(names) > MOST else said)
