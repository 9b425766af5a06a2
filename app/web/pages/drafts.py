"""Writing a question: the editor's page, and what its scripts ask for. Every route is for authors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, TypeGuard

from fastapi import Path, Request
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.drafts import draft_answers, draft_cases, draft_images, drafts, previews, publishing
from app.services.drafts.draft_files import NOTHING
from app.services.drafts.drafts import Change, DraftView, Saved
from app.services.drafts.previews import MOST_SEEDS, SEEDS_AT_ONCE, Seeds, Unusable
from app.web.marked_texts import legend, marked_text
from app.web.members import Author
from app.web.paths import QuestionId
from app.web.posted import OwnJson, OwnScript, PostedForm
from app.web.templating import html_page
from app.web.uploads import TakesFile
from app.web.visitors import OwnForm
from app.web.wording import told

router = Routes(prefix="/bank")

NO_STORE = {"Cache-Control": "no-store"}
LARGEST_NUMBER = 2**63 - 1
FileName = Annotated[str, Path(min_length=1, max_length=120)]


# --- pages ---------------------------------------------------------------------------------------------------------


@router.get("/new")
def new_page(request: Request, visitor: Author) -> Response:
    """The form for a new question."""
    return html_page(request, "bank/new.html", visitor=visitor)


@router.post("/new")
def begin(request: Request, reading: Reading, writing: Writing, visitor: Author, form: OwnForm) -> Response:
    """Begin a new question; the form comes back with what was typed when something is missing."""
    typed = {name: str(form.get(name) or "") for name in ("title", "id", "start")}
    try:
        question = drafts.begin(reading, writing, visitor.person, typed["title"], typed["id"], typed["start"])
    except InvalidInput as error:
        return html_page(
            request,
            "bank/new.html",
            status=422,
            visitor=visitor,
            typed=typed,
            complaints={error.place: told(str(error))},
        )
    return RedirectResponse(f"/bank/{question}/edit", 303)


@router.post("/{question}/edit")
def open_draft(reading: Reading, writing: Writing, visitor: Author, question: QuestionId, _form: OwnForm) -> Response:
    """Begin a draft of the newest version, or go on with the one there is."""
    drafts.open_draft(reading, writing, visitor.person, question)
    return RedirectResponse(f"/bank/{question}/edit", 303)


@router.get("/{question}/edit")
@takes_long
def editor_page(request: Request, tx: Reading, visitor: Author, question: QuestionId) -> Response:
    """The editor, with everything its scripts begin with."""
    draft = drafts.view(tx, question)
    known = request.app.state.sandbox.run("describe", {})
    kinds = {name: known.get(name, []) for name in ("functions", "draws", "figures")}
    data = view_json(draft) | {"graders": known["graders"], "csrf": visitor.csrf} | kinds
    return html_page(request, "drafts/editor.html", visitor=visitor, draft=draft, data=data)


@router.post("/{question}/draft/discard")
def discard(writing: Writing, visitor: Author, question: QuestionId, _form: OwnForm) -> Response:
    """Throw the draft away."""
    published = drafts.discard(writing, visitor.person, question)
    return RedirectResponse(f"/bank/{question}" if published else "/bank", 303)


# --- what scripts ask for ------------------------------------------------------------------------------------------


@router.get("/{question}/draft")
def draft(tx: Reading, visitor: Author, question: QuestionId) -> Response:
    """The draft as it is stored."""
    return _answer(view_json(drafts.view(tx, question)))


@router.post("/{question}/draft")
def save(reading: Reading, writing: Writing, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """Store changes; 409 when somebody else did in the meantime."""
    saved = drafts.save(reading, writing, visitor.person, question, _revision(body), _change(body))
    return _answer(_saved_json(saved, sent_source="question.yaml" in (body.get("texts") or {})))


@router.post("/{question}/draft/preview")
@takes_long
def preview(request: Request, tx: Reading, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """The draft with these changes as its author and students will see it; nothing is stored."""
    seeds = body.get("seeds", [0, 1, 2])
    if not isinstance(seeds, list) or not 1 <= len(seeds) <= MOST_SEEDS or not all(map(_is_seed, seeds)):
        raise InvalidInput(f"Seeds are a list of 1 to {MOST_SEEDS} whole numbers from 0.", "seeds")
    stored = drafts.outline_of(tx, question)
    language = _text(body, "language", "en", 20)
    return _answer(previews.preview(request.app.state.sandbox, question, stored, _change(body), seeds, language))


@router.post("/{question}/draft/test")
@takes_long
def test(request: Request, tx: Reading, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """Keys, blanks, mistakes and recorded cases over the seeds from `from` up to, and without, `to`."""
    first, end = _number(body, "from"), _number(body, "to")
    if not first < end <= first + SEEDS_AT_ONCE:
        raise InvalidInput(f"Test 1 to {SEEDS_AT_ONCE} seeds at once: from the first one up to, and without, the last.")
    stored = drafts.outline_of(tx, question)
    sandbox = request.app.state.sandbox
    return _answer(previews.sweep(sandbox, question, stored, _change(body), Seeds(first, end)))


@router.post("/{question}/draft/try")
@takes_long
def attempt(request: Request, tx: Reading, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """One answer, graded."""
    answers = body.get("answers")
    if not isinstance(answers, dict):
        raise InvalidInput("The answers are missing.", "answers")
    stored, seed = drafts.outline_of(tx, question), _number(body, "seed", 0)
    language = _text(body, "language", "en", 20)
    sandbox = request.app.state.sandbox
    try:
        return _answer(previews.attempt(sandbox, question, stored, _change(body), seed, answers, language))
    except Unusable as error:
        return _unusable(error)


@router.post("/{question}/draft/answers")
@takes_long
def try_answers(request: Request, tx: Reading, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """What answers to a short text make and earn, with their words marked."""
    given = draft_answers.read_answers(body.get("answers"))
    field, seed = _text(body, "field", "", 100), _number(body, "seed", 0)
    stored, sandbox = drafts.outline_of(tx, question), request.app.state.sandbox
    try:
        found = draft_answers.try_answers(sandbox, question, stored, _change(body), field, seed, given)
    except Unusable as error:
        return _unusable(error)
    found["legend"] = legend([mark for row in found["rows"] for mark in row["words"]])
    for row in found["rows"]:
        row["marked_text"] = str(marked_text(row["text"], row["words"]))
    return _answer(found)


@router.post("/{question}/draft/cases")
def add_case(reading: Reading, writing: Writing, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """Keep an answer with the points it should earn."""
    revision = _number(body, "revision") if "revision" in body else None
    return _answer(_saved_json(draft_cases.add_case(reading, writing, visitor.person, question, revision, body)))


@router.post("/{question}/draft/images", dependencies=[TakesFile])
def add_image(
    reading: Reading,
    writing: Writing,
    visitor: Author,
    question: QuestionId,
    _own: Annotated[None, OwnScript],
    form: PostedForm,
) -> Response:
    """Add an image."""
    file = next((value for value in form.values() if isinstance(value, UploadFile)), None)
    if file is None or not file.filename:
        raise InvalidInput("Choose an image.", "file")
    given = form.get("revision")
    revision = (
        int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 10 else None
    )
    content = file.file.read()
    stored = draft_images.add_image(reading, writing, visitor.person, question, revision, file.filename, content)
    return _answer({"revision": stored[0], "images": [asdict(one) for one in stored[1]]})


@router.post("/{question}/draft/images/remove")
def remove_image(reading: Reading, writing: Writing, visitor: Author, question: QuestionId, body: OwnJson) -> Response:
    """Take an image away."""
    revision = _number(body, "revision") if "revision" in body else None
    name = _text(body, "name", "", 200)
    left, images = draft_images.remove_image(reading, writing, visitor.person, question, revision, name)
    return _answer({"revision": left, "images": [asdict(one) for one in images]})


@router.get("/{question}/draft/files/{name}")
def image(tx: Reading, visitor: Author, question: QuestionId, name: FileName) -> Response:
    """An image of the draft, for its preview."""
    content, media = draft_images.image(tx, question, name)
    return Response(content, media_type=media or "application/octet-stream", headers=NO_STORE)


@router.post("/{question}/draft/publish")
@takes_long
def publish(
    request: Request, reading: Reading, writing: Writing, visitor: Author, question: QuestionId, body: OwnJson
) -> Response:
    """Test the draft on the server and make it a version; nothing is published when anything falls short."""
    note = _text(body, "note", "", 100_000)
    sandbox = request.app.state.sandbox
    try:
        number = publishing.publish(reading, writing, sandbox, visitor.person, question, _revision(body), note)
    except Unusable as error:
        return _unusable(error, "Nothing was published: the test found what has to be mended first.")
    return _answer({"version": number, "address": f"/bank/{question}"})


# --- JSON there and back -------------------------------------------------------------------------------------------


def _answer(data: Any) -> Response:
    return JSONResponse(data, headers=NO_STORE)


def view_json(draft: DraftView) -> dict[str, Any]:
    """What the editor begins with."""
    return asdict(draft) | {"updated_at": draft.updated_at.isoformat()}


def _saved_json(saved: Saved, *, sent_source: bool = False) -> dict[str, Any]:
    data: dict[str, Any] = {"revision": saved.revision, "texts": saved.texts}
    data["problems"] = [asdict(problem) for problem in saved.problems]
    return data | ({"document": saved.document} if sent_source else {})


def _unusable(error: Unusable, says: str = "") -> Response:
    sentences = [str(problem) for problem in error.problems]
    says = says or told(str(error))
    problem = {"type": "about:blank", "title": "Unprocessable Content", "status": 422, "detail": says}
    problem |= {"place": error.place, "says": says, "problems": sentences}
    problem |= {"places": [asdict(one) for one in error.problems]}
    return JSONResponse(problem, 422, NO_STORE, "application/problem+json")


def _change(body: dict[str, Any]) -> Change:
    texts = body.get("texts")
    if texts is not None and not isinstance(texts, dict):
        raise InvalidInput("Texts are a map from file to text.", "texts")
    document = body.get("document")
    return Change(texts or {}, NOTHING if document is None else document)


def _revision(body: dict[str, Any]) -> int:
    return _number(body, "revision")


def _number(body: dict[str, Any], name: str, default: int | None = None) -> int:
    value: Any = body.get(name, default)
    if not _is_seed(value):
        raise InvalidInput(f"`{name}` is a whole number from 0.", name)
    return value


def _is_seed(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER


def _text(body: dict[str, Any], name: str, default: str, longest: int) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or len(value) > longest:
        raise InvalidInput(f"`{name}` is a text of at most {longest} characters.", name)
    return value
