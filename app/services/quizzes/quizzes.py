"""Quizzes: what a person sees of them, and setting up ready ones (building them: quiz_building)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.deductions import WHOLE, Left, after_deductions
from app.domain.errors import InvalidInput, NotFound
from app.services.courses.local_times import zone_of
from app.services.operating.transactions import Transaction
from app.services.quizzes.homework import Policy, policy_of
from app.services.quizzes.quiz_rules import Mode, Seeds, rules_of
from app.services.quizzes.releases import EVERYTHING, Release, Releases, releases
from app.services.quizzes.terms import Terms, terms_of
from app.services.results import deductions
from app.services.results.counting import Counted, Taken, counting
from app.services.sitting.admission import has_door
from app.storage import accommodations, attempts, people, questions, quizzes, submissions
from app.storage.tables import Attempt, Course, Grading, Quiz, QuizItem

State: TypeAlias = Literal["open", "not open yet", "closed"]
Result: TypeAlias = Literal["none", "being graded", "waits for a person", "graded", "withheld"]


@dataclass(frozen=True, slots=True)
class NewQuizItem:
    """A question in its newest version, worth `weight` times its points."""

    question: str
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class NewQuiz:
    """A quiz to be. `printed_first`: a person's first attempt is the printed paper, all others are fresh."""

    course_id: int
    title: str
    items: tuple[NewQuizItem, ...]
    description: str = ""
    minutes: int | None = None
    attempts_allowed: int | None = None
    seeds: Seeds = "fresh"
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    mode: Mode = "exam"


@dataclass(frozen=True, slots=True)
class AttemptCard:
    """One attempt in a list. Points only when at least one question is graded and marks are released.

    `counts`: by the quiz's rule it is this one that counts (said only where there are several). Its questions came to
    `earned`, of which `left` is left after deductions.
    """

    id: str
    number: int
    state: Literal["open", "handed in"]
    result: Result
    started_at: datetime
    handed_in_at: datetime | None
    deadline_at: datetime | None
    points: Fraction | None
    upto: Fraction | None
    max: Fraction
    counts: bool = False
    earned: Fraction | None = None
    left: Left = WHOLE


@dataclass(frozen=True, slots=True)
class QuizCard:
    """One quiz in a list, with this person's attempts. `open_attempt` is the one to go on with.

    Staff see previews: drafts too, at any time. `counted`: the average, where that is the rule. Marks are `released`,
    or will be at `marks_at`, if that is known; solutions may appear apart from them. `policy`: of homework, and of
    quizzes that take something for lateness or repetition. `practice`: nothing of it counts or is handed in.
    `door`: there is something to say or to ask before an attempt (app.services.sitting.doors).
    """

    id: str
    title: str
    course: str
    description: str
    questions: int
    points: Fraction
    minutes: int | None
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    attempts: tuple[AttemptCard, ...]
    attempts_allowed: int | None
    open_attempt: str | None
    may_start: bool
    why_not: str
    course_id: str = ""
    preview: bool = False
    draft: bool = False
    released: bool = True
    marks_at: datetime | None = None
    solutions_apart: bool = False
    solutions_shown: bool = True
    counted: Counted | None = None
    policy: Policy | None = None
    practice: bool = False
    door: bool = False


def create_course(tx: Transaction, title: str) -> int:
    """Create a course; its number."""
    return people.add_course(tx, new_public_id(), title).id


def create_quiz(tx: Transaction, new: NewQuiz) -> str:
    """Create a quiz with the newest versions of its questions; its public id.

    Raises:
        InvalidInput: no title, no questions, or a question that does not exist.
    """
    if not new.title.strip():
        raise InvalidInput("A quiz needs a title.", place="title")
    if not new.items:
        raise InvalidInput("A quiz needs at least one question.", place="items")
    quiz = Quiz(
        public_id=new_public_id(),
        course_id=new.course_id,
        title=new.title.strip(),
        description=new.description,
        minutes=new.minutes,
        attempts_allowed=new.attempts_allowed,
        seeds=new.seeds,
        salt=secrets.token_hex(16),
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        created_at=tx.now(),
        published_at=tx.now(),
        mode=new.mode,
    )
    quizzes.add(tx, quiz)
    append_questions(tx, quiz, new.items)
    return quiz.public_id


def append_questions(tx: Transaction, quiz: Quiz, new: tuple[NewQuizItem, ...]) -> None:
    """Add the questions that a quiz does not have yet at its end. For quizzes that nobody sits yet.

    Raises:
        InvalidInput: a question does not exist.
    """
    present = quizzes.items(tx, quiz.id)
    known = {item.question_version.question for item in present}
    position = max((item.position for item in present), default=0)
    for index, item in enumerate(new):
        if item.question in known:
            continue
        version = questions.newest(tx, item.question)
        if version is None:
            raise InvalidInput(f"There is no question “{item.question}”.", place=f"items[{index}]")
        position += 1
        row = QuizItem(
            quiz_id=quiz.id,
            position=position,
            question_version_id=version.id,
            weight=item.weight,
            weight_real=float(item.weight),
        )
        quizzes.add(tx, row)


def use_newest_questions(tx: Transaction, quiz: Quiz) -> int:
    """Let attempts to come use the newest versions; how many changed. For quizzes that nobody sits yet."""
    changed = 0
    for item in quizzes.items(tx, quiz.id):
        newest = questions.newest(tx, item.question_version.question)
        if newest is not None and newest.id != item.question_version_id:
            item.question_version_id = newest.id
            changed += 1
    return changed


def new_public_id() -> str:
    """An identifier for addresses: random, so that nobody meets other people's by counting."""
    return secrets.token_urlsafe(12)


