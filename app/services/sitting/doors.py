"""The start page of a quiz: what awaits somebody, and what is asked before they start."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import NotFound
from app.services.operating.transactions import Transaction
from app.services.quizzes.entry_rules import Seen
from app.services.quizzes.quiz_sections import Section, sections_of
from app.services.quizzes.quizzes import QuizCard, quiz_card
from app.services.sitting.admission import Elsewhere, refuse_elsewhere
from app.storage import quizzes


@dataclass(frozen=True, slots=True)
class Door:
    """What a quiz says and asks before an attempt. `why_not_here`: a sentence where it cannot be sat from here.

    `number`: that of the attempt that would begin, in which everybody gets the `same`, or each person their `own`
    numbers (or neither: the printed paper, of drawn questions). Of staff (`card.preview`) nothing is asked.
    """

    card: QuizCard
    number: int
    forward: bool
    same: bool
    own: bool
    sections: tuple[Section, ...]
    honour: str
    asks_code: bool
    safe_browser: bool
    why_not_here: str


def door(tx: Transaction, person_id: int, quiz_id: str, seen: Seen) -> Door:
    """The door of a quiz for somebody, as they stand before it.

    Raises:
        NotFound: there is no such quiz in this person's courses.
    """
    found = quizzes.quizzes_for(tx, person_id, quiz_id)
    if not found:
        raise NotFound("There is no such quiz in your courses.")
    quiz, course, role = found[0]
    card = quiz_card(tx, person_id, quiz, course, role)
    number = max((one.number for one in card.attempts), default=0) + 1
    return Door(
        card=card,
        number=number,
        forward=quiz.navigation == "forward",
        same=quiz.same_for_all,
        own=not quiz.same_for_all and (quiz.seeds == "fresh" or number > 1),
        sections=sections_of(tx, quiz.id),
        honour=quiz.honour,
        asks_code=bool(quiz.access_code),
        safe_browser=bool(quiz.browser_keys),
        why_not_here="" if card.preview else _why_not_here(quiz.networks, quiz.browser_keys, seen),
    )


def _why_not_here(networks: str, browser_keys: str, seen: Seen) -> str:
    try:
        refuse_elsewhere(networks, browser_keys, seen)
    except Elsewhere as refusal:
        return str(refusal)
    return ""
