"""What went wrong, for programs: application/problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse


class Problem(BaseModel):
    """One clear sentence (`detail`), and the `place` in the request it is about."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str
    place: str = ""


# What every operation may answer, for the OpenAPI description.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "The request cannot be carried out.",
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    },
}


def problem_response(status: int, title: str, detail: str, place: str = "") -> JSONResponse:
    """The answer for programs."""
    problem = Problem(title=title, status=status, detail=detail, place=place)
    return JSONResponse(problem.model_dump(), status, media_type="application/problem+json")
