"""The question bank: its folder becomes question versions; a broken question keeps no other away."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import GradusError, Problem, QuestionError
from app.interchange import bank as folder
from app.services.transactions import Transaction
from app.storage import questions

if TYPE_CHECKING:
    from app.services.trials import Runs


@dataclass(frozen=True, slots=True)
class BankReport:
    """What loading the bank did, question by question, and what is wrong with the rest."""

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _NewVersion:
    question: str
    number: int
    title: str
    points: Fraction
    package: dict[str, Any]
    package_hash: str
    hashes: dict[str, str]


def load_bank(reading: Transaction, writing: Transaction, sandbox: Runs, path: Path) -> BankReport:
    """Store a new version of every question that is new or has changed; loading it again changes nothing.

    Raises:
        QuestionError: there is no such folder.
    """
    known = questions.newest_hashes(reading)
    fresh: list[_NewVersion] = []
    unchanged: list[str] = []
    problems: list[Problem] = []
    for loaded in folder.load_bank(path):
        problems += loaded.problems
        if loaded.package is None or loaded.problems:
            continue
        digest = _digest(loaded.package)
        number, before = known.get(loaded.id, (0, ""))
        if digest == before:
            unchanged.append(loaded.id)
            continue
        try:
            fresh.append(_prepare(sandbox, loaded.id, number + 1, loaded.package, digest))
        except QuestionError as error:
            problems += loaded.locate(error.problems)
        except GradusError as error:
            problems += loaded.locate([Problem(str(error))])
    added = [version.question for version in fresh if _store(writing, version)]
    return BankReport(tuple(added), tuple(unchanged), tuple(problems))


def _prepare(sandbox: Runs, question: str, number: int, package: dict[str, Any], digest: str) -> _NewVersion:
    found = sandbox.run("check", {"package": package}, lane="grading")["problems"]
    if found:
        raise QuestionError([Problem(**one) for one in found])
    hashes = sandbox.run("hashes", {"package": package}, lane="grading")
    parts = package["question"]["parts"]
    points = sum((_points(part) for part in parts), Fraction(0))
    return _NewVersion(question, number, _title(package), points, package, digest, hashes)


def _points(part: dict[str, Any]) -> Fraction:
    # Bonus parts and surveys do not count into what a question is worth.
    if part.get("bonus") or part.get("score") == "none":
        return Fraction(0)
    return Fraction(str(part["points"]))


def _title(package: dict[str, Any]) -> str:
    title = package["question"]["title"]
    if isinstance(title, dict):
        title = title.get("en") or next(iter(title.values()), "")
    return str(title)[:500]


def _store(tx: Transaction, version: _NewVersion) -> bool:
    return questions.add_version(
        tx,
        question=version.question,
        number=version.number,
        title=version.title,
        points=version.points,
        package=version.package,
        package_hash=version.package_hash,
        hashes=version.hashes,
    )


def _digest(package: dict[str, Any]) -> str:
    text = json.dumps(package, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
