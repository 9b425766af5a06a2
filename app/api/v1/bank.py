"""The question bank, for the tokens of authors: searching it, reading questions, moving them in and out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from app.api.callers import Caller, may
from app.api.cursors import Cursor, Limit, cut, link_next, read_cursor
from app.api.problems import PROTECTED
from app.api.schemas import TEXT, Exact, Moment, Told
from app.api.writes import Writes
from app.domain.errors import InvalidInput, QuestionError
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.routing.turns import takes_long
from app.services.bank import bank_transfer, catalogue

router = Routes(prefix="/bank", tags=["bank"], responses=PROTECTED)

IMPORT = "/api/v1/bank/import"
Name = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Text = Annotated[str, Query(max_length=200, pattern=TEXT)]
Reader = Annotated[Caller, may("author", "bank:read")]
ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A zip file with the folder, byte for byte.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class QuestionLineTold(Told):
    """A question of the bank in its newest version."""

    question: str
    number: int
    title: str
    exam: str
    label: str
    points: Exact
    parts: int
    tags: list[str]
    graders: list[str]
    updated_at: Moment
    retired_at: Moment | None


class QuestionLinesTold(Told):
    """A page of questions."""

    items: list[QuestionLineTold]
    next: str | None


class VersionTold(Told):
    """One version of a question. Versions with the same `variant_hash` show students the same."""

    number: int
    title: str
    points: Exact
    created_at: Moment
    origin: str | None
    author: str | None
    note: str
    variant_hash: str
    rubric_hash: str


class QuestionTold(QuestionLineTold):
    """A question with its history, the newest version first."""

    versions: list[VersionTold]


class VersionSourceTold(VersionTold):
    """A version as it was written: its files (text, or {"base64": …}), and the package that they mean."""

    question: str
    folder: dict[str, Any]
    package: dict[str, Any]


class ImportedVersionTold(Told):
    """A question that became a version."""

    question: str
    number: int


class ImportedTold(Told):
    """What became of the questions of a zip file: new versions, or nothing as they are in the bank already."""

    versions: list[ImportedVersionTold]
    unchanged: list[str]


@router.get("/questions", operation_id="listQuestions")
def list_questions(
    request: Request,
    response: Response,
    caller: Reader,
    tx: Reading,
    text: Annotated[Text, Query(description="Words that all occur in the question.")] = "",
    tag: Text = "",
    exam: Text = "",
    grader: Text = "",
    item: Text = "",
    retired: bool = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> QuestionLinesTold:
    """List or search the bank, by id."""
    after = read_cursor(cursor, str)
    found = catalogue.walk(
        tx,
        after="" if after is None else str(after[0]),
        limit=limit + 1,
        text=text,
        words={"tag": tag, "exam": exam, "grader": grader, "item": item},
        retired=retired,
    )
    items, following = cut(found, lambda line: (line.question,), limit)
    link_next(request, response, following)
    return QuestionLinesTold(items=[QuestionLineTold.model_validate(line) for line in items], next=following)


@router.get("/questions/{question}", operation_id="getQuestion")
def get_question(caller: Reader, tx: Reading, question: Name) -> QuestionTold:
    """Get a question with its history."""
    line = QuestionLineTold.model_validate(catalogue.question(tx, question))
    versions = [VersionTold.model_validate(one) for one in catalogue.versions(tx, question)]
    return QuestionTold(**dict(line), versions=versions)


@router.get("/questions/{question}/versions/{number}", operation_id="getQuestionVersion")
def get_version(caller: Reader, tx: Reading, question: Name, number: Number) -> VersionSourceTold:
    """Get one version as it was written: prompts, solutions, rubric, cases."""
    found = catalogue.source(tx, question, number)
    version = VersionTold.model_validate(found.version)
    return VersionSourceTold(**dict(version), question=question, folder=dict(found.folder), package=dict(found.package))


@router.get("/questions/{question}/export", operation_id="exportQuestion", response_class=Response, responses={**ZIP})
def export(
    caller: Reader, tx: Reading, question: Name, number: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Response:
    """Get the folder of a question as a zip file; without a number the newest version."""
    found = bank_transfer.export_zip(tx, question, number)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.content, media_type="application/zip", headers=headers)


async def zip_body(request: Request) -> bytes:
    """The body, which is a zip file.

    Raises:
        InvalidInput: the body is declared as something else.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/zip":
        raise InvalidInput("The body is a zip file: send it as application/zip.", "Content-Type")
    return await request.body()


@router.post(
    "/import",
    operation_id="importQuestions",
    response_model=ImportedTold,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
@takes_long
def import_questions(
    request: Request,
    caller: Annotated[Caller, may("author", "bank:write")],
    body: Annotated[bytes, Depends(zip_body)],
    reading: Reading,
    write: Writes,
    note: Annotated[str, Query(max_length=500, pattern=TEXT)] = "",
) -> Response:
    """Bring question folders from a zip file into the bank. When one of them has a problem, nothing is stored."""
    inspection = bank_transfer.inspect_zip(reading, request.app.state.sandbox, body)
    problems = [problem for finding in inspection.findings for problem in finding.problems]
    if problems:
        raise QuestionError(problems)
    choices = {place: finding.may[0] for place, finding in enumerate(inspection.findings)}
    done = bank_transfer.import_zip(write.tx, inspection, choices, caller.person, note)
    versions = [ImportedVersionTold(question=name, number=number) for name, number in done.versions]
    return write.answer(ImportedTold(versions=versions, unchanged=list(done.left)))
