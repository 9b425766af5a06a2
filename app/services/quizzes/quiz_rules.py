"""The rules of a quiz as its instructors write them down, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from app.domain.errors import InvalidInput
from app.services.quizzes.entry_rules import check_entry
from app.services.results.counting import Counts
from app.storage.tables import Quiz

Seeds: TypeAlias = Literal["printed_first", "fresh"]
ReleaseRule: TypeAlias = Literal["at once", "after closing", "by hand"]
Apart: TypeAlias = Literal["with marks", "apart"]
Mode: TypeAlias = Literal["exam", "homework", "practice"]
Navigation: TypeAlias = Literal["free", "forward"]

LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 20_000
MOST_MINUTES = 100_000
MOST_ATTEMPTS = 1_000
LONGEST_HONOUR = 5_000
MOST_GRACE_SECONDS = 3_600
MOST_LATE_DAYS = 365

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
    "access_code",
    "networks",
    "browser_keys",
    "grace_seconds",
    "late_days",
)
"""What may change in a published quiz: nothing of it alters what has been or is being answered."""

UNTIL_STARTED = ("honour", "late_percent", "decay_percent")
"""What may change only while no student has started: people have agreed to it, or worked by it."""


@dataclass(frozen=True, slots=True)
class QuizRules:
    """How a quiz is sat. `printed_first`: a person's first attempt is the printed paper, all others are fresh.

    `marks_at`: the date on which marks appear, where they are released by hand. Feedback and solutions that are
    "apart" from the marks appear at `feedback_at` and `solutions_at`; without a date, when somebody releases them.
    Dates that the chosen way of releasing does not need are left out.
    `requests_until`: how long students may ask for another look at their marks.
    `same_for_all`: everybody gets the same questions in the same variants. `navigation` "forward": a question that
    was left is not seen again. `access_code`, `networks` (as in the settings), `browser_keys` (config keys of Safe
    Exam Browser, one a line) and `honour` are asked for at the start; empty, they are not. `grace_seconds`: how long
    after the deadline a save still counts; None, as the installation says. On `late_days` days after closing attempts
    may still be handed in, each begun one at `late_percent` of the points; each further attempt is worth
    `decay_percent` less than the one before.
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
    mode: Mode = "exam"
    same_for_all: bool = False
    navigation: Navigation = "free"
    access_code: str = ""
    networks: str = ""
    browser_keys: str = ""
    honour: str = ""
    grace_seconds: int | None = None
    late_days: int = 0
    late_percent: int = 0
    decay_percent: int = 0


CHOICES = (
    ("counts", Counts),
    ("seeds", Seeds),
    ("release", ReleaseRule),
    ("feedback", Apart),
    ("solutions", Apart),
    ("mode", Mode),
    ("navigation", Navigation),
)
DATES = ("opens_at", "closes_at", "marks_at", "feedback_at", "solutions_at", "requests_until")
AMOUNTS = (
    ("grace_seconds", MOST_GRACE_SECONDS, f"A grace is 0 to {MOST_GRACE_SECONDS} seconds."),
    ("late_days", MOST_LATE_DAYS, f"Late hand-ins are possible on 0 to {MOST_LATE_DAYS} days."),
    ("late_percent", 100, "A day costs 0 to 100 percent of the points."),
    ("decay_percent", 100, "A further attempt costs 0 to 100 percent of the points."),
)
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
    check_entry(rules.access_code, rules.networks, rules.browser_keys)
    if len(rules.honour) > LONGEST_HONOUR:
        raise InvalidInput(f"An honour statement has at most {LONGEST_HONOUR} characters.", place="honour")
    for name, most, says in AMOUNTS:
        amount: int | None = getattr(rules, name)
        if amount is not None and not 0 <= amount <= most:
            raise InvalidInput(says, place=name)


def may_change(started: bool) -> tuple[str, ...]:
    """What may change in a published quiz; `started`: a student has."""
    return MAY_CHANGE if started else (*MAY_CHANGE, *UNTIL_STARTED)


def rules_of(quiz: Quiz) -> QuizRules:
    """The rules as they are stored."""
    marks_at = quiz.released_at if quiz.release == "by hand" else None
    return QuizRules(marks_at=marks_at, **{name: getattr(quiz, name) for name in STORED})


def _shown_apart(quiz: Quiz, name: str, now: datetime) -> datetime | None:
    """Since when reasons or solutions are shown by themselves; a date that is left out leaves them so."""
    at: datetime | None = getattr(quiz, f"{name}_at")
    return at if quiz.state == "published" and at is not None and at <= now else None


def write_rules(quiz: Quiz, rules: QuizRules, now: datetime) -> None:
    """Put rules into a quiz. Another way of releasing marks, or a later date for them, begins unreleased."""
    if quiz.release != rules.release:
        quiz.released_at = None
    if rules.release == "by hand":
        released = quiz.state == "published" and quiz.released_at is not None and quiz.released_at <= now
        later = rules.marks_at is not None and rules.marks_at > now
        # A date that is left out puts the release off; marks that students have seen stay as they are.
        quiz.released_at = quiz.released_at if released and not later else rules.marks_at
    shown = {name: _shown_apart(quiz, name, now) for name in ("feedback", "solutions")}
    for name in STORED:
        setattr(quiz, name, getattr(rules, name))
    quiz.feedback_at = (rules.feedback_at or shown["feedback"]) if rules.feedback == "apart" else None
    quiz.solutions_at = (rules.solutions_at or shown["solutions"]) if rules.solutions == "apart" else None
    quiz.title = rules.title.strip()
    quiz.access_code, quiz.honour = rules.access_code.strip(), rules.honour.strip()
    quiz.networks, quiz.browser_keys = rules.networks.strip(), rules.browser_keys.strip().lower()
