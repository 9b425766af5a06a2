"""Whatever is asked for, the answer is a sentence, and the next request is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.types import Message

from app.sandbox import SandboxFailure
from app.web.edge import HEADERS
from tests.web.conftest import House
from tests.web.listening import together
from tests.web.variant import WideSandbox

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NOWHERE = [
    "/nope",
    "/attempts",
    "/attempts/a%00b/review",
    "/attempts/" + "a" * 100,
    "/attempts/abc/questions/0",
    "/attempts/abc/questions/x",
    "/attempts/abc/questions/99999999999999999999999",
    "/attempts/abc/questions/1",
    "/attempts/%F0%9F%92%A9/result",
    "/quizzes/1/",
    "/static/0/css/text.css",
    "/static/../app/main.py",
    "/.env",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_does_not_exist_is_404_in_words(small_house: House, path: str) -> None:
    small_house.sign_in()
    answer = small_house.client.get(path)
    assert answer.status_code == 404
    assert "<h1>There is nothing here</h1>" in answer.text


def test_whoever_is_signed_in_stays_so_on_a_page_that_says_what_went_wrong(small_house: House) -> None:
    small_house.sign_in()
    for status, path in ((404, "/attempts/abc/questions/1"), (404, "/nope"), (405, "/sign-out")):
        answer = small_house.client.get(path)
        assert answer.status_code == status
        assert 'action="/sign-out"' in answer.text
        assert 'href="/account"' in answer.text
    small_house.client.cookies.clear()
    assert 'action="/sign-out"' not in small_house.client.get("/nope").text


def test_a_program_gets_a_problem_document(small_house: House) -> None:
    small_house.sign_in()
    for headers in ({"Accept": "application/json"}, {"Content-Type": "application/json"}):
        answer = small_house.client.get("/nope", headers=headers)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 404
    small_house.client.cookies.clear()
    answer = small_house.client.get("/attempts/abc/grading", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_a_wrong_method_is_said_in_words(small_house: House) -> None:
    answer = small_house.client.delete("/sign-in")
    assert answer.status_code == 405
    assert "does not take such a request" in answer.text
    assert "POST" in answer.headers["allow"]


def test_a_query_of_a_wrong_type_is_422(small_house: House) -> None:
    small_house.sign_in()
    attempt = small_house.start()
    answer = small_house.client.get(f"{attempt}/questions/1?spare=lots")
    assert answer.status_code == 422
    assert "spare: " in answer.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(small_house: House) -> None:
    most = small_house.settings.max_body_bytes
    answer = small_house.client.post("/sign-in", data={"login": "x" * (most + 1)})
    assert answer.status_code == 413
    assert "The request is too large." in answer.text
    json = small_house.client.post("/api/v1/readings", json={"raw": "x" * (most + 1)})
    assert (json.status_code, json.json()["detail"]) == (413, "The request is too large.")


def test_a_body_that_hides_its_size_is_cut_off(small_house: House) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"login="
        for _ in range(1 + small_house.settings.max_body_bytes // 65536):
            yield b"x" * 65536

    assert small_house.client.post("/sign-in", content=pieces(), headers=FORM).status_code == 413


@pytest.mark.parametrize("length", ["x", "-1", "9" * 40])
def test_a_length_that_is_no_number_is_refused(small_house: House, length: str) -> None:
    answer = small_house.client.post("/sign-in", content=b"", headers=FORM | {"Content-Length": length})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"login=%00&password=x", "application/x-www-form-urlencoded"),
        (b"login=\xff\xfe&password=%ff", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % i for i in range(9000)), "application/x-www-form-urlencoded"),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="login"; filename="a"\r\n\r\nhi\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
def test_a_form_that_is_none_is_refused(small_house: House, content: bytes, kind: str) -> None:
    answer = small_house.client.post("/sign-in", content=content, headers={"Content-Type": kind})
    assert 400 <= answer.status_code < 500


def test_every_answer_carries_the_security_headers(small_house: House) -> None:
    sheet = small_house.app.state.assets.address("css/text.css")
    for path in ("/", "/nope", "/healthz", "/api/v1/health", "/favicon.ico", sheet):
        answer = small_house.client.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_what_nobody_foresaw_is_a_calm_page_and_a_line_in_the_log(
    small_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("a secret of the machine room")

    monkeypatch.setattr("app.services.quizzes.quizzes.quizzes_of", broken)
    answer = small_house.sign_in()
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.text
    assert "secret of the machine" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert "Your quizzes" in small_house.client.get("/").text


def test_a_failing_commit_is_never_answered_as_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.sign_in()
    attempt = house.start()
    token, csrf = house.token(attempt), house.csrf()

    def fails(_: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    change = {"item": 1, "field": "number", "revision": 1, "value": "1"}
    monkeypatch.setattr(Session, "commit", fails)
    handed_in = house.client.post(f"{attempt}/hand-in", data={"csrf": csrf})
    saved = house.save(attempt, token, change)
    signed_in = house.client.post("/sign-in", data={"login": "student1", "password": "a password for tests"})
    monkeypatch.undo()
    assert [answer.status_code for answer in (handed_in, saved, signed_in)] == [503, 503, 503]
    assert "Nothing was changed" in handed_in.text
    assert saved.json()["detail"].startswith("Th")
    assert handed_in.headers["retry-after"]
    page = house.client.get(f"{attempt}/questions/1")
    assert "data-exam" in page.text
    assert house.save(attempt, token, change).status_code == 200
    assert house.post(f"{attempt}/hand-in").status_code == 200


class NoVariants(WideSandbox):
    """Cannot make a variant."""

    def _variant(self, payload: object) -> object:
        raise SandboxFailure("memory", "This variant needs too much memory.")


def test_an_attempt_that_cannot_start_says_why_and_leaves_nothing_behind(open_house: Callable[..., House]) -> None:
    house = open_house(sandbox=NoVariants())
    house.sign_in()
    answer = house.post(f"/quizzes/{house.quiz}/attempts")
    assert answer.status_code == 503
    assert "too much memory" in answer.text
    assert ">Start<" in house.client.get("/").text


def test_nobody_keeps_a_copy_of_a_page(small_house: House) -> None:
    answer = small_house.client.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


def test_a_request_that_is_broken_off_is_no_failure(small_house: House, caplog: pytest.LogCaptureFixture) -> None:
    asked = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/sign-in",
        "raw_path": b"/sign-in",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/x-www-form-urlencoded")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    came = [{"type": "http.request", "body": b"login=a", "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return came.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def broken_off() -> None:
        await small_house.app(asked, receive, send)

    together(small_house, broken_off)
    assert (came, sent) == ([], [])
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
