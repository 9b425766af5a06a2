"""The kinds of columns: exact points, UTC times, bounded integers, documents; the same on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

MOST = 2**31 - 1
"""The largest integer of any bounded column: what PostgreSQL's INTEGER holds."""


class UtcTime(TypeDecorator[datetime]):
    """A moment. Naive datetimes are refused, all others kept and returned in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A stored time needs a time zone, {value!r} has none.")
        moment = value.astimezone(UTC)
        # SQLite has no time zones: UTC is the only one that may come near it.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactPoints(TypeDecorator[Fraction]):
    """Points as 'n/d' text; beside it stands a REAL for sorting."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return f"{value.numerator}/{value.denominator}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else _points(value)


@lru_cache(4096)
def _points(text: str) -> Fraction:
    # Reading one takes longer than the rest of its row, and there are few different ones.
    return Fraction(text)


Id = BigInteger().with_variant(Integer(), "sqlite")
Document = JSON(none_as_null=True)


def bounded(name: str, low: int = 0, high: int = MOST) -> CheckConstraint:
    """The same bounds on both engines: SQLite's integers hold 64 bits, PostgreSQL's 32."""
    return CheckConstraint(f"{name} BETWEEN {low} AND {high}", name=f"{name}_bounded")


def one_of(name: str, *words: str) -> CheckConstraint:
    """A column that holds one of a few words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


class Row(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime,
        Fraction: ExactPoints,
        dict[str, Any]: Document,
        list[Any]: Document,
    }
