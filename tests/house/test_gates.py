"""The gates stand: tests reach only this machine, warnings are errors, and one command runs everything."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import tomllib
import warnings
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError


def test_a_test_cannot_reach_another_machine() -> None:
    refused = (SocketConnectBlockedError, UserWarning)  # the guard warns first, and a warning is an error
    with socket.socket() as line, pytest.raises(refused, match=r"192\.0\.2\.1"):
        line.connect(("192.0.2.1", 80))


def test_a_test_can_reach_a_server_on_this_machine() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=5):
            pass


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="told"):
        warnings.warn("told", UserWarning, stacklevel=1)


def test_continuous_integration_runs_make_test_and_nothing_else(project: Path) -> None:
    script = project / ".ci/run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


@pytest.mark.parametrize("goal", ["demo", "setup", "check", "test", "bank", "clean"])
def test_the_makefile_knows_the_promised_goals(project: Path, goal: str) -> None:
    run = subprocess.run(["make", "--dry-run", goal], cwd=project, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr


def test_the_makefile_explains_itself(project: Path) -> None:
    told = subprocess.run(["make"], cwd=project, capture_output=True, text=True, timeout=60, check=True).stdout
    goals = set(re.findall(r"^([a-z]+):", (project / "Makefile").read_text(), re.MULTILINE)) - {
        "help",
        "browser",
    }
    assert {goal for goal in goals if f"make {goal} " not in told} == set()


def test_the_coverage_gate_covers_what_decides_marks(project: Path) -> None:
    with (project / "pyproject.toml").open("rb") as file:
        coverage = tomllib.load(file)["tool"]["coverage"]
    assert coverage["run"]["branch"] is True
    assert coverage["report"]["fail_under"] >= 95
    assert coverage["report"]["include"] == ["app/domain/*", "graders/*"]


def test_no_stored_front_end_file_is_part_of_the_repository(project: Path) -> None:
    ignored = (project / ".gitignore").read_text().split()
    assert {"app/web/static/vendor/", "node_modules/"} <= set(ignored)


def test_every_front_end_package_is_pinned_and_locked(project: Path) -> None:
    wanted = json.loads((project / "package.json").read_text())["dependencies"]
    locked = json.loads((project / "package-lock.json").read_text())["packages"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in entry for path, entry in locked.items() if path)
