"""A student as the server sees one: a keep-alive connection, a session cookie, form and attempt tokens."""

from __future__ import annotations

import json
import re
import time
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode

from benchmarks.servers import HOST

TOKEN = re.compile(r'data-token="([^"]+)"')
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
SILENCE = 2.0
"""Seconds after which a connection is made anew: the server hangs up on who has been silent for five."""


class Student:
    """Does one thing at a time; every method is one request unless it says otherwise."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=60)
        self._heard_at = time.monotonic()
        self._cookie = ""
        self._csrf = ""
        self._token = ""
        self._seq = 0
        self._revision = 0
        self.attempt = ""

    def sign_in(self, login: str, password: str) -> None:
        """Two requests: the door, then the front page for the token that forms carry."""
        answer, _ = self._post("/sign-in", {"login": login, "password": password, "next": "/"})
        self._cookie = answer.headers["set-cookie"].partition(";")[0]
        self._csrf = _found(CSRF, self.get("/"))

    def start(self, quiz: str) -> None:
        """Two requests: begin an attempt, then its first page for the token that saves carry."""
        answer, _ = self._post(f"/quizzes/{quiz}/attempts", {"csrf": self._csrf})
        self.attempt = answer.headers["location"].split("/")[2]
        self._token = _found(TOKEN, self.page(1))
        self._seq = 0

    def page(self, position: int) -> str:
        """A question of the attempt, as HTML."""
        return self.get(f"/attempts/{self.attempt}/questions/{position}")

    def save(self, position: int, field: str, raw: Any) -> None:
        """Save one field, as the scripts of the page do."""
        self._seq += 1
        self._revision += 1
        change = {"item": position, "field": field, "revision": self._revision, "value": raw}
        body = json.dumps({"device": "benchmark", "seq": self._seq, "changes": [change]}).encode()
        headers = {"Content-Type": "application/json", "X-Attempt-Token": self._token}
        saved = json.loads(self._ask("POST", f"/attempts/{self.attempt}/saves", body, headers)[1])
        assert [one["state"] for one in saved["fields"]] == ["saved"], saved

    def hand_in(self) -> None:
        """Hand the attempt in; what counts is that the answer has come."""
        answer, _ = self._post(f"/attempts/{self.attempt}/hand-in", {"csrf": self._csrf})
        assert answer.headers["location"].endswith("/receipt")

    def state(self) -> str:
        """How far grading is."""
        return str(json.loads(self.get(f"/attempts/{self.attempt}/grading"))["state"])

    def get(self, path: str) -> str:
        """Any page."""
        answer, text = self._ask("GET", path)
        assert answer.status == 200, (answer.status, path)
        return text

    def reconnect(self) -> None:
        """The server hangs up on who has been silent for some seconds; what is measured begins with a connection."""
        self._connection.close()
        self._connection.connect()
        self._heard_at = time.monotonic()

    def close(self) -> None:
        self._connection.close()

    def _post(self, path: str, form: dict[str, str]) -> tuple[HTTPResponse, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer, text = self._ask("POST", path, urlencode(form).encode(), headers)
        assert answer.status == 303, (answer.status, path, text[-2000:])
        return answer, text

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, str]:
        if time.monotonic() - self._heard_at > SILENCE:
            self.reconnect()
        self._connection.request(method, path, body, {"Cookie": self._cookie, **(headers or {})})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._heard_at = time.monotonic()
        assert answer.status < 400, (answer.status, path, text[-500:])
        return answer, text


def _found(pattern: re.Pattern[str], html: str) -> str:
    match = pattern.search(html)
    assert match is not None, f"no {pattern.pattern} in the page"
    return match.group(1)
