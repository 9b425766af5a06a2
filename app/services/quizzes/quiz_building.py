"""Building quizzes: drafts with rules and places, on their way to be published (quiz_states)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.errors import Conflict, NotAllowed
from app.services.accounts.people import Person
from app.services.operating.differences import differences
from app.services.operating.transactions import Transaction
from app.services.quizzes import quiz_places
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.quizzes.quiz_places import Kind, NewPlace, Source
from app.services.quizzes.quiz_rules import QuizRules, check_rules, may_change, rules_of, write_rules
from app.services.quizzes.quiz_sections import Section, check_sections, section_troubles, sections_of, store_sections
from app.services.quizzes.quiz_states import back_to_draft, examine, publish, release
from app.services.quizzes.quizzes import new_public_id
from app.services.quizzes.releases import Releases, refuse_hiding, releases, releases_of
from app.services.quizzes.terms import terms_of, zone_for
from app.services.results.deductions import judge_anew
from app.services.sitting.running import move_deadlines
from app.storage import pools, quizzes
from app.storage.tables import Quiz

__all__ = [
    "NewPlace",
    "Place",
    "PlaceQuestion",
    "QuizOutline",
    "QuizPlan",
    "QuizRules",
    "Section",
    "back_to_draft",
    "change",
    "create",
    "examine",
    "publish",
    "quiz_plan",
    "quizzes_of_course",
    "release",
    "remove",
]

State: TypeAlias = Literal["draft", "published"]


@dataclass(frozen=True, slots=True)
class QuizOutline:
    """A quiz in the list of its course. `points` is None while places of a draft are worth different amounts.

    `late_until`: after closing it is still taken until then, for `late_percent` of the points a day; None: it is not.
    """

    id: str
    title: str
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    questions: int
    points: Fraction | None
    attempts: int
    release: str
    released_at: datetime | None
    releases: Releases
    late_until: datetime | None = None
    late_percent: int = 0


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """A question that a place holds, in the version that attempts get; `newest` is the bank's newest number."""

    question: str
    title: str
    number: int
    newest: int
    points: Fraction
    worth: Fraction
    retired: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a quiz, with the questions it draws from, and what an attempt gets there at least and at most."""

    position: int
    kind: Kind
    tag: str
    take: int
    weight: Fraction
    each: Fraction | None
    questions: tuple[PlaceQuestion, ...]
    least: Fraction
    most: Fraction
    section: int = 0


@dataclass(frozen=True, slots=True)
class QuizPlan:
    """A quiz as its instructors see it. `troubles` keep it from being published, `remarks` only want to be known."""

    id: str
    title: str
    rules: QuizRules
    places: tuple[Place, ...]
    state: State
    revision: int
    published_at: datetime | None
    released_at: datetime | None
    releases: Releases
    questions: int
    least: Fraction
    most: Fraction
    attempts: int
    troubles: tuple[str, ...]
    remarks: tuple[str, ...]
    sections: tuple[Section, ...] = ()


def quizzes_of_course(tx: Transaction, course_id: int) -> tuple[QuizOutline, ...]:
    """All quizzes of a course, drafts too, the oldest first."""
    rows = quizzes.of_course(tx, course_id)
    taken = quizzes.student_attempts(tx, [quiz.id for quiz in rows])
    seen = releases(tx, rows)
    outlines = []
    for quiz in rows:
        found = quiz_places.sources(tx, quiz)
        least, most = _span(found)
        outlines.append(
            QuizOutline(
                id=quiz.public_id,
                title=quiz.title,
                state=_state(quiz),
                opens_at=quiz.opens_at,
                closes_at=quiz.closes_at,
                questions=sum(one.take for one in found),
                points=most if least == most else None,
                attempts=taken.get(quiz.id, 0),
                release=quiz.release,
                released_at=quiz.released_at,
                releases=seen[quiz.id],
                late_until=terms_of(quiz, zone_for(tx, quiz)).closed_at if quiz.late_days else None,
                late_percent=quiz.late_percent or 0,
            )
        )
    return tuple(outlines)


def quiz_plan(tx: Transaction, course_id: int, quiz_id: str) -> QuizPlan:
    """One quiz with its rules and places.

    Raises:
        NotFound: there is no such quiz in this course.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    found = quiz_places.sources(tx, quiz)
    newest = pools.newest(tx, {candidate.question for one in found for candidate in one.candidates})
    least, most = _span(found)
    places = tuple(_place(one, {name: entry.number for name, entry in newest.items()}) for one in found)
    state, sections = _state(quiz), sections_of(tx, quiz.id)
    return QuizPlan(
        id=quiz.public_id,
        title=quiz.title,
        rules=rules_of(quiz),
        places=places,
        state=state,
        revision=quiz.revision,
        published_at=quiz.published_at,
        released_at=quiz.released_at,
        releases=releases_of(tx, quiz),
        questions=sum(one.take for one in found),
        least=least,
        most=most,
        attempts=quizzes.student_attempts(tx, [quiz.id]).get(quiz.id, 0),
        troubles=_troubles(found, sections) if state == "draft" else (),
        remarks=_remarks(places) if state == "published" else (),
        sections=sections,
    )


