"""`gradus admin` and the link that `gradus serve` prints as long as nobody administrates."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import app.main
from tests.cli.conftest import Run

LINK = re.compile(r"(http://\S+)(/welcome/\w+)")


def test_an_administrator_is_made_with_a_password_that_is_made_too(run: Run) -> None:
    made = run("admin", "create", "Boss", "--name", "The Boss")
    assert (made.returncode, made.stderr) == (0, b"")
    assert re.fullmatch(r"Made the administrator boss\.\nPassword: (\w{5}-){3}\w{5}\n", made.stdout.decode())
    again = run("admin", "create", "boss")
    assert (again.returncode, again.stderr.decode()) == (1, "gradus: The login “boss” is taken.\n")


def test_a_password_comes_from_standard_input_and_is_not_printed(run: Run) -> None:
    made = run("admin", "create", "boss", "--password-stdin", typed="pässword ✓\n".encode())
    assert (made.returncode, made.stdout) == (0, b"Made the administrator boss.\n")
    for typed, says in ((b"", "at least 8"), (b"short\n", "at least 8"), (b"\xff" * 20 + b"\n", "not UTF-8")):
        refused = run("admin", "create", "other", "--password-stdin", typed=typed)
        assert refused.returncode == 1
        assert refused.stderr.decode().startswith("gradus: ")
        assert says in refused.stderr.decode()


def test_a_link_lets_somebody_in_again(run: Run) -> None:
    run("admin", "create", "boss")
    made = run("admin", "link", "BOSS")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/password/[\w-]{43}\n", made.stdout.decode())
    assert run("admin", "link", "nobody").stderr.decode() == "gradus: There is no account “nobody”.\n"


@contextmanager
def serving(gradus: Path, port: int) -> Iterator[list[str]]:
    """`gradus serve`, and the lines it has written until it listens."""
    command = [gradus, "serve", "--port", str(port)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert program.stdout is not None
    lines: list[str] = []
    try:
        for line in program.stdout:
            lines.append(line)
            if "running on" in line:
                break
        yield lines
    finally:
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=60)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_serving_without_an_administrator_prints_where_the_first_one_comes_in(
    gradus: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(gradus, free_port()) as lines:
        found = LINK.search("".join(lines))
        assert found, lines
        with urllib.request.urlopen(found[0]) as page:
            assert b"first administrator" in page.read()
    # Started again, here only as far as to what is served.
    monkeypatch.setattr(app.main, "serve", lambda settings: None)
    again = LINK.search(run("serve").stderr.decode())
    assert again
    assert again[2] == found[2]
    run("admin", "create", "boss")
    assert run("serve").stderr == b""
