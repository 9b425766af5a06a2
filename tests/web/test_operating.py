"""What whoever runs Gradus relies on: is it alive, is it ready, its numbers, its log, and whom it believes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.sandbox import SandboxFailure
from app.services.operating import conditions
from app.services.operating.log_lines import JsonLines, TextLines
from app.settings import networks_of
from app.web.proxies import Proxies
from tests.small_bank import FakeSandbox
from tests.web.conftest import House
from tests.web.variant import WideSandbox

Open = Callable[..., House]
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was found is kept."""
    monkeypatch.setattr(conditions, "KEPT_SECONDS", 0.0)


def test_a_process_that_answers_is_alive(small_house: House) -> None:
    answer = small_house.client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready_names_everything_that_was_looked_at(house: House) -> None:
    answer = house.client.get("/readyz", headers=JSON)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["ready"] is True
    assert list(told["checks"]) == ["database", "sandbox", "disk", "duties"]
    text = house.client.get("/readyz").text
    assert text.splitlines()[1] == "sandbox: ok, answers"


class Dead(WideSandbox):
    """Answers no call."""

    def _describe(self, payload: Any) -> Any:
        raise SandboxFailure("crashed", "No grading process can be started.")


def not_ready(house: House) -> dict[str, str]:
    """The sentences of the checks that failed."""
    answer = house.client.get("/readyz", headers=JSON)
    assert answer.status_code == 503
    assert house.client.get("/healthz").status_code == 200
    return {name: check["says"] for name, check in answer.json()["checks"].items() if not check["ok"]}


def test_without_graders_it_is_alive_and_not_ready(open_house: Open) -> None:
    assert not_ready(open_house(sandbox=Dead())) == {"sandbox": "No grading process can be started."}


def test_a_disk_that_is_filling_up_is_told_before_it_is_full(open_house: Open) -> None:
    says = not_ready(open_house(min_free_mib=2**40))
    assert list(says) == ["disk"]
    assert "MiB free, less than" in says["disk"]


def test_a_database_of_another_version_is_not_ready(small_house: House) -> None:
    small_house.app.state.readiness._newest = "9999"
    assert "this Gradus needs 9999" in not_ready(small_house)["database"]


def test_duties_that_nobody_does_are_told(open_house: Open) -> None:
    house = open_house(sandbox=Dead(failing=lambda name, _: RuntimeError("away") if name == "grade" else None))
    house.sign_in()
    attempt = house.start()
    house.post(f"{attempt}/hand-in")
    transactions = house.transactions
    now = transactions.clock
    transactions.clock = lambda: now() + timedelta(hours=1)
    says = not_ready(house)
    assert says["duties"] == "2 answers should have been graded long ago"


