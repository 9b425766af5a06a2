"""Choosing the language of the pages: kept on this device, and for the person."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from app.routing.routes import Routes
from app.routing.transactions import Writing
from app.services.accounts import people
from app.web.forms import text_of
from app.web.members import Anyone
from app.web.speaking import known_language, own_path, remember_language
from app.web.visitors import AnyForm, MaybeVisitor

router = Routes()


@router.post("/language", dependencies=[Anyone])
def choose_language(request: Request, tx: Writing, visitor: MaybeVisitor, form: AnyForm) -> Response:
    """Show everything in that language from now on, beginning with the page where it was chosen."""
    answer = RedirectResponse(own_path(text_of(form, "next")), 303)
    language = known_language(request, text_of(form, "language"))
    if language:
        remember_language(request, answer, language, at_the_door=visitor is None)
        if visitor is not None:
            people.choose_language(tx, visitor.person.id, language)
    return answer


async def speak_from_now_on(request: Request, answer: Response, person_id: int, language: str) -> None:
    """Choose a language by a button of a form that has saved something else."""
    remember_language(request, answer, language)

    def store() -> None:
        with request.app.state.transactions.writing() as tx:
            people.choose_language(tx, person_id, language)

    await run_in_threadpool(store)
