"""Quizzes: setting them up, and what a person sees of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.errors import InvalidInput
from app.services.transactions import Transaction
from app.storage import attempts, people, questions, quizzes, submissions
from app.storage.tables import Attempt, Course, Grading, Quiz, QuizItem

Seeds: TypeAlias = Literal["printed_first", "fresh"]
State: TypeAlias = Literal["open", "not open yet", "closed"]
Result: TypeAlias = Literal["none", "being graded", "waits for a person", "graded"]


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


@dataclass(frozen=True, slots=True)
class AttemptCard:
    """One attempt in a list. Points only when at least one question is graded."""

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


@dataclass(frozen=True, slots=True)
class QuizCard:
    """One quiz in a list, with this person's attempts. `open_attempt` is the one to go on with."""

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
    )
    quizzes.add(tx, quiz)
    append_questions(tx, quiz, new.items)
    return quiz.public_id


def append_questions(tx: Transaction, quiz: Quiz, new: tuple[NewQuizItem, ...]) -> None:
    """Add the questions that a quiz does not have yet at its end; attempts that are running stay as they are.

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
    """Let attempts to come use the newest versions; running ones keep theirs. How many changed."""
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


def why_not_start(quiz: Quiz, now: datetime, taken: int) -> str:
    """Why a further attempt cannot start now, as a sentence; empty when it can."""
    if quiz.opens_at is not None and now < quiz.opens_at:
        return "This quiz is not open yet."
    if quiz.closes_at is not None and now >= quiz.closes_at:
        return "This quiz is closed."
    if quiz.attempts_allowed is not None and taken >= quiz.attempts_allowed:
        return "You have used all attempts at this quiz."
    return ""


def _cards(tx: Transaction, person_id: int, rows: list[tuple[Quiz, Course, str]]) -> tuple[QuizCard, ...]:
    ids = [quiz.id for quiz, _, _ in rows]
    if not ids:
        return ()
    sums = quizzes.sums(tx, ids)
    mine: dict[int, list[Attempt]] = {}
    for attempt in attempts.attempts_of(tx, person_id, ids):
        mine.setdefault(attempt.quiz_id, []).append(attempt)
    outcomes = submissions.outcomes(tx, [attempt.id for found in mine.values() for attempt in found])
    now = tx.now()
    cards = []
    for quiz, course, _ in rows:
        taken = mine.get(quiz.id, [])
        going_on = next((attempt.public_id for attempt in taken if attempt.state == "open"), None)
        why_not = why_not_start(quiz, now, len(taken))
        total = sums.get(quiz.id, quizzes.Sum(0, Fraction(0)))
        cards.append(
            QuizCard(
                id=quiz.public_id,
                title=quiz.title,
                course=course.title,
                description=quiz.description,
                questions=total.questions,
                points=total.points,
                minutes=quiz.minutes,
                state=_state(quiz, now),
                opens_at=quiz.opens_at,
                closes_at=quiz.closes_at,
                attempts=tuple(_attempt_card(one, outcomes.get(one.id, []), total.points) for one in taken),
                attempts_allowed=quiz.attempts_allowed,
                open_attempt=going_on,
                may_start=going_on is None and not why_not,
                why_not=why_not,
            )
        )
    return tuple(cards)


def _state(quiz: Quiz, now: datetime) -> State:
    if quiz.opens_at is not None and now < quiz.opens_at:
        return "not open yet"
    return "closed" if quiz.closes_at is not None and now >= quiz.closes_at else "open"


def result_of(gradings: list[Grading | None]) -> Result:
    """How far the grading of an attempt is."""
    if not gradings:
        return "none"
    if any(grading is None for grading in gradings):
        return "being graded"
    waits = any(grading is not None and grading.state == "needs-person" for grading in gradings)
    return "waits for a person" if waits else "graded"


def _attempt_card(
    attempt: Attempt, outcome: list[tuple[datetime, Fraction, Grading | None]], most: Fraction
) -> AttemptCard:
    graded = [(weight, grading) for _, weight, grading in outcome if grading is not None]
    nothing = Fraction(0)
    return AttemptCard(
        id=attempt.public_id,
        number=attempt.number,
        state="open" if attempt.state == "open" else "handed in",
        result=result_of([grading for _, _, grading in outcome]),
        started_at=attempt.started_at,
        handed_in_at=outcome[0][0] if outcome else None,
        deadline_at=attempt.deadline_at,
        points=sum((weight * grading.points for weight, grading in graded), nothing) if graded else None,
        upto=sum((weight * grading.upto for weight, grading in graded), nothing) if graded else None,
        max=most,
    )
