"""The plain and the usual of YAML, read quickly; whatever is not plain is left to `app.interchange.yaml`.

libyaml reads a question some twenty times faster than ruamel. It knows YAML 1.1 only and says little about mistakes, so
nothing is decided here that it could decide otherwise: aliases, tags, merges, dates, numbers in unusual notations and
every fault are `NotPlain`, and the careful reader has the word.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

MOST_DIGITS = 300
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")
SURELY_TEXT = re.compile(r"[A-Za-z_(\[\"'/$\\@%*|^{√∂≤≥≠]")
"""How texts begin that no notation for numbers, dates, infinity or nothing begins with (words are looked at first)."""
UNUSUAL = re.compile("[\0\t\r\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#")
"""What the two readers take differently: tabs, further kinds of line ends, a `#` in the head of a block."""
TEXT = "tag:yaml.org,2002:str"
WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip


class NotPlain(Exception):
    """Something that the careful reader must look at."""


def read_plain(text: str, most: int, deepest: int) -> tuple[Any, dict[str, int]]:
    """The data of a YAML document, and the line of every place in it by dotted path.

    Raises:
        NotPlain: the text holds something unusual, more than `most` values or `deepest` levels, or is no YAML.
    """
    if not yaml.__with_libyaml__ or UNUSUAL.search(text):
        raise NotPlain
    try:
        return _Builder(yaml.CSafeLoader(text), most, deepest).document()
    except (yaml.YAMLError, ValueError) as error:  # a ValueError: half a character
        raise NotPlain from error


class _Builder:
    """Builds data from the parser's events."""

    def __init__(self, loader: Any, most: int, deepest: int) -> None:
        self._next = loader.get_event
        self._left = most
        self._deepest = deepest
        self._lines: dict[str, int] = {}

    def document(self) -> tuple[Any, dict[str, int]]:
        self._expect(yaml.StreamStartEvent)
        start = self._expect(yaml.DocumentStartEvent)
        if start.explicit:
            raise NotPlain
        data = self._node(self._next(), "", 1, 0)
        if self._expect(yaml.DocumentEndEvent).explicit or not isinstance(data, (dict, list)):
            raise NotPlain
        self._expect(yaml.StreamEndEvent)
        return data, self._lines

    def _expect(self, kind: type[Any]) -> Any:
        event = self._next()
        if not isinstance(event, kind):
            raise NotPlain
        return event

    def _node(self, event: Any, path: str, line: int, depth: int) -> Any:
        self._left -= 1
        if self._left < 0 or depth > self._deepest:
            raise NotPlain
        _refuse_sharing_and_tags(event)
        self._lines[path] = line
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        lead = f"{path}." if path else ""
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                items.append(self._node(event, f"{lead}{len(items)}", event.start_mark.line + 1, depth + 1))
            return items
        data: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            name = _key(event)
            if name in data:
                raise NotPlain
            data[name] = self._node(self._next(), lead + name, event.start_mark.line + 1, depth + 1)
        return data


def _key(event: Any) -> str:
    if not isinstance(event, yaml.ScalarEvent) or event.value == "<<":
        raise NotPlain
    _refuse_sharing_and_tags(event)
    key = _scalar(event)
    if isinstance(key, str) and key:
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise NotPlain


def _refuse_sharing_and_tags(event: Any) -> None:
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None or event.tag is not None:
        raise NotPlain


def _scalar(event: Any) -> Any:
    text: str = event.value
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise NotPlain
    if not event.implicit[0]:
        return text
    if text in WORDS:
        return WORDS[text]
    if SURELY_TEXT.match(text):
        return text
    if len(text) <= MOST_DIGITS and INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= MOST_DIGITS and DECIMAL.fullmatch(text) and math.isfinite(value := float(text)):
        return value
    # It begins like a number, a date or a sign with a meaning: the one who knows YAML 1.2 says whether it is a text.
    if _resolver().resolve(ScalarNode, text, (True, False)) != TEXT:
        raise NotPlain
    return text


@lru_cache(maxsize=1)
def _resolver() -> Any:
    loader = YAML(typ="rt", pure=True)
    loader.version = "1.2"
    return loader.resolver
