"""What people decided about short texts, offered as recorded cases of the question: its rubric learns from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from app.domain.decisions import Verdict
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.paging import paged
from app.services.drafts import draft_cases, drafts
from app.services.drafts.draft_cases import recorded_cases
from app.services.marking.desk import Place
from app.services.marking.desk_answers import newest_of, part_credit
from app.services.marking.normal_forms import text_form
from app.services.marking.piles import Pile
from app.services.marking.second_marking import Opinions
from app.services.marking.similar_answers import near
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.storage import desk
from app.storage import marking_quality as stored
from app.storage.desk import Asked
from app.storage.marking_quality import Decision

ON_A_PAGE = 20
MARKED = ("graded", "needs-person")
"""States of a part of which a person has decided something: to the end, or some of its criteria."""
SHORTEST_NAME = 3
"""Shorter pieces of a name are not looked for: they are found in most texts."""


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """An answer that may become a case: what was written, and what a person decided it is worth.

    From `points` `upto`, where some of its criteria still wait. `differs`: the machine would have given something else,
    or had no idea; `like`: the case that is nearly the same.
    """

    question: str
    title: str
    part: str
    place: Place
    text: str
    points: Fraction
    upto: Fraction
    max: Fraction
    differs: bool
    like: str = ""


@dataclass(frozen=True, slots=True)
class MarkedCases:
    """A page of the answers that may become cases, those that differ from the machine first."""

    found: tuple[MarkedCase, ...]
    all: int
    page: int
    pages: int


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
    tx: Transaction,
    quiz_id: int,
    versions: Mapping[str, Asked],
    now: Sequence[Decision],
    opinions: Opinions,
    page: int = 1,
) -> MarkedCases:
    """The answers to short texts about which a person decided and that are no recorded case yet, newest first.

    Before all others stand those to which the machine would have given something else, if anything.
    """
    differs: dict[tuple[int, str], bool] = {}
    chosen: dict[tuple[int, str], Decision] = {}
    fields: dict[tuple[str, str], str | None] = {}
    for one in reversed(now):
        asked = (one.question, one.part)
        if asked not in fields:
            fields[asked] = text_field(versions.get(one.question), one.part)
        if fields[asked] is not None:
            opinion = opinions.get((one.item_id, one.part, one.criterion))
            key = (one.item_id, one.part)
            differs[key] = differs.get(key, False) or opinion is None or opinion.likely != one.points
            chosen.setdefault(key, one)
    items = sorted({item for item, _part in chosen})
    credits = desk.credits(tx, items) if items else {}
    seeds = stored.seeds_of(tx, items)
    frozen = {one.item_id: one.answers for one in desk.frozen(tx, items)}
    recorded = {asked: recorded_texts(tx, *asked, field) for asked, field in fields.items() if field is not None}
    found: dict[tuple[str, str, str, Fraction, Fraction], MarkedCase] = {}
    for key, one in sorted(chosen.items(), key=lambda entry: not differs[entry[0]]):
        item, part = key
        text = frozen[item].get(fields[one.question, part] or "")
        worth = part_credit(credits.get(item), part)
        if worth.get("state") not in MARKED or not isinstance(text, str) or not text.strip():
            continue
        said = _said(text)
        if any(case.said == said and case.seed == seeds[item] for case in recorded[one.question, part]):
            continue
        points, upto, most = Fraction(worth["points"]), Fraction(worth["upto"]), Fraction(worth["max"])
        place, title = Place(one.attempt, one.position), versions[one.question].title
        case = MarkedCase(one.question, title, part, place, text, points, upto, most, differs[key])
        found.setdefault((one.question, part, said, points, upto), case)
    cases = tuple(found.values())
    page, pages = paged(len(cases), ON_A_PAGE, page)
    some = cases[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    shown = tuple(replace(one, like=_like(one.text, recorded[one.question, one.part])) for one in some)
    return MarkedCases(shown, len(cases), page, pages)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded case that answers a short text."""

    name: str
    seed: int
    text: str

    @property
    def said(self) -> str:
        """The text without what tells nothing apart."""
        return _said(self.text)


