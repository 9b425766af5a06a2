"""Taking back what a marker decided last, and all at once: unless somebody has decided since, or is at it now.

What that leaves is another thing for a first marker (deciding) than for a second one (second_deciding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from app.domain.errors import Conflict, NotFound
from app.services.marking import claims
from app.services.operating.transactions import Transaction
from app.storage.tables import Judgement

Undone = TypeVar("Undone")


class NotUndone(Conflict):
    """What was decided last cannot be taken back; what was decided `before` that judgement, maybe."""

    def __init__(self, says: str, before: int) -> None:
        super().__init__(says)
        self.before = before


def undo_last(
    find: Callable[[int | None], Sequence[Judgement]],
    take_back: Callable[[Sequence[Judgement]], Undone | None],
    before: int | None,
) -> Undone:
    """Take back what was decided last; None from `take_back` means that it is not there any more.

    `find` gives what was decided last before a judgement (None: of all). `before`: of what was decided before that one,
    the last that can be taken back; the others are passed over, since the marker has been told that they cannot.

    Raises:
        NotFound: this marker has decided nothing there.
        NotUndone: somebody else has decided since, or is at it now.
    """
    told = before is None
    while True:
        last = find(before)
        if not last:
            raise NotFound("You have decided nothing here that could be taken back.")
        before = min(one.id for one in last)
        try:
            undone = take_back(last)
        except NotUndone:
            if told:
                raise
            continue
        if undone is not None:
            return undone


def claim_all(tx: Transaction, person_id: int, last: Sequence[Judgement]) -> list[int]:
    """Claim everything that was decided at once; the submitted questions, the one that was open first.

    Raises:
        NotUndone: somebody else is at one of them.
    """
    lead, part = last[0].submission_item_id, last[0].part
    items = sorted({one.submission_item_id for one in last}, key=lambda number: (number != lead, number))
    if len(claims.take(tx, person_id, part, items)) < len(items):
        raise NotUndone(
            "Somebody else is marking one of these answers now, so nothing was taken back.",
            min(one.id for one in last),
        )
    return items


def refuse_overtaken(last: Sequence[Judgement], decided: Iterable[tuple[int, int]]) -> None:
    """Let pass what was decided last about its answers, of all that was `decided` about them: answer and judgement.

    Raises:
        NotUndone: somebody has decided since.
    """
    batch = {one.id for one in last}
    first: dict[int, int] = {}
    for one in last:
        first[one.submission_item_id] = min(one.id, first.get(one.submission_item_id, one.id))
    if any(number > first[item] and number not in batch for item, number in decided):
        raise overtaken(last)


def overtaken(last: Sequence[Judgement]) -> NotUndone:
    """What is said where somebody has decided since."""
    says = "Somebody has decided about this answer since, so nothing was taken back."
    return NotUndone(says, min(one.id for one in last))
