"""The pile: what a marker works at, answers to one part of a question."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.courses.membership import Membership


@dataclass(frozen=True, slots=True)
class Pile:
    """The answers to one part of a question in a quiz, in front of one marker; named here, not looked up yet."""

    membership: Membership
    quiz_id: str
    question: str
    part: str

    @property
    def marker(self) -> int:
        """The person who marks, by number."""
        return self.membership.person.id

    @property
    def course_id(self) -> int:
        return self.membership.course_id
