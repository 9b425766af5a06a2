"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands import backups, replays
from app.commands.admin import admin
from app.commands.rubric import rubric
from app.commands.sandboxed import BankPath, sandbox_of, write

if TYPE_CHECKING:
    from app.services.bank.trials import Trials
    from app.settings import Settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Gradus: auto-graded exams and quizzes.")
bank = typer.Typer(no_args_is_help=True, help="Look at and check the question bank.")
cli.add_typer(bank, name="bank")
cli.add_typer(admin, name="admin")
cli.add_typer(rubric, name="rubric")

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Seed = Annotated[int, typer.Option(min=0, help="The variant; 0 is the printed paper.")]


def main() -> None:
    """Run a command; what goes wrong is said in one sentence, with exit code 1."""
    from app.domain.errors import GradusError

    if isinstance(sys.stdout, io.TextIOWrapper):
        # What a terminal cannot show becomes a question mark and not an error.
        sys.stdout.reconfigure(errors="replace")
    try:
        cli()
    except GradusError as error:
        typer.echo(f"gradus: {error}", err=True)
        raise SystemExit(1) from None
    except BrokenPipeError:
        # Somebody piped us into `head`; that is no error.
        sys.stderr.close()


@bank.command("list")
def bank_list(as_json: Json = False, folder: BankPath = None) -> None:
    """List the questions with their parts, items and points."""
    from app.services.bank.trials import list_bank

    rows = list_bank(folder or _settings().bank_path)
    if as_json:
        write(rows)
        return
    for row in rows:
        title = row["title"] if isinstance(row["title"], str) else row["title"].get("en", "")
        typer.echo(f"{row['question']}  {title}")
        for part in row["parts"]:
            typer.echo(
                f"  {part['id']:<18} {part['item'] or '–':<32} {part['points']:>5}  {', '.join(part['graders'])}"
            )


