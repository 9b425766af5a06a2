"""Sets and lists: compared piece by piece, sets in any order and each element once."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.language.tree import Call, Node, Sequence
from graders.equality.expressions import Verdict

Same = Callable[[Node, Node], Verdict]

MOST_ELEMENTS = 40


def is_set(node: Node) -> bool:
    """Whether a tree is a set, written with its elements."""
    return isinstance(node, Call) and node.function == "set"


def same_set(reference: Node, answer: Node, same: Same) -> Verdict:
    """Whether two sets have the same elements."""
    if not isinstance(reference, Call) or not isinstance(answer, Call):
        return Verdict("different", "Only one of them is a set.")
    if max(len(reference.args), len(answer.args)) > MOST_ELEMENTS:
        return Verdict("undecided", f"Sets of more than {MOST_ELEMENTS} elements are not compared.")
    doubt: Verdict | None = None
    table = [[same(one, other) for other in answer.args] for one in reference.args]
    sides = (
        (table, "the reference has and yours has not"),
        ([[row[place] for row in table] for place in range(len(answer.args))], "yours has and the reference has not"),
    )
    for rows, says in sides:
        for place, row in enumerate(rows):
            kinds = {found.verdict for found in row}
            if "equal" in kinds:
                continue
            if "undecided" in kinds:
                doubt = Verdict("undecided", "Whether some elements are the same is not certain.")
            else:
                return Verdict("different", f"There is an element, number {place + 1}, that {says}.")
    return doubt or Verdict("equal", "Both have the same elements.")


def same_list(reference: Sequence, answer: Sequence, same: Same, place: tuple[int, ...] = ()) -> Verdict:
    """Whether two lists, of lists if need be, have the same cells."""
    if len(reference.items) != len(answer.items):
        says = f"yours has {_count(len(answer.items))}, the reference {len(reference.items)}"
        where = f"In {_cell(place)} " if place else ""
        return Verdict("different", f"{where}{says}.".replace("yours", "Yours" if not where else "yours", 1))
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
