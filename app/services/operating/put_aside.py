"""Files that somebody sent and has not decided about: put aside for some hours, found again by whoever sent them."""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path

from app.domain.errors import NotFound, Unavailable

HOURS = 6
MOST = 3
"""Of one person; the oldest give way."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def put_aside(folder: Path, person_id: int, content: bytes) -> str:
    """Keep a file below `folder`; the token by which the same person gets it back.

    Raises:
        Unavailable: it cannot be written.
    """
    token = secrets.token_urlsafe(32)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear(folder, person_id)
        handle = os.open(folder / f"{person_id}.{token}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise Unavailable(f"The file could not be kept: {error.strerror}. Please try again.") from error
    return token


def get_back(folder: Path, person_id: int, token: str) -> bytes:
    """The file of that token.

    Raises:
        NotFound: it is gone, or somebody else's.
    """
    if TOKEN.fullmatch(token):
        try:
            return (folder / f"{person_id}.{token}").read_bytes()
        except OSError:
            pass
    raise NotFound(f"This file is no longer here: files are kept for {HOURS} hours. Please send it again.")


def throw_away(folder: Path, person_id: int, token: str) -> None:
    """Forget a file that has been decided about."""
    if TOKEN.fullmatch(token):
        (folder / f"{person_id}.{token}").unlink(missing_ok=True)


def _clear(folder: Path, person_id: int) -> None:
    kept: list[tuple[float, Path]] = []
    for file in folder.iterdir():
        try:
            age = file.stat().st_mtime
        except OSError:  # another process was faster
            continue
        if age < time.time() - HOURS * 3600:
            file.unlink(missing_ok=True)
        elif file.name.startswith(f"{person_id}."):
            kept.append((age, file))
    for _, file in sorted(kept, reverse=True)[MOST - 1 :]:
        file.unlink(missing_ok=True)
