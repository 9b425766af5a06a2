"""Regrades of a quiz: looking at what one would change, applying, undoing or dropping it, and what students are told.

Beginning one: regrade_starts. The work itself is a duty (regrading, regrade_steps).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, TypeAlias, cast

from app.domain.errors import Conflict, NotFound
from app.domain.paging import paged
from app.domain.values import Json
from app.services.courses.membership import Membership
from app.services.marking.letters import tell_of_changed_marks
from app.services.marking.regrade_changes import Change, changes_told
from app.services.marking.regrade_steps import OVERTAKEN
from app.services.marking.same_answers import answer_lines
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.quizzes.releases import release_states
from app.services.results.results import WORDS
from app.services.results.results import State as Graded
from app.storage import regrade_items, regrades
from app.storage.tables import Quiz, Regrade

Kind: TypeAlias = Literal["rubric", "software", "void", "accept"]
State: TypeAlias = Literal["preparing", "previewed", "applied", "undone", "dropped"]
AT_ONCE = 100
"""So many answers are on one page of a preview."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a regrade comes to: how many answers, how many of them change which way, and all their points together.

    `decided`: a person decided when there were other points, or about what is gone; `again`: and gave some of them.
    """

    answers: int
    changed: int
    more: int
    less: int
    to_people: int
    before: Fraction
    after: Fraction
    decided: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True)
class RegradeCard:
    """One regrade. `left` of its answers are still to be prepared, applied or taken back; `anew`: had to be prepared
    once more, because they were judged or graded after the preview. `wordings`: how those wrote the accepted answer
    who are to get its points, and how many wrote it so.
    """

    id: str
    kind: Kind
    state: State
    reason: str
    by: str
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    question: str
    title: str
    part: str
    label: str
    name: str
    number: int
    answer: tuple[str, ...]
    answers: int
    left: int
    anew: int
    trouble: str
    sums: Sums | None
    wordings: tuple[tuple[tuple[str, ...], int], ...] = ()

    @property
    def busy(self) -> bool:
        """Whether a worker is at it."""
        return self.state == "preparing" or self.left > 0


@dataclass(frozen=True, slots=True)
class RegradeRow:
    """One answer: whose, what it says, and what it was and would be worth. `changes` says where the difference lies.

    `gone`: whoever wrote it has left the course.
    """

    attempt: str
    number: int
    position: int
    name: str
    login: str
    changed: bool
    before: Worth | None
    after: Worth | None
    cause: str
    changes: tuple[Change, ...]
    answer: tuple[str, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Worth:
    """What an answer is worth: `points` for sure, up to `upto`, of `max`."""

    state: Graded
    points: Fraction
    upto: Fraction
    max: Fraction


@dataclass(frozen=True, slots=True)
class Preview:
    """A regrade with one page of its answers, those that change first. `gone`: so many are of who left the course."""

    quiz_id: str
    quiz_title: str
    card: RegradeCard
    rows: tuple[RegradeRow, ...]
    page: int
    pages: int
    released: bool
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Regraded:
    """A regrade that was applied to a submitted question: when and why, and what it changed.

    Without `before` and `after` the question was graded later than the others, or judged in between. `undone_at`: it
    was taken back then; `overtaken`: what had counted before it did not count again by that, but something newer.
    """

    number: int
    regrade: str
    kind: Kind
    reason: str
    at: datetime
    undone_at: datetime | None
    before_grading: int | None
    after_grading: int | None
    changed: bool
    overtaken: bool


def regrades_of(tx: Transaction, course_id: int, quiz_id: str) -> tuple[str, tuple[RegradeCard, ...]]:
    """The title of a quiz, and its regrades, the newest first.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    found = regrades.of_quiz(tx, quiz.id)
    steps = regrade_items.steps(tx, [row.id for row, _ in found])
    return quiz.title, tuple(_card(row, name, steps[row.id]) for row, name in found)


def preview(tx: Transaction, course_id: int, quiz_id: str, regrade_id: str, page: int = 1) -> Preview:
    """A regrade with one page of its answers.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such regrade.
    """
    quiz, row = _found(tx, course_id, quiz_id, regrade_id)
    name = next(name for one, name in regrades.of_quiz(tx, quiz.id) if one.id == row.id)
    card = _card(row, name, regrade_items.steps(tx, [row.id])[row.id])
    page, pages = paged(card.answers, AT_ONCE, page)
    # While it is being prepared there is nothing to compare.
    some = [] if card.state == "preparing" else _rows(tx, row, page)
    released = release_states(tx, [quiz])[quiz.id].shown
    gone = regrade_items.left_course(tx, row.id)
    return Preview(quiz.public_id, quiz.title, card, tuple(some), page, pages, released, gone)


