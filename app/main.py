"""The composition root: the only place that builds the parts of a running Gradus and puts them together."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.api.problems import problem_response
from app.api.v1.routes import router as api_router
from app.domain.errors import Conflict, GradusError, InvalidInput, NotAllowed, NotFound, Unavailable
from app.jobs.duties import all_duties
from app.jobs.runner import Runner, run_forever
from app.sandbox import Sandbox, SandboxFailure
from app.services import bank, demo
from app.services.bank import BankReport
from app.services.demo import DemoReport
from app.services.doorkeeper import Doorkeeper
from app.services.saving import Saving
from app.services.signing_in import TooSoon
from app.services.transactions import Transactions
from app.settings import PREFIX, Settings, read_settings, secret_key
from app.storage.engine import check_workers, open_database
from app.storage.save_lane import SaveLane
from app.storage.schema import upgrade
from app.web.assets import Assets
from app.web.edge import BodyLimit, CalmFailure, SecurityHeaders
from app.web.problems import problem_page
from app.web.routes import router as web_router
from app.web.templating import Templates
from app.web.visitors import SignInNeeded
from app.web.wording import Wording

log = logging.getLogger(__name__)

OPENAPI = "/api/v1/openapi.json"
M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
BROKEN = "Something broke on our side. It has been noted; what was saved before is safe."


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, in the terms of HTTP."""

    status: int
    says: str
    place: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def create_app(settings: Settings) -> FastAPI:
    """Gradus as an ASGI application. The database is opened, and duties begin, when it starts."""
    check_workers(settings.database_url, settings.workers)
    app = FastAPI(
        title="Gradus",
        version=version("gradus"),
        summary="Auto-graded exams and quizzes: what programs may ask for.",
        openapi_url=OPENAPI,
        docs_url=None,  # they would fetch scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.assets = Assets()
    app.state.templates = Templates(app.state.assets, Wording())
    app.include_router(api_router)
    app.include_router(web_router)
    for error in (GradusError, HTTPException, RequestValidationError):
        app.add_exception_handler(error, _handle)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, most=settings.max_body_bytes)
    app.add_middleware(CalmFailure, sorry=lambda request: _answer(request, Trouble(500, BROKEN)))
    app.add_middleware(SecurityHeaders, tls=settings.public_url.startswith("https://"))
    return app


class Parts:
    """The parts of a running Gradus. Commands that serve nobody build them too."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.secret = secret_key(settings)
        self.database = open_database(settings.database_url)
        upgrade(self.database, settings.migrations_path)
        self.transactions = Transactions(self.database)
        self.doorkeeper = Doorkeeper()
        self.sandbox = Sandbox(
            grading_workers=settings.grading_workers,
            seconds=settings.sandbox_seconds,
            memory_bytes=settings.sandbox_memory_mib << 20,
        )
        duties = all_duties(self.transactions, self.sandbox, settings)
        self.runner = Runner(self.transactions, duties, threads=settings.grading_workers + 1)

    def close(self) -> None:
        """Finish what is being done and close everything."""
        self.runner.stop()
        self.sandbox.close()
        self.database.close()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts = Parts(app.state.settings)
    lane = SaveLane(parts.transactions, parts.settings.grace_seconds)
    app.state.transactions = parts.transactions
    app.state.doorkeeper = parts.doorkeeper
    app.state.sandbox = parts.sandbox
    app.state.secret = parts.secret
    app.state.saving = Saving(lane)
    app.state.wake = parts.runner.wake
    parts.runner.start()
    try:
        yield
    finally:
        lane.close()
        parts.close()


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


def _handle(request: Request, error: Exception) -> Response:
    if isinstance(error, SignInNeeded):
        if _for_programs(request):
            return _answer(request, Trouble(401, str(error)))
        back = f"/?next={quote(request.url.path)}" if request.method == "GET" else "/"
        return RedirectResponse(back, 303)
    return _answer(request, _trouble(error))


def _answer(request: Request, trouble: Trouble) -> Response:
    if _for_programs(request):
        title = HTTPStatus(trouble.status).phrase
        answer: Response = problem_response(trouble.status, title, trouble.says, trouble.place)
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


def from_environment() -> FastAPI:
    """The application with the settings of the environment; what every web process starts."""
    _return_freed_memory()
    return create_app(read_settings())


def _return_freed_memory() -> None:
    # A password hash takes 19 MiB. Left to itself, glibc soon keeps such a block for every thread that has ever
    # hashed: 40 people signing in at once left 550 MiB behind, with a fixed threshold 98.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # not every C library has it
        mallopt(M_MMAP_THRESHOLD, 1 << 20)


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    import uvicorn

    # Refused here, before a process is started for each worker.
    check_workers(settings.database_url, settings.workers)
    environment = {name: str(value) for name, value in settings.model_dump(mode="json", exclude_defaults=True).items()}
    os.environ.update({f"{PREFIX}{name.upper()}": value for name, value in environment.items()})
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level=settings.log_level,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def migrate(settings: Settings) -> str:
    """Bring the database to the newest schema; the number it then has."""
    with closing(open_database(settings.database_url)) as database:
        return upgrade(database, settings.migrations_path)


def set_up_demo(settings: Settings) -> tuple[DemoReport, BankReport]:
    """Bring the database up to date, load the bank, and set up the demo course."""
    with closing(Parts(settings)) as parts:
        with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
            loaded = bank.load_bank(reading, writing, parts.sandbox, settings.bank_path)
        with parts.transactions.writing() as writing:
            report = demo.set_up_demo(writing, parts.doorkeeper, settings.var_path / "demo-accounts.json")
    return report, loaded


def work(settings: Settings) -> None:
    """Fulfil duties, beside the web processes, until told to stop."""
    with closing(Parts(settings)) as parts:
        run_forever(parts.runner)
