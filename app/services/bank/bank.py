"""The question bank: folders become question versions; a broken question keeps no other away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.domain.errors import Conflict, GradusError, Problem, QuestionError
from app.interchange import bank as folder
from app.interchange.folder import Folder, LoadedQuestion, from_json, load_folder, read_folder, to_json
from app.interchange.packages import write_package
from app.services.bank.bank_forms import forms_of
from app.services.bank.images import keep_images
from app.services.operating.transactions import Transaction
from app.storage import bank_index, questions

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

Origin: TypeAlias = Literal["bank", "editor", "import", "api"]

# Addresses of our own stand in these places below /bank/.
TAKEN = frozenset({"new", "import", "export"})
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class BankReport:
    """What loading the bank did, question by question, and what is wrong with the rest."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PreparedVersion:
    """A question that has passed the check and waits for being stored."""

    question: str
    title: str
    points: Fraction
    package: dict[str, Any]
    package_hash: str
    hashes: dict[str, str]
    folder: dict[str, Any]
    forms: tuple[PreparedVersion, ...] = ()
    """The other forms of the question, each a question of its own."""


def prepare_version(sandbox: Runs, files: Mapping[str, bytes], name: str = "") -> PreparedVersion:
    """Check a question folder and compute what storing it needs: the slow half, to be done before writing.

    `name` ("exam/question", or nothing) leads the names of files in problems.

    Raises:
        QuestionError: something is wrong with the question; every problem with file and line.
    """
    loaded = load_folder(files, name)
    if loaded.package is None:
        raise QuestionError(loaded.problems)
    return _prepare(sandbox, loaded, loaded.package, files)


def store_version(
    writing: Transaction, prepared: PreparedVersion, *, origin: Origin, author_id: int | None = None, note: str = ""
) -> int:
    """Store a checked question as its newest version, with its folder; its number.

    What equals the newest version to the last byte makes no new one.

    Raises:
        Conflict: somebody else stored a version at the same moment.
    """
    newest = questions.newest_outline(writing, prepared.question)
    if newest is not None and newest.package_hash == prepared.package_hash:
        if questions.source(writing, newest.id) in (None, prepared.folder):
            return newest.number
    number = newest.number + 1 if newest is not None else 1
    if not _store(writing, prepared, number, origin, author_id, note):
        raise Conflict(f"Somebody else has just published version {number} of “{prepared.question}”.")
    writing.record(author_id, f"stored a question version ({origin})", f"question {prepared.question}", number=number)
    for form in prepared.forms:
        store_version(writing, form, origin=origin, author_id=author_id, note=note)
    return number


def load_bank(reading: Transaction, writing: Transaction, sandbox: Runs, path: Path) -> BankReport:
    """Store a new version of every question that is new or has changed; loading it again changes nothing.

    A folder that equals any stored version is unchanged: a later one was made in the editor. Versions that the index
    does not know about are put into it.

    Raises:
        QuestionError: there is no such folder.
    """
    known = questions.numbers_by_hash(reading)
    stale = bank_index.stale(reading)
    fresh: list[tuple[int, PreparedVersion]] = []
    unchanged: list[str] = []
    problems: list[Problem] = []
    for loaded in folder.load_bank(path):
        problems += loaded.problems
        if loaded.package is None or loaded.problems:
            continue
        before = known.get(loaded.id, {})
        if package_hash(loaded.package) in before:
            unchanged.append(loaded.id)
            continue
        try:
            prepared = _prepare(sandbox, loaded, loaded.package, _files_of(loaded, loaded.package))
        except QuestionError as error:
            problems += error.problems
            continue
        for one in (prepared, *prepared.forms):
            numbers = known.get(one.question, {})
            if one.package_hash not in numbers:
                fresh.append((max(numbers.values(), default=0) + 1, one))
    for version_id in stale:
        _index(writing, version_id)
    added = [one.question for number, one in fresh if _store(writing, one, number, "bank", None, "")]
    return BankReport(tuple(added), tuple(unchanged), tuple(problems))


def index_bank(reading: Transaction, writing: Transaction) -> int:
    """Put versions that were stored before there was an index into it; how many there were."""
    stale = bank_index.stale(reading)
    for version_id in stale:
        _index(writing, version_id)
    return len(stale)


def _index(tx: Transaction, version_id: int) -> None:
    questions.reindex(tx, version_id)
    # Versions as old as that were stored before images were.
    keep_images(tx, questions.package(tx, version_id))


def folder_of(tx: Transaction, version_id: int) -> Folder:
    """The folder of a stored version, byte for byte; written from its package where nobody kept it."""
    kept = questions.source(tx, version_id)
    return write_package(questions.package(tx, version_id)) if kept is None else from_json(kept)


def package_hash(package: Mapping[str, Any]) -> str:
    """What tells packages apart."""
    text = json.dumps(package, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _files_of(loaded: LoadedQuestion, package: dict[str, Any]) -> Folder:
    """The files that a question was loaded from, if they are still the same."""
    try:
        files = read_folder(loaded.folder)
    except QuestionError:
        return write_package(package)
    again = load_folder(files, "/".join(loaded.folder.parts[-2:]))
    return files if again.package == package else write_package(package)


def _prepare(
    sandbox: Runs, loaded: LoadedQuestion, package: dict[str, Any], files: Mapping[str, bytes]
) -> PreparedVersion:
    try:
        if loaded.id in TAKEN:
            says = f"A question cannot be called `{loaded.id}`: that is the address of another page."
            raise QuestionError([Problem(says, "id")])
        found = sandbox.run("check", {"package": package}, lane="grading")["problems"]
        if found:
            raise QuestionError([Problem(**one) for one in found])
        printed, *others = forms_of(package)
        packages = [other.package for other in others]
        forms = tuple(_version(sandbox, one, package_hash(one), write_package(one)) for one in packages)
        return replace(_version(sandbox, printed.package, package_hash(package), files), forms=forms)
    except QuestionError as error:
        raise QuestionError(loaded.locate(error.problems)) from None
    except GradusError as error:
        raise QuestionError(loaded.locate([Problem(str(error))])) from error


def _version(sandbox: Runs, package: dict[str, Any], hashed: str, files: Mapping[str, bytes]) -> PreparedVersion:
    points = sum((_points(part) for part in package["question"]["parts"]), Fraction(0))
    hashes = sandbox.run("hashes", {"package": package}, lane="grading")
    return PreparedVersion(
        package["question"]["id"], title_of(package), points, package, hashed, hashes, to_json(files)
    )


def _points(part: dict[str, Any]) -> Fraction:
    # Bonus parts and surveys do not count into what a question is worth.
    if part.get("bonus") or part.get("score") == "none":
        return Fraction(0)
    return Fraction(str(part["points"]))


def title_of(package: Mapping[str, Any]) -> str:
    """The title for lists, in English if there is one."""
    title = package["question"]["title"]
    if isinstance(title, dict):
        title = title.get("en") or next(iter(title.values()), "")
    return str(title)[:500]


def _store(
    tx: Transaction, version: PreparedVersion, number: int, origin: Origin, author_id: int | None, note: str
) -> bool:
    stored = questions.add_version(
        tx,
        question=version.question,
        number=number,
        title=version.title,
        points=version.points,
        package=version.package,
        package_hash=version.package_hash,
        hashes=version.hashes,
    )
    if stored is None:
        return False
    keep_images(tx, version.package)
    questions.add_source(tx, stored, version.folder, origin, author_id, note.strip()[:LONGEST_NOTE])
    return True
