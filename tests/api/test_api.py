"""The API for programs says what it does, does it, and answers mistakes with problem documents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import House


def test_its_description_is_openapi_3_1_and_lists_what_there_is(small_house: House) -> None:
    document = small_house.client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names) > 40
    assert all(one["summary"] and one.get("description") for one in operations)
    assert all({"4XX", "5XX"} <= set(one["responses"]) for one in operations)
    schemas = document["components"]["schemas"]
    bodies = [one["requestBody"]["content"].get("application/json") for one in operations if "requestBody" in one]
    named = [body["schema"]["$ref"].rpartition("/")[2] for body in bodies if body is not None]
    silent = {name for name in named if not schemas[name].get("examples")}
    assert silent == {"Asked", "EnrolmentChange", "CourseCopy"}  # their fields say it all
    reading = document["paths"]["/api/v1/readings"]["post"]
    assert set(reading["responses"]) == {"200", "4XX", "5XX"}
    (problem,) = reading["responses"]["4XX"]["content"].items()
    assert problem[0] == "application/problem+json"
    assert {"title", "status", "detail", "place"} <= set(problem[1]["schema"]["properties"])


def test_it_is_well(small_house: House) -> None:
    answer = small_house.client.get("/api/v1/health").json()
    assert answer["status"] == "ok"
    assert answer["version"]
    assert small_house.client.get("/healthz").text == "ok\n"


def test_it_reads_answers(small_house: House) -> None:
    def read(kind: str, raw: Any, **more: Any) -> Any:
        return small_house.client.post("/api/v1/readings", json={"widget": {"kind": kind}, "raw": raw, **more}).json()

    assert read("number", "1/2")["state"] == "read"
    assert read("number", "1,5", decimal=",")["latex"]
    assert read("number", "")["state"] == "blank"
    wrong = read("number", "2+*3")
    assert wrong["state"] == "cannot be read"
    assert 0 <= wrong["start"] < wrong["end"] <= 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"widget": {"kind": "cow"}}',
        b'{"widget": {"kind": "number"}, "decimal": "x"}',
        b"[" * 99_999,
        b"\xff",
    ],
)
def test_a_body_it_cannot_take_is_answered_in_a_sentence(small_house: House, body: bytes) -> None:
    answer = small_house.client.post("/api/v1/readings", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    "raw", ['"\\ud800"', '"\\u0000"', "1e999", "NaN", '{"a": 1}', "true", "[[[[[1]]]]]", "9" * 4400]
)
def test_no_raw_answer_breaks_it(small_house: House, raw: str) -> None:
    body = '{"widget": {"kind": "number"}, "raw": ' + raw + "}"
    headers = {"Content-Type": "application/json"}
    answer = small_house.client.post("/api/v1/readings", content=body, headers=headers)
    assert answer.status_code in (200, 400, 422)


def test_what_is_not_there_is_a_problem_document(small_house: House) -> None:
    answer = small_house.client.get("/api/v1/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
