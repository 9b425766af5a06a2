"""From the list of quizzes to the receipt, as the server sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.conftest import House
from tests.web.variant import WIDGETS


@pytest.fixture
def attempt(house: House) -> str:
    house.sign_in()
    return house.start()


on_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


def change(field: str, value: Any, revision: int = 1, item: int = 1) -> dict[str, Any]:
    return {"item": item, "field": field, "revision": revision, "value": value}


@on_sqlite
def test_the_list_shows_quizzes_and_what_was_done(house: House) -> None:
    page = house.sign_in().text
    assert "2 questions" in page
    assert "6 points" in page
    assert "no time limit" in page
    assert ">Start<" in page
    attempt = house.start()
    page = house.client.get("/").text
    assert "not handed in" in page
    assert f'href="{attempt}"' in page
    assert ">Start<" not in page


@on_sqlite
def test_starting_again_goes_on_with_the_open_attempt(house: House, attempt: str) -> None:
    assert house.start() == attempt
    answer = house.client.get(attempt, follow_redirects=False)
    assert answer.headers["location"] == f"{attempt}/questions/1"


@on_sqlite
def test_a_page_has_a_plain_input_for_every_kind_of_field(house: House, attempt: str) -> None:
    page = house.client.get(f"{attempt}/questions/1").text
    for name, widget in WIDGETS.items():
        assert f"<{widget['kind']}-answer" in page
        assert f'id="field-{name}"' in page
    for name in ("number", "vector.2", "matrix.1.1", "truth.1", "words.1", "table.1.1", "word_table.0.0", "text"):
        assert f'name="f.{name}"' in page
    assert "None of them" in page
    assert "Everything &lt;at once&gt;" in page
    assert page.count("not answered") >= 2


def test_what_was_saved_is_shown_and_read(house: House, attempt: str) -> None:
    token = house.token(attempt)
    answer = house.save(
        attempt,
        token,
        change("number", "3*3*16"),
        change("vector", ["1", "2*", ""]),
        change("several", "1,3"),
        change("truth", ["true", ""]),
        change("word", "no"),
        change("free_matrix", [["1", "2", "3"]]),
        change("@flag", True),
    )
    assert answer.status_code == 200
    assert {field["state"] for field in answer.json()["fields"]} == {"saved"}
    page = house.client.get(f"{attempt}/questions/1").text
    assert 'value="3*3*16"' in page
    assert re.search(r'data-tex="[^"]*\\cdot', page)
    assert "Entry 2: " in page
    assert page.count(" checked") == 4  # two options, one statement judged, one not
    assert "<option selected>no</option>" in page
    assert 'name="f.free_matrix.0.2" value="3"' in page
    assert 'aria-pressed="true"' in page
    assert 'data-status="cannot be read">cannot be read' in page


def test_a_stale_save_hears_what_is_stored(house: House, attempt: str) -> None:
    token = house.token(attempt)
    house.save(attempt, token, change("number", "1", revision=2))
    (field,) = house.save(attempt, token, change("number", "2", revision=1), seq=2).json()["fields"]
    assert (field["state"], field["revision"], field["value"]) == ("stale", 2, "1")


@on_sqlite
def test_saving_outlives_the_session_but_needs_the_token_of_this_attempt(house: House, attempt: str) -> None:
    token = house.token(attempt)
    house.client.cookies.clear()
    assert house.save(attempt, token, change("number", "1")).status_code == 200
    for wrong in ("", "1.abc", token[:-1], "x" + token, "9" * 30 + ".a"):
        answer = house.save(attempt, wrong, change("number", "2"), seq=2)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
    other = house.save("/attempts/other", token, change("number", "2"), seq=2)
    assert other.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"device": "a"}',
        '{"device": "a", "seq": 1, "changes": [{"item": 1, "field": "number", "revision": 1, "value": NaN}]}',
        '{"device": "a", "seq": 1, "changes": [{"item": 1, "field": "number", "revision": 1, "value": "\\u0000"}]}',
        '{"device": "a", "seq": 1, "changes": [{"item": 1, "field": "number", "revision": 1, "value": "\\ud800"}]}',
        '{"device": "a", "seq": 1, "changes": [{"item": 1, "field": "number", "revision": 1e999, "value": ""}]}',
        '{"device": "a", "seq": 99999999999999999999, "changes": []}',
        '{"device": "\\ud800", "seq": 1, "changes": []}',
        '{"seq": ' + "9" * 5000 + "}",
        "[" * 100_000,
        b"\xff\xfe",
    ],
    ids=range(14),
)
def test_a_save_that_is_none_is_refused_in_a_sentence(small_house: House, body: str | bytes) -> None:
    small_house.sign_in()
    attempt = small_house.start()
    headers = {"X-Attempt-Token": small_house.token(attempt), "Content-Type": "application/json"}
    answer = small_house.client.post(f"{attempt}/saves", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")


@on_sqlite
def test_only_json_can_save(house: House, attempt: str) -> None:
    headers = {"X-Attempt-Token": house.token(attempt)}
    answer = house.client.post(f"{attempt}/saves", data={"device": "a"}, headers=headers)
    assert answer.status_code == 403


def test_without_scripts_a_form_saves_and_moves_on(house: House, attempt: str) -> None:
    form = {
        "f.number": "1/3",
        "f.vector.0": "1",
        "f.free_vector.0": "7",
        "f.free_vector.1": "",
        "f.free_matrix.0.0": "1",
        "f.free_matrix.0.1": "",
        "f.free_matrix.1.0": "2",
        "f.free_matrix.1.1": "",
        "f.several": ["1", "2"],
        "f.order": ["2", "", "1"],
        "f.truth.0": "false",
        "f.words.1": "high",
        "f.word_table.1.1": "on",
        "f.text": "words",
        "f.graph": "s = dot(w, x)\r\nL = log(s)",
        "f.arrows.0.0.0": "2",
        "f.arrows.0.0.1": "-1",
        "f.formula": "lam*\r\n(a + b)",
        "f.formulas.0.1": "a",
        "f.column.1.0": "b",
        "f.derivation": "a + b\r\nb + a",
        "flag": "true",
        "go": "2",
    }
    answer = house.post(f"{attempt}/questions/1", form, follow_redirects=False)  # type: ignore[arg-type]
    assert answer.headers["location"] == f"{attempt}/questions/2"
    with house.transactions.reading() as tx:
        from app.services.sitting import attempts

        person = 1
        view = attempts.view(tx, person, attempt.rpartition("/")[2])
    stored = {field.id: field.value for part in view.items[0].parts for field in part.fields}
    assert stored == {
        "number": "1/3",
        "vector": ["1", "", ""],
        "free_vector": ["7"],
        "matrix": None,
        "free_matrix": [["1"], ["2"]],
        "several": "1,2",
        "single": None,
        "order": "2,1",
        "truth": ["false", ""],
        "word": None,
        "words": ["", "high"],
        "table": None,
        "word_table": [["", ""], ["", "on"]],
        "text": "words",
        "graph": "s = dot(w, x)\nL = log(s)",
        "sketch": None,
        "arrows": [[["2", "-1"]], []],
        "formula": "lam* (a + b)",
        "formulas": [["", "a"], ["", ""]],
        "column": ["", "b", ""],
        "derivation": "a + b\nb + a",
        "program": None,
        "drawing": None,
    }
    assert view.items[0].flagged
    again = house.post(f"{attempt}/questions/1", {"f.number": "", "flag": "", "go": "review"}, follow_redirects=False)
    assert again.headers["location"] == f"{attempt}/review"
    assert 'value="1/3"' not in house.client.get(f"{attempt}/questions/1").text
    stay = house.post(f"{attempt}/questions/1", {"go": "99999999"}, follow_redirects=False)
    assert stay.headers["location"] == f"{attempt}/questions/1"


@on_sqlite
def test_more_cells_can_be_had_without_scripts(house: House, attempt: str) -> None:
    page = house.client.get(f"{attempt}/questions/1?spare=3").text
    assert 'name="f.free_matrix.3.3"' in page
    assert 'name="f.free_vector.3"' in page
    assert 'name="f.matrix.2.0"' not in page


@on_sqlite
def test_the_review_names_what_is_worth_another_look(house: House, attempt: str) -> None:
    house.save(attempt, house.token(attempt), change("number", "1+"), change("text", "x"), change("@flag", True))
    page = house.client.get(f"{attempt}/review").text
    assert f'href="{attempt}/questions/1#field-number"' in page
    assert f'href="{attempt}/questions/1#field-text"' not in page
    assert f'href="{attempt}/questions/2#field-text"' in page
    assert f'<a class="flag-word" href="{attempt}/questions/1#flag">flagged' in page
    confirm = house.client.get(f"{attempt}/hand-in").text
    assert "1 answer cannot be read." in confirm
    assert "1 question is flagged." in confirm
    assert f'href="{attempt}/questions/1#field-number">Question 1</a>' in confirm
    assert f'href="{attempt}/questions/1#flag">Question 1</a>' in confirm
    assert f"{2 * len(WIDGETS) - 2} fields are not answered." in confirm


def test_handing_in_gives_a_receipt_and_is_final(house: House, attempt: str) -> None:
    token = house.token(attempt)
    house.save(attempt, token, change("number", "1"))
    receipt = house.post(f"{attempt}/hand-in")
    assert receipt.status_code == 200
    assert f"1 of {2 * len(WIDGETS)} fields" in receipt.text
    code = re.search(r"[0-9a-f]{64}", receipt.text)
    assert code
    assert house.post(f"{attempt}/hand-in").text.count(code[0]) == 1
    for page in ("", "/questions/1", "/review", "/hand-in"):
        answer = house.client.get(f"{attempt}{page}", follow_redirects=False)
        assert answer.status_code == 303
    late = house.save(attempt, token, change("number", "2", revision=2), seq=2)
    assert late.status_code == 202
    assert late.json()["kept"]
    assert code[0] in house.client.get(f"{attempt}/receipt").text


def test_nobody_sees_the_attempt_of_somebody_else(house: House, attempt: str) -> None:
    house.post("/sign-out")
    house.sign_in("student1")
    for page in ("", "/questions/1", "/review", "/hand-in", "/receipt", "/result", "/grading"):
        assert house.client.get(f"{attempt}{page}").status_code == 404
    assert house.post(f"{attempt}/hand-in").status_code == 404
    assert house.post(f"{attempt}/questions/1", {"f.number": "1"}).status_code == 404
    assert house.post("/quizzes/nothing/attempts").status_code == 404


def test_every_typed_answer_can_be_read_while_it_is_typed(small_house: House) -> None:
    def ask(**data: Any) -> Any:
        return small_house.client.post("/reading", json=data)

    lean = {"kind": "vector", "shape": [3], "several": True, "words": [], "rows": [], "columns": []}
    assert "\\begin" in ask(widget=lean, raw=["1", "1/2", ""]).json()["latex"]
    wrong = ask(widget=lean, raw=["1", "2", "3+"]).json()
    assert (wrong["state"], wrong["cell"]) == ("cannot be read", [2])
    assert ask(widget=lean, raw=["", "", ""]).json()["state"] == "blank"
    for nonsense in (None, {"kind": "cow"}, 7, [], "vector"):
        assert ask(widget=nonsense, raw="1").status_code == 422
    assert small_house.client.post("/reading", json=[1]).json()["state"] == "blank"
    half = b'{"widget": {"kind": "number"}, "raw": "\\ud800"}'
    answer = small_house.client.post("/reading", content=half, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_a_limited_quiz_shows_the_time_and_when_it_is_over(open_house: Callable[..., House]) -> None:
    now = datetime.now(UTC)
    limits = {"minutes": 30, "attempts_allowed": 1, "closes_at": now + timedelta(minutes=90)}
    house = open_house(quiz=limits)
    page = house.sign_in().text
    for words in ("30 minutes", "1 attempt", "open until"):
        assert words in page
    attempt = house.start()
    page = house.client.get(f"{attempt}/questions/1").text
    assert "30 minutes left" in page
    assert re.search(r'data-seconds-left="(1799|1800)"', page)
    house.post(f"{attempt}/hand-in")
    assert "You have used all attempts at this quiz." in house.client.get("/").text
    assert house.post(f"/quizzes/{house.quiz}/attempts").status_code == 403


@pytest.mark.parametrize(
    ("limits", "says"),
    [({"opens_at": timedelta(days=1)}, "not open yet"), ({"closes_at": timedelta(days=-1)}, "This quiz is closed.")],
)
def test_a_quiz_that_is_not_open_says_so(
    open_house: Callable[..., House], limits: dict[str, timedelta], says: str
) -> None:
    now = datetime.now(UTC)
    page = open_house(quiz={name: now + delta for name, delta in limits.items()}).sign_in().text
    assert says in page
    assert ">Start<" not in page


def test_there_is_a_word_for_an_empty_list(open_house: Callable[..., House]) -> None:
    house = open_house()
    with house.transactions.writing() as tx:
        from sqlalchemy import text

        tx.session.execute(text("DELETE FROM enrolments"))
    assert "Nothing here yet" in house.sign_in().text


@on_sqlite
def test_the_words_of_scripts_come_from_the_server(house: House, attempt: str) -> None:
    page = house.client.get(f"{attempt}/questions/1").text
    found = re.search(r'<script type="application/json" id="words">(.*?)</script>', page, re.DOTALL)
    assert found
    assert json.loads(found[1])["all-saved"] == "All changes saved"