def quizzes_of(tx: Transaction, person_id: int) -> tuple[QuizCard, ...]:
    """The quizzes of a person's courses."""
    return _cards(tx, person_id, quizzes.quizzes_for(tx, person_id))


def quiz_card(tx: Transaction, person_id: int, quiz: Quiz, course: Course, role: str) -> QuizCard:
    """One quiz as it stands in this person's list; `role` is theirs in the course."""
    (card,) = _cards(tx, person_id, [(quiz, course, role)]) or (None,)
    if card is None:
        raise NotFound("There is no such quiz in your courses.")
    return card


def _cards(tx: Transaction, person_id: int, rows: list[tuple[Quiz, Course, str]]) -> tuple[QuizCard, ...]:
    # What is over is of use to those who sat it; staff find it in the course.
    shown = [row for row in rows if row[1].archived_at is None or row[2] not in quizzes.STAFF]
    ids = [quiz.id for quiz, _, _ in shown]
    if not ids:
        return ()
    sums = quizzes.sums(tx, ids)
    mine: dict[int, list[Attempt]] = {}
    for attempt in attempts.attempts_of(tx, person_id, ids):
        mine.setdefault(attempt.quiz_id, []).append(attempt)
    outcomes = submissions.outcomes(tx, [attempt.id for found in mine.values() for attempt in found])
    lefts = deductions.lefts(tx, list(outcomes))
    granted = accommodations.of_person(tx, person_id, ids)
    seen = releases(tx, [quiz for quiz, _, _ in shown])
    divided = quizzes.has_sections(tx, ids)
    cards = []
    for quiz, course, role in shown:
        terms = terms_of(
            quiz,
            zone_of(course.time_zone),
            granted.get(quiz.id),
            preview=role in quizzes.STAFF,
            archived=course.archived_at is not None,
        )
        total = sums.get(quiz.id, quizzes.Sum(0, Fraction(0)))
        taken = mine.get(quiz.id, [])
        own = EVERYTHING if terms.preview else seen[quiz.id]
        listed = [
            _attempt_card(one, outcomes.get(one.id, []), total.points, own.marks.shown, lefts.get(one.id, WHOLE))
            for one in taken
        ]
        policy = policy_of(quiz, terms, taken, tx.now())
        card = _card(tx.now(), quiz, course, terms, total, listed, own)
        cards.append(replace(card, policy=policy, door=not terms.preview and has_door(quiz, quiz.id in divided)))
    return tuple(cards)


def _card(
    now: datetime,
    quiz: Quiz,
    course: Course,
    terms: Terms,
    total: quizzes.Sum,
    taken: list[AttemptCard],
    seen: Releases,
) -> QuizCard:
    going_on = next((attempt.id for attempt in taken if attempt.state == "open"), None)
    why_not = terms.why_not_start(now, len(taken))
    counted = _counted(quiz, terms, taken, seen.marks)
    return QuizCard(
        id=quiz.public_id,
        title=quiz.title,
        course=course.title,
        description=quiz.description,
        questions=total.questions,
        points=total.points,
        minutes=terms.minutes,
        state=_state(terms, now),
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        attempts=tuple(replace(one, counts=counted is not None and one.number in counted.numbers) for one in taken),
        attempts_allowed=terms.attempts_allowed,
        open_attempt=going_on,
        may_start=going_on is None and not why_not,
        why_not=why_not,
        course_id=course.public_id,
        practice=quiz.mode == "practice",
        preview=terms.preview,
        draft=terms.draft,
        released=seen.marks.shown,
        marks_at=seen.marks.at,
        solutions_apart=seen.solutions_apart,
        solutions_shown=seen.solutions.shown,
        counted=counted if quiz.counts == "average" else None,
    )


def _counted(quiz: Quiz, terms: Terms, taken: list[AttemptCard], release: Release) -> Counted | None:
    """Which attempts count, where that needs saying: of several handed in, with marks released."""
    over = [one for one in taken if one.state == "handed in"]
    if quiz.mode == "practice" or terms.preview or not release.shown or len(over) < 2:
        return None
    graded = {"graded", "waits for a person"}
    known = [Taken(one.number, one.points, one.upto) if one.result in graded else Taken(one.number) for one in over]
    return counting(known, rules_of(quiz).counts)


def _state(terms: Terms, now: datetime) -> State:
    if terms.opens_at is not None and now < terms.opens_at:
        return "not open yet"
    return "closed" if terms.closed_at is not None and now >= terms.closed_at else "open"


def result_of(gradings: list[Grading | None]) -> Result:
    """How far the grading of an attempt is."""
    if not gradings:
        return "none"
    if any(grading is None for grading in gradings):
        return "being graded"
    waits = any(grading is not None and grading.state == "needs-person" for grading in gradings)
    return "waits for a person" if waits else "graded"


def _attempt_card(
    attempt: Attempt,
    outcome: list[tuple[datetime, Fraction, Grading | None]],
    most: Fraction,
    released: bool,
    left: Left,
) -> AttemptCard:
    graded = [(weight, grading) for _, weight, grading in outcome if grading is not None and released]
    nothing = Fraction(0)
    earned = sum((weight * grading.points for weight, grading in graded), nothing)
    upto = sum((weight * grading.upto for weight, grading in graded), nothing)
    return AttemptCard(
        id=attempt.public_id,
        number=attempt.number,
        state="open" if attempt.state == "open" else "handed in",
        result=result_of([grading for _, _, grading in outcome]) if released else "withheld",
        started_at=attempt.started_at,
        handed_in_at=outcome[0][0] if outcome else None,
        deadline_at=attempt.deadline_at,
        points=after_deductions(earned, left.factor) if graded else None,
        upto=after_deductions(upto, left.factor) if graded else None,
        max=most,
        earned=earned if graded else None,
        left=left,
    )
