"""The marking desk for programs: what waits for a person, claiming it, reading it without names, deciding about it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body, Depends, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, PublicId, Told, Whole, shown
from app.api.v1.desk_answers import DeskAnswerTold, PlaceTold, State, answer_told, state_told
from app.api.writes import Writes
from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.routing.turns import takes_long
from app.services.marking import deciding, desk, desk_queue, held_back
from app.services.marking.deciding import Decision
from app.services.marking.desk import MOST_AT_ONCE, Place
from app.services.marking.desk_changes import LONGEST_COMMENT, LONGEST_POINTS
from app.services.marking.desk_queue import QueuePart
from app.services.marking.piles import Pile
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import refuse_archived

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/marking", tags=["marking"], responses=PROTECTED)
Marker = Annotated[CourseCaller, in_course("staff", "marking:write")]
Question = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
PartId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
Position = Annotated[int, Path(ge=1, le=1000)]


async def _pile(caller: Marker, quiz_id: PublicId, question: Question, part: PartId) -> Pile:
    return Pile(caller.membership, quiz_id, question, part)


async def _place(attempt_id: PublicId, position: Position) -> Place:
    return Place(attempt_id, position)


OnPile = Annotated[Pile, Depends(_pile)]
AtPlace = Annotated[Place, Depends(_place)]
Show = Annotated[Literal["waiting", "all"], Query(description="Only what waits for a person, or everything.")]
Comment = Annotated[Line, Field(max_length=LONGEST_COMMENT)]
SIGNED = r"^[+-]?(\d{1,6}(\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5})$"
Worth = Annotated[Line, Field(max_length=LONGEST_POINTS, pattern=SIGNED, examples=["1/2", "-0.5"])]
"""Points of a criterion, or by how much a part is moved."""
MOST_CRITERIA = 200
NEWEST = 2**62
"""Greater than the number of any judgement."""


class MarkerTold(Told):
    """Somebody who marks: how many answers they have decided about, and whether they are at it `now`."""

    name: str
    marked: int
    now: bool


class MarkingPartTold(Told):
    """A part of a question: how many answers wait for a person, and how many of these differ (null: not counted)."""

    question: str
    title: str
    part: str
    label: str
    waiting: int
    different: int | None
    marked: int
    by_me: int
    grading: int
    total: int
    markers: list[MarkerTold]


class MarkingTold(Told):
    """What waits in a quiz, part by part, what waits first."""

    quiz: str
    title: str
    items: list[MarkingPartTold]


class ListedTold(PlaceTold):
    """An answer in the list. `mine`: you have claimed it; else `holder` is at it, empty where nobody is."""

    state: State
    mine: bool
    holder: str
    marked: bool


class ListedPageTold(Told):
    """A page of the answers to a part, in an order of your own that stays the same and says nothing about people."""

    items: list[ListedTold]
    next: str | None


class ClaimGiven(Given):
    """From where on the next answer is looked for: after this one, or (nothing named) from the beginning."""

    model_config = shown({}, {"attempt": "Jx0bq1r9", "position": 1})

    attempt: Annotated[Line, Field(max_length=64)] = ""
    position: Annotated[Whole, Field(ge=1, le=1000)] = 1


class ClaimedTold(Told):
    """The answer that is yours for ten minutes; null where none waits that nobody else is at."""

    answer: DeskAnswerTold | None


class CriterionGiven(Given):
    """What a criterion is worth. Without points the machine decides it (again)."""

    id: Annotated[Line, Field(min_length=1, max_length=100, examples=["mu"])]
    points: Worth | None = None
    comment: Comment = ""


class PlaceGiven(Given):
    """An answer of the group."""

    attempt: Annotated[Line, Field(min_length=1, max_length=64)]
    position: Annotated[Whole, Field(ge=1, le=1000)]


class JudgementGiven(Given):
    """Everything that is decided about an answer: a criterion that is not named is left to the machine.

    `accept`: take what the machine suggests for what is open and not named. `adjustment` moves the whole part. `seen`
    and `rubric` say what it was judged by: 409 where somebody has decided since, or another rubric counts.
    """

    model_config = shown(
        {"seen": 0, "rubric": 1, "criteria": [{"id": "mu", "points": "1/2", "comment": "Only half of it."}]},
        {"seen": 0, "rubric": 1, "accept": True, "alike": [{"attempt": "Jx0bq1r9", "position": 1}]},
    )

    seen: Annotated[Whole, Field(ge=0, le=2**62)]
    rubric: Annotated[Whole, Field(ge=1, le=2**31 - 1)]
    criteria: Annotated[list[CriterionGiven], Field(max_length=MOST_CRITERIA)] = Field(default_factory=list)
    adjustment: Worth | None = None
    comment: Comment = ""
    accept: bool = False
    alike: Annotated[list[PlaceGiven], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)


class UndoGiven(Given):
    """`pass_over`: what can not be taken back is passed over, for what was decided before."""

    model_config = shown({}, {"pass_over": True})

    pass_over: bool = False


class JudgedTold(Told):
    """For how many answers it was stored, how many of the group were not free, and whether the answer still waits."""

    stored: int
    left: int
    waits: bool


@router.get("", operation_id="listMarking")
def list_marking(caller: Marker, tx: Reading, quiz_id: PublicId) -> MarkingTold:
    """Tell what waits for a person in a quiz, part by part, and how far everybody has come."""
    found = desk_queue.queue(tx, caller.membership, quiz_id)
    parts = [*found.waiting, *found.others]
    return MarkingTold(quiz=found.quiz_id, title=found.title, items=[_part(one) for one in parts])


@router.get("/{question}/{part}", operation_id="listAnswersToMark")
def list_answers(
    request: Request,
    response: Response,
    tx: Reading,
    pile: OnPile,
    show: Show = "waiting",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> ListedPageTold:
    """List the answers to a part that wait for a person, or all of them. Nothing is claimed."""
    found = desk_queue.answers_of(tx, pile, show)
    rows, following = page_of(found, lambda one: (one.order,), cursor, limit)
    link_next(request, response, following)
    items = [
        ListedTold(
            attempt=one.place.attempt,
            position=one.place.position,
            state=state_told(one.state),
            mine=one.mine,
            holder=one.holder,
            marked=one.marked,
        )
        for one in rows
    ]
    return ListedPageTold(items=items, next=following)


@router.post("/{question}/{part}/claims", operation_id="claimNextAnswer", response_model=ClaimedTold)
def claim_next(
    write: Writes,
    pile: OnPile,
    given: Annotated[ClaimGiven, Body()],
) -> Response:
    """Claim the next answer that waits and that nobody else is at; what you had claimed before is given back."""
    refuse_archived(write.tx, pile.course_id)
    found = desk.table(write.tx, pile)
    after = Place(given.attempt, given.position) if given.attempt else None
    place = desk.next_place(write.tx, found, after)
    told = None if place is None else _opened(write.tx, pile, place)
    return write.answer(ClaimedTold(answer=told))


@router.get("/{question}/{part}/{attempt_id}/{position}", operation_id="getAnswerToMark")
def get_answer(
    tx: Reading,
    pile: OnPile,
    place: AtPlace,
) -> DeskAnswerTold:
    """Get an answer with its rubric, the machine's opinion and evidence, and what was decided. Nothing is claimed."""
    return _opened(tx, pile, place, claim=False)


