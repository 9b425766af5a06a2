"""What goes wrong, in the terms of HTTP: a page for people, a problem for programs, one sentence for both."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.api.problems import problem_response
from app.domain.errors import Conflict, GradusError, InvalidInput, NotAllowed, NotFound, QuestionError, Unavailable
from app.sandbox import SandboxFailure
from app.services.accounts.signing_in import TooSoon
from app.web.problems import problem_page
from app.web.visitors import SignInNeeded
from app.web.wording import told

log = logging.getLogger(__name__)

BROKEN = "Something broke on our side. It has been noted; what was saved before is safe."


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, in the terms of HTTP."""

    status: int
    says: str
    place: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def handle(request: Request, error: Exception) -> Response:
    """The answer to a request that failed with an error of ours, or with one of the framework."""
    if isinstance(error, SignInNeeded):
        if _for_programs(request):
            return _answer(request, Trouble(401, str(error)))
        back = f"/?next={quote(request.url.path)}" if request.method == "GET" else "/"
        return RedirectResponse(back, 303)
    return _answer(request, _trouble(error))


def sorry(request: Request) -> Response:
    """The answer to a request that failed with an error that nobody foresaw."""
    return _answer(request, Trouble(500, BROKEN))


def _trouble(error: Exception) -> Trouble:
    match error:
        case TooSoon():
            return Trouble(429, str(error), headers={"Retry-After": str(error.seconds)})
        case NotFound():
            return Trouble(404, str(error))
        case NotAllowed():
            return Trouble(403, str(error))
        case Conflict():
            return Trouble(409, str(error))
        case InvalidInput():
            return Trouble(422, str(error), error.place)
        case QuestionError():
            return Trouble(422, str(error), error.problems[0].path if error.problems else "")
        case Unavailable() | SandboxFailure():
            log.warning("%s", error)
            return Trouble(503, str(error), headers={"Retry-After": "5"})
        case RequestValidationError():
            return _invalid_request(error)
        case HTTPException():
            return Trouble(error.status_code, _sentence(error), headers=dict(error.headers or {}))
        case _:
            log.error("no status for %r", error)
            return Trouble(500, str(error) if isinstance(error, GradusError) else BROKEN)


def _invalid_request(error: RequestValidationError) -> Trouble:
    first = error.errors()[0]
    where, *rest = [str(piece) for piece in first["loc"]]
    if where == "path":
        return Trouble(404, "There is no page at this address.")
    # Pydantic's sentence quotes no input; what was sent is never sent back.
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    return Trouble(422, f"{'.'.join(rest) or where}: {message}.", ".".join(rest))


def _sentence(error: HTTPException) -> str:
    sentences = {
        400: "The request cannot be understood.",
        404: "There is no page at this address.",
        405: "This address does not take such a request.",
        413: "The request is too large.",
    }
    return sentences.get(error.status_code) or str(error.detail)


def _answer(request: Request, trouble: Trouble) -> Response:
    if _for_programs(request):
        title = HTTPStatus(trouble.status).phrase
        # Programs are always answered in English; our own scripts show what they are told.
        says = trouble.says if request.url.path.startswith("/api/") else told(trouble.says)
        answer: Response = problem_response(trouble.status, title, says, trouble.place)
    else:
        answer = problem_page(request, trouble.status, trouble.says)
    answer.headers.update(trouble.headers)
    return answer


def _for_programs(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return (
        request.url.path.startswith("/api/")
        or "json" in request.headers.get("content-type", "")
        or ("json" in accept and "text/html" not in accept)
    )
