"""The bank as instructors see it: finding, looking at one question, comparing, exporting, importing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response

from app.domain.errors import Problem, QuestionError
from app.interchange.archives import read_archive, write_archive
from app.services.accounts.people import Person
from app.services.bank.bank_questions import retire
from app.storage import people
from tests.services.bank_folders import author, edited, folder, publish
from tests.web.conftest import House
from tests.web.variant import WideSandbox

WORDS = re.compile(r"<[^>]+>")


class BankSandbox(WideSandbox):
    """Every variant has a field of every kind; checks find what they are told to."""

    shortfalls: tuple[str, ...] = ()

    def _sweep(self, payload: Any) -> Any:
        return {"shortfalls": list(self.shortfalls)}


def words(answer: Response) -> str:
    return " ".join(WORDS.sub(" ", answer.text).split())


@pytest.fixture
def bank(open_house: Callable[..., House], request: pytest.FixtureRequest) -> House:
    """A Gradus whose visitor, student0, administrates it; with a question in two versions."""
    engine = getattr(request, "param", "sqlite")
    house = open_house(engine, sandbox=BankSandbox())
    make_administrator(house)
    ines = author(house.transactions)
    publish(house.transactions, folder(), by=ines, note="The <first> one.")
    publish(house.transactions, edited("sum", "says: The sum", "says: The total"), by=ines)
    house.sign_in()
    return house


def make_administrator(house: House) -> None:
    with house.transactions.writing() as tx:
        row = people.person_by_login(tx, "student0")
        assert row is not None
        row.administrator = True


both = pytest.mark.parametrize("bank", ["sqlite", "postgresql"], indirect=True)


# --- finding -------------------------------------------------------------------------------------------------------


@both
def test_the_bank_lists_its_questions_and_finds_them(bank: House) -> None:
    page = bank.client.get("/bank")
    assert page.status_code == 200
    assert "3 questions in use" in words(page)
    assert '<a href="/bank/sum">A sum</a>' in page.text
    assert "Problem 2" in page.text
    found = bank.client.get("/bank?text=eine+SUMME&tag=adding&exam=Winter+1&grader=number")
    assert "1 question found" in words(found)
    assert 'value="eine SUMME"' in found.text
    assert '<option value="adding" selected>adding (1)</option>' in found.text
    assert "No question found" in bank.client.get("/bank?text=nothing").text
    assert "nothing (0)" in bank.client.get("/bank?tag=nothing").text


def test_filters_stay_in_the_links_of_the_list(bank: House) -> None:
    page = bank.client.get("/bank?text=sum").text
    assert 'href="/bank?text=sum&amp;tag=Easy"' in page
    assert 'href="/bank?text=sum&amp;exam=Winter+1"' in page


def test_long_lists_have_pages(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.bank.bank_search.LARGEST_PAGE", 2)
    first = bank.client.get("/bank")
    assert "Page 1 of 2" in words(first)
    assert 'rel="next" href="/bank?page=2"' in first.text
    last = bank.client.get("/bank?page=2")
    assert 'rel="prev" href="/bank"' in last.text
    assert 'rel="next"' not in last.text


def test_an_empty_bank_says_what_to_do(bank: House) -> None:
    with bank.transactions.writing() as tx:
        for question in ("sum", "qa", "qb"):
            retire(tx, question, Person(1, "x", "X", True), True)
    assert "The bank is empty" in bank.client.get("/bank").text
    assert "3 questions found" in words(bank.client.get("/bank?retired=yes"))


@pytest.mark.parametrize(
    ("query", "status"),
    [("text=%00", 422), ("text=" + "a" * 201, 422), ("page=0", 422), ("page=x", 422), ("text=%ff%fe", 200)],
)
def test_odd_searches_are_answered_in_words(bank: House, query: str, status: int) -> None:
    assert bank.client.get(f"/bank?{query}").status_code == status


# --- one question --------------------------------------------------------------------------------------------------


@both
def test_a_question_is_shown_with_three_variants_rubric_history_and_use(bank: House) -> None:
    page = bank.client.get("/bank/sum")
    text = words(page)
    assert page.status_code == 200
    for says in (
        "Seed 0, the printed paper",
        "Seed 1",
        "Seed 2",
        "The stem.",
        "Because of p-number, seed 2.",
        "a matrix of 2 × 2",
        "The best of",
        "The total",
        "a person decides",
        "That is twice the first.",
        "Adding is commutative.",
        "Recorded cases",
        "Ines",
        "rubric",
        "No quiz asks this question.",
    ):
        assert says in text, says
    assert "The &lt;first&gt; one." in page.text
    used = words(bank.client.get("/bank/qa"))
    assert "Quiz Course · version 1" in used


def test_seeds_and_language_can_be_chosen(bank: House) -> None:
    page = bank.client.get("/bank/sum?seed=41&seed=42&language=de")
    assert "Seed 42" in page.text
    assert 'name="seed" type="text" inputmode="numeric" size="6" maxlength="16" value="41"' in page.text
    assert "<option selected>de</option>" in page.text
    odd = bank.client.get("/bank/sum?seed=-1&seed=99999999999999999999999")
    assert odd.status_code == 200
    assert "A seed is a whole number from 0." in odd.text
    assert 'value="-1" aria-invalid="true"' in odd.text


def test_a_broken_question_says_where_and_is_no_failure(bank: House) -> None:
    bank.sandbox.failing = lambda name, payload: (
        QuestionError([Problem("The grader `number` is gone.", "parts.0.fields.total")]) if name == "variant" else None
    )
    page = bank.client.get("/bank/sum")
    assert page.status_code == 200
    assert "sum/question.yaml:18" in page.text
    assert "The grader `number` is gone." in page.text
    assert "The total" in page.text


def test_an_older_version_says_that_it_is_old(bank: House) -> None:
    page = bank.client.get("/bank/sum/versions/1")
    assert "This is an older version." in page.text
    assert "The sum" in page.text
    assert 'href="/bank/sum/export?version=1"' in page.text
    for address in ("/bank/sum/versions/9", "/bank/never", "/bank/sum/versions/0", "/bank/Bad_Name"):
        assert bank.client.get(address).status_code == 404


@both
def test_changes_are_marked_by_signs_and_not_by_colour_alone(bank: House) -> None:
    page = bank.client.get("/bank/sum/changes?from=1&to=2")
    assert "What changed from version 1 to 2" in words(page)
    text = words(page)
    assert "− removed - {id: right, points: 1, when: total.right, says: The sum}" in text
    assert "+ added - {id: right, points: 1, when: total.right, says: The total}" in text
    assert "Nothing differs" in bank.client.get("/bank/sum/changes?from=2&to=2").text
    assert bank.client.get("/bank/sum/changes?from=1&to=7").status_code == 404
    publish(bank.transactions, folder() | {"files/dot.png": b"new"})
    assert "Another content: 15 bytes before, 3 bytes now." in bank.client.get("/bank/sum/changes?from=1&to=3").text


def test_a_question_can_be_retired_and_taken_back(bank: House) -> None:
    gone = bank.post("/bank/sum/retire")
    assert "Take back into use" in gone.text
    assert "/bank/sum" not in bank.client.get("/bank").text
    back = bank.post("/bank/sum/unretire")
    assert "Take back into use" not in back.text
    assert bank.post("/bank/never/retire").status_code == 404


def test_a_copy_is_a_draft_and_what_cannot_be_taken_comes_back_as_typed(bank: House) -> None:
    refused = bank.post("/bank/sum/duplicate", {"name": "Sum 2", "title": "My <copy>"})
    assert refused.status_code == 422
    assert 'value="Sum 2" aria-invalid="true"' in refused.text
    assert 'value="My &lt;copy&gt;"' in refused.text
    assert "An id has small letters" in refused.text
    taken = bank.post("/bank/sum/duplicate", {"name": "qa", "title": "Copy"})
    assert "There is already a question called “qa”." in taken.text
    assert "A title has" in bank.post("/bank/sum/duplicate", {"name": "sum-2", "title": ""}).text
    made = bank.post("/bank/sum/duplicate", {"name": "sum-2", "title": "Copy"}, follow_redirects=False)
    assert (made.status_code, made.headers["location"]) == (303, "/bank/sum-2/edit")
    listed = bank.client.get("/bank").text
    assert 'href="/bank/sum-2/edit">Copy</a>' in listed


# --- zip files -----------------------------------------------------------------------------------------------------


def look(house: House, data: bytes) -> Response:
    return house.client.post("/bank/import", data={"csrf": house.csrf()}, files={"file": ("q.zip", data)})


def token(page: Response) -> str:
    found = re.search(r'action="(/bank/import/[^"]+)"', page.text)
    assert found
    return found[1]


@both
def test_a_zip_is_exported_looked_at_and_imported(bank: House) -> None:
    answer = bank.client.get("/bank/sum/export?version=1")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="sum-v1.zip"'
    assert read_archive(answer.content).questions[0].folder == folder()
    shown = look(bank, answer.content)
    assert "1 question in this file" in words(shown)
    assert "new version 3" in words(shown)
    done = bank.post(token(shown), {"choice-0": "version", "note": "Back to the first."})
    assert done.url.path == "/bank/sum"
    assert "Back to the first." in done.text
    again = bank.post(token(shown), {"choice-0": "version"})
    assert again.status_code == 404
    assert "no longer here" in again.text


def test_several_questions_get_what_was_chosen_for_each(bank: House) -> None:
    broken = edited("sum-b", "grader: number", "grater: number")
    folders = {"w/sum-a": folder("sum-a"), "w/sum-b": broken, "w/sum-c": folder("sum-c")}
    shown = look(bank, write_archive(folders | {"": {"notes.txt": b""}}))
    text = words(shown)
    assert "w/sum-b/question.yaml:18" in text
    assert "A draft, to be corrected in the editor" in text
    assert "Left out, as it lies in no question folder: notes.txt" in text
    wrong = bank.post(token(shown), {"choice-1": "version", "note": "Kept <note>"})
    assert wrong.status_code == 422
    assert "“sum-b” cannot become that." in wrong.text
    assert 'value="Kept &lt;note&gt;"' in wrong.text
    done = bank.post(token(shown), {"choice-0": "version", "choice-1": "draft"})
    assert "sum-a , version 1" in words(done)
    assert 'href="/bank/sum-b/edit"' in done.text
    assert "sum-c" in done.text
    assert bank.client.get("/bank/sum-c").status_code == 404


def test_what_falls_short_of_its_cases_is_not_offered_as_a_version(bank: House) -> None:
    bank.sandbox.shortfalls = ("Case “key”: only earns 1 instead of 2.",)  # type: ignore[attr-defined]
    shown = look(bank, write_archive({"sum": folder("sum-a")}))
    assert "only earns 1 instead of 2" in shown.text
    assert 'value="version"' not in shown.text


def test_a_file_that_cannot_be_taken_is_refused_beside_its_field(bank: House) -> None:
    for data, says in ((b"PK", "This is not a zip file."), (b"", "Choose a zip file first.")):
        page = look(bank, data)
        assert page.status_code == 422
        assert says in page.text
        assert 'aria-invalid="true"' in page.text
    without = bank.post("/bank/import")
    assert "Choose a zip file first." in without.text


def test_a_zip_may_be_larger_than_other_forms_but_not_without_end(bank: House) -> None:
    assert look(bank, bytes(3_000_000)).status_code == 422
    assert look(bank, bytes(33_000_000)).status_code == 413
    other = bank.client.post("/bank/sum/retire", data={"csrf": bank.csrf(), "x": "y" * 3_000_000})
    assert other.status_code == 413


def test_a_zip_of_somebody_else_is_not_found(bank: House) -> None:
    address = token(look(bank, write_archive({"sum": folder("sum-a")})))
    with bank.transactions.writing() as tx:
        row = people.person_by_login(tx, "student1")
        assert row is not None
        row.administrator = True
    bank.client.cookies.clear()
    bank.sign_in("student1")
    assert bank.post(address, {"choice-0": "version"}).status_code == 404


def test_a_form_of_another_session_imports_nothing(bank: House) -> None:
    data = write_archive({"sum": folder("sum-a")})
    answer = bank.client.post("/bank/import", data={"csrf": "x"}, files={"file": ("q.zip", data)})
    assert answer.status_code == 403


def test_students_are_kept_out(bank: House) -> None:
    bank.client.cookies.clear()
    bank.sign_in("student1")
    for address in ("/bank", "/bank/sum", "/bank/import", "/bank/sum/export"):
        answer = bank.client.get(address)
        assert answer.status_code == 403
        assert "for instructors" in answer.text
