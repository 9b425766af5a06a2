"""Courses: whose they are, making them, their settings, and putting them away."""

from __future__ import annotations

import functools
import zoneinfo
from dataclasses import dataclass

from app.domain.errors import InvalidInput
from app.services.accounts.people import Person
from app.services.courses.membership import Membership, Standing, require_author
from app.services.operating.transactions import Transaction
from app.services.quizzes.quizzes import new_public_id
from app.storage import courses, people

LONGEST_TITLE = 300
LONGEST_TERM = 100


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in somebody's list. Students are told of published quizzes only."""

    id: str
    title: str
    term: str
    time_zone: str
    archived: bool
    standing: Standing
    people: int
    quizzes: int


def courses_of(tx: Transaction, person: Person) -> tuple[CourseCard, ...]:
    """A person's courses, newest first; for administrators every course."""
    found = courses.courses_with_role(tx, person.id, every=person.administrator)
    ids = [row.id for row, _ in found]
    counted = courses.people_counts(tx, ids)
    all_quizzes = courses.quiz_counts(tx, ids, drafts=True)
    published = courses.quiz_counts(tx, ids, drafts=False)
    cards = []
    for row, role in found:
        standing: Standing = "administrator" if person.administrator else role or "student"
        seen = published if standing == "student" else all_quizzes
        cards.append(
            CourseCard(
                id=row.public_id,
                title=row.title,
                term=row.term,
                time_zone=row.time_zone,
                archived=row.archived_at is not None,
                standing=standing,
                people=counted.get(row.id, 0),
                quizzes=seen.get(row.id, 0),
            )
        )
    return tuple(cards)


def create_course(tx: Transaction, by: Person, title: str, term: str = "", time_zone: str = "UTC") -> str:
    """Make a course whose instructor is whoever makes it; its public id.

    Raises:
        NotAllowed: `by` instructs no course and is no administrator.
        InvalidInput: the title, the term or the time zone cannot be taken.
    """
    require_author(tx, by)
    fine = _checked(title, term, time_zone)
    row = courses.add_course(tx, new_public_id(), *fine)
    people.enrol(tx, row.id, by.id, "instructor")
    tx.record(by.id, "created a course", f"course {row.public_id}")
    return row.public_id


def change_course(tx: Transaction, membership: Membership, title: str, term: str, time_zone: str) -> None:
    """Give a course another title, term or time zone.

    Raises:
        InvalidInput: one of them cannot be taken.
    """
    row = courses.course(tx, membership.course_id)
    assert row is not None
    row.title, row.term, row.time_zone = _checked(title, term, time_zone)
    tx.record(membership.person.id, "changed a course", f"course {membership.course}")


def archive(tx: Transaction, membership: Membership, archived: bool) -> None:
    """Put a course away, or take it out again; nothing in it is lost."""
    row = courses.course(tx, membership.course_id)
    assert row is not None
    if archived == (row.archived_at is not None):
        return
    row.archived_at = tx.now() if archived else None
    action = "archived a course" if archived else "took a course out of the archive"
    tx.record(membership.person.id, action, f"course {membership.course}")


@functools.cache
def time_zones() -> tuple[str, ...]:
    """The time zones to choose from, by name; other names that are known are taken too."""
    places = sorted(name for name in _known_zones() if "/" in name and not name.startswith(("Etc/", "US/", "SystemV/")))
    return ("UTC", *places)


@functools.cache
def _known_zones() -> frozenset[str]:
    # Looking costs dozens of milliseconds: it walks through folders.
    return frozenset(name for name in zoneinfo.available_timezones() if len(name) <= 60)


def _checked(title: str, term: str, time_zone: str) -> tuple[str, str, str]:
    title, term, time_zone = " ".join(title.split()), " ".join(term.split()), time_zone.strip()
    if not title:
        raise InvalidInput("A course needs a title.", place="title")
    if len(title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has at most {LONGEST_TITLE} characters.", place="title")
    if len(term) > LONGEST_TERM:
        raise InvalidInput(f"A term has at most {LONGEST_TERM} characters.", place="term")
    if time_zone not in _known_zones():
        raise InvalidInput("There is no such time zone; one is called like Europe/Berlin or UTC.", place="time_zone")
    return title, term, time_zone
