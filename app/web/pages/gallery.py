"""All drawings of a quiz for its staff, those that are published for everybody in the course, and its surveys."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.marking import awarding, gallery, held_back
from app.services.operating.transactions import Transaction
from app.services.sitting import surveys
from app.web.members import Instructor, Member, Staff
from app.web.pages.drawn_pages import Handle, Sha256, page_answer
from app.web.paths import FieldId, Position, PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}")
POINTS, SEEN = "points.", "seen."


@router.get("/drawings")
def drawings_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Every drawing that was handed in, with what it may be used for and what it is worth."""
    words = {
        "published": _("The drawing is in the gallery now."),
        "hidden": _("The drawing is no longer in the gallery."),
        "awarded": _("The points are stored."),
    }
    notice = ("calm", words[done]) if done in words else None
    return _drawings(request, tx, visitor, membership, quiz_id, notice)


def _drawings(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: str,
    notice: tuple[str, str] | None,
    status: int = 200,
) -> Response:
    return html_page(
        request,
        "gallery/drawings.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        quiz=gallery.drawings(tx, membership.course_id, quiz_id),
        held=held_back.held_back(tx, membership, quiz_id),
        notice=notice,
    )


@router.post("/results/{attempt_id}/drawings/{position}/{field}/showing")
def show(
    tx: Writing,
    membership: Instructor,
    quiz_id: PublicId,
    attempt_id: PublicId,
    position: Position,
    field: FieldId,
    form: OwnForm,
) -> Response:
    """Put a drawing into the gallery of the course, or take it out."""
    shown = form.get("shown") == "true"
    gallery.publish(tx, membership, quiz_id, attempt_id, position, field, shown=shown)
    return _back(membership, quiz_id, "published" if shown else "hidden")


@router.post("/results/{attempt_id}/drawings/{position}/{field}/award")
def award(
    request: Request,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    attempt_id: PublicId,
    position: Position,
    field: FieldId,
    form: OwnForm,
) -> Response:
    """Decide what a drawing is worth."""
    points = {name: value for name, value in _named(form, POINTS).items() if value}
    place, wake = (attempt_id, position, field), request.app.state.wake
    try:
        with request.app.state.transactions.writing() as tx:
            awarding.award(tx, membership, quiz_id, *place, points, wake, _named(form, SEEN))
    except (InvalidInput, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        with request.app.state.transactions.reading() as tx:
            return _drawings(request, tx, visitor, membership, quiz_id, ("wrong", told(str(error))), status)
    return _back(membership, quiz_id, "awarded")


def _named(form: OwnForm, kind: str) -> dict[str, str]:
    return {name.removeprefix(kind): str(value) for name, value in form.multi_items() if name.startswith(kind)}


def _back(membership: Staff, quiz_id: str, done: str) -> Response:
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/drawings?done={done}", 303)


@router.get("/gallery")
def gallery_page(request: Request, tx: Reading, visitor: SignedIn, membership: Member, quiz_id: PublicId) -> Response:
    """What has been published, for everybody in the course."""
    title, shown = gallery.gallery(tx, membership.course_id, quiz_id)
    return html_page(
        request,
        "gallery/gallery.html",
        visitor=visitor,
        membership=membership,
        quiz_id=quiz_id,
        title=title,
        drawings=shown,
    )


@router.get("/gallery/{handle}/{sha256}")
def gallery_image(tx: Reading, membership: Member, quiz_id: PublicId, handle: Handle, sha256: Sha256) -> Response:
    """A page of a published drawing."""
    answer = page_answer(gallery.page_for_everybody(tx, membership.course_id, quiz_id, handle, sha256))
    answer.headers["Cache-Control"] = "private, no-cache"  # it may be taken back at any time
    return answer


@router.get("/survey")
def survey_page(request: Request, tx: Reading, visitor: SignedIn, membership: Staff, quiz_id: PublicId) -> Response:
    """What was said in parts that are not graded, by nobody in particular."""
    return html_page(
        request,
        "gallery/survey.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        survey=surveys.survey(tx, membership.course_id, quiz_id),
        fewest=surveys.FEWEST,
    )
