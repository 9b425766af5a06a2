"""Between raw answers and plain inputs, numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from starlette.datastructures import FormData

from app.web import fields
from app.web.templating import marked, points, when
from app.web.wording import Wording, gettext, ngettext
from tests.web.variant import WIDGETS, widget


@dataclass
class Field:
    widget: dict[str, Any]
    value: Any
    id: str = "f"


@pytest.mark.parametrize(
    ("kind", "value", "cells"),
    [
        ("vector", None, [["", "", ""]]),
        ("vector", "1, 2", [["1", "2", ""]]),
        ("vector", [["1"], ["2"]], [["1", "2", ""]]),
        ("vector", 5, [["5", "", ""]]),
        ("vector", ["1", "2", "3", "4"], [["1", "2", "3"]]),
        ("free_vector", None, [[""]]),
        ("free_vector", ["1", "2", "3"], [["1", "2", "3"]]),
        ("matrix", "1, 2; 3", [["1", "2"], ["3", ""]]),
        ("matrix", ["1"], [["1", ""], ["", ""]]),
        ("matrix", [["1"], "2"], [["1", ""], ["2", ""]]),
        ("free_matrix", None, [[""]]),
        ("free_matrix", [["1", None, "3"]], [["1", "", "3"]]),
        ("table", [["1"]], [["1", ""], ["", ""]]),
    ],
)
def test_whatever_is_stored_fits_the_cells(kind: str, value: Any, cells: list[list[str]]) -> None:
    assert fields.cells(Field(WIDGETS[kind], value)) == cells


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "1/2"),
        ("vector", ["1", "", "3"]),
        ("free_vector", ["1", "2", "3"]),
        ("matrix", [["1", "2"], ["3", "4"]]),
        ("free_matrix", [["1", "2", "3"], ["4", "5", "6"]]),
        ("table", [["1", "2"], ["3", "4"]]),
    ],
)
def test_a_form_gives_back_what_it_showed(kind: str, value: Any) -> None:
    if kind == "number":
        form = FormData({"f.f": value})
    elif "vector" in kind:
        form = FormData({f"f.f.{i}": cell for i, cell in enumerate(value)})
    else:
        form = FormData({f"f.f.{r}.{c}": cell for r, row in enumerate(value) for c, cell in enumerate(row)})
    assert fields.raw_from_form(WIDGETS[kind], "f", form) == value


def test_an_empty_form_is_a_blank_answer() -> None:
    for one in WIDGETS.values():
        assert fields.same_answer(fields.raw_from_form(one, "f", FormData()), None)


def test_an_answer_as_one_text() -> None:
    assert fields.line(Field(WIDGETS["number"], None)) == ""
    assert fields.line(Field(WIDGETS["matrix"], [["1", "2"], ["3", None]])) == "1, 2; 3, "


def test_choices_and_words_however_they_were_sent() -> None:
    assert fields.chosen(Field(WIDGETS["several"], "1; 3")) == {"1", "3"}
    assert fields.chosen(Field(WIDGETS["several"], ["1", "2"])) == {"1", "2"}
    assert fields.listed(Field(WIDGETS["truth"], "true,false,true")) == ["true", "false"]
    assert fields.listed(Field(widget("select", rows=["a", "b"]), ["x"])) == ["x", ""]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("2", "2"),
        ("3/2", "1.5"),
        ("1/8", "0.125"),
        ("0", "0"),
        ("1/3", "⅓"),
        ("7/3", "2⅓"),
        ("1/11", "1⁄11"),
        ("25/11", "2\N{NARROW NO-BREAK SPACE}3⁄11"),
        ("-1/2", "−0.5"),
        ("-4/3", "−1⅓"),
    ],
)
def test_points_are_written_as_people_write_them(number: str, written: str) -> None:
    assert points(Fraction(number)) == written


def test_a_short_text_shows_its_mathematics_and_nothing_else_as_markup() -> None:
    assert marked("a < b") == "a &lt; b"
    assert marked("**At** $x<1$, `$5`.") == (
        '<strong>At</strong> <span class="math" data-tex="x&lt;1">x&lt;1</span>, <code>$5</code>.'
    )


def test_times_name_their_zone() -> None:
    assert when(datetime(2026, 11, 21, 9, 5, tzinfo=UTC)) == "21 Nov 2026, 09:05 UTC"


def test_a_language_is_spoken_as_soon_as_its_catalogue_is_there(tmp_path: Path) -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("Saving…", "Wird gespeichert …")
    catalogue.add(("%(n)s point", "%(n)s points"), ("%(n)s Punkt", "%(n)s Punkte"))
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    wording = Wording(tmp_path)
    assert wording.languages == ("en", "de")
    assert wording.language_for("fr;q=0.9, de-AT;q=0.8, en;q=0.5") == "de"
    for nonsense in ("", "xx", "de;q=x", ";;;,", "*"):
        assert wording.language_for(nonsense) == "en"
    wording.speak("de")
    assert gettext("Saving…") == "Wird gespeichert …"
    assert ngettext("%(n)s point", "%(n)s points", 2) == "%(n)s Punkte"
    wording.speak("en")
    assert gettext("Saving…") == "Saving…"


def test_a_word_reads_in_the_language_shown_and_any_other_text_as_it_stands() -> None:
    german = {"words": ["low", "high"], "words_text": ["niedrig", "hoch"]}
    assert [fields.reads(word, german) for word in ("low", "high", "", "hgih")] == ["niedrig", "hoch", "", "hgih"]
    assert fields.reads("low", {"words": ["low"]}) == "low"
