"""Every catalogue says everything that the source says, and nothing else."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.web.gathering import gather
from app.web.wording import CATALOGUES

LANGUAGES = ("de", "fr")
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
def test_a_sentence_with_a_number_has_every_plural_of_the_language(language: str) -> None:
    forms = catalogue(language).num_plurals
    plural = [message for message in catalogue(language) if message.pluralizable]
    assert plural
    assert [message.id for message in plural if len(strings(message)) != forms] == []
