"""One's own paper: questions and answers as one prints or keeps them."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.results.adjusted_marks import adjusted_marks
from app.services.sitting.own_papers import own_paper
from app.web.members import Sitting
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.wording import language_now

router = Routes(prefix="/attempts/{attempt_id}")


@router.get("/paper")
def paper_page(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """What was asked and answered, with points where marks are released."""
    paper, course, person = own_paper(tx, visitor.person.id, attempt_id, language_now())
    return html_page(
        request,
        "results/paper.html",
        visitor=visitor,
        paper=paper,
        course_title=course,
        person=person,
        adjusted_mark=adjusted_marks(tx, visitor.person.id, [paper.quiz_id]).get(paper.quiz_id),
    )
