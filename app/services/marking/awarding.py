"""Awarding points for what only a person can judge, such as a drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.expressions import points as read_points
from app.services.courses.membership import Membership
from app.services.marking import claims
from app.services.marking.gallery import one_drawing
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.storage import judgements

LONGEST_POINTS = 20


def award(
    tx: Transaction,
    membership: Membership,
    quiz_id: str,
    attempt_id: str,
    position: int,
    field: str,
    points: Mapping[str, str],
    wake: Callable[[], None],
    seen: Mapping[str, str] | None = None,
) -> None:
    """Decide what a drawing is worth, by criterion; it is credited anew at once, and no grader runs for that.

    `seen`: the points that were shown, by criterion, empty where there were none; None: whatever there are.

    Raises:
        NotFound: there is no such drawing at this quiz, or no such criterion for a person to decide.
        InvalidInput: these are no points, or more than there are; `place` is the criterion.
        Conflict: it has not been graded yet, another marker is at it, or somebody has decided in the meantime.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    me = membership.person.id
    item, view = one_drawing(tx, quiz, attempt_id, position, field)
    kept = {one.submission_item_id for one in claims.held_by(tx, me)}
    for part in {one.part for one in view.awards}:
        if not claims.take(tx, me, part, [item.submission_item_id]):
            raise Conflict("Somebody else is marking this answer now, so nothing was stored.")
    claims.keep_only(tx, me, kept)
    # Only now: whoever was at it before may have decided.
    item, view = one_drawing(tx, quiz, attempt_id, position, field)
    if not view.awards:
        raise Conflict("This drawing is being graded, or nobody has to decide about it. Try again in a moment.")
    known = {one.criterion: one for one in view.awards}
    now = {name: "" if one.points is None else str(one.points) for name, one in known.items()}
    if seen is not None and any(seen[name] != now.get(name) for name in seen):
        raise Conflict("Somebody has decided about this answer in the meantime. Look at it again; nothing was stored.")
    for name, typed in points.items():
        one = known.get(name)
        if one is None:
            raise NotFound("There is nothing of this name for a person to decide.")
        number = _points(typed, one.most, name)
        judgements.keep(tx, item.submission_item_id, one.part, name, me, number, worth=one.most)
        tx.record(me, "awarded points", f"attempt {attempt_id}", criterion=name, points=str(number))
    judgements.credit_again(tx, item.submission_item_id)
    tx.afterwards(wake)


def _points(typed: str, most: Fraction, place: str) -> Fraction:
    text = typed.strip().replace(",", ".")
    try:
        number = read_points(text) if 0 < len(text) <= LONGEST_POINTS else None
    except (ValueError, ZeroDivisionError):
        number = None
    if number is None:
        raise InvalidInput("Write points as a number, such as 2, 1.5 or 1/3.", place)
    if not 0 <= number <= most:
        raise InvalidInput(f"From 0 to {most} points can be awarded here.", place)
    return number
