"""`gradus admin`: administrators, from the machine itself."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

admin = typer.Typer(no_args_is_help=True, help="Make administrators, and let people in again.")

# No 0/O, 1/l/I: a password is read off a terminal.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
LONGEST_LINE = 5000


@admin.command("create")
def create(
    login: Annotated[str, typer.Argument(help="What the administrator signs in with.")],
    name: Annotated[str, typer.Option(help="The administrator's name (default: the login).")] = "",
    email: Annotated[str, typer.Option(help="Where links for a new password go.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input; without this, one is made.")
    ] = False,
) -> None:
    """Make an administrator; a password is made and printed unless standard input brings one."""
    from app.main import create_administrator
    from app.services.accounts.people import NewPerson
    from app.settings import read_settings

    given = _password_from(sys.stdin.buffer.readline(LONGEST_LINE)) if password_stdin else ""
    password = given if password_stdin else made_password()
    person = create_administrator(read_settings(), NewPerson(login, name or login, password, True, email))
    typer.echo(f"Made the administrator {person.login}.")
    if not password_stdin:
        typer.echo(f"Password: {password}")


@admin.command("link")
def link(login: Annotated[str, typer.Argument(help="Whose password is to be set.")]) -> None:
    """Print a link by which somebody sets a new password, once and within three days."""
    from app.main import password_link
    from app.settings import read_settings

    typer.echo(password_link(read_settings(), login))


def made_password() -> str:
    """A password that nobody guesses and everybody can type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def _password_from(line: bytes) -> str:
    from app.domain.errors import InvalidInput

    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidInput("The password on standard input is not UTF-8 text.", "password") from None