def state(tx: Transaction, course_id: int, quiz_id: str, regrade_id: str) -> tuple[str, int]:
    """How far a regrade is, and how many of its answers are left, for a page that waits.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such regrade.
    """
    _, row = _found(tx, course_id, quiz_id, regrade_id)
    return row.state, _left(row, regrade_items.steps(tx, [row.id])[row.id])


def apply(
    tx: Transaction, membership: Membership, quiz_id: str, regrade_id: str, wake: Callable[[], None], site: str = ""
) -> int:
    """Let a regrade count; 0. Or, if answers were judged or graded since the preview, prepare these anew; how many.

    `site`: our address in the letters to students whose marks change; empty: none are written.

    Raises:
        NotFound: no such regrade at a quiz of this course.
        Conflict: it is not ready, or over.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    quiz, row = _found(tx, membership.course_id, quiz_id, regrade_id, lock=True)
    if row.state != "previewed":
        raise Conflict(
            "This regrade has been applied or dropped already, or is still being prepared. Nothing was changed."
        )
    tx.afterwards(wake)
    stale = regrade_items.stale(tx, row.id)
    if stale:
        regrade_items.wait_again(tx, row.id, stale)
        row.state, row.details = "preparing", {**row.details, "anew": len(stale)}
        tx.session.flush()
        return len(stale)
    row.details = {**row.details, "applied_by": membership.person.id}
    row.state, row.applied_at = "applied", tx.now()
    tx.session.flush()
    if row.kind != "software":
        since = datetime.fromisoformat(row.details["found"])
        regrades.grade_again_since(tx, row.id, quiz.id, row.details["question"], since)
    _tell(tx, membership, quiz, row, "applied a regrade", site)
    return 0


def undo(
    tx: Transaction, membership: Membership, quiz_id: str, regrade_id: str, wake: Callable[[], None], site: str = ""
) -> None:
    """Let what counted before a regrade count again. `site`: our address in the letters to students.

    Raises:
        NotFound: no such regrade at a quiz of this course.
        Conflict: it has not been applied.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    quiz, row = _found(tx, membership.course_id, quiz_id, regrade_id, lock=True)
    if row.state != "applied":
        raise Conflict("Only a regrade that has been applied can be undone.")
    row.details = {**row.details, "undone_by": membership.person.id}
    row.state, row.undone_at = "undone", tx.now()
    tx.session.flush()
    tx.afterwards(wake)
    _tell(tx, membership, quiz, row, "undid a regrade", site)


