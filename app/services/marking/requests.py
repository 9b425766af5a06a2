"""A student asks for another look at a mark: about one criterion or a whole part, with a short conversation.

Answering: app.services.marking.request_answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.domain.texts import PREFERRED
from app.services.marking.letters import tell_staff
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_attempt
from app.services.quizzes.quizzes import new_public_id
from app.services.quizzes.releases import releases_of
from app.services.results.results import ItemResult, PartResult, result_of
from app.services.sitting.attempts import attempt_of
from app.storage import quizzes, submissions
from app.storage import requests as stored
from app.storage.requests import Placed, Said
from app.storage.tables import Attempt, Quiz, RegradeRequest

State: TypeAlias = Literal["open", "granted", "declined", "withdrawn"]
LONGEST_TEXT = 2000
MOST_MESSAGES = 40
"""So long a conversation gets; after that people talk to each other."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. `own`: the student's; `by`: the name of whoever answered, for the staff only."""

    text: str
    at: datetime
    own: bool
    by: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request: what it is about, how it stands, and what was said. `says` is empty for a whole part."""

    id: str
    position: int
    title: str
    part: str
    label: str
    part_title: str
    criterion: str
    says: str
    state: State
    created_at: datetime
    closed_at: datetime | None
    messages: tuple[MessageView, ...]
    may_reply: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be asked about: a criterion, or (without `says`) a whole part. `asked`: a request about it is open."""

    position: int
    title: str
    part: str
    label: str
    part_title: str
    criterion: str
    says: str
    points: Fraction
    max: Fraction
    asked: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything about the requests of one attempt. `why_not`: why no request can be made (any more)."""

    attempt_id: str
    quiz_id: str
    quiz_title: str
    number: int
    time_zone: str
    until: datetime | None
    why_not: str
    choices: tuple[Choice, ...]
    requests: tuple[RequestView, ...]


def asking(tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED) -> Asking:
    """The requests about a person's own attempt, and what else can be asked about.

    Raises:
        NotFound: no such attempt of this person, or not handed in yet.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    seen = releases_of(tx, quiz)
    why_not = why_no_request(tx, attempt, quiz)
    items = result_of(tx, attempt, quiz, language, seen).items
    rows = stored.of_attempt(tx, attempt.id)
    open_now = {(row.position, row.request.part, row.request.criterion) for row in rows if row.request.state == "open"}
    shown = seen.marks.shown and seen.feedback.shown
    return Asking(
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        time_zone=quizzes.course(tx, quiz.course_id).time_zone,
        until=quiz.requests_until,
        why_not=why_not,
        choices=() if why_not else tuple(_choices(items, open_now)),
        requests=tuple(request_views(tx, rows, items, open_now, may=not why_not)) if shown else (),
    )


Standing: TypeAlias = Mapping[tuple[int, str], Sequence[State]]
"""How requests stand, by question and part."""


