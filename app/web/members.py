"""What an endpoint's signature says about who may call it, beyond being signed in (rules: app.domain.access).

What asks the database is a function and runs in a thread; what does not is a coroutine: a switch of threads less.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from app.domain.access import declares
from app.domain.errors import NotAllowed
from app.routing.transactions import Reading
from app.services.accounts.sessions import Visitor
from app.services.courses.membership import Membership, membership, require_author
from app.web.paths import PublicId
from app.web.visitors import SignedIn


@declares("anyone")
async def anyone() -> None:
    """For pages that ask nobody who they are; it lets everybody through and says so."""


@declares("own attempt")
async def sitting(visitor: SignedIn) -> Visitor:
    """Who sits an attempt. Whose attempt it is, the service knows: it finds no attempt of somebody else's."""
    return visitor


@declares("member")
def member(tx: Reading, visitor: SignedIn, course_id: PublicId) -> Membership:
    """Somebody enrolled in the course of the address."""
    return membership(tx, visitor.person, course_id, "member")


@declares("staff")
def staff(tx: Reading, visitor: SignedIn, course_id: PublicId) -> Membership:
    """An assistant or instructor of the course of the address."""
    return membership(tx, visitor.person, course_id, "staff")


@declares("instructor")
def instructor(tx: Reading, visitor: SignedIn, course_id: PublicId) -> Membership:
    """An instructor of the course of the address."""
    return membership(tx, visitor.person, course_id, "instructor")


@declares("author")
def author(tx: Reading, visitor: SignedIn) -> Visitor:
    """Somebody who may read and write the question bank."""
    require_author(tx, visitor.person)
    return visitor


@declares("administrator")
async def administrator(visitor: SignedIn) -> Visitor:
    """An administrator.

    Raises:
        NotAllowed: the visitor is none.
    """
    if not visitor.person.administrator:
        raise NotAllowed("This page is for administrators.")
    return visitor


Anyone = Depends(anyone)
Sitting = Annotated[Visitor, Depends(sitting, scope="function")]
Member = Annotated[Membership, Depends(member, scope="function")]
Staff = Annotated[Membership, Depends(staff, scope="function")]
Instructor = Annotated[Membership, Depends(instructor, scope="function")]
Author = Annotated[Visitor, Depends(author, scope="function")]
Administrator = Annotated[Visitor, Depends(administrator, scope="function")]
