"""The rules of a quiz as its instructors write them down, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from app.domain.errors import InvalidInput
from app.services.counting import Counts
from app.storage.tables import Quiz

Seeds: TypeAlias = Literal["printed_first", "fresh"]
ReleaseRule: TypeAlias = Literal["at once", "after closing", "by hand"]

LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 20_000
MOST_MINUTES = 100_000
MOST_ATTEMPTS = 1_000

MAY_CHANGE = ("description", "opens_at", "closes_at", "release", "attempts_allowed")
"""What may change in a published quiz: nothing of it alters what has been or is being answered."""


@dataclass(frozen=True, slots=True)
class QuizRules:
    """How a quiz is sat. `printed_first`: a person's first attempt is the printed paper, all others are fresh."""

    title: str
    description: str = ""
    minutes: int | None = None
    attempts_allowed: int | None = None
    counts: Counts = "best"
    seeds: Seeds = "fresh"
    release: ReleaseRule = "at once"
    shuffle: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None


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
    for name, kind in (("counts", Counts), ("seeds", Seeds), ("release", ReleaseRule)):
        words = get_args(kind)
        if getattr(rules, name) not in words:
            raise InvalidInput(f"This is one of: {', '.join(words)}.", place=name)
    for name in ("opens_at", "closes_at"):
        moment: datetime | None = getattr(rules, name)
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput("A time needs a time zone.", place=name)
        if moment is not None and not 1970 <= moment.year <= 9000:
            raise InvalidInput("This year cannot be meant.", place=name)
    if rules.opens_at is not None and rules.closes_at is not None and rules.closes_at <= rules.opens_at:
        raise InvalidInput("A quiz closes after it opens.", place="closes_at")


def rules_of(quiz: Quiz) -> QuizRules:
    """The rules as they are stored."""
    return QuizRules(**{name: getattr(quiz, name) for name in QuizRules.__dataclass_fields__})


def write_rules(quiz: Quiz, rules: QuizRules) -> None:
    """Put rules into a quiz. Another way of releasing marks begins unreleased."""
    if quiz.release != rules.release:
        quiz.released_at = None
    for name in QuizRules.__dataclass_fields__:
        setattr(quiz, name, getattr(rules, name))
    quiz.title = rules.title.strip()
