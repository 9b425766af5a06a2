"""Several steps of working: `3*3 = 9, 9 + 1 = 10`, `63 + 1 = 64, where 63 = 255//4`, `a = N^2, r = 1/a`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.domain.language.limits import STUDENT

_SEPARATOR: Final = re.compile(r",\s+|;|\n")
"""A comma without a gap may belong to a number."""
_BACKGROUND: Final = re.compile(
    r"(?:[,;]\s*|\s+)(?:where|since|because|with|wobei|mit|weil|da|denn|où|avec|car|puisque)\s+(?=[^,;\n]*=)",
    re.IGNORECASE,
)
"""What stands behind such a word says where the value before it comes from."""
_NEXT: Final = re.compile(r"^(?:and|then|next|so|und|dann|also|et|puis|donc)(?:\s+(?:then|dann))?\s+", re.IGNORECASE)
_MOST: Final = 12
_NAMED: Final = re.compile(
    r"(?P<name>\\?[^\W\d_][^\W_]{0,11}(?:_(?:\{[^\W_]{1,12}\}|[^\W_]{1,12}))?)\s*=(?!=)(?P<meaning>[^=]+)", re.DOTALL
)
_LEAD: Final = re.compile(r"\s*\$?\s*(\\?[^\W\d_]\w*(?:_\{\w+\})?)\s*(?:\(.*\))?\s*=?\s*\$?\s*")


@dataclass(frozen=True, slots=True)
class Working:
    """The steps in the order typed, and which of them says the value: the last, or the last before “where”."""

    steps: tuple[str, ...]
    result: int

    @property
    def explained(self) -> bool:
        """Whether steps stand behind the one that says the value."""
        return self.result + 1 < len(self.steps)


def working_of(text: str) -> Working | None:
    """The steps of a text that has several of them, each an equation; only a value may stand alone before “where”."""
    parts = _BACKGROUND.split(text, maxsplit=1)
    front, behind = statements(parts[0]), [step for part in parts[1:] for step in statements(part)]
    found = [_NEXT.sub("", step.strip()) for step in front]
    alone = bool(behind) and len(found) == 1
    steps = (*found, *(step.strip() for step in behind))
    if not 1 < len(steps) <= _MOST or not all(steps) or not all("=" in step for step in steps[alone:]):
        return None
    return Working(steps, len(found) - 1)


@dataclass(frozen=True, slots=True)
class Named:
    """Equations that each name something: the one that says the value, and what the others say, written out."""

    result: str
    others: tuple[str, ...]


def named_in(text: str, lead: str, declared: Collection[str]) -> Named | None:
    """The equations of `M_1 = 1, M_2 = N^2, r = M_1/M_2`, whose names are written out in those behind them. The value
    is the last one's, or the one's that is named as the lead says. None for any other text: each name has to be new,
    and no equation may lean on a name that stands behind it.
    """
    steps = [step.strip() for step in statements(text)]
    sides = [(left.strip(), meaning) for left, sign, meaning in (step.partition("=") for step in steps) if sign]
    if not 1 < len(steps) <= _MOST or len(sides) < len(steps) or len(text) > STUDENT.length:
        return None
    if not all(_NAMED.fullmatch(step) for step in steps[:-1]):
        return None
    names = [_plain(left) for left, _ in sides[:-1]]
    if len({*names, _plain(sides[-1][0])}) < len(sides) or not {_plain(one) for one in declared}.isdisjoint(names):
        return None
    written: list[str] = []
    for place, (_, meaning) in enumerate(sides):
        later = sides[place:-1] if place + 1 == len(sides) else sides[place:]
        if any(_used(one).search(meaning) for one, _ in later):
            return None
        for (one, _), formula in zip(sides[:place], written, strict=True):
            meaning = _used(one).sub("(" + formula.replace("\\", r"\\") + ")", meaning)
        if len(meaning) > STUDENT.length:
            return None
        written.append(meaning.strip())
    asked = _LEAD.fullmatch(lead)
    chosen = names.index(_plain(asked[1])) if asked and _plain(asked[1]) in names else len(sides) - 1
    others = tuple(formula for place, formula in enumerate(written) if place != chosen)
    return Named(f"{sides[chosen][0]} = {written[chosen]}", others)


def _plain(name: str) -> str:
    """A name without the signs that only place its index."""
    return re.sub(r"[\\_{}\s]", "", name)


def _used(name: str) -> re.Pattern[str]:
    """Where a name stands in a formula."""
    return re.compile(rf"(?<![^\W\d])(?<!\\){re.escape(name)}(?![\w{{'_])")


def statements(text: str) -> list[str]:
    """What stands between the commas, semicolons and ends of lines that are in no brackets."""
    found: list[str] = []
    depth = begin = 0
    ends = {match.start(): match.end() for match in _SEPARATOR.finditer(text)}
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if not depth and place in ends and place >= begin:
            found.append(text[begin:place])
            begin = ends[place]
    return [one for one in (*found, text[begin:]) if one.strip()]
