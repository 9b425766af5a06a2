"""Answers that came too late to count by themselves: the staff of the quiz sees what was typed when, and decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, TypeAlias, cast

from app.domain.drawing_answers import drawing_of
from app.domain.values import Json
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.results import deductions
from app.services.sitting import submissions
from app.services.sitting.sitting_events import happened
from app.services.sitting.surveys import words_of
from app.storage import attempts, late_saves, people, precedence, quizzes
from app.storage import submissions as handed_in
from app.storage.changes import FieldChange
from app.storage.precedence import Origin, Place, Sent
from app.storage.tables import Answer, Attempt, AttemptItem, LateSave, Quiz, Save
from app.storage.tables.columns import MOST

State: TypeAlias = Literal["waiting", "accepted", "declined"]

AsOf: TypeAlias = Literal["earliest", "arrival"]
"""When what is accepted counts as made: at the last moment that its page had heard of the server, the earliest that is
possible, or when it arrived. That matters where lateness costs points."""

COUNTED: Mapping[AsOf, str] = {
    "earliest": "",
    "arrival": "It counts as made when it arrived.",
}

MOST_SHOWN = 50
"""Attempts with something to decide on one page; the others follow once these are decided."""

MOST_DECIDED = 100
"""Attempts about which all is decided that are still shown."""


@dataclass(frozen=True, slots=True)
class TypedField:
    """What was typed in one field (`label`: text) and what stands there now.

    `older`: what stands there is newer, and stays; `unsure`: nobody can know which of the two is. Of a drawing,
    `typed_pages` and `now_pages` are its pages.
    """

    position: int
    title: str
    part: str
    label: str
    typed: str
    now: str
    older: bool
    unsure: bool = False
    typed_pages: tuple[str, ...] = ()
    now_pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LateView:
    """A late save. It was typed after `not_before` (none: unknown) and came at `received_at`.

    `left`: the shares of the attempt's points that are left when it is accepted as of its earliest moment and as of
    its arrival; none where both are the same.
    """

    id: int
    origin: Literal["page", "file"]
    not_before: datetime | None
    received_at: datetime
    state: State
    decided_at: datetime | None
    decided_by: str
    fields: tuple[TypedField, ...]
    left: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class LateAttempt:
    """An attempt with its late saves, in the order in which they came."""

    id: str
    name: str
    login: str
    number: int
    deadline_at: datetime | None
    handed_in_at: datetime | None
    saves: tuple[LateView, ...]

    @property
    def asks_as_of(self) -> bool:
        """Whether it matters, of something that waits, when it counts as made."""
        return any(one.state == "waiting" and one.left is not None for one in self.saves)


@dataclass(frozen=True, slots=True)
class LateQuiz:
    """The late saves of a quiz: attempts with something to decide, then the others; `waiting` counts saves."""

    quiz_id: str
    title: str
    time_zone: str
    waiting: int
    undecided: tuple[LateAttempt, ...]
    more: int
    decided: tuple[LateAttempt, ...]

    @property
    def asks_as_of(self) -> bool:
        """Whether it matters, of something that waits, when it counts as made."""
        return any(one.asks_as_of for one in self.undecided)


@dataclass(frozen=True, slots=True)
class Decided:
    """How many late saves were decided, in how many attempts that changed; `left`: whose decisions do not carry over.

    Those are places like "Ada Example: 2b": people had decided about these parts, whose answers are others now.
    """

    saves: int
    attempts: int
    left: tuple[str, ...] = ()


def late_of_quiz(tx: Transaction, course_id: int, quiz_id: str) -> LateQuiz:
    """The late saves of a quiz of that course.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    found: dict[int, list[late_saves.Placed]] = {}
    for row in late_saves.of_quiz(tx, quiz.id):
        found.setdefault(row.attempt.id, []).append(row)
    open_ones = [rows for rows in found.values() if any(row.save.state == "waiting" for row in rows)]
    others = [rows for rows in found.values() if all(row.save.state != "waiting" for row in rows)]
    return LateQuiz(
        quiz_id=quiz.public_id,
        title=quiz.title,
        time_zone=quizzes.course(tx, quiz.course_id).time_zone,
        waiting=sum(row.save.state == "waiting" for rows in open_ones for row in rows),
        undecided=tuple(_attempt(tx, quiz, rows) for rows in open_ones[:MOST_SHOWN]),
        more=max(0, len(open_ones) - MOST_SHOWN),
        decided=tuple(_attempt(tx, quiz, rows) for rows in others[:MOST_DECIDED]),
    )


