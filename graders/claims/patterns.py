"""The language of claims: what must be said together, in which order, of whom, and with which polarity.

    a b          both in one segment, in any order (segments end at full stops and at contrasts: but, while, …)
    a > b        a comes before b, in time where the text says so ("b after a"), else in the text
    a + b        each somewhere in the text
    a | b        either
    not a        a is denied
    any a        a is mentioned, asserted or denied (a "not" that nothing counts still calls for a person)
    role::a      a is said of that role
    [a b]        close together, as in one phrase: at most four words between one and the next
    NO, YES      the text answers the question with no or yes

Binding, tightest first: not/any/role::, side by side, >, +, |; parentheses group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Stance: TypeAlias = Literal["asserted", "denied", "mentioned"]
Sign: TypeAlias = Literal[">", "+", "|"]
MOST_PIECES = 60
_PIECE = re.compile(r"\s*(::|[()\[\]>+|]|[A-Za-z][\w-]*|\S)")
ANSWERS = ("NO", "YES")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept, in one stance, said of a role or of anything; those of one `phrase` (above 0) stand close together."""

    name: str
    stance: Stance = "asserted"
    role: str = ""
    phrase: int = 0


@dataclass(frozen=True, slots=True)
class Together:
    """All in one segment."""

    items: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Patterns under one sign."""

    sign: Sign
    items: tuple[Pattern, ...]


Pattern: TypeAlias = Together | Joined


def parse_pattern(text: str, concepts: frozenset[str], roles: frozenset[str]) -> Pattern:
    """The pattern written so.

    Raises:
        PatternError: with one sentence about the first thing that is wrong.
    """
    pieces = [piece for piece in _PIECE.findall(text) if piece.strip()]
    if not pieces:
        raise PatternError("A pattern is empty.")
    if len(pieces) > MOST_PIECES:
        raise PatternError(f"The pattern `{text[:40]}…` has more than {MOST_PIECES} pieces.")
    reader = _Reader(text, pieces, concepts, roles)
    pattern = reader.joined(0)
    if reader.piece is not None:
        raise PatternError(f"In the pattern `{text}`, `{reader.piece}` is out of place.")
    return pattern


def concepts_of(pattern: Pattern) -> Iterator[str]:
    """The concepts that a pattern mentions."""
    for item in pattern.items:
        if isinstance(item, Concept):
            yield item.name
        else:
            yield from concepts_of(item)


_CLOSING = {"(": ")", "[": "]"}
_SIGNS: tuple[Sign, ...] = ("|", "+", ">")


class _Reader:
    def __init__(self, text: str, pieces: list[str], concepts: frozenset[str], roles: frozenset[str]) -> None:
        self._text = text
        self._pieces = pieces
        self._at = 0
        self._concepts = concepts
        self._roles = roles
        self._phrases = 0

    @property
    def piece(self) -> str | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _take(self) -> str:
        piece = self.piece
        if piece is None:
            raise PatternError(f"The pattern `{self._text}` ends too early.")
        self._at += 1
        return piece

    def joined(self, level: int, role: str = "") -> Pattern:
        if level == len(_SIGNS):
            return self._together(role)
        sign = _SIGNS[level]
        items = [self.joined(level + 1, role)]
        while self.piece == sign:
            self._take()
            items.append(self.joined(level + 1, role))
        return items[0] if len(items) == 1 else Joined(sign, tuple(items))

    def _together(self, role: str) -> Pattern:
        """Side by side; an alternative among them is multiplied out."""
        choices: list[tuple[Concept, ...]] = [()]
        while self.piece is not None and self.piece not in (")", "]", *_SIGNS):
            options = self._item(role)
            choices = [done + option for done in choices for option in options]
            if len(choices) > MOST_PIECES:
                raise PatternError(f"The pattern `{self._text}` has too many alternatives.")
        if choices == [()]:
            raise PatternError(f"In the pattern `{self._text}`, something is missing.")
        together = tuple(Together(items) for items in choices)
        return together[0] if len(together) == 1 else Joined("|", together)

    def _item(self, role: str) -> list[tuple[Concept, ...]]:
        stance: Stance = "asserted"
        while self.piece in ("not", "any"):
            stance = "denied" if self._take() == "not" else "mentioned"
        if self.piece in ("(", "["):
            opening = self._take()
            self._phrases += opening == "["
            phrase = self._phrases if opening == "[" else 0
            inner = self.joined(0, role)
            if self._take() != _CLOSING[opening]:
                raise PatternError(f"In the pattern `{self._text}`, a bracket is not closed.")
            return [tuple(_set(one, stance, phrase) for one in group) for group in self._groups(inner)]
        name = self._take()
        if self.piece == "::":
            self._take()
            if name not in self._roles:
                raise PatternError(f"In the pattern `{self._text}`, there is no role `{name}`.")
            return [tuple(_set(one, stance, 0) for one in group) for group in self._item(name)]
        if name not in self._concepts and name not in self._roles and name not in ANSWERS:
            raise PatternError(f"In the pattern `{self._text}`, there is no concept `{name}`.")
        return [(Concept(name, stance, role),)]

    def _groups(self, pattern: Pattern) -> list[tuple[Concept, ...]]:
        if isinstance(pattern, Together):
            return [pattern.items]
        if pattern.sign != "|":
            raise PatternError(f"In the pattern `{self._text}`, `{pattern.sign}` cannot stand in brackets.")
        return [group for item in pattern.items for group in self._groups(item)]


def _set(one: Concept, stance: Stance, phrase: int) -> Concept:
    outer = one.stance if stance == "asserted" else stance
    return replace(one, stance=outer, phrase=one.phrase or phrase)
