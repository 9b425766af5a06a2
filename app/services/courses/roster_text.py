"""Reading a list of people: CSV as universities, other systems and spreadsheets write it, or one login a line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.access import Role
from app.domain.errors import InvalidInput
from app.services.accounts.people import checked_email, checked_login, checked_name

MOST_ROWS = 20_000
LONGEST_TEXT = 4_000_000
LONGEST_LINE = 5_000
LONGEST_GROUP = 100
SEPARATORS = (";", "\t", ",")

COLUMNS = {
    "login": ("login", "account", "user", "username", "user name", "user id", "userid", "sis login id", "kennung",
              "benutzername", "matriculation", "matriculation number", "matrikelnummer", "student id", "id"),
    "name": ("name", "full name", "fullname", "student", "display name"),
    "first": ("first name", "firstname", "given name", "given names", "vorname"),
    "last": ("last name", "lastname", "surname", "family name", "nachname"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse"),
    "role": ("role", "rolle", "roles"),
    "group": ("group", "gruppe", "groups", "lab group", "section", "team", "übungsgruppe"),
}  # fmt: skip
ROLES: dict[str, Role] = {
    "student": "student",
    "learner": "student",
    "assistant": "assistant",
    "ta": "assistant",
    "tutor": "assistant",
    "teaching assistant": "assistant",
    "instructor": "instructor",
    "teacher": "instructor",
    "lecturer": "instructor",
}
WITHOUT_HEAD = ("login", "name", "email", "role", "group")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a list; `role` and `group` only where the list names them."""

    line: int
    login: str
    name: str
    email: str | None
    role: Role | None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that cannot be taken, as it was written, and why."""

    line: int
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class RosterText:
    """A list that was read. `head` is its first line where that names the columns."""

    rows: tuple[RosterRow, ...]
    problems: tuple[LineProblem, ...]
    head: str = ""


def checked_group(group: str) -> str:
    """The name of a group as it is stored; empty for no group.

    Raises:
        InvalidInput: it is too long.
    """
    name = " ".join(group.split())
    if len(name) > LONGEST_GROUP:
        raise InvalidInput(f"The name of a group has at most {LONGEST_GROUP} characters.", place="group")
    return name


def decode_roster(data: bytes) -> str:
    """The text of a file, in the encodings that spreadsheets write.

    Raises:
        InvalidInput: it is no text.
    """
    marks = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
    marked = next((name for mark, name in marks if data.startswith(mark)), "")
    for name in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("This file is no text. Save the list as CSV (UTF-8) and choose it again.", place="file")


def read_roster(text: str) -> RosterText:
    """The people of a list, and the lines that cannot be taken. Nothing in it is silently left out.

    Without a head line the columns are login, name, e-mail, role, group. Comma, semicolon and tab separate.

    Raises:
        InvalidInput: the list is empty or too long as a whole.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"This list has more than {LONGEST_TEXT} characters; please split it.", place="text")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = _separator(lines)
    head = ""
    columns: Sequence[str] = WITHOUT_HEAD
    rows: list[RosterRow] = []
    problems: list[LineProblem] = []
    seen: dict[str, int] = {}
    first = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if number > MOST_ROWS + 1:
            raise InvalidInput(f"This list has more than {MOST_ROWS} lines; please split it.", place="text")
        try:
            cells = _cells(line, separator)
            named = _columns(cells) if first else ()
            first = False
            if named:
                head, columns = line, named
                continue
            row = _row(number, cells, columns)
            if row.login in seen:
                raise InvalidInput(f"“{row.login}” is in line {seen[row.login]} already.")
            seen[row.login] = number
            rows.append(row)
        except InvalidInput as error:
            first = False
            problems.append(LineProblem(number, line, str(error)))
    if not rows and not problems:
        raise InvalidInput("This list names nobody.", place="text")
    return RosterText(tuple(rows), tuple(problems), head)


def _separator(lines: Sequence[str]) -> str:
    start = next((line for line in lines if line.strip()), "")[:LONGEST_LINE]
    return max(SEPARATORS, key=start.count)


def _cells(line: str, separator: str) -> list[str]:
    if len(line) > LONGEST_LINE:
        raise InvalidInput(f"This line has more than {LONGEST_LINE} characters.")
    if "\0" in line or any("\ud800" <= letter <= "\udfff" for letter in line):
        raise InvalidInput("This line holds characters that cannot be stored.")
    # Line by line: a quotation mark that is never closed must not swallow the rest of the list.
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, strict=True))]
    except (csv.Error, StopIteration):
        raise InvalidInput("A quotation mark in this line is not closed.") from None


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """What the columns are, if these are headings; else nothing."""
    known = {heading: name for name, headings in COLUMNS.items() for heading in headings}
    names = tuple(known.get(" ".join(cell.casefold().split()), "") for cell in cells)
    return names if "login" in names or "email" in names else ()


def _row(line: int, cells: Sequence[str], columns: Sequence[str]) -> RosterRow:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise InvalidInput(f"This line has {len(cells)} columns; at most {len(columns)} are known here.")
    found: dict[str, str] = {}
    for name, cell in _paired(columns, cells):
        found.setdefault(name, cell)
    email = checked_email(found.get("email"))
    login = checked_login(found.get("login") or email or "")
    whole = found.get("name") or " ".join(filter(None, (found.get("first"), found.get("last"))))
    word = " ".join(found.get("role", "").casefold().split())
    if word and word not in ROLES:
        raise InvalidInput(f"There is no role “{word[:40]}”: a role is student, assistant or instructor.")
    group = checked_group(found.get("group", "")) or None
    return RosterRow(line, login, checked_name(whole or login), email, ROLES.get(word), group)


def _paired(columns: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((name, cell) for name, cell in zip(columns, cells, strict=False) if name and cell)


def remaining_text(read: RosterText) -> str:
    """The lines that could not be taken, with their head, to be corrected."""
    lines = [problem.text for problem in read.problems]
    return "\n".join([read.head, *lines] if read.head else lines)
