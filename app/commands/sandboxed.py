"""What commands that let graders run have in common: where the bank is, the sandbox meanwhile, the answer in JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.sandbox import Sandbox
    from app.settings import Settings

BankPath = Annotated[Path | None, typer.Option("--bank", help="The folder of the bank (default: the one installed).")]


@contextmanager
def sandbox_of(settings: Settings) -> Iterator[Sandbox]:
    """A sandbox that uses every core, until the command ends."""
    from app.sandbox import Sandbox

    sandbox = Sandbox(
        grading_workers=os.cpu_count() or 1,
        seconds=settings.sandbox_seconds,
        memory_bytes=settings.sandbox_memory_mib << 20,
    )
    try:
        yield sandbox
    finally:
        sandbox.close()


def write(data: object) -> None:
    """One JSON document, in UTF-8 whatever the terminal."""
    from app.services.bank.lines import write_json

    sys.stdout.buffer.write(write_json(data) + b"\n")
    sys.stdout.buffer.flush()
