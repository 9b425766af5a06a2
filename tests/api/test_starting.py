"""What a quiz asks at its door holds for programs as well; staff vouch for others."""

from __future__ import annotations

import pytest

from tests.api.conftest import Programs
from tests.api.test_sitting import NUMBER, build, start

PLACES = [{"question": "qa", "section": 1}, {"question": "qb", "section": 1}]
SECTIONS = [{"title": "Part one", "text": "With a pencil."}]


def test_a_token_of_a_student_brings_code_and_honour_and_comes_from_the_network(small_programs: Programs) -> None:
    programs = small_programs
    rules = {"access_code": "Blue whale", "honour": "I am alone.", "networks": "10.0.0.0/8"}
    quiz = build(programs, **rules)
    told = programs.get("ines", f"quizzes/{quiz}")
    assert {name: told[name] for name in rules} == rules
    assert (told["mode"], told["navigation"], told["late_days"], told["grace_seconds"]) == ("exam", "free", 0, None)
    path = f"quizzes/{quiz}/attempts"
    refused = programs.ask("student0", "POST", path, {"access_code": "blue whale", "honour": True})
    assert refused.status_code == 403
    assert "you are seen at testclient" in refused.json()["detail"]
    programs.house.client._transport.client = ("10.1.2.3", 50_000)  # type: ignore[attr-defined]
    for body, place in (
        ({}, "honour"),
        ({"honour": True}, "access_code"),
        ({"honour": True, "access_code": "orca"}, "access_code"),
    ):
        refused = programs.ask("student0", "POST", path, body)
        assert (refused.status_code, refused.json()["place"]) == (422, place)
    attempt = start(programs, quiz, access_code="blue whale", honour=True)["id"]
    programs.house.client._transport.client = ("203.0.113.9", 50_000)  # type: ignore[attr-defined]
    assert programs.ask("student0", "GET", f"attempts/{attempt}").status_code == 403
    assert programs.ask("ines", "GET", f"attempts/{attempt}").status_code == 200
    saved = programs.ask("student0", "PUT", f"attempts/{attempt}/answers", {"answers": [NUMBER]})
    assert saved.status_code == 200
    assert start(programs, quiz, "tom", login="student1")["login"] == "student1"


def test_forward_only_a_student_sees_one_question_after_the_other(small_programs: Programs) -> None:
    programs = small_programs
    quiz = build(programs, navigation="forward", places=PLACES, sections=SECTIONS)
    attempt = start(programs, quiz)
    path = f"attempts/{attempt['id']}"
    assert (attempt["reached"], [item["position"] for item in attempt["items"]]) == (1, [1])
    assert attempt["sections"] == SECTIONS
    assert attempt["items"][0]["section"] == 1
    assert [item["position"] for item in programs.get("ines", path)["items"]] == [1, 2]
    ahead = programs.ask("student0", "PUT", f"{path}/answers", {"answers": [NUMBER | {"item": 2}]})
    assert ahead.status_code == 403
    assert "question 1 is open now" in ahead.json()["detail"]
    for _ in range(2):
        left = programs.ask("student0", "POST", f"{path}/leave", {"item": 1})
        assert (left.status_code, left.json()) == (200, {"reached": 2})
    assert [item["position"] for item in programs.get("student0", path)["items"]] == [2]
    assert programs.ask("student0", "POST", f"{path}/leave", {"item": 2}).status_code == 409
    assert programs.ask("student1", "POST", f"{path}/leave", {"item": 2}).status_code == 404


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"sections": SECTIONS, "places": [{"question": "qa", "section": 2}]}, "places[0].section"),
        ({"networks": "the hall"}, "networks"),
        ({"browser_keys": "abc"}, "browser_keys"),
    ],
)
def test_rules_that_cannot_be_are_named(small_programs: Programs, body: dict[str, object], place: str) -> None:
    refused = small_programs.ask("ines", "POST", "quizzes", {"title": "Midterm", **body})
    assert (refused.status_code, refused.json()["place"]) == (422, place)


def test_sections_come_with_their_places(small_programs: Programs) -> None:
    programs = small_programs
    made = programs.ask("ines", "POST", "quizzes", {"title": "A", "places": PLACES, "sections": SECTIONS}).json()
    assert made["sections"] == SECTIONS
    assert [place["section"] for place in made["places"]] == [1, 1]
    change = {"title": "B", "revision": made["revision"]}
    refused = programs.ask("ines", "PUT", f"quizzes/{made['id']}", change | {"sections": SECTIONS})
    assert (refused.status_code, refused.json()["place"]) == (422, "sections")
    kept = programs.ask("ines", "PUT", f"quizzes/{made['id']}", change).json()
    assert kept["sections"] == SECTIONS
    gone = programs.ask(
        "ines", "PUT", f"quizzes/{made['id']}", change | {"revision": kept["revision"], "places": [{"question": "qa"}]}
    ).json()
    assert (gone["sections"], gone["places"][0]["section"]) == ([], 0)