def drop(tx: Transaction, membership: Membership, quiz_id: str, regrade_id: str) -> None:
    """Leave everything as it is: a regrade that was prepared is not wanted.

    Raises:
        NotFound: no such regrade at a quiz of this course.
        Conflict: it has been applied or dropped already.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    _, row = _found(tx, membership.course_id, quiz_id, regrade_id, lock=True)
    if row.state not in ("preparing", "previewed"):
        raise Conflict("Only a regrade that has not been applied can be dropped.")
    row.state = "dropped"
    regrade_items.let_go(tx, row.id)
    tx.record(membership.person.id, "dropped a regrade", f"regrade {row.public_id}")


def regraded(tx: Transaction, item_ids: Sequence[int]) -> dict[int, tuple[Regraded, ...]]:
    """By submitted question: the regrades that were applied to it, the oldest first; for who may see the marks."""
    found: dict[int, list[Regraded]] = {}
    for item, row in regrade_items.of_items(tx, item_ids):
        if row.applied_at is None:
            continue
        found.setdefault(item.submission_item_id, []).append(
            Regraded(
                row.id,
                row.public_id,
                cast("Kind", row.kind),
                row.reason,
                row.applied_at,
                row.undone_at,
                item.before_id,
                item.after_id,
                item.changed is not False,
                item.cause == OVERTAKEN,
            )
        )
    return {number: tuple(some) for number, some in found.items()}


def _found(
    tx: Transaction, course_id: int, quiz_id: str, regrade_id: str, *, lock: bool = False
) -> tuple[Quiz, Regrade]:
    quiz = quiz_of_course(tx, course_id, quiz_id)
    row = regrades.in_quiz(tx, quiz.id, regrade_id, lock=lock)
    if row is None:
        raise NotFound("There is no such regrade at this quiz.")
    return quiz, row


def _tell(tx: Transaction, membership: Membership, quiz: Quiz, row: Regrade, what: str, site: str) -> None:
    changed = int((row.details.get("summary") or {}).get("changed", 0))
    tx.record(membership.person.id, what, f"regrade {row.public_id}", quiz=quiz.public_id, answers=changed)
    # Before marks are released there is nothing that anybody knows: the release tells of all at once.
    if release_states(tx, [quiz])[quiz.id].shown:
        data: dict[str, Json] = {"quiz": quiz.public_id, "quiz_title": quiz.title, "reason": row.reason}
        more: dict[str, Json] = {"undone": row.state == "undone", "answers": changed}
        announce(tx, quiz.course_id, "results.changed", data | more)
        tell_of_changed_marks(tx, quiz, row, site)


def _card(row: Regrade, by: str, steps: Mapping[str, int]) -> RegradeCard:
    details = row.details
    summary = details.get("summary")
    return RegradeCard(
        id=row.public_id,
        kind=cast("Kind", row.kind),
        state=cast("State", row.state),
        reason=row.reason,
        by=by,
        created_at=row.created_at,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
        question=details.get("question", ""),
        title=details.get("title", ""),
        part=details.get("part", ""),
        label=details.get("label", ""),
        name=details.get("name", ""),
        number=details.get("number", 0),
        answer=tuple(details.get("answer", ())),
        answers=sum(steps.values()),
        left=_left(row, steps),
        anew=details.get("anew", 0),
        trouble=details.get("trouble", ""),
        sums=None if summary is None else _sums(summary),
        wordings=tuple((tuple(one["lines"]), one["answers"]) for one in details.get("wordings", ())),
    )


def _left(row: Regrade, steps: Mapping[str, int]) -> int:
    waiting = {"preparing": ("waiting",), "applied": ("prepared",), "undone": ("prepared", "applied")}
    return sum(steps.get(step, 0) for step in waiting.get(row.state, ()))


def _sums(summary: Mapping[str, Any]) -> Sums:
    names = ("answers", "changed", "more", "less", "to_people", "decided", "again")
    # Those of an older release do not tell the last two.
    counts = {name: int(summary.get(name, 0)) for name in names}
    return Sums(**counts, before=Fraction(summary["before"]), after=Fraction(summary["after"]))


def _rows(tx: Transaction, regrade: Regrade, page: int) -> list[RegradeRow]:
    rows = regrade_items.rows(tx, regrade.id, limit=AT_ONCE, offset=(page - 1) * AT_ONCE)
    item_ids = [row.item_id for row in rows]
    credits = regrade_items.credits(tx, regrade.id, item_ids)
    answers = _answers(tx, item_ids, regrade.details.get("part", ""))
    return [
        RegradeRow(
            attempt=row.attempt,
            number=row.number,
            position=row.position,
            name=row.name,
            login=row.login,
            changed=row.changed is not False,
            before=_worth(row.weight, row.state_before, row.points_before, row.upto_before, row.max_before),
            after=_worth(row.weight, row.state, row.points, row.upto, row.max),
            cause=row.cause,
            changes=changes_told(regrade, Fraction(row.weight), credits[row.item_id]),
            answer=answers.get(row.item_id, ()),
            gone=row.gone,
        )
        for row in rows
    ]


def _answers(tx: Transaction, item_ids: Sequence[int], part: str) -> dict[int, tuple[str, ...]]:
    """What was answered to a part (without one: to all that are graded), as people read it."""
    shown: dict[int, dict[str, Any]] = {}
    found = {}
    for one in regrades.given(tx, item_ids):
        if one.variant_id not in shown:
            shown[one.variant_id] = regrades.shown(tx, one.variant_id)
        parts = shown[one.variant_id]["parts"]
        asked = [row["id"] for row in parts if row["id"] == part or (not part and row.get("score") != "none")]
        found[one.item_id] = tuple(
            line for name in asked for line in answer_lines(shown[one.variant_id], one.answers, name)
        )
    return found


def _worth(weight: str, state: str | None, points: str | None, upto: str | None, most: str | None) -> Worth | None:
    if state is None or points is None or upto is None or most is None:
        return None
    each = Fraction(weight)
    return Worth(WORDS[state], each * Fraction(points), each * Fraction(upto), each * Fraction(most))
