"""Who may do what: the rules that routes declare, services enforce, and the access matrix tests route by route.

anyone         also people who are not signed in
signed in      everybody with an account
own attempt    the person who sits the attempt of the address
member         everybody enrolled in the course of the address
staff          its assistants and instructors
instructor     its instructors
author         instructors of any course: the bank is one for the whole installation
administrator  administrators

Administrators pass for members, staff and instructors of every course, and for authors; nobody passes for the owner
of an attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar

Role: TypeAlias = Literal["student", "assistant", "instructor"]
Rule: TypeAlias = Literal[
    "anyone", "signed in", "own attempt", "member", "staff", "instructor", "author", "administrator"
]

ROLES: Mapping[Rule, frozenset[Role]] = {
    "member": frozenset({"student", "assistant", "instructor"}),
    "staff": frozenset({"assistant", "instructor"}),
    "instructor": frozenset({"instructor"}),
}
"""The roles that satisfy a rule about a course."""

Dependency = TypeVar("Dependency", bound=Callable[..., Any])


def declares(rule: Rule) -> Callable[[Dependency], Dependency]:
    """Marks a dependency that lets only those through who satisfy the rule; the access matrix reads the mark."""

    def marked(dependency: Dependency) -> Dependency:
        dependency.rule = rule  # type: ignore[attr-defined]
        return dependency

    return marked


def declared(dependency: object) -> Rule | None:
    """The rule that a dependency declares, if any."""
    return getattr(dependency, "rule", None)
