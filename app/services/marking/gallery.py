"""Drawings that were handed in: the staff looks at all of them and publishes some (points: awarding).

A drawing is shown to the course when both agree: its person allowed it (with the answer, or later, and can take it
back at any time), and an instructor published it. A name stands beside it only if that was allowed, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

from app.domain.drawing_answers import Consent, drawing_of
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.sitting.attempts import attempt_of
from app.storage import attempts, drawn_pages, quizzes, showings, submissions
from app.storage.showings import HandedIn
from app.storage.tables import Quiz, Showing


@dataclass(frozen=True, slots=True)
class Award:
    """A criterion that a person decides: from nothing to `most`; `points` once somebody has decided."""

    part: str
    criterion: str
    says: str
    most: Fraction
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class DrawingView:
    """A drawing. `pages` that were erased are left out; `handle` is what others know it by, once it is published."""

    attempt: str
    number: int
    position: int
    field: str
    label: str
    name: str
    login: str
    pages: tuple[str, ...]
    description: str
    asked: bool
    consent: Consent
    published: bool
    handle: str
    awards: tuple[Award, ...]

    @property
    def shown(self) -> bool:
        """Whether the course sees it."""
        return self.published and self.consent != ""


@dataclass(frozen=True, slots=True)
class DrawingsOfQuestion:
    """All drawings in answer to one question."""

    question: str
    title: str
    drawings: tuple[DrawingView, ...]


@dataclass(frozen=True, slots=True)
class Drawings:
    """All drawings of a quiz, question by question."""

    quiz_id: str
    title: str
    questions: tuple[DrawingsOfQuestion, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    """Whether a quiz asks for drawings, and whether for opinions (parts that are not graded)."""

    drawings: bool
    opinions: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A published drawing, as everybody in the course may see it; no name where it is to be hidden."""

    handle: str
    title: str
    pages: tuple[str, ...]
    description: str
    name: str


def asks(tx: Transaction, course_id: int, quiz_id: str) -> Asks:
    """What a quiz has asked its students for so far.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    seen = [sample.rendered for sample in showings.samples(tx, quiz.id)]
    opinions = any(part.get("score") == "none" for rendered in seen for part in rendered["parts"])
    return Asks(any(map(_fields, seen)), opinions)


def drawings(tx: Transaction, course_id: int, quiz_id: str) -> Drawings:
    """Every drawing that students handed in at a quiz of that course.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    found: dict[str, tuple[str, list[DrawingView]]] = {}
    for question, title, view in _all(tx, quiz):
        found.setdefault(question, (title, []))[1].append(view)
    questions = tuple(DrawingsOfQuestion(name, title, tuple(views)) for name, (title, views) in found.items())
    return Drawings(quiz.public_id, quiz.title, questions)


def gallery(tx: Transaction, course_id: int, quiz_id: str) -> tuple[str, tuple[Shown, ...]]:
    """The title of a quiz of that course, and its published drawings in an order that tells nothing.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    items = {row.attempt_item_id for row in showings.published(tx, quiz.id)}
    seen = [
        Shown(view.handle, title, view.pages, view.description, view.name if view.consent == "named" else "")
        for _, title, view in (_all(tx, quiz, items) if items else ())
        if view.shown
    ]
    return quiz.title, tuple(sorted(seen, key=lambda one: hashlib.sha256(one.handle.encode()).hexdigest()))


def page_for_everybody(tx: Transaction, course_id: int, quiz_id: str, handle: str, sha256: str) -> bytes:
    """A page of a published drawing, as PNG.

    Raises:
        NotFound: there is none, or it may not be shown (any more).
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    row = next((row for row in showings.published(tx, quiz.id) if row.public_id == handle), None)
    if row is not None:
        for _, _, view in _all(tx, quiz, {row.attempt_item_id}):
            if view.handle == handle and view.shown and sha256 in view.pages:
                png = drawn_pages.in_field(tx, row.attempt_item_id, row.field, sha256)
                if png is not None:
                    return png
    raise NotFound("There is no such page in this gallery.")


def publish(
    tx: Transaction, membership: Membership, quiz_id: str, attempt_id: str, position: int, field: str, *, shown: bool
) -> None:
    """Show a drawing to the course, or take it out of the gallery.

    Raises:
        NotFound: there is no such drawing at this quiz.
        Conflict: its person has not allowed it.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    item, view = one_drawing(tx, quiz, attempt_id, position, field)
    if shown and not view.consent:
        raise Conflict("The student has not allowed this drawing to be shown.")
    row = showings.row_for(tx, item.attempt_item_id, field)
    row.published_at = tx.now() if shown else None
    row.published_by_id = membership.person.id if shown else None
    tx.record(
        membership.person.id, "published a drawing" if shown else "unpublished a drawing", f"attempt {attempt_id}"
    )


def allow(tx: Transaction, person_id: int, attempt_id: str, position: int, field: str, consent: str) -> None:
    """Let a person say, after handing in, whether their drawing may be shown.

    Raises:
        NotFound: no such attempt of theirs, or no drawing there.
        InvalidInput: this is no such decision.
    """
    if consent not in get_args(Consent):
        raise InvalidInput("A drawing may be shown, shown with the name, or not shown.", "consent")
    _, quiz = attempt_of(tx, person_id, attempt_id)
    item, _ = one_drawing(tx, quiz, attempt_id, position, field, previews=True)
    row = showings.row_for(tx, item.attempt_item_id, field)
    row.consent = consent or "no"
    if not consent:
        # To be shown again, it has to be published again.
        row.published_at = row.published_by_id = None
    tx.record(person_id, "decided about showing a drawing", f"attempt {attempt_id}", consent=row.consent)


def consents(tx: Transaction, person_id: int, attempt_id: str) -> dict[tuple[int, str], Consent]:
    """What a person's drawings in an attempt that was handed in may be used for, by question and field.

    Raises:
        NotFound: there is no such attempt of theirs.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    mine = {item.id for item in attempts.items(tx, attempt.id)}
    found = _all(tx, quiz, mine, previews=True)
    return {(view.position, view.field): view.consent for _, _, view in found if view.asked}


