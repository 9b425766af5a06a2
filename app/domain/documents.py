"""Documents as text: JSON that is stored, or handed on, by somebody who need not read it."""

from __future__ import annotations

import json
from typing import Any


class Written(str):
    """A JSON document as the very text that is stored."""

    __slots__ = ()


def write(document: Any) -> Written:
    """The text of a document; of what is written already, itself.

    Raises:
        ValueError: it holds a number that JSON does not know.
    """
    if isinstance(document, Written):
        return document
    return Written(json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
