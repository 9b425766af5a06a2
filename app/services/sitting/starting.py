"""Starting an attempt: what it gets is drawn, made where nobody has met it yet, and stored for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.services.bank.images import with_images
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_attempt
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.quizzes.drawing import Drawn, draw_attempt
from app.services.quizzes.quizzes import new_public_id
from app.services.quizzes.terms import Terms, terms_for
from app.services.sitting.admission import Knock, admit
from app.services.sitting.sitting_events import happened
from app.storage import attempts, questions, quizzes, variants
from app.storage.tables import Attempt, Quiz

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

UNKNOWN = Knock()

Find: TypeAlias = Callable[[Transaction, bool], tuple[Quiz, Terms]]
"""Finds the quiz and its terms in a transaction; the second argument keeps the quiz from being changed meanwhile."""


def start(
    reading: Transaction,
    writing: Transaction,
    sandbox: Runs,
    person_id: int,
    quiz_id: str,
    knock: Knock | None = UNKNOWN,
) -> str:
    """Start an attempt at a quiz, or go on with the one that is open; its public id.

    Variants that nobody has met yet are made before `writing` is touched, and stored with the attempt. `knock` is
    what the person brings to the door; None: somebody of the staff vouches for them.

    Raises:
        NotFound: there is no such quiz in this person's courses.
        NotAllowed: the quiz is not open, or all attempts are used.
        Elsewhere, InvalidInput, TooSoon: it cannot be sat from here, or what it asks for at the door is missing.
        SandboxFailure, QuestionError: a variant could not be made; nothing was stored.
    """

    def find(tx: Transaction, share: bool) -> tuple[Quiz, Terms]:
        found = quizzes.quizzes_for(tx, person_id, quiz_id, share=share)
        if not found:
            raise NotFound("There is no such quiz in your courses.")
        quiz, course, role = found[0]
        archived = course.archived_at is not None
        return quiz, terms_for(tx, quiz, person_id, preview=role in quizzes.STAFF, archived=archived)

    return _begin(reading, writing, sandbox, person_id, find, knock)


def preview(reading: Transaction, writing: Transaction, sandbox: Runs, membership: Membership, quiz_id: str) -> str:
    """Let staff sit a quiz of their course at any time, drafts too; the public id of the attempt.

    Raises:
        NotFound: there is no such quiz in this course.
        NotAllowed: the course is archived, or the quiz has no questions.
        SandboxFailure, QuestionError: a variant could not be made; nothing was stored.
    """

    def find(tx: Transaction, share: bool) -> tuple[Quiz, Terms]:
        quiz = quiz_of_course(tx, membership.course_id, quiz_id)
        return quiz, terms_for(tx, quiz, membership.person.id, preview=True, archived=membership.archived)

    return _begin(reading, writing, sandbox, membership.person.id, find, None)


def _begin(
    reading: Transaction, writing: Transaction, sandbox: Runs, person_id: int, find: Find, knock: Knock | None
) -> str:
    quiz, terms = find(reading, False)
    taken = attempts.attempts_of(reading, person_id, [quiz.id])
    going_on = _open(taken)
    if going_on is not None:
        return going_on.public_id
    _refuse(reading, terms, taken)
    if knock is not None and not terms.preview:
        admit(quiz, person_id, knock)
    number = taken[-1].number + 1 if taken else 1
    drawn = draw_attempt(reading, quiz, person_id, number)
    if not drawn:
        raise NotAllowed("This quiz has no questions yet.")
    known = _known(reading, drawn)
    made = _made(reading, sandbox, drawn, known)
    agreed = bool(quiz.honour) and knock is not None and knock.honour
    return _store(writing, person_id, number, drawn, known, made, find, agreed)


def make_variants(reading: Transaction, sandbox: Runs, drawn: Sequence[Drawn]) -> Mapping[tuple[str, int], Any]:
    """Those of these variants that are not stored yet, by question and seed; nothing is written."""
    return _made(reading, sandbox, drawn, _known(reading, drawn))


def _known(reading: Transaction, drawn: Sequence[Drawn]) -> dict[tuple[str, int], int]:
    return variants.variant_ids(reading, {(one.variant_hash, one.seed) for one in drawn})


def _made(
    reading: Transaction, sandbox: Runs, drawn: Sequence[Drawn], known: Mapping[tuple[str, int], int]
) -> Mapping[tuple[str, int], Any]:
    made: dict[tuple[str, int], Any] = {}
    for one in drawn:
        if (one.variant_hash, one.seed) not in known:
            package = questions.package(reading, one.version_id)
            variant = sandbox.run("variant", {"package": package, "seed": one.seed})
            made[one.variant_hash, one.seed] = with_images(variant, package)
    return made


def _store(
    tx: Transaction,
    person_id: int,
    number: int,
    drawn: Sequence[Drawn],
    known: Mapping[tuple[str, int], int],
    made: Mapping[tuple[str, int], Any],
    find: Find,
    agreed: bool,
) -> str:
    # Somebody may have pressed "start" twice: whoever is second goes on with the attempt of the first.
    quiz, terms = find(tx, True)
    again = attempts.attempts_of(tx, person_id, [quiz.id])
    going_on = _open(again)
    if going_on is not None:
        return going_on.public_id
    _refuse(tx, terms, again)
    # In one order for everybody, so that two starts never wait for each other's variants in a ring.
    numbers = {**known, **{key: variants.keep_variant(tx, *key, made[key]) for key in sorted(made)}}
    items = [
        {
            "position": one.position,
            "variant_id": numbers[one.variant_hash, one.seed],
            "question_version_id": one.version_id,
            "weight": one.weight,
            "weight_real": float(one.weight),
            "section": one.section,
        }
        for one in drawn
    ]
    now = tx.now()
    forward = quiz.navigation == "forward"
    attempt = Attempt(
        public_id=new_public_id(),
        quiz_id=quiz.id,
        person_id=person_id,
        number=number,
        state="open",
        started_at=now,
        deadline_at=terms.deadline(now),
        furthest=1 if forward else 0,
        furthest_at=now if forward else None,
        honour_at=now if agreed else None,
    )
    public_id = attempt.public_id
    if attempts.add_attempt(tx, attempt, items):
        words = "started a preview" if terms.preview else "started an attempt"
        tx.record(person_id, words, f"attempt {public_id}", number=number)
        happened(tx, quiz.id, attempt.id, "started", by=person_id, details={"number": number})
        announce_attempt(tx, "attempt.started", attempt, quiz)
        return public_id
    going_on = _open(attempts.attempts_of(tx, person_id, [quiz.id]))
    if going_on is None:
        raise Conflict("This attempt has just been started and handed in elsewhere.")
    return going_on.public_id


def _refuse(tx: Transaction, terms: Terms, taken: Sequence[Attempt]) -> None:
    why_not = terms.why_not_start(tx.now(), len(taken))
    if why_not:
        raise NotAllowed(why_not)


def _open(taken: Sequence[Attempt]) -> Attempt | None:
    return next((attempt for attempt in taken if attempt.state == "open"), None)
