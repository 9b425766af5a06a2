"""What a marker is at, from the address of a page: a pile, and a place in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from app.services.marking.desk import Place
from app.services.marking.piles import Pile
from app.web.members import Staff
from app.web.paths import PartId, Position, PublicId, QuestionId


async def _pile(membership: Staff, quiz_id: PublicId, question: QuestionId, part: PartId) -> Pile:
    return Pile(membership, quiz_id, question, part)


async def _place(attempt_id: PublicId, position: Position) -> Place:
    return Place(attempt_id, position)


OnPile = Annotated[Pile, Depends(_pile)]
"""For staff: the answers to the part that the address names."""

AtPlace = Annotated[Place, Depends(_place)]
"""The answer that the address names."""
