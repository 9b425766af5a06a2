"""What an attempt earned, and why."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.marking import gallery, mark_history, requests
from app.services.marking.mark_history import MarkChange
from app.services.results import results
from app.services.results.adjusted_marks import adjusted_marks
from app.services.sitting import practising, submissions
from app.web.left_over import left_over
from app.web.members import Sitting
from app.web.paths import PublicId
from app.web.wording import language_now

router = Routes(prefix="/attempts/{attempt_id}")


@router.get("/result")
def result_page(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """Points, reasons, mistakes and the worked solution of this very variant; or when they will be there."""
    if practising.is_practice(tx, visitor.person.id, attempt_id):
        return RedirectResponse(f"/attempts/{attempt_id}/practice", 303)
    if submissions.goes_on(tx, visitor.person.id, attempt_id):
        return RedirectResponse(f"/attempts/{attempt_id}", 303)
    kept = results.withheld(tx, visitor.person.id, attempt_id, language_now())
    if kept is not None:
        waiting: Response = request.app.state.templates.page(
            request,
            "results/withheld.html",
            visitor=visitor,
            result=kept,
            left_over=left_over(request, visitor, attempt_id),
        )
        return waiting
    result = results.result(tx, visitor.person.id, attempt_id, language_now())
    may_ask, asked = requests.standing(tx, visitor.person.id, attempt_id)
    page: Response = request.app.state.templates.page(
        request,
        "results/result.html",
        visitor=visitor,
        result=result,
        left_over=left_over(request, visitor, attempt_id),
        consents=gallery.consents(tx, visitor.person.id, attempt_id),
        gallery=gallery.gallery_of(tx, visitor.person.id, attempt_id),
        changes=by_part(mark_history.history(tx, visitor.person.id, attempt_id)),
        may_ask=may_ask,
        asked_about=asked,
        has_asked=bool(asked),
        adjusted_mark=adjusted_marks(tx, visitor.person.id, [result.quiz_id]).get(result.quiz_id),
    )
    return page


def by_part(changes: Iterable[MarkChange]) -> dict[tuple[int, str], list[MarkChange]]:
    """The changes of marks by question and part."""
    found: dict[tuple[int, str], list[MarkChange]] = {}
    for change in changes:
        found.setdefault((change.position, change.part), []).append(change)
    return found


@router.get("/grading")
def grading_state(tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """How far grading is, for a page that waits."""
    # How far grading is says something about the answers, so that waits for the release, too.
    kept = results.withheld(tx, visitor.person.id, attempt_id)
    state = "withheld" if kept is not None else results.result(tx, visitor.person.id, attempt_id).state
    return JSONResponse({"state": state}, headers={"Cache-Control": "no-store"})
