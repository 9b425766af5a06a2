"""Answer files: what a page knew of somebody's answers, brought by the student when the server could not be reached.

A file proves nothing: its stamps tell when the server was last heard of before something was typed, its checksum only
that it came over whole. So the staff decides about what is in it, as about any other answer that came late.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from app.domain.errors import Conflict, GradusError, InvalidInput
from app.domain.values import Json
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.sitting.saving import NAME, read_change
from app.services.sitting.stamps import read_stamp
from app.storage import attempts, people
from app.storage.changes import Change, Saved
from app.storage.saves import Arrival, keep_for_staff

CHANGE = ("item", "field", "revision", "value", "base", "page")
"""What stands in an entry, but for the stamp in the middle; the last two are missing in files of an earlier Gradus."""

LARGEST_FILE = 1_000_000
WHAT = "This is no answer file: students download one from the page of their attempt."


def bring(tx: Transaction, secret: bytes, course_id: int, quiz_id: str, data: bytes, by: int) -> tuple[str, bool]:
    """Keep what is in an answer file for a decision; whose it is, and whether anything in it is new.

    Raises:
        NotFound: the course has no such quiz.
        NotAllowed: the course is archived.
        InvalidInput: this is no answer file, it is damaged, or belongs to another quiz; `place` is "file".
        Conflict: so much is kept of this attempt that no more can be.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    refuse_archived(tx, course_id)
    attempt_id, change = read_file(secret, data)
    found = attempts.attempt(tx, attempt_id, lock=True)
    if found is None or found[0].quiz_id != quiz.id:
        raise InvalidInput("This file belongs to no attempt at this quiz.", "file")
    try:
        kept = keep_for_staff(tx, Arrival(change, tx.now()))
    except InvalidInput as error:
        raise InvalidInput(f"This file does not fit the attempt. {error}", "file") from None
    if isinstance(kept, GradusError):
        raise Conflict(str(kept))
    tx.record(by, "brought an answer file", f"attempt {attempt_id}", fields=len(change.fields))
    person = people.person(tx, found[0].person_id)
    return person.name if person is not None else "", not (isinstance(kept, Saved) or kept.duplicate)


def read_file(secret: bytes, data: bytes) -> tuple[str, Change]:
    """The attempt an answer file belongs to, and what is in it.

    Raises:
        InvalidInput: it cannot be read, and why; `place` is "file".
    """
    if len(data) > LARGEST_FILE:
        raise InvalidInput(f"An answer file has at most {LARGEST_FILE:,} bytes.", "file")
    try:
        file = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InvalidInput(WHAT, "file") from None
    if not isinstance(file, dict) or file.get("gradus") != "answers" or file.get("version") != 1:
        raise InvalidInput(WHAT, "file")
    attempt, device, entries = file.get("attempt"), file.get("device"), file.get("entries")
    if not isinstance(attempt, str) or not NAME.match(attempt) or not isinstance(device, str):
        raise InvalidInput(WHAT, "file")
    if not isinstance(entries, list) or not all(isinstance(row, list) and len(row) in (5, 7) for row in entries):
        raise InvalidInput(WHAT, "file")
    if not entries:
        raise InvalidInput("There are no answers in this file.", "file")
    _check_sum(file)
    changes: list[Json] = [dict(zip(CHANGE, (*row[:4], *row[5:]), strict=False)) for row in entries]
    try:
        # Another device than any page's, whatever the file says.
        name = "file-" + hashlib.sha256(device.encode("utf-8", "replace")).hexdigest()[:24]
        plain = read_change(attempt, {"device": name, "seq": 0, "changes": changes})
    except InvalidInput as error:
        raise InvalidInput(f"{error} ({error.place or 'file'})", "file") from None
    stamps = [read_stamp(secret, attempt, row[4]) for row in entries]
    known = [moment for moment in stamps if moment is not None]
    # Of something with an unknown beginning, the beginning of all is unknown.
    after = min(known) if len(known) == len(stamps) else None
    return attempt, Change(attempt, plain.device, plain.seq, plain.fields, after)


def _check_sum(file: dict[str, Any]) -> None:
    given = file.get("checksum")
    if given in ("", None):
        return  # made by a browser without the means
    sealed = [file["attempt"], file["device"], file.get("stamp"), file["entries"]]
    text = json.dumps(sealed, ensure_ascii=False, separators=(",", ":"))
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != given:
        raise InvalidInput("This file was damaged, or changed, since it was downloaded.", "file")


def _no_number(name: str) -> None:
    raise ValueError(name)
