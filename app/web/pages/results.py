"""What an attempt earned, and why."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.services import results
from app.web.members import Sitting
from app.web.paths import PublicId
from app.web.transactions import Reading

router = APIRouter(prefix="/attempts/{attempt_id}")


@router.get("/result")
def result_page(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """Points, reasons, mistakes and the worked solution of this very variant."""
    result = results.result(tx, visitor.person.id, attempt_id)
    page: Response = request.app.state.templates.page(request, "results/result.html", visitor=visitor, result=result)
    return page


@router.get("/state")
def state(tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """How far grading is, for a page that waits."""
    found = results.result(tx, visitor.person.id, attempt_id)
    return JSONResponse({"state": found.state}, headers={"Cache-Control": "no-store"})
