"""The bank on disk: a folder per question. A question that cannot be loaded never keeps the others from loading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from app.domain.errors import Problem, QuestionError
from app.interchange.folder import LARGEST_ATTACHMENT, LoadedQuestion, load_question
from app.interchange.yaml import LARGEST_FILE

__all__ = ["LARGEST_ATTACHMENT", "LoadedQuestion", "called", "find_question", "load_bank", "load_question"]


def load_bank(root: Path) -> list[LoadedQuestion]:
    """All questions below a folder, sorted by folder; of two with the same id the second is left out.

    Raises:
        QuestionError: there is no such folder.
    """
    if not root.is_dir():
        raise QuestionError([Problem(f"There is no folder {root} to read questions from.")])
    loaded = [load_question(file.parent) for file in sorted(root.glob("*/*/question.yaml"))]
    seen: dict[str, LoadedQuestion] = {}
    for one in loaded:
        if one.id in seen:
            other = seen[one.id].folder
            says = f"The id `{one.id}` is taken by {other.parent.name}/{other.name}."
            one.problems += one.locate([Problem(says, "id")])
            one.package = None
        elif one.package is not None:  # What cannot be used takes no id from what can.
            seen[one.id] = one
    return loaded


def find_question(root: Path, ref: str) -> LoadedQuestion | None:
    """The question that has this id or carries this item, reading no more files than needed.

    Raises:
        QuestionError: there is no such folder.
    """
    if not root.is_dir():
        raise QuestionError([Problem(f"There is no folder {root} to read questions from.")])
    folders = sorted(file.parent for file in root.glob("*/*/question.yaml"))
    named = [folder for folder in folders if folder.name == ref]
    mentioning = (folder for folder in folders if folder.name != ref and _mentions(folder, ref))
    return called(map(load_question, chain(named, mentioning)), ref)


def called(questions: Iterable[LoadedQuestion], ref: str) -> LoadedQuestion | None:
    """The question with this id or this item: where several carry the item, the one that has its first form."""
    other = None
    for one in questions:
        if ref == one.id or ref in one.first_forms:
            return one
        if other is None and ref in one.items:
            other = one
    return other


def _mentions(folder: Path, ref: str) -> bool:
    file = folder / "question.yaml"
    try:
        text = file.read_text(encoding="utf-8-sig") if file.stat().st_size <= LARGEST_FILE else ""
    except (OSError, ValueError):
        return False
    return re.search(rf"\b(?:id|item):\s*[\"']?{re.escape(ref)}[\"']?\s*(?:[,}}#]|$)", text, re.MULTILINE) is not None
