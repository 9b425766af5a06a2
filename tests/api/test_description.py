"""What the API says of itself holds: thousands of requests made from its description, each answer as described."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.conftest import Programs, settle
from tests.api.serving import served
from tests.databases import ENGINES
from tests.web.conftest import House

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what a library imports is its own business
    import requests
    import schemathesis
    from schemathesis.core import NOT_SET
    from schemathesis.core.transport import Response
    from schemathesis.generation.case import Case
    from schemathesis.generation.modes import GenerationMode

# The same requests every time: what a check finds today it finds tomorrow.
THOROUGH = settings(
    max_examples=9,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
# What stands in a path that leads somewhere; an engine puts its own ids there.
KNOWN: dict[str, Any] = {
    "course_id": "course",
    "quiz_id": "quiz",
    "attempt_id": "attempt",
    "webhook_id": "webhook",
    "question": "qa",
    "login": "student1",
    "number": 1,
    "part": "p",
    "position": 1,
    "seed": 1,
}


@schemathesis.serializer("application/zip")
def zipped(context: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass(frozen=True)
class Drawn:
    """A request drawn from the description; what stands at `known` in its path is filled in before it is made."""

    operation: Any
    case: Case
    known: frozenset[str]
    with_token: bool


def drawn_from(document: dict[str, Any]) -> list[Drawn]:
    """The requests of every operation: as described, with paths of nothing, not as described, and without a token."""
    schema = schemathesis.openapi.from_dict(document)
    # Rules that no schema can say (a zone that exists, a cursor of this list) are told with 422, too.
    acceptance = schema.config.checks.positive_data_acceptance
    acceptance.expected_statuses = [*acceptance.expected_statuses, "422"]
    found: list[Drawn] = []
    for one in schema.get_all_operations():
        operation = one.ok()
        path = document["paths"][operation.path][operation.method.lower()]
        parameters = path.get("parameters", ())
        names = [one["name"] for one in parameters if one["in"] == "path"]
        known = {name: KNOWN[name] for name in names if name in KNOWN}
        found += _draw(operation, POSITIVE, known)
        if known:
            found += _draw(operation, POSITIVE, {})
        if parameters or "requestBody" in path:
            found += _draw(operation, NEGATIVE, known)
        found += _draw(operation, POSITIVE, known, with_token=False, most=2)
    return found


def _draw(
    operation: Any, mode: GenerationMode, known: dict[str, Any], with_token: bool = True, most: int = 9
) -> list[Drawn]:
    drawn: list[Drawn] = []

    @settings(THOROUGH, max_examples=most)
    @given(case=operation.as_strategy(mode, path_parameters=known or None))
    def keep(case: Case) -> None:
        # An empty list is no parameter at all once it is sent: what was meant to be wrong would be right.
        if mode is NEGATIVE and [] in (case.query or {}).values():
            return
        drawn.append(Drawn(operation, case, frozenset(known), with_token))

    keep()
    return drawn


class Explorer:
    """Asks an API everything its description offers, and keeps what is not as described."""

    def __init__(self, programs: Programs, address: str, session: requests.Session) -> None:
        self._address = address
        self._session = session
        # Its person may do everything, so that nothing they do to themselves ends the journey.
        self._headers = {"Authorization": f"Bearer {programs.token('root')}"}
        quiz = programs.ask("ines", "POST", "quizzes", {"title": "Open", "places": [{"question": "qa"}]}).json()["id"]
        programs.ask("ines", "POST", f"quizzes/{quiz}/publish")
        attempt = programs.ask("student0", "POST", f"quizzes/{quiz}/attempts", {}).json()["id"]
        hook = {"address": "https://example.org/", "events": ["enrolment.changed"]}
        webhook = programs.ask("ines", "POST", "webhooks", hook).json()["id"]
        ids = {"course_id": programs.course, "quiz_id": quiz, "attempt_id": attempt, "webhook_id": webhook}
        self._known: dict[str, Any] = KNOWN | ids
        self.document: dict[str, Any] = session.get(f"{address}/api/v1/openapi.json").json()
        self.asked: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.faults: list[str] = []

    def explore(self, drawn: list[Drawn]) -> None:
        for one in drawn:
            one.case.path_parameters |= {name: self._known[name] for name in one.known}
            if one.with_token:
                response = one.case.call(base_url=self._address, session=self._session, headers=self._headers)
                self._judge(one.operation, one.case, response, self._headers)
            else:
                self._ask_without_a_token(one.operation, one.case)

    def _ask_without_a_token(self, operation: Any, case: Case) -> None:
        case.headers.pop("Authorization", None)
        response = case.call(base_url=self._address, session=self._session)
        if operation.label not in ("GET /api/v1/health", "POST /api/v1/readings"):
            if response.status_code not in (401, 404):  # 404: nothing can be at such an address
                self.faults.append(f"{operation.label} without a token: {response.status_code}")
        self._judge(operation, case, response, {})

    def _judge(self, operation: Any, case: Case, response: Response, headers: dict[str, str]) -> None:
        self.asked[operation.label] += 1
        self.statuses[response.status_code] += 1
        try:
            case.validate_response(response, headers=headers)
        except BaseException as fault:
            body = "" if case.body is NOT_SET else f" {case.body!r}"
            said = "; ".join(str(one) for one in getattr(fault, "exceptions", [fault]))
            asked = f"{operation.label} {case.path_parameters} {case.query}{body}"
            self.faults.append(f"{asked[:600]} → {response.status_code} {response.content[:300]!r}: {said[:600]}")


@pytest.fixture(scope="module")
def drawn() -> Callable[[dict[str, Any]], list[Drawn]]:
    """The same requests for both engines: drawing them takes longer than making them."""
    kept: list[tuple[dict[str, Any], list[Drawn]]] = []

    def draw(document: dict[str, Any]) -> list[Drawn]:
        if not kept:
            kept.append((document, drawn_from(document)))
        assert document == kept[0][0]
        return kept[0][1]

    return draw


@pytest.mark.parametrize("engine", ENGINES)
def test_every_answer_is_as_described_and_nothing_breaks_it(
    engine: str, open_house: Callable[..., House], drawn: Callable[[dict[str, Any]], list[Drawn]]
) -> None:
    programs = settle(open_house(engine))
    with served(programs.house.app) as address, requests.Session() as session:
        explorer = Explorer(programs, address, session)
        explorer.explore(drawn(explorer.document))
    assert explorer.faults == []
    assert [status for status in explorer.statuses if status >= 500] == []
    assert explorer.asked.total() >= 1000  # on each engine: more than 2,000 on both
    operations = sum(len(path) for path in explorer.document["paths"].values())
    assert len(explorer.asked) == operations
    assert explorer.statuses[200] + explorer.statuses[201] + explorer.statuses[204] > 150
    print(engine, explorer.asked.total(), sorted(explorer.statuses.items()))
