"""The people of a course: who is in it, in which role, and who comes and goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, cast, get_args

from app.domain.access import Role
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.accounts.people import Person, checked_email, checked_login, checked_name
from app.services.courses.roster_text import LineProblem, RosterRow, RosterText, checked_group, read_roster
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_enrolment, announce_enrolments
from app.storage import courses, people
from app.storage.tables import Enrolment, PersonRow

__all__ = [
    "Enrolled",
    "Imported",
    "LineProblem",
    "Planned",
    "RosterRow",
    "RosterText",
    "change_group",
    "change_role",
    "enrol",
    "import_roster",
    "plan_roster",
    "read_roster",
    "remove",
    "roster",
]

Step: TypeAlias = Literal["new account", "joins", "changes role", "changes group", "stays as is", "cannot"]
ERASED = "This account was erased on request."
LAST_INSTRUCTOR = "A course keeps at least one instructor. Make somebody else an instructor first."


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody in a course."""

    person_id: int
    login: str
    name: str
    email: str | None
    role: Role
    since: datetime
    group: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What will happen with one line of a list. `name` is the name the account has, or will have.

    `group` is the one they will be in; "changes group": nothing else about them changes.
    """

    line: int
    login: str
    name: str
    email: str | None
    role: Role
    step: Step
    says: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was done with a list: how many accounts were made, and how many people joined, changed roles or groups."""

    made: int
    joined: int
    changed: int
    regrouped: int = 0


def roster(tx: Transaction, course_id: int) -> tuple[Enrolled, ...]:
    """Everybody in a course, by name."""
    return tuple(_enrolled(*found) for found in courses.enrolled(tx, course_id))


def enrol(
    tx: Transaction,
    course_id: int,
    by: Person,
    *,
    login: str,
    name: str = "",
    email: str | None = None,
    role: str = "student",
    group: str | None = None,
) -> Enrolled:
    """Enrol somebody, or give them another role or group. Who is unknown gets an account without a password.

    An account that exists keeps its name and address: a course is no place to change who somebody is. Without a group
    they stay in the one they are in.

    Raises:
        InvalidInput: a field that cannot be taken.
        Conflict: this would take the last instructor's role.
    """
    row = RosterRow(0, checked_login(login), checked_name(name or login), checked_email(email), checked_role(role))
    wanted = None if group is None else checked_group(group)
    person = people.person_by_login(tx, row.login)
    if person is None:
        person = people.add_if_free(tx, row.login, row.name, None, False, row.email)
    person = person or people.person_by_login(tx, row.login)
    assert person is not None
    if person.erased_at is not None:
        raise InvalidInput(ERASED, place="login")
    present = courses.enrolment(tx, course_id, person.id)
    if present is not None and present.role == "instructor" and row.role != "instructor":
        _spare_the_last_instructor(courses.instructors(tx, course_id), person.id)
    if present is None or present.role != row.role:
        people.enrol(tx, course_id, person.id, checked_role(role))
        tx.record(by.id, "enrolled somebody", f"person {person.id}", course=course_id, role=role)
        announce_enrolment(tx, course_id, person.id, role)
    if wanted is not None:
        change_group(tx, course_id, person.id, wanted, by)
    found = courses.enrolment(tx, course_id, person.id, lock=True)
    assert found is not None
    return _enrolled(found, person)


def change_role(tx: Transaction, course_id: int, person_id: int, role: str, by: Person) -> None:
    """Give somebody in a course another role.

    Raises:
        InvalidInput: there is no such role.
        NotFound: they are not in the course.
        Conflict: they are its last instructor.
    """
    wanted = checked_role(role)
    instructors = courses.instructors(tx, course_id)  # locked first, in one order: two who leave do not wait in a ring
    if _present(tx, course_id, person_id).role == wanted:
        return
    _spare_the_last_instructor(instructors, person_id)
    courses.change_role(tx, course_id, person_id, wanted)
    tx.record(by.id, "changed a role", f"person {person_id}", course=course_id, role=wanted)
    announce_enrolment(tx, course_id, person_id, wanted)


def change_group(tx: Transaction, course_id: int, person_id: int, group: str, by: Person) -> None:
    """Put somebody in a course into a group, by the course's own name for it; an empty one takes them out.

    Raises:
        InvalidInput: the name is too long.
        NotFound: they are not in the course.
    """
    wanted = checked_group(group)
    if _present(tx, course_id, person_id).group == wanted:
        return
    courses.set_groups(tx, course_id, {person_id: wanted})
    tx.record(by.id, "changed a group", f"person {person_id}", course=course_id)


