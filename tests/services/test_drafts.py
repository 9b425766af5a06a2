"""Drafts: nothing that somebody wrote is lost, two people never overwrite each other, files stay what they were."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import Conflict, GradusError, InvalidInput, NotFound
from app.interchange.bank import load_bank as read_bank
from app.interchange.folder import LARGEST_ATTACHMENT, read_folder
from app.services.drafts import draft_cases, draft_images, drafts
from app.services.drafts.draft_files import Image, checked
from app.services.drafts.drafts import Change
from tests.author_desk import PNG, Desk

# --- beginning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["number", "choice", "matrix", "text", "empty"])
def test_a_new_question_begins_in_order(small_desk: Desk, start: str) -> None:
    question = small_desk.begin("Größe: ein Maß", start=start)
    assert question == "grosse-ein-mass"
    draft = small_desk.view(question)
    assert (draft.title, draft.revision, draft.version, draft.updated_by) == ("Größe: ein Maß", 0, 0, "Ada")
    assert draft.problems == []
    assert draft.document["id"] == question
    assert draft.document["title"] == "Größe: ein Maß"


def test_an_id_is_found_when_none_is_given(small_desk: Desk) -> None:
    assert [small_desk.begin("Sum"), small_desk.begin("Sum"), small_desk.begin("???"), small_desk.begin("New")] == [
        "sum-2",
        "sum-3",
        "question",
        "new-2",
    ]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"question": "Not An Id"}, "id"),
        ({"question": "../x"}, "id"),
        ({"question": "x" * 81}, "id"),
        ({"question": "sum"}, "id"),
        ({"question": "new"}, "id"),
        ({"start": "nothing"}, "start"),
    ],
)
def test_what_cannot_begin_is_told_at_its_field(small_desk: Desk, given: dict[str, str], place: str) -> None:
    with pytest.raises(InvalidInput) as told:
        small_desk.begin(**given)
    assert told.value.place == place


def test_a_draft_begins_with_the_files_of_the_newest_version(desk: Desk) -> None:
    draft = desk.open()
    assert draft.version == 1
    assert {name: text.encode() for name, text in draft.texts.items()} == read_folder(desk.folder)
    assert desk.open().revision == 0  # goes on, begins nothing new
    with pytest.raises(NotFound):
        desk.open("nowhere")
    with pytest.raises(NotFound):
        desk.view("nowhere")


# --- saving --------------------------------------------------------------------------------------------------------


def test_a_changed_document_changes_its_lines_and_no_others(desk: Desk) -> None:
    draft = desk.open()
    draft.document["variables"]["b"] = "a + 2"
    saved = desk.save(0, document=draft.document)
    assert saved.revision == 1
    assert saved.texts == {"question.yaml": draft.texts["question.yaml"].replace("b: a + 1", "b: a + 2")}
    assert saved.problems == []
    assert desk.view().texts["question.yaml"] == saved.texts["question.yaml"]


def test_the_same_document_changes_nothing(small_desk: Desk) -> None:
    draft = small_desk.open()
    saved = small_desk.save(0, document=draft.document)
    assert saved.texts["question.yaml"] == draft.texts["question.yaml"]
    assert small_desk.view().texts == draft.texts


def test_a_source_that_was_sent_comes_back_as_document(small_desk: Desk) -> None:
    text = small_desk.open().texts["question.yaml"]
    saved = small_desk.save(0, texts={"question.yaml": text.replace("A sum", "Another sum")})
    assert saved.document["title"] == "Another sum"
    assert small_desk.view().title == "Another sum"


def test_a_source_that_cannot_be_read_is_kept_and_told(desk: Desk) -> None:
    desk.open()
    saved = desk.save(0, texts={"question.yaml": "id: sum\ntitle: [", "prompt.de.md": "Hallo"})
    assert saved.document is None
    assert [(one.file, one.line) for one in saved.problems] == [("question.yaml", 2)]
    draft = desk.view()
    assert draft.document is None
    assert draft.title == "A sum"
    assert draft.texts["question.yaml"] == "id: sum\ntitle: ["
    assert draft.texts["prompt.de.md"] == "Hallo"


def test_a_text_can_be_taken_away(small_desk: Desk) -> None:
    small_desk.open()
    small_desk.save(0, texts={"prompt.de.md": "x"})
    small_desk.save(1, texts={"prompt.de.md": None, "prompt.fr.md": None})
    assert "prompt.de.md" not in small_desk.view().texts


def test_a_document_and_a_text_arrive_together(small_desk: Desk) -> None:
    document = small_desk.open().document | {"title": {"en": "A sum", "de": "Eine Summe"}}
    saved = small_desk.save(0, document=document, texts={"prompt.de.md": "## only\nAddiere.\n"})
    assert saved.problems == []
    assert small_desk.view().document == document


def test_the_second_of_two_who_save_is_told_who_was_first(desk: Desk) -> None:
    desk.open()
    desk.save(0, desk.ben, texts={"prompt.md": "## only\nBen's.\n"})
    with pytest.raises(Conflict, match=r"^Ben saved this draft at \d\d:\d\d UTC on "):
        desk.save(0, texts={"prompt.md": "## only\nAda's.\n"})
    assert "Ben's" in desk.view().texts["prompt.md"]


def test_two_who_save_at_the_same_moment_are_told_apart(desk: Desk) -> None:
    desk.open()
    with desk.transactions.reading() as early:
        assert drafts.view(early, "sum").revision == 0
        desk.save(0, desk.ben, texts={"prompt.md": "## only\nBen's.\n"})
        with pytest.raises(Conflict, match="Ben saved"), desk.transactions.writing() as writing:
            drafts.save(early, writing, desk.ada, "sum", 0, Change({"prompt.md": "## only\nAda's.\n"}))
    assert "Ben's" in desk.view().texts["prompt.md"]


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ({"../x": "y"}, "../x"),
        ({"files/a.png": "y"}, "files/a.png"),
        ({"prompt.md": 5}, "prompt.md"),
        ({"prompt.md": "x" * 500_001}, "prompt.md"),
        ({"cases.yaml": "é" * 250_001}, "cases.yaml"),
    ],
)
def test_texts_that_cannot_be_taken_are_refused(small_desk: Desk, texts: dict[str, Any], place: str) -> None:
    small_desk.open()
    with pytest.raises(InvalidInput) as told:
        small_desk.save(0, texts=texts)
    assert told.value.place == place
    assert small_desk.view().revision == 0


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "document",
    [deep(60), [0] * 50_001, {"x" * 201: 1}, {"a": float("inf")}, {"a": 1 << 5000}],
    ids=["deep", "long", "name", "infinite", "digits"],
)
def test_documents_that_no_file_can_hold_are_refused(document: Any) -> None:
    with pytest.raises(InvalidInput):
        checked(document)


@pytest.mark.parametrize("document", [[], "text", 5, {}, {"id": 5}, {"a": {"b": None}}, {"id": "sum", "parts": [[]]}])
def test_any_other_document_is_kept_with_its_problems(small_desk: Desk, document: Any) -> None:
    small_desk.open()
    saved = small_desk.save(0, document=document)
    assert saved.problems
    assert small_desk.view().document == document


def test_the_id_of_a_question_stays(small_desk: Desk) -> None:
    document = small_desk.open().document | {"id": "other"}
    (problem,) = small_desk.save(0, document=document).problems
    assert (problem.path, problem.line) == ("id", 2)
    assert "stays `sum`" in problem.says


# --- cases and images ----------------------------------------------------------------------------------------------


def test_an_answer_becomes_a_case(desk: Desk) -> None:
    before = desk.open().texts["cases.yaml"]
    case = {"title": "a: too  much", "seed": 3, "answers": {"total": "99"}, "expect": {"only": "0"}}
    saved = desk.do(draft_cases.add_case, "sum", 0, case)
    assert saved.texts["cases.yaml"].startswith(before)
    assert saved.problems == []
    desk.do(draft_cases.add_case, "sum", None, case | {"seed": 0})
    with desk.transactions.reading() as tx:
        text = drafts.files_of(tx, "sum")["cases.yaml"].decode()
    assert text.count("too much") == 2
    assert text.count("expect: {only: 0}") == 2
    with pytest.raises(Conflict):
        desk.do(draft_cases.add_case, "sum", 0, case)


def test_the_first_case_makes_the_file(small_desk: Desk) -> None:
    question = small_desk.begin(start="empty")
    case = {"title": "key", "answers": {"answer": "1"}, "expect": {"a": "1"}}
    saved = small_desk.do(draft_cases.add_case, question, 0, case)
    assert saved.texts["cases.yaml"].startswith("- case: key\n")
    assert saved.problems == []


def test_a_persons_marks_become_a_case(small_desk: Desk) -> None:
    question = small_desk.begin(start="text")
    case = {"title": "half of it", "answers": {"essay": "The gradient vanishes."}, "marked": {"a": "1/2"}}
    saved = small_desk.do(draft_cases.add_case, question, 0, case)
    _, kept = saved.texts["cases.yaml"].split("half of it")
    assert "marked: {a: 1/2}" in kept
    assert "expect" not in kept
    assert saved.problems == []


def test_an_answer_is_a_case_once_and_does_not_contradict_another(small_desk: Desk) -> None:
    question = small_desk.begin(start="text")
    case = {"title": "half of it", "answers": {"essay": "The gradient vanishes."}, "marked": {"a": "1/2"}}
    small_desk.do(draft_cases.add_case, question, 0, case)
    again = case | {"title": "again", "answers": {"essay": " the  gradient vanishes."}}
    with pytest.raises(InvalidInput, match=r"half of it.* already"):
        small_desk.do(draft_cases.add_case, question, None, again)
    with pytest.raises(InvalidInput, match=r"half of it.* already"):
        small_desk.do(draft_cases.add_case, question, None, again | {"marked": {"a": "0.5"}})
    with pytest.raises(InvalidInput, match=r"half of it.* other points"):
        small_desk.do(draft_cases.add_case, question, None, again | {"marked": {"a": "1"}})
    small_desk.do(draft_cases.add_case, question, None, again | {"seed": 4})


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"marked": {}}, "marked"),
        ({"marked": {"only": "0..1"}}, "marked"),
        ({"marked": {"only": "half"}}, "marked"),
        ({"marked": {"only": [1]}}, "marked"),
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"answers": "x"}, "answers"),
        ({"expect": {}}, "expect"),
        ({"expect": {"only": []}}, "expect"),
        ({"answers": {"a": deep(60)}}, ""),
    ],
)
def test_what_is_no_case_is_refused(small_desk: Desk, wrong: dict[str, Any], place: str) -> None:
    small_desk.open()
    case = {"title": "t", "seed": 0, "answers": {}, "expect": {"only": "0"}} | wrong
    with pytest.raises(InvalidInput) as told:
        small_desk.do(draft_cases.add_case, "sum", 0, case)
    assert told.value.place == place


@pytest.mark.parametrize("cases", ["a: [", "a: 1"])
def test_cases_that_cannot_be_read_take_no_more(small_desk: Desk, cases: str) -> None:
    small_desk.open()
    small_desk.save(0, texts={"cases.yaml": cases})
    with pytest.raises(InvalidInput):
        small_desk.do(draft_cases.add_case, "sum", 1, {"title": "t", "answers": {}, "expect": {"only": "0"}})


def test_images_are_named_by_what_they_are(desk: Desk) -> None:
    desk.open()
    revision, images = desk.do(draft_images.add_image, "sum", 0, "Mein Netz (1).JPEG", PNG)
    assert revision == 1
    assert images == [Image("Mein-Netz-1.png", "image/png", 108)]
    _, images = desk.do(draft_images.add_image, "sum", None, "Mein Netz (1).png", PNG + b"x")
    assert [one.name for one in images] == ["Mein-Netz-1-2.png", "Mein-Netz-1.png"]
    with desk.transactions.reading() as tx:
        assert draft_images.image(tx, "sum", "Mein-Netz-1.png") == (PNG, "image/png")
    _, images = desk.do(draft_images.remove_image, "sum", None, "Mein-Netz-1.png")
    assert [one.name for one in images] == ["Mein-Netz-1-2.png"]
    with pytest.raises(NotFound):
        desk.do(draft_images.remove_image, "sum", None, "question.yaml")
    with desk.transactions.reading() as tx, pytest.raises(NotFound):
        draft_images.image(tx, "sum", "../question.yaml")


@pytest.mark.parametrize(
    "content", [b"", b"text", b"<svg onload=alert(1)>" * 9, b"\x89PNG\r\n\x1a\n", PNG + bytes(LARGEST_ATTACHMENT)]
)
def test_what_is_no_image_is_refused(small_desk: Desk, content: bytes) -> None:
    small_desk.open()
    with pytest.raises(InvalidInput):
        small_desk.do(draft_images.add_image, "sum", 0, "x.png", content)


def test_all_images_together_have_a_bound(small_desk: Desk) -> None:
    small_desk.open()
    for number in range(4):
        small_desk.do(draft_images.add_image, "sum", None, f"{number}.png", PNG + bytes([number]) * 1_900_000)
    with pytest.raises(InvalidInput, match="together"):
        small_desk.do(draft_images.add_image, "sum", None, "4.png", PNG + bytes(1_900_000))


# --- ending --------------------------------------------------------------------------------------------------------


def test_a_discarded_draft_leaves_the_published_version(desk: Desk) -> None:
    desk.open()
    with desk.transactions.writing() as writing:
        assert drafts.discard(writing, desk.ada, "sum") is True
    question = desk.begin()
    with desk.transactions.writing() as writing:
        assert drafts.discard(writing, desk.ada, question) is False
    for gone in ("sum", question):
        with pytest.raises(NotFound):
            desk.view(gone)
        with pytest.raises(GradusError):
            desk.save(0, question=gone, texts={"prompt.md": "x"})
    assert [one.id for one in read_bank(desk.folder.parent.parent)] == ["sum"]
