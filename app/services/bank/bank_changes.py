"""What differs between two versions of a question, file by file and line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.interchange.folder import is_text

Mark: TypeAlias = Literal["+", "-", " "]

AROUND = 3
MOST_LINES = 6_000
"""Comparing takes the square of it at worst."""
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line: added (+), removed (-) or in both, with its number on either side."""

    mark: Mark
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file that differs. `hunks` are the places with some lines around them; files that are no text have none."""

    name: str
    kind: Literal["added", "removed", "changed"]
    text: bool
    old_bytes: int
    new_bytes: int
    hunks: tuple[tuple[DiffLine, ...], ...] = ()
    added: int = 0
    removed: int = 0


def changes(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    """The files that differ, question.yaml first."""
    names = sorted({*old, *new}, key=lambda name: (name != "question.yaml", name.startswith("files/"), name))
    return tuple(_change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _change(name: str, old: bytes | None, new: bytes | None) -> FileChange:
    kind: Literal["added", "removed", "changed"] = "added" if old is None else "removed" if new is None else "changed"
    sizes = len(old or b""), len(new or b"")
    if not is_text(name):
        return FileChange(name, kind, False, *sizes)
    before, after = _lines(old), _lines(new)
    if max(len(before), len(after)) > MOST_LINES:
        return FileChange(name, kind, True, *sizes)
    hunks = tuple(tuple(hunk) for hunk in _hunks(before, after))
    marks = [line.mark for hunk in hunks for line in hunk]
    return FileChange(name, kind, True, *sizes, hunks, marks.count("+"), marks.count("-"))


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode("utf-8", "replace")
    return [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in text.splitlines()]


def _hunks(old: list[str], new: list[str]) -> Iterator[list[DiffLine]]:
    matcher = difflib.SequenceMatcher(None, old, new)
    for group in matcher.get_grouped_opcodes(AROUND):
        hunk: list[DiffLine] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                hunk += [DiffLine(" ", i + 1, j1 + i - i1 + 1, old[i]) for i in range(i1, i2)]
                continue
            hunk += [DiffLine("-", i + 1, None, old[i]) for i in range(i1, i2)]
            hunk += [DiffLine("+", None, j + 1, new[j]) for j in range(j1, j2)]
        yield hunk
