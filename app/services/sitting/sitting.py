"""Sitting an attempt through a program: for oneself, or, as staff, for somebody enrolled."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.errors import GradusError, NotAllowed, NotFound
from app.domain.values import Json
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.quizzes.entry_rules import Seen
from app.services.results import results
from app.services.results.results import ResultView
from app.services.sitting import attempts as sat
from app.services.sitting import going_forward
from app.services.sitting.admission import Knock, refuse_elsewhere
from app.services.sitting.exam_pages import AttemptView
from app.services.sitting.saving import Saved, read_change
from app.services.sitting.starting import preview, start
from app.storage import attempts, courses, late_saves, people
from app.storage.changes import Kept
from app.storage.forward import takes_answers
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Attempt

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What is to stand in one field from now on; `item` is the position of the question, from 1."""

    item: int
    field: str
    value: Json


@dataclass(frozen=True, slots=True)
class Sitter:
    """Whose attempt it is."""

    person_id: int
    login: str


def begin(
    reading: Transaction,
    writing: Transaction,
    sandbox: Runs,
    membership: Membership,
    quiz_id: str,
    login: str | None,
    knock: Knock,
) -> tuple[str, Sitter]:
    """Start an attempt (or go on with the open one): one's own, or for `login`; its public id, and whose it is.

    Students bring what the quiz asks for at its door (`knock`), whatever program they use; staff vouch for others.

    Raises:
        NotFound: the course has no such quiz, or nobody of that login.
        NotAllowed: it is somebody else's and the caller is not of the staff; or the quiz does not allow it.
        Elsewhere, InvalidInput, TooSoon: as `starting.start`.
    """
    quiz_of_course(reading, membership.course_id, quiz_id)
    me = membership.person
    if login is None or login.casefold() == me.login:
        own = start if membership.standing == "student" else None
        if own is not None:
            return own(reading, writing, sandbox, me.id, quiz_id, knock), Sitter(me.id, me.login)
        return preview(reading, writing, sandbox, membership, quiz_id), Sitter(me.id, me.login)
    if not _is_staff(membership):
        raise NotAllowed("Only staff start attempts for others.")
    person = people.person_by_login(reading, login)
    if person is None or courses.enrolment(reading, membership.course_id, person.id) is None:
        raise NotFound("There is nobody of this login in this course.")
    attempt_id = start(reading, writing, sandbox, person.id, quiz_id, None)
    writing.record(me.id, "started an attempt for somebody", f"attempt {attempt_id}", person=person.id)
    return attempt_id, Sitter(person.id, person.login)


def sitter(tx: Transaction, membership: Membership, attempt_id: str) -> Sitter:
    """Whose attempt this is, for who may know: the person, and the staff of its course.

    Raises:
        NotFound: there is no such attempt in this course, or it is somebody else's.
    """
    found = attempts.attempt(tx, attempt_id)
    if found is None or found[1].course_id != membership.course_id:
        raise NotFound("There is no such attempt in this course.")
    person = people.person(tx, found[0].person_id)
    if person is None or (person.id != membership.person.id and not _is_staff(membership)):
        raise NotFound("There is no such attempt in this course.")
    return Sitter(person.id, person.login)


def seen_by(tx: Transaction, membership: Membership, attempt_id: str, seen: Seen) -> tuple[AttemptView, Sitter]:
    """An attempt as the caller may see it, and whose it is.

    While it is open, students see it from where its quiz allows, and where one goes forward only the question that
    is open now; staff see all of it.

    Raises:
        NotFound: there is no such attempt in this course, or it is somebody else's.
        Elsewhere: it may not be looked at from there.
    """
    person = sitter(tx, membership, attempt_id)
    found = sat.view(tx, person.person_id, attempt_id)
    if _is_staff(membership) or found.state != "open":
        return found, person
    refuse_elsewhere(found.networks, found.browser_keys, seen)
    return replace(found, items=tuple(item for item in found.items if not found.locked(item.position))), person


