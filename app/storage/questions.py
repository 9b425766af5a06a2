"""Queries about question versions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from app.storage.tables import QuestionVersion
from app.storage.transaction import Transaction


def newest(tx: Transaction, question: str) -> QuestionVersion | None:
    """The newest version of a question."""
    return tx.session.scalar(
        select(QuestionVersion)
        .where(QuestionVersion.question == question)
        .order_by(QuestionVersion.number.desc())
        .limit(1)
    )


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
) -> bool:
    """Store a version; False when somebody else stored this number first."""
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
    return tx.session.execute(added).scalar() is not None


def package(tx: Transaction, version_id: int) -> dict[str, Any]:
    """The package of one version."""
    found: dict[str, Any] = tx.session.execute(
        select(QuestionVersion.package).where(QuestionVersion.id == version_id)
    ).scalar_one()
    return found
