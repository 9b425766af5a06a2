"""Who sits a quiz, orders for them, groups: as programs of the staff ask for it."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Programs


def start(programs: Programs, login: str = "student0", **rules: Any) -> str:
    """A quiz that this student sits; its path."""
    made = programs.ask(
        "ines", "POST", "quizzes", {"title": "T", "minutes": 60, "places": [{"question": "qa"}]} | rules
    )
    path = f"quizzes/{made.json()['id']}"
    programs.ask("ines", "POST", f"{path}/publish")
    started = programs.ask("tom", "POST", f"{path}/attempts", {"login": login})
    assert started.status_code == 201, started.text
    return path


def order(programs: Programs, path: str, status: int = 200, /, **given: Any) -> Any:
    answer = programs.ask("tom", "POST", f"{path}/sitting/orders", given)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_who_sits_and_what_is_done_for_them(programs: Programs) -> None:
    path = start(programs)
    seats = {one["login"]: one for one in programs.get("tom", f"{path}/sitting")["items"]}
    assert {login: one["state"] for login, one in seats.items()} == {"student0": "in", "student1": "not started"}
    assert 3500 < seats["student0"]["seconds_left"] <= 3600
    assert order(programs, path, what="time", minutes=10, reason="Alarm", logins=["Student0"]) == {
        "what": "time",
        "count": 1,
    }
    assert order(programs, path, what="pause", everybody=True)["count"] == 1
    order(programs, path, what="note", text="Seat 12 is empty", logins=["student1"])
    seats = {one["login"]: one for one in programs.get("tom", f"{path}/sitting?limit=1")["items"]}
    assert (seats["student0"]["extra_seconds"], seats["student0"]["paused_at"] is None) == (600, False)
    log = programs.get("tom", f"{path}/sitting/log")["items"]
    assert [(one["kind"], one["login"], one["minutes"]) for one in log if one["by"] == "Tom"][-3:] == [
        ("deadline moved", "student0", 10),
        ("paused", "", None),
        ("note", "student1", None),
    ]
    assert order(programs, path, what="resume", logins=["student0"])["count"] == 1
    assert order(programs, path, what="message", text="In question 2, σ is 1.", everybody=True)["count"] == 1
    assert order(programs, path, what="end", everybody=True)["count"] == 1
    seats = {one["login"]: one for one in programs.get("tom", f"{path}/sitting")["items"]}
    assert (seats["student0"]["state"], seats["student0"]["visited_at"]) == ("handed in", None)
    assert order(programs, path, what="reopen", minutes=5, logins=["student0"])["count"] == 1
    seats = {one["login"]: one for one in programs.get("tom", f"{path}/sitting")["items"]}
    assert seats["student0"]["state"] == "in"
    assert order(programs, path, what="end", everybody=True)["count"] == 1
    assert order(programs, path, 409, what="end", everybody=True)["detail"].startswith("None of these students is in")


def test_an_order_names_exactly_one_way_whom_it_is_for(small_programs: Programs) -> None:
    path = start(small_programs)
    assert order(small_programs, path, 422, what="pause")["place"] == "everybody"
    assert order(small_programs, path, 422, what="pause", everybody=True, group="A")["place"] == "everybody"
    assert order(small_programs, path, 422, what="pause", logins=["student0", "ines"])["place"] == "logins.1"
    assert order(small_programs, path, 422, what="time", everybody=True)["place"] == "minutes"
    assert order(small_programs, path, 422, what="dance", everybody=True)["place"] == "what"


def test_the_same_order_sent_twice_is_carried_out_once(programs: Programs) -> None:
    path = start(programs)
    for replayed in (None, "true"):
        given = {"what": "time", "minutes": 5, "everybody": True}
        answer = programs.ask("tom", "POST", f"{path}/sitting/orders", given, Idempotency_Key="five-minutes")
        assert answer.headers.get("idempotency-replayed") == replayed
    (seat, _) = programs.get("tom", f"{path}/sitting")["items"]
    assert seat["extra_seconds"] == 300


def test_students_neither_look_nor_order(small_programs: Programs) -> None:
    path = start(small_programs)
    for method, where in (("GET", "sitting"), ("GET", "sitting/log"), ("POST", "sitting/orders")):
        body = {"what": "pause", "everybody": True} if method == "POST" else None
        assert small_programs.ask("student0", method, f"{path}/{where}", body).status_code == 403


def test_a_group_is_enrolled_and_gets_the_same_rules(programs: Programs) -> None:
    given = {"people": [{"login": "g1", "group": "Lab  2"}, {"login": "g2", "group": "Lab 2"}, {"login": "g3"}]}
    told = programs.ask("ines", "POST", "enrolments", given).json()["items"]
    assert [one["group"] for one in told] == ["Lab 2", "Lab 2", ""]
    assert programs.ask("ines", "PUT", "enrolments/g2", {"role": "student"}).json()["group"] == "Lab 2"
    assert programs.ask("ines", "PUT", "enrolments/g2", {"group": ""}).json()["group"] == ""
    assert programs.ask("ines", "PUT", "enrolments/g2", {"group": "x" * 101}).status_code == 422
    programs.ask("ines", "PUT", "enrolments/g2", {"group": "Lab 2"})
    path = start(programs)
    rules = {"extra_minutes": 15, "reason": "Late room"}
    granted = programs.ask("ines", "PUT", f"{path}/accommodations", rules | {"group": "Lab 2"}).json()["items"]
    assert [(one["login"], one["extra_minutes"]) for one in granted] == [("g1", 15), ("g2", 15)]
    granted = programs.ask("ines", "PUT", f"{path}/accommodations", rules | {"logins": ["student0"]}).json()["items"]
    assert len(granted) == 3
    assert order(programs, path, what="time", minutes=5, logins=["student0"])["count"] == 1
    for wrong in ({}, {"group": "Lab 2", "logins": ["g1"]}, {"logins": ["nobody"]}):
        assert programs.ask("ines", "PUT", f"{path}/accommodations", rules | wrong).status_code == 422
    assert programs.ask("ines", "PUT", f"{path}/accommodations", rules | {"group": "Lab 3"}).status_code == 404