def leave(tx: Transaction, membership: Membership, attempt_id: str, item: int) -> int:
    """Leave a question for good, where one goes forward only; the question that is open now.

    Raises:
        NotFound: there is no such attempt in this course, or it is somebody else's.
        NotAllowed, Conflict: as `going_forward.leave`.
    """
    return going_forward.leave(tx, sitter(tx, membership, attempt_id).person_id, attempt_id, item)


def save(
    tx: Transaction,
    membership: Membership,
    attempt_id: str,
    answers: Sequence[NewAnswer],
    grace_seconds: float,
    typed_after: datetime | None = None,
) -> Saved | Kept:
    """Store answers above whatever stands in their fields; null empties one.

    What a student's own program brings too late to count is kept for the staff to decide about, as what a page sends;
    `typed_after` is what the server had last told it when the oldest of these was given.

    Raises:
        NotFound: there is no such attempt in this course, or it is somebody else's.
        InvalidInput: there is no such field, or an answer cannot be taken.
        HandedIn, TooLate: the attempt takes no answers any more: it was practice, or is not the caller's own as a
            student.
    """
    person = sitter(tx, membership, attempt_id)
    attempt, _ = sat.attempt_of(tx, person.person_id, attempt_id, lock=True)
    for answer in answers:
        if not takes_answers(attempt.furthest, attempt.furthest_at, answer.item, tx.now()):
            raise NotAllowed(f"This quiz goes forward only, and question {attempt.furthest} is open now.")
    stored = attempts.answers(tx, attempt.id)
    waiting = _waiting(tx, attempt)
    places = {item.position: item.id for item in attempts.items(tx, attempt.id)}
    revisions: dict[tuple[int, str], int] = {}
    changes: list[Json] = []
    for answer in answers:
        slot = (answer.item, answer.field)
        present = stored.get(places.get(answer.item, 0), {}).get(answer.field)
        before = revisions.get(slot, max(present.revision if present is not None else 0, waiting.get(slot, 0)))
        revisions[slot] = before + 1
        changes.append({"item": answer.item, "field": answer.field, "revision": revisions[slot], "value": answer.value})
    # Random, as from a page without scripts: what makes sending it twice harmless is the key of the request.
    change = read_change(attempt_id, {"device": f"api-{secrets.token_hex(12)}", "seq": 1, "changes": changes})
    change = replace(change, typed_after=typed_after)
    own = person.person_id == membership.person.id and not _is_staff(membership)
    (outcome,) = write_saves(tx, [Arrival(change, tx.now())], grace_seconds, {}, keep_late=own)
    if isinstance(outcome, GradusError):
        raise outcome
    if person.person_id != membership.person.id:
        tx.record(membership.person.id, "saved answers for somebody", f"attempt {attempt_id}", fields=len(changes))
    return outcome


def _waiting(tx: Transaction, attempt: Attempt) -> dict[tuple[int, str], int]:
    """The newest revisions among what came too late: what comes after it is newer still."""
    newest: dict[tuple[int, str], int] = {}
    for row in late_saves.of_attempt(tx, attempt.id):
        for item, field, revision, *_ in row.changes:
            newest[item, field] = max(revision, newest.get((item, field), 0))
    return newest


def result(tx: Transaction, membership: Membership, attempt_id: str) -> tuple[ResultView, Sitter]:
    """The result of an attempt and whose it is: for the person once marks are released, for staff at any time.

    Raises:
        NotFound: there is no such attempt in this course, it is somebody else's, or it is not handed in.
        NotAllowed: the marks have not been released.
    """
    person = sitter(tx, membership, attempt_id)
    if _is_staff(membership):
        return results.result_of(tx, *sat.attempt_of(tx, person.person_id, attempt_id)), person
    return results.result(tx, person.person_id, attempt_id), person


def _is_staff(membership: Membership) -> bool:
    return membership.standing != "student"
