"""A command that computes nothing starts light: the numeric libraries live in the sandbox's children only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"sympy", "numpy", "mpmath", "graders"}
LATER = {"fastapi", "sqlalchemy", "alembic", "pebble", "uvicorn"}

HELP = """
import json, sys
from app.cli import main
sys.argv = ["gradus", "--help"]
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""

WEB = """
import importlib, json, pkgutil, sys
import app.main
for room in ("app.web", "app.api", "app.services", "app.jobs"):
    package = importlib.import_module(room)
    for found in pkgutil.walk_packages(package.__path__, room + "."):
        importlib.import_module(found.name)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


SERVE = """
import json, sys
from contextlib import closing
from app.main import Parts, create_app
from app.settings import read_settings
settings = read_settings(var_path={folder!r})
routes = create_app(settings).router.routes
assert all("dependant" not in vars(route) for route in routes)
with closing(Parts(settings)):
    print(json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
"""


def loaded(program: str) -> set[str]:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    names: list[str] = json.loads(run.stdout.splitlines()[-1])
    return set(names)


def test_asking_for_help_loads_nothing_heavy() -> None:
    assert loaded(HELP) & (HEAVY | LATER) == set()


def test_starting_on_a_migrated_database_loads_no_migrations_and_builds_no_route(tmp_path: Path) -> None:
    # Both took a quarter of the time until the first answer, and after a crash people wait for that.
    assert loaded(SERVE.format(folder=str(tmp_path))) >= {"alembic"}
    assert loaded(SERVE.format(folder=str(tmp_path))) & {"alembic"} == set()


def test_the_web_process_loads_neither_graders_nor_the_libraries_they_use() -> None:
    assert loaded(WEB) & HEAVY == set()


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "demo",
        "migrate",
        "worker",
        "bank list",
        "bank check",
        "show",
        "grade",
        "equal",
        "admin create",
        "admin link",
    ],
)
def test_the_command_is_there_and_explains_itself(gradus: Path, command: str) -> None:
    run = subprocess.run([gradus, *command.split(), "--help"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert command.rpartition(" ")[2] in run.stdout
