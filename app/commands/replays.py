"""`gradus replay`."""

from __future__ import annotations

from typing import Annotated

import typer

MOST_LINES = 50
NOTHING_COMPARED = 2


def replay(
    every: Annotated[bool, typer.Option("--all", help="Also every mark from before that counts no longer.")] = False,
) -> None:
    """Make every mark that counts once more from the raw rows, and compare; changes nothing."""
    from app.main import replay_marks
    from app.settings import read_settings

    found = replay_marks(read_settings(), every=every)
    compared = found.same + len(found.different)
    typer.echo(f"{compared} of {found.marks} marks were compared. {found.same} marks came out the same, byte by byte.")
    if found.by_others:
        typer.echo(f"{found.by_others} were observed by the graders of another release, so they were not compared.")
    if found.unobserved:
        typer.echo(f"{found.unobserved} have no facts: no grader finished, and a person decides.")
    for one in found.different[:MOST_LINES]:
        typer.echo(f"Submitted question {one.item_id}, grading {one.grading_id}: another result ({one.what}).")
    if found.different:
        typer.echo(f"{len(found.different)} came out otherwise.")
        raise typer.Exit(1)
    if found.marks and not compared:
        typer.echo("Nothing could be compared, so this says nothing about the marks.")
        raise typer.Exit(NOTHING_COMPARED)
