"""The composition root: the only place that builds the parts of a running Gradus and puts them together."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route

from app.api.v1 import bank as api_bank
from app.api.v1.routes import router as api_router
from app.api.writes import Replay, replayed
from app.domain.errors import GradusError
from app.jobs.duties import all_duties
from app.jobs.measured import told_at
from app.jobs.runner import Runner, run_forever
from app.process.memory import collect_rarely, return_freed_memory
from app.routing.turns import Turns
from app.sandbox import Sandbox
from app.services.accounts import accounts, passwords
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, Person
from app.services.accounts.throttling import throttle_for
from app.services.bank import bank
from app.services.bank.bank import BankReport
from app.services.marking.replay import Replay as Replayed
from app.services.marking.replay import replay
from app.services.operating import backups, demo
from app.services.operating.backups import Backup
from app.services.operating.conditions import Readiness
from app.services.operating.demo import DemoReport
from app.services.operating.log_lines import write_logs
from app.services.operating.measures import SHARED, Measures, exposition_of
from app.services.operating.transactions import Transaction, Transactions
from app.services.sitting.drawn_pages import Uploads
from app.services.sitting.saving import Saving
from app.services.sitting.sightings import Sightings
from app.settings import PREFIX, Settings, networks_of, read_settings, secret_key
from app.storage.engine import check_workers, open_database
from app.storage.save_lane import SaveLane
from app.storage.schema import refuse_outdated, upgrade
from app.troubles import handle, sorry
from app.web.assets import Assets
from app.web.connections import allow_many_connections
from app.web.edge import BodyLimit, CalmFailure, SecurityHeaders
from app.web.hub import Hub
from app.web.leaving import told_at_leaving
from app.web.pages import bank_transfer, drawn_pages
from app.web.proxies import Proxies
from app.web.routes import router as web_router
from app.web.speaking import Speaking
from app.web.templating import Templates
from app.web.watching import Watched
from app.web.wording import Wording

log = logging.getLogger(__name__)

OPENAPI = "/api/v1/openapi.json"
PATIENCE_SECONDS = 0.0005
"""So long a thread of a web process computes while another one waits. A save asks for the interpreter a dozen times,
after every statement: with Python's own 0.005 it stands behind each page that is being written, and each time anew."""


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
    wording = Wording()
    app.state.templates = Templates(app.state.assets, wording)
    app.state.measures = Measures()
    routes = [*api_router.built(), *web_router.built()]
    # Looked through one after the other. Those of an exam come first: they are asked for by everybody at once.
    app.router.routes.extend(sorted(routes, key=lambda route: not _of_an_attempt(route)))
    for error in (GradusError, HTTPException, RequestValidationError):
        app.add_exception_handler(error, handle)
    app.add_exception_handler(Replay, replayed)
    # The last one added is the outermost.
    archive = max(settings.max_body_bytes, bank_transfer.LARGEST_BODY)
    larger = {bank_transfer.ADDRESS: archive, api_bank.IMPORT: archive}
    drawn = max(settings.max_body_bytes, drawn_pages.LARGEST_BODY)
    patterns = [(drawn_pages.ADDRESSES, drawn)]
    app.add_middleware(BodyLimit, most=settings.max_body_bytes, larger=larger, patterns=patterns)
    app.add_middleware(CalmFailure, sorry=sorry)
    app.add_middleware(Speaking, wording=wording)
    app.add_middleware(SecurityHeaders, tls=settings.public_url.startswith("https://"))
    app.add_middleware(Watched, measures=app.state.measures)
    app.add_middleware(Proxies, trusted=networks_of(settings.trusted_proxies))
    return app


def _of_an_attempt(route: BaseRoute) -> bool:
    return isinstance(route, Route) and route.path.startswith("/attempts/")


class Parts:
    """The parts of a running Gradus. Commands that serve nobody build them too."""

    def __init__(self, settings: Settings, measures: Measures | None = None) -> None:
        measures = measures or Measures()
        self.settings = settings
        self.secret = secret_key(settings)
        self.database = open_database(settings.database_url)
        upgrade(self.database, settings.migrations_path)
        self.transactions = Transactions(self.database)
        self.doorkeeper = Doorkeeper(throttle=throttle_for(self.transactions))
        self.sandbox = Sandbox(
            grading_workers=settings.grading_workers,
            seconds=settings.sandbox_seconds,
            memory_bytes=settings.sandbox_memory_mib << 20,
            told=measures.sandbox_failure,
        )
        duties = all_duties(self.transactions, self.sandbox, settings)
        self.runner = Runner(self.transactions, duties, threads=settings.grading_workers + 1, told=measures.duty)

    def close(self) -> None:
        """Finish what is being done and close everything."""
        self.runner.stop()
        self.sandbox.close()
        self.database.close()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts = Parts(app.state.settings, app.state.measures)
    _index_bank(parts)
    lane = SaveLane(parts.transactions, parts.settings.grace_seconds)
    app.state.transactions = parts.transactions
    app.state.turns = Turns()
    app.state.doorkeeper = parts.doorkeeper
    app.state.sandbox = parts.sandbox
    app.state.secret = parts.secret
    app.state.saving = Saving(lane, app.state.measures.save)
    app.state.sightings = Sightings(parts.transactions)
    app.state.uploads = Uploads(parts.transactions, parts.sandbox)
    app.state.readiness = Readiness(
        parts.transactions,
        parts.sandbox,
        migrations_path=parts.settings.migrations_path,
        var_path=parts.settings.var_path,
        min_free_bytes=parts.settings.min_free_mib << 20,
        grace_seconds=parts.settings.grace_seconds,
    )
    app.state.wake = parts.runner.wake
    app.state.hub = hub = Hub(parts.transactions)
    parts.runner.start()
    hub.start()
    try:
        with told_at_leaving(hub.close_streams):
            yield
    finally:
        await hub.stop()
        lane.close()
        parts.close()


