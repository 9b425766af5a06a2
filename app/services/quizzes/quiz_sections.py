"""The sections of a quiz: a heading, with a text, over some of its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import InvalidInput
from app.services.operating.transactions import Transaction
from app.services.quizzes.quiz_places import NewPlace
from app.storage import quizzes
from app.storage.tables import QuizSection

MOST_SECTIONS = 100
LONGEST_TITLE = 300
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Section:
    """A heading over places: those whose `section` is its number, from 1."""

    title: str
    text: str = ""


def sections_of(tx: Transaction, quiz_id: int) -> tuple[Section, ...]:
    """The sections of a quiz (by its row number) in order."""
    return tuple(Section(row.title, row.text) for row in quizzes.sections(tx, quiz_id))


def headings_of(tx: Transaction, quiz_id: int, numbers: Sequence[int]) -> list[str]:
    """For questions in order, of the sections with these numbers (0: none): the heading of each that begins one."""
    sections = sections_of(tx, quiz_id) if any(numbers) else ()
    begins = [number if number != before else 0 for before, number in zip((0, *numbers), numbers, strict=False)]
    return [sections[number - 1].title if 0 < number <= len(sections) else "" for number in begins]


def check_sections(sections: Sequence[Section], places: Sequence[NewPlace]) -> None:
    """Let sections pass that can be stored: their places stand together, in the order of the sections.

    Raises:
        InvalidInput: one that cannot; `place` names it ("sections[0].title", "places[3].section").
    """
    if len(sections) > MOST_SECTIONS:
        raise InvalidInput(f"A quiz has at most {MOST_SECTIONS} sections.", place="sections")
    for index, section in enumerate(sections):
        where = f"sections[{index}]"
        if not section.title.strip():
            raise InvalidInput("A section needs a heading.", place=f"{where}.title")
        if len(section.title) > LONGEST_TITLE:
            raise InvalidInput(f"A heading has at most {LONGEST_TITLE} characters.", place=f"{where}.title")
        if len(section.text) > LONGEST_TEXT:
            raise InvalidInput(f"The text of a section has at most {LONGEST_TEXT} characters.", place=f"{where}.text")
    before = 0
    for index, place in enumerate(places):
        if not 0 <= place.section <= len(sections):
            raise InvalidInput(f"There is no section {place.section}.", place=f"places[{index}].section")
        if place.section < before:
            says = "The places of a section stand together, in the order of the sections."
            raise InvalidInput(says, place=f"places[{index}].section")
        before = place.section


def store_sections(tx: Transaction, quiz_id: int, sections: Sequence[Section]) -> None:
    """Let a quiz (by its row number) have exactly these sections."""
    rows = [
        QuizSection(quiz_id=quiz_id, number=number, title=one.title.strip(), text=one.text.strip())
        for number, one in enumerate(sections, 1)
    ]
    quizzes.replace_sections(tx, quiz_id, rows)


def section_troubles(sections: Sequence[Section], used: Sequence[int]) -> list[str]:
    """Why these sections cannot be published; `used` are the sections of the places."""
    return [
        f"The section “{one.title}” has no questions." for number, one in enumerate(sections, 1) if number not in used
    ]
