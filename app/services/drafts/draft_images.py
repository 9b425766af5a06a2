"""Images of a draft."""

from __future__ import annotations

from app.domain.errors import NotFound
from app.services.accounts.people import Person
from app.services.drafts.draft_files import Image, images_of, with_image
from app.services.drafts.drafts import files_at, files_of, stand_of, store
from app.services.operating.transactions import Transaction


def image(tx: Transaction, question: str, name: str) -> tuple[bytes, str]:
    """An image of the draft and its media type.

    Raises:
        NotFound: there is none of that name.
    """
    folder = files_of(tx, question)
    known = {one.name: one.media for one in images_of(folder)}
    if name not in known:
        raise NotFound(f"The draft has no image called “{name[:100]}”.")
    return folder[f"files/{name}"], known[name]


def add_image(
    reading: Transaction,
    writing: Transaction,
    person: Person,
    question: str,
    revision: int | None,
    name: str,
    content: bytes,
) -> tuple[int, list[Image]]:
    """Add an image; the new revision and all images.

    Raises:
        NotFound, Conflict: as `save`.
        InvalidInput: this is no image, or too large.
    """
    revision = stand_of(reading, question).revision if revision is None else revision
    folder, _ = with_image(files_at(reading, question, revision), name, content)
    return store(reading, writing, person, question, revision, folder, None), images_of(folder)


def remove_image(
    reading: Transaction, writing: Transaction, person: Person, question: str, revision: int | None, name: str
) -> tuple[int, list[Image]]:
    """Take an image away; the new revision and the images left.

    Raises:
        NotFound, Conflict: as `save`; there is no such image.
    """
    revision = stand_of(reading, question).revision if revision is None else revision
    folder = files_at(reading, question, revision)
    if f"files/{name}" not in folder:
        raise NotFound(f"The draft has no image called “{name[:100]}”.")
    del folder[f"files/{name}"]
    return store(reading, writing, person, question, revision, folder, None), images_of(folder)
