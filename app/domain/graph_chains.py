"""Nodes that arrows name by what they compute: `x -> f -> g -> L` and `w -> f` are about one f."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.domain.graph_lines import Line
from app.domain.graph_operators import OPERATORS, operator_of

_ZERO: Final = "0"
"""The input that `max(., 0)` brings along."""


class UnclearNode(Exception):
    """It is not clear which node a line means: the place of the line among the others, and one sentence."""

    def __init__(self, place: int, says: str) -> None:
        super().__init__(says)
        self.place = place
        self.says = says


def joined(lines: Sequence[Line], given: Collection[str]) -> list[tuple[int, Line]]:
    """The nodes of a graph with the place of the line each begins at; `given` are the names of inputs.

    Raises:
        UnclearNode: where an operator that stands several times could be any of several nodes.
    """
    return _Boxes(lines, given).joined()


class _Boxes:
    def __init__(self, lines: Sequence[Line], given: Collection[str]) -> None:
        self.lines = dict(enumerate(lines))
        self.names = {line.name for line in lines if not line.hidden} | set(given)

    def joined(self) -> list[tuple[int, Line]]:
        for word in dict.fromkeys(line.called for line in self.lines.values() if line.called):
            self._settle(word)
        return sorted(self.lines.items())

    def _settle(self, word: str) -> None:
        """Decides which of the nodes that are called by this operator are one.

        A layer of the question's own is one node unless its results are named differently; of other operators those
        are one that lack an input by themselves.
        """
        places = [place for place, line in self.lines.items() if line.called == word]
        ends = [place for place in places if self.lines[place].hidden and self.lines[place].name == word]
        passed = [place for place in places if place not in ends]
        led_from = word not in self.names and any(word in line.inputs for line in self.lines.values())
        if len(places) == 1 and not (led_from and passed):
            return
        own = self.lines[places[0]].operator not in OPERATORS
        if len(passed) > 1 and self._are_one(passed, own):
            passed = [self._merge(passed, word)]
        if not passed:
            self._merge(ends, word)
        elif len(passed) > 1:
            if led_from or any(map(self._lacks, ends)):
                raise self._unclear((ends or passed)[0], word)
            self._merge(ends, word)
        else:
            self._lead(passed[0], ends, word, own, led_from)

    def _lead(self, node: int, ends: list[int], word: str, own: bool, led_from: bool) -> None:
        """Arrows that lead to the one node, and from it."""
        if ends:
            inputs = [*self._inputs([node, *ends])]
            known = self.lines[node].name
            possible = operator_of(self.lines[node].operator).takes(len(inputs))
            possible = possible and not any(self._depends(self.lines[end], known) for end in ends)
            same = all(self.lines[end].inputs == self.lines[node].inputs for end in ends)
            if possible and (own or same or any(map(self._lacks, [node, *ends]))):
                self._merge([node, *ends], word)
                return
            if possible or led_from:
                raise self._unclear(ends[0], word)
            self._merge(ends, word)
        elif led_from:
            self._merge([node], word)

    def _are_one(self, places: list[int], own: bool) -> bool:
        lines = [self.lines[place] for place in places]
        if len({line.name for line in lines if not line.hidden}) > 1:
            return False
        if any(self._depends(line, other.name) for line in lines for other in lines if line is not other):
            return False
        return own or all(map(self._lacks, places)) or len({line.inputs for line in lines}) == 1

    def _lacks(self, place: int) -> bool:
        """Whether a node has one input only and its operator joins several."""
        operator = operator_of(self.lines[place].operator)
        return len(self.lines[place].inputs) < max(operator.fewest, min(2, operator.most))

    def _merge(self, places: list[int], word: str) -> int:
        """Makes one node of several, called by its name or by its operator."""
        if not places:
            return -1
        lines = [self.lines[place] for place in places]
        names = [line.name for line in lines if not line.hidden]
        name = names[0] if names else word
        values = [line.value for line in lines if line.value]
        gradients = tuple(one for line in lines for one in line.gradients)
        complete = all(len(line.gradients) in (0, len(line.inputs)) for line in lines)
        self.lines[places[0]] = replace(
            lines[0],
            name=name,
            hidden=not names,
            inputs=tuple(self._inputs(places)),
            value=values[0] if values else "",
            gradients=gradients if complete and all(line.gradients for line in lines) else lines[0].gradients,
        )
        for place in places[1:]:
            del self.lines[place]
        former = {line.name for line in lines} | {word} - self.names
        for place, line in self.lines.items():
            inputs = tuple(name if one in former else one for one in line.inputs)
            if inputs != line.inputs:
                self.lines[place] = replace(line, inputs=inputs)
        return places[0]

    def _inputs(self, places: list[int]) -> Iterator[str]:
        """The inputs of several lines; one that only repeats another adds none."""
        kept = dict.fromkeys(self.lines[place].inputs for place in places)
        with_zero = any(inputs[-1:] == (_ZERO,) for inputs in kept) and len(kept) > 1
        for inputs in kept:
            yield from inputs[:-1] if with_zero and inputs[-1:] == (_ZERO,) else inputs
        if with_zero:
            yield _ZERO

    def _depends(self, line: Line, name: str) -> bool:
        by_name = {one.name: one for one in self.lines.values()}
        found, left = {line.name}, [*line.inputs]
        while left:
            one = left.pop()
            if one == name:
                return True
            if one not in found and one in by_name:
                found.add(one)
                left += by_name[one].inputs
        return False

    def _unclear(self, place: int, word: str) -> UnclearNode:
        says = f"it is not clear which “{word}” is meant; name its result where it stands, as in x, w -> {word} -> s."
        return UnclearNode(place, says)
