"""The language of a page: asked for by the browser, chosen by a person, kept; and what it never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from httpx2 import Response

from app.storage import people
from app.web.speaking import COOKIE
from app.web.templating import figure, percent, points, said, share, when
from app.web.told import Told
from app.web.wording import Wording, gettext, told
from tests.web.conftest import House
from tests.web.variant import WideSandbox


@pytest.fixture
def german() -> Any:
    """German for the rest of a test that asks no page."""
    wording = Wording()
    wording.speak("de")
    yield
    wording.speak("en")


class Bilingual(WideSandbox):
    """Every question has its texts in German, too; the worked solution is in English only."""

    def _variant(self, payload: Any) -> Any:
        made = super()._variant(payload)
        parts = {
            part["id"]: {
                "title": "",
                "prompt": f"<p>Zu {part['item']}.</p>",
                "prompt_text": "",
                "fields": {
                    field["id"]: {
                        "label": "Beschriftung",
                        "label_text": "Beschriftung",
                        "options": [f"<p>deutsch {text}</p>" for text in field["widget"]["options_text"]],
                        "options_text": list(field["widget"]["options_text"]),
                    }
                    for field in part["fields"]
                },
            }
            for part in made["shown"]["parts"]
        }
        texts = {"title": "Alles auf einmal", "stem": "<p>Der Anfang.</p>", "stem_text": "", "parts": parts}
        made["shown"]["languages"] = {"de": texts}
        return made


def choose(house: House, language: str, **more: str) -> Response:
    return house.client.post("/language", data={"language": language, **more}, follow_redirects=False)


def test_a_page_is_in_the_language_that_the_browser_asks_for(small_house: House) -> None:
    answer = small_house.client.get("/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert '<html lang="de">' in answer.text
    assert answer.headers["content-language"] == "de"
    assert "Anmelden" in answer.text
    assert '<html lang="en">' in small_house.client.get("/", headers={"Accept-Language": "xx"}).text


def test_every_page_offers_every_language_by_its_own_name(small_house: House) -> None:
    door = small_house.client.get("/").text
    inside = small_house.sign_in().text
    exam = small_house.client.get(f"{small_house.start()}/questions/1").text
    nowhere = small_house.client.get("/nowhere").text
    for page in (door, inside, exam, nowhere):
        for code, name in (("en", "English"), ("de", "Deutsch"), ("fr", "Français")):
            assert f'name="language" value="{code}" lang="{code}"' in page
            assert f">{name}</button>" in page


def test_a_language_is_chosen_for_this_device_and_goes_back_to_the_page(small_house: House) -> None:
    answer = choose(small_house, "fr", next="/password?from=door")
    assert answer.headers["location"] == "/password?from=door"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert '<html lang="fr">' in small_house.client.get("/").text


@pytest.mark.parametrize("nonsense", ["xx", "", "../en", "de\r\nx"])
def test_a_language_that_is_not_there_changes_nothing(small_house: House, nonsense: str) -> None:
    answer = choose(small_house, nonsense, next="//elsewhere.test")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "set-cookie" not in answer.headers


def test_a_broken_cookie_is_no_language(small_house: House) -> None:
    for value in ("xx", '"', "de; de", "\x7f"):
        assert small_house.client.get("/", headers={"Cookie": f"{COOKIE}={value}"}).status_code == 200


def test_a_language_is_remembered_for_the_person_on_every_device(house: House) -> None:
    house.sign_in()
    choose(house, "de")
    with house.transactions.reading() as tx:
        row = people.person_by_login(tx, "student0")
        assert row is not None
        assert row.language == "de"
    house.client.cookies.clear()
    assert '<html lang="en">' in house.client.get("/").text
    assert '<html lang="de">' in house.sign_in().text


def test_what_is_chosen_at_the_door_is_what_the_person_wants(small_house: House) -> None:
    small_house.sign_in()
    choose(small_house, "de")
    small_house.client.cookies.clear()
    choose(small_house, "fr")
    assert '<html lang="fr">' in small_house.sign_in().text
    small_house.client.cookies.clear()
    assert '<html lang="fr">' in small_house.sign_in().text


def test_the_next_person_on_a_device_reads_their_own_language(small_house: House) -> None:
    small_house.sign_in("student1")
    choose(small_house, "fr")
    small_house.post("/sign-out")
    small_house.sign_in("student0")
    choose(small_house, "de")
    small_house.post("/sign-out")
    assert '<html lang="de">' in small_house.client.get("/").text
    assert '<html lang="fr">' in small_house.sign_in("student1").text


def test_without_scripts_the_switch_saves_the_whole_question_first(house: House) -> None:
    house.sign_in()
    attempt = house.start()
    answer = house.post(
        f"{attempt}/questions/1", {"f.number": "41", "f.text": "halb", "language": "de"}, follow_redirects=False
    )
    assert answer.headers["location"] == f"{attempt}/questions/1"
    page = house.client.get(f"{attempt}/questions/1").text
    assert '<html lang="de">' in page
    assert 'value="41"' in page
    assert "halb</textarea>" in page
    assert 'value="fr" lang="fr" form="question"' in page
    house.client.cookies.clear()
    assert '<html lang="de">' in house.sign_in().text


def test_a_question_and_its_choices_are_shown_in_the_language_of_the_page(
    open_house: Callable[..., House],
) -> None:
    house = open_house(sandbox=Bilingual())
    house.sign_in()
    attempt = house.start()
    english = house.client.get(f"{attempt}/questions/1").text
    assert "The stem." in english
    choose(house, "de")
    page = house.client.get(f"{attempt}/questions/1").text
    assert "Alles auf einmal" in page
    assert "Der Anfang." in page
    assert "Zu several." in page
    assert "<p>deutsch Adam</p>" in page
    assert "The stem." not in page
    choose(house, "fr")
    page = house.client.get(f"{attempt}/questions/1").text
    assert '<div class="stem prose" lang="en"><p>The stem.</p></div>' in page
    choose(house, "de")
    house.post(f"{attempt}/hand-in")
    result = house.client.get(f"{attempt}/result").text
    assert "Alles auf einmal" in result
    assert '<div class="prose" lang="en"><p>First of all.</p>' in result


def test_an_answer_is_read_the_same_in_every_language(small_house: House) -> None:
    asked = {"widget": {"kind": "number"}, "raw": "0,5"}
    answers = []
    for language in ("en", "de", "fr"):
        choose(small_house, language)
        answers.append(small_house.client.post("/reading", json=asked).json())
    assert {(one["state"], one["latex"], one["start"], one["end"]) for one in answers} == {
        (answers[0]["state"], answers[0]["latex"], answers[0]["start"], answers[0]["end"])
    }
    for language in ("en", "de"):
        choose(small_house, language)
        read = small_house.client.post("/reading", json={**asked, "raw": "0.5"}).json()
        assert (read["state"], read["latex"]) == ("read", "0.5")


def test_complaints_of_the_rooms_below_are_told_in_the_language_of_the_page(small_house: House) -> None:
    choose(small_house, "de")
    answer = small_house.sign_in(password="no")
    assert "The name or the password is wrong." not in answer.text
    assert told_in_german("The name or the password is wrong.") in answer.text
    read = small_house.client.post("/reading", json={"widget": {"kind": "vector"}, "raw": ["1", ["2"]]}).json()
    assert read["says"].startswith("Eintrag 2: ")
    assert told_in_german("Every grade begins below the one before it.").startswith("Jede Note")


def told_in_german(sentence: str) -> str:
    wording = Wording()
    wording.speak("de")
    found = told(sentence)
    wording.speak("en")
    assert found != sentence
    return found


def test_a_percent_sign_is_never_parted_from_its_number(german: Any) -> None:
    assert percent(0.5) == "50\u00a0%"
    assert share(Fraction(1, 3)) == "33,33\u00a0%"


def test_programs_are_answered_in_english(small_house: House) -> None:
    headers = {"Accept-Language": "de"}
    assert small_house.client.get("/api/v1/nothing", headers=headers).json()["detail"] == (
        "There is no page at this address."
    )


@pytest.mark.usefixtures("german")
def test_numbers_and_times_are_written_as_readers_of_the_language_write_them() -> None:
    assert points(Fraction(3, 2)) == "1,5"
    assert points(Fraction(-1, 2)) == "−0,5"
    assert points(Fraction(7, 3)) == "2⅓"
    assert figure(-0.5) == "−0,50"
    assert when(datetime(2026, 11, 21, 9, 5, tzinfo=UTC)) == "21.11.2026, 09:05 UTC"


@pytest.mark.usefixtures("german")
def test_what_has_no_translation_stays_english() -> None:
    assert gettext("No such sentence, ever.") == "No such sentence, ever."
    assert told("No such sentence, ever.") == "No such sentence, ever."


TOLD = Told(
    [
        ("Row {0}: {1}", "Zeile {0}: {1}"),
        ("This is no number.", "Das ist keine Zahl."),
        ("“{0}” is not one of the {1} 1 to {2}.", "„{0}“ gehört nicht zu den {1} 1 bis {2}."),
        ("options", "Optionen"),
        ("{0} is unknown.", "{0} ist unbekannt."),
        ("The name {0} is unknown.", "Der Name {0} ist unbekannt."),
        ("From {0} to {1}.", "Bis {1}, ab {0}."),
        ("Line {0}", "Linie {0}"),
        ("{0}: {1}", "{0} – {1}"),
        ("“{0}” means nothing.", "„{0}“ heißt nichts."),
        ("Not run: {0}", "Nicht gelaufen: {0}"),
    ]
)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("This is no number.", "Das ist keine Zahl."),
        ("Row 3: This is no number.", "Zeile 3: Das ist keine Zahl."),
        ("“options” is not one of the options 1 to 4.", "„options“ gehört nicht zu den Optionen 1 bis 4."),
        ("Line 3: This is no number. From 1 to 2.", "Linie 3 – Das ist keine Zahl. Bis 2, ab 1."),
        ("Line 3", "Linie 3"),
        ("The name w is unknown.", "Der Name w ist unbekannt."),
        ("w is unknown.", "w ist unbekannt."),
        ("From 1 to 9.", "Bis 9, ab 1."),
        ("This is no number. From {1} to {0}.", "Das ist keine Zahl. Bis {0}, ab {1}."),
        ("“x”: “=” means nothing.", "“x” – „=“ heißt nichts."),
        ("Not run: Row 3: This is no number.", "Nicht gelaufen: Zeile 3: Das ist keine Zahl."),
        ("This is no number. It is odd.", "Das ist keine Zahl. It is odd."),
        ("Something else.", "Something else."),
        ("", ""),
    ],
)
def test_a_finished_sentence_is_told_by_its_form(english: str, german: str) -> None:
    assert TOLD.tell(english) == german


def test_what_may_be_of_an_author_is_told_wholly_or_not_at_all() -> None:
    assert TOLD.tell_wholly("This is no number. From 1 to 9.") == "Das ist keine Zahl. Bis 9, ab 1."
    assert TOLD.tell_wholly("w is unknown.") == "w ist unbekannt."
    assert TOLD.tell_wholly("“A. So” is unknown.") == "“A. So” ist unbekannt."
    for english in (
        "This is no number. It is odd.",
        "It is odd. It takes w is unknown.",
        "Something else.",
        "a. B" * 900,
    ):
        assert TOLD.tell_wholly(english) == english


def test_hostile_sentences_are_told_at_once_and_as_they_are() -> None:
    for hostile in ("Row 1: " * 2000, "“" * 1900, "Row 1: " * 200 + "x", "a. B" * 400):
        assert TOLD.tell(hostile)


def test_a_sentence_of_a_page_holds_its_values_as_text(german: None) -> None:
    assert said("Question %(n)s", n="<b>3</b>") == "Aufgabe &lt;b&gt;3&lt;/b&gt;"
    assert said("Save") == "Speichern"
    Wording().speak("fr")
    assert said("Save") == "Enregistrer"


def test_a_half_translated_plural_stays_english(tmp_path: Any) -> None:
    from babel.messages.pofile import write_po

    catalogue = Catalog(locale="de")
    catalogue.add(("%(n)s point", "%(n)s points"), ("%(n)s Punkt", ""))
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    wording = Wording(tmp_path)
    wording.speak("de")
    from app.web.wording import ngettext

    assert ngettext("%(n)s point", "%(n)s points", 2) == "%(n)s points"
    wording.speak("en")
