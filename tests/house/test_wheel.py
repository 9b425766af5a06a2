"""A wheel installed elsewhere is whole: it finds its bank, migrations and front-end files, and runs."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel and what it declares to need, and nothing else."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", with_pip=False)
    # By the pip that is here already, and without compiling what will never be imported: both took long.
    options = ("--quiet", "--disable-pip-version-check", "--no-compile")
    pip = [sys.executable, "-m", "pip", "--python", str(home / "venv/bin/python")]
    command = [*pip, "install", *options, str(wheel)]
    run = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=400)
    assert run.returncode == 0, run.stderr
    return home


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person who has nothing of this checkout set."""
    kept = {name: value for name, value in os.environ.items() if not re.match("GRADUS_|PYTHON|VIRTUAL_ENV", name)}
    return {**kept, "HOME": str(home), **more}


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    "folder", ["question_bank", "migrations", "app/web/templates", "app/web/static", "app/web/locale"]
)
def test_the_wheel_holds_every_data_file_of(folder: str, wheel: Path, project: Path) -> None:
    wanted = {
        str(path.relative_to(project))
        for path in (project / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted, f"{folder} is empty"
    assert wanted - names(wheel) == set()


def test_the_wheel_holds_the_front_end_files_that_others_wrote_with_their_licences(wheel: Path) -> None:
    vendor = "app/web/static/vendor"
    wanted = {
        f"{vendor}/katex/{name}" for name in ("katex.js", "katex.css", "LICENSE", "fonts/KaTeX_Main-Regular.woff2")
    } | {f"{vendor}/source-sans-3/{name}" for name in ("source-sans-3.css", "LICENSE")}
    wanted |= {f"{vendor}/mathlive/{name}" for name in ("mathlive.js", "LICENSE")}
    wanted |= {f"{vendor}/signature_pad/{name}" for name in ("signature_pad.js", "LICENSE")}
    assert wanted - names(wheel) == set()


def test_the_wheel_holds_nothing_that_is_not_gradus(wheel: Path) -> None:
    rooms = {name.split("/")[0] for name in names(wheel)}
    assert {room for room in rooms if not room.endswith(".dist-info")} == {
        "app",
        "graders",
        "migrations",
        "question_bank",
    }
    assert not any(name.endswith((".pyc", ".sqlite3")) for name in names(wheel))


def test_the_installed_command_checks_a_question_of_every_exam_in_its_own_bank(elsewhere: Path) -> None:
    # The whole bank is checked by tests/bank; here it matters that the command, the graders and the files came along.
    questions = ("tum-04", "montreal-4", "halloween-1", "ctu-ss22-a1", "vir2022-1")
    command = [str(elsewhere / "venv/bin/gradus"), "bank", "check", *questions, "--seeds", "1"]
    run = subprocess.run(
        command, cwd=elsewhere, env=surroundings(elsewhere), capture_output=True, text=True, timeout=500
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]


@pytest.fixture(scope="module")
def server(elsewhere: Path) -> Iterator[tuple[str, int]]:
    """The address and process id of `gradus serve`, on a new database, from an empty folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    work = elsewhere / "work"
    work.mkdir()
    environment = surroundings(elsewhere, GRADUS_PORT=str(port), GRADUS_DATABASE_URL=f"sqlite:///{work}/gradus.sqlite3")
    gradus = elsewhere / "venv/bin/gradus"
    subprocess.run([gradus, "migrate"], cwd=work, env=environment, check=True, capture_output=True, timeout=120)
    log = work / "log"
    with log.open("wb") as output:
        process = subprocess.Popen([gradus, "serve"], cwd=work, env=environment, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(address, process, log)
        yield address, process.pid
    finally:
        process.terminate()
        assert process.wait(timeout=30) in (0, -15, 143), log.read_text()


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"gradus serve did not answer in a minute:\n{log.read_text()}")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/openapi.json"])
def test_the_installed_server_answers(path: str, server: tuple[str, int]) -> None:
    with urllib.request.urlopen(server[0] + path, timeout=20) as answer:
        assert answer.status == 200


def test_every_operation_of_the_api_is_described(server: tuple[str, int]) -> None:
    with urllib.request.urlopen(server[0] + "/api/v1/openapi.json", timeout=20) as answer:
        paths = json.load(answer)["paths"]
    silent = [f"{verb} {path}" for path, verbs in paths.items() for verb in verbs if not verbs[verb].get("description")]
    assert silent == []


def test_the_front_page_finds_every_style_sheet_and_script_it_names(server: tuple[str, int]) -> None:
    with urllib.request.urlopen(server[0] + "/", timeout=20) as answer:
        page = answer.read().decode()
    files = re.findall(r"""(?:href|src)=["'](/static/[^"']+)["']""", page)
    assert files
    for file in files:
        with urllib.request.urlopen(server[0] + file, timeout=20) as answer:
            assert answer.status == 200, file


def test_the_installed_web_process_holds_no_numeric_library(server: tuple[str, int]) -> None:
    maps = Path(f"/proc/{server[1]}/maps")
    if not maps.exists():
        pytest.skip("no /proc here")
    assert "numpy" not in maps.read_text()