def create(
    tx: Transaction,
    course_id: int,
    by: Person,
    rules: QuizRules,
    places: Sequence[NewPlace] = (),
    sections: Sequence[Section] = (),
) -> str:
    """Create a draft; its public id.

    Raises:
        InvalidInput: rules, sections or places that cannot be; `place` names which.
        NotAllowed: the course is archived.
    """
    check_rules(rules)
    check_sections(sections, places)
    refuse_archived(tx, course_id)
    # Before anything is written: whoever catches the refusal must not keep half a quiz.
    rows = quiz_places.checked(tx, places)
    quiz = Quiz(
        public_id=new_public_id(),
        course_id=course_id,
        salt=secrets.token_hex(16),
        created_at=tx.now(),
        state="draft",
        revision=1,
    )
    write_rules(quiz, rules, tx.now())
    quizzes.add(tx, quiz)
    quizzes.replace_items(tx, quiz.id, rows)
    store_sections(tx, quiz.id, sections)
    tx.record(by.id, "created a quiz", f"quiz {quiz.public_id}")
    return quiz.public_id


def change(
    tx: Transaction,
    course_id: int,
    quiz_id: str,
    by: Person,
    rules: QuizRules,
    places: Sequence[NewPlace] | None,
    revision: int,
    sections: Sequence[Section] = (),
    *,
    hide: bool = False,
) -> int:
    """Change a quiz; its new revision. Places None: they stay with their sections, else `sections` come with them.

    Running attempts get new times at once. `hide`: also where marks, reasons or solutions that students have seen are
    hidden again by it.

    Raises:
        NotFound: there is no such quiz in this course.
        Conflict: somebody else changed it after `revision`.
        NotAllowed: it is published, and something would change that must not.
        InvalidInput: rules, sections or places that cannot be; `place` names which.
    """
    check_rules(rules)
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    if quiz.revision != revision:
        raise Conflict("Somebody else has changed this quiz in the meantime. Nothing of yours has been stored.")
    refuse_archived(tx, course_id)
    if quiz.state == "published":
        _check_published(tx, quiz, rules, places, sections, hide)
    elif places is not None:
        check_sections(sections, places)
        quizzes.replace_items(tx, quiz.id, quiz_places.checked(tx, places))
        store_sections(tx, quiz.id, sections)
    before = asdict(rules_of(quiz))
    write_rules(quiz, rules, tx.now())
    changed = differences(before, asdict(rules_of(quiz)))
    quiz.revision += 1
    tx.session.flush()
    move_deadlines(tx, quiz)
    judge_anew(tx, quiz, by.id)
    tx.record(by.id, "changed a quiz", f"quiz {quiz_id}", revision=quiz.revision, **changed)
    return quiz.revision


def remove(tx: Transaction, course_id: int, quiz_id: str, by: Person) -> None:
    """Delete a draft, with the staff's own previews of it.

    Raises:
        NotFound: there is no such quiz in this course.
        NotAllowed: it is published, or a student has started an attempt.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id, lock=True)
    if quiz.state != "draft":
        raise NotAllowed("Only drafts can be deleted.")
    if quizzes.student_attempts(tx, [quiz.id]):
        raise NotAllowed("Students have attempts at this quiz, so it cannot be deleted.")
    quizzes.remove(tx, quiz.id)
    tx.record(by.id, "deleted a quiz", f"quiz {quiz_id}", title=quiz.title[:200], course=course_id)


def _check_published(
    tx: Transaction,
    quiz: Quiz,
    rules: QuizRules,
    places: Sequence[NewPlace] | None,
    sections: Sequence[Section],
    hide: bool,
) -> None:
    stored = rules_of(quiz)
    sat = bool(quizzes.student_attempts(tx, [quiz.id]))
    allowed = may_change(sat)
    for name in QuizRules.__dataclass_fields__:
        if name not in allowed and getattr(stored, name) != getattr(rules, name):
            raise NotAllowed(
                "The quiz is published: only its description, times, attempts, code, networks, browsers and the "
                "release of marks can change. Take it back to draft for everything else."
            )
    if not hide:
        refuse_hiding(quiz, releases_of(tx, quiz), rules, tx.now(), sat=sat)
    if rules.release == "after closing" and rules.closes_at is None:
        raise NotAllowed("Marks are to appear after closing, so the quiz needs a closing time.")
    asked = None if places is None else (tuple(places), tuple(sections))
    if asked not in (None, (quiz_places.new_places(quiz_places.sources(tx, quiz)), sections_of(tx, quiz.id))):
        raise NotAllowed("The quiz is published, so its questions stay as they are. Take it back to draft first.")


def _state(quiz: Quiz) -> State:
    return "draft" if quiz.state == "draft" else "published"


def _span(found: Sequence[Source]) -> tuple[Fraction, Fraction]:
    nothing = Fraction(0)
    return sum((one.least for one in found), nothing), sum((one.most for one in found), nothing)


def _place(one: Source, newest: dict[str, int]) -> Place:
    questions = tuple(
        PlaceQuestion(
            question=candidate.question,
            title=candidate.title,
            number=candidate.number,
            newest=newest.get(candidate.question, candidate.number),
            points=candidate.points,
            worth=one.worth(candidate),
            retired=candidate.retired,
        )
        for candidate in one.candidates
    )
    return Place(
        one.position, one.kind, one.tag, one.take, one.weight, one.each, questions, one.least, one.most, one.section
    )


def _troubles(found: Sequence[Source], sections: Sequence[Section]) -> tuple[str, ...]:
    return (*quiz_places.troubles(found), *section_troubles(sections, [one.section for one in found]))


def _remarks(places: Sequence[Place]) -> tuple[str, ...]:
    return tuple(
        f"“{question.title}” has a newer version ({question.newest}) in the bank; "
        f"this quiz stays with version {question.number}."
        for place in places
        for question in place.questions
        if question.newest > question.number
    )
