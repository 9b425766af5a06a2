"""Quizzes of a course: listing, building, publishing, releasing marks."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from fastapi import Body, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Exact, Given, Line, Moment, Points, PublicId, Told, Whole, shown
from app.api.writes import Writes
from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.routing.turns import takes_long
from app.services.operating.transactions import Transaction
from app.services.quizzes import quiz_building, quizzes
from app.services.quizzes.quiz_building import NewPlace, QuizRules
from app.services.quizzes.quiz_rules import Apart, Mode, Navigation, ReleaseRule, Seeds
from app.services.quizzes.quiz_sections import Section
from app.services.quizzes.releases import Shown
from app.services.results.counting import Counts

router = Routes(prefix="/courses/{course_id}/quizzes", tags=["quizzes"], responses=PROTECTED)

Question = Annotated[Line, Field(min_length=1, max_length=200, examples=["tum-05"])]
Instructor = Annotated[CourseCaller, in_course("instructor", "quizzes:write")]


class PlaceGiven(Given):
    """One question; or `take` of a pool, by `tag` or by names. `each`: what every drawn question is worth.

    `section`: the number of the section that it belongs to, 0 without one.
    """

    question: Question | None = None
    tag: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    questions: list[Question] = Field(default_factory=list, max_length=500)
    take: Annotated[Whole, Field(ge=1, le=100)] = 1
    weight: Points = Fraction(1)
    each: Points | None = None
    section: Annotated[Whole, Field(ge=0, le=100)] = 0


class SectionGiven(Given):
    """A heading, with a text, over the places whose `section` is its number, from 1."""

    title: Annotated[Line, Field(min_length=1, max_length=300, examples=["Convolutions"])]
    text: Annotated[Line, Field(max_length=20_000)] = ""


class RulesGiven(Given):
    """How a quiz is sat. `printed_first`: a person's first attempt is the printed paper, all others are fresh.

    `marks_at`: the date on which marks appear, where they are released by hand. Feedback (criteria, reasons, comments)
    and solutions that are `apart` from the marks appear at `feedback_at` (never before the marks) and `solutions_at`;
    without a date, when they are released. `requests_until`: how long students may ask for another look at a mark.

    `same_for_all`: everybody gets the same questions in the same variants. `navigation` “forward”: a question that was
    left is not seen again. Asked for at the start where they are not empty: `access_code`, `networks` (such as
    10.0.0.0/8, separated by commas), `browser_keys` (config keys of Safe Exam Browser, one a line), `honour`.
    `grace_seconds`: how long after the deadline a save still counts; null: as the installation says. On `late_days`
    days after closing attempts may still be handed in, each begun one at `late_percent` of the points; each further
    attempt is worth `decay_percent` less than the one before.
    """

    title: Annotated[Line, Field(min_length=1, max_length=300, examples=["Midterm"])]
    description: Annotated[Line, Field(max_length=20_000)] = ""
    minutes: Annotated[Whole, Field(ge=1, le=100_000, examples=[60])] | None = None
    attempts_allowed: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    counts: Counts = "best"
    seeds: Seeds = "fresh"
    release: ReleaseRule = "at once"
    marks_at: Moment | None = None
    feedback: Apart = "with marks"
    feedback_at: Moment | None = None
    solutions: Apart = "with marks"
    solutions_at: Moment | None = None
    requests_until: Moment | None = None
    shuffle: bool = False
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    mode: Mode = "exam"
    same_for_all: bool = False
    navigation: Navigation = "free"
    access_code: Annotated[Line, Field(max_length=100)] = ""
    networks: Annotated[Line, Field(max_length=5_000, examples=["10.0.0.0/8, 2001:db8::/32"])] = ""
    browser_keys: Annotated[Line, Field(max_length=10_000)] = ""
    honour: Annotated[Line, Field(max_length=5_000)] = ""
    grace_seconds: Annotated[Whole, Field(ge=0, le=3_600)] | None = None
    late_days: Annotated[Whole, Field(ge=0, le=365)] = 0
    late_percent: Annotated[Whole, Field(ge=0, le=100)] = 0
    decay_percent: Annotated[Whole, Field(ge=0, le=100)] = 0


class NewQuiz(RulesGiven):
    """A quiz to be; it begins as a draft."""

    model_config = shown(
        {
            "title": "Midterm",
            "minutes": 60,
            "places": [{"question": "tum-05", "weight": "1/2"}, {"tag": "conv", "take": 3}],
        }
    )

    places: list[PlaceGiven] = Field(default_factory=list, max_length=200)
    sections: list[SectionGiven] = Field(default_factory=list, max_length=100)


class QuizChange(RulesGiven):
    """A whole quiz as it is to be. `revision` is the one you have read; without `places` they and the sections stay.

    `hide`: also if marks, reasons or solutions that students have seen are hidden again by it, which is refused else.
    """

    model_config = shown({"title": "Midterm", "minutes": 90, "revision": 1})

    revision: Annotated[Whole, Field(ge=0, le=2**31 - 1, examples=[1])]
    places: Annotated[list[PlaceGiven], Field(max_length=200)] | None = None
    sections: list[SectionGiven] = Field(default_factory=list, max_length=100)
    hide: bool = False


class QuizLineTold(Told):
    """A quiz in a list. `points` is null while places of a draft are worth different amounts."""

    id: str
    title: str
    state: Literal["draft", "published"]
    opens_at: Moment | None
    closes_at: Moment | None
    questions: int
    points: Exact | None


class QuizzesTold(Told):
    """A page of quizzes."""

    items: list[QuizLineTold]
    next: str | None


class PlaceQuestionTold(Told):
    """A question that a place holds: the version that attempts get, and what it is worth here."""

    question: str
    title: str
    number: int
    worth: Exact


class PlaceTold(Told):
    """A place of a quiz, with all questions it may give."""

    position: int
    kind: Literal["question", "tag", "list"]
    tag: str
    take: int
    weight: Exact
    each: Exact | None
    section: int
    questions: list[PlaceQuestionTold]


class QuizSectionTold(Told):
    """A heading, with a text, over some places."""

    title: str
    text: str


class QuizTold(Told):
    """A quiz as its staff see it. `troubles` keep it from being published."""

    id: str
    title: str
    description: str
    minutes: int | None
    attempts_allowed: int | None
    counts: Counts
    seeds: Seeds
    release: ReleaseRule
    marks_at: Moment | None
    feedback: Apart
    feedback_at: Moment | None
    solutions: Apart
    solutions_at: Moment | None
    requests_until: Moment | None
    shuffle: bool
    opens_at: Moment | None
    closes_at: Moment | None
    mode: Mode
    same_for_all: bool
    navigation: Navigation
    access_code: str
    networks: str
    browser_keys: str
    honour: str
    grace_seconds: int | None
    late_days: int
    late_percent: int
    decay_percent: int
    state: Literal["draft", "published"]
    revision: int
    published_at: Moment | None
    released_at: Moment | None
    questions: int
    least: Exact
    most: Exact
    attempts: int
    places: list[PlaceTold]
    sections: list[QuizSectionTold]
    troubles: list[str]


@router.get("", operation_id="listQuizzes")
def list_quizzes(
    request: Request,
    response: Response,
    caller: Annotated[CourseCaller, in_course("member", "quizzes:read")],
    tx: Reading,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> QuizzesTold:
    """List the quizzes of a course. Students see those that are published."""
    found = _lines(tx, caller)
    items, following = page_of(found, lambda one: (one.id,), cursor, limit)
    link_next(request, response, following)
    return QuizzesTold(items=items, next=following)


@router.post("", operation_id="createQuiz", status_code=201, response_model=QuizTold)
def create_quiz(caller: Instructor, write: Writes, new: Annotated[NewQuiz, Body()]) -> Response:
    """Create a draft."""
    places = [_place(one) for one in new.places]
    sections = _sections(new.sections)
    quiz_id = quiz_building.create(write.tx, caller.course_id, caller.person, _rules(new), places, sections)
    where = f"/api/v1/courses/{caller.membership.course}/quizzes/{quiz_id}"
    return write.answer(_told(write.tx, caller, quiz_id), 201, {"Location": where})


@router.get("/{quiz_id}", operation_id="getQuiz")
def get_quiz(
    caller: Annotated[CourseCaller, in_course("staff", "quizzes:read")], tx: Reading, quiz_id: PublicId
) -> QuizTold:
    """Get a quiz with its rules and places."""
    return _told(tx, caller, quiz_id)


@router.put("/{quiz_id}", operation_id="changeQuiz", response_model=QuizTold)
def change_quiz(
    caller: Instructor, write: Writes, quiz_id: PublicId, change: Annotated[QuizChange, Body()]
) -> Response:
    """Change a quiz. Once published only times, description, release, attempts and who may start may change."""
    places = None if change.places is None else [_place(one) for one in change.places]
    rules, sections = _rules(change), _sections(change.sections)
    if sections and places is None:
        raise InvalidInput("Sections come together with the places that they are over.", place="sections")
    given = (rules, places, change.revision, sections)
    quiz_building.change(write.tx, caller.course_id, quiz_id, caller.person, *given, hide=change.hide)
    return write.answer(_told(write.tx, caller, quiz_id))


@router.delete("/{quiz_id}", operation_id="deleteQuiz", status_code=204)
def delete_quiz(caller: Instructor, write: Writes, quiz_id: PublicId) -> Response:
    """Delete a draft that no student has attempted."""
    quiz_building.remove(write.tx, caller.course_id, quiz_id, caller.person)
    return write.answer(None, 204)


@router.post("/{quiz_id}/publish", operation_id="publishQuiz", response_model=QuizTold)
@takes_long
def publish_quiz(request: Request, caller: Instructor, reading: Reading, write: Writes, quiz_id: PublicId) -> Response:
    """Open a draft to students, from its opening time on. Its question versions stay as they are from now on."""
    quiz_building.examine(reading, request.app.state.sandbox, caller.course_id, quiz_id)
    quiz_building.publish(write.tx, caller.course_id, quiz_id, caller.person)
    return write.answer(_told(write.tx, caller, quiz_id))


@router.post("/{quiz_id}/draft", operation_id="draftQuiz", response_model=QuizTold)
def back_to_draft(caller: Instructor, write: Writes, quiz_id: PublicId) -> Response:
    """Take a quiz back to draft, as long as no student has started it."""
    quiz_building.back_to_draft(write.tx, caller.course_id, quiz_id, caller.person)
    return write.answer(_told(write.tx, caller, quiz_id))


@router.post("/{quiz_id}/release", operation_id="releaseResults", response_model=QuizTold)
def release_results(
    caller: Instructor,
    write: Writes,
    quiz_id: PublicId,
    what: Annotated[Shown, Query(description="What is released: marks, feedback or solutions.")] = "marks",
) -> Response:
    """Let students see marks from now on, with what comes along with them; or feedback or solutions by themselves."""
    quiz_building.release(write.tx, caller.course_id, quiz_id, caller.person, what)
    return write.answer(_told(write.tx, caller, quiz_id))


def _lines(tx: Transaction, caller: CourseCaller) -> list[QuizLineTold]:
    if caller.is_staff:
        outlines = quiz_building.quizzes_of_course(tx, caller.course_id)
        return [QuizLineTold.model_validate(one) for one in outlines]
    cards = quizzes.quizzes_of(tx, caller.person.id)
    return [
        QuizLineTold(
            id=card.id,
            title=card.title,
            state="published",
            opens_at=card.opens_at,
            closes_at=card.closes_at,
            questions=card.questions,
            points=card.points,
        )
        for card in cards
        if card.course_id == caller.membership.course and not card.draft
    ]


def _told(tx: Transaction, caller: CourseCaller, quiz_id: str) -> QuizTold:
    plan = quiz_building.quiz_plan(tx, caller.course_id, quiz_id)
    rules = {name: getattr(plan.rules, name) for name in QuizRules.__dataclass_fields__}
    rest = ("id", "state", "revision", "published_at", "released_at", "questions", "least", "most", "attempts")
    return QuizTold(
        **rules,
        **{name: getattr(plan, name) for name in rest},
        places=[PlaceTold.model_validate(place) for place in plan.places],
        sections=[QuizSectionTold.model_validate(one) for one in plan.sections],
        troubles=list(plan.troubles),
    )


def _rules(given: RulesGiven) -> QuizRules:
    return QuizRules(**{name: getattr(given, name) for name in QuizRules.__dataclass_fields__})


def _place(given: PlaceGiven) -> NewPlace:
    return NewPlace(
        given.question, given.tag, tuple(given.questions), given.take, given.weight, given.each, given.section
    )


def _sections(given: list[SectionGiven]) -> list[Section]:
    return [Section(one.title, one.text) for one in given]
