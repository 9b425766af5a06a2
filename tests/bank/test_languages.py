"""Papers in the language of their university: Montreal's are in French too, Munich's in German.

A translation says what the English text says: it has the same sections, shows the same cells under the same
conditions, and its mathematics is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.domain.language.tree import Name, Text, walk
from app.interchange.bank import LoadedQuestion
from graders.calls import CALLS
from graders.presenting.templates import Each, Hole, If, Piece, Words, parse
from graders.sections import split
from tests.bank.test_bank import QUESTIONS

LANGUAGES = {"montreal": "fr", "tum-ws2021": "de"}
ANSWER_IN_ENGLISH = {"fr": "Répondez en anglais.", "de": "Antworten Sie auf Englisch."}
TRANSLATED = [(one, LANGUAGES[one.folder.parent.name]) for one in QUESTIONS if one.folder.parent.name in LANGUAGES]
# Seeds enough to meet the stories that a text chooses from.
SEEDS = range(6)
NAMES = {"Adagrad", "Adam", "Newton", "RMSprop", "backward", "forward", "pooling", "tanh"}
TEXTS = ("title", "text", "why", "says", "alt", "caption")
MATHEMATICS = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
# A sentence ends or goes on behind the same display, as its language wants it.
SENTENCE = re.compile(r"\s*[.,;](\$+)$")
WORDING = re.compile(r"\\text\{[^{}]*\}")
WORD = re.compile(r"\b[A-Za-z]?[a-z]{2,}\b")


@pytest.fixture(params=TRANSLATED, ids=[one.folder.name for one, _ in TRANSLATED])
def translated(request: pytest.FixtureRequest) -> tuple[LoadedQuestion, str]:
    found: tuple[LoadedQuestion, str] = request.param
    return found


def texts_of(translated: tuple[LoadedQuestion, str], noun: str) -> tuple[dict[str, str], dict[str, str]]:
    """The sections of the English text and of its translation, "" being what stands before the first."""
    question, language = translated
    assert question.package is not None
    parts = [part["id"] for part in question.package["question"]["parts"]]
    both = []
    for code in ("", language):
        sections = split(question.package[noun][code], parts)
        assert sections.problems == []
        both.append({"": sections.stem.text} | {name: section.text for name, section in sections.parts.items()})
    return both[0], both[1]


def holes(pieces: list[Piece]) -> Iterator[Hole]:
    for piece in pieces:
        match piece:
            case Hole():
                yield piece
            case If():
                yield from holes([*piece.then, *piece.otherwise])
            case Each():
                yield from holes(piece.body)


def blocks(pieces: list[Piece]) -> list[object]:
    """The conditions and loops in their order, without what stands in them."""
    found: list[object] = []
    for piece in pieces:
        match piece:
            case If():
                found.append(("if", piece.node, blocks(piece.then), blocks(piece.otherwise)))
            case Each():
                found.append(("each", piece.names, piece.source, blocks(piece.body)))
            case Words() | Hole():
                pass
    return found


def shows(hole: Hole) -> str:
    """What a cell shows. A translation may look the words of a text cell up in a list of its own."""
    return f"{hole.node}:{hole.format}"


def looked_up(hole: Hole) -> str | None:
    """The cell of a hole that chooses among texts by it."""
    inner = list(walk(hole.node))
    names = {node.id for node in inner if isinstance(node, Name)}
    return names.pop() if len(names) == 1 and any(isinstance(node, Text) for node in inner) else None


def mathematics(text: str) -> Counter[str]:
    return Counter(SENTENCE.sub(r"\1", WORDING.sub("", found)) for found in MATHEMATICS.findall(text))


@pytest.mark.parametrize("noun", ["prompt", "solution"])
def test_a_translation_has_the_sections_of_the_english_text(translated: tuple[LoadedQuestion, str], noun: str) -> None:
    question, language = translated
    assert question.package is not None
    assert language in question.package[noun]
    english, other = texts_of(translated, noun)
    assert list(english) == list(other)


@pytest.mark.parametrize("noun", ["prompt", "solution"])
def test_a_translation_shows_the_same_cells_under_the_same_conditions(
    translated: tuple[LoadedQuestion, str], noun: str
) -> None:
    english, other = texts_of(translated, noun)
    for name in english:
        ours, theirs = parse(english[name]), parse(other[name])
        assert blocks(ours) == blocks(theirs), name
        here, there = list(holes(ours)), list(holes(theirs))
        missing = Counter(map(shows, here)) - Counter(map(shows, there))
        added = [hole for hole in there if shows(hole) not in map(shows, here)]
        # What is looked up instead is the very cell that the English text shows.
        left = Counter(str(hole.node.id) for hole in here if shows(hole) in missing and isinstance(hole.node, Name))
        assert left.total() == missing.total(), name
        assert Counter(map(looked_up, added)) == left, name


@pytest.mark.parametrize("noun", ["prompt", "solution"])
def test_a_translation_has_the_same_mathematics(translated: tuple[LoadedQuestion, str], noun: str) -> None:
    english, other = texts_of(translated, noun)
    for name in english:
        assert mathematics(english[name]) == mathematics(other[name]), name


def test_a_short_text_says_that_it_is_to_be_written_in_english(translated: tuple[LoadedQuestion, str]) -> None:
    question, language = translated
    assert question.package is not None
    _, other = texts_of(translated, "prompt")
    for part in question.package["question"]["parts"]:
        written = any(field["grader"] == "text" for field in part["fields"].values())
        assert (ANSWER_IN_ENGLISH[language] in other[part["id"]]) == written, part["id"]


def short_texts(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Everything of `question.yaml` that a student reads: titles, labels, statements, reasons, feedback."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from short_texts(item, f"{place}.{number}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in TEXTS or (key == "label" and ".fields." in place):
                yield f"{place}.{key}", item
            else:
                yield from short_texts(item, f"{place}.{key}")


def test_no_text_of_a_question_is_left_in_english(translated: tuple[LoadedQuestion, str]) -> None:
    question, language = translated
    assert question.package is not None
    read = {key: question.package["question"].get(key) for key in ("title", "pools", "figures", "readings", "parts")}
    left = [
        place
        for place, text in short_texts(read)
        if (isinstance(text, str) and WORD.search(MATHEMATICS.sub("", text)))
        or (isinstance(text, Mapping) and not text.get(language))
    ]
    assert left == []


def test_the_words_and_rows_of_lists_read_in_the_language(translated: tuple[LoadedQuestion, str]) -> None:
    question, language = translated
    assert question.package is not None
    known = question.package["question"].get("words", {}).get(language, {})
    for seed in SEEDS:
        shown = CALLS["variant"]({"package": question.package, "seed": seed, "language": "en"})["shown"]  # type: ignore[index,call-overload]
        for part in shown["parts"]:  # type: ignore[index,call-overload,union-attr]
            for field in part["fields"]:  # type: ignore[index,call-overload,union-attr]
                widget: Any = field["widget"]  # type: ignore[index,call-overload]
                if widget["kind"] in ("select", "table"):
                    asked = [*widget["words"], *widget["rows"], *widget["columns"]]
                    assert [text for text in asked if text not in {*known, *NAMES} and WORD.search(text)] == []


def test_every_variant_is_shown_in_the_language(translated: tuple[LoadedQuestion, str]) -> None:
    question, language = translated
    for seed in SEEDS:
        found: Any = CALLS["variant"]({"package": question.package, "seed": seed})
        assert language in found["shown"]["languages"]
        assert language in found["solution"]["languages"]
