"""The editor's routes: pages and JSON, for authors only, with everything wrong said in a sentence."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from app.services.accounts import sessions
from app.services.bank import bank
from app.storage import people
from app.web.visitors import COOKIE
from tests.author_desk import PNG
from tests.graders_here import GradersHere
from tests.question_folders import write
from tests.web.conftest import House


class Editor:
    """An author's browser at the draft of one question."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client = house.client
        self.tokens = {}
        with house.transactions.writing() as tx:
            for login in ("ada", "ben"):
                person = people.add_person(tx, login, login.title(), None, True)
                self.tokens[login] = sessions.open_session(tx, person.id, 5).token
        self.sign_in("ada")

    def sign_in(self, login: str) -> None:
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, self.tokens[login])
        self.csrf = sessions.csrf_of(self.tokens[login])

    def form(self, address: str, **fields: str) -> Response:
        return self.client.post(address, data={"csrf": self.csrf, **fields}, follow_redirects=False)

    def post(self, action: str, body: Any = None, question: str = "sum", **options: Any) -> Response:
        address = f"/bank/{question}/draft" + (f"/{action}" if action else "")
        headers = {"X-CSRF-Token": self.csrf, "Accept": "application/json"} | options.pop("headers", {})
        if not options:
            options["json"] = {} if body is None else body
        return self.client.post(address, headers=headers, **options)

    def get(self, question: str = "sum") -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/bank/{question}/draft").json()
        return found


@pytest.fixture
def editor(open_house: Callable[..., House], tmp_path: Path) -> Editor:
    """An author who has opened the draft of a small question."""
    sandbox = GradersHere()
    house = open_house(sandbox=sandbox)
    write(tmp_path / "bank")
    with house.transactions.reading() as reading, house.transactions.writing() as writing:
        assert bank.load_bank(reading, writing, sandbox, tmp_path / "bank").added == ("sum",)
    editor = Editor(house)
    assert editor.form("/bank/sum/edit").status_code == 303
    return editor


def test_a_question_is_begun_edited_tested_and_published(editor: Editor) -> None:
    begun = editor.form("/bank/new", title="My sum", id="", start="matrix")
    assert (begun.status_code, begun.headers["location"]) == (303, "/bank/my-sum/edit")
    page = editor.client.get("/bank/my-sum/edit")
    assert page.status_code == 200
    data = json.loads(page.text.split('id="draft-data">')[1].split("</script>")[0])
    assert data["graders"]["number"]["schema"]["properties"]
    assert data["graders"]["number"]["summary"]
    assert {"conv2d", "relu"} <= set(data["functions"])
    assert "table" in data["figures"]
    assert data["csrf"] == editor.csrf
    document = data["document"] | {"tags": ["layers"]}
    saved = editor.post("", {"revision": 0, "document": document}, "my-sum").json()
    assert (saved["revision"], saved["problems"]) == (1, [])
    assert "tags: [layers]" in saved["texts"]["question.yaml"]
    shown = editor.post("preview", {"document": document, "seeds": [0, 3], "language": "en"}, "my-sum").json()
    assert [seed["seed"] for seed in shown["seeds"]] == [0, 3]
    assert shown["problems"] == []
    tested = editor.post("test", {"from": 0, "to": 5}, "my-sum").json()
    assert (tested["seeds"], tested["shortfalls"]) == (5, [])
    tried = editor.post("try", {"seed": 0, "answers": {"z": "1, -7"}}, "my-sum").json()
    assert (tried["state"], tried["points"]) == ("graded", "2")
    case = {"revision": 1, "title": "only z", "seed": 0, "answers": {"z": "1, -7"}, "expect": {"layer": "2"}}
    assert editor.post("cases", case, "my-sum").json()["revision"] == 2
    published = editor.post("publish", {"revision": 2, "note": "First"}, "my-sum")
    assert published.json() == {"version": 1, "address": "/bank/my-sum"}
    assert editor.client.get("/bank/my-sum/draft").status_code == 404


