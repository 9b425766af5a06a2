"""The files of a draft, and what a browser asks to change about them; pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from app.domain.errors import InvalidInput, Problem, QuestionError
from app.interchange.folder import LARGEST_ATTACHMENT, MEDIA, Folder, bounded, folder_problems, is_text
from app.interchange.rewriting import rewrite
from app.interchange.yaml import DEEPEST, LARGEST_FILE, LONGEST_INTEGER, MOST_NODES, read_again, read_yaml

DOCUMENT = "question.yaml"
CASES = "cases.yaml"
LONGEST_NAME = 200
NOTHING: Any = object()
"""No document was sent (which is not the same as the document `null`)."""

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF87a", ".gif"), (b"GIF89a", ".gif"))


@dataclass(frozen=True, slots=True)
class Image:
    """A file beside the texts."""

    name: str
    media: str
    bytes: int


def texts_of(folder: Mapping[str, bytes]) -> dict[str, str]:
    """The files that are written by hand, as far as they are text."""
    texts = {}
    for name, content in sorted(folder.items()):
        if is_text(name):
            texts[name] = content.decode("utf-8-sig", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return texts


def images_of(folder: Mapping[str, bytes]) -> list[Image]:
    """All other files."""
    names = sorted(name for name in folder if name.startswith("files/"))
    return [
        Image(name.removeprefix("files/"), MEDIA.get(PurePosixPath(name).suffix.lower(), ""), len(folder[name]))
        for name in names
    ]


def read_document(folder: Mapping[str, bytes]) -> Any:
    """The data of question.yaml; None where it cannot be read."""
    try:
        return read_yaml(texts_of(folder).get(DOCUMENT, ""), DOCUMENT)[0]
    except QuestionError:
        return None


def with_texts(folder: Mapping[str, bytes], texts: Mapping[str, Any]) -> Folder:
    """The folder with these texts; None takes one away.

    Raises:
        InvalidInput: a question has no such file, or it is too large.
    """
    changed = dict(folder)
    for name, text in texts.items():
        if not isinstance(name, str) or not is_text(name):
            raise InvalidInput(f"A question has no text called “{str(name)[:100]}”.", str(name)[:100])
        if text is None:
            changed.pop(name, None)
            continue
        if not isinstance(text, str):
            raise InvalidInput("A file is a text.", name)
        changed[name] = text.encode()
        if len(changed[name]) > LARGEST_FILE:
            raise InvalidInput(f"This file is larger than {LARGEST_FILE // 1000} kB.", name)
    bounded(changed)
    return changed


def with_document(folder: Mapping[str, bytes], document: Any) -> Folder:
    """The folder with question.yaml rewritten so that it holds this document.

    Raises:
        InvalidInput: the document is larger than any question.
    """
    text = rewrite(texts_of(folder).get(DOCUMENT, ""), checked(document), DOCUMENT)
    return with_texts(folder, {DOCUMENT: text})


def checked(document: Any) -> Any:
    """A document that can be written as YAML and read again.

    Raises:
        InvalidInput: it is too deep, too long, or holds what no file may hold.
    """
    left = MOST_NODES

    def walk(node: Any, depth: int) -> None:
        nonlocal left
        left -= 1
        if left < 0 or depth > DEEPEST:
            raise InvalidInput(f"More than {MOST_NODES} values or {DEEPEST} levels are too much for one question.")
        if isinstance(node, dict):
            for name, value in node.items():
                if len(name) > LONGEST_NAME:
                    raise InvalidInput(f"A name has at most {LONGEST_NAME} characters.", name[:LONGEST_NAME])
                walk(value, depth + 1)
        elif isinstance(node, list):
            for value in node:
                walk(value, depth + 1)
        elif isinstance(node, float) and not math.isfinite(node):
            raise InvalidInput("A number is finite; infinity has no place here.")
        elif isinstance(node, int) and node.bit_length() > LONGEST_INTEGER:
            raise InvalidInput("This number has too many digits.")

    walk(document, 0)
    return document


def problems_of_folder(folder: Mapping[str, bytes], question: str) -> list[Problem]:
    """What is wrong with the files by themselves, seen without any grader."""
    problems = folder_problems(folder)
    try:
        document, lines = read_again(texts_of(folder).get(DOCUMENT, ""), DOCUMENT)
    except QuestionError:
        return problems  # It says so itself.
    written = document.get("id") if isinstance(document, dict) else None
    renamed = [replace(one, file=DOCUMENT, line=lines.get("id")) for one in id_problems(written, question)]
    return [*problems, *renamed]


def id_problems(written: Any, question: str) -> list[Problem]:
    """The id of a draft stays what it was: it is the question's address."""
    if written == question or not isinstance(written, str) or not written:
        return []
    return [Problem(f"The id of this question stays `{question}`; a copy with another id is made in the bank.", "id")]


def title_of(document: Any, before: str) -> str:
    """What lists call the draft."""
    title = document.get("title") if isinstance(document, dict) else None
    if isinstance(title, dict):
        title = title.get("en") or next(iter(title.values()), "")
    return title[:500] if isinstance(title, str) and title.strip() else before


def with_image(folder: Mapping[str, bytes], name: str, content: bytes) -> tuple[Folder, str]:
    """The folder with one more image, and the name it got. What it is, its content decides.

    Raises:
        InvalidInput: it is no image, or too large.
    """
    if len(content) > LARGEST_ATTACHMENT:
        raise InvalidInput(f"An image has at most {LARGEST_ATTACHMENT // 1_000_000} MB.", "file")
    kind = next((suffix for signature, suffix in _SIGNATURES if content.startswith(signature)), None)
    if kind is None or len(content) < 32:
        raise InvalidInput("This file is no PNG, JPEG or GIF image.", "file")
    wanted = _file_name(name, kind)
    stem, number = wanted.removesuffix(kind), 1
    while f"files/{wanted}" in folder and folder[f"files/{wanted}"] != content:
        number += 1
        wanted = f"{stem}-{number}{kind}"
    changed = dict(folder) | {f"files/{wanted}": content}
    bounded(changed)
    return changed, wanted


def _file_name(name: str, kind: str) -> str:
    plain = (
        unicodedata.normalize("NFKD", PurePosixPath(name.replace("\\", "/")).stem).encode("ascii", "ignore").decode()
    )
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-")[:60]
    return f"{stem or 'image'}{kind}"


def slug(title: str) -> str:
    """An id made from a title."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
