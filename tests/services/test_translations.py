"""A stored variant in another language: how its lists read, and that their words stay what answers hold."""

from __future__ import annotations

from typing import Any

from app.services.bank.images import with_addresses
from app.services.bank.translations import asked_in, credit_in, hints_in, solved_in

WIDGET = {"kind": "select", "words": ["low", "high"], "words_text": [], "rows": ["training", "test"], "columns": []}
FIELD = {"id": "loss", "label": "", "label_text": "", "widget": WIDGET}
TEXTS: dict[str, Any] = {
    "label": "",
    "label_text": "",
    "options": [],
    "options_text": [],
    "rows": ["Training", "Test"],
    "columns": [],
    "words_text": ["niedrig", "hoch"],
}


def variant(texts: dict[str, Any]) -> dict[str, Any]:
    part = {"id": "a", "title": "", "prompt": "", "fields": [FIELD]}
    told = {"title": "", "prompt": "", "fields": {"loss": texts}}
    german = {"title": "Verluste", "stem": "", "stem_text": "", "parts": {"a": told}}
    return {"title": "Losses", "stem": "", "parts": [part], "languages": {"de": german}}


def widget_in(language: str, texts: dict[str, Any]) -> dict[str, Any]:
    shown, _ = asked_in(variant(texts), language)
    widget: dict[str, Any] = shown["parts"][0]["fields"][0]["widget"]
    return widget


def test_words_and_rows_read_in_the_language_and_stay_the_words_of_the_question() -> None:
    widget = widget_in("de", TEXTS)
    assert widget["words"] == ["low", "high"]
    assert widget["words_text"] == ["niedrig", "hoch"]
    assert widget["rows"] == ["Training", "Test"]
    assert widget_in("fr", TEXTS) == WIDGET


def test_a_variant_stored_without_translated_words_shows_them_as_they_are() -> None:
    old = {name: text for name, text in TEXTS.items() if name not in {"rows", "columns", "words_text"}}
    assert widget_in("de", old)["rows"] == ["training", "test"]
    assert widget_in("de", old)["words_text"] == []


def test_a_solution_is_told_in_the_language_that_it_has() -> None:
    solution = {
        "stem": "Begin.",
        "parts": {"a": "So."},
        "languages": {"de": {"stem": "Anfang.", "parts": {"a": "Also."}}},
    }
    told, language = solved_in(solution, "de")
    assert (told["parts"], language) == ({"a": "Also."}, "de")
    assert solved_in(solution, "fr") == (solution, "en")
    assert solved_in({}, "de") == ({}, "en")


def test_a_stored_credit_says_everything_in_the_language_that_its_author_wrote() -> None:
    line = {"id": "x", "points": "1", "says": "All right", "languages": {"de": "Alles richtig"}}
    plain = {"id": "y", "points": "0", "says": "A proof"}
    part = {"id": "a", "criteria": [line, plain], "mistakes": [line], "feedback": [plain], "notes": ["As it is."]}
    credit = {"points": "1", "readings": [line], "parts": [part]}
    german = credit_in(credit, "de")
    assert [one["says"] for one in german["parts"][0]["criteria"]] == ["Alles richtig", "A proof"]
    assert german["parts"][0]["mistakes"][0]["says"] == german["readings"][0]["says"] == "Alles richtig"
    assert german["parts"][0]["notes"] == ["As it is."]
    assert (german["points"], german["parts"][0]["criteria"][0]["points"]) == ("1", "1")
    assert credit_in(credit, "en") is credit
    assert [one["says"] for one in credit_in(credit, "fr")["parts"][0]["criteria"]] == ["All right", "A proof"]
    assert credit_in({}, "de") == {}


def test_images_are_found_in_every_language() -> None:
    html = '<img src="file:a.png" alt="A dot">'
    made = {"shown": variant(TEXTS | {"options": [html]}), "solution": {"stem": html, "parts": {"a": html}}}
    made["shown"]["languages"]["de"] |= {"stem": html}
    made["shown"]["languages"]["de"]["parts"]["a"]["prompt"] = html
    made["solution"]["languages"] = {"de": {"stem": html, "parts": {"a": html}}}
    linked = with_addresses(made, lambda name: f"/files/{name}")
    german = linked["shown"]["languages"]["de"]
    found = '<img src="/files/a.png" alt="A dot">'
    assert german["stem"] == german["parts"]["a"]["prompt"] == found
    assert german["parts"]["a"]["fields"]["loss"]["options"] == [found]
    assert linked["solution"]["languages"]["de"] == {"stem": found, "parts": {"a": found}}


def test_hints_may_be_in_a_language_in_which_there_is_no_solution() -> None:
    own = {"stem": "", "parts": {"a": "So."}, "hints": {"a": ["Think."]}}
    solution = own | {"languages": {"de": {"stem": "", "parts": {}, "hints": {"a": ["Denk nach."]}}}}
    assert solved_in(solution, "de") == (solution, "en")
    assert hints_in(solution, "de") == ({"a": ["Denk nach."]}, "de")
    assert hints_in(solution, "fr") == ({"a": ["Think."]}, "en")
    assert hints_in({"parts": {"a": "So."}}, "de") == ({}, "en")