def decide(
    tx: Transaction,
    course_id: int,
    quiz_id: str,
    numbers: Collection[int] | None,
    *,
    accept: bool,
    by: int,
    as_of: AsOf = "earliest",
    wake: Callable[[], None] = lambda: None,
) -> Decided:
    """Accept or decline these late saves of a quiz (None: all that wait). What is decided already stays as it is.

    What is accepted stands in the attempt from now on, unless what stands there is known to be newer, and counts as
    made `as_of` one of the two ends of the time in which it was made. If the attempt has been handed in, its answers
    are frozen anew: another submission, at the moment of the old one, which counts instead and is graded; `wake` is
    called after COMMIT.

    Raises:
        NotFound: the course has no such quiz.
        NotAllowed: the course is archived.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    refuse_archived(tx, course_id)
    asked = late_saves.waiting(tx, quiz.id, numbers)
    # In the order in which the save lane locks attempts.
    locked = sorted((late_saves.lock(tx, attempt) for attempt in asked), key=lambda pair: pair[0].public_id)
    count, changed, left = 0, 0, list[str]()
    again = late_saves.waiting(tx, quiz.id, numbers)  # as it stands under the locks
    for attempt, _ in locked:
        rows = again.get(attempt.id, [])
        for row in rows:
            row.state, row.decided_at, row.decided_by_id = ("accepted" if accept else "declined"), tx.now(), by
        count += len(rows)
        tx.session.flush()
        made_at = _apply(tx, attempt, rows, as_of) if accept else None
        if made_at is not None:
            changed += 1
            left += _hand_in_again(tx, attempt, quiz, by, made_at)
        if rows:
            kind: Literal["late save accepted", "late save declined"]
            kind = "late save accepted" if accept else "late save declined"
            text = COUNTED[as_of] if accept and deductions.deducts(quiz) else ""
            happened(tx, quiz.id, attempt.id, kind, text=text, by=by, details={"saves": len(rows), "as_of": as_of})
            action = "accepted late answers" if accept else "declined late answers"
            tx.record(by, action, f"attempt {attempt.public_id}", saves=len(rows), as_of=as_of if accept else "")
    if changed:
        tx.afterwards(wake)
    return Decided(count, changed, tuple(left))


def _made_at(attempt: Attempt, row: LateSave, as_of: AsOf) -> datetime:
    """When a late save counts as made. Where nothing is known, it may have been when the attempt had just begun."""
    return row.received_at if as_of == "arrival" else row.not_before or attempt.started_at


def _apply(tx: Transaction, attempt: Attempt, rows: Sequence[LateSave], as_of: AsOf) -> datetime | None:
    """Let what was typed stand where nothing newer does; when the last of what is another answer now counts as made.

    None: every answer is what it was.
    """
    items = {item.position: item for item in attempts.items(tx, attempt.id)}
    stored = attempts.answers(tx, attempt.id)
    known = precedence.origins(tx, [attempt.id], by_date=True)
    changed: list[datetime] = []
    for row in rows:
        made_at = _made_at(attempt, row, as_of)
        tx.session.add(
            Save(
                attempt_id=attempt.id,
                device=row.device,
                seq=row.seq,
                received_at=row.received_at,
                changes=row.changes,
            )
        )
        for part in map(precedence.read, row.changes):
            item, value = items[part.item], part.value
            answer = stored.setdefault(item.id, {}).get(part.field)
            if answer is not None and _is_newer(known, attempt.id, part, row, answer) is False:
                continue
            if (answer.value if answer is not None else None) != value:
                changed.append(made_at)
            revision = part.revision if answer is None else min(max(part.revision, answer.revision + 1), MOST)
            if answer is None:
                answer = Answer(attempt_item_id=item.id, field=part.field, revision=revision, value=value)
                stored[item.id][part.field] = answer
                tx.session.add(answer)
            answer.revision, answer.value, answer.saved_at = revision, value, made_at
            place = precedence.place_of(attempt.id, part.item, part.field, value)
            known[place] = precedence.origin(part, _sent(row), by_date=True)
    tx.session.flush()
    return max(changed, default=None)


def _sent(row: LateSave) -> Sent:
    return Sent(row.device, row.received_at, row.not_before)


def _is_newer(
    known: Mapping[Place, Origin], attempt_id: int, part: FieldChange, row: LateSave, answer: Answer
) -> bool | None:
    there = known.get(precedence.place_of(attempt_id, part.item, part.field, answer.value))
    there = there or Origin("", answer.revision, answer.saved_at)
    return precedence.is_newer(part, _sent(row), answer.revision, there, by_date=True)


def _hand_in_again(tx: Transaction, attempt: Attempt, quiz: Quiz, by: int, made_at: datetime) -> list[str]:
    if attempt.state == "open" or handed_in.submission_of(tx, attempt.id) is None:
        return []
    left = submissions.hand_in_again(tx, attempt, quiz, by, "handed in again with late answers", made_at)
    person = people.person(tx, attempt.person_id)
    return [f"{person.name if person is not None else ''}: {place}" for place in left]


def _attempt(tx: Transaction, quiz: Quiz, rows: Sequence[late_saves.Placed]) -> LateAttempt:
    attempt = rows[0].attempt
    items = {item.position: item for item in attempts.items(tx, attempt.id)}
    stored = attempts.answers(tx, attempt.id)
    known = precedence.origins(tx, [attempt.id], by_date=True)
    names = {
        row.save.decided_by_id: people.person(tx, row.save.decided_by_id)
        for row in rows
        if row.save.decided_by_id is not None
    }
    submission = handed_in.submission_of(tx, attempt.id)
    done_at = submission.done_at if submission is not None else None
    views = []
    for row in rows:
        save = row.save
        decider = names.get(save.decided_by_id) if save.decided_by_id is not None else None
        fields = []
        for part in map(precedence.read, save.changes):
            now = stored.get(items[part.item].id, {}).get(part.field)
            newer = True if now is None else _is_newer(known, attempt.id, part, save, now)
            fields.append(_field(items[part.item], part, now, newer))
        views.append(
            LateView(
                id=save.id,
                origin="file" if save.origin == "file" else "page",
                not_before=save.not_before,
                received_at=save.received_at,
                state=cast("State", save.state),
                decided_at=save.decided_at,
                decided_by=decider.name if decider is not None else "",
                fields=tuple(fields),
                left=_shares(tx, attempt, quiz, save, done_at) if save.state == "waiting" else None,
            )
        )
    return LateAttempt(
        id=attempt.public_id,
        name=rows[0].name,
        login=rows[0].login,
        number=attempt.number,
        deadline_at=attempt.deadline_at,
        handed_in_at=submission.at if submission is not None else None,
        saves=tuple(views),
    )


def _shares(
    tx: Transaction, attempt: Attempt, quiz: Quiz, save: LateSave, done_at: datetime | None
) -> tuple[Fraction, Fraction] | None:
    if not deductions.deducts(quiz):
        return None
    moments = (_made_at(attempt, save, "earliest"), _made_at(attempt, save, "arrival"))
    earliest, arrival = (
        deductions.left_at(tx, attempt, quiz, max(moment, done_at or moment)).factor for moment in moments
    )
    return (earliest, arrival) if earliest != arrival else None


def _field(item: AttemptItem, typed: FieldChange, now: Answer | None, newer: bool | None) -> TypedField:
    shown = item.variant.rendered
    another = now is not None and now.value != typed.value
    for part in shown["parts"]:
        for field in part["fields"]:
            if field["id"] == typed.field:
                return TypedField(
                    position=typed.item,
                    title=shown["title"],
                    part=part.get("label") or "",
                    label=field.get("label_text") or "",
                    typed=_words(field["widget"], typed.value),
                    now=_words(field["widget"], now.value) if now is not None else "",
                    older=another and newer is False,
                    unsure=another and newer is None,
                    typed_pages=_pages(field["widget"], typed.value),
                    now_pages=_pages(field["widget"], now.value) if now is not None else (),
                )
    return TypedField(typed.item, shown["title"], "", typed.field, _words({"kind": "text"}, typed.value), "", False)


def _words(widget: Mapping[str, Any], value: Json) -> str:
    # The pages of a drawing are shown themselves.
    return drawing_of(value)[1] if widget["kind"] == "drawing" else words_of(widget, value)


def _pages(widget: Mapping[str, Any], value: Json) -> tuple[str, ...]:
    return tuple(drawing_of(value)[0]) if widget["kind"] == "drawing" else ()