def recorded_texts(tx: Transaction, question: str, part: str, field: str) -> tuple[Recorded, ...]:
    """The cases of the question's draft and of its newest version that give points to a part for its text."""
    found = []
    for number, case in enumerate(recorded_cases(tx, question), 1):
        answers = case.get("answers")
        text = answers.get(field) if isinstance(answers, Mapping) else None
        given = case.get("marked", case.get("expect"))
        places = {str(place).partition(".")[0] for place in given} if isinstance(given, Mapping) else set()
        if isinstance(text, str) and part in places:
            seed = case.get("seed", 0)
            found.append(Recorded(str(case.get("case", number)), seed if isinstance(seed, int) else 0, text))
    return tuple(found)


def _said(text: str) -> str:
    return " ".join(text.split()).casefold()


def _like(text: str, recorded: Iterable[Recorded]) -> str:
    """The name of a case whose text is the same but for slips of spelling and filling words; empty if there is none."""
    form = text_form(text)
    return next((one.name for one in recorded if near(text_form(one.text), form)), "")


def keep_as_case(
    tx: Transaction,
    pile: Pile,
    place: Place,
) -> str:
    """Put an answer with what a person gave for it into the recorded cases of the question's draft, begun if need be.

    The title of the question.

    Raises:
        NotFound: there is no such answer to a short text.
        InvalidInput: the text has a name of its writer in it, or the cases of the draft cannot be used.
        Conflict: nobody has decided about a criterion of it, or what was decided is not graded yet, or somebody saves
            the draft just now.
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
    judged = [one for one, _name in desk.decided(tx, [row.item_id], part)]
    standing = [one for one in newest_of(judged).values() if not one.withdrawn]
    given = {one.criterion: Verdict(one.verdict, one.worth) for one in standing if one.criterion}
    upto = row.grading.judgement_upto if row.grading is not None else 0
    some = standing if credit.get("state") == "graded" else given
    if credit.get("state") not in MARKED or not some or upto < judged[-1].id:
        raise Conflict("This answer is not marked to the end yet. Try again in a moment.")
    if names_its_writer(text, row.name, row.login):
        raise InvalidInput("A name of whoever wrote this stands in it. Copy into a case by hand what is not personal.")
    drafts.open_draft(tx, tx, writer, question)
    case = {
        # A case leaves the course with its question: nothing in it may lead back to an attempt.
        "title": f"marked answer {hashlib.sha256(text.encode()).hexdigest()[:8]}",
        "seed": stored.seed_of(tx, row.item_id),
        "answers": {field: text},
        "marked": marks_of(versions[0].parts[versions[0].place(part) or 0], credit, given),
    }
    draft_cases.add_case(tx, tx, writer, question, None, case)
    told = {"question": question, "part": part}
    tx.record(writer.id, "kept an answer as a recorded case", f"question {question}", **told)
    return versions[0].title


def marks_of(part: Mapping[str, Any], credit: Mapping[str, Any], given: Mapping[str, Verdict]) -> dict[str, str]:
    """What each criterion of a part was given, out of what it was worth: other points do not contradict that.

    The machine's share counts where nobody changed it; not where a criterion got nothing because another way of
    earning points, or an exclusion, stood before it. The points of the part only where no criterion has any. As long as
    the part waits for a person, only what has been decided counts.
    """
    waits = credit.get("state") == "needs-person"
    name, lines = part["id"], credit.get("criteria", ())
    plain = all("when" in node and "unless" not in node for node in part.get("criteria") or ())
    found = {}
    for line in lines:
        points, most = Fraction(line["points"]), Fraction(line["max"])
        verdict = given.get(line["id"], Verdict(points, most))
        # With their own earlier answers: those are no part of the case.
        counts = line["id"] in given or not (waits or line.get("own") or (not plain and points == 0))
        if counts and most:
            found[f"{name}.{line['id']}"] = Verdict(verdict.points, verdict.of or most).as_authors_write()
    if found:
        return found
    points, most = Fraction(credit["points"]), Fraction(credit["max"])
    return {name: Verdict(points, most or None).as_authors_write()}


def names_its_writer(text: str, name: str, login: str) -> bool:
    """Whether a piece of the writer's name, or their login, stands in a text as a word of its own."""
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    pieces = [*re.findall(r"\w+", name), *re.findall(r"\w+", login.partition("@")[0]), login]
    return any(len(piece) >= SHORTEST_NAME and piece.casefold() in words for piece in pieces)
