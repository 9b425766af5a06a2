"""The rules of a gradebook: what weighs what, and which total earns which grade."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.domain.letter_grades import PRESETS, Letters
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.results import gradebook, letter_grades
from app.web.forms import text_of
from app.web.grade_forms import GradeForm, letters_form, read_letters, read_rules, revision_of, rules_form
from app.web.members import Instructor
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/gradebook")
Done = Annotated[str, Query(max_length=20)]


@router.get("/rules")
def rules_page(request: Request, tx: Reading, visitor: SignedIn, membership: Instructor, done: Done = "") -> Response:
    """What weighs what, and what happens to what was not taken."""
    rules, revision = gradebook.rules_of_course(tx, membership.course_id)
    form = rules_form(rules, gradebook.quiz_names(tx, membership.course_id, rules), revision)
    return _rules_page(request, tx, visitor, membership, form, notice=_stored(done))


@router.post("/rules")
def change_rules(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Store other rules."""
    old, _revision = gradebook.rules_of_course(reading, membership.course_id)
    made, rules = read_rules(form, old, gradebook.quiz_names(reading, membership.course_id, old))
    notice = None
    status = 422
    if rules is not None:
        try:
            gradebook.change_rules(writing, membership, rules, revision_of(form))
            return RedirectResponse(f"/courses/{membership.course}/gradebook/rules?done=stored", 303)
        except InvalidInput as error:
            made.says["group.0.weight"] = told(str(error))
        except Conflict as error:
            notice, status = ("wrong", told(str(error))), 409
    return _rules_page(request, reading, visitor, membership, made, notice=notice, status=status)


def _rules_page(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    form: GradeForm,
    *,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    rules, _revision = gradebook.rules_of_course(tx, membership.course_id)
    return html_page(
        request,
        "gradebook/rules.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        form=form,
        quizzes=gradebook.quiz_names(tx, membership.course_id, rules),
        notice=notice,
    )


@router.get("/grades")
def grades_page(request: Request, tx: Reading, visitor: SignedIn, membership: Instructor, done: Done = "") -> Response:
    """Which total earns which grade, beside how the totals are spread."""
    rules, revision = gradebook.rules_of_course(tx, membership.course_id)
    form = letters_form(rules.letters, rules.letters_shown, revision)
    return _grades_page(request, tx, visitor, membership, form, rules.letters, notice=_stored(done))


@router.post("/grades")
def change_grades(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Count again by other borders (`act` is preview), begin with a known scheme (preset), or store (save)."""
    act = text_of(form, "act", 20)
    made, letters = read_letters(form)
    if act == "preset":
        chosen = PRESETS.get(text_of(form, "preset", 20))
        made = letters_form(chosen, bool(made["shown"]), max(revision_of(form), 0))
        return _grades_page(request, reading, visitor, membership, made, chosen)
    notice = None
    status = 422 if made.says else 200
    if not made.says and act == "save":
        try:
            letter_grades.change_letters(writing, membership, letters, bool(made["shown"]), revision_of(form))
            return RedirectResponse(f"/courses/{membership.course}/gradebook/grades?done=stored", 303)
        except Conflict as error:
            notice, status = ("wrong", told(str(error))), 409
    elif not made.says:
        made = letters_form(letters, bool(made["shown"]), max(revision_of(form), 0))
    return _grades_page(request, reading, visitor, membership, made, letters, notice=notice, status=status)


def _grades_page(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    form: GradeForm,
    letters: Letters | None,
    *,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    book = gradebook.gradebook(tx, membership.course_id)
    return html_page(
        request,
        "gradebook/grades.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        form=form,
        letters=letters,
        spread=letter_grades.spread(book, letters),
        moved=letter_grades.moved(book, letters),
        saved=book.rules.letters == letters,
        notice=notice,
    )


def _stored(done: str) -> tuple[str, str] | None:
    return ("calm", _("Stored. The gradebook counts by these rules from now on.")) if done == "stored" else None
