"""When students see what their attempts are worth, why, and how it would have been right.

Marks are points per part. Feedback is everything that explains them (criteria, reasons, comments, history), so it
never comes before them. Solutions may come at any time: before marks, with them, or later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, TypeAlias

from app.domain.errors import InvalidInput
from app.services.operating.transactions import Transaction
from app.services.quizzes.quiz_rules import QuizRules
from app.services.quizzes.terms import everybody_ends, zone_for
from app.storage import accommodations
from app.storage.tables import Accommodation, Quiz

Shown: TypeAlias = Literal["marks", "feedback", "solutions"]
"""What can be released by itself."""


@dataclass(frozen=True, slots=True)
class Release:
    """Whether something is shown; `at`: since when or from when on, if that is known."""

    shown: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Releases:
    """What students see of a quiz. `feedback_apart`, `solutions_apart`: these do not simply come with the marks."""

    marks: Release
    feedback: Release
    solutions: Release
    feedback_apart: bool = False
    solutions_apart: bool = False

    @property
    def together(self) -> bool:
        """Whether everything appears at the same time."""
        return not (self.feedback_apart or self.solutions_apart)

    @property
    def everything(self) -> bool:
        """Whether nothing is held back."""
        return self.marks.shown and self.feedback.shown and self.solutions.shown

    def of(self, what: Shown) -> Release:
        """The release of one of the three."""
        return {"marks": self.marks, "feedback": self.feedback, "solutions": self.solutions}[what]


EVERYTHING = Releases(Release(True), Release(True), Release(True))
"""What staff see."""


def release_state(quiz: Quiz, zone: tzinfo, granted: Iterable[Accommodation], now: datetime) -> Release:
    """The release of a quiz's marks. "After closing" waits for everybody: whoever still writes must not read them."""
    if quiz.released_at is not None:
        return Release(quiz.released_at <= now, quiz.released_at)
    if quiz.release == "at once":
        return Release(True)
    ends = everybody_ends(quiz, zone, granted) if quiz.release == "after closing" else None
    return Release(ends is not None and now >= ends, ends)


def release_states(tx: Transaction, quizzes: Iterable[Quiz]) -> dict[int, Release]:
    """The release of the marks of several quizzes, by number of their rows."""
    return {number: one.marks for number, one in releases(tx, quizzes).items()}


def releases(tx: Transaction, quizzes: Iterable[Quiz]) -> dict[int, Releases]:
    """What students see of several quizzes, by number of their rows."""
    rows = list(quizzes)
    waiting = [quiz.id for quiz in rows if quiz.release == "after closing" and quiz.released_at is None]
    granted = accommodations.of_quizzes(tx, waiting)
    now = tx.now()
    marks = {quiz.id: release_state(quiz, zone_for(tx, quiz), granted.get(quiz.id, ()), now) for quiz in rows}
    return {quiz.id: _releases(quiz, marks[quiz.id], now) for quiz in rows}


def releases_of(tx: Transaction, quiz: Quiz) -> Releases:
    """What students see of one quiz."""
    return releases(tx, [quiz])[quiz.id]


class Hides(InvalidInput):
    """Something would be hidden that students have seen; it has to be asked for expressly."""


def refuse_hiding(quiz: Quiz, now_seen: Releases, rules: QuizRules, now: datetime, *, sat: bool) -> None:
    """Let rules pass that hide no marks, no reasons and no solutions that students have seen.

    `sat`: a student has an attempt; without one nobody has seen marks.

    Raises:
        Hides: they would; `place` is the date or the way of releasing that does it.
    """
    by = {"at once": True, "by hand": _past(rules.marks_at, now), "after closing": _past(rules.closes_at, now)}
    # A release by hand holds whatever else changes, but for another way of releasing.
    stays = rules.release == quiz.release and (rules.release != "after closing" or quiz.released_at is not None)
    marks = now_seen.marks.shown if stays else by[rules.release]
    if sat and now_seen.marks.shown and not marks:
        raise Hides("Students have seen their marks. That is not taken back.", "release")
    if rules.release == quiz.release == "by hand" and marks and rules.marks_at is not None and rules.marks_at > now:
        raise Hides("The marks have been released. That is not taken back.", "marks_at")
    for name, at, says in (
        ("feedback", rules.feedback_at, "Students have seen comments and reasons. That is not taken back."),
        ("solutions", rules.solutions_at, "Students have seen the solutions. That is not taken back."),
    ):
        before = now_seen.feedback if name == "feedback" else now_seen.solutions
        # Reasons never come before marks: where these are hidden again, so are the reasons.
        if not before.shown or (name == "feedback" and not marks):
            continue
        if getattr(rules, name) == "with marks":
            # What has always come with the marks goes where these go.
            hides, place = not marks and getattr(quiz, name) == "apart", name
        elif at is None:
            # A date that is left out changes nothing that has been shown by a date.
            hides, place = getattr(quiz, name) != "apart", name
        else:
            hides, place = at > now, f"{name}_at"
        if hides:
            raise Hides(says, place)


def _past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _releases(quiz: Quiz, marks: Release, now: datetime) -> Releases:
    apart = quiz.feedback == "apart", quiz.solutions == "apart"
    feedback = _after(marks, quiz.feedback_at, now) if apart[0] else marks
    solutions = _from(quiz.solutions_at, now) if apart[1] else marks
    return Releases(marks, feedback, solutions, *apart)


def _from(moment: datetime | None, now: datetime) -> Release:
    return Release(moment is not None and moment <= now, moment)


def _after(marks: Release, moment: datetime | None, now: datetime) -> Release:
    """From a moment on, but not before the marks."""
    own = _from(moment, now)
    known = moment is not None and (marks.shown or marks.at is not None)
    later = max(one for one in (moment, marks.at) if one is not None) if known else None
    return Release(own.shown and marks.shown, later)
