"""Images of questions: kept under the hash of their content, so that what was made of a question once stays whole."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from app.domain.errors import NotFound
from app.services.operating.transactions import Transaction
from app.storage import blobs

# A tag: what an author wrote as text has no `<`, and values of attributes have no quotation marks.
_REFERENCE = re.compile(r'<img src="file:([^"]*)"')


@dataclass(frozen=True, slots=True)
class Image:
    """An image and its media type."""

    media: str
    content: bytes


def keep_images(tx: Transaction, package: Mapping[str, Any]) -> None:
    """Store the images of a package; those that are there already stay as they are."""
    # In one order for everybody: of two who store the same images neither waits for the other in a ring.
    for sha256, image in sorted((_hash(image), image) for image in _images(package)):
        blobs.keep(tx, sha256, image.media, image.content)


def image(tx: Transaction, sha256: str) -> Image:
    """The image of that hash.

    Raises:
        NotFound: there is none.
    """
    found = blobs.kept(tx, sha256)
    if found is None:
        raise NotFound("There is no such image.")
    return Image(*found)


def with_images(made: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """A variant as it was made of this package, its images at the addresses where everybody gets them."""
    files = package.get("files") or {}
    known: dict[str, str] = {}

    def address(name: str) -> str | None:
        if name not in files:
            return None
        if name not in known:
            known[name] = f"/files/{_hash(_image(files[name]))}/{quote(name)}"
        return known[name]

    return with_addresses(made, address)


def with_addresses(made: Mapping[str, Any], address: Callable[[str], str | None]) -> dict[str, Any]:
    """A variant whose images are at the addresses of their names; a file without address stays as it is."""

    def linked(html: str) -> str:
        return _REFERENCE.sub(put, html)

    def put(found: re.Match[str]) -> str:
        to = address(unquote(found[1]))
        return found[0] if to is None else f'<img src="{to}"'

    def widget(asked: Mapping[str, Any]) -> dict[str, Any]:
        return {**asked, "options": [linked(option) for option in asked.get("options") or ()]}

    def part(shown: Mapping[str, Any]) -> dict[str, Any]:
        fields = [{**field, "widget": widget(field["widget"])} for field in shown["fields"]]
        return {**shown, "prompt": linked(shown["prompt"]), "fields": fields}

    def solved(solution: Mapping[str, Any]) -> dict[str, Any]:
        parts = {name: linked(html) for name, html in (solution.get("parts") or {}).items()}
        told = {**solution, "stem": linked(solution.get("stem", "")), "parts": parts}
        if "hints" in solution:
            told["hints"] = {name: [linked(html) for html in hints] for name, hints in solution["hints"].items()}
        return told

    def translated(texts: Mapping[str, Any]) -> dict[str, Any]:
        parts = {
            name: {
                **one,
                "prompt": linked(one["prompt"]),
                "fields": {field: widget(asked) for field, asked in one["fields"].items()},
            }
            for name, one in texts["parts"].items()
        }
        return {**texts, "stem": linked(texts["stem"]), "parts": parts}

    shown, solution = made["shown"], made["solution"]
    asked = {**shown, "stem": linked(shown.get("stem", "")), "parts": [part(one) for one in shown["parts"]]}
    if "languages" in shown:
        asked["languages"] = {name: translated(texts) for name, texts in shown["languages"].items()}
    worked = solved(solution)
    if "languages" in solution:
        worked["languages"] = {name: solved(one) for name, one in solution["languages"].items()}
    return {**made, "shown": asked, "solution": worked}


def _images(package: Mapping[str, Any]) -> Iterator[Image]:
    for file in (package.get("files") or {}).values():
        if file["media"].startswith("image/"):
            yield _image(file)


def _image(file: Mapping[str, Any]) -> Image:
    return Image(file["media"], base64.b64decode(file["base64"]))


def _hash(image: Image) -> str:
    return hashlib.sha256(image.content).hexdigest()
