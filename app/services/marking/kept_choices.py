"""What a marker has typed by one rubric, for the rubric that counts by now: full stays full, and no remark is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.decisions import Verdict, worths_in
from app.domain.errors import InvalidInput
from app.services.marking.desk_answers import DeskAnswer
from app.services.marking.desk_changes import LONGEST_COMMENT, typed_points
from app.services.marking.piles import Pile
from app.services.operating.transactions import Transaction
from app.storage import questions


@dataclass(frozen=True, slots=True)
class Choices:
    """Points and comments by criterion, by how much the part is moved, and the comment about it, as they were typed."""

    points: Mapping[str, str]
    comments: Mapping[str, str]
    adjustment: str
    comment: str


def by_the_rubric(tx: Transaction, pile: Pile, typed: Choices, shown: int, answer: DeskAnswer) -> Choices:
    """The choices that were made when the rubric of version `shown` was on the desk, for the answer as it is now.

    Points stay in the same share. Remarks about criteria that are gone are put into the comment about the whole part.
    """
    version = questions.version_id(tx, pile.question, shown)
    old = worths_in(questions.package(tx, version)["question"]["parts"]) if version is not None else {}
    new = {line.id: line for line in answer.criteria}
    points = {
        name: _in_share(text, old.get((pile.part, name)), new[name].worth)
        for name, text in typed.points.items()
        if name in new
    }
    adjustment = _in_share(typed.adjustment, old.get((pile.part, "")), answer.max, part=True)
    gone = [text for name, text in typed.comments.items() if name not in new and text.strip()]
    comment = "\n".join([text for text in (typed.comment, *gone) if text.strip()])[:LONGEST_COMMENT]
    return Choices(points, {name: text for name, text in typed.comments.items() if name in new}, adjustment, comment)


def _in_share(text: str, old: Fraction | None, new: Fraction, *, part: bool = False) -> str:
    if old is None or old == new or not text.strip():
        return text
    least = -abs(old) if part else min(old, Fraction(0))
    try:
        verdict = Verdict(typed_points(text, least, max(old, Fraction(0)), ""), old)
    except InvalidInput:
        return text  # which is told when it is sent
    return str(verdict.in_part(new) if part else verdict.at(new))
