"""What the bank's index says about a question: made from its package, the same whoever stores it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from app.domain.texts import in_language

Kind: TypeAlias = Literal["tag", "grader", "exam", "item"]

LONGEST_WORD = 200
LONGEST_SEARCH = 20_000
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One line of the index. `search` is case-folded."""

    exam: str
    label: str
    parts: int
    tags: tuple[str, ...]
    graders: tuple[str, ...]
    items: tuple[str, ...]
    search: str

    @property
    def words(self) -> tuple[tuple[Kind, str], ...]:
        """What the question is found by, as (kind, word)."""
        found: list[tuple[Kind, str]] = [("tag", word) for word in self.tags]
        found += [("grader", word) for word in self.graders]
        found += [("item", word) for word in self.items]
        if self.exam:
            found.append(("exam", self.exam))
        return tuple(found)


def bank_entry(package: Mapping[str, Any]) -> BankEntry:
    """The line of the index for this package."""
    question = package["question"]
    source = question.get("source") or {}
    parts = question["parts"]
    exam, label = _word(source.get("exam")), _word(source.get("label"))
    tags = _words(question.get("tags") or ())
    items = _words(part.get("item") for part in parts)
    graders = _words(field.get("grader") for part in parts for field in part.get("fields", {}).values())
    pieces = [question["id"], *_texts(question.get("title")), *tags, exam, label, *items]
    pieces += (package.get("prompt") or {}).values()
    for statements in (question.get("pools") or {}).values():
        for statement in statements:
            pieces += _texts(statement.get("text"))
    search = folded("\n".join(pieces))[:LONGEST_SEARCH]
    return BankEntry(exam, label, len(parts), tags, graders, items, search)


def folded(text: str) -> str:
    """The text as it is searched: without case, and with single spaces."""
    return " ".join(text.casefold().split())


def _word(value: Any) -> str:
    text = in_language(value) if isinstance(value, dict) else "" if value is None else str(value)
    return " ".join(str(text).split())[:LONGEST_WORD]


def _words(values: Iterable[Any]) -> tuple[str, ...]:
    """Without repetitions, in their order."""
    found = dict.fromkeys(word for word in map(_word, values) if word)
    return tuple(found)[:MOST_WORDS]


def _texts(text: Any) -> Iterator[str]:
    if isinstance(text, dict):
        yield from map(str, text.values())
    elif text is not None:
        yield str(text)
