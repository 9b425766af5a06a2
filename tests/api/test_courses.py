"""Courses, people, quizzes and webhooks as programs keep them; long lists page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.interchange.archives import read_archive, write_archive
from tests.api.conftest import Programs, settle
from tests.services.bank_folders import folder
from tests.web.conftest import House
from tests.web.test_bank import BankSandbox


def walk(programs: Programs, who: str, path: str, limit: int) -> list[Any]:
    """Every item of a list, by its cursors and by its Link headers."""
    items, following = [], f"{path}?limit={limit}"
    while True:
        answer = programs.ask(who, "GET", following)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert len(told["items"]) <= limit
        items += told["items"]
        if told["next"] is None:
            assert "link" not in answer.headers
            return items
        following = f"{path}?limit={limit}&cursor={told['next']}"
        assert f"cursor={told['next']}" in answer.headers["link"]
        assert answer.headers["link"].endswith('>; rel="next"')


def test_a_course_is_created_changed_archived_and_copied(programs: Programs) -> None:
    made = programs.ask("ines", "POST", "/courses", {"title": "CNNs", "term": "W26", "time_zone": "Europe/Berlin"})
    assert made.status_code == 201
    where = made.headers["location"].removeprefix("/api/v1")
    assert programs.get("ines", where) == made.json()
    assert (made.json()["standing"], made.json()["archived"]) == ("instructor", False)
    changed = programs.ask("ines", "PATCH", where, {"title": "ConvNets"})
    assert (changed.json()["title"], changed.json()["term"]) == ("ConvNets", "W26")
    assert programs.ask("ines", "PATCH", where, {"archived": True}).json()["archived"] is True
    assert programs.ask("ines", "PATCH", where, {"archived": False}).json()["archived"] is False
    copy = programs.ask("ines", "POST", f"{where}/copies", {"title": "ConvNets", "term": "W27"})
    assert (copy.status_code, copy.json()["term"]) == (201, "W27")
    assert programs.ask("student0", "POST", "/courses", {"title": "Mine"}).status_code == 403


def test_people_are_enrolled_one_by_one_and_all_at_once(programs: Programs) -> None:
    assert programs.ask("ines", "PUT", "enrolments/mira", {"role": "student", "name": "Mira"}).json()["name"] == "Mira"
    many = {"people": [{"login": f"s{number}", "name": f"S {number}"} for number in range(20)]}
    assert len(programs.ask("ines", "POST", "enrolments", many).json()["items"]) == 20
    everybody = walk(programs, "tom", "enrolments", 7)
    logins = [one["login"] for one in everybody]
    assert logins == sorted(logins)
    assert len(set(logins)) == 20 + 5
    assert programs.ask("ines", "PUT", "enrolments/mira", {"role": "assistant"}).json()["role"] == "assistant"
    assert programs.ask("ines", "DELETE", "enrolments/mira").status_code == 204
    assert programs.ask("ines", "DELETE", "enrolments/mira").status_code == 404
    assert programs.ask("ines", "DELETE", "enrolments/ines").status_code == 409
    wrong = {"people": [{"login": "fine"}, {"login": "not fine"}]}
    refused = programs.ask("ines", "POST", "enrolments", wrong)
    assert (refused.status_code, refused.json()["place"]) == (422, "people.1.login")
    assert "fine" not in [one["login"] for one in walk(programs, "tom", "enrolments", 100)]


def test_what_is_added_while_walking_shifts_nothing(small_programs: Programs) -> None:
    many = {"people": [{"login": f"s{number:02}"} for number in range(0, 20, 2)]}
    small_programs.ask("ines", "POST", "enrolments", many)
    first = small_programs.ask("tom", "GET", "enrolments?limit=5").json()
    more = {"people": [{"login": f"s{number:02}"} for number in range(1, 20, 2)] + [{"login": "aaa"}]}
    small_programs.ask("ines", "POST", "enrolments", more)
    rest, cursor = [], first["next"]
    while cursor:
        page = small_programs.ask("tom", "GET", f"enrolments?limit=5&cursor={cursor}").json()
        rest += [one["login"] for one in page["items"]]
        cursor = page["next"]
    seen = [one["login"] for one in first["items"]] + rest
    assert len(seen) == len(set(seen))
    assert {one["login"] for one in many["people"]} <= set(seen)


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzFd", "WyJcdTAwMDAiXQ", "W251bGxd", "A" * 2000, "%00", "é"])
@pytest.mark.parametrize("path", ["/courses", "enrolments", "quizzes", "/bank/questions"])
def test_what_is_no_cursor_is_refused(small_programs: Programs, path: str, cursor: str) -> None:
    answer = small_programs.ask("ines", "GET", f"{path}?cursor={cursor}")
    assert (answer.status_code, answer.json()["place"]) == (422, "cursor")


def test_a_misspelt_parameter_is_told(small_programs: Programs) -> None:
    answer = small_programs.ask("ines", "GET", "/bank/questions?tags=conv")
    assert (answer.status_code, answer.json()["place"]) == (422, "tags")
    assert small_programs.house.client.get("/api/v1/health?%00=1").status_code == 422


def test_a_quiz_is_built_changed_and_published(programs: Programs) -> None:
    body = {"title": "Midterm", "minutes": 60, "places": [{"question": "qa", "weight": "1/2"}]}
    made = programs.ask("ines", "POST", "quizzes", body).json()
    assert (made["state"], made["most"], made["places"][0]["weight"], made["minutes"]) == ("draft", "3/2", "1/2", 60)
    path = f"quizzes/{made['id']}"
    change = {
        **body,
        "title": "Final",
        "revision": made["revision"],
        "places": [{"questions": ["qa", "qb"], "take": 1}],
    }
    changed = programs.ask("ines", "PUT", path, change)
    assert (changed.status_code, changed.json()["title"], changed.json()["most"]) == (200, "Final", "3")
    assert programs.ask("ines", "PUT", path, change).status_code == 409
    assert made["id"] not in [one["id"] for one in programs.get("student0", "quizzes")["items"]]
    assert programs.ask("student0", "GET", path).status_code == 403
    assert programs.ask("ines", "POST", f"{path}/publish").json()["state"] == "published"
    assert programs.ask("ines", "POST", f"{path}/publish").status_code == 403
    assert made["id"] in [one["id"] for one in programs.get("student0", "quizzes")["items"]]
    assert programs.ask("ines", "DELETE", path).status_code == 403
    assert programs.ask("ines", "POST", f"{path}/draft").json()["state"] == "draft"
    assert programs.ask("ines", "DELETE", path).status_code == 204
    assert programs.ask("ines", "GET", path).status_code == 404


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"title": ""}, "title"),
        ({"title": "x\0"}, "title"),
        ({"title": 5}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 2**70}, "minutes"),
        ({"minutes": "60"}, "minutes"),
        ({"minutes": 1.5}, "minutes"),
        ({"closes_at": "tomorrow"}, "closes_at"),
        ({"closes_at": "2026-01-01T00:00:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59:59-12:00"}, "closes_at"),
        ({"closes_at": 1764000000}, "closes_at"),
        ({"opens_at": "2026-01-02T00:00:00Z", "closes_at": "2026-01-01T00:00:00Z"}, "closes_at"),
        ({"counts": "worst"}, "counts"),
        ({"places": [{"question": "qa", "weight": "1/0"}]}, "places.0.weight"),
        ({"places": [{"question": "qa", "weight": 0.5}]}, "places.0.weight"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_their_place(
    small_programs: Programs, given: dict[str, Any], place: str
) -> None:
    answer = small_programs.ask("ines", "POST", "quizzes", {"title": "Quiz"} | given)
    assert (answer.status_code, answer.json()["place"]) == (422, place), answer.text


@pytest.mark.parametrize(
    "body", [b'{"title": "\\ud800"}', b'{"\\ud800": 1, "title": "x"}', b'{"title": "\\u0000"}', b"{}"]
)
def test_characters_that_cannot_be_stored_are_refused(small_programs: Programs, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {small_programs.token('ines')}", "Content-Type": "application/json"}
    answer = small_programs.house.client.post("/api/v1/courses", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_webhooks_are_kept_and_their_log_is_read(programs: Programs) -> None:
    new = {"address": "https://example.org/hook", "events": ["attempt.started", "enrolment.changed"]}
    made = programs.ask("ines", "POST", "webhooks", new)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    path = f"webhooks/{made.json()['id']}"
    assert "secret" not in programs.get("ines", path)
    resting = programs.ask("ines", "PUT", path, {**new, "events": ["enrolment.changed"], "active": False})
    assert (resting.json()["active"], resting.json()["events"]) == (False, ["enrolment.changed"])
    programs.ask("ines", "PUT", "enrolments/mira", {})
    assert programs.get("ines", f"{path}/deliveries")["items"] == []
    # Posting it fails here, as nothing leaves this machine; what matters is that it is on the list.
    programs.ask("ines", "PUT", path, {**new, "events": ["enrolment.changed"]})
    for login in ("mira", "noa", "lea"):
        programs.ask("ines", "PUT", f"enrolments/{login}", {"role": "assistant"})
    log = walk(programs, "ines", f"{path}/deliveries", 2)
    assert [one["payload"]["data"]["login"] for one in log] == ["lea", "noa", "mira"]
    again = programs.ask("ines", "POST", f"{path}/deliveries/{log[0]['id']}/redeliver")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert programs.ask("ines", "DELETE", path).status_code == 204
    assert programs.get("ines", "webhooks")["items"] == []
    inside = {**new, "address": "https://127.0.0.1/"}
    refused = programs.ask("ines", "POST", "webhooks", inside)
    assert (refused.status_code, refused.json()["place"]) == (422, "address")


def test_the_bank_is_searched_and_read(programs: Programs) -> None:
    lines = walk(programs, "ines", "/bank/questions", 1)
    assert [line["question"] for line in lines] == ["qa", "qb"]
    assert [line["question"] for line in programs.get("ines", "/bank/questions?text=question%20QB")["items"]] == ["qb"]
    assert programs.get("ines", "/bank/questions?tag=none&grader=number")["items"] == []
    question = programs.get("ines", "/bank/questions/qa")
    assert (question["title"], question["points"], len(question["versions"])) == ("Question qa", "3", 1)
    version = programs.get("ines", "/bank/questions/qa/versions/1")
    assert version["package"]["question"]["id"] == "qa"
    assert programs.ask("ines", "GET", "/bank/questions/qa/versions/2").status_code == 404
    assert programs.ask("ines", "GET", "/bank/questions/none").status_code == 404


def test_a_variant_is_shown_and_an_answer_graded_without_storing_anything(small_programs: Programs) -> None:
    variant = small_programs.get("ines", "/bank/questions/qa/variants/3")
    assert (variant["seed"], variant["solution"]) == (3, None)
    assert small_programs.get("ines", "/bank/questions/qa/variants/3?solution=true")["solution"]["parts"]
    trial = {"seed": 3, "answers": {"qa_x": "1"}}
    credit = small_programs.ask("ines", "POST", "/bank/questions/qa/grade", trial)
    assert (credit.status_code, credit.json()["points"]) == (200, "6")
    for wrong in ({"nothing": "1"}, {"qa_x": {"a": 1}}, {"qa_x": "\0"}):
        refused = small_programs.ask("ines", "POST", "/bank/questions/qa/grade", {"seed": 3, "answers": wrong})
        assert (refused.status_code, refused.json()["place"]) == (422, f"answers.{next(iter(wrong))}")
    assert small_programs.ask("ines", "GET", "/bank/questions/qa/variants/99999999999").status_code == 404
    assert small_programs.ask("student0", "GET", "/bank/questions/qa/variants/1").status_code == 403


def test_a_program_is_told_all_it_needs_to_show_a_field(small_programs: Programs) -> None:
    variant = small_programs.get("ines", "/bank/questions/qa/variants/3")
    told = {field["id"]: field["widget"] for part in variant["parts"] for field in part["fields"]}
    assert told["sketch"]["frame"]["names"] == ["linear", "logistic"]
    assert told["arrows"]["frame"]["starts"] == [[0, 0], [3, 0]]
    assert (told["graph"]["inputs"], told["graph"]["asks"]) == (["w", "x"], ["value", "gradient"])
    assert {"name": "w", "kind": "vector"} in told["formula"]["symbols"]
    assert told["formula"]["lead"].startswith(r"\frac")


def test_questions_come_in_as_a_zip_and_go_out_as_one(open_house: Callable[..., House]) -> None:
    programs = settle(open_house(sandbox=BankSandbox()))
    files = folder("sum")
    content = write_archive({"sum": files})
    headers = {"Authorization": f"Bearer {programs.token('ines')}", "Content-Type": "application/zip"}
    for key, status in (("one", 200), ("one", 200), ("two", 200)):
        answer = programs.house.client.post(
            "/api/v1/bank/import?note=from+home", content=content, headers={**headers, "Idempotency-Key": key}
        )
        assert answer.status_code == status, answer.text
        if key == "one":
            assert answer.json() == {"versions": [{"question": "sum", "number": 1}], "unchanged": []}
        else:
            assert answer.json() == {"versions": [], "unchanged": ["sum"]}
    out = programs.ask("ines", "GET", "/bank/questions/sum/export")
    (question,) = read_archive(out.content).questions
    assert question.folder == files
    (version,) = programs.get("ines", "/bank/questions/sum")["versions"]
    assert (version["note"], version["author"], version["origin"]) == ("from home", "Ines", "import")
    broken = write_archive({"sum": files | {"question.yaml": b"id: sum\nnothing: else\n"}, "fine": folder("fine")})
    refused = programs.house.client.post("/api/v1/bank/import", content=broken, headers=headers)
    assert refused.status_code == 422
    assert "question.yaml" in refused.json()["detail"]
    assert programs.ask("ines", "GET", "/bank/questions/fine").status_code == 404


def test_a_zip_goes_out_and_what_is_none_does_not_come_in(small_programs: Programs) -> None:
    out = small_programs.ask("ines", "GET", "/bank/questions/qa/export")
    assert (out.status_code, out.headers["content-type"]) == (200, "application/zip")
    assert out.content[:2] == b"PK"
    headers = {"Authorization": f"Bearer {small_programs.token('ines')}", "Content-Type": "application/zip"}
    address = "/api/v1/bank/import"
    for content, kind in ((b"nothing", "application/zip"), (b"", "application/zip"), (out.content, "text/plain")):
        answer = small_programs.house.client.post(address, content=content, headers={**headers, "Content-Type": kind})
        assert answer.status_code == 422, answer.text
