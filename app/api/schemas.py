"""What every operation is made of: strict input, exact output, and the kinds of values in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from app.domain.errors import InvalidInput

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
POINTS = r"^(\d{1,6}(\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5})$"
TEXT = r"^[^\x00]*$"
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


class Given(BaseModel):
    """What a program sends: nothing is guessed or converted, and nothing unknown is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


def shown(*examples: dict[str, Any]) -> ConfigDict:
    """Examples of a whole input for the description of the API."""
    return ConfigDict(json_schema_extra={"examples": list(examples)})


class Told(BaseModel):
    """What a program gets."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True, from_attributes=True)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError("A time is written like 2026-11-20T14:30:00+01:00, with its time zone.")
    try:
        moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("There is no such time.") from None
    if not EARLIEST <= moment < LATEST:
        raise ValueError("A time lies in the years 1970 to 2999.")
    return moment


def _points(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str) or not re.fullmatch(POINTS, value):
        raise ValueError("Points are written like 3, 2.5 or 1/3.")
    return Fraction(value)


def _whole(value: Any) -> Any:
    # 60.0 is a whole number to JSON; to Python it is not.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _line(value: Any) -> Any:
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("This text holds half a character (a lone surrogate).")
    return value


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(_utc, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-20T14:30:00Z"]}),
]
"""A moment with its time zone; told in UTC."""

Points = Annotated[
    Fraction,
    BeforeValidator(_points),
    WithJsonSchema({"type": "string", "pattern": POINTS, "examples": ["3", "2.5", "1/3"]}),
]
"""Points as a program gives them."""

Exact = Annotated[
    Fraction,
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(/\d+)?$", "examples": ["3", "5/2"]}),
]
"""Points as a program is told them: exact."""

Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number; its bounds stand in the model."""

Line = Annotated[str, BeforeValidator(_line), Field(pattern=TEXT)]
"""A text that can be stored."""

PublicId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Login = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\s\x00-\x1f\x7f/]+$")]


def person_login(login: str) -> str:
    """A login from an address.

    Raises:
        InvalidInput: it holds what no login can.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in login):
        raise InvalidInput("This is no login.", "login")
    return login