def remove(tx: Transaction, course_id: int, person_id: int, by: Person) -> None:
    """Take somebody out of a course. What they handed in stays, and is theirs again when they come back.

    Raises:
        NotFound: they are not in the course.
        Conflict: they are its last instructor.
    """
    instructors = courses.instructors(tx, course_id)
    _present(tx, course_id, person_id)
    _spare_the_last_instructor(instructors, person_id)
    courses.remove(tx, course_id, person_id)
    tx.record(by.id, "removed somebody", f"person {person_id}", course=course_id)
    announce_enrolment(tx, course_id, person_id, None)


def plan_roster(
    tx: Transaction, course_id: int, rows: Sequence[RosterRow], role: str = "student"
) -> tuple[Planned, ...]:
    """What will happen with each line; `role` is for lines that name none (who is enrolled keeps theirs).

    Raises:
        InvalidInput: there is no such role.
    """
    wanted = checked_role(role)
    known = courses.people_by_login(tx, (row.login for row in rows))
    present = courses.roles(tx, course_id)
    groups = courses.groups(tx, course_id)
    instructors = {person_id for person_id, held in present.items() if held == "instructor"}
    promoted = any(row.role == "instructor" and _held(row, known, present) != "instructor" for row in rows)
    plans = []
    for row in rows:
        person = known.get(row.login)
        held = _held(row, known, present)
        given = row.role or (wanted if held is None else checked_role(held))
        name, email = (row.name, row.email) if person is None else (person.name, person.email)
        step: Step = "joins"
        says = ""
        before = groups.get(person.id, "") if person is not None else ""
        group = before if row.group is None else row.group
        if person is None:
            step = "new account"
        elif person.erased_at is not None:
            step, says = "cannot", ERASED
        elif held == given:
            step = "stays as is" if group == before else "changes group"
        elif held == "instructor" and not promoted and instructors == {person.id}:
            step, says = "cannot", LAST_INSTRUCTOR
        elif held is not None:
            step = "changes role"
            if held == "instructor":
                instructors.discard(person.id)
        plans.append(Planned(row.line, row.login, name, email, given, step, says, group))
    return tuple(plans)


def import_roster(
    tx: Transaction, course_id: int, by: Person, rows: Sequence[RosterRow], role: str = "student"
) -> Imported:
    """Carry out what `plan_roster` says; lines that cannot be are left out.

    Raises:
        InvalidInput: there is no such role.
    """
    courses.instructors(tx, course_id)  # kept as they are from here on, so that the last one is still the last
    plans = plan_roster(tx, course_id, rows, role)
    new = [(plan.login, plan.name, plan.email) for plan in plans if plan.step == "new account"]
    courses.add_people(tx, new)
    known = courses.people_by_login(tx, (plan.login for plan in plans))
    joining = [plan for plan in plans if plan.step in ("new account", "joins")]
    courses.add_enrolments(tx, course_id, [(known[plan.login].id, plan.role) for plan in joining])
    changing = [plan for plan in plans if plan.step == "changes role"]
    for plan in changing:
        courses.change_role(tx, course_id, known[plan.login].id, plan.role)
    before = courses.groups(tx, course_id)
    able = {known[plan.login].id: plan.group for plan in plans if plan.step != "cannot"}
    courses.set_groups(tx, course_id, {one: group for one, group in able.items() if group != before.get(one, "")})
    regrouped = sum(plan.step == "changes group" for plan in plans)
    done = Imported(len(new), len(joining), len(changing), regrouped)
    if joining or changing or regrouped:
        counts = {"made": done.made, "joined": done.joined, "changed": done.changed, "regrouped": regrouped}
        tx.record(by.id, "enrolled a list", f"course {course_id}", **counts)
        announce_enrolments(tx, course_id, ((plan.login, plan.role) for plan in (*joining, *changing)))
    return done


def checked_role(role: str) -> Role:
    """A role of a course.

    Raises:
        InvalidInput: there is no such role.
    """
    if role not in get_args(Role):
        raise InvalidInput("A role is student, assistant or instructor.", place="role")
    return cast(Role, role)


def _held(row: RosterRow, known: dict[str, PersonRow], present: dict[int, str]) -> str | None:
    person = known.get(row.login)
    return None if person is None else present.get(person.id)


def _present(tx: Transaction, course_id: int, person_id: int) -> Enrolment:
    found = courses.enrolment(tx, course_id, person_id, lock=True)
    if found is None:
        raise NotFound("This person is not in the course.")
    return found


def _spare_the_last_instructor(instructors: set[int], person_id: int) -> None:
    if instructors == {person_id}:
        raise Conflict(LAST_INSTRUCTOR)


def _enrolled(enrolment: Enrolment, person: PersonRow) -> Enrolled:
    role = cast(Role, enrolment.role)
    return Enrolled(person.id, person.login, person.name, person.email, role, enrolment.created_at, enrolment.group)
