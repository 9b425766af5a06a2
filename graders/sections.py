"""Splits `prompt.md` and `solution.md` into the stem and one section per part (`## part-id`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from app.domain.errors import Problem

_HEADING = re.compile(r"##[ \t]+(.*?)[ \t#]*$")
FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of the file and the line (1-based) on which it starts."""

    text: str
    line: int


@dataclass(slots=True)
class Sections:
    """The stem and the sections by part id; `problems` says what does not fit the question."""

    stem: Section
    parts: dict[str, Section] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, part: str) -> Section:
        """The section of a part; an empty one where there is none."""
        return self.parts.get(part, Section("", 1))


def split(text: str, parts: Collection[str], file: str = "", *, complete: bool = True) -> Sections:
    """The sections of a file whose question has these parts; the rest of a bad file stays usable.

    `complete`: every part has a section.
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    starts: list[tuple[int, str]] = []
    fence = ""
    for number, line in enumerate(lines):
        mark = FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        heading = None if fence else _HEADING.match(line.rstrip("\r\n"))
        if heading:
            starts.append((number, heading[1]))
    ends = [number for number, _ in starts] + [len(lines)]
    found = Sections(Section("".join(lines[: ends[0]]), 1))
    for (number, name), end in zip(starts, ends[1:], strict=True):
        if name not in parts:
            says = f"There is no part `{name}`; `##` starts the section of a part, `###` other headings."
            found.problems.append(Problem(says, file=file, line=number + 1))
        elif name in found.parts:
            found.problems.append(Problem(f"There are two sections for part `{name}`.", file=file, line=number + 1))
        else:
            found.parts[name] = Section("".join(lines[number + 1 : end]), number + 2)
    for name in parts:
        if name not in found.parts:
            if complete:
                found.problems.append(Problem(f"The section `## {name}` is missing.", file=file))
        elif not found.parts[name].text.strip():
            says = f"The section `## {name}` is empty."
            found.problems.append(Problem(says, file=file, line=found.parts[name].line - 1))
    return found
