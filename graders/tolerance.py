"""The tolerance of a field, as authors write it: a structure or a short text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from graders.equality.numbers import Tolerance

EXAMPLES = ("auto", "exact", "0.001", "1%", "3 significant", "2 decimals")
_FORMS = "`auto`, `exact`, `0.001` (absolute), `1%` (relative), `3 significant` or `2 decimals`"
_SHORT = re.compile(r"([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?)\s*(%|significant|decimals)?")
_KINDS = {None: "absolute", "%": "relative", "significant": "digits", "decimals": "decimals"}


def tolerance(data: Any) -> Any:
    """What an author wrote, as the structure it stands for; structures pass.

    Raises:
        ValueError: a text that is no tolerance.
    """
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        data = repr(data)
    if not isinstance(data, str):
        return data
    if data.strip() in ("auto", "exact"):
        return {"kind": data.strip()}
    match = _SHORT.fullmatch(data.strip())
    if match is None:
        raise ValueError(f"“{data}” is no tolerance; write {_FORMS}.")
    value = Fraction(match.group(1))
    kind = _KINDS[match.group(2)]
    if kind == "relative":
        value /= 100
    return {"kind": kind, "amount": value}


ToleranceOption = Annotated[
    Tolerance,
    BeforeValidator(tolerance, json_schema_input_type=str),
    Field(description=f"How far a right number may be off: {_FORMS}.", examples=list(EXAMPLES)),
]