def standing(tx: Transaction, person_id: int, attempt_id: str) -> tuple[bool, Standing]:
    """Whether a person can ask about an attempt of theirs now, and how their requests stand, by question and part.

    Raises:
        NotFound: no such attempt of this person.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    found: dict[tuple[int, str], list[State]] = {}
    for row in stored.of_attempt(tx, attempt.id):
        found.setdefault((row.position, row.request.part), []).append(cast("State", row.request.state))
    return not why_no_request(tx, attempt, quiz), found


def why_no_request(tx: Transaction, attempt: Attempt, quiz: Quiz) -> str:
    """Why nobody can ask about this attempt now, as a sentence; empty when its student can."""
    seen = releases_of(tx, quiz)
    if not (seen.marks.shown and seen.feedback.shown):
        return "You can ask about your marks once they are released together with comments and reasons."
    if quizzes.course(tx, quiz.course_id).archived_at is not None:
        return "This course is over, so its marks stay as they are."
    if quizzes.only_looks(tx, quiz.course_id, attempt.person_id):
        return "This attempt is a preview: it counts for nobody, so there is nothing to ask about."
    if quiz.requests_until is not None and tx.now() >= quiz.requests_until:
        return "The time for asking about the marks of this quiz is over."
    return ""


def ask(
    tx: Transaction,
    person_id: int,
    attempt_id: str,
    position: int,
    part: str,
    criterion: str,
    text: str,
    site: str = "",
) -> str:
    """Ask for another look at a criterion, or (no criterion) at a whole part; the request's public id.

    `site`: our address in the letters to those who may mark; empty: none are written.

    Raises:
        NotFound: no such attempt of this person, or nothing of this name in it.
        NotAllowed: marks and reasons are not shown, or the time for asking is over.
        Conflict: it is being graded, or a request about it is open.
        InvalidInput: the text is missing or too long; `place` names the field.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    why_not = why_no_request(tx, attempt, quiz)
    if why_not:
        raise NotAllowed(why_not)
    plain = message(text)
    submission = submissions.submission_of(tx, attempt.id)
    items = result_of(tx, attempt, quiz).items
    if submission is None or not any(one.position == position for one in items):
        raise NotFound("There is no such question in this attempt.")
    index, item = next((index, one) for index, one in enumerate(items) if one.position == position)
    if item.state == "being graded":
        raise Conflict("This question is being graded just now. Try again in a moment.")
    found = next((one for one in item.parts if one.id == part), None)
    if found is None or (criterion and all(line.id != criterion for line in found.criteria)):
        raise NotFound("There is nothing of this name in this question.")
    number = submissions.items(tx, submission.id)[index].id
    stored.lock_item(tx, number)
    for row in stored.of_attempt(tx, attempt.id):
        about = (row.position, row.request.part, row.request.criterion)
        if row.request.state == "open" and about == (position, part, criterion):
            raise Conflict("You have asked about this already. Add to that conversation instead.")
    request = RegradeRequest(
        public_id=new_public_id(),
        submission_item_id=number,
        part=part,
        criterion=criterion,
        person_id=person_id,
        state="open",
        created_at=tx.now(),
    )
    stored.add(tx, request)
    stored.say(tx, request.id, person_id, plain)
    tx.record(
        person_id, "asked about a mark", f"attempt {attempt_id}", question=position, part=part, criterion=criterion
    )
    announce_attempt(tx, "request.opened", attempt, quiz, request=request.public_id, item=position, part=part)
    tell_staff(tx, quiz, site)
    return request.public_id


def reply(tx: Transaction, person_id: int, attempt_id: str, request_id: str, text: str, site: str = "") -> None:
    """Say something more; a request that was answered is open again then. `site`: our address in letters.

    Raises:
        NotFound: no such request of this person.
        NotAllowed: the time for asking is over.
        Conflict: the request was withdrawn, another one about the same is open, or the conversation is too long.
        InvalidInput: the text is missing or too long.
    """
    attempt, quiz, row = _own(tx, person_id, attempt_id, request_id)
    why_not = why_no_request(tx, attempt, quiz)
    if why_not:
        raise NotAllowed(why_not)
    plain = message(text)
    request = row.request
    if request.state == "withdrawn":
        raise Conflict("You have withdrawn this request. Make a new one instead.")
    stored.lock_item(tx, request.submission_item_id)
    if request.state != "open":
        same = [one.request for one in stored.of_attempt(tx, attempt.id) if one.request.id != request.id]
        about = (request.submission_item_id, request.part, request.criterion)
        if any(one.state == "open" and (one.submission_item_id, one.part, one.criterion) == about for one in same):
            raise Conflict("Another request of yours about this is open. Add to that conversation instead.")
        request.state, request.closed_at = "open", None
    refuse_long(tx, request)
    stored.say(tx, request.id, person_id, plain)
    tx.record(person_id, "replied about a mark", f"attempt {attempt_id}", request=request.public_id)
    tell_staff(tx, quiz, site)


