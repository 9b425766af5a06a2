"""Whether Gradus is well, and which version it is."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from pydantic import BaseModel

from app.api.callers import Anyone
from app.api.problems import RESPONSES
from app.routing.routes import Routes

router = Routes(tags=["health"], responses=RESPONSES)


class Health(BaseModel):
    """The state of this installation."""

    status: Literal["ok"] = "ok"
    version: str


@router.get("/health", operation_id="health", dependencies=[Anyone])
def health() -> Health:
    """Answers as long as requests are served."""
    return Health(version=version("gradus"))
