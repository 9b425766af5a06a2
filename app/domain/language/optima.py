"""What an objective is minimised or maximised over: the names below `argmin`."""

from __future__ import annotations

import re
from typing import Final

_OPTIMUM: Final = re.compile(
    r"(?:arg[\s\\,]*|\\?)(?:min|max)(?![A-Za-z])\s*\}?\s*(?:\\limits\s*)?_\s*"
    r"(?:\{(?P<braces>[^{}]{0,60})\}|\((?P<brackets>[^()]{0,60})\)|(?P<bare>\\?[A-Za-zα-ωΑ-Ω]+(?:\s*,\s*\\?[A-Za-z]+(?=[\s,]))*))"
)
_NAME: Final = re.compile(r"[A-Za-z]+|[Α-Ωα-ω]")


def minimised_over(text: str) -> tuple[str, ...]:
    """The names below the first `argmin`, `min`, `argmax` or `max` of a text, in LaTeX or plainly; else none."""
    found = _OPTIMUM.search(text)
    if found is None:
        return ()
    return tuple(_NAME.findall(found["braces"] or found["brackets"] or found["bare"] or ""))
