"""Pages of long lists: a cursor names the last thing seen, so what is added meanwhile shifts nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Query, Request
from starlette.responses import Response

from app.domain.errors import InvalidInput

Item = TypeVar("Item")
Key: TypeAlias = tuple[str | int, ...]
MOST = 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=2000,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next` of the page before. Its inside is nobody's business and may change.",
    ),
]


def write_cursor(key: Key) -> str:
    """A cursor for the thing with this key."""
    text = json.dumps(list(key), ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type) -> Key | None:
    """The key in a cursor; None without one.

    Raises:
        InvalidInput: this is no cursor of such a list.
    """
    if cursor is None:
        return None
    wrong = InvalidInput("This is no cursor of this list. Take `next` of the page before as it is.", "cursor")
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise wrong from None
    if not isinstance(key, list) or [type(piece) for piece in key] != list(kinds):
        raise wrong
    for piece in key:
        if isinstance(piece, int) and not -(2**62) < piece < 2**62:
            raise wrong
        if isinstance(piece, str) and ("\0" in piece or any("\ud800" <= letter <= "\udfff" for letter in piece)):
            raise wrong
    return tuple(key)


def page_of(
    rows: Sequence[Item], key: Callable[[Item], Key], cursor: str | None, limit: int
) -> tuple[list[Item], str | None]:
    """The things after the cursor in the order of their keys, and the cursor for those after them.

    Raises:
        InvalidInput: this is no cursor of such a list.
    """
    ordered = sorted(rows, key=key)
    kinds = [type(piece) for piece in key(ordered[0])] if ordered else []
    after = read_cursor(cursor, *kinds) if ordered else None
    left = ordered if after is None else [row for row in ordered if key(row) > after]
    return cut(left, key, limit)


def cut(left: Sequence[Item], key: Callable[[Item], Key], limit: int) -> tuple[list[Item], str | None]:
    """The first `limit` of what is left, and the cursor for the rest, if there is any."""
    shown = list(left[:limit])
    return shown, write_cursor(key(shown[-1])) if len(left) > limit else None


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Tell the address of the next page in a Link header, too."""
    if cursor is not None:
        following = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
