"""Queries about question versions and the folders they were made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from app.storage import bank_index
from app.storage.tables import PersonRow, QuestionSource, QuestionVersion
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the history of a question; without `origin` where nobody kept it."""

    id: int
    number: int
    title: str
    points: Fraction
    created_at: datetime
    origin: str | None
    author: str | None
    note: str
    package_hash: str
    variant_hash: str
    observe_hash: str
    rubric_hash: str


def newest(tx: Transaction, question: str) -> QuestionVersion | None:
    """The newest version of a question."""
    return tx.session.scalar(
        select(QuestionVersion)
        .where(QuestionVersion.question == question)
        .order_by(QuestionVersion.number.desc())
        .limit(1)
    )


def newest_outline(tx: Transaction, question: str) -> VersionLine | None:
    """The newest version of a question, without its package."""
    found = history(tx, question, limit=1)
    return found[0] if found else None


def newest_hashes(tx: Transaction) -> dict[str, tuple[int, str]]:
    """Of every question the number and the package hash of its newest version."""
    last = (
        select(QuestionVersion.question, func.max(QuestionVersion.number).label("number"))
        .group_by(QuestionVersion.question)
        .subquery()
    )
    rows = tx.session.execute(
        select(QuestionVersion.question, QuestionVersion.number, QuestionVersion.package_hash).join(
            last,
            (last.c.question == QuestionVersion.question) & (last.c.number == QuestionVersion.number),
        )
    )
    return {row.question: (row.number, row.package_hash) for row in rows}


def numbers_by_hash(tx: Transaction) -> dict[str, dict[str, int]]:
    """Of every question the package hashes of all its versions, with their numbers."""
    found: dict[str, dict[str, int]] = {}
    rows = tx.session.execute(
        select(QuestionVersion.question, QuestionVersion.package_hash, QuestionVersion.number).order_by(
            QuestionVersion.number
        )
    )
    for row in rows:
        found.setdefault(row.question, {})[row.package_hash] = row.number
    return found


def add_version(
    tx: Transaction,
    *,
    question: str,
    number: int,
    title: str,
    points: Fraction,
    package: dict[str, Any],
    package_hash: str,
    hashes: dict[str, str],
) -> int | None:
    """Store a version and let the bank's index know; its row, or None when somebody else stored this number first."""
    statement = tx.upsert(QuestionVersion).values(
        question=question,
        number=number,
        title=title,
        points=points,
        points_real=float(points),
        package=package,
        package_hash=package_hash,
        variant_hash=hashes["variant_hash"],
        observe_hash=hashes["observe_hash"],
        rubric_hash=hashes["rubric_hash"],
        created_at=tx.now(),
    )
    added = statement.on_conflict_do_nothing(index_elements=["question", "number"]).returning(QuestionVersion.id)
    version_id = tx.session.execute(added).scalar()
    if version_id is not None:
        bank_index.refresh(tx, version_id, question, number, title, points, package)
    return version_id


def reindex(tx: Transaction, version_id: int) -> None:
    """Let the bank's index know about a version that was stored before there was an index."""
    row = tx.session.get_one(QuestionVersion, version_id)
    bank_index.refresh(tx, row.id, row.question, row.number, row.title, row.points, row.package)


def add_source(
    tx: Transaction, version_id: int, folder: dict[str, Any], origin: str, author_id: int | None, note: str
) -> None:
    """Keep the folder of a version, and who brought it."""
    row = QuestionSource(question_version_id=version_id, folder=folder, origin=origin, author_id=author_id, note=note)
    tx.session.add(row)
    tx.session.flush()


def source(tx: Transaction, version_id: int) -> dict[str, Any] | None:
    """The folder a version was made from, as JSON; None where nobody kept it."""
    return tx.session.scalar(select(QuestionSource.folder).where(QuestionSource.question_version_id == version_id))


def version_id(tx: Transaction, question: str, number: int) -> int | None:
    """The row of one version of a question."""
    return tx.session.scalar(
        select(QuestionVersion.id).where(QuestionVersion.question == question, QuestionVersion.number == number)
    )


def history(tx: Transaction, question: str, limit: int | None = None) -> list[VersionLine]:
    """The versions of a question, the newest first."""
    rows = tx.session.execute(
        select(
            QuestionVersion.id,
            QuestionVersion.number,
            QuestionVersion.title,
            QuestionVersion.points,
            QuestionVersion.created_at,
            QuestionSource.origin,
            PersonRow.name,
            func.coalesce(QuestionSource.note, ""),
            QuestionVersion.package_hash,
            QuestionVersion.variant_hash,
            QuestionVersion.observe_hash,
            QuestionVersion.rubric_hash,
        )
        .outerjoin(QuestionSource, QuestionSource.question_version_id == QuestionVersion.id)
        .outerjoin(PersonRow, PersonRow.id == QuestionSource.author_id)
        .where(QuestionVersion.question == question)
        .order_by(QuestionVersion.number.desc())
        .limit(limit)
    )
    return [VersionLine(*tuple(row)) for row in rows]


def number(tx: Transaction, version_id: int) -> int:
    """The number of a version among those of its question."""
    return tx.session.execute(select(QuestionVersion.number).where(QuestionVersion.id == version_id)).scalar_one()


def package(tx: Transaction, version_id: int) -> dict[str, Any]:
    """The package of one version."""
    found: dict[str, Any] = tx.session.execute(
        select(QuestionVersion.package).where(QuestionVersion.id == version_id)
    ).scalar_one()
    return found
