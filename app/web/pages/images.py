"""Images of questions. Their address is the hash of their content: nobody guesses it, and it never changes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.bank import images
from app.web.visitors import SignedIn

router = Routes(prefix="/files")

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Path(min_length=1, max_length=120)]
HEADERS = {
    # Not for caches that people share: an image may belong to an exam.
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


@router.get("/{sha256}/{name}")
def image(tx: Reading, _visitor: SignedIn, sha256: Sha256, name: Name) -> Response:
    """An image; its name is only for those who save it."""
    found = images.image(tx, sha256)
    return Response(found.content, media_type=found.media, headers=HEADERS)
