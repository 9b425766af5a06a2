"""YAML 1.2 as plain data, with the line of every place, bounded in size; errors name the line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, CommentedSet, TaggedScalar
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from app.domain.errors import Problem, QuestionError
from app.interchange.yaml_events import NotPlain, read_plain

LARGEST_FILE = 500_000
MOST_NODES = 50_000
DEEPEST = 40
LONGEST_INTEGER = 4096
"""In bits, as in the question language."""

NUMBER_TOO_LONG = "This number has too many digits."
TOO_MANY_DIGITS = re.compile(r"[0-9_]{4300}")
TOO_MUCH = f"More than {MOST_NODES} values or {DEEPEST} levels are too much for one file."

Lines = dict[str, int]
"""Dotted path (`parts.0.fields.mu`) to line, counted from 1."""


def read_yaml(text: str, file: str) -> tuple[Any, Lines]:
    """The data of a YAML document and the line of every place in it.

    Raises:
        QuestionError: the text is no YAML, too large, or holds what has no place in a question.
    """
    if len(text) > LARGEST_FILE:
        raise QuestionError([Problem(f"This file is larger than {LARGEST_FILE // 1000} kB.", file=file)])
    try:
        return read_plain(text, MOST_NODES, DEEPEST)
    except NotPlain:
        return _read_carefully(text, file)


def _read_carefully(text: str, file: str) -> tuple[Any, Lines]:
    loader = YAML(typ="rt", pure=True)
    loader.version = "1.2"
    loader.max_depth = DEEPEST
    loader.composer.warn_double_anchors = False  # The later anchor holds, as YAML has it.
    try:
        document = loader.load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        says, line = _complaint(error, text)
        raise QuestionError([Problem(says, file=file, line=line)]) from None
    reader = _Reader(file)
    return reader.plain(document, "", 1, 0), reader.lines


@lru_cache(maxsize=64)
def read_again(text: str, file: str) -> tuple[Any, Lines]:
    """As `read_yaml`, but remembered, for texts that are looked at many times. Nobody may change what it gives.

    Raises:
        QuestionError: as `read_yaml`.
    """
    return read_yaml(text, file)


def _complaint(error: Exception, text: str) -> tuple[str, int | None]:
    """What ruamel says, as one sentence with a line."""
    line = None
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
    match error:
        case MaxDepthExceededError() | RecursionError():
            return TOO_MUCH, line
        case DuplicateKeyError():
            # The key stands in the sentence between the first two quotation marks.
            return f"The key `{str(error.problem).split(chr(34))[1]}` is given twice.", line
        case MarkedYAMLError():
            problem = str(error.problem or error.context)
            # Some sentences of ruamel begin in `context` and end in `problem`.
            lead = f"{error.context}, " if problem.startswith("but ") else ""
            return f"This is no YAML: {lead}{problem}.", line
        case ReaderError():
            line = text.count("\n", 0, error.position) + 1
            return f"The character {ord(text[error.position]):#06x} is not allowed here.", line
        case ValueError() if digits := TOO_MANY_DIGITS.search(text):
            return NUMBER_TOO_LONG, text.count("\n", 0, digits.start()) + 1
        case _:
            return f"This is no YAML: {str(error).splitlines()[0].rstrip('.')}.", line


class _Reader:
    """Turns ruamel's annotated tree into plain data; aliases are counted each time they are used."""

    def __init__(self, file: str) -> None:
        self.lines: Lines = {}
        self._file = file
        self._nodes = 0

    def plain(self, node: Any, path: str, line: int, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > DEEPEST:
            raise self._problem(TOO_MUCH, path, line)
        self.lines.setdefault(path, line)
        if isinstance(node, CommentedMap):
            return dict(self._pairs(node, path, line, depth))
        if isinstance(node, CommentedSeq):
            return [
                self.plain(item, _join(path, str(i)), _line_of_item(node, i, line), depth + 1)
                for i, item in enumerate(node)
            ]
        try:
            return _scalar(node)
        except ValueError as error:
            raise self._problem(str(error), path, line) from None

    def _pairs(self, node: CommentedMap, path: str, line: int, depth: int) -> Iterator[tuple[str, Any]]:
        seen = set()
        for key, value in node.items():
            at = _line_of_key(node, key, line)
            if not isinstance(key, (str, int, float)):
                raise self._problem("A key is a text, not a list, a map or nothing.", path, at)
            try:
                scalar = _scalar(key)
            except ValueError as error:
                raise self._problem(str(error), path, at) from None
            # A tick-box answer `true` as a key is a text like all keys.
            name = str(scalar).lower() if isinstance(scalar, bool) else str(scalar)
            if name in seen:
                raise self._problem(f"The key `{name}` is given twice.", path, at)
            seen.add(name)
            yield name, self.plain(value, _join(path, name), at, depth + 1)

    def _problem(self, says: str, path: str, line: int) -> QuestionError:
        steps = path.split(".")
        shown = ".".join([*steps[:6], "…"]) if len(steps) > 7 else path
        return QuestionError([Problem(says, shown, self._file, line)])


def _line_of_key(node: CommentedMap, key: Any, line: int) -> int:
    try:
        return int(node.lc.key(key)[0]) + 1
    except (KeyError, AttributeError, TypeError):
        return line  # Merged in from elsewhere by `<<`.


def _line_of_item(node: CommentedSeq, i: int, line: int) -> int:
    try:
        return int(node.lc.item(i)[0]) + 1
    except (KeyError, AttributeError, TypeError):
        return line


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _scalar(node: Any) -> Any:
    if node is None or isinstance(node, bool):
        return node
    if isinstance(node, int):
        # ruamel keeps its own bool and int classes; a plain bool arrives as ScalarBoolean.
        if type(node).__name__ == "ScalarBoolean":
            return bool(node)
        if node.bit_length() > LONGEST_INTEGER:
            raise ValueError(NUMBER_TOO_LONG)
        return int(node)
    if isinstance(node, float):
        if not math.isfinite(node):
            raise ValueError("A number is finite; “not a number” and infinity have no place here.")
        return float(node)
    if isinstance(node, (TaggedScalar, CommentedSet, bytes)):
        raise ValueError("Tags such as `!!set` have no place here.")
    text = str(node)
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("This text holds a character that no text may hold (NUL or half a character).")
    return text


def line_of(lines: Lines, path: str) -> int | None:
    """The line of a place, or of the nearest place around it."""
    steps = path.split(".") if path else []
    while True:
        at = ".".join(steps)
        if at in lines:
            return lines[at]
        if not steps:
            return None
        steps.pop()