def test_answers_to_a_short_text_are_tried_and_kept(editor: Editor) -> None:
    editor.form("/bank/new", title="My text", id="", start="text")
    given = [{"text": 'The "gradient" vanishes.', "points": "1"}, {"text": "It cannot learn."}]
    tried = editor.post("answers", {"field": "essay", "answers": given}, "my-text").json()
    assert (tried["part"], tried["field"], tried["points"]) == ("a", "essay", "2")
    first, second = tried["rows"]
    assert (first["lo"], first["judged"], second["lo"], second["judged"]) == ("1", "right", "1", "")
    assert first["claims"] == {"no_gradient": "made", "no_learning": "not made"}
    assert "&#34;" in first["marked_text"]
    assert '<mark data-mark="earned">gradient' in first["marked_text"]
    assert ["earned", "earns points"] in tried["legend"]
    document = editor.get("my-text")["document"]
    document["parts"][0]["fields"]["essay"]["claims"]["no_gradient"]["earn"] = ["[gradient nought]"]
    refused = editor.post("answers", {"field": "essay", "answers": given, "document": document}, "my-text")
    assert refused.status_code == 422
    assert refused.json()["places"][0]["path"] == "parts.0.fields.essay.claims.no_gradient.earn.0"
    case = {"revision": 0, "title": "why", "seed": 0, "answers": {"essay": "It cannot learn."}, "marked": {"a": "2"}}
    assert editor.post("cases", case, "my-text").json()["revision"] == 1
    published = editor.post("publish", {"revision": 1, "note": ""}, "my-text").json()
    assert published["problems"] == ["Case “why”: a is 1, a person gave 2: points that it deserves are denied."]


def test_the_form_for_a_new_question_comes_back_with_what_was_typed(editor: Editor) -> None:
    answer = editor.form("/bank/new", title="My <title>", id="Not An Id", start="number")
    assert answer.status_code == 422
    assert "My &lt;title&gt;" in answer.text
    assert "Not An Id" in answer.text
    assert "small letters" in answer.text
    assert editor.client.get("/bank/new").status_code == 200


def test_the_second_who_saves_is_told_who_was_first(editor: Editor) -> None:
    assert editor.post("", {"revision": 0, "texts": {"prompt.md": "## only\nAda\n"}}).status_code == 200
    editor.sign_in("ben")
    answer = editor.post("", {"revision": 0, "texts": {"prompt.md": "## only\nBen\n"}})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Ada saved this draft at ")
    assert "Ada" in editor.get()["texts"]["prompt.md"]


def test_a_sent_source_comes_back_as_document(editor: Editor) -> None:
    text = editor.get()["texts"]["question.yaml"]
    saved = editor.post("", {"revision": 0, "texts": {"question.yaml": text.replace("A sum", "B")}}).json()
    assert saved["document"]["title"] == "B"
    broken = editor.post("", {"revision": 1, "texts": {"question.yaml": "["}}).json()
    assert broken["document"] is None
    assert broken["problems"][0]["file"] == "question.yaml"
    assert editor.client.get("/bank/sum/edit").status_code == 200
    assert "document" not in editor.post("", {"revision": 2, "texts": {"prompt.md": "x"}}).json()


def test_what_falls_short_is_listed_and_not_published(editor: Editor) -> None:
    editor.post("", {"revision": 0, "texts": {"cases.yaml": "- {case: k, answers: {total: '6'}, expect: {only: 1}}"}})
    answer = editor.post("publish", {"revision": 1, "note": ""})
    assert answer.status_code == 422
    assert answer.json()["problems"] == ["Case “k”: only is 0, expected 1."]
    assert answer.json()["says"]
    assert editor.get()["revision"] == 1
    tried = editor.post("try", {"seed": 0, "answers": {}, "texts": {"question.yaml": "["}})
    assert (tried.status_code, len(tried.json()["problems"])) == (422, 1)