@bank.command("check")
def bank_check(
    questions: Annotated[list[str] | None, typer.Argument(help="Questions or items; all if none is named.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=100_000, help="How many seeds to try for each question.")] = 12,
    draws: Annotated[bool, typer.Option("--draws", help="Also show what rejected how many draws.")] = False,
    as_json: Json = False,
    folder: BankPath = None,
) -> None:
    """Check questions: problems, recorded cases, and over many seeds keys, blanks and typical mistakes."""
    from app.sandbox import start_ahead

    start_ahead()
    from rich.console import Console
    from rich.progress import Progress

    from app.commands.reports import print_reports
    from app.services.bank.checks import check_bank

    settings = _settings()
    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    with sandbox_of(settings) as sandbox, bar:
        task = bar.add_task("Checking the bank", total=None)
        reports = check_bank(
            folder or settings.bank_path,
            sandbox,
            questions or (),
            seeds=seeds,
            workers=sandbox.grading_workers,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        write([report.as_json() for report in reports])
    else:
        print_reports(reports, draws=draws)
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


@bank.command("load")
def bank_load(
    folder: Annotated[Path | None, typer.Argument(help="The folder of the bank (default: the one installed).")] = None,
) -> None:
    """Load a folder of questions into the database: what is new or has changed becomes a version."""
    from app.main import load_bank

    report = load_bank(_settings(), folder)
    for problem in report.problems:
        typer.echo(f"Left out: {problem}", err=True)
    for question in report.added:
        typer.echo(f"Added: {question}")
    typer.echo(f"{len(report.added)} added, {len(report.unchanged)} unchanged.")
    if report.problems:
        raise typer.Exit(1)


@cli.command()
def show(
    ref: Annotated[str, typer.Argument(help="A question or an item.")],
    seed: Seed = 0,
    solution: Annotated[bool, typer.Option("--solution", help="With the worked solution.")] = False,
    as_json: Json = False,
    folder: BankPath = None,
) -> None:
    """Show one variant of a question or item."""
    with _trials(folder) as trials:
        shown = trials.show(ref, seed, solution=solution)
    if as_json:
        write(shown)
        return
    typer.echo(f"{shown['title']} (seed {seed})\n\n{shown['stem']}".rstrip())
    for part in shown["parts"]:
        typer.echo(f"\n## {part['id']} ({part['points']} points)\n{part['prompt']}")
        for field in part["fields"]:
            size = "×".join(map(str, field["shape"])) if field["shape"] else ""
            typer.echo(f"  [{field['id']}] {field['kind']} {size} {field['label']}".rstrip())
        if solution:
            typer.echo(f"\nSolution: {shown['solution'][part['id']]}")


@cli.command()
def grade(
    ref: Annotated[str | None, typer.Argument(help="A question or an item.")] = None,
    seed: Seed = 0,
    answer: Annotated[str, typer.Option(help="The answer as JSON, or @FILE.")] = "",
    earlier: Annotated[str, typer.Option(help="Earlier answers {field: raw} as JSON, or @FILE.")] = "",
    lines: Annotated[
        bool, typer.Option("--lines", help="Read tasks from standard input, one JSON object a line.")
    ] = False,
    as_json: Json = False,
    folder: BankPath = None,
) -> None:
    """Grade an answer, or with --lines many."""
    if not lines and ref is None:
        raise typer.BadParameter("Name a question or an item, or use --lines.")
    given = _json_option(answer, "--answer"), _json_option(earlier, "--earlier")
    with _trials(folder) as trials:
        if lines:
            _answer_lines(
                lambda task: trials.grade(
                    task.get("ref"), task.get("seed", 0), task.get("answer"), task.get("earlier")
                ),
                lambda task, why: {
                    "ref": task.get("ref"),
                    "state": "invalid",
                    "points": "0",
                    "max": "0",
                    "criteria": [],
                    "invalid": [{"field": "line", "why": why}],
                    "ms": 0,
                },
            )
            return
        result = trials.grade(ref, seed, *given)
    if as_json:
        write(result)
        return
    upto = f" to {result['upto']}" if "upto" in result else ""
    typer.echo(f"{result['state']}: {result['points']}{upto} of {result['max']} points")
    for line in result["criteria"]:
        typer.echo(f"  {line['points']:>5} / {line['max']:<5} {line['id']}: {line['why']}")
    for line in result["invalid"]:
        typer.echo(f"  {line['field']}: {line['why']}")
    for says in result.get("feedback", []):
        typer.echo(f"  {says}")


@cli.command()
def equal(
    lines: Annotated[
        bool, typer.Option("--lines", help="Read pairs from standard input, one JSON object a line.")
    ] = False,
    reference: Annotated[str, typer.Option(help="The reference expression.")] = "",
    answer: Annotated[str, typer.Option(help="The expression to compare.")] = "",
    variables: Annotated[str, typer.Option(help='Domains as JSON, such as {"x": "real"}, or @FILE.')] = "{}",
) -> None:
    """Decide whether two expressions are equal: equal, different, undecided or invalid."""
    domains = _json_option(variables, "--variables")
    with _trials(None) as trials:
        if lines:
            _answer_lines(
                lambda task: {
                    "id": task.get("id"),
                    **trials.equal(task.get("reference"), task.get("answer"), task.get("variables")),
                },
                lambda task, why: {"id": task.get("id"), "verdict": "invalid", "reason": why, "ms": 0},
            )
            return
        write(trials.equal(reference, answer, domains))


def _answer_lines(
    answer: Callable[[dict[str, Any]], dict[str, Any]],
    invalid: Callable[[dict[str, Any], str], dict[str, Any]],
) -> None:
    from app.services.bank.lines import answer_lines

    # A few more threads than children: one is read or written while another is judged.
    answer_lines(sys.stdin.buffer, sys.stdout.buffer, answer, invalid, (os.cpu_count() or 1) + 2)


def _json_option(text: str, option: str) -> Any:
    from app.domain.errors import InvalidInput
    from app.services.bank.lines import read_json

    if not text:
        return None
    try:
        if text.startswith("@"):
            return read_json(Path(text[1:]).read_bytes())
        data = read_json(text)
    except (OSError, ValueError) as error:
        says = getattr(error, "strerror", None) or error
        raise InvalidInput(f"{option}: the file cannot be read: {says}.", option) from None
    except InvalidInput as error:
        if option == "--answer" and not text.startswith(("@", "[", "{", '"')):
            return text  # A bare answer such as 1/2 needs no quotes.
        raise InvalidInput(f"{option}: {error}", option) from None
    # A number stays as it was typed: 0.330 says more than 0.33.
    return text if type(data) in (int, float) else data


Port = Annotated[int | None, typer.Option(min=1, max=65535, help="The port to listen on.")]
Host = Annotated[str | None, typer.Option(help="The address to listen on.")]


@cli.command()
def serve(port: Port = None, host: Host = None) -> None:
    """Serve Gradus on this machine until it is stopped."""
    # Loading makes half a million objects and no garbage; searching them for it takes a tenth of the start.
    gc.disable()  # until `main.from_environment`
    from app.main import serve, welcome_link

    settings = _settings(port=port, host=host)
    link = welcome_link(settings)
    if link is not None:
        typer.echo(f"There is no administrator yet. Become the first one here, today: {link}", err=True)
    serve(settings)


@cli.command()
def demo(port: Port = None, host: Host = None) -> None:
    """Set up the demo course if there is none, print its accounts, and serve."""
    from app.main import serve, set_up_demo

    settings = _settings(port=port, host=host)
    report, loaded = set_up_demo(settings)
    for problem in loaded.problems:
        typer.echo(f"Left out: {problem}", err=True)
    typer.echo(f"\nGradus demo: http://{settings.host}:{settings.port}/\n")
    for account in report.accounts:
        typer.echo(f"  {account.role:<14} {account.login:<8} {account.password}")
    typer.echo("")
    sys.stdout.flush()
    serve(settings)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from app.main import migrate

    typer.echo(f"The database is at {migrate(_settings())}.")


cli.command("backup")(backups.backup)
cli.command("restore")(backups.restore)
cli.command("replay")(replays.replay)


@cli.command()
def worker() -> None:
    """Grade and do other duties beside the web processes, until stopped."""
    from app.main import work

    work(_settings())


def _settings(**given: Any) -> Settings:
    from app.settings import read_settings

    return read_settings(**{name: value for name, value in given.items() if value is not None})


@contextmanager
def _trials(folder: Path | None) -> Iterator[Trials]:
    from app.sandbox import start_ahead

    start_ahead()  # It takes longest; meanwhile settings and questions are read.
    from app.services.bank.trials import Trials

    settings = _settings()
    with sandbox_of(settings) as sandbox:
        yield Trials(folder or settings.bank_path, sandbox)


if __name__ == "__main__":
    main()
