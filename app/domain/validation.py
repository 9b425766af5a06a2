"""What pydantic finds wrong with data from outside, as sentences for people, each with its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.errors import Problem

# Pydantic's words are for programmers; these are the mistakes that authors make.
_PLAIN: Mapping[str, str] = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such property.",
    "string_type": "A text belongs here.",
    "dict_type": "A map (`name: value`) belongs here.",
    "model_type": "A map (`name: value`) belongs here.",
    "model_attributes_type": "A map (`name: value`) belongs here.",
    "list_type": "A list belongs here.",
    "tuple_type": "A list belongs here.",
    "bool_type": "true or false belongs here.",
    "bool_parsing": "true or false belongs here.",
    "int_type": "A whole number belongs here.",
    "int_parsing": "A whole number belongs here.",
    "int_from_float": "A whole number belongs here.",
    "float_type": "A number belongs here.",
    "float_parsing": "A number belongs here.",
    "literal_error": "One of {expected} belongs here.",
    "string_pattern_mismatch": "This may not be written so; it has to match {pattern}.",
    "too_short": "At least {min_length} belongs here.",
    "too_long": "At most {max_length} belong here.",
    "greater_than_equal": "This is at least {ge}.",
    "less_than_equal": "This is at most {le}.",
    "greater_than": "This is more than {gt}.",
    "less_than": "This is less than {lt}.",
}


def problems_of(error: ValidationError, path: str = "") -> list[Problem]:
    """Every complaint with its path below `path`."""
    return [Problem(_sentence(detail), _dotted([path] if path else [], detail["loc"])) for detail in details_of(error)]


def details_of(error: ValidationError) -> list[ErrorDetails]:
    """What pydantic says, but not that a list is too short when it only has entries that are wrong themselves."""
    details = error.errors(include_url=False)
    return [one for one in details if one["type"] != "too_short" or not _long_enough(one)]


def _long_enough(detail: ErrorDetails) -> bool:
    given = detail["input"]
    return isinstance(given, Sized) and len(given) >= int(detail.get("ctx", {}).get("min_length", 0))


def _sentence(detail: Mapping[str, Any]) -> str:
    plain = _PLAIN.get(detail["type"])
    if plain is not None:
        return plain.format_map(detail.get("ctx") or {})
    message = str(detail["msg"]).removeprefix("Value error, ")
    return message if message.endswith((".", "!", "?", ")")) else f"{message}."


def _dotted(lead: Iterable[str], steps: Iterable[int | str]) -> str:
    return ".".join([*lead, *map(str, steps)])
