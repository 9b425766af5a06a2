"""Answering students' requests for another look at a mark: granting with new points, declining, or asking back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.paging import paged
from app.domain.texts import PREFERRED
from app.domain.values import Json
from app.services.courses.membership import Membership
from app.services.marking.held_back import held_back, refuse_held_back
from app.services.marking.letters import tell_student
from app.services.marking.mark_history import MarkChange, history_of
from app.services.marking.request_points import STAYS, bounds, changes, credited, number_of, stays, verdict_of
from app.services.marking.requests import RequestView, message, refuse_long, request_views
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_attempt
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.services.results.results import ResultView, result_of
from app.storage import attempts, judgements, people, submissions
from app.storage import requests as stored
from app.storage.requests import Placed
from app.storage.tables import Attempt, Quiz, SubmissionItem

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

AT_ONCE = 50
"""So many requests are on one page of the list."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in the list of its quiz, whose student may have left the course; `last`: the newest message.

    `held`: whoever looks may still mark the answer a second time, so they see nothing of what was said or decided.
    """

    id: str
    name: str
    login: str
    attempt: str
    number: int
    view: RequestView
    gone: bool = False
    held: bool = False

    @property
    def last(self) -> str:
        """What was said last; the staff may have said it without a word, by deciding."""
        return next((one.text for one in reversed(self.view.messages) if one.text), "")

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
    tx: Transaction, membership: Membership, quiz_id: str, page: int = 1, language: str = PREFERRED
) -> QuizRequests:
    """A page of the requests at a quiz of that course, the open ones first.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    held = held_back(tx, membership, quiz_id)
    lines = []
    seen: dict[str, ResultView] = {}
    total = stored.number_of(tx, quiz.id)
    page, pages = paged(total, AT_ONCE, page)
    for row, name, login in stored.of_quiz(tx, quiz.id, AT_ONCE, (page - 1) * AT_ONCE):
        if row.attempt not in seen:
            seen[row.attempt] = result_of(tx, *_attempt(tx, row), language)
        line = _line(tx, row, name, login, seen[row.attempt])
        lines.append(replace(line, held=row.position in held.get(row.attempt, ())))
    waiting = stored.number_of(tx, quiz.id, "open")
    return QuizRequests(quiz.public_id, quiz.title, tuple(lines), total, waiting, page, pages)


def every_request(tx: Transaction, membership: Membership, quiz_id: str) -> list[RequestLine]:
    """All requests at a quiz of that course, the oldest first, without the titles and texts of what they are about.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    held = held_back(tx, membership, quiz_id)
    found = stored.of_quiz(tx, quiz.id, stored.number_of(tx, quiz.id))
    views = request_views(tx, [row for row, _, _ in found], (), names=True)
    lines = [
        RequestLine(
            view.id, name, login, row.attempt, row.number, view, row.gone, row.position in held.get(row.attempt, ())
        )
        for (row, name, login), view in zip(found, views, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.view.created_at, line.id))


def request_detail(
    tx: Transaction, membership: Membership, quiz_id: str, request_id: str, language: str = PREFERRED
) -> RequestDetail:
    """One request with everything that its answer needs.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
        NotAllowed: this person may still mark the answer a second time.
    """
    quiz, row = _found(tx, membership, quiz_id, request_id)
    attempt, _ = _attempt(tx, row)
    result = result_of(tx, attempt, quiz, language)
    student = people.person(tx, row.request.person_id)
    name, login = (student.name, student.login) if student is not None else ("", "")
    item = next(one for one in result.items if one.position == row.position)
    parts = tuple(one for one in item.parts if one.id == row.request.part)
    points, least, most, known = bounds(result, row)
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
        NotAllowed: the course is archived, or this person may still mark the answer a second time.
    """
    quiz, row = _open(tx, membership, quiz_id, request_id)
    plain = message(text, needed=False)
    given = _given(tx, row, points)
    request = row.request
    me, worth = membership.person.id, given.worth
    judgements.keep(tx, given.item_id, request.part, request.criterion, me, given.verdict, plain, worth=worth)
    judgements.credit_again(tx, given.item_id)
    _close(tx, membership, row, "granted", plain, quiz, site, points=str(given.number))
    tx.afterwards(wake)


