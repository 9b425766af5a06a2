"""Which tab of which browser an attempt is sat in: the one whose page saved last, and when another one takes over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from app.storage import sitting_events
from app.storage.tables import Attempt, Save, SittingEvent
from app.storage.transaction import Transaction

NO_TAB = frozenset({"form", "api", "file"})
"""What saves by forms without scripts, by programs and from answer files have in place of a tab."""

STILL_OPEN = timedelta(minutes=2)
"""A page that saved so recently is taken to be open still."""

AT_MOST_EVERY = timedelta(minutes=1)
"""So often an attempt that is sat in two tabs at once is written down."""


def tab_of(device: str) -> str:
    """The tab in which the page of that name was loaded; empty where there is none."""
    tab, found, _ = device.partition("-")
    return tab if found and tab not in NO_TAB else ""


def follow(tx: Transaction, known: Mapping[int, tuple[int, str]], saved: Sequence[tuple[int, str, datetime]]) -> None:
    """Note the tabs of saves just written: (attempt, device, moment). `known`: quiz and last tab of the attempts.

    "another page" is written where a second tab saves while the first is open.
    """
    now: dict[int, str] = {}
    for attempt, device, at in saved:
        tab = tab_of(device)
        quiz, last = known[attempt]
        last = now.get(attempt, last)
        if not tab or tab == last:
            continue
        now[attempt] = tab
        if last and _saved_since(tx, attempt, last, at - STILL_OPEN) and not _told_since(tx, attempt, at):
            event = SittingEvent(quiz_id=quiz, attempt_id=attempt, kind="another page", text="", details=None, at=at)
            sitting_events.add(tx, event)
    changed = [{"key": key, "tab": tab} for key, tab in now.items() if tab != known[key][1]]
    if changed:
        statement = update(Attempt.__table__).where(Attempt.__table__.c.id == bindparam("key"))  # type: ignore[arg-type]
        tx.session.connection().execute(statement.values(page=bindparam("tab")), changed)


def _saved_since(tx: Transaction, attempt: int, tab: str, since: datetime) -> bool:
    mine = Save.device.startswith(f"{tab}-", autoescape=True)
    newest = tx.session.scalar(select(func.max(Save.received_at)).where(Save.attempt_id == attempt, mine))
    return newest is not None and newest >= since


def _told_since(tx: Transaction, attempt: int, at: datetime) -> bool:
    query = select(SittingEvent.id).where(SittingEvent.attempt_id == attempt, SittingEvent.kind == "another page")
    return tx.session.scalar(query.where(SittingEvent.at > at - AT_MOST_EVERY).limit(1)) is not None
