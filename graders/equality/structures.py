"""Sets and lists: compared piece by piece, sets in any order and each element once."""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Sequence as PySequence
from functools import partial

from app.domain.language.tree import Call, Node, Sequence
from graders.equality.expressions import Verdict

Same = Callable[[Node, Node], Verdict]
Size = Callable[[Node], float | None]

MOST_ELEMENTS = 24


def is_set(node: Node) -> bool:
    """Whether a tree is a set, written with its elements."""
    return isinstance(node, Call) and node.function == "set"


def same_set(reference: Node, answer: Node, same: Same, size: Size) -> Verdict:
    """Whether two sets have the same elements.

    `size` is roughly the value of an element somewhere, or None: partners of the same size are tried first.
    """
    if not isinstance(reference, Call) or not isinstance(answer, Call):
        return Verdict("different", "Only one of them is a set.")
    if max(len(reference.args), len(answer.args)) > MOST_ELEMENTS:
        return Verdict("undecided", f"Sets of more than {MOST_ELEMENTS} elements are not compared.")
    known: dict[tuple[int, int], Verdict] = {}

    def judged(mine: int, theirs: int) -> Verdict:
        if (mine, theirs) not in known:
            known[mine, theirs] = same(reference.args[theirs], answer.args[mine])
        return known[mine, theirs]

    doubt: Verdict | None = None
    values = [[size(node) for node in side.args] for side in (reference, answer)]
    for turned in (False, True):
        theirs = values[not turned]
        for place, own in enumerate(values[turned]):
            kinds = set()
            for other in sorted(range(len(theirs)), key=partial(_distance, own, theirs)):
                kinds.add((judged(place, other) if turned else judged(other, place)).verdict)
                if "equal" in kinds:
                    break
            if "equal" in kinds:
                continue
            if "undecided" not in kinds:
                if turned:
                    return Verdict("different", f"Element {place + 1} of yours should not be in the set.")
                return Verdict("different", "An element is missing in yours.")
            doubt = Verdict("undecided", "Whether some elements are the same is not certain.")
    return doubt or Verdict("equal", "Both have the same elements.")


def _distance(own: float | None, others: PySequence[float | None], place: int) -> float:
    other = others[place]
    return math.inf if own is None or other is None else abs(own - other)


def same_list(reference: Sequence, answer: Sequence, same: Same, place: tuple[int, ...] = ()) -> Verdict:
    """Whether two lists, of lists if need be, have the same cells."""
    if len(reference.items) != len(answer.items):
        yours, theirs = _count(len(answer.items)), len(reference.items)
        if not place:
            return Verdict("different", f"Yours has {yours}, but should have {theirs}.")
        return Verdict("different", f"In {_cell(place)} yours has {yours}, but should have {theirs}.")
    doubt: Verdict | None = None
    for number, (one, other) in enumerate(zip(reference.items, answer.items, strict=True), start=1):
        inner = (*place, number)
        if isinstance(one, Sequence) and isinstance(other, Sequence):
            found = same_list(one, other, same, inner)
        else:
            found = same(one, other)
            if found.verdict != "equal":
                found = Verdict(found.verdict, f"In {_cell(inner)}: {found.reason}")
        if found.verdict == "different":
            return found
        if found.verdict == "undecided":
            doubt = doubt or found
    return doubt or Verdict("equal", "All cells are the same.")


def _count(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"


def _cell(place: tuple[int, ...]) -> str:
    if len(place) == 2:
        return f"row {place[0]}, column {place[1]}"
    return "cell " + ".".join(map(str, place))
