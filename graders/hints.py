"""Splits `hints.md`: a section per part (`## part-id`), hints in it separated by lines `---`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from app.domain.errors import Problem
from graders.sections import FENCE, Section, split

MOST = 9
"""Hints of one part. Whoever needs more needs the solution."""

_RULE = re.compile(r" {0,3}-{3,}[ \t]*$")


@dataclass(slots=True)
class Hints:
    """The hints by part id, from gentle to concrete; `problems` says what does not fit the question."""

    parts: dict[str, list[Section]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def split_hints(text: str, parts: Collection[str], file: str = "") -> Hints:
    """The hints of a question with these parts. Not every part needs some; the rest of a bad file stays usable."""
    sections = split(text, parts, file, complete=False)
    found = Hints(problems=list(sections.problems))
    stem = sections.stem.text
    if stem.strip():
        line = 1 + stem[: len(stem) - len(stem.lstrip())].count("\n")
        found.problems.append(Problem("A hint belongs to a part: begin with `## part-id`.", file=file, line=line))
    for name, section in sections.parts.items():
        hints = _separated(section)
        for hint in hints:
            if not hint.text.strip() and section.text.strip():
                found.problems.append(Problem("There is nothing in this hint.", file=file, line=hint.line))
        if len(hints) > MOST:
            says = f"A part has at most {MOST} hints; part `{name}` has {len(hints)}."
            found.problems.append(Problem(says, file=file, line=section.line - 1))
        found.parts[name] = [hint for hint in hints if hint.text.strip()][:MOST]
    return found


def _separated(section: Section) -> list[Section]:
    hints: list[Section] = []
    kept: list[str] = []
    start, fence = section.line, ""
    for number, line in enumerate(section.text.splitlines(keepends=True), section.line):
        mark = FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        if not fence and _RULE.match(line.rstrip("\r\n")):
            hints.append(Section("".join(kept), start))
            kept, start = [], number + 1
        else:
            kept.append(line)
    return [*hints, Section("".join(kept), start)]
