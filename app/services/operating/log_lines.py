"""What a line of the log looks like: text for people, or JSON for programs that collect logs.

Neither names a person: a request is told by its number, its route and the number of whoever asked. Addresses that were
asked for are written as routes, because links for new passwords are addresses too.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The number of the request that is being answered."""

FIELDS = ("method", "route", "status", "ms", "person")
"""What a line about a request carries beside its message."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": _time(record, "milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := REQUEST.get():
            line["request"] = request
        line |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for people: time, level, logger, message, and the request where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a stack trace follows it."""
        # A line break in what somebody sent must not look like a line of ours.
        message = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        text = f"{_time(record, 'seconds')} {record.levelname.lower():<7} {record.name}: {message}"
        if request := REQUEST.get():
            text += f" [{request}]"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


def _time(record: logging.LogRecord, timespec: str) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def write_logs(form: Literal["text", "json"], level: str) -> None:
    """Send everything that is logged in this process to standard error, in that form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Alembic tells of every migration it looks at.
    logging.getLogger("alembic").setLevel(logging.WARNING)