def test_images_come_and_go(editor: Editor) -> None:
    added = editor.post("images", files={"file": ("net.gif", PNG, "image/gif")}, data={"revision": "0"})
    assert added.json() == {"revision": 1, "images": [{"name": "net.png", "media": "image/png", "bytes": 108}]}
    shown = editor.client.get("/bank/sum/draft/files/net.png")
    assert (shown.headers["content-type"], shown.content) == ("image/png", PNG)
    assert editor.post("images", files={"file": ("a.png", b"<html>", "image/png")}).status_code == 422
    assert editor.post("images", files={"file": ("a.png", PNG, "image/png")}, data={"revision": "0"}).status_code == 409
    assert editor.post("images", data={"revision": "1"}).status_code == 422
    assert editor.post("images/remove", {"name": "net.png"}).json() == {"revision": 2, "images": []}
    assert editor.client.get("/bank/sum/draft/files/net.png").status_code == 404


def test_a_discarded_draft_is_gone(editor: Editor) -> None:
    answer = editor.form("/bank/sum/draft/discard")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bank/sum")
    assert editor.client.get("/bank/sum/edit").status_code == 404
    editor.form("/bank/new", title="Mine", id="mine", start="empty")
    assert editor.form("/bank/mine/draft/discard").headers["location"] == "/bank"


ACTIONS = ("", "preview", "test", "try", "answers", "cases", "images/remove", "publish")
BODIES: tuple[Any, ...] = (
    [],
    {},
    "text",
    {"revision": "0"},
    {"revision": -1, "seeds": [True], "from": 0.5, "seed": "x"},
    {"revision": 9, "texts": [], "seeds": [], "from": 0, "to": 11, "answers": []},
    {"revision": 9, "texts": {"../x": "y"}, "from": 0, "to": 1, "answers": {}, "seed": 0},
    {"revision": 2**70, "seeds": [2**70], "from": 2**70, "to": 2**70 + 1, "seed": 2**70, "answers": {}},
    {"revision": 9, "note": 5, "name": 5, "language": 5, "title": 5, "from": 5, "to": 5},
    {"revision": 9, "document": {"a": json.loads("[" * 60 + "]" * 60)}, "from": 0, "to": 1, "answers": {}},
)
RAW = (b"{", b'{"a": NaN}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"[" * 100_000)


def test_bad_input_is_answered_with_a_sentence_and_changes_nothing(editor: Editor) -> None:
    before = editor.get()
    for action, body in itertools.product(ACTIONS, BODIES):
        answer = editor.post(action, body)
        if answer.status_code == 200:  # what is wrong with it does not concern this action
            assert action in ("preview", "test", "try"), (action, body)
        else:
            assert answer.status_code in (404, 409, 422), (action, body, answer.text)
            assert answer.json()["detail"].strip().endswith("."), answer.text
    for action, raw in itertools.product(ACTIONS, RAW):
        answer = editor.post(action, content=raw, headers={"Content-Type": "application/json"})
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)
    assert editor.get() == before


def test_infinite_numbers_are_refused(editor: Editor) -> None:
    for action in ("", "preview"):
        raw = b'{"revision": 0, "document": {"a": 1e999}}'
        answer = editor.post(action, content=raw, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["detail"]) == (422, "A number is finite; infinity has no place here.")


def test_requests_of_other_pages_are_refused(editor: Editor) -> None:
    wrong = ({"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}, {"Origin": "https://elsewhere.example"})
    for action, headers in itertools.product((*ACTIONS, "images"), wrong):
        assert editor.post(action, {"revision": 0}, headers=headers).status_code == 403
    assert editor.form("/bank/new", title="x", csrf="wrong").status_code == 403


def test_the_editor_is_for_authors(editor: Editor) -> None:
    editor.client.cookies.clear()
    assert editor.house.sign_in("student0").status_code in (200, 303)
    assert editor.client.get("/bank/sum/edit").status_code == 403
    assert editor.client.get("/bank/sum/draft").status_code == 403
    assert editor.client.get("/bank/new").status_code == 403
