"""Changing the data of a YAML text and nothing else of it: what did not change keeps its comments, style and quotes.

The text is cut at the marks of ruamel's nodes, and only the pieces whose value changed are written anew. Whether the
result reads as the data that was asked for is checked; if not (anchors, tags, merged maps), all of it is written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from app.domain.errors import QuestionError
from app.interchange import yaml_text
from app.interchange.matching import aligned, renamed, same
from app.interchange.yaml import read_again

Keyed: TypeAlias = "tuple[str, Node, Node]"


class _TooHard(Exception):
    """The text holds what cannot be cut and put together again."""


def rewrite(text: str, document: Any, file: str = "question.yaml") -> str:
    """The YAML text of that file with this data in it; the very same text where nothing changed."""
    try:
        old = read_again(text, file)[0]
        if same(old, document):
            return text
        result = _Cutter(text.replace("\r\n", "\n")).document(_composed(text), old, document)
        if same(read_again(result, file)[0], document):
            return result
    except (QuestionError, YAMLError, _TooHard, RecursionError):
        pass
    return yaml_text.block(document) + "\n"


@lru_cache(maxsize=16)
def _composed(text: str) -> Node:
    # An editor sends the same text many times, with another document each time. Nobody changes what is given here.
    loader = YAML(typ="safe", pure=True)
    loader.version = "1.2"
    root: Node | None = loader.compose(text.replace("\r\n", "\n"))
    if root is None:
        raise _TooHard
    return root


@dataclass(slots=True)
class _Piece:
    """One entry or item: comment lines above it, itself without its indentation, and lines below that stay with it."""

    lead: str
    body: str
    tail: str = ""


class _Cutter:
    """Cuts one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: set[int] = set()

    def document(self, root: Node, old: Any, new: Any) -> str:
        start, end = root.start_mark.index, self._end(root)
        return self._text[:start] + self._value(root, old, new, 0) + self._text[end:]

    def _value(self, node: Node, old: Any, new: Any, column: int) -> str:
        """The text of a node with its new value; `column` is where the map or list around it begins."""
        if same(old, new):
            return self._text[node.start_mark.index : self._end(node)]
        if id(node) in self._seen or node.anchor is not None:
            raise _TooHard
        self._seen.add(id(node))
        if isinstance(node, MappingNode) and isinstance(new, dict) and new:
            return self._flow_map(node, old, new) if node.flow_style else self._block_map(node, old, new)
        if isinstance(node, SequenceNode) and isinstance(new, list) and new:
            return self._flow_list(node, old, new) if node.flow_style else self._block_list(node, old, new)
        if self._is_inline(node) and (not isinstance(new, str) or "\n" in new or not isinstance(node, ScalarNode)):
            return yaml_text.after_colon(new, column)[1:]
        return self._scalar(node, new)

    def _scalar(self, node: Node, new: Any) -> str:
        """A short text keeps the quotes that it had."""
        if isinstance(node, ScalarNode) and isinstance(new, str) and "\n" not in new:
            if node.style == '"':
                quoted = json.dumps(new, ensure_ascii=False)
                return quoted if new.isprintable() else yaml_text.scalar(new)
            if node.style == "'" and new.isprintable():
                return "'" + new.replace("'", "''") + "'"
        return yaml_text.scalar(new)

    @staticmethod
    def _is_inline(node: Node) -> bool:
        return isinstance(node, ScalarNode) or bool(getattr(node, "flow_style", False))

    def _end(self, node: Node) -> int:
        """Where a node ends: a block with its last line (ruamel counts comments and blank lines below to it)."""
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        if isinstance(node, ScalarNode):
            if node.style in ("|", ">"):
                return start + len(self._text[start:end].rstrip())
            return end
        if self._is_inline(node) or not node.value:
            return end
        last = node.value[-1]
        if isinstance(last, tuple):
            name, value = last
            empty = isinstance(value, ScalarNode) and not value.value and value.style is None
            # Nothing at all after a colon has no place of its own.
            return self._line_end(self._colon(name) if empty else self._end(value))
        if isinstance(last, ScalarNode) and not last.value and last.style is None:
            raise _TooHard
        return self._line_end(self._end(last))

    def _colon(self, name: Node) -> int:
        found = re.compile(r"\s*:").match(self._text, self._end(name))
        if found is None:
            raise _TooHard
        return found.end()

    def _line_end(self, index: int) -> int:
        found = self._text.find("\n", index)
        return len(self._text) if found < 0 else found

    # --- block maps and lists --------------------------------------------------------------------------------------

    def _block_map(self, node: MappingNode, old: dict[str, Any], new: dict[str, Any]) -> str:
        column = int(node.start_mark.column)
        entries = self._entries(node, old)
        bounds = [(name.start_mark.index, self._entry_end(name, value)) for _, name, value in entries]
        places = {key: place for place, (key, _, _) in enumerate(entries)}
        origin = renamed(old, new)
        pieces = self._pieces(bounds, column)
        chosen: list[tuple[int | None, _Piece]] = []
        for key, value in new.items():
            before = origin.get(key)
            if before is None:
                chosen.append((None, _Piece("", yaml_text.entry(key, value, column))))
                continue
            place = places[before]
            _, name, inner = entries[place]
            body = pieces[place].body
            if key != before or not same(old[before], value):
                body = self._entry(name, inner, key, before, old[before], value, column)
            chosen.append((place, _Piece(pieces[place].lead, body, pieces[place].tail)))
        return _assembled(chosen, pieces, column)

    def _entry(self, name: Node, node: Node, key: str, before: str, old: Any, new: Any, column: int) -> str:
        start, end = name.start_mark.index, self._entry_end(name, node)
        written = self._text[start : self._end(name)] if key == before else yaml_text.key(key)
        empty = isinstance(node, ScalarNode) and not node.value and node.style is None
        grows = isinstance(new, (dict, list)) and bool(new)
        if empty or (not self._is_inline(node) and not (type(old) is type(new) and grows)):
            return written + ":" + yaml_text.after_colon(new, column)
        value = self._value(node, old, new, column)
        between = self._text[self._end(name) : node.start_mark.index]
        after = self._text[self._end(node) : self._line_end(self._end(node))]
        if self._is_inline(node) and value.startswith("\n"):
            return written + between.rstrip() + after + value
        return written + between + value + self._text[self._end(node) : end]

    def _entries(self, node: MappingNode, old: dict[str, Any]) -> list[Keyed]:
        names = list(old)
        if len(names) != len(node.value):
            raise _TooHard  # merged in by `<<`
        found = [(key, name, value) for key, (name, value) in zip(names, node.value, strict=True)]
        if any(name.start_mark.column != node.start_mark.column for _, name, _ in found) and not node.flow_style:
            raise _TooHard  # `? name`
        return found

    def _entry_end(self, name: Node, value: Node) -> int:
        empty = isinstance(value, ScalarNode) and not value.value and value.style is None
        return self._line_end(self._colon(name) if empty else self._end(value))

    def _block_list(self, node: SequenceNode, old: list[Any], new: list[Any]) -> str:
        column = int(node.start_mark.column)
        bounds: list[tuple[int, int]] = []
        start = int(node.start_mark.index)
        for inner in node.value:
            if bounds:
                start = self._next_dash(bounds[-1][1])
            bounds.append((start, self._line_end(self._end(inner))))
        pieces = self._pieces(bounds, column)
        chosen: list[tuple[int | None, _Piece]] = []
        for value, place in zip(new, aligned(old, new), strict=True):
            if place is None:
                chosen.append((None, _Piece("", yaml_text.item(value, column))))
                continue
            body = pieces[place].body
            if not same(old[place], value):
                body = self._item(node.value[place], bounds[place], old[place], value, column)
            chosen.append((place, _Piece(pieces[place].lead, body, pieces[place].tail)))
        return _assembled(chosen, pieces, column)

    def _item(self, node: Node, bounds: tuple[int, int], old: Any, new: Any, column: int) -> str:
        start, end = bounds
        if not self._is_inline(node) and not (type(old) is type(new) and new):
            return yaml_text.item(new, column)
        lead = self._text[start : node.start_mark.index]
        if self._is_inline(node) and not isinstance(node, ScalarNode) and type(old) is not type(new):
            return yaml_text.item(new, column)
        if isinstance(node, ScalarNode) and (isinstance(new, (dict, list)) or "\n" in str(new)):
            return yaml_text.item(new, column)
        return lead + self._value(node, old, new, column) + self._text[self._end(node) : end]

    def _next_dash(self, index: int) -> int:
        found = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?=-)").match(self._text, index)
        if found is None:
            raise _TooHard
        return found.end()

    def _pieces(self, bounds: Sequence[tuple[int, int]], column: int) -> list[_Piece]:
        """Cut between the entries: comment lines right above an entry at its column are its own."""
        pieces: list[_Piece] = []
        for place, (start, end) in enumerate(bounds):
            lead = ""
            if place:
                gap = self._text[bounds[place - 1][1] + 1 : start]
                lines = gap.split("\n")[:-1]
                own = len(lines)
                while own and lines[own - 1].startswith(" " * column + "#"):
                    own -= 1
                lead = "".join(f"{line}\n" for line in lines[own:])
                pieces[-1].tail = "".join(f"{line}\n" for line in lines[:own])
            pieces.append(_Piece(lead, self._text[start:end]))
        return pieces

    # --- between braces --------------------------------------------------------------------------------------------

    def _flow_map(self, node: MappingNode, old: dict[str, Any], new: dict[str, Any]) -> str:
        entries = self._entries(node, old)
        if list(old) == list(new):
            return self._in_place(node, [value for _, _, value in entries], list(old.values()), list(new.values()))
        origin = renamed(old, new)
        by_key = {key: (name, value) for key, name, value in entries}
        pieces = []
        for key, value in new.items():
            before = origin.get(key)
            name, inner = by_key[before] if before is not None else (None, None)
            if name is None or inner is None or before is None:
                pieces.append(f"{yaml_text.key(key)}: {yaml_text.flow(value)}")
                continue
            written = self._text[name.start_mark.index : self._end(name)] if key == before else yaml_text.key(key)
            pieces.append(f"{written}: {self._flow_value(inner, old[before], value)}")
        return self._enclosed(node, pieces, "{", "}")

    def _flow_list(self, node: SequenceNode, old: list[Any], new: list[Any]) -> str:
        order = aligned(old, new)
        if order == list(range(len(old))):
            return self._in_place(node, node.value, old, new)
        pieces = [
            yaml_text.flow(value) if place is None else self._flow_value(node.value[place], old[place], value)
            for value, place in zip(new, order, strict=True)
        ]
        return self._enclosed(node, pieces, "[", "]")

    def _in_place(self, node: Node, nodes: Sequence[Node], old: Sequence[Any], new: Sequence[Any]) -> str:
        text, at = "", int(node.start_mark.index)
        for inner, before, value in zip(nodes, old, new, strict=True):
            if not same(before, value):
                text += self._text[at : inner.start_mark.index]
                if inner.start_mark.index == inner.end_mark.index:
                    text += " "  # nothing stood there
                text += self._flow_value(inner, before, value)
                at = int(inner.end_mark.index)
        return text + self._text[at : node.end_mark.index]

    def _flow_value(self, node: Node, old: Any, new: Any) -> str:
        if same(old, new):
            return self._text[node.start_mark.index : node.end_mark.index] or "null"
        if node.anchor is not None or id(node) in self._seen:
            raise _TooHard
        self._seen.add(id(node))
        if isinstance(node, MappingNode) and isinstance(new, dict) and new and old:
            return self._flow_map(node, old, new)
        if isinstance(node, SequenceNode) and isinstance(new, list) and new and old:
            return self._flow_list(node, old, new)
        if isinstance(node, ScalarNode) and node.style in ("'", '"') and isinstance(new, str):
            return self._scalar(node, new)
        return yaml_text.flow(new)

    def _enclosed(self, node: Node, pieces: Sequence[str], opening: str, closing: str) -> str:
        """Entries below each other stay so."""
        text = self._text[node.start_mark.index : node.end_mark.index]
        inner = text[1:-1]
        if "\n" not in inner:
            padding = " " if inner.startswith(" ") and inner.endswith(" ") else ""
            return opening + padding + ", ".join(pieces) + padding + closing
        indented = re.search(r"\n([ \t]*)[^\s\]}]", inner)
        indent = indented[1] if indented else "  "
        before = f"\n{indent}" if inner.lstrip(" ").startswith("\n") else ""
        last = re.search(r",?(\s*)$", inner)
        return opening + before + f",\n{indent}".join(pieces) + (last[1] if last else "") + closing


def _assembled(chosen: Sequence[tuple[int | None, _Piece]], pieces: Sequence[_Piece], column: int) -> str:
    indent = " " * column
    text = ""
    for number, (_, piece) in enumerate(chosen):
        if number:
            text += "\n" + chosen[number - 1][1].tail
        lead = piece.lead
        if number == 0:
            lead = lead.removeprefix(indent)  # the indentation of the first line stands in the text already
            text += lead + (indent if lead else "") + piece.body
        else:
            text += lead + indent + piece.body
    last = chosen[-1][1].tail
    return text + ("\n" + last.rstrip() if last.strip() else "")
