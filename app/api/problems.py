"""What went wrong, for programs: application/problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

LONGEST_PLACE = 300
MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """One clear sentence (`detail`), and the `place` in the request it is about."""

    type: str = Field("about:blank")
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field(examples=["minutes: Input should be less than or equal to 100000."])
    place: str = Field("", examples=["minutes"])


def _told(description: str, status: int | None = None, **more: Any) -> dict[str, Any]:
    schema = Problem.model_json_schema(mode="serialization")
    if status is not None:
        schema["properties"]["status"] = {"type": "integer", "const": status}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}, **more}


_CHALLENGE = {"WWW-Authenticate": {"description": "What is missing.", "schema": {"type": "string"}}}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}

# What every operation may answer, for the OpenAPI description.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": _told("The request cannot be carried out."),
    "5XX": _told("The server cannot do this; nothing was changed. Trying again may succeed.", headers=_RETRY),
}
PROTECTED: dict[int | str, dict[str, Any]] = {
    401: _told("There is no token, or it opens nothing (any more).", 401, headers=_CHALLENGE),
    403: _told("The token lacks a scope, or its person may not do this, or not now.", 403),
    404: _told("There is no such thing, or not for the token's person.", 404),
    **RESPONSES,
}


def problem_response(status: int, title: str, detail: str, place: str = "") -> JSONResponse:
    """The answer for programs. Names of fields come from outside: what no answer can hold is replaced."""
    problem = Problem(title=title, status=status, detail=_sendable(detail), place=_sendable(place)[:LONGEST_PLACE])
    return JSONResponse(problem.model_dump(), status, media_type=MEDIA_TYPE)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
