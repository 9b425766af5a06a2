"""The rules of a quiz as its instructors write them down, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from app.domain.errors import InvalidInput
from app.services.counting import Counts
from app.storage.tables import Quiz

Seeds: TypeAlias = Literal["printed_first", "fresh"]
ReleaseRule: TypeAlias = Literal["at once", "after closing", "by hand"]
Apart: TypeAlias = Literal["with marks", "apart"]

LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 20_000
MOST_MINUTES = 100_000
MOST_ATTEMPTS = 1_000

MAY_CHANGE = (
    "description",
    "opens_at",
    "closes_at",
    "release",
    "marks_at",
    "feedback",
    "feedback_at",
    "solutions",
    "solutions_at",
    "requests_until",
    "attempts_allowed",
)
"""What may change in a published quiz: nothing of it alters what has been or is being answered."""


@dataclass(frozen=True, slots=True)
class QuizRules:
    """How a quiz is sat. `printed_first`: a person's first attempt is the printed paper, all others are fresh.

    `marks_at`: the date on which marks appear, where they are released by hand. Feedback and solutions that are
    "apart" from the marks appear at `feedback_at` and `solutions_at`; without a date, when somebody releases them.
    Dates that the chosen way of releasing does not need are left out.
    `requests_until`: how long students may ask for another look at their marks.
    """

    title: str
    description: str = ""
    minutes: int | None = None
    attempts_allowed: int | None = None
    counts: Counts = "best"
    seeds: Seeds = "fresh"
    release: ReleaseRule = "at once"
    marks_at: datetime | None = None
    feedback: Apart = "with marks"
    feedback_at: datetime | None = None
    solutions: Apart = "with marks"
    solutions_at: datetime | None = None
    requests_until: datetime | None = None
    shuffle: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None


CHOICES = (
    ("counts", Counts),
    ("seeds", Seeds),
    ("release", ReleaseRule),
    ("feedback", Apart),
    ("solutions", Apart),
)
DATES = ("opens_at", "closes_at", "marks_at", "feedback_at", "solutions_at", "requests_until")
STORED = tuple(name for name in QuizRules.__dataclass_fields__ if name != "marks_at")


def without_dates(rules: QuizRules) -> QuizRules:
    """The same rules for another time: whoever copies a quiz sets its dates anew."""
    dates: dict[str, Any] = dict.fromkeys(DATES)
    return replace(rules, **dates)


def check_rules(rules: QuizRules) -> None:
    """Let rules pass that can be stored.

    Raises:
        InvalidInput: the first one that cannot; `place` names it.
    """
    if not rules.title.strip():
        raise InvalidInput("A quiz needs a title.", place="title")
    if len(rules.title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has at most {LONGEST_TITLE} characters.", place="title")
    if len(rules.description) > LONGEST_DESCRIPTION:
        raise InvalidInput(f"A description has at most {LONGEST_DESCRIPTION} characters.", place="description")
    if rules.minutes is not None and not 1 <= rules.minutes <= MOST_MINUTES:
        raise InvalidInput(f"A time limit is 1 to {MOST_MINUTES} minutes.", place="minutes")
    if rules.attempts_allowed is not None and not 1 <= rules.attempts_allowed <= MOST_ATTEMPTS:
        raise InvalidInput(f"A quiz allows 1 to {MOST_ATTEMPTS} attempts.", place="attempts_allowed")
    for name, kind in CHOICES:
        words = get_args(kind)
        if getattr(rules, name) not in words:
            raise InvalidInput(f"This is one of: {', '.join(words)}.", place=name)
    for name in DATES:
        moment: datetime | None = getattr(rules, name)
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput("A time needs a time zone.", place=name)
        if moment is not None and not 1970 <= moment.year <= 9000:
            raise InvalidInput("This year cannot be meant.", place=name)
    if rules.opens_at is not None and rules.closes_at is not None and rules.closes_at <= rules.opens_at:
        raise InvalidInput("A quiz closes after it opens.", place="closes_at")


def rules_of(quiz: Quiz) -> QuizRules:
    """The rules as they are stored."""
    marks_at = quiz.released_at if quiz.release == "by hand" else None
    return QuizRules(marks_at=marks_at, **{name: getattr(quiz, name) for name in STORED})


def write_rules(quiz: Quiz, rules: QuizRules, now: datetime) -> None:
    """Put rules into a quiz. Another way of releasing marks begins unreleased.

    Raises:
        InvalidInput: the marks have been released, and are to appear at another time.
    """
    if quiz.release != rules.release:
        quiz.released_at = None
    if rules.release == "by hand":
        released = quiz.state == "published" and quiz.released_at is not None and quiz.released_at <= now
        if released and rules.marks_at is not None and rules.marks_at > now:
            raise InvalidInput("The marks have been released. That is not taken back.", place="marks_at")
        # A date that is left out puts the release off; marks that students have seen stay as they are.
        quiz.released_at = quiz.released_at if released else rules.marks_at
    for name in STORED:
        setattr(quiz, name, getattr(rules, name))
    quiz.feedback_at = rules.feedback_at if rules.feedback == "apart" else None
    quiz.solutions_at = rules.solutions_at if rules.solutions == "apart" else None
    quiz.title = rules.title.strip()
