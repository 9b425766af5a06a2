"""Questions out of the bank as zip files, and into it: what passes the check becomes a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.errors import GradusError, InvalidInput, Problem, QuestionError
from app.interchange.archives import Archive, ArchivedQuestion, read_archive, write_archive
from app.interchange.folder import Folder, LoadedQuestion, load_folder, to_json
from app.services.accounts.people import Person
from app.services.bank.bank import PreparedVersion, package_hash, prepare_version, store_version, title_of
from app.services.bank.bank_questions import NAME, begin_draft, stored_folder
from app.services.bank.bank_search import draft
from app.services.bank.trials import Runs
from app.services.operating.transactions import Transaction
from app.storage import questions
from app.storage.questions import VersionLine

State: TypeAlias = Literal["new", "new version", "unchanged"]
Choice: TypeAlias = Literal["version", "draft", "leave"]

SEEDS = tuple(range(5))
CHECK_SECONDS = 60.0
MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be saved."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One question folder of a zip file, compared with the bank and checked."""

    question: str
    path: str
    title: str
    state: State
    number: int
    problems: tuple[Problem, ...]
    more_problems: int
    left_out: tuple[str, ...]
    files: int
    drafted: bool
    folder: Folder
    prepared: PreparedVersion | None

    @property
    def may(self) -> tuple[Choice, ...]:
        """What can become of it; the first is what most people want."""
        found: list[Choice] = []
        if self.state != "unchanged" and self.prepared is not None:
            found.append("version")
        found.append("leave")
        if self.state != "unchanged" and not self.drafted and NAME.fullmatch(self.question):
            found.insert(0 if self.prepared is None else 1, "draft")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a zip file holds, before anything of it is stored."""

    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the questions of a zip file."""

    versions: tuple[tuple[str, int], ...] = ()
    drafts: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def export_zip(tx: Transaction, question: str, number: int | None = None) -> Export:
    """A version of a question (the newest one) as a zip file: every file byte for byte.

    Raises:
        NotFound: there is no such question or version.
    """
    folder = stored_folder(tx, question, number)
    name = question if number is None else f"{question}-v{number}"
    return Export(f"{name}.zip", write_archive({question: folder}))


def inspect_zip(reading: Transaction, sandbox: Runs, data: bytes) -> Inspection:
    """Look at every question folder of a zip file; nothing is stored.

    Raises:
        InvalidInput: this is no zip file, it is hostile, or it holds no question.
    """
    archive: Archive = read_archive(data)
    seen: dict[str, str] = {}
    findings = []
    for one in archive.questions:
        finding = _inspected(reading, sandbox, one, seen)
        seen.setdefault(finding.question, one.path)
        findings.append(finding)
    return Inspection(tuple(findings), archive.left_out)


def _inspected(reading: Transaction, sandbox: Runs, one: ArchivedQuestion, seen: Mapping[str, str]) -> Finding:
    loaded = load_folder(one.folder, one.name)
    newest = questions.newest_outline(reading, loaded.id)
    prepared: PreparedVersion | None = None
    problems: list[Problem] = []
    unchanged = newest is not None and _same(reading, newest, loaded, one.folder)
    if loaded.id in seen:
        says = f"The id `{loaded.id}` is taken by {seen[loaded.id] or 'the top folder'}."
        problems = loaded.locate([Problem(says, "id")])
    elif not unchanged:
        try:
            prepared = prepare_version(sandbox, one.folder, one.name)
            problems = _shortfalls(sandbox, loaded, prepared)
        except QuestionError as error:
            problems = error.problems
    return Finding(
        question=loaded.id[:200],
        path=one.path,
        title=title_of(loaded.package) if loaded.package is not None else "",
        state="unchanged" if unchanged else "new" if newest is None else "new version",
        number=0 if newest is None else newest.number,
        problems=tuple(problems[:MOST_PROBLEMS]),
        more_problems=max(0, len(problems) - MOST_PROBLEMS),
        left_out=one.left_out,
        files=len(one.folder),
        drafted=draft(reading, loaded.id[:200]) is not None,
        folder=one.folder,
        prepared=None if problems else prepared,
    )


def _same(reading: Transaction, newest: VersionLine, loaded: LoadedQuestion, folder: Folder) -> bool:
    kept = questions.source(reading, newest.id)
    if kept is not None:
        return kept == to_json(folder)
    return loaded.package is not None and package_hash(loaded.package) == newest.package_hash


def _shortfalls(sandbox: Runs, loaded: LoadedQuestion, prepared: PreparedVersion) -> list[Problem]:
    """What its recorded cases, its keys and its typical mistakes fall short of on a few variants."""
    payload = {"package": prepared.package, "seeds": list(SEEDS), "cases": True}
    try:
        found = sandbox.run("sweep", payload, lane="grading", seconds=CHECK_SECONDS)
    except QuestionError as error:
        return loaded.locate(error.problems)
    except GradusError as error:
        return loaded.locate([Problem(str(error))])
    return [Problem(says, file="/".join(loaded.folder.parts[-2:])) for says in found["shortfalls"]]


def import_zip(
    writing: Transaction, inspection: Inspection, choices: Mapping[int, Choice], by: Person, note: str = ""
) -> Imported:
    """Let become of each question (by its place in the list) what was chosen; without a choice it is left.

    Raises:
        InvalidInput: something was chosen that cannot become of it.
        Conflict: somebody stored a version or began a draft in the meantime.
    """
    for place, finding in enumerate(inspection.findings):  # all of them before the first is stored
        if choices.get(place, "leave") not in finding.may:
            raise InvalidInput(f"“{finding.question}” cannot become that.", f"choice-{place}")
    versions: list[tuple[str, int]] = []
    drafts: list[str] = []
    left: list[str] = []
    for place, finding in enumerate(inspection.findings):
        choice = choices.get(place, "leave")
        if choice == "version" and finding.prepared is not None:
            number = store_version(writing, finding.prepared, origin="import", author_id=by.id, note=note)
            versions.append((finding.question, number))
        elif choice == "draft":
            begin_draft(writing, finding.question, finding.folder, by, finding.title, finding.number)
            drafts.append(finding.question)
        else:
            left.append(finding.question)
    return Imported(tuple(versions), tuple(drafts), tuple(left))


def default_choices(findings: Sequence[Finding]) -> dict[int, Choice]:
    """What most people want: versions of what passes, drafts of what does not."""
    return {place: finding.may[0] for place, finding in enumerate(findings)}
