"""`gradus` as a function: what it says and how it ends. A process of its own costs seconds and has few tests."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from app.cli import main

Ended = subprocess.CompletedProcess[bytes]


class Run(Protocol):
    """Runs `gradus` with arguments, standard input and variables of the environment; bytes come back."""

    def __call__(self, *arguments: str | bytes, typed: bytes = b"", **variables: str) -> Ended: ...


@pytest.fixture(autouse=True)
def _nothing_of_an_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is done here happens in the folder of the test."""
    for name in [name for name in os.environ if name.startswith("GRADUS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRADUS_VAR_PATH", str(tmp_path / "var"))
    monkeypatch.setenv("GRADUS_GRADING_WORKERS", "1")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run() -> Run:
    """In this process, with streams such as a process has."""

    def start(*arguments: str | bytes, typed: bytes = b"", **variables: str) -> Ended:
        command = ["gradus", *map(os.fsdecode, arguments)]
        with pytest.MonkeyPatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            streams: dict[str, Any] = {
                "stdin": io.TextIOWrapper(io.BytesIO(typed), "utf-8"),
                "stdout": io.TextIOWrapper(io.BytesIO(), "utf-8"),
                "stderr": io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace"),
            }
            patch.setattr(sys, "argv", command)
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            code = _code_of(main)
            gc.enable()  # `gradus serve` starts without it
            said = [_bytes_of(streams[name]) for name in ("stdout", "stderr")]
        return Ended(command, code, *said)

    return start


def _code_of(command: Callable[[], None]) -> int:
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _bytes_of(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


@pytest.fixture
def run_process(gradus: Path) -> Run:
    """In a process of its own, for what only such a one has: an exit code, a terminal, arguments in bytes."""

    def start(*arguments: str | bytes, typed: bytes = b"", **variables: str) -> Ended:
        surroundings = {**os.environ, **variables}
        command = [gradus, *arguments]
        return subprocess.run(command, input=typed, env=surroundings, capture_output=True, timeout=120, check=False)

    return start
