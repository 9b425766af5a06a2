"""Every catalogue says everything that the source says, and nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.web import gathering
from app.web.gathering import gather
from app.web.told import PLACE, SENTENCE, Told
from app.web.wording import CATALOGUES

LANGUAGES = ("de", "fr")
GRADER = """\
class Options:
    size: int = Field(3, description="How many there are.")

    def check(self):
        raise ValueError("Give a size.")

def remarks(size, name):
    yield f"Yours is {size} too long, as {name} is."
    yield Verdict("equal", "Both are as long.")
    return Invalid(f"Entry {size}: {name}")
"""
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
MEND = "`make words` brings the catalogues up to date; then translate what is empty"


@cache
def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def source() -> Catalog:
    return gather()


def key(message: Message) -> tuple[Any, str | None]:
    """What a sentence is found by: its English, and its context."""
    return message.id, message.context


def strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (str(message.string or ""),)


def test_there_is_a_catalogue_for_every_language_and_no_other() -> None:
    assert tuple(sorted(folder.name for folder in CATALOGUES.iterdir())) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_sentence_and_no_unknown_one(language: str) -> None:
    said = {key(message) for message in source() if message.id}
    known = {key(message) for message in catalogue(language) if message.id}
    assert (sorted(map(str, said - known)), sorted(map(str, known - said))) == ([], []), MEND


def test_what_a_new_grader_says_of_an_answer_is_to_be_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "graders").mkdir()
    (tmp_path / "graders" / "length.py").write_text(GRADER, encoding="utf-8")
    monkeypatch.setattr(gathering, "ROOT", tmp_path)
    said = {message.id for message in gather() if message.context == SENTENCE} - set(gathering.PIECES)
    assert said == {"Yours is {0} too long, as {1} is.", "Entry {0}: {1}"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_none_by_a_guess(language: str) -> None:
    empty = [message.id for message in catalogue(language) if message.id and not all(strings(message))]
    guessed = [message.id for message in catalogue(language) if message.id and message.fuzzy]
    assert (empty, guessed) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        english = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        wanted = [set(PLACES.findall(one)) for one in english]
        for number, translation in enumerate(strings(message)):
            found = set(PLACES.findall(translation))
            # "one attempt" need not say its number; what is said of many must.
            if found != wanted[-1] and not (len(english) > 1 and number == 0 and found <= wanted[-1]):
                wrong.append((message.id, translation))
    assert wrong[1:] == []  # the first one is the head


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finished_sentence_is_taken_for_no_other(language: str) -> None:
    finished = [(str(one.id), str(one.string)) for one in catalogue(language) if one.context == SENTENCE]
    told = Told(finished)

    def filled(sentence: str) -> str:
        return PLACE.sub(r"q\1z", sentence)

    wrong = [english for english, translation in finished if told.tell(filled(english)) != filled(translation)]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_with_a_number_has_every_plural_of_the_language(language: str) -> None:
    forms = catalogue(language).num_plurals
    plural = [message for message in catalogue(language) if message.pluralizable]
    assert plural
    assert [message.id for message in plural if len(strings(message)) != forms] == []
