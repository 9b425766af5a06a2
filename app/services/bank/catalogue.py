"""The bank as programs walk through it: its questions one after the other, their versions, and trying one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.bank_entries import Kind, folded
from app.domain.errors import InvalidInput, NotFound
from app.domain.values import Json
from app.interchange.folder import to_json
from app.services.bank.bank import folder_of
from app.services.bank.images import with_images
from app.services.operating.transactions import Transaction
from app.services.sitting.saving import FIELD, check_value
from app.storage import bank_index, questions
from app.storage.bank_index import Line, Wanted
from app.storage.questions import VersionLine

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

__all__ = ["Line", "VersionLine", "grade", "question", "source", "variant", "versions", "walk"]

MOST_WORDS = 10
MOST_FIELDS = 500


@dataclass(frozen=True, slots=True)
class Source:
    """One version of a question as it was written: its folder, and the package that the folder means."""

    version: VersionLine
    folder: Mapping[str, Any]
    package: Mapping[str, Any]


def walk(
    tx: Transaction, *, after: str, limit: int, text: str = "", words: Mapping[Kind, str] | None = None, retired: bool
) -> list[Line]:
    """The questions after that id which hold every word of the text and have these words of the index, by id."""
    texts = tuple(folded(piece) for piece in text.split()[:MOST_WORDS])
    chosen = tuple((kind, word) for kind, word in (words or {}).items() if word)
    return bank_index.after(tx, Wanted(texts, chosen, retired), after, limit)


def question(tx: Transaction, name: str) -> Line:
    """What the index says about a question.

    Raises:
        NotFound: there is none of this name.
    """
    found = bank_index.line(tx, name)
    if found is None:
        raise NotFound(f"There is no question “{name}”.")
    return found


def versions(tx: Transaction, name: str) -> list[VersionLine]:
    """All versions of a question, the newest first.

    Raises:
        NotFound: there is none of this name.
    """
    found = questions.history(tx, name)
    if not found:
        raise NotFound(f"There is no question “{name}”.")
    return found


def source(tx: Transaction, name: str, number: int | None) -> Source:
    """One version of a question as it was written; without a number the newest.

    Raises:
        NotFound: there is no such question, or no such version of it.
    """
    one = _version(tx, name, number)
    return Source(one, to_json(folder_of(tx, one.id)), questions.package(tx, one.id))


def variant(
    tx: Transaction, sandbox: Runs, name: str, seed: int, number: int | None
) -> tuple[VersionLine, dict[str, Any]]:
    """A variant as an attempt would get it, with its solution; nothing is stored.

    Raises:
        NotFound: there is no such question, or no such version of it.
        QuestionError, SandboxFailure: it cannot be made.
    """
    one = _version(tx, name, number)
    package = questions.package(tx, one.id)
    made = sandbox.run("variant", {"package": package, "seed": seed}, lane="grading")
    return one, with_images(made, package)


def grade(
    tx: Transaction, sandbox: Runs, name: str, seed: int, number: int | None, answers: Mapping[str, Json]
) -> tuple[VersionLine, dict[str, Any]]:
    """What these answers would earn, by field; nothing is stored.

    Raises:
        NotFound: there is no such question, or no such version of it.
        InvalidInput: there is no such field, or an answer cannot be taken.
        QuestionError, SandboxFailure: it cannot be graded.
    """
    one = _version(tx, name, number)
    package = questions.package(tx, one.id)
    fields = {field for part in package["question"]["parts"] for field in part["fields"]}
    for field, value in answers.items():
        if not FIELD.match(field) or field not in fields:
            raise InvalidInput(f"This question has no field “{field[:100]}”.", place=f"answers.{field[:100]}")
        check_value(value, f"answers.{field}")
    payload = {"package": package, "seed": seed, "answers": dict(answers), "by_id": True}
    credit: dict[str, Any] = sandbox.run("grade", payload, lane="grading")["credit"]
    return one, credit


def _version(tx: Transaction, name: str, number: int | None) -> VersionLine:
    found = [one for one in versions(tx, name) if number in (None, one.number)]
    if not found:
        raise NotFound(f"There is no version {number} of “{name}”.")
    return found[0]