def _index_bank(parts: Parts) -> None:
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        added = bank.index_bank(reading, writing)
    if added:
        log.info("put %s questions into the bank's index", added)


def from_environment() -> FastAPI:
    """The application with the settings of the environment; what every web process starts."""
    return_freed_memory()
    allow_many_connections()
    settings = read_settings()
    write_logs(settings.log_format, settings.log_level)
    sys.setswitchinterval(PATIENCE_SECONDS)
    app = create_app(settings)
    collect_rarely()
    gc.enable()  # until now nothing was collected (`cli.serve`)
    return app


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    import uvicorn

    # Refused here, before a process is started for each worker.
    check_workers(settings.database_url, settings.workers)
    environment = {name: str(value) for name, value in settings.model_dump(mode="json", exclude_defaults=True).items()}
    os.environ.update({f"{PREFIX}{name.upper()}": value for name, value in environment.items()})
    write_logs(settings.log_format, settings.log_level)
    if settings.workers > 1:
        _measure_together(settings.var_path / "measures")
        gc.enable()  # here nothing more is loaded; each worker loads for itself
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        access_log=False,  # requests are logged by `web.watching`, without addresses
        proxy_headers=False,  # and proxies believed by `web.proxies`
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def _measure_together(folder: Path) -> None:
    # The web processes write their numbers into files here, so that any of them can tell all.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED] = str(folder.resolve())


def migrate(settings: Settings) -> str:
    """Bring the database to the newest schema; the number it then has."""
    with closing(open_database(settings.database_url)) as database:
        return upgrade(database, settings.migrations_path)


def back_up(settings: Settings, target: Path) -> Backup:
    """Write a backup of the database and the secret key, while others may be using them."""
    secret_key(settings)
    with closing(open_database(settings.database_url)) as database:
        return backups.back_up(database, settings.secret_path, target)


def restore(settings: Settings, source: Path, *, force: bool) -> tuple[Backup, str]:
    """Put a backup back and bring it up to date; what it was, and the migration it is at now."""
    with closing(open_database(settings.database_url)) as database:
        found = backups.restore(database, settings.migrations_path, settings.secret_path, source, force=force)
    return found, migrate(settings)


def set_up_demo(settings: Settings) -> tuple[DemoReport, BankReport]:
    """Bring the database up to date, load the bank, and set up the demo course."""
    with closing(Parts(settings)) as parts:
        with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
            loaded = bank.load_bank(reading, writing, parts.sandbox, settings.bank_path)
        with parts.transactions.writing() as writing:
            report = demo.set_up_demo(writing, parts.doorkeeper, settings.var_path / "demo-accounts.json")
    return report, loaded


@contextmanager
def _writing(settings: Settings) -> Iterator[Transaction]:
    """One transaction at the database, brought up to date."""
    with closing(open_database(settings.database_url)) as database:
        upgrade(database, settings.migrations_path)
        with Transactions(database).writing() as tx:
            yield tx


def welcome_link(settings: Settings) -> str | None:
    """Where the first administrator comes in; None as soon as there is one."""
    with _writing(settings) as tx:
        path = accounts.welcome_path(tx, secret_key(settings))
    return None if path is None else _site(settings) + path


def create_administrator(settings: Settings, new: NewPerson) -> Person:
    """Make an administrator with a password."""
    with _writing(settings) as tx:
        return accounts.create_administrator(tx, Doorkeeper(), new)


def password_link(settings: Settings, login: str) -> str:
    """A link by which somebody sets a new password."""
    with _writing(settings) as tx:
        return _site(settings) + passwords.link_from_the_machine(tx, login)


def _site(settings: Settings) -> str:
    # Where it listens everywhere, people sitting at the machine reach it by this name.
    host = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return settings.public_url or f"http://{host}:{settings.port}"


def load_bank(settings: Settings, path: Path | None = None) -> BankReport:
    """Bring the database up to date and load a bank folder (the installed one) into it."""
    with (
        closing(Parts(settings)) as parts,
        parts.transactions.reading() as reading,
        parts.transactions.writing() as writing,
    ):
        return bank.load_bank(reading, writing, parts.sandbox, path or settings.bank_path)


def replay_marks(settings: Settings, *, every: bool = False) -> Replayed:
    """Make every grading that counts (or `every` one there is) once more, with the graders of today, and compare."""
    # Whoever only looks must not migrate on the way.
    with closing(open_database(settings.database_url)) as database:
        refuse_outdated(database, settings.migrations_path)
    with closing(Parts(settings)) as parts:
        return replay(parts.transactions, parts.sandbox, every=every)


def work(settings: Settings) -> None:
    """Fulfil duties, beside the web processes, until told to stop."""
    write_logs(settings.log_format, settings.log_level)
    measures = Measures()
    with closing(Parts(settings, measures)) as parts, ExitStack() as meanwhile:
        if settings.metrics_port:
            told = partial(exposition_of, measures, parts.transactions, settings.grace_seconds, settings.var_path)
            meanwhile.enter_context(told_at(settings.host, settings.metrics_port, settings.metrics_token, told))
        run_forever(parts.runner)
