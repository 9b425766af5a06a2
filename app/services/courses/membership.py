"""What a person is in a course, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.access import ROLES, Role, Rule
from app.domain.errors import NotAllowed, NotFound
from app.services.accounts.people import Person
from app.services.operating.transactions import Transaction
from app.storage import people

Standing: TypeAlias = Role | Literal["administrator"]


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in a course. An administrator who is not enrolled stands there as one."""

    person: Person
    course_id: int
    course: str
    title: str
    term: str
    time_zone: str
    archived: bool
    standing: Standing

    @property
    def instructs(self) -> bool:
        """Whether quizzes and people of the course may be changed."""
        return self.standing in ("instructor", "administrator")


def membership(tx: Transaction, person: Person, course: str, rule: Rule) -> Membership:
    """This person in the course of that public id, if the rule is satisfied there.

    Raises:
        NotFound: there is no such course, or the person has nothing to do with it.
        NotAllowed: the person's role is not enough.
    """
    found = people.course_with_role(tx, course, person.id)
    if found is None or (found[1] is None and not person.administrator):
        raise NotFound("There is no such course of yours.")
    row, role = found
    standing: Standing = "administrator" if person.administrator else role or "administrator"
    if standing != "administrator" and standing not in ROLES[rule]:
        needed = "instructors" if rule == "instructor" else "instructors and assistants"
        raise NotAllowed(f"This is for the {needed} of the course.")
    archived = row.archived_at is not None
    return Membership(person, row.id, row.public_id, row.title, row.term, row.time_zone, archived, standing)


def authors(tx: Transaction, person: Person) -> bool:
    """Whether somebody may read and write the question bank."""
    return person.administrator or people.has_role(tx, person.id, ("instructor",))


def require_author(tx: Transaction, person: Person) -> None:
    """Let authors pass.

    Raises:
        NotAllowed: the person instructs no course.
    """
    if not authors(tx, person):
        raise NotAllowed("The question bank is for instructors.")