@router.put(
    "/{question}/{part}/{attempt_id}/{position}/claim", operation_id="claimAnswer", response_model=DeskAnswerTold
)
def claim(
    write: Writes,
    pile: OnPile,
    place: AtPlace,
) -> Response:
    """Claim this very answer with all that are the same, or prolong that; 409 while somebody else is at it."""
    refuse_archived(write.tx, pile.course_id)
    told = _opened(write.tx, pile, place)
    if told.holder:
        raise Conflict(f"{told.holder} is marking this answer now.")
    return write.answer(told)


@router.delete("/{question}/{part}/{attempt_id}/{position}/claim", operation_id="releaseAnswer", status_code=204)
def release(
    write: Writes,
    pile: OnPile,
    place: AtPlace,
) -> Response:
    """Give an answer back with all that was claimed along with it, so that others can mark it."""
    desk.give_back(write.tx, pile, place)
    return write.answer(None, 204)


@router.post(
    "/{question}/{part}/{attempt_id}/{position}/judgements", operation_id="judgeAnswer", response_model=JudgedTold
)
@takes_long
def judge(
    request: Request,
    write: Writes,
    pile: OnPile,
    place: AtPlace,
    given: Annotated[JudgementGiven, Body()],
) -> Response:
    """Decide what an answer is worth, and those of its group that are named; 409 where somebody was faster."""
    places = {one.id: number for number, one in enumerate(given.criteria)}
    if len(places) < len(given.criteria):
        raise InvalidInput("Name every criterion once.", "criteria")
    decision = Decision(
        points={one.id: one.points or "" for one in given.criteria},
        comments={one.id: one.comment for one in given.criteria},
        adjustment=given.adjustment or "",
        comment=given.comment,
        seen=given.seen,
        rubric=given.rubric,
        alike=[Place(one.attempt, one.position) for one in given.alike],
        accept=given.accept,
    )
    try:
        done = deciding.decide(write.tx, pile, place, decision, request.app.state.wake)
    except InvalidInput as error:
        what, dot, name = error.place.partition(".")
        where = f"criteria.{places[name]}.{what}" if name in places else "criteria" if dot else what
        raise InvalidInput(str(error), where) from None
    told = JudgedTold(stored=len(done.items), left=done.left, waits=done.open is not None)
    if done.open is None:
        return write.answer(told)
    sandbox = request.app.state.sandbox
    return write.answer_after(
        told, lambda tx: told.model_copy(update={"waits": deciding.still_waits(tx, sandbox, pile, done)})
    )


@router.post("/{question}/{part}/undo", operation_id="undoJudgement", response_model=PlaceTold)
def undo(
    request: Request, write: Writes, pile: OnPile, given: Annotated[UndoGiven, Body(default_factory=UndoGiven)]
) -> Response:
    """Take back what you decided last about a part, for a whole group where it was one; twice brings it back.

    409 where it cannot be, since somebody has decided since or is at it; `pass_over` goes on to what was before that.
    """
    before = NEWEST if given.pass_over else None
    place = deciding.undo(write.tx, pile, request.app.state.wake, before)
    return write.answer(PlaceTold(attempt=place.attempt, position=place.position))


def _part(one: QueuePart) -> MarkingPartTold:
    return MarkingPartTold.model_validate(one)


def _opened(tx: Transaction, pile: Pile, place: Place, *, claim: bool = True) -> DeskAnswerTold:
    blind = held_back.may_come(tx, pile, place)
    return answer_told(desk.open_answer(tx, pile, place, show="all", claim=claim, blind=blind))
