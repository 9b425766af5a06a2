"""What rides along in a file and is no drawing: another file behind a picture, a program in a document.

None of it would reach a page, which holds our own pixels and nothing else. But whoever sends it should hear of it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal, TypeAlias

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

ENDS = {"PNG": (b"IEND", 8), "JPEG": (b"\xff\xd9", 2)}
"""How the last piece of a picture begins, and after how many bytes the picture is over."""
OTHERS = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"%pdf-")
AT_LENGTH = 4096
MOST_OBJECTS = 20_000
"""Of a document that are looked at: a drawing has some hundred."""
DEEPEST = 40
Program: TypeAlias = Literal["script", "launch"]


def has_file_behind(content: bytes, kind: str) -> bool:
    """Whether another file follows a picture: an archive, a web page, a PDF.

    What phones add to their own pictures (further pictures, a short film, notes) is none.
    """
    mark, length = ENDS[kind]
    tail = content[content.rfind(mark) + length :][:AT_LENGTH].lstrip().lower()
    return tail.startswith(OTHERS) or zipfile.is_zipfile(io.BytesIO(content))


def program_in_document(content: bytes) -> Program | None:
    """What a PDF would run, when it is opened, by a button, wherever it is kept: a script of its own, or another
    program that it starts.
    """
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        numbers = [(number, 0) for number in reader.xref_objStm]
        numbers += [(number, generation) for generation, some in reader.xref.items() for number in some]
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError):
        # What cannot be looked through may still be drawn, and then it is pixels.
        return None
    launches = False
    for number, generation in numbers[:MOST_OBJECTS]:
        with suppress(
            PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError
        ):
            found = reader.get_object(IndirectObject(number, generation, reader))
            for one in _dictionaries(found, DEEPEST):
                if "/JS" in one or one.get("/S") == "/JavaScript":
                    return "script"
                launches |= one.get("/S") == "/Launch"
    return "launch" if launches else None


def _dictionaries(value: Any, depth: int) -> Iterator[DictionaryObject]:
    """The dictionaries within an object, without those of other objects that it refers to."""
    if depth < 0 or isinstance(value, IndirectObject):
        return
    if isinstance(value, DictionaryObject):
        yield value
        inner = [value.raw_get(key) for key in value]
    else:
        inner = list(value) if isinstance(value, ArrayObject) else []
    for one in inner:
        yield from _dictionaries(one, depth - 1)
