"""Marking by programs: what waits is listed, claimed, read without a name, decided and given back; scopes hold."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.services.marking import claims
from tests.api.conftest import Programs
from tests.databases import ENGINES
from tests.marked import EssaySandbox, Marking, fill
from tests.small_bank import Clock
from tests.web.conftest import House

ESSAY = "marking/essay/why"


class Desk(Programs):
    """Programs at a quiz of essays; addresses are those within the quiz."""

    marking: Marking

    def ask_with(self, token: str, method: str, path: str, json: Any = None, **headers: str) -> Any:
        return super().ask_with(token, method, f"quizzes/{self.quiz}/{path}", json, **headers)


@pytest.fixture(params=ENGINES)
def desk(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> Desk:
    """Essays that wait, and two markers: marker0 and marker1, on each engine."""
    house = open_house(request.param, sandbox=EssaySandbox())
    marking = fill(house.transactions, Clock())
    found = Desk(house, marking.markers[0].course, marking.quiz, "", "")
    found.marking = marking
    return found


def test_an_answer_is_listed_claimed_read_and_judged(desk: Desk) -> None:
    desk.marking.hand_in("maybe something", "odd", "cause and effect")
    (part, _rest) = desk.get("marker0", "marking")["items"]
    assert (part["question"], part["part"], part["label"]) == ("essay", "why", "a")
    assert (part["waiting"], part["different"], part["total"], part["markers"]) == (2, 2, 3, [])
    listed = desk.get("marker0", f"{ESSAY}?limit=1")
    assert [one["state"] for one in listed["items"]] == ["waits for a person"]
    more = desk.get("marker0", f"{ESSAY}?limit=5&cursor={listed['next']}")
    assert (len(more["items"]), more["next"]) == (1, None)
    assert len(desk.get("marker0", f"{ESSAY}?show=all")["items"]) == 3

    claimed = desk.ask("marker0", "POST", f"{ESSAY}/claims", {})
    assert claimed.status_code == 200, claimed.text
    answer = claimed.json()["answer"]
    assert (answer["attempt"], answer["mine"], answer["holder"]) == (listed["items"][0]["attempt"], True, "")
    here = f"{ESSAY}/{answer['attempt']}/{answer['position']}"
    assert desk.get("marker0", here) == answer
    assert (answer["points"], answer["upto"], answer["max"]) == ("0", "1", "3")
    assert (answer["seen"], answer["rubric"]) == (0, 1)
    cause, effect, style = answer["criteria"]
    assert (cause["id"], cause["open"], cause["least"], cause["most"]) == ("cause", True, "0", "1")
    assert (effect["open"], effect["machine"], effect["why"]) == (False, "0", "Met.")
    assert (style["least"], style["most"]) == ("-1/2", "0")
    (field,) = answer["fields"]
    assert field["value"] in ("maybe something", "odd")
    assert cause["machine"] == ("1" if field["value"].startswith("maybe") else None)
    assert "Writer" not in claimed.text
    assert "writer" not in claimed.text

    body = {
        "seen": 0,
        "rubric": 1,
        "criteria": [{"id": "cause", "points": "1/2", "comment": "Half."}, {"id": "style", "points": "-0.5"}],
        "adjustment": "+1",
        "comment": "Look again.",
    }
    judged = desk.ask("marker0", "POST", f"{here}/judgements", body, Idempotency_Key="first")
    assert judged.json() == {"stored": 1, "left": 0, "waits": False}
    again = desk.ask("marker0", "POST", f"{here}/judgements", body, Idempotency_Key="first")
    assert again.headers["idempotency-replayed"] == "true"
    desk.marking.grade()
    told = desk.get("marker0", here)
    assert (told["state"], told["points"], told["adjustment"], told["comment"]) == ("graded", "1", "1", "Look again.")
    assert [one["decided"] for one in told["criteria"]] == ["1/2", None, "-1/2"]
    assert (told["criteria"][0]["by"], told["criteria"][0]["comment"]) == ("Marker0", "Half.")
    assert told["seen"] > 0
    # Whoever has not seen that decision overwrites nothing.
    late = desk.ask("marker1", "POST", f"{here}/judgements", {"seen": 0, "rubric": 1, "criteria": []})
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")

    undone = desk.ask("marker0", "POST", f"{ESSAY}/undo")
    assert undone.json() == {"attempt": answer["attempt"], "position": 1}
    desk.marking.grade()
    assert desk.get("marker0", here)["state"] == "waits for a person"


def test_nothing_is_judged_by_a_rubric_that_counts_no_more(desk: Desk) -> None:
    first, second = desk.marking.hand_in("odd", "odd one")
    full = {"seen": 0, "rubric": 1, "criteria": [{"id": "cause", "points": "1"}]}
    assert desk.ask("marker0", "POST", f"{ESSAY}/{first}/judgements", full).status_code == 200
    desk.marking.grade()
    desk.marking.another_rubric(cause="1/2", effect="2", style="-1/2", order="1/2")
    for body in (full, {"seen": 0, "rubric": 1, "criteria": [{"id": "gone", "points": "1"}]}):
        refused = desk.ask("marker0", "POST", f"{ESSAY}/{second}/judgements", body)
        assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
        assert "rubric has changed" in refused.json()["detail"]
    told = desk.get("marker0", f"{ESSAY}/{first}")
    cause = told["criteria"][0]
    assert (told["rubric"], cause["decided"], cause["given"], cause["of"]) == (2, "1/2", "1", "1")
    # What the machine said by the old rubric is no opinion about this one.
    assert cause["machine"] is None
    (part, _rest) = desk.get("marker0", "marking")["items"]
    assert (part["waiting"], part["different"]) == (1, 1)


def test_two_markers_never_meet_until_one_gives_back(desk: Desk) -> None:
    desk.marking.hand_in("odd")
    answer = desk.ask("marker0", "POST", f"{ESSAY}/claims", {}).json()["answer"]
    here = f"{ESSAY}/{answer['attempt']}/1"
    assert desk.ask("marker1", "POST", f"{ESSAY}/claims", {}).json() == {"answer": None}
    refused = desk.ask("marker1", "PUT", f"{here}/claim")
    assert (refused.status_code, refused.json()["detail"]) == (409, "Marker0 is marking this answer now.")
    looked = desk.get("marker1", here)
    assert (looked["mine"], looked["holder"]) == (False, "Marker0")
    body = {"seen": 0, "rubric": 1, "criteria": [{"id": "cause", "points": "1"}]}
    assert desk.ask("marker1", "POST", f"{here}/judgements", body).status_code == 409
    (line,) = desk.get("marker1", ESSAY)["items"]
    assert (line["mine"], line["holder"]) == (False, "Marker0")
    # Giving back what somebody else holds changes nothing.
    assert desk.ask("marker1", "DELETE", f"{here}/claim").status_code == 204
    assert desk.get("marker1", here)["holder"] == "Marker0"
    assert desk.ask("marker0", "DELETE", f"{here}/claim").status_code == 204
    mine = desk.ask("marker1", "PUT", f"{here}/claim")
    assert (mine.status_code, mine.json()["mine"]) == (200, True)
    assert desk.ask("marker1", "POST", f"{here}/judgements", body).json()["stored"] == 1
    assert len(desk.marking.judgements()) == 1


def test_what_is_the_same_is_claimed_and_judged_along_and_a_suggestion_accepted(desk: Desk) -> None:
    desk.marking.hand_in("maybe this", "maybe  This", "odd")
    found = desk.get("marker0", f"{ESSAY}?show=all")["items"]
    texts = {one["attempt"]: desk.get("marker0", f"{ESSAY}/{one['attempt']}/1") for one in found}
    lead = next(one for one in texts.values() if one["suggests"])
    assert len(lead["alike"]) == 1
    here = f"{ESSAY}/{lead['attempt']}/1"
    assert desk.ask("marker0", "PUT", f"{here}/claim").json()["alike"] == lead["alike"]
    other = {name: lead["alike"][0][name] for name in ("attempt", "position")}
    body = {"seen": 0, "rubric": 1, "accept": True, "alike": [other]}
    assert desk.ask("marker0", "POST", f"{here}/judgements", body).json() == {"stored": 2, "left": 0, "waits": False}
    odd = next(one for one in texts.values() if not one["suggests"])
    body = {"seen": 0, "rubric": 1, "accept": True}
    refused = desk.ask("marker0", "POST", f"{ESSAY}/{odd['attempt']}/1/judgements", body)
    assert (refused.status_code, refused.json()["place"]) == (422, "criteria")
    assert "suggests nothing" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"criteria": [{"id": "effect"}, {"id": "cause", "points": "2"}]}, "criteria.1.points"),
        ({"criteria": [{"id": "effect", "comment": "Why?"}]}, "criteria.0.points"),
        ({"criteria": [{"id": "cause", "points": "lots"}]}, "criteria.0.points"),
        ({"criteria": [{"id": "cause", "points": "1"}, {"id": "cause", "points": "0"}]}, "criteria"),
        ({"adjustment": "7"}, "adjustment"),
        ({"comment": "x" * 2001}, "comment"),
        ({"points": {"cause": "1"}}, "points"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(desk: Desk, body: dict[str, Any], place: str) -> None:
    (here,) = desk.marking.hand_in("odd")
    refused = desk.ask("marker0", "POST", f"{ESSAY}/{here}/judgements", {"seen": 0, "rubric": 1, **body})
    assert (refused.status_code, refused.json()["place"]) == (422, place), refused.text
    assert desk.marking.judgements() == []


def test_only_staff_with_the_scope_mark_and_only_what_is_there(desk: Desk) -> None:
    (here,) = desk.marking.hand_in("odd")
    addresses = ("marking", ESSAY, f"{ESSAY}/{here}")
    others = desk.token("marker0", ("results:read", "attempts:write"))
    for address in addresses:
        assert desk.ask("writer0", "GET", address).status_code == 403
        refused = desk.ask_with(others, "GET", address)
        assert (refused.status_code, refused.json()["detail"]) == (403, "This token lacks the scope marking:write.")
    for address in ("marking/essay/nothing", "marking/nothing/why", f"{ESSAY}/nothing/1", f"{ESSAY}/{here.attempt}/9"):
        assert desk.ask("marker0", "GET", address).status_code == 404
    with desk.house.transactions.writing() as tx:
        from app.storage import quizzes

        quizzes.course(tx, desk.marking.course).archived_at = tx.now()
    assert desk.ask("marker0", "GET", f"{ESSAY}/{here}").status_code == 200
    assert desk.ask("marker0", "POST", f"{ESSAY}/claims", {}).status_code == 403
    assert desk.ask("marker0", "PUT", f"{ESSAY}/{here}/claim").status_code == 403


def test_what_cannot_be_taken_back_is_passed_over_where_that_is_asked_for(desk: Desk) -> None:
    first, second = desk.marking.hand_in("odd", "odd one")
    body = {"seen": 0, "rubric": 1, "criteria": [{"id": "cause", "points": "1"}]}
    for place in (first, second):
        desk.marking.clock.pass_time(seconds=1)
        assert desk.ask("marker0", "POST", f"{ESSAY}/{place}/judgements", body).json()["stored"] == 1
    desk.marking.grade()
    seen = desk.get("marker1", f"{ESSAY}/{second}")["seen"]
    assert desk.ask("marker0", "DELETE", f"{ESSAY}/{second}/claim").status_code == 204
    other = body | {"seen": seen, "criteria": [{"id": "cause", "points": "0"}]}
    assert desk.ask("marker1", "POST", f"{ESSAY}/{second}/judgements", other).status_code == 200
    assert desk.ask("marker1", "DELETE", f"{ESSAY}/{second}/claim").status_code == 204
    for given in (None, {}, {"pass_over": False}):
        refused = desk.ask("marker0", "POST", f"{ESSAY}/undo", given)
        assert (refused.status_code, "Somebody has decided" in refused.text) == (409, True)
    undone = desk.ask("marker0", "POST", f"{ESSAY}/undo", {"pass_over": True})
    assert (undone.status_code, undone.json()) == (200, {"attempt": first.attempt, "position": 1})


def test_whether_an_answer_still_waits_is_looked_at_while_others_can_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place,) = desk.marking.hand_in("odd")
    sandbox, nobody, looked = desk.house.app.state.sandbox, desk.marking.students[0], []
    run = sandbox.run

    def slow(name: str, payload: Any, **more: Any) -> Any:
        if more.get("lane") == "interactive":  # and no worker that grades meanwhile
            with ThreadPoolExecutor() as other:
                other.submit(desk.marking.do, lambda tx: claims.let_go(tx, nobody)).result(timeout=3)
            looked.append(name)
        return run(name, payload, **more)

    monkeypatch.setattr(sandbox, "run", slow)
    body = {"seen": 0, "rubric": 1, "criteria": [{"id": "style", "points": "-1/2"}]}
    for replayed in (False, True):
        judged = desk.ask("marker0", "POST", f"{ESSAY}/{place}/judgements", body, Idempotency_Key="one")
        assert judged.json() == {"stored": 1, "left": 0, "waits": True}
        assert ("idempotency-replayed" in judged.headers) == replayed
    assert looked == ["credit"]
