"""What waits for people in a quiz: part by part, who is at it, and how far everybody has come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.services.courses.membership import Membership
from app.services.marking import claims as claiming
from app.services.marking import marking_groups
from app.services.marking.desk import Place, Show, shuffled, table
from app.services.marking.piles import Pile
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.storage import claims, desk
from app.storage.desk import Asked
from app.storage.tables import Quiz

MOST_GROUPED = 5000
"""Where more answers wait than these, how many of them differ is not counted: the page would take too long."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Somebody who marks: how many answers they have decided about, and whether they are at it now."""

    name: str
    marked: int
    now: bool


@dataclass(frozen=True, slots=True)
class QueuePart:
    """A part of a question: `waiting` for a person, `different` answers among these (None: too many to count).

    `marked` by people, some of which may wait again; `grading`: being graded at this moment; `total` handed in.
    """

    question: str
    title: str
    part: str
    label: str
    waiting: int
    different: int | None
    marked: int
    by_me: int
    grading: int
    total: int
    markers: tuple[Marker, ...]

    @property
    def decided(self) -> int:
        """How many need nobody any more, whether the machine or a person has decided about them."""
        return self.total - self.waiting - self.grading


@dataclass(frozen=True, slots=True)
class Queue:
    """The parts of a quiz: those that wait, and the others."""

    quiz_id: str
    title: str
    waiting: tuple[QueuePart, ...]
    others: tuple[QueuePart, ...]

    @property
    def answers(self) -> int:
        """How many answers wait."""
        return sum(one.waiting for one in self.waiting)

    @property
    def grading(self) -> int:
        """How many are being graded at this moment."""
        return sum(one.grading for one in (*self.waiting, *self.others))


def queue(tx: Transaction, membership: Membership, quiz_id: str) -> Queue:
    """What waits in a quiz of this course.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    versions, counts = desk.counts(tx, quiz)
    marked: dict[tuple[str, str], Counter[int]] = {}
    names: dict[int, str] = {}
    at_it: dict[tuple[str, str], set[int]] = {}
    questions = desk.questions_of(tx, quiz.id)
    for item, part, person, name in desk.markers(tx, quiz.id):
        marked.setdefault((questions.get(item, ""), part), Counter())[person] += 1
        names[person] = name
    for held in claims.held(tx):
        if held.submission_item_id in questions:
            at_it.setdefault((questions[held.submission_item_id], held.part), set()).add(held.person_id)
            names[held.person_id] = held.name
    few = sum(sum(one.waiting.values()) for one in counts) <= MOST_GROUPED
    parts = []
    by_question: dict[str, list[Asked]] = {}
    for version in versions:
        by_question.setdefault(version.question, []).append(version)
    for question, some in by_question.items():
        own = [one for one in counts if one.version_id in {version.id for version in some}]
        newest = some[-1]
        for raw in newest.parts:
            if raw.get("score") == "none":
                continue
            key = (question, raw["id"])
            by, now = marked.get(key, Counter()), at_it.get(key, set())
            waiting = sum(one.waiting.get(raw["id"], 0) for one in own)
            parts.append(
                QueuePart(
                    question=question,
                    title=newest.title,
                    part=raw["id"],
                    label=str(raw.get("label") or raw["id"]) if len(newest.parts) > 1 else "",
                    waiting=waiting,
                    different=_different(tx, quiz, question, raw["id"]) if few and waiting else None,
                    marked=by.total(),
                    by_me=by[membership.person.id],
                    grading=sum(one.number for one in own if one.state is None),
                    total=sum(one.number for one in own),
                    markers=tuple(
                        Marker(names[person], by[person], person in now)
                        for person in sorted({*by, *now}, key=lambda person: (-by[person], names[person]))
                    ),
                )
            )
    return Queue(
        quiz.public_id,
        quiz.title,
        tuple(one for one in parts if one.waiting),
        tuple(one for one in parts if not one.waiting),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer to a part in the list of a marker. No state: it is being graded.

    `mine`: this marker has claimed it; else `holder` is at it. `marked`: somebody has decided about it; `order`: where
    it stands among all.
    """

    place: Place
    state: str | None
    mine: bool
    holder: str
    marked: bool
    order: str


def answers_of(tx: Transaction, pile: Pile, show: Show = "waiting") -> tuple[Listed, ...]:
    """The answers to a part that wait for a person, or all, in this marker's own order; nothing is claimed.

    Raises:
        NotFound: the course has no such quiz, or nobody has handed in such a part.
    """
    found = table(tx, pile)
    me, part = pile.marker, pile.part
    mine = {one.submission_item_id for one in claiming.held_by(tx, me, part)}
    others = claiming.held_by_others(tx, me, part)
    return tuple(
        Listed(
            Place(line.attempt, line.position),
            line.state,
            line.item_id in mine,
            others[line.item_id].name if line.item_id in others else "",
            line.item_id in found.marked,
            shuffled(me, line.attempt, line.position).hex(),
        )
        for line in found.lines
        if show == "all" or line.state == "needs-person"
    )


def _different(tx: Transaction, quiz: Quiz, question: str, part: str) -> int:
    """How many of the waiting answers differ, with whichever version of the question they were asked."""
    some = [one for one in desk.versions_of(tx, question) if one.place(part) is not None]
    found = desk.lines(tx, quiz, some, part)
    groups = marking_groups.groups(tx, quiz.public_id, some, part, sorted(line.item_id for line in found))
    return groups.among([line.item_id for line in found if line.state == "needs-person"])
