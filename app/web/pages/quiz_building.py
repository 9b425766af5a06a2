"""Building a quiz: its rules and places in one form, and its way from draft to published."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput, NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes import quiz_building, quiz_questions
from app.services.quizzes.quiz_building import QuizPlan
from app.services.quizzes.releases import Hides, Shown
from app.services.sitting import attempts
from app.web.members import Instructor, Staff
from app.web.paths import PublicId
from app.web.quiz_forms import TypedQuiz, act, blank, from_form, from_plan, places_from, rules_from, sections_from
from app.web.quiz_modes import propose
from app.web.quiz_pools import pools_of
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/quizzes")
Done = Annotated[str, Query(max_length=20)]


def done_words(done: str) -> tuple[str, str] | None:
    """What to say after something was done."""
    words = {
        "created": _("The quiz is stored as a draft. Students see it once it is published."),
        "saved": _("Saved."),
        "published": _("The quiz is published."),
        "draft": _("The quiz is a draft again; students no longer see it."),
        "released": _("Students see their marks and the solutions now."),
        "shown": _("Students see this now."),
        "deleted": _("The draft is deleted."),
    }
    return ("calm", words[done]) if done in words else None


@router.get("/new")
def new_page(request: Request, tx: Reading, visitor: SignedIn, membership: Instructor) -> Response:
    """An empty quiz."""
    made = blank()
    propose(made)
    return _page(request, tx, visitor, membership, made, None)


@router.post("/new")
def create(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Store a new draft, or do what a button of the form says."""
    made = from_form(form, None, membership.time_zone)
    if _text(form, "act") not in ("", "publish"):
        return _act(request, reading, visitor, membership, made, None, form)
    rules, places = rules_from(made, None, membership.time_zone), places_from(made)
    sections = sections_from(made)
    if not made.complaints:
        try:
            quiz_id = quiz_building.create(writing, membership.course_id, visitor.person, rules, places, sections)
        except InvalidInput as error:
            made.refuse(error)
        else:
            return _after(form, membership, quiz_id, "created")
    return _page(request, reading, visitor, membership, made, None, status=422)


@router.get("/{quiz_id}")
def build_page(
    request: Request, tx: Reading, visitor: SignedIn, membership: Instructor, quiz_id: PublicId, done: Done = ""
) -> Response:
    """A quiz with everything that can be changed in it."""
    plan = quiz_building.quiz_plan(tx, membership.course_id, quiz_id)
    typed = from_plan(plan, membership.time_zone)
    return _page(request, tx, visitor, membership, typed, plan, notice=done_words(done))


