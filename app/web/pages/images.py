"""Images of questions. Their address is the hash of their content: nobody guesses it, and it never changes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request
from starlette.responses import Response

from app.domain.access import declares
from app.domain.errors import NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.accounts import tokens
from app.services.accounts.tokens import Scope
from app.services.bank import images
from app.web.visitors import MaybeVisitor, SignInNeeded

router = Routes(prefix="/files")

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Path(min_length=1, max_length=120)]
HEADERS = {
    # Not for caches that people share: an image may belong to an exam.
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


SCOPES: frozenset[Scope] = frozenset({"bank:read", "attempts:write", "results:read", "marking:write"})
"""Of the operations whose answers name images; who has been given such an answer may see what it shows."""


@declares("signed in")
def looks(request: Request, tx: Reading, visitor: MaybeVisitor) -> None:
    """Somebody who has signed in, or a program with the token of somebody.

    Raises:
        SignInNeeded: neither.
        NotAllowed: the token opens no operation that shows images.
    """
    if visitor is not None:
        return
    found = tokens.grant(tx, request.headers.get("authorization", "").removeprefix("Bearer "))
    if found is None:
        raise SignInNeeded("Please sign in first.")
    request.state.person_id = found.person.id  # for the log
    if not found.scopes & SCOPES:
        raise NotAllowed(f"To see images, a token needs one of the scopes {', '.join(sorted(SCOPES))}.")


@router.get("/{sha256}/{name}", dependencies=[Depends(looks, scope="function")])
def image(tx: Reading, sha256: Sha256, name: Name) -> Response:
    """An image; its name is only for those who save it."""
    found = images.image(tx, sha256)
    return Response(found.content, media_type=found.media, headers=HEADERS)
