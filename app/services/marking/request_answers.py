"""Answering students' requests for another look at a mark: granting with new points, declining, or asking back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.expressions import points as read_points
from app.domain.texts import PREFERRED
from app.domain.values import Json
from app.services.courses.membership import Membership
from app.services.marking.letters import tell_student
from app.services.marking.mark_history import MarkChange, history_of
from app.services.marking.requests import RequestView, message, refuse_long, request_views
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_attempt
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.results.results import ResultView, result_of
from app.storage import attempts, gradings, judgements, people, submissions
from app.storage import requests as stored
from app.storage.requests import Placed
from app.storage.tables import Attempt, Quiz, SubmissionItem

LONGEST_POINTS = 20
AT_ONCE = 50
"""So many requests are on one page of the list."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in the list of its quiz; `last` is the newest message of its student."""

    id: str
    name: str
    login: str
    attempt: str
    number: int
    view: RequestView

    @property
    def last(self) -> str:
        """What the student said last."""
        return next((one.text for one in reversed(self.view.messages) if one.own), "")

    @property
    def waits_for_student(self) -> bool:
        """Whether the staff has asked back."""
        return self.view.state == "open" and not self.view.messages[-1].own


@dataclass(frozen=True, slots=True)
class QuizRequests:
    """A page of the requests at a quiz; how many there are, and how many of them are open."""

    quiz_id: str
    title: str
    lines: tuple[RequestLine, ...]
    total: int
    open: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class RequestDetail:
    """A request with the part it is about, as its student sees it, and how its mark came about.

    New points of a criterion go from `least` to `most`; a whole part is moved by as much, up or down.
    """

    quiz_id: str
    quiz_title: str
    line: RequestLine
    result: ResultView
    points: Fraction
    least: Fraction
    most: Fraction
    ready: bool
    history: tuple[MarkChange, ...]
    archived: bool


def requests_of_quiz(
    tx: Transaction, course_id: int, quiz_id: str, page: int = 1, language: str = PREFERRED
) -> QuizRequests:
    """A page of the requests at a quiz of that course, the open ones first.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    lines = []
    seen: dict[str, ResultView] = {}
    total = stored.number_of(tx, quiz.id)
    pages = max(1, -(-total // AT_ONCE))
    page = min(max(page, 1), pages)
    for row, name, login in stored.of_quiz(tx, quiz.id, AT_ONCE, (page - 1) * AT_ONCE):
        if row.attempt not in seen:
            seen[row.attempt] = result_of(tx, *_attempt(tx, row), language)
        lines.append(_line(tx, row, name, login, seen[row.attempt]))
    waiting = stored.number_of(tx, quiz.id, "open")
    return QuizRequests(quiz.public_id, quiz.title, tuple(lines), total, waiting, page, pages)


def every_request(tx: Transaction, course_id: int, quiz_id: str) -> list[RequestLine]:
    """All requests at a quiz of that course, the oldest first, without the titles and texts of what they are about.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, course_id, quiz_id)
    found = stored.of_quiz(tx, quiz.id, stored.number_of(tx, quiz.id))
    views = request_views(tx, [row for row, _, _ in found], (), names=True)
    lines = [
        RequestLine(view.id, name, login, row.attempt, row.number, view)
        for (row, name, login), view in zip(found, views, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.view.created_at, line.id))


def request_detail(
    tx: Transaction, membership: Membership, quiz_id: str, request_id: str, language: str = PREFERRED
) -> RequestDetail:
    """One request with everything that its answer needs.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
    """
    quiz, row = _found(tx, membership.course_id, quiz_id, request_id)
    attempt, _ = _attempt(tx, row)
    result = result_of(tx, attempt, quiz, language)
    student = people.person(tx, row.request.person_id)
    name, login = (student.name, student.login) if student is not None else ("", "")
    item = next(one for one in result.items if one.position == row.position)
    parts = tuple(one for one in item.parts if one.id == row.request.part)
    points, least, most, known = _bounds(result, row)
    return RequestDetail(
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        line=_line(tx, row, name, login, result),
        result=replace(result, items=(replace(item, parts=parts),)),
        points=points,
        least=least,
        most=most,
        ready=known and item.state != "being graded",
        history=tuple(
            one for one in history_of(tx, attempt) if (one.position, one.part) == (row.position, row.request.part)
        ),
        archived=membership.archived,
    )


