"""`gradus backup` and `gradus restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def backup(file: Annotated[Path, typer.Argument(help="The file to write, such as gradus-2026-11-21.tar.gz.")]) -> None:
    """Write the database and the secret key into one file; Gradus may go on serving meanwhile."""
    from app.main import back_up
    from app.settings import read_settings

    made = back_up(read_settings(), file)
    typer.echo(f"Backed up the {made.engine} database (migration {made.revision}) to {file}, {size(made.bytes)}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `gradus backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a database that is not empty.")] = False,
) -> None:
    """Verify a backup, put it into an empty database, and bring that up to date."""
    from app.main import restore
    from app.settings import read_settings

    found, revision = restore(read_settings(), file, force=force)
    typer.echo(f"Restored the backup of {found.made_at} (Gradus {found.gradus}); the database is at {revision}.")


def size(number: int) -> str:
    """A number of bytes, for people."""
    return f"{number / 2**20:.1f} MiB" if number >= 2**20 else f"{number / 2**10:.0f} KiB"
