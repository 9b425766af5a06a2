"""Everything that can be wrong with input, as sentences for people.

GradusError               the root: `str(error)` is one clear sentence
├── QuestionError         a question cannot be used; carries the problems found, each with its place
├── NotFound              a question, part, quiz or attempt that does not exist (or not for this person)
├── NotAllowed            the person may not do this, or not now
├── Conflict              somebody or something else came first
├── InvalidInput          a value from outside that cannot be taken; `place` names the field
└── Unavailable           the server cannot do this at the moment (disk full …); nothing was changed
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one place: a dotted `path` into the document, `file` and `line` (from 1) where known."""

    says: str
    path: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line is not None else "")
        lead = ", ".join(piece for piece in (place, self.path) if piece)
        return f"{lead}: {self.says}" if lead else self.says


class GradusError(Exception):
    """The root of all errors that are meant to be read by people."""


class QuestionError(GradusError):
    """A question that cannot be used, with every problem that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class NotFound(GradusError):
    """There is no such thing, or not for this person."""


class NotAllowed(GradusError):
    """This person may not do this, or not at this time."""


class Conflict(GradusError):
    """The request contradicts what has happened in the meantime."""


class InvalidInput(GradusError):
    """A value from outside that cannot be taken."""

    def __init__(self, says: str, place: str = "") -> None:
        super().__init__(says)
        self.place = place


class Unavailable(GradusError):
    """The server cannot do this at the moment; nothing was changed, and trying again may succeed."""
