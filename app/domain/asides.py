"""Lines of a derivation that calculate a part on the side: `dL/df = …` where dL/da is asked for."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from app.domain.language import Node
from app.domain.language.latex_input import plain_spelling
from app.domain.language.tree import Call, Name

ASIDE: Final = "aside"
"""The function in a tree whose arguments are the left side of such a line, and its formula."""
_WORD: Final = r"\(?\s*(?:d|∂)\s*([A-Za-z]\w*(?:_\{\w+\})?)\s*\)?"
_DIFFERENTIAL: Final = re.compile(rf"\s*{_WORD}\s*=")
_QUOTIENT: Final = re.compile(rf"\s*{_WORD}\s*/\s*{_WORD}\s*=")


def side_calculated(line: str, lead: str, symbols: Collection[str]) -> tuple[str, str] | None:
    """What is differentiated by what on the left side of a line, where the lead asks for another derivative of the
    same chain; None for any other line. A declared name such as `dc_0` stands for the whole quotient.
    """
    asked, found = _quotient(lead), _quotient(line)
    if asked is not None and found is None and (name := _differential(line, symbols)) not in ("", asked[0]):
        return name, asked[1]
    if asked is None or found is None or asked == found:
        return None
    (value, by), (other, behind) = asked, found
    changed = behind if behind != by else other
    return found if changed in symbols and (behind != by or other != value) else None


def _quotient(text: str) -> tuple[str, str] | None:
    match = _QUOTIENT.match(plain_spelling(text)) if "=" in text else None
    return (match[1].replace("{", "").replace("}", ""), match[2].replace("{", "").replace("}", "")) if match else None


def _differential(text: str, symbols: Collection[str]) -> str:
    match = _DIFFERENTIAL.match(plain_spelling(text)) if "=" in text else None
    name = match[1].replace("{", "").replace("}", "") if match else ""
    return name if f"d{name}" in symbols else ""


def aside(of: tuple[str, str], node: Node) -> Node:
    """The tree of such a line."""
    return Call(ASIDE, (Name("/".join(f"d{one}" for one in of)), node), (), node.span)


def taken_apart(line: Node) -> tuple[str, Node] | None:
    """The left side and the formula of such a line; None for any other."""
    if isinstance(line, Call) and line.function == ASIDE and isinstance(line.args[0], Name):
        return line.args[0].id, line.args[1]
    return None


def left_side_to_latex(left: str) -> str:
    """`dc_0/dx_0` as it is shown."""
    above, below = (re.sub(r"_(\w+)", r"_{\1}", part) for part in left.split("/"))
    return rf"\tfrac{{{above}}}{{{below}}}"
