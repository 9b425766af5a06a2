"""YAML 1.2 as plain data, with the line of every place, bounded in size; errors name the line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from app.domain.errors import Problem, QuestionError

LARGEST_FILE = 1_000_000
MOST_NODES = 50_000
DEEPEST = 40

Lines = dict[str, int]
"""Dotted path (`parts.0.fields.mu`) to line, counted from 1."""


def read_yaml(text: str, file: str) -> tuple[Any, Lines]:
    """The data of a YAML document and the line of every place in it.

    Raises:
        QuestionError: the text is no YAML, too large, or nested beyond reason.
    """
    if len(text) > LARGEST_FILE:
        raise QuestionError([Problem(f"This file is larger than {LARGEST_FILE // 1000} kB.", file=file)])
    loader = YAML(typ="rt", pure=True)
    loader.version = "1.2"
    try:
        document = loader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        raise QuestionError([Problem(f"This is no YAML: {error.problem}.", file=file, line=line)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise QuestionError([Problem(f"This is no YAML: {error}.", file=file)]) from None
    reader = _Reader(file)
    return reader.plain(document, "", 1, 0), reader.lines


class _Reader:
    """Turns ruamel's annotated tree into plain data; aliases are counted each time they are used."""

    def __init__(self, file: str) -> None:
        self.lines: Lines = {}
        self._file = file
        self._nodes = 0

    def plain(self, node: Any, path: str, line: int, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > DEEPEST:
            says = f"More than {MOST_NODES} values or {DEEPEST} levels are too much for one file."
            raise QuestionError([Problem(says, path, self._file, line)])
        self.lines.setdefault(path, line)
        if isinstance(node, CommentedMap):
            return {
                key: self.plain(value, inner, at, depth + 1)
                for key, value, inner, at in _pairs(node, path, line)
            }
        if isinstance(node, CommentedSeq):
            return [
                self.plain(item, _join(path, str(i)), _line_of_item(node, i, line), depth + 1)
                for i, item in enumerate(node)
            ]
        return _scalar(node)


def _pairs(node: CommentedMap, path: str, line: int) -> Iterator[tuple[str, Any, str, int]]:
    for key, value in node.items():
        name = "true" if key is True else "false" if key is False else str(key)
        try:
            at = node.lc.key(key)[0] + 1
        except (KeyError, AttributeError, TypeError):
            at = line
        yield name, value, _join(path, name), at


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
        return bool(node) if type(node).__name__ == "ScalarBoolean" else int(node)
    if isinstance(node, float):
        return float(node)
    return str(node)


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
