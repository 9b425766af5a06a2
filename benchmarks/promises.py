"""Whether a database holds what its server has promised: everything acknowledged, once, and nothing broken."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, and_, func, select, text

from app.services.marking.grading import ungraded_of, ungraded_papers
from app.storage.engine import open_database
from app.storage.tables import (
    Answer,
    Attempt,
    AttemptItem,
    Grading,
    Observation,
    Row,
    Save,
    Submission,
    SubmissionItem,
)
from app.storage.transaction import Transaction, Transactions

Place = tuple[str, int, str]
"""An attempt, a question of it, a field."""


@dataclass(slots=True)
class Acknowledged:
    """What was promised: saves by attempt and number, the last value of every field, papers handed in."""

    saves: dict[tuple[str, int], list[Any]] = field(default_factory=dict)
    last: dict[Place, str] = field(default_factory=dict)
    handed_in: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Iterable[dict[str, Any]]) -> Acknowledged:
        """From the list, in its order."""
        found = cls()
        for one in entries:
            if "handed_in" in one:
                found.handed_in.add(one["attempt"])
            else:
                seq = one["seq"]
                found.saves[one["attempt"], seq] = [[one["item"], one["field"], seq, one["value"]]]
                found.last[one["attempt"], one["item"], one["field"]] = one["value"]
        return found


def wait_until_graded(url: str, seconds: float) -> bool:
    """Whether all is graded by then."""
    until = time.monotonic() + seconds
    with closing(open_database(url)) as database:
        transactions = Transactions(database)
        while True:
            with transactions.reading() as tx:
                if not ungraded_papers(tx, 1):
                    return True
            if time.monotonic() >= until:
                return False
            time.sleep(0.1)


def judge(url: str, promised: Acknowledged) -> Counter[str]:
    """What is wrong, by what it is; everything is named, also where there is none of it."""
    found: Counter[str] = Counter()
    with closing(open_database(url)) as database, Transactions(database).reading() as tx:
        _saves(tx, promised, found)
        _papers(tx, promised, found)
        found["troubles of the database"] = len(_integrity(tx, database.is_sqlite))
    return found


def _saves(tx: Transaction, promised: Acknowledged, found: Counter[str]) -> None:
    query = select(Attempt.public_id, Save.seq, Save.changes).join(Attempt, Attempt.id == Save.attempt_id)
    stored: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for attempt, seq, changes in tx.session.execute(query):
        stored[attempt, seq].append(changes)
    found["acknowledged saves lost"] = sum(changes not in stored[key] for key, changes in promised.saves.items())
    found["saves stored twice"] = sum(len(rows) - 1 for rows in stored.values() if len(rows) > 1)
    found["saves that nobody sent"] = len({key for key, rows in stored.items() if rows} - set(promised.saves))
    answers = (
        select(Attempt.public_id, AttemptItem.position, Answer.field, Answer.value)
        .join(AttemptItem, AttemptItem.id == Answer.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    )
    present = {(row[0], row[1], row[2]): row[3] for row in tx.session.execute(answers)}
    found["answers that are not the last"] = sum(present.get(place) != value for place, value in promised.last.items())


def _papers(tx: Transaction, promised: Acknowledged, found: Counter[str]) -> None:
    query = (
        select(Attempt.public_id, AttemptItem.position, SubmissionItem.answers_frozen)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
    )
    frozen = {(row[0], row[1]): row[2] for row in tx.session.execute(query)}
    papers = {attempt for attempt, _ in frozen}
    found["acknowledged papers lost"] = len(promised.handed_in - papers)
    found["answers missing in papers"] = sum(
        frozen[attempt, item].get(name) != value
        for (attempt, item, name), value in promised.last.items()
        if attempt in papers
    )
    found["papers twice"] = _more_than_one(tx, Submission, Submission.attempt_id)
    found["questions of papers twice"] = _more_than_one(tx, SubmissionItem, SubmissionItem.attempt_item_id)
    found["questions graded twice"] = _more_than_one(tx, Grading, Grading.submission_item_id)
    found["questions looked at twice"] = _more_than_one(tx, Observation, Observation.submission_item_id)
    counting = select(func.count(SubmissionItem.id)).where(SubmissionItem.current_grading_id.is_(None))
    found["questions not graded"] = tx.session.scalar(counting) or 0
    found["questions that a kill left to a person"] = 0
    failed = select(Observation.cause, func.count()).where(Observation.facts.is_(None)).group_by(Observation.cause)
    for cause, count in tx.session.execute(failed):
        found[f"questions that a kill left to a person: {cause}"] = count


def _more_than_one(tx: Transaction, row: type[Any], column: Any) -> int:
    twice = select(column).group_by(column).having(func.count() > 1).subquery()
    return tx.session.scalar(select(func.count()).select_from(twice)) or 0


def _integrity(tx: Transaction, is_sqlite: bool) -> list[str]:
    """What the engine, or its rows, say about themselves."""
    if is_sqlite:
        said = [str(row[0]) for row in tx.session.execute(text("PRAGMA integrity_check"))]
        broken = [str(row) for row in tx.session.execute(text("PRAGMA foreign_key_check"))]
        return [one for one in said if one != "ok"] + broken
    found = []
    for table in Row.metadata.tables.values():
        found += _orphans(tx, table)
        # Read once by its pages and once by its key: an index that misses rows would show.
        counts = set()
        for scan in ("off", "on"):
            tx.session.execute(text(f"SET LOCAL enable_seqscan = {scan}"))
            counts.add(tx.session.scalar(select(func.count()).select_from(table)))
        if len(counts) > 1:
            found.append(f"{table.name}: {counts}")
    return found


def _orphans(tx: Transaction, table: Table) -> list[str]:
    found = []
    for key in table.foreign_key_constraints:
        other = key.referred_table.alias()
        pairs = [(element.parent, other.c[element.column.name]) for element in key.elements]
        query = (
            select(func.count())
            .select_from(table.outerjoin(other, and_(*(mine == theirs for mine, theirs in pairs))))
            .where(*(mine.is_not(None) for mine, _ in pairs), pairs[0][1].is_(None))
        )
        if count := tx.session.scalar(query):
            found.append(f"{table.name}: {count} rows without their {key.referred_table.name}")
    return found


def not_graded(tx: Transaction) -> int:
    """How many questions of what was handed in wait for the machine."""
    return sum(len(ungraded_of(tx, paper)) for paper in ungraded_papers(tx, 1_000_000))