def test_what_a_check_did_not_foresee_is_that_it_failed(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> None:
        raise FileNotFoundError("/a/secret/path")

    monkeypatch.setattr(conditions.shutil, "disk_usage", gone)
    assert not_ready(small_house)["disk"] == "cannot be checked (FileNotFoundError)"


def measured(house: House, **headers: str) -> str:
    client = TestClient(house.app, base_url=str(house.client.base_url), client=("127.0.0.1", 1))
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_requests_saves_duties_and_queues_are_measured(house: House) -> None:
    house.sign_in()
    attempt = house.start()
    change = {"item": 1, "field": "number", "revision": 1, "value": "1"}
    token = house.token(attempt)
    house.save(attempt, token, change)
    house.save(attempt, token, change)
    house.save(attempt, token, change | {"item": 99}, seq=2)
    house.client.get("/nothing/secret-token")
    text = measured(house)
    assert 'gradus_saves_total{result="saved"} 1.0' in text
    assert 'gradus_saves_total{result="duplicate"} 1.0' in text
    assert 'gradus_saves_total{result="refused"} 1.0' in text
    assert 'route="/attempts/{attempt_id}/saves",status="200"} 2.0' in text
    assert 'route="(no route)",status="404"' in text
    assert 'gradus_waiting{what="gradings"} 0.0' in text
    assert 'gradus_oldest_waiting_seconds{what="hand-ins"} 0.0' in text
    assert "gradus_attempts_open 1.0" in text
    assert "gradus_database_up 1.0" in text
    assert "gradus_disk_free_bytes" in text
    assert "secret-token" not in text
    assert "_created" not in text


def test_made_up_methods_are_one_series(small_house: House) -> None:
    for method in ("BREW", "PROPFIND"):
        small_house.client.request(method, "/")
    assert 'method="other"' in measured(small_house)
    assert "BREW" not in measured(small_house)


def test_measurements_are_for_this_machine_or_for_who_has_the_token(open_house: Open) -> None:
    house = open_house()
    assert house.client.get("/metrics").status_code == 403
    here = TestClient(house.app, client=("127.0.0.1", 1))
    assert here.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    guarded = open_house(metrics_token="let me look")
    assert guarded.client.get("/metrics").status_code == 403
    assert guarded.client.get("/metrics", headers={"Authorization": "Bearer let me in"}).status_code == 403
    assert guarded.client.get("/metrics", headers={"Authorization": "Bearer let me look"}).status_code == 200


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the log says about requests, as JSON lines."""
    said: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(JsonLines().format(record))

    handler = Keeping()
    logger = logging.getLogger("gradus.requests")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield said
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def test_a_request_is_one_line_that_names_the_route_and_nobody(small_house: House, lines: list[str]) -> None:
    small_house.sign_in()
    lines.clear()
    attempt = small_house.start()
    small_house.client.get("/bank/a-secret?token=secret", headers={"Accept": "text/html"})
    told = [json.loads(line) for line in lines]
    started = next(line for line in told if line["method"] == "POST")
    assert started["route"] == "/quizzes/{quiz_id}/attempts"
    assert started["status"] == 303
    assert started["level"] == "info"
    assert isinstance(started["person"], int)
    assert started["request"]
    everything = "\n".join(lines)
    for secret in ("a-secret", "token=", "student0", "Student", attempt.split("/")[-1]):
        assert secret not in everything


def test_the_number_of_a_request_comes_back_and_stands_in_the_log(small_house: House, lines: list[str]) -> None:
    answer = small_house.client.get("/", headers={"X-Request-ID": "made-up-by-a-stranger"})
    number = answer.headers["x-request-id"]
    assert number != "made-up-by-a-stranger"
    assert json.loads(lines[-1])["request"] == number


def test_a_trusted_proxy_may_number_requests(small_house: House) -> None:
    proxy = TestClient(small_house.app, client=("127.0.0.1", 1))
    assert proxy.get("/", headers={"X-Request-ID": "of-the-proxy"}).headers["x-request-id"] == "of-the-proxy"
    assert proxy.get("/", headers={"X-Request-ID": "no spaces\tplease"}).headers["x-request-id"] != "no spaces\tplease"


class Breaking(FakeSandbox):
    def close(self) -> None: ...

    def _variant(self, payload: Any) -> Any:
        raise ZeroDivisionError("foreseen by nobody")


def test_what_breaks_is_logged_with_its_route_and_without_its_address(
    open_house: Open, caplog: pytest.LogCaptureFixture
) -> None:
    house = open_house(sandbox=Breaking())
    house.sign_in()
    answer = house.post(f"/quizzes/{house.quiz}/attempts")
    assert answer.status_code == 500
    said = [record.getMessage() for record in caplog.records if record.name == "app.web.edge"]
    assert said == ["POST /quizzes/{quiz_id}/attempts failed"]


def test_lines_for_people_are_one_line_each() -> None:
    record = logging.LogRecord("app.x", logging.WARNING, "", 0, "said %s", ("a\n2026 forged",), None)
    line = TextLines().format(record)
    assert "\n" not in line
    assert line.endswith("warning app.x: said a\\n2026 forged")
    told = json.loads(JsonLines().format(record))
    assert (told["level"], told["logger"], told["message"]) == ("warning", "app.x", "said a\n2026 forged")
    assert told["time"].endswith("Z")


async def seen(client: str, headers: list[tuple[bytes, bytes]], trusted: str) -> tuple[str, str]:
    """The client and the scheme that the application sees."""
    found: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope)

    scope = {"type": "http", "client": (client, 1), "scheme": "http", "headers": headers}
    await Proxies(app, trusted=networks_of(trusted))(scope, None, None)  # type: ignore[arg-type]
    return found["client"][0], found["scheme"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("client", "told", "proto", "trusted", "expected"),
    [
        ("10.0.0.1", "203.0.113.9", "https", "10.0.0.0/8", ("203.0.113.9", "https")),
        ("192.0.2.1", "203.0.113.9", "https", "10.0.0.0/8", ("192.0.2.1", "http")),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.7", "https", "10.0.0.0/8", ("203.0.113.9", "https")),
        ("10.0.0.1", "nonsense, 203.0.113.9", "gopher", "10.0.0.0/8", ("203.0.113.9", "http")),
        ("10.0.0.1", "203.0.113.9, nonsense", "http, https", "10.0.0.0/8", ("10.0.0.1", "https")),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "", "10.0.0.0/8", ("10.0.0.2", "http")),
        ("::1", "2001:db8::1", "https", "127.0.0.1, ::1", ("2001:db8::1", "https")),
        ("127.0.0.1", "203.0.113.9", "https", "none", ("127.0.0.1", "http")),
        ("testclient", "203.0.113.9", "https", "127.0.0.1", ("testclient", "http")),
    ],
)
async def test_only_trusted_proxies_say_who_is_asking(
    client: str, told: str, proto: str, trusted: str, expected: tuple[str, str]
) -> None:
    headers = [(b"x-forwarded-for", told.encode()), (b"x-forwarded-proto", proto.encode())]
    assert await seen(client, headers, trusted) == expected


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_guessing_is_slowed_down_per_address_behind_the_proxy(small_house: House) -> None:
    proxy = TestClient(small_house.app, client=("127.0.0.1", 1))

    def guess(address: str) -> int:
        data = {"login": "student0", "password": "wrong password"}
        return proxy.post("/sign-in", data=data, headers={"X-Forwarded-For": address}).status_code

    assert [guess("203.0.113.9") for _ in range(4)] == [403, 403, 403, 429]
    assert guess("203.0.113.10") == 403
