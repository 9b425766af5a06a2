"""Attempts: starting, answering, handing in, reading the result. Solutions leave only with a released result."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import BackgroundTasks, Body, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.problems import PROTECTED
from app.api.schemas import Exact, Given, Line, Moment, PublicId, Told, Whole, shown
from app.api.seen import seen_of
from app.api.v1.variants import RAW, WidgetTold, widget_told
from app.api.writes import Writes
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.operating.transactions import Transaction
from app.services.quizzes.entry_rules import Seen
from app.services.sitting import sitting, submissions
from app.services.sitting.admission import Knock
from app.services.sitting.exam_pages import FieldView, ItemView
from app.services.sitting.saving import KEPT, MOST_CHANGES, Kept
from app.services.sitting.sitting import NewAnswer
from app.services.sitting.stamps import LONGEST_STAMP, read_stamp, stamp
from app.services.sitting.submissions import Receipt
from app.services.sitting.surveys import without_surveys

router = Routes(prefix="/courses/{course_id}", tags=["attempts"], responses=PROTECTED)
SitterCaller = Annotated[CourseCaller, in_course("member", "attempts:write")]
Raw = Annotated[Any, WithJsonSchema(RAW)]


class NewAttempt(Given):
    """Whose attempt: somebody enrolled (for staff), or nobody's name for one's own.

    Students bring what the quiz asks for: its access code, and `honour` where they agree to its honour statement.
    """

    model_config = shown({"login": "ada"}, {}, {"access_code": "blue whale", "honour": True})

    login: Annotated[Line, Field(min_length=1, max_length=200, examples=["ada"])] | None = None
    access_code: Annotated[Line, Field(max_length=200)] = ""
    honour: bool = False


class AnswerGiven(Given):
    """What is to stand in one field; `item` is the position of the question, from 1. Null empties the field."""

    item: Annotated[Whole, Field(ge=1, le=1000, examples=[1])]
    field: Annotated[Line, Field(min_length=1, max_length=100, examples=["mu"])]
    value: Raw


class AnswersGiven(Given):
    """Answers to be saved together; fields that are not named stay as they are.

    `stamp`: the last one that the server had told when the oldest of these was given (`getAttempt`, `saveAnswers`). It
    matters only for what comes too late.
    """

    model_config = shown({"answers": [{"item": 1, "field": "mu", "value": ["13", "5", "0"]}]})

    answers: Annotated[list[AnswerGiven], Field(min_length=1, max_length=MOST_CHANGES)]
    stamp: Annotated[Line, Field(max_length=LONGEST_STAMP)] = ""


class AttemptFieldTold(Told):
    """One field with what is saved in it, and how that is read: `says` tells why it cannot be."""

    id: str
    label: str
    widget: WidgetTold
    value: Any
    revision: int
    state: Literal["blank", "read", "cannot be read"]
    says: str


class AttemptPartTold(Told):
    """One part of a question; `prompt` is HTML."""

    id: str
    label: str
    title: str
    points: Exact
    prompt: str
    fields: list[AttemptFieldTold]


class AttemptItemTold(Told):
    """One question of an attempt; `stem` is HTML, `section` the number of its section, 0 without one."""

    position: int
    section: int
    title: str
    stem: str
    points: Exact
    status: Literal["not answered", "answered", "cannot be read"]
    parts: list[AttemptPartTold]


class SectionTold(Told):
    """A heading over some questions."""

    title: str
    text: str


class AttemptTold(Told):
    """An attempt with everything saved so far. `preview`: somebody of the staff looks, it counts for nobody.

    `reached`: the only question that is open, where one goes forward only; students see no other. Else null. `stamp`:
    the time of the server, sealed, to be sent with answers that are given from now on.
    """

    id: str
    quiz: str
    login: str
    number: int
    state: Literal["open", "handed in"]
    preview: bool
    started_at: Moment
    deadline_at: Moment | None
    max: Exact
    reached: int | None
    stamp: str
    sections: list[SectionTold]
    items: list[AttemptItemTold]


class LeaveGiven(Given):
    """Which question is left."""

    model_config = shown({"item": 1})

    item: Annotated[Whole, Field(ge=1, le=1000, examples=[1])]


class LeftTold(Told):
    """The question that is open now."""

    reached: int


class SavedFieldTold(Told):
    """What stands in a field now."""

    item: int
    field: str
    revision: int
    value: Any


class SavedTold(Told):
    """On disk since `received_at`. `kept` (status 202): too late to count by itself; the staff decides, see `says`."""

    received_at: Moment
    stamp: str
    kept: bool
    says: str
    answers: list[SavedFieldTold]


class ReceiptTold(Told):
    """What a student keeps: `code` is a SHA-256 over everything handed in."""

    attempt: str
    code: str
    short: str
    person: str
    quiz_title: str
    number: int
    at: Moment
    answered: int
    fields: int


@router.post("/quizzes/{quiz_id}/attempts", operation_id="startAttempt", status_code=201, response_model=AttemptTold)
def start_attempt(
    request: Request,
    caller: SitterCaller,
    reading: Reading,
    write: Writes,
    quiz_id: PublicId,
    new: Annotated[NewAttempt, Body()],
) -> Response:
    """Start an attempt, or go on with the open one. Staff start previews of their own, or for a student by login."""
    state, seen = request.app.state, seen_of(request)
    knock = Knock(seen, new.access_code, new.honour, state.doorkeeper.throttle)
    attempt_id, _ = sitting.begin(reading, write.tx, state.sandbox, caller.membership, quiz_id, new.login, knock)
    where = f"/api/v1/courses/{caller.membership.course}/attempts/{attempt_id}"
    return write.answer(_told(write.tx, caller, attempt_id, seen, state.secret), 201, {"Location": where})


@router.get("/attempts/{attempt_id}", operation_id="getAttempt")
def get_attempt(request: Request, caller: SitterCaller, tx: Reading, attempt_id: PublicId) -> AttemptTold:
    """Get an attempt of one's own, or as staff anybody's, with what is saved in it. Never a solution."""
    return _told(tx, caller, attempt_id, seen_of(request), request.app.state.secret)


@router.post("/attempts/{attempt_id}/leave", operation_id="leaveQuestion", response_model=LeftTold)
def leave_question(
    caller: SitterCaller, write: Writes, attempt_id: PublicId, given: Annotated[LeaveGiven, Body()]
) -> Response:
    """Leave a question for good, where one goes forward only. Leaving it twice leaves it once."""
    return write.answer(LeftTold(reached=sitting.leave(write.tx, caller.membership, attempt_id, given.item)))


@router.put(
    "/attempts/{attempt_id}/answers",
    operation_id="saveAnswers",
    response_model=SavedTold,
    responses={202: {"model": SavedTold, "description": "Too late to count by itself: kept for the staff to decide."}},
)
def save_answers(
    request: Request,
    caller: SitterCaller,
    write: Writes,
    attempt_id: PublicId,
    given: Annotated[AnswersGiven, Body()],
    afterwards: BackgroundTasks,
) -> Response:
    """Save answers. What this operation has answered is on disk.

    What comes after the deadline and its grace, or after the hand-in, from the student's own program is kept for the
    staff to decide about, and answered with 202.
    """
    seen, sightings = seen_of(request), request.app.state.sightings
    if not caller.is_staff and sightings.wants(attempt_id, seen):
        afterwards.add_task(sightings.note, attempt_id, seen)
    answers = [NewAnswer(one.item, one.field, one.value) for one in given.answers]
    grace = request.app.state.settings.grace_seconds
    secret = request.app.state.secret
    after = read_stamp(secret, attempt_id, given.stamp)
    saved = sitting.save(write.tx, caller.membership, attempt_id, answers, grace, after)
    kept = isinstance(saved, Kept)
    told = SavedTold(
        received_at=saved.received_at,
        stamp=stamp(secret, attempt_id, saved.received_at),
        kept=kept,
        says=KEPT if kept else "",
        answers=[] if isinstance(saved, Kept) else [SavedFieldTold.model_validate(one) for one in saved.fields],
    )
    return write.answer(told, 202 if kept else 200)


@router.post("/attempts/{attempt_id}/hand-in", operation_id="handIn", response_model=ReceiptTold)
def hand_in(request: Request, caller: SitterCaller, write: Writes, attempt_id: PublicId) -> Response:
    """Hand an attempt in; a second time changes nothing and gives the same receipt."""
    person = sitting.sitter(write.tx, caller.membership, attempt_id)
    submissions.hand_in(write.tx, person.person_id, attempt_id, request.app.state.wake)
    receipt = submissions.receipt(write.tx, person.person_id, attempt_id)
    if person.person_id != caller.person.id:
        write.tx.record(caller.person.id, "handed in for somebody", f"attempt {attempt_id}", person=person.person_id)
    return write.answer(_receipt(receipt))


@router.get("/attempts/{attempt_id}/receipt", operation_id="getReceipt")
def get_receipt(caller: SitterCaller, tx: Reading, attempt_id: PublicId) -> ReceiptTold:
    """Get the receipt of an attempt that has been handed in."""
    person = sitting.sitter(tx, caller.membership, attempt_id)
    return _receipt(submissions.receipt(tx, person.person_id, attempt_id))


def _told(tx: Transaction, caller: CourseCaller, attempt_id: str, seen: Seen, secret: bytes) -> AttemptTold:
    view, person = sitting.seen_by(tx, caller.membership, attempt_id, seen)
    if person.person_id != caller.person.id:
        view = without_surveys(view)
    return AttemptTold(
        id=view.id,
        quiz=view.quiz_id,
        login=person.login,
        number=view.number,
        state=view.state,
        preview=view.preview,
        started_at=view.started_at,
        deadline_at=view.deadline_at,
        max=view.max,
        reached=view.reached or None,
        stamp=stamp(secret, view.id, view.now),
        sections=[SectionTold.model_validate(one) for one in view.sections],
        items=[_item(item) for item in view.items],
    )


def _item(item: ItemView) -> AttemptItemTold:
    return AttemptItemTold(
        position=item.position,
        section=item.section,
        title=item.title,
        stem=item.stem,
        points=item.points,
        status=item.status,
        parts=[
            AttemptPartTold(
                id=part.id,
                label=part.label,
                title=part.title,
                points=part.points,
                prompt=part.prompt,
                fields=[field_told(field) for field in part.fields],
            )
            for part in item.parts
        ],
    )


def field_told(field: FieldView) -> AttemptFieldTold:
    """A field with what was typed in it."""
    return AttemptFieldTold(
        id=field.id,
        label=field.label_text,
        widget=widget_told(field.widget),
        value=field.value,
        revision=field.revision,
        state=field.reading.state,
        says=field.reading.says,
    )


def _receipt(receipt: Receipt) -> ReceiptTold:
    return ReceiptTold(
        attempt=receipt.attempt_id,
        code=receipt.code,
        short=receipt.short,
        person=receipt.person,
        quiz_title=receipt.quiz_title,
        number=receipt.number,
        at=receipt.at,
        answered=receipt.answered,
        fields=receipt.fields,
    )