def withdraw(tx: Transaction, person_id: int, attempt_id: str, request_id: str) -> None:
    """Take a request back; nobody has to answer it any more.

    Raises:
        NotFound: no such request of this person.
        Conflict: it is not open.
    """
    _, _, row = _own(tx, person_id, attempt_id, request_id)
    if row.request.state != "open":
        raise Conflict("Only a request that is open can be withdrawn.")
    row.request.state, row.request.closed_at = "withdrawn", tx.now()
    tx.session.flush()
    tx.record(person_id, "withdrew a request", f"attempt {attempt_id}", request=request_id)


def message(text: str, *, needed: bool = True) -> str:
    """A message as it is kept.

    Raises:
        InvalidInput: it is missing or too long.
    """
    plain = text.replace("\r\n", "\n").strip()
    if needed and not plain:
        raise InvalidInput("Say in a few words why.", "text")
    if len(plain) > LONGEST_TEXT:
        raise InvalidInput(f"This is too long: at most {LONGEST_TEXT} characters.", "text")
    return plain


def refuse_long(tx: Transaction, request: RegradeRequest) -> None:
    """Let conversations pass that have room for a message.

    Raises:
        Conflict: there are as many as there may be.
    """
    if len(stored.said(tx, [request.id])[request.id]) >= MOST_MESSAGES:
        raise Conflict(f"A conversation has at most {MOST_MESSAGES} messages. Talk to each other in another way.")


def request_views(
    tx: Transaction,
    rows: Sequence[Placed],
    items: Iterable[ItemResult],
    open_now: Iterable[tuple[int, str, str]] = (),
    *,
    may: bool = False,
    names: bool = False,
) -> list[RequestView]:
    """Requests with what they are about and what was said; names of those who answered for the staff only."""
    known = {item.position: item for item in items}
    said = stored.said(tx, [row.request.id for row in rows])
    taken = set(open_now)
    views = []
    for row in rows:
        request = row.request
        free = request.state == "open" or (row.position, request.part, request.criterion) not in taken
        item = known.get(row.position)
        part = next((one for one in item.parts if one.id == request.part), None) if item is not None else None
        views.append(
            RequestView(
                id=request.public_id,
                position=row.position,
                title=item.title if item is not None else "",
                part=request.part,
                label=part.label if part is not None else request.part,
                part_title=part.title if part is not None else "",
                criterion=request.criterion,
                says=_says(part, request.criterion),
                state=cast("State", request.state),
                created_at=request.created_at,
                closed_at=request.closed_at,
                messages=tuple(_message(one, request.person_id, names) for one in said[request.id]),
                may_reply=may and free and request.state != "withdrawn" and len(said[request.id]) < MOST_MESSAGES,
            )
        )
    return views


def _message(one: Said, student_id: int, names: bool) -> MessageView:
    own = one.message.person_id == student_id
    return MessageView(one.message.text, one.message.created_at, own, one.name if names else "")


def _says(part: PartResult | None, criterion: str) -> str:
    """What a criterion is about; its name where another rubric counts now that does not have it."""
    lines = part.criteria if part is not None else ()
    return next((line.says for line in lines if line.id == criterion and line.says), criterion)


def _choices(items: Iterable[ItemResult], open_now: set[tuple[int, str, str]]) -> Iterable[Choice]:
    for item in items:
        for part in item.parts:
            if item.state == "being graded" or part.score == "none":
                continue
            lines = [("", "", part.points, part.max)]
            lines += [(one.id, one.says or one.id, one.points, one.max) for one in part.criteria]
            for criterion, says, points, most in lines:
                asked = (item.position, part.id, criterion) in open_now
                about = (item.position, item.title, part.id, part.label, part.title, criterion)
                yield Choice(*about, says, points, most, asked)


def _own(tx: Transaction, person_id: int, attempt_id: str, request_id: str) -> tuple[Attempt, Quiz, Placed]:
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    row = stored.in_quiz(tx, quiz.id, request_id, lock=True)
    if row is None or row.attempt != attempt.public_id or row.request.person_id != person_id:
        raise NotFound("There is no such request of yours.")
    return attempt, quiz, row