@router.post("/{quiz_id}")
def change(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Store a quiz, or do what a button of the form says."""
    plan = quiz_building.quiz_plan(reading, membership.course_id, quiz_id)
    made = from_form(form, plan, membership.time_zone)
    if _text(form, "act") not in ("", "publish"):
        return _act(request, reading, visitor, membership, made, plan, form)
    rules = rules_from(made, plan, membership.time_zone)
    places = places_from(made) if plan.state == "draft" else None
    notice, status = None, 422
    if not made.complaints:
        try:
            quiz_building.change(
                writing,
                membership.course_id,
                quiz_id,
                visitor.person,
                rules,
                places,
                made.revision,
                sections_from(made),
                hide=bool(_text(form, "hide")),
            )
        except InvalidInput as error:
            made.refuse(error)
            made.hides = isinstance(error, Hides)
        except NotAllowed as error:
            notice = ("wrong", told(str(error)))
        except Conflict as error:
            says = _("What you typed is still here. Saving again replaces what was stored in the meantime.")
            notice, status, made.revision = ("wrong", f"{told(str(error))} {says}"), 409, plan.revision
        else:
            return _after(form, membership, quiz_id, "saved")
    return _page(request, reading, visitor, membership, made, plan, status=status, notice=notice)


@router.get("/{quiz_id}/publish")
def publish_page(
    request: Request, tx: Reading, visitor: SignedIn, membership: Instructor, quiz_id: PublicId
) -> Response:
    """What publishing means for this very quiz, or what keeps it from being published."""
    plan = quiz_building.quiz_plan(tx, membership.course_id, quiz_id)
    return _publish_page(request, visitor, membership, plan, ())


@router.post("/{quiz_id}/publish")
@takes_long
def publish(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Publish a draft."""
    plan = quiz_building.quiz_plan(reading, membership.course_id, quiz_id)
    revision = _text(form, "revision")
    seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else None
    try:
        if not plan.troubles:
            quiz_building.examine(reading, request.app.state.sandbox, membership.course_id, quiz_id)
        quiz_building.publish(writing, membership.course_id, quiz_id, visitor.person, seen)
    except (InvalidInput, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        shown = () if str(error) == " ".join(plan.troubles) else (told(str(error)),)
        return _publish_page(request, visitor, membership, plan, shown, status=status)
    # The variants of everybody's first attempt are made ahead.
    writing.afterwards(request.app.state.wake)
    return _to(membership, quiz_id, "published")


@router.post("/{quiz_id}/draft")
def back_to_draft(
    writing: Writing, visitor: SignedIn, membership: Instructor, quiz_id: PublicId, _form: OwnForm
) -> Response:
    """Take a quiz away from students."""
    quiz_building.back_to_draft(writing, membership.course_id, quiz_id, visitor.person)
    return _to(membership, quiz_id, "draft")


@router.post("/{quiz_id}/release")
def release(writing: Writing, visitor: SignedIn, membership: Instructor, quiz_id: PublicId, form: OwnForm) -> Response:
    """Let students see their marks, or feedback, or solutions (`what`); `back` names the page that asked."""
    asked = _text(form, "what")
    what: Shown = "feedback" if asked == "feedback" else "solutions" if asked == "solutions" else "marks"
    seen = quiz_building.release(writing, membership.course_id, quiz_id, visitor.person, what)
    page = "/results" if _text(form, "back") == "results" else ""
    return _to(membership, quiz_id, "released" if seen.together else "shown", page)


@router.post("/{quiz_id}/delete")
def delete(writing: Writing, visitor: SignedIn, membership: Instructor, quiz_id: PublicId, _form: OwnForm) -> Response:
    """Delete a draft."""
    quiz_building.remove(writing, membership.course_id, quiz_id, visitor.person)
    return RedirectResponse(f"/courses/{membership.course}?done=deleted", 303)


@router.post("/{quiz_id}/preview")
@takes_long
def preview(
    request: Request, reading: Reading, writing: Writing, membership: Staff, quiz_id: PublicId, _form: OwnForm
) -> Response:
    """Sit the quiz as a student would, at any time."""
    attempt_id = attempts.preview(reading, writing, request.app.state.sandbox, membership, quiz_id)
    return RedirectResponse(f"/attempts/{attempt_id}", 303)


def _act(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    made: TypedQuiz,
    plan: QuizPlan | None,
    form: FormData,
) -> Response:
    what = _text(form, "act")
    verb, _colon, name = what.partition(":")
    if verb == "propose":
        propose(made)
    act(made, what, form, quiz_questions.questions_by_name(tx, [name]) if verb == "add" else ())
    search = _text(form, "search")[:200]
    found = quiz_questions.find_questions(tx, search) if verb in ("find", "add") else None
    return _page(request, tx, visitor, membership, made, plan, search=search, found=found)


def _page(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    made: TypedQuiz,
    plan: QuizPlan | None,
    *,
    status: int = 200,
    **context: Any,
) -> Response:
    pools = pools_of(tx, made, plan)
    return html_page(
        request,
        "quizzes/build.html",
        status=status,
        **{"notice": None, "search": "", "found": None}
        | context
        | {
            "visitor": visitor,
            "here": "/courses",
            "membership": membership,
            "quiz": made,
            "pools": pools,
            "plan": plan,
            "fixed": plan is not None and plan.state == "published",
            "begun": plan is not None and plan.state == "published" and plan.attempts > 0,
            "tags": quiz_questions.tags(tx),
            "questions": sum(pool.take for pool in pools),
            "zone": zone_of(membership.time_zone),
        },
    )


def _publish_page(
    request: Request,
    visitor: SignedIn,
    membership: Membership,
    plan: QuizPlan,
    troubles: tuple[str, ...],
    status: int = 200,
) -> Response:
    return html_page(
        request,
        "quizzes/publish.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        plan=plan,
        troubles=(*plan.troubles, *troubles),
        zone=zone_of(membership.time_zone),
    )


def _after(form: FormData, membership: Membership, quiz_id: str, done: str) -> Response:
    if _text(form, "act") == "publish":
        return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/publish", 303)
    return _to(membership, quiz_id, done)


def _to(membership: Membership, quiz_id: str, done: str, page: str = "") -> Response:
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}{page}?done={done}", 303)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