def grant(
    tx: Transaction,
    membership: Membership,
    quiz_id: str,
    request_id: str,
    points: str,
    text: str,
    wake: Callable[[], None],
    site: str = "",
) -> None:
    """Give a criterion other points, or move a whole part by some, with what is said as the comment.

    `site`: our address in the letter to the student; empty: none is written.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
        InvalidInput: these are no points, or not as many as there are, or the text is too long; `place` names it.
        Conflict: it has been answered already, is being graded, or its criterion is in no rubric any more.
        NotAllowed: the course is archived.
    """
    quiz, row = _open(tx, membership, quiz_id, request_id)
    plain = message(text, needed=False)
    request = row.request
    item = _item(tx, row)
    result = result_of(tx, *_attempt(tx, row))
    if item.current_grading_id is None:
        raise Conflict("This question is being graded just now. Try again in a moment.")
    _, least, most, known = _bounds(result, row)
    if not known:
        raise Conflict("The rubric that counts now has no such criterion. Decline this request, and say so.")
    number = _number(points, least, most)
    if not request.criterion and not number:
        raise InvalidInput("By how many points does the part change?", "points")
    part = _credited(tx, item.current_grading_id, request.part)
    verdict = _verdict(tx, row, part, number)
    if not _changes(part, request.criterion, verdict):
        raise InvalidInput(
            "The mark would stay as it is. Give other points, or decline this request and say why.", "points"
        )
    judgements.keep(tx, item.id, request.part, request.criterion, membership.person.id, verdict, plain)
    judgements.credit_again(tx, item.id)
    _close(tx, membership, row, "granted", plain, quiz, site, points=str(number))
    tx.afterwards(wake)


def decline(tx: Transaction, membership: Membership, quiz_id: str, request_id: str, text: str, site: str = "") -> None:
    """Leave a mark as it is, and say why. `site`: our address in the letter to the student.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
        InvalidInput: the reason is missing or too long.
        Conflict: it has been answered already.
        NotAllowed: the course is archived.
    """
    quiz, row = _open(tx, membership, quiz_id, request_id)
    _close(tx, membership, row, "declined", message(text), quiz, site)


def ask_back(tx: Transaction, membership: Membership, quiz_id: str, request_id: str, text: str, site: str = "") -> None:
    """Say something without deciding yet. `site`: our address in the letter to the student.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
        InvalidInput: the text is missing or too long.
        Conflict: it has been answered already, or the conversation is too long.
        NotAllowed: the course is archived.
    """
    quiz, row = _open(tx, membership, quiz_id, request_id)
    plain = message(text)
    refuse_long(tx, row.request)
    stored.say(tx, row.request.id, membership.person.id, plain)
    tx.record(membership.person.id, "asked a student back", f"attempt {row.attempt}", request=request_id)
    tell_student(tx, quiz, row.request.person_id, row.attempt, site, answered=False)


def _credited(tx: Transaction, grading_id: int, part: str) -> Mapping[str, Any]:
    """What a part is credited with; nothing at all where no grader could look at it and nobody has decided."""
    credit = gradings.of_numbers(tx, [grading_id])[grading_id].credit or {}
    return next((one for one in credit.get("parts", ()) if one["id"] == part), {})


def _verdict(tx: Transaction, row: Placed, part: Mapping[str, Any], number: Fraction) -> Fraction:
    """What is decided, in the question's own points; a whole part is moved on from what it is worth now."""
    attempt, _ = _attempt(tx, row)
    asked = next(one for one in attempts.items(tx, attempt.id) if one.position == row.position)
    verdict = number / asked.weight if asked.weight else number
    if row.request.criterion:
        return verdict
    parts = asked.variant.rendered["parts"]
    worth = next((Fraction(one["points"]) for one in parts if one["id"] == row.request.part), abs(verdict))
    # Nobody has less than nothing or more than all points, however far they were moved before.
    wanted = min(max(Fraction(part.get("points", 0)) + verdict, Fraction(0)), worth)
    return min(max(wanted - _earned(part), -worth), worth)


def _earned(part: Mapping[str, Any]) -> Fraction:
    """What a part is sure to be worth by its criteria alone."""
    if "earned" in part:
        return Fraction(part["earned"])
    if not Fraction(part.get("adjustment", 0)) and part.get("criteria"):
        return Fraction(part["points"])
    # Graded by a release that did not write it down, or by people alone, who say what the whole part is worth.
    together = sum((Fraction(line["points"]) for line in part.get("criteria", ())), Fraction(0))
    return min(max(together, Fraction(0)), Fraction(part.get("max", 0)))