def gallery_of(tx: Transaction, person_id: int, attempt_id: str) -> tuple[str, str] | None:
    """The course and the quiz of an attempt, where there is a gallery to see.

    Raises:
        NotFound: there is no such attempt of this person.
    """
    _, quiz = attempt_of(tx, person_id, attempt_id)
    if not showings.published(tx, quiz.id):
        return None
    return quizzes.course(tx, quiz.course_id).public_id, quiz.public_id


def one_drawing(
    tx: Transaction, quiz: Quiz, attempt_id: str, position: int, field: str, *, previews: bool = False
) -> tuple[HandedIn, DrawingView]:
    """A drawing that was handed in at a quiz; those of previews only when asked for.

    Raises:
        NotFound: there is none at that place.
    """
    found = attempts.attempt(tx, attempt_id)
    if found is not None and found[0].quiz_id == quiz.id and submissions.submission_of(tx, found[0].id) is not None:
        for item in attempts.items(tx, found[0].id):
            if item.position == position:
                for handed_in, view in _views(tx, quiz, {item.id}, previews=previews):
                    if view.field == field:
                        return handed_in, view
    raise NotFound("There is no such drawing.")


def _all(
    tx: Transaction, quiz: Quiz, items: set[int] | None = None, *, previews: bool = False
) -> list[tuple[str, str, DrawingView]]:
    titles = {sample.version_id: (sample.question, sample.title) for sample in showings.samples(tx, quiz.id)}
    return [(*titles[item.version_id], view) for item, view in _views(tx, quiz, items, previews=previews)]


def _views(
    tx: Transaction, quiz: Quiz, items: set[int] | None, *, previews: bool = False
) -> list[tuple[HandedIn, DrawingView]]:
    asked = {sample.version_id: _fields(sample.rendered) for sample in showings.samples(tx, quiz.id)}
    rows = showings.handed_in(tx, quiz.id, [key for key, fields in asked.items() if fields], items, previews=previews)
    ids = [row.attempt_item_id for row in rows]
    kept, known = drawn_pages.names(tx, ids), showings.of_items(tx, ids)
    return [
        (row, view)
        for row in rows
        for part, field in asked[row.version_id]
        if (view := _view(row, part, field, kept, known)) is not None
    ]


def _fields(rendered: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    return [
        (part["id"], field)
        for part in rendered["parts"]
        for field in part["fields"]
        if field["widget"]["kind"] == "drawing"
    ]


def _view(
    row: HandedIn,
    part: str,
    field: Mapping[str, Any],
    kept: Mapping[tuple[int, str], set[str]],
    known: Mapping[tuple[int, str], Showing],
) -> DrawingView | None:
    place = (row.attempt_item_id, field["id"])
    pages, description, consent = drawing_of(row.answers.get(field["id"]))
    if not pages and not description:
        return None
    showing = known.get(place)
    if showing is not None and showing.consent is not None:
        consent = _CONSENTS[showing.consent]
    return DrawingView(
        attempt=row.attempt,
        number=row.number,
        position=row.position,
        field=field["id"],
        label=field.get("label") or "",
        name=row.name,
        login=row.login,
        pages=tuple(page for page in pages if page in kept.get(place, ())),
        description=description,
        asked=bool(field["widget"].get("gallery")),
        consent=consent if field["widget"].get("gallery") else "",
        published=showing is not None and showing.published_at is not None,
        handle=showing.public_id if showing is not None else "",
        awards=tuple(_awards(row.credit or {}, part)),
    )


_CONSENTS: Mapping[str, Consent] = {"no": "", "shown": "shown", "named": "named"}


def _awards(credit: Mapping[str, Any], part: str) -> list[Award]:
    found = []
    for one in credit.get("parts", ()):
        for line in one["criteria"] if one["id"] == part else ():
            decided = bool(line.get("person"))
            most = Fraction(line["max"])
            if most > 0 and (decided or line.get("upto", line["points"]) != line["points"]):
                points = Fraction(line["points"]) if decided else None
                found.append(Award(part, line["id"], line.get("says", ""), most, points))
    return found
