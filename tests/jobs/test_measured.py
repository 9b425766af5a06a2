"""A worker tells its measurements, to those who may know them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from app.domain.errors import InvalidInput
from app.jobs.measured import told_at

PROJECT = Path(__file__).resolve().parents[2]


def ask(port: int, path: str = "/metrics", token: str = "") -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_programs_on_this_machine_may_look_and_there_is_nothing_else() -> None:
    with told_at("127.0.0.1", 0, "", lambda: b"gradus_waiting 0\n") as port:
        assert ask(port) == (200, "gradus_waiting 0\n")
        assert ask(port, "/")[0] == 404
    with pytest.raises(URLError):
        ask(port)


def test_where_there_is_a_token_it_is_asked_for() -> None:
    with told_at("127.0.0.1", 0, "secret", lambda: b"gradus_waiting 0\n") as port:
        assert ask(port)[0] == ask(port, token="other")[0] == 403
        assert ask(port, token="secret")[0] == 200


def test_a_port_that_is_taken_is_named() -> None:
    with (
        told_at("127.0.0.1", 0, "", lambda: b"") as port,
        pytest.raises(InvalidInput, match=f"GRADUS_METRICS_PORT: 127.0.0.1:{port}: Address already in use"),
        told_at("127.0.0.1", port, "", lambda: b""),
    ):
        pass


def test_a_worker_answers_where_the_setting_gives_it_a_port(gradus: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = os.environ | {"GRADUS_VAR_PATH": str(tmp_path), "GRADUS_METRICS_PORT": str(port)}
    with subprocess.Popen([gradus, "worker"], env=given, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                try:
                    status, text = ask(port)
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                raise AssertionError("it did not answer")
        finally:
            process.send_signal(signal.SIGTERM)
    assert status == 200
    for name in ("gradus_duty_seconds", "gradus_sandbox_failures_total", "gradus_waiting", "gradus_database_up 1.0"):
        assert name in text
    assert process.returncode == 0
