"""Starts real servers on free ports of this machine, in processes of their own, and ends exactly these."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60.0
# Of this process's own settings only this one is passed on: measuring may be done with other questions.
KEPT = ("GRADUS_BANK_PATH",)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid


@dataclass(frozen=True, slots=True)
class Stage:
    """A Gradus with its own folder, students and quizzes, and an empty FastAPI endpoint beside it."""

    gradus: Server
    empty: Server
    folder: Path
    logins: list[str]
    password: str
    quizzes: list[dict[str, str]]
    url: str

    def quiz(self, begins: str) -> str:
        """The id of the quiz whose title begins so."""
        return next(quiz["id"] for quiz in self.quizzes if quiz["title"].startswith(begins))


@contextmanager
def stage(students: int, folder: Path | None = None, **settings: str) -> Iterator[Stage]:
    """Set up a course in a temporary folder (below `folder`), serve it with these settings, and clear all away."""
    with tempfile.TemporaryDirectory(prefix="gradus-benchmark-", dir=folder) as name:
        var, port = Path(name), _free_port()
        environment = _environment(GRADUS_VAR_PATH=name, GRADUS_PORT=str(port), GRADUS_LOG_LEVEL="warning", **settings)
        course = _course(environment, students)
        gradus = [sys.executable, "-m", "app.cli", "serve"]
        with _served(gradus, environment, port, var, "/healthz") as real, empty_server(var) as empty:
            url = settings.get("GRADUS_DATABASE_URL", f"sqlite:///{var / 'gradus.sqlite3'}")
            yield Stage(real, empty, var, url=url, **course)


@contextmanager
def course_in(students: int, **settings: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A temporary folder with a course in it that nobody serves yet: the folder, and what `benchmarks.course` says."""
    with tempfile.TemporaryDirectory(prefix="gradus-benchmark-") as name:
        yield Path(name), _course(_environment(GRADUS_VAR_PATH=name, **settings), students)


class Restarted:
    """Gradus on a port of its own that can be killed, as no server should be, and started again."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port = folder, _free_port()
        own = {"GRADUS_VAR_PATH": str(folder), "GRADUS_PORT": str(self.port), "GRADUS_LOG_LEVEL": "warning"}
        self._environment = _environment(**own, **settings)
        self.url = settings.get("GRADUS_DATABASE_URL", f"sqlite:///{folder / 'gradus.sqlite3'}")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self.folder / "restarted.log"
        with log.open("ab") as out:
            command = [sys.executable, "-m", "app.cli", "serve"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=out, stderr=out)
        _wait(self._process, self.port, "/healthz", log, pause=0.02)

    def kill(self) -> list[psutil.Process]:
        """`kill -9` of the process that serves and of nothing else; what it had started must now end by itself."""
        if self._process is None or self._process.poll() is not None:
            return []
        family = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.wait()
        return family


@contextmanager
def restarted(folder: Path, **settings: str) -> Iterator[Restarted]:
    """Such a server, started; in the end nothing of it is left."""
    server = Restarted(folder, **settings)
    try:
        server.start()
        yield server
    finally:
        for orphan in psutil.wait_procs(server.kill(), timeout=5)[1]:
            orphan.kill()


@contextmanager
def gradus_server(folder: Path, **settings: str) -> Iterator[Server]:
    """Gradus with what that folder holds already."""
    port = _free_port()
    environment = _environment(
        GRADUS_VAR_PATH=str(folder), GRADUS_PORT=str(port), GRADUS_LOG_LEVEL="warning", **settings
    )
    with _served([sys.executable, "-m", "app.cli", "serve"], environment, port, folder, "/healthz") as server:
        yield server


@contextmanager
def empty_server(folder: Path) -> Iterator[Server]:
    """The empty endpoint, served as Gradus is served: one process, the same uvicorn, no access log."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.empty:app", "--host", HOST, "--port", str(port)]
    command += ["--log-level", "warning", "--no-server-header"]
    with _served(command, _environment(), port, folder, "/") as server:
        yield server


@contextmanager
def worker(folder: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of `gradus worker` with these settings."""
    log = folder / "worker.log"
    with log.open("ab") as out:
        command = [sys.executable, "-m", "app.cli", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(**settings), stdout=out, stderr=out)
    try:
        yield process
    finally:
        _end(process)


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADUS_") or name in KEPT}
    return kept | more


def _course(environment: Mapping[str, str], students: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.course", str(students)]
    patience = 5 * START_SECONDS
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, timeout=patience, check=True)
    course: dict[str, Any] = json.loads(done.stdout)
    return course


@contextmanager
def _served(
    command: Sequence[str], environment: Mapping[str, str], port: int, folder: Path, path: str
) -> Iterator[Server]:
    log = folder / f"{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(process, port, path, log)
        yield Server(process, port)
    finally:
        _end(process)


def _wait(process: subprocess.Popen[bytes], port: int, path: str, log: Path, pause: float = 0.1) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(pause)
        finally:
            connection.close()
    raise SystemExit(f"A server did not start: {log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    # Its children are known by their ids before it goes; none of them may outlive it.
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in psutil.wait_procs(children, timeout=5)[1]:
        child.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
