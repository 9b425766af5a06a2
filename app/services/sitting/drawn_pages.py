"""Pages for drawings: a file comes in, the sandbox makes plain PNG pages of it, and those are kept with the attempt."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from app.domain.errors import InvalidInput, NotFound
from app.sandbox import Incomputable, SandboxFailure
from app.services.operating.transactions import Transaction, Transactions
from app.services.sitting.attempts import attempt_of
from app.storage import attempts, drawn_pages
from app.storage import outcomes as stored
from app.storage.changes import HandedIn
from app.storage.tables import AttemptItem

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

LARGEST_FILE = 10 << 20
MOST_KEPT = 40
"""Pages of one field, those that were taken out of the answer again included."""
AT_ONCE = 2
SECONDS = 8.0
NO_PAGE = "There is no such page."


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is kept now."""

    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Made:
    png: bytes
    page: Page


class Uploads:
    """Takes files for drawings. One object per process: only a few files are in memory at any time, and one of a
    person's, so that nobody waits for the files of somebody else who sends many."""

    def __init__(self, transactions: Transactions, sandbox: Runs) -> None:
        self._transactions = transactions
        self._sandbox = sandbox
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._turns = threading.Condition()
        self._at_it: set[int] = set()

    def take(self, person_id: int, attempt_id: str, position: int, field: str, file: IO[bytes]) -> tuple[Page, ...]:
        """Make pages of a file and keep them in a field of an attempt; the answer itself is saved like any other.

        So a page that comes too late is kept as well: the save that names it waits for a decision of the staff.

        Raises:
            NotFound: no such attempt of this person, or no such field for a drawing in it.
            HandedIn: it was practice, which is over.
            InvalidInput: the file cannot be taken; the sentence says why.
        """
        with self._transactions.reading() as tx:
            self._item(tx, person_id, attempt_id, position, field)
        with self._turn(person_id), self._places:
            made = pages_of(self._sandbox, file.read(LARGEST_FILE + 1))
        with self._transactions.writing() as tx:
            item = self._item(tx, person_id, attempt_id, position, field, lock=True)
            known = drawn_pages.names(tx, [item.id]).get((item.id, field), set())
            if len(known | {one.page.sha256 for one in made}) > MOST_KEPT:
                raise InvalidInput(f"This field has taken {len(known)} pages already; it takes {MOST_KEPT} in all.")
            for one in made:
                size = (one.page.width, one.page.height)
                drawn_pages.keep(tx, item.id, field, one.page.sha256, one.png, size)
        # The blank pages of a document are one page.
        return tuple(dict.fromkeys(one.page for one in made))

    @contextmanager
    def _turn(self, person_id: int) -> Iterator[None]:
        with self._turns:
            self._turns.wait_for(lambda: person_id not in self._at_it)
            self._at_it.add(person_id)
        try:
            yield
        finally:
            with self._turns:
                self._at_it.discard(person_id)
                self._turns.notify_all()

    def _item(
        self, tx: Transaction, person_id: int, attempt_id: str, position: int, field: str, *, lock: bool = False
    ) -> AttemptItem:
        attempt, quiz = attempt_of(tx, person_id, attempt_id, lock=lock)
        if attempt.state != "open" and quiz.mode == "practice":  # what is practised counts for nobody
            raise HandedIn("This practice is over; nothing more can be uploaded to it.")
        for item in attempts.items(tx, attempt.id):
            if item.position == position and field in drawing_fields(item.variant.rendered):
                return item
        raise NotFound(f"Question {position} of this attempt has no field for a drawing called “{field[:100]}”.")


def drawing_fields(rendered: dict[str, Any]) -> list[str]:
    """The fields of a variant in which something is drawn."""
    return [
        field["id"] for part in rendered["parts"] for field in part["fields"] if field["widget"]["kind"] == "drawing"
    ]


def pages_of(sandbox: Runs, content: bytes) -> list[_Made]:
    """What the sandbox makes of a file.

    Raises:
        InvalidInput: it cannot be taken; the sentence says why.
    """
    if len(content) > LARGEST_FILE:
        raise InvalidInput(f"This file is larger than {LARGEST_FILE >> 20} MB.", "file")
    try:
        payload = {"content": base64.b64encode(content).decode()}
        made = sandbox.run("pages", payload, lane="pages", seconds=SECONDS)["pages"]
    except Incomputable as refused:
        raise InvalidInput(refused.problems[0].says, "file") from None
    except SandboxFailure:
        # Whatever it was (a bomb, a loop, a crash): it happened in a child that is gone, and nothing is kept.
        raise InvalidInput(
            "This file could not be opened within the time and memory there is for it.", "file"
        ) from None
    return [_made(one) for one in made]


def _made(one: dict[str, Any]) -> _Made:
    png = base64.b64decode(one["png"])
    return _Made(png, Page(hashlib.sha256(png).hexdigest(), int(one["width"]), int(one["height"])))


def own_page(tx: Transaction, person_id: int, attempt_id: str, sha256: str) -> bytes:
    """A page of a person's own attempt, as PNG.

    Raises:
        NotFound: there is none of this hash, or no such attempt of theirs.
    """
    attempt, _ = attempt_of(tx, person_id, attempt_id)
    return _page(tx, attempt.id, sha256)


def page_for_staff(tx: Transaction, course_id: int, quiz_id: str, attempt_id: str, sha256: str) -> bytes:
    """A page of an attempt at a quiz of that course, as PNG.

    Raises:
        NotFound: there is no such page in it.
    """
    quiz = stored.quiz_of_course(tx, course_id, quiz_id)
    found = attempts.attempt(tx, attempt_id)
    if quiz is None or found is None or found[0].quiz_id != quiz.id:
        raise NotFound(NO_PAGE)
    return _page(tx, found[0].id, sha256)


def _page(tx: Transaction, attempt: int, sha256: str) -> bytes:
    png = drawn_pages.in_attempt(tx, attempt, sha256)
    if png is None:
        raise NotFound(NO_PAGE)
    return png
