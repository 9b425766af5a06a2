"""The tables of `gradus bank check`."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.services.bank.checks import Report

MOST_PROBLEMS = 20


def print_reports(reports: list[Report], *, draws: bool = False) -> None:
    """A line for each question, then its problems; with `draws`, also what was the first to reject how many draws."""
    console = Console()
    table = _table("question", ("parts", "seeds", "distinct", "cases", "mistakes", "draws", "waiting"), "")
    for report in reports:
        counts = report.counts
        per_seed = f"{counts['tries'] / counts['seeds']:.1f}" if counts["seeds"] else "–"
        numbers = (report.parts, counts["seeds"], len(report.variants), counts["cases"], counts["mistakes"])
        verdict = "ok" if report.ok else f"[red]{len(report.problems)} problem(s)[/red]"
        table.add_row(report.question, *map(str, numbers), per_seed, str(counts["waiting"]), verdict)
    console.print(table)
    if draws:
        console.print()
        _print_draws(console, reports)
    for report in reports:
        for problem in report.problems[:MOST_PROBLEMS]:
            console.print(f"[red]✗[/red] {escape(f'{report.question}: {problem}')}", highlight=False)
        if len(report.problems) > MOST_PROBLEMS:
            console.print(f"  … and {len(report.problems) - MOST_PROBLEMS} more in {report.question}")
    good = sum(report.ok for report in reports)
    waiting = sum(report.counts["waiting"] for report in reports)
    console.print(f"{good} of {len(reports)} questions in order; {waiting} keys, blanks or mistakes wait for a person.")


def _print_draws(console: Console, reports: Iterable[Report]) -> None:
    table = _table("question", ("draws", "rejected", "share"), "because", wrap=True)
    for report in reports:
        tries = report.counts["tries"]
        table.add_row(report.question, str(tries), str(report.rejected.total()), _share(report.rejected.total(), tries))
        for reason, times in report.rejected.most_common():
            table.add_row("", "", str(times), _share(times, tries), escape(reason))
    console.print(table)


def _table(first: str, numbers: Iterable[str], last: str, *, wrap: bool = False) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in numbers:
        table.add_column(name, justify="right")
    table.add_column(last, no_wrap=not wrap)
    return table


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"
