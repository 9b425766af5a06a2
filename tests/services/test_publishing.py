"""Publishing and trying drafts: what falls short is said and nothing is published; files stay the same to the byte."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from app.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from app.interchange.folder import read_folder
from app.sandbox import SandboxFailure
from app.services.bank import bank
from app.services.drafts import draft_images, drafts, previews, publishing
from app.services.drafts.drafts import Change
from app.services.drafts.previews import Seeds, Unusable
from app.storage import questions
from tests.author_desk import PNG, Desk


def published(desk: Desk, revision: int, question: str = "sum", note: str = "") -> int:
    with desk.transactions.reading() as reading, desk.transactions.writing() as writing:
        return publishing.publish(reading, writing, desk.sandbox, desk.ada, question, revision, note)


def folder_of(desk: Desk, question: str = "sum") -> dict[str, bytes]:
    with desk.transactions.reading() as tx:
        newest = questions.newest_outline(tx, question)
        assert newest is not None
        return bank.folder_of(tx, newest.id)


def stored(desk: Desk, question: str = "sum") -> dict[str, bytes]:
    with desk.transactions.reading() as tx:
        return drafts.files_of(tx, question)


def previewed(desk: Desk, seeds: list[int] | None = None, **change: Any) -> dict[str, Any]:
    made = Change(change.pop("texts", {}), **change)
    return previews.preview(desk.sandbox, "sum", stored(desk), made, seeds or [0, 1], "en")


# --- publishing ----------------------------------------------------------------------------------------------------


def test_a_published_draft_is_the_newest_version_with_its_very_files(desk: Desk) -> None:
    draft = desk.open()
    desk.save(0, document=draft.document | {"title": "A better sum"})
    files = stored(desk)
    assert published(desk, 1, note="Better title") == 2
    assert folder_of(desk) == files
    with desk.transactions.reading() as tx:
        newest = questions.history(tx, "sum")[0]
        assert (newest.title, newest.origin, newest.author, newest.note) == (
            "A better sum",
            "editor",
            "Ada",
            "Better title",
        )
        with pytest.raises(NotFound):
            drafts.view(tx, "sum")


def test_the_bank_on_disk_does_not_come_back_after_a_version_of_the_editor(desk: Desk) -> None:
    draft = desk.open()
    desk.save(0, document=draft.document | {"title": "A better sum"})
    published(desk, 1)
    with desk.transactions.reading() as reading, desk.transactions.writing() as writing:
        report = bank.load_bank(reading, writing, desk.sandbox, desk.folder.parent.parent)
    assert (report.added, report.unchanged) == ((), ("sum",))


@pytest.mark.parametrize("start", ["number", "choice", "matrix", "text", "empty"])
def test_every_start_can_be_published_as_it_is(small_desk: Desk, start: str) -> None:
    question = small_desk.begin("My title", start=start)
    assert published(small_desk, 0, question) == 1


def test_an_unchanged_draft_makes_no_new_version(small_desk: Desk) -> None:
    small_desk.open()
    assert published(small_desk, 0) == 1
    assert folder_of(small_desk) == read_folder(small_desk.folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"question.yaml": "id: sum\ntitle: ["}, "question.yaml:2"),
        ({"prompt.md": None}, "prompt.md"),
        ({"prompt.md": "## only\n@{nothing}"}, "There is no variable called `nothing`"),
        (
            {"cases.yaml": "- {case: key, answers: {total: '6'}, expect: {only: 1}}"},
            "Case “key”: only is 0, expected 1.",
        ),
        ({"cases.yaml": "x"}, "cases.yaml:1: Cases are a list of maps."),
    ],
)
def test_what_falls_short_is_said_and_nothing_is_published(small_desk: Desk, change: dict[str, Any], says: str) -> None:
    small_desk.open()
    small_desk.save(0, texts=change)
    with pytest.raises(Unusable) as told:
        published(small_desk, 1)
    assert any(says in str(problem) for problem in told.value.problems), told.value.problems
    assert folder_of(small_desk) == read_folder(small_desk.folder)
    assert small_desk.view().revision == 1


def test_a_mistake_that_never_shows_keeps_a_question_from_being_published(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = small_desk.open().document
    monkeypatch.setattr(publishing, "SEEDS", 20)
    document["parts"][0]["mistakes"] = {"none": {"set": {"b": "a + 1"}, "says": "x"}}
    small_desk.save(0, document=document)
    with pytest.raises(Unusable) as told:
        published(small_desk, 1)
    assert len(told.value.problems) >= 10  # every seed says so
    assert "would not show" in str(told.value.problems[0])


def test_a_question_under_another_id_is_not_published(small_desk: Desk) -> None:
    document = small_desk.open().document | {"id": "other"}
    small_desk.save(0, document=document)
    with pytest.raises(Unusable, match="stays `sum`"):
        published(small_desk, 1)


def test_what_was_saved_or_discarded_meanwhile_is_not_published(small_desk: Desk) -> None:
    small_desk.open()
    small_desk.save(0, small_desk.ben, texts={"prompt.md": "## only\nAdd.\n"})
    with pytest.raises(Conflict, match="Ben saved"):
        published(small_desk, 0)
    with pytest.raises(InvalidInput, match="note"):
        published(small_desk, 1, note="x" * 5000)

    def meanwhile(name: str, payload: Any) -> None:
        small_desk.sandbox.failing = lambda name, payload: None
        small_desk.save(1, small_desk.ben, texts={"prompt.md": "## only\nAdd both.\n"})

    small_desk.sandbox.failing = meanwhile
    with pytest.raises(Conflict, match="Ben saved"):
        published(small_desk, 1)
    assert folder_of(small_desk) == read_folder(small_desk.folder)


def test_a_sandbox_that_fails_publishes_nothing(small_desk: Desk) -> None:
    small_desk.open()
    trouble = SandboxFailure("killed", "The calculation took longer than 60 s and was ended.")
    small_desk.sandbox.failing = lambda name, payload: trouble if name == "sweep" else None
    with pytest.raises(Unusable) as told:
        published(small_desk, 0)
    assert "Seeds 0 to 9: The calculation took longer" in str(told.value.problems[0])


# --- preview -------------------------------------------------------------------------------------------------------


def test_a_preview_stores_nothing(small_desk: Desk) -> None:
    document = small_desk.open().document
    document["variables"]["b"] = "a + 5"
    answer = previewed(small_desk, document=document, texts={"prompt.md": "## only\nJust @{b}.\n"})
    assert answer["problems"] == []
    assert answer["seeds"][0]["cells"]["b"]["text"] == "7"
    assert "Just 7" in answer["seeds"][0]["shown"]["parts"][0]["prompt"]
    assert small_desk.view().revision == 0


def test_problems_of_a_preview_have_the_line_they_would_be_saved_on(small_desk: Desk) -> None:
    document = small_desk.open().document
    document["variables"] = {"new": 1, **document["variables"], "b": "a + ("}
    (problem,) = previewed(small_desk, document=document)["problems"]
    assert (problem["path"], problem["file"], problem["line"]) == ("variables.b", "question.yaml", 7)
    saved = small_desk.save(0, document=document)
    assert saved.texts["question.yaml"].splitlines()[6].startswith("  b:")


def test_problems_of_all_files_are_told(small_desk: Desk) -> None:
    document = small_desk.open().document | {"id": "other"}
    texts = {"prompt.md": "## only\n@{", "cases.yaml": "\n5"}
    told = [
        (one["file"], one["line"], one["path"])
        for one in previewed(small_desk, document=document, texts=texts)["problems"]
    ]
    assert told == [("prompt.md", 2, ""), ("question.yaml", 2, "id"), ("cases.yaml", 1, "")]


def test_a_source_that_is_no_yaml_is_told_with_its_line(small_desk: Desk) -> None:
    small_desk.open()
    answer = previewed(small_desk, texts={"question.yaml": "id: sum\nparts: [\n"})
    assert [(one["file"], one["line"]) for one in answer["problems"]] == [("question.yaml", 3)]
    assert answer["seeds"] == []


def test_a_preview_that_takes_too_long_is_a_sentence(small_desk: Desk) -> None:
    small_desk.open()
    small_desk.sandbox.failing = lambda name, payload: SandboxFailure("killed", "The calculation took longer than 4 s.")
    answer = previewed(small_desk)
    assert [one["says"] for one in answer["problems"]] == ["The calculation took longer than 4 s."]


def test_too_many_previews_at_once_are_asked_to_wait(small_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    small_desk.open()
    monkeypatch.setattr(previews, "WAIT_SECONDS", 0.01)
    with ExitStack() as others:
        for _ in range(previews.MOST_AT_ONCE):
            others.enter_context(previews._not_too_many())
        with pytest.raises(Unavailable):
            previewed(small_desk)
    assert previewed(small_desk)["problems"] == []


def test_images_of_a_draft_are_shown_from_the_draft(small_desk: Desk) -> None:
    small_desk.open()
    small_desk.do(draft_images.add_image, "sum", 0, "net.png", PNG)
    answer = previewed(small_desk, texts={"prompt.md": "## only\n![A net](net.png)\n"})
    assert answer["problems"] == []
    assert 'src="/bank/sum/draft/files/net.png"' in answer["seeds"][0]["shown"]["parts"][0]["prompt"]


# --- test and try --------------------------------------------------------------------------------------------------


def swept(desk: Desk, first: int = 0, end: int = 5, **change: Any) -> dict[str, Any]:
    made = Change(change.pop("texts", {}), **change)
    return previews.sweep(desk.sandbox, "sum", stored(desk), made, Seeds(first, end))


def test_a_test_counts_what_it_tried(small_desk: Desk) -> None:
    small_desk.open()
    found = swept(small_desk)
    assert (found["seeds"], found["keys"], found["blanks"], found["cases"]) == (5, 5, 5, 1)
    assert (found["shortfalls"], found["problems"], found["ugly"]) == ([], [], [])
    assert len(set(found["variants"])) > 1
    assert swept(small_desk, 5, 10)["cases"] == 0


def test_a_test_remarks_on_ugly_numbers_and_rejected_draws(small_desk: Desk) -> None:
    document = small_desk.open().document
    document["variables"]["b"] = "a / 99991"
    document["where"] = ["a > 4"]
    found = swept(small_desk, document=document, texts={"cases.yaml": None})
    assert found["ugly"]
    assert found["rejected"]["`a > 4` does not hold"] > 0
    assert found["shortfalls"] == []


def test_a_test_of_a_broken_draft_says_what_is_broken(small_desk: Desk) -> None:
    document = small_desk.open().document
    document["variables"]["b"] = "nothing + 1"
    assert [one["path"] for one in swept(small_desk, document=document)["problems"]] == ["variables.b"]
    assert [one["file"] for one in swept(small_desk, texts={"cases.yaml": "5"})["problems"]] == ["cases.yaml"]
    small_desk.sandbox.failing = lambda name, payload: SandboxFailure("killed", "It took too long.")
    assert swept(small_desk, 10, 20)["shortfalls"] == ["Seeds 10 to 19: It took too long."]


def test_an_answer_is_graded(small_desk: Desk) -> None:
    small_desk.open()

    def tried(answers: dict[str, Any], **change: Any) -> dict[str, Any]:
        made = Change(change.pop("texts", {}), **change)
        return previews.attempt(small_desk.sandbox, "sum", stored(small_desk), made, 0, answers, "en")

    credit = tried({"total": "5"})
    assert (credit["state"], credit["points"], credit["max"]) == ("graded", "1", "1")
    assert credit["parts"][0]["criteria"][0]["points"] == "1"
    assert tried({"total": "x+"})["state"] == "invalid"
    with pytest.raises(InvalidInput, match="no field “other”"):
        tried({"other": "5"})
    with pytest.raises(Unusable):
        tried({}, texts={"question.yaml": "["})
