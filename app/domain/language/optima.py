"""What an objective is minimised or maximised over: the names below `argmin`, or behind “over”."""

from __future__ import annotations

import re
from typing import Final

_OPTIMUM: Final = re.compile(
    r"(?:arg[\s\\,]*|\\?)(?:min|max)(?![A-Za-z])\s*\}?\s*(?:\\limits\s*)?_\s*"
    r"(?:\{(?P<braces>[^{}]{0,60})\}|\((?P<brackets>[^()]{0,60})\)|(?P<bare>\\?[A-Za-zα-ωΑ-Ω]+(?:\s*,\s*\\?[A-Za-z]+(?=[\s,]))*))"
)
_NAME: Final = re.compile(r"[A-Za-z]+|[Α-Ωα-ω]")
_MAY_BE: Final = re.compile(r"m(?:in|ax)", re.IGNORECASE)
_LETTERS: Final = r"[A-Za-zΑ-Ωα-ω]\w{0,8}"
_JOINED: Final = r"\s*(?:,|&|\band\b|\bund\b|\bet\b)\s*"
_LISTED: Final = rf"{_LETTERS}(?:{_JOINED}{_LETTERS}){{0,5}}"
_FRONT: Final = r"(?P<front>^\s*|=\s*)"
_OVER: Final = (
    r"(?:over|with\s+respect\s+to|w\.?\s?r\.?\s?t\.?|über|bezüglich|bzgl\.?|sur|par\s+rapport\s+à)\s+(?:alle?\s+)?"
)
_BESIDE: Final = re.compile(
    rf"{_FRONT}(?P<arg>arg\s*)?(?P<word>min|max)(?:imi[sz]e|imiere|imiser)?\s+{_OVER}"
    rf"(?:(?P<listed>{_LISTED})\s*(?::|\b(?:of|von|de)\b)"
    rf"|(?:\{{(?P<braces>{_LISTED})\}}|\((?P<brackets>{_LISTED})\))\s*:?)",
    re.IGNORECASE,
)
"""`min over w, b:`"""
_COLON: Final = re.compile(
    rf"{_FRONT}(?:arg\s*)?(?:min|max)\s*_\s*(?:\{{[^{{}}]{{0,60}}\}}|\([^()]{{0,60}}\)|{_LISTED})\s*(?P<colon>:)"
)
"""`min_{w, b}:`"""
_BEHIND: Final = re.compile(
    rf"{_FRONT}(?:argmin|argmax|(?:mini|maxi)mi[sz]e)\s+.*?\s(?P<over>{_OVER}(?P<listed>{_LISTED})\s*\.?\s*)$",
    re.DOTALL,
)
"""`minimise f over w`"""


def minimised_over(text: str) -> tuple[str, ...]:
    """The names below the first `argmin`, `min`, `argmax` or `max` of a text, in LaTeX or plainly; else none."""
    behind = _BEHIND.search(text) if _MAY_BE.search(text) else None
    if behind is not None:
        return tuple(_names(behind["listed"]))
    found = _OPTIMUM.search(with_names_below(text))
    if found is None:
        return ()
    return tuple(_NAME.findall(found["braces"] or found["brackets"] or found["bare"] or ""))


def with_names_below(text: str) -> str:
    """A plain text with the names of an optimum below it: `min over w, b: f` is `min_{w,b}      f`.

    It is as long as what was typed, so that places stay as they are.
    """
    if not _MAY_BE.search(text):
        return text
    beside = _BESIDE.search(text)
    if beside is not None:
        names = ",".join(_names(beside["listed"] or beside["braces"] or beside["brackets"]))
        below = f"{beside['front']}{'arg' if beside['arg'] else ''}{beside['word'].lower()}_{{{names}}}"
        return text[: beside.start()] + below.ljust(len(beside[0])) + text[beside.end() :]
    colon = _COLON.search(text)
    if colon is not None:
        return text[: colon.start("colon")] + " " + text[colon.end("colon") :]
    behind = _BEHIND.search(text)
    return text[: behind.start("over")] + " " * len(behind["over"]) if behind is not None else text


def _names(listed: str) -> list[str]:
    """The names of a list with commas or with “and”."""
    return re.split(_JOINED, listed.strip())