def _changes(part: Mapping[str, Any], criterion: str, verdict: Fraction) -> bool:
    """Whether a decision can change what a part is worth, or settle what is open."""
    if not part or part["points"] != part["upto"]:
        return True
    now, most, earned = Fraction(part["points"]), Fraction(part["max"]), _earned(part)
    if not criterion:
        return min(max(earned + verdict, Fraction(0)), most) != now
    line = next((one for one in part["criteria"] if one["id"] == criterion), None)
    if line is None:
        return True
    # No criterion moves its part by more than itself.
    moved = min(max(earned + verdict - Fraction(line["points"]), Fraction(0)), most)
    adjusted = moved + Fraction(part.get("adjustment", 0))
    return min(max(adjusted, Fraction(0)), most) != now


def _open(tx: Transaction, membership: Membership, quiz_id: str, request_id: str) -> tuple[Quiz, Placed]:
    refuse_archived(tx, membership.course_id)
    quiz, row = _found(tx, membership.course_id, quiz_id, request_id, lock=True)
    if row.request.state != "open":
        raise Conflict("This request has been answered or withdrawn in the meantime. Look at it again.")
    return quiz, row


def _close(
    tx: Transaction, membership: Membership, row: Placed, state: str, text: str, quiz: Quiz, site: str, **more: str
) -> None:
    request = row.request
    request.state, request.closed_at = state, tx.now()
    if text:
        stored.say(tx, request.id, membership.person.id, text)
    tx.session.flush()
    told = {"question": str(row.position), "part": request.part, "criterion": request.criterion, **more}
    tx.record(membership.person.id, f"{state} a request", f"attempt {row.attempt}", request=request.public_id, **told)
    attempt, _ = _attempt(tx, row)
    about: dict[str, Json] = {"request": request.public_id, "item": row.position, "part": request.part, "state": state}
    announce_attempt(tx, "request.answered", attempt, quiz, **about)
    tell_student(tx, quiz, request.person_id, row.attempt, site, answered=True)


def _found(
    tx: Transaction, course_id: int, quiz_id: str, request_id: str, *, lock: bool = False
) -> tuple[Quiz, Placed]:
    quiz = quiz_of_course(tx, course_id, quiz_id)
    row = stored.in_quiz(tx, quiz.id, request_id, lock=lock)
    if row is None:
        raise NotFound("There is no such request at this quiz.")
    return quiz, row


def _attempt(tx: Transaction, row: Placed) -> tuple[Attempt, Quiz]:
    found = attempts.attempt(tx, row.attempt)
    if found is None:
        raise NotFound("There is no such attempt (any more).")
    return found[0], found[1]


def _item(tx: Transaction, row: Placed) -> SubmissionItem:
    attempt, _ = _attempt(tx, row)
    submission = submissions.submission_of(tx, attempt.id)
    items = submissions.items(tx, submission.id) if submission is not None else []
    found = next((one for one in items if one.id == row.request.submission_item_id), None)
    if found is None:
        raise Conflict("This attempt has been reopened. Answer once it has been handed in again.")
    return found


def _line(tx: Transaction, row: Placed, name: str, login: str, result: ResultView) -> RequestLine:
    (view,) = request_views(tx, [row], result.items, names=True)
    return RequestLine(row.request.public_id, name, login, row.attempt, row.number, view)


def _bounds(result: ResultView, row: Placed) -> tuple[Fraction, Fraction, Fraction, bool]:
    """Points now, the least and the most that can be given, and whether there is anything to give them for."""
    nothing = Fraction(0)
    item = next(one for one in result.items if one.position == row.position)
    part = next((one for one in item.parts if one.id == row.request.part), None)
    if part is None:
        return nothing, nothing, nothing, False
    if not row.request.criterion:
        return part.points, -part.max, part.max, True
    line = next((one for one in part.criteria if one.id == row.request.criterion), None)
    if line is None:
        return nothing, nothing, nothing, False
    return line.points, min(line.max, nothing), max(line.max, nothing), True


def _number(typed: str, least: Fraction, most: Fraction) -> Fraction:
    text = typed.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    plain = text.removeprefix("-").removeprefix("+")
    try:
        number = read_points(plain) if 0 < len(plain) <= LONGEST_POINTS else None
    except (ValueError, ZeroDivisionError):
        number = None
    if number is None:
        raise InvalidInput("Write points as a number, such as 2, 1.5 or 1/3.", "points")
    number = -number if text.startswith("-") else number
    if not least <= number <= most:
        raise InvalidInput(f"From {least} to {most} points are possible here.", "points")
    return number
