"""Plain data written as readable YAML: short things on one line, long ones below each other, quotes where needed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

WIDTH = 118
LONG_ITEM = 60
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_TEXT_TAG = "tag:yaml.org,2002:str"


def block(data: Any, column: int = 0) -> str:
    """A value as YAML from this column on; further lines are indented, the last one has no line break."""
    flow = one_line(data)
    if flow is not None and _fits(data, flow, column):
        return flow
    glue = "\n" + " " * column
    if isinstance(data, dict):
        return glue.join(entry(str(name), value, column) for name, value in data.items())
    if isinstance(data, list):
        return glue.join(item(value, column) for value in data)
    return _literal(data, column) if isinstance(data, str) else scalar(data)


def entry(name: str, value: Any, column: int) -> str:
    """`name: value` in a block map that begins at this column."""
    return f"{key(name)}:{after_colon(value, column)}"


def after_colon(value: Any, column: int) -> str:
    """What follows a colon in a block map that begins at this column, the space included."""
    flow = one_line(value)
    if flow is not None and _fits(value, flow, column + LONG_ITEM // 4):
        return f" {flow}"
    if isinstance(value, (dict, list)):
        inner = column + 2
        return f"\n{' ' * inner}{block(value, inner)}"
    return f" {block(value, column + 2)}"


def item(value: Any, column: int) -> str:
    """`- value` in a block list whose dashes stand at this column."""
    return f"- {block(value, column + 2)}"


def one_line(data: Any) -> str | None:
    """A value between braces, on one line; None for a text of several lines."""
    if isinstance(data, dict):
        pieces = [(key(str(name)), one_line(value)) for name, value in data.items()]
        inner = [None if text is None else f"{name}: {text}" for name, text in pieces]
        return _joined("{", inner, "}")
    if isinstance(data, list):
        return _joined("[", [one_line(value) for value in data], "]")
    return None if isinstance(data, str) and "\n" in data else scalar(data, flow=True)


def flow(data: Any) -> str:
    """A value as it can stand between braces; several lines become an escaped text."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key(str(name))}: {flow(value)}" for name, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(flow(value) for value in data) + "]"
    return scalar(data, flow=True)


def _joined(opening: str, pieces: Iterable[str | None], closing: str) -> str | None:
    inner = []
    for piece in pieces:
        if piece is None:
            return None
        inner.append(piece)
    return opening + ", ".join(inner) + closing


def _fits(data: Any, text: str, column: int) -> bool:
    if not isinstance(data, (dict, list)) or not data:
        return True
    if column + len(text) > WIDTH:
        return False
    if isinstance(data, dict):
        # A map of maps is a list of things with a name, each on a line; a text in several languages is one thing.
        return not any(_is_crowd(value) for value in data.values())
    return all(_is_small(value) for value in data)


def _is_crowd(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and not _is_text(value)
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _is_text(data: dict[str, Any]) -> bool:
    return all(_LANGUAGE.fullmatch(str(name)) and isinstance(value, str) for name, value in data.items())


def _is_small(value: Any) -> bool:
    if isinstance(value, dict):
        return False
    if isinstance(value, list):
        return all(_is_small(one) for one in value)
    return not (isinstance(value, str) and len(value) > LONG_ITEM // 2)


def key(name: str) -> str:
    """The name of an entry."""
    return name if _plain(name, flow=True) and name not in ("true", "false") else _quoted(name)


def scalar(value: Any, *, flow: bool = False) -> str:
    """A single value; a text has quotes only where YAML needs them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ".nan"
        return repr(value) if math.isfinite(value) else (".inf" if value > 0 else "-.inf")
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if _plain(text, flow=flow) else _quoted(text)


def _literal(text: str, column: int) -> str:
    """Several lines as they are, where YAML can hold them so."""
    lines = text.split("\n")
    body = lines[:-1] if lines[-1] == "" else lines
    if (
        any(_UNPRINTABLE.search(line) or line != line.rstrip() for line in body)
        or not body[0]
        or body[0][0] == " "
        or not body[-1]
    ):
        return _quoted(text)
    lead = "|" if lines[-1] == "" else "|-"
    return "\n".join([lead, *(f"{' ' * column}{line}" if line else "" for line in body)])


def _quoted(text: str) -> str:
    if _UNPRINTABLE.search(text):
        # JSON's escapes are YAML's; what JSON leaves alone and YAML does not is escaped by hand.
        quoted = json.dumps(text, ensure_ascii=False)
        return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
    if "\\" in text or '"' in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _plain(text: str, *, flow: bool) -> bool:
    """Whether a text can be written without quotes and is read as this very text."""
    if not text or text != text.strip() or _UNPRINTABLE.search(text) or text.startswith(("---", "...")):
        return False
    if text[0] in _INDICATORS and not (text[0] == "-" and len(text) > 1 and text[1] not in " ,[]{}"):
        return False
    if ": " in text or " #" in text or text[-1] == ":":
        return False
    if flow and any(sign in text for sign in ",[]{}?"):
        return False
    return _is_read_as_text(text)


@lru_cache(maxsize=4096)
def _is_read_as_text(text: str) -> bool:
    # ruamel's resolver takes 1.2 into account (`yes` and `1/2` are texts), and what its reader makes of dates.
    return bool(_resolver().resolve(ScalarNode, text, (True, False)) == _TEXT_TAG)


@lru_cache(maxsize=1)
def _resolver() -> Any:
    loader = YAML(typ="rt", pure=True)
    loader.version = "1.2"
    return loader.resolver
