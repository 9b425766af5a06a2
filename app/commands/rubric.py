"""`gradus rubric`: text rubrics tried on marked answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.sandboxed import BankPath, sandbox_of, write

if TYPE_CHECKING:
    from rich.console import Console

    from app.services.drafts.rubric_trials import RubricTrial, Tried

rubric = typer.Typer(no_args_is_help=True, help="Try the rubrics of short texts on marked answers.")

Answers = Annotated[
    Path | None,
    typer.Option(help="A folder with ITEM.yaml for each item, or a file for the one item named (default: the cases)."),
]


@rubric.command("test")
def try_out(
    refs: Annotated[list[str] | None, typer.Argument(help="Questions or items; all if none is named.")] = None,
    answers: Answers = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Only the table.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    folder: BankPath = None,
) -> None:
    """Grade marked answers, show claim by claim what was seen, and what mutations of right answers would earn."""
    trials = _trials(refs or [], answers, folder, mutate=True)
    if as_json:
        write([_as_json(trial) for trial in trials])
        return
    from rich.console import Console

    console = Console()
    if not quiet:
        for trial in trials:
            _print_answers(console, trial)
    _print_table(console, trials)


@rubric.command("coverage")
def coverage(
    refs: Annotated[list[str] | None, typer.Argument(help="Questions or items; all if none is named.")] = None,
    answers: Answers = None,
    folder: BankPath = None,
) -> None:
    """List the patterns that no answer uses."""
    unused = 0
    for trial in _trials(refs or [], answers, folder, mutate=False):
        for claim, kind, pattern in trial.unused:
            unused += 1
            typer.echo(f"{trial.question}  {trial.part}  {claim}  {kind}: {pattern}")
    typer.echo(f"{unused} patterns are used by no answer." if unused else "Every pattern is used by an answer.")


def _trials(refs: list[str], answers: Path | None, folder: Path | None, *, mutate: bool) -> list[RubricTrial]:
    from app.sandbox import start_ahead

    start_ahead()
    from app.services.drafts.rubric_trials import try_rubrics
    from app.settings import read_settings

    settings = read_settings()
    with sandbox_of(settings) as sandbox:
        return try_rubrics(folder or settings.bank_path, sandbox, refs, answers, mutate=mutate)


def _as_json(trial: RubricTrial) -> dict[str, Any]:
    return {
        "question": trial.question,
        "part": trial.part,
        "item": trial.item,
        "points": str(trial.most),
        "counts": dict(trial.counts()),
        "answers": [
            {
                "text": one.marked.text,
                "marked": str(one.marked.points),
                "lo": str(one.lo),
                "hi": str(one.hi),
                "claims": dict(one.claims),
                "evidence": [dict(found) for found in one.evidence],
                "unread": [*one.unread],
                "doubts": [*one.doubts],
            }
            for one in trial.tried
        ],
    }


def _print_answers(console: Console, trial: RubricTrial) -> None:
    console.rule(f"{trial.question}, {trial.part} ({trial.most} points)")
    for one in trial.tried:
        console.print(f"{_verdict(one)}  {' '.join(one.marked.text.split())}", highlight=False, markup=False)
        for name, decision in one.claims.items():
            seen = [f"{found['mark']} “{found['quote']}”" for found in one.evidence if found["claim"] == name]
            if seen or decision != "not made":
                console.print(f"    {name}: {decision}  {'; '.join(seen)}", highlight=False, markup=False)
        if one.unread:
            console.print(f"    unread: {', '.join(one.unread)}", highlight=False, markup=False)
        if one.doubts:
            console.print(f"    doubts: {', '.join(one.doubts)}", highlight=False, markup=False)


def _verdict(one: Tried) -> str:
    if not one.decided:
        return f"person  {one.marked.points} in {one.lo}..{one.hi}"
    return f"{'right ' if one.right else 'WRONG '}  {one.marked.points}, graded {one.lo}"


def _print_table(console: Console, trials: list[RubricTrial]) -> None:
    from rich.table import Table

    from app.services.drafts.rubric_trials import UNPAID

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("item", no_wrap=True)
    for name in ("answers", "decided", "exact", "worthless paid", "full denied", "overpaid", "mutations paid"):
        table.add_column(name, justify="right")
    total: Counter[str] = Counter()
    for trial in trials:
        counts = trial.counts()
        total += counts
        table.add_row(trial.item or f"{trial.question}.{trial.part}", *_figures(counts, UNPAID))
    table.add_row("all", *_figures(total, UNPAID), style="bold")
    console.print(table)
    for kind in UNPAID:
        console.print(f"  {kind}: {total[f'{kind} paid']} of {total[f'{kind} tried']} paid in full")


def _figures(counts: Counter[str], kinds: tuple[str, ...]) -> list[str]:
    mutated = sum(counts[f"{kind} tried"] for kind in kinds)
    paid = sum(counts[f"{kind} paid"] for kind in kinds)
    return [
        str(counts["answers"]),
        f"{counts['decided']}/{counts['answers']}",
        f"{counts['exact']}/{counts['decided']}",
        f"{counts['paid']}/{counts['worthless']}",
        f"{counts['denied']}/{counts['full']}",
        str(counts["overpaid"]),
        f"{paid}/{mutated}",
    ]