def try_grant(
    tx: Transaction, sandbox: Runs, membership: Membership, quiz_id: str, request_id: str, points: str
) -> None:
    """Refuse points that would leave the mark as it is, as the rubric has it; nothing is stored.

    Apart from `grant`, because nobody waits for the sandbox while others wait to write.

    Raises:
        NotFound: as in `grant`, and so are the others.
        InvalidInput: these are no points, not as many as there are, or the mark would stay.
        Conflict: it is being graded, or its criterion is in no rubric any more.
    """
    _, row = _found(tx, membership, quiz_id, request_id)
    if row.request.state != "open":
        return  # which `grant` says
    given, request = _given(tx, row, points), row.request
    name = f"{request.part}.{request.criterion}"
    if request.criterion and stays(tx, sandbox, given.item_id, given.part, name, given.verdict):
        raise InvalidInput(STAYS, "points")


@dataclass(frozen=True, slots=True)
class _Given:
    """Points as typed, and what they decide, of `worth` points; `part` as it is credited now."""

    item_id: int
    part: Mapping[str, Any]
    number: Fraction
    verdict: Fraction
    worth: Fraction | None


def _given(tx: Transaction, row: Placed, points: str) -> _Given:
    item = _item(tx, row)
    result = result_of(tx, *_attempt(tx, row))
    if item.current_grading_id is None:
        raise Conflict("This question is being graded just now. Try again in a moment.")
    _, least, most, known = bounds(result, row)
    if not known:
        raise Conflict("The rubric that counts now has no such criterion. Decline this request, and say so.")
    number = number_of(points, least, most)
    if not row.request.criterion and not number:
        raise InvalidInput("By how many points does the part change?", "points")
    part = credited(tx, item.current_grading_id, row.request.part)
    verdict = verdict_of(tx, row, part, number)
    if not changes(part, row.request.criterion, verdict.points):
        raise InvalidInput(STAYS, "points")
    return _Given(item.id, part, number, verdict.points, verdict.of)


def decline(tx: Transaction, membership: Membership, quiz_id: str, request_id: str, text: str, site: str = "") -> None:
    """Leave a mark as it is, and say why. `site`: our address in the letter to the student.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
        InvalidInput: the reason is missing or too long.
        Conflict: it has been answered already.
        NotAllowed: the course is archived, or this person may still mark the answer a second time.
    """
    quiz, row = _open(tx, membership, quiz_id, request_id)
    _close(tx, membership, row, "declined", message(text), quiz, site)


def ask_back(tx: Transaction, membership: Membership, quiz_id: str, request_id: str, text: str, site: str = "") -> None:
    """Say something without deciding yet. `site`: our address in the letter to the student.

    Raises:
        NotFound: the course has no such quiz, or the quiz no such request.
        InvalidInput: the text is missing or too long.
        Conflict: it has been answered already, or the conversation is too long.
        NotAllowed: the course is archived, or this person may still mark the answer a second time.
    """
    quiz, row = _open(tx, membership, quiz_id, request_id)
    plain = message(text)
    refuse_long(tx, row.request)
    stored.say(tx, row.request.id, membership.person.id, plain)
    tx.record(membership.person.id, "asked a student back", f"attempt {row.attempt}", request=request_id)
    tell_student(tx, quiz, row.request.person_id, row.attempt, site, answered=False)


def _open(tx: Transaction, membership: Membership, quiz_id: str, request_id: str) -> tuple[Quiz, Placed]:
    refuse_archived(tx, membership.course_id)
    quiz, row = _found(tx, membership, quiz_id, request_id, lock=True)
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
    tx: Transaction, membership: Membership, quiz_id: str, request_id: str, *, lock: bool = False
) -> tuple[Quiz, Placed]:
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    row = stored.in_quiz(tx, quiz.id, request_id, lock=lock)
    if row is None:
        raise NotFound("There is no such request at this quiz.")
    refuse_held_back(tx, membership, quiz_id, row.attempt, row.position)
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
    return RequestLine(row.request.public_id, name, login, row.attempt, row.number, view, row.gone)
