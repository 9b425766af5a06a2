"""What people decided about short texts, offered as recorded cases of the question: its rubric learns from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.drafts import draft_cases, drafts
from app.services.marking.desk import Place
from app.services.marking.desk_answers import part_credit
from app.services.marking.piles import Pile
from app.services.marking.second_marking import Opinions
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.storage import desk
from app.storage import marking_quality as stored
from app.storage.desk import Asked
from app.storage.marking_quality import Decision

MOST_OFFERED = 20
SHORTEST_NAME = 3
"""Shorter pieces of a name are not looked for: they are found in most texts."""


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """An answer that may become a case: what was written, and what a person decided it is worth."""

    question: str
    title: str
    part: str
    place: Place
    text: str
    points: Fraction
    max: Fraction


def text_field(version: Asked | None, part: str) -> str | None:
    """The field of a part that is answered by one short text and nothing else; None where it is not."""
    place = version.place(part) if version is not None else None
    if version is None or place is None:
        return None
    fields: Mapping[str, Any] = version.parts[place].get("fields") or {}
    if len(fields) != 1:
        return None
    ((name, field),) = fields.items()
    return name if isinstance(field, dict) and field.get("grader") == "text" else None


def marked_cases(
    tx: Transaction, quiz_id: int, versions: Mapping[str, Asked], now: Sequence[Decision], opinions: Opinions
) -> tuple[MarkedCase, ...]:
    """The newest answers to short texts that a person gave something else than the machine would have, if anything."""
    chosen: dict[tuple[int, str], Decision] = {}
    for one in reversed(now):
        opinion = opinions.get((one.item_id, one.part, one.criterion))
        told = opinion is not None and opinion.likely == one.points
        if not told and text_field(versions.get(one.question), one.part) is not None:
            chosen.setdefault((one.item_id, one.part), one)
        if len(chosen) == MOST_OFFERED:
            break
    items = sorted({item for item, _part in chosen})
    credits = desk.credits(tx, items) if items else {}
    frozen = {one.item_id: one.answers for one in desk.frozen(tx, items)}
    found: dict[tuple[str, str, str, Fraction], MarkedCase] = {}
    for (item, part), one in chosen.items():
        field = text_field(versions[one.question], part)
        worth = part_credit(credits.get(item), part)
        text = frozen[item].get(field) if field is not None else None
        if worth.get("state") == "graded" and isinstance(text, str) and text.strip():
            points, most = Fraction(worth["points"]), Fraction(worth["max"])
            case = MarkedCase(
                one.question, versions[one.question].title, part, Place(one.attempt, one.position), text, points, most
            )
            found.setdefault((one.question, part, " ".join(text.split()).casefold(), points), case)
    return tuple(found.values())


def keep_as_case(
    tx: Transaction,
    pile: Pile,
    place: Place,
) -> None:
    """Put an answer with what a person gave for it into the recorded cases of the question's draft, begun if need be.

    Raises:
        NotFound: there is no such answer to a short text.
        InvalidInput: the text has a name of its writer in it, or the cases of the draft cannot be used.
        Conflict: it is not marked to the end, or somebody saves the draft just now.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    writer, question, part = pile.membership.person, pile.question, pile.part
    row = desk.one(tx, quiz.id, place.attempt, place.position)
    versions = [one for one in desk.versions_of(tx, question) if row is not None and one.id == row.version_id]
    field = text_field(versions[0], part) if versions else None
    text = row.answers.get(field) if row is not None and field is not None else None
    if row is None or field is None or not isinstance(text, str):
        raise NotFound("There is no such answer to a short text.")
    credit = part_credit(row.grading.credit if row.grading is not None else None, part)
    judged = [one for one, _name in desk.decided(tx, [row.item_id], part) if not one.withdrawn]
    upto = row.grading.judgement_upto if row.grading is not None else 0
    if credit.get("state") != "graded" or not judged or upto < judged[-1].id:
        raise Conflict("This answer is not marked to the end yet. Try again in a moment.")
    if names_its_writer(text, row.name, row.login):
        raise InvalidInput("A name of whoever wrote this stands in it. Copy into a case by hand what is not personal.")
    drafts.open_draft(tx, tx, writer, question)
    case = {
        # A case leaves the course with its question: nothing in it may lead back to an attempt.
        "title": f"marked answer {hashlib.sha256(text.encode()).hexdigest()[:8]}",
        "seed": stored.seed_of(tx, row.item_id),
        "answers": {field: text},
        "marked": {part: str(Fraction(credit["points"]))},
    }
    draft_cases.add_case(tx, tx, writer, question, None, case)
    told = {"question": question, "part": part}
    tx.record(writer.id, "kept an answer as a recorded case", f"question {question}", **told)


def names_its_writer(text: str, name: str, login: str) -> bool:
    """Whether a piece of the writer's name, or their login, stands in a text as a word of its own."""
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    pieces = [*re.findall(r"\w+", name), *re.findall(r"\w+", login.partition("@")[0]), login]
    return any(len(piece) >= SHORTEST_NAME and piece.casefold() in words for piece in pieces)
