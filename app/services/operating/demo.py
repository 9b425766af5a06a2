"""The demo course: two students, an instructor, an administrator, and quizzes of the questions there are."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.domain.errors import InvalidInput
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import NewPerson, add_person
from app.services.operating.transactions import Transaction
from app.services.quizzes.quiz_rules import Mode, Seeds
from app.services.quizzes.quizzes import (
    NewQuiz,
    NewQuizItem,
    append_questions,
    create_course,
    create_quiz,
    use_newest_questions,
)
from app.storage import courses, people, questions, quizzes

COURSE = "Deep Learning – demo"
# (login, name, role in the course, administrator)
PEOPLE = (
    ("ada", "Ada Lindgren", "student", False),
    ("ben", "Ben Okafor", "student", False),
    ("ines", "Ines Moreau", "instructor", False),
    ("admin", "Gradus Administrator", "instructor", True),
)
# A demo asks every item once, as it is printed.
OTHER_FORMS = ("-automatic", "-written", "-steps", "-graph")

# (title, description, how the ids of its questions begin)
QUIZZES = (
    (
        "TUM WS 20/21",
        "The whole winter exam: choices, short texts, calculations, networks. The first attempt is the printed paper.",
        "tum-",
    ),
    (
        "CTU Halloween midterm",
        "Likelihood, backpropagation, Jacobians, convolutions, proofs. The first attempt is the printed paper.",
        "halloween-",
    ),
    (
        "VIR 2022",
        "The training midterm: graphs, Jacobians, design, activations. The first attempt is the printed paper.",
        "vir2022-",
    ),
    (
        "CTU SS 2022",
        "The summer exam: derivations, Jacobians, divergences. The first attempt is the printed paper.",
        "ctu-ss22-",
    ),
    (
        "Montreal final",
        "Losses, convolutions, optimisation, recurrence, attention. The first attempt is the printed paper.",
        "montreal-",
    ),
)
PRACTICE = (
    "Practice",
    "Check every question at once, take hints, and get new variants for as long as you like. Nothing of it counts.",
    (
        "halloween-1",
        "halloween-2",
        "ctu-ss22-a1",
        "ctu-ss22-a3",
        "montreal-2",
        "montreal-3",
        "tum-03",
        "tum-05",
        "vir2022-3",
        "vir2022-5",
    ),
)
# No 0/O, 1/l/I: these passwords are read off a terminal.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo."""

    role: str
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What can be tried, and by whom."""

    accounts: tuple[DemoAccount, ...]
    quizzes: tuple[str, ...]


def set_up_demo(writing: Transaction, doorkeeper: Doorkeeper, accounts_file: Path) -> DemoReport:
    """Set up the demo; an existing one gets the newest questions where nobody sits yet. Passwords are made only once.

    They are written to `accounts_file`, readable by its owner only, and open nothing but this installation.

    Raises:
        InvalidInput: the file exists and cannot be read.
    """
    accounts = {account.login: account for account in _read(accounts_file)}
    roles: dict[int, str] = {}
    for login, name, role, administrator in PEOPLE:
        found = people.person_by_login(writing, login)
        if login not in accounts:
            words = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
            shown = "administrator" if administrator else role
            accounts[login] = DemoAccount(shown, login, "-".join(words))
            if found is not None:  # the file was lost: new passwords for the same people
                found.password_hash = doorkeeper.hash(accounts[login].password)
        if found is None:
            new = NewPerson(login, name, accounts[login].password, administrator)
            person_id = add_person(writing, doorkeeper, new).id
        else:
            person_id = found.id
        roles[person_id] = role
    # All that an instructor would have done, told as done by the demo's own.
    by = next(person_id for person_id, role in roles.items() if role == "instructor")
    course_id = _set_up_course(writing, by, roles)
    report = DemoReport(tuple(accounts.values()), _set_up_quizzes(writing, by, course_id))
    _write(accounts_file, report.accounts)
    return report


def _set_up_course(tx: Transaction, by: int, roles: Mapping[int, str]) -> int:
    """The course with these people in their roles; its number."""
    course = people.course_by_title(tx, COURSE)
    course_id = course.id if course is not None else create_course(tx, COURSE)
    if course is None:
        tx.record(by, "created a course", f"course {quizzes.course(tx, course_id).public_id}")
    for person_id, role in roles.items():
        present = courses.enrolment(tx, course_id, person_id)
        if present is None or present.role != role:
            people.enrol(tx, course_id, person_id, role)
            tx.record(by, "enrolled somebody", f"person {person_id}", course=course_id, role=role)
    return course_id


def _set_up_quizzes(tx: Transaction, by: int, course_id: int) -> tuple[str, ...]:
    known = sorted(one for one in questions.newest_hashes(tx) if not one.endswith(OTHER_FORMS))
    titles = []
    for title, description, questions_of, mode in _planned(known):
        chosen = tuple(NewQuizItem(question) for question in questions_of)
        existing = quizzes.quiz_by_title(tx, course_id, title)
        if existing is not None:
            # Once somebody sits it, a published quiz stays as it is; in a new demo the newest questions are there.
            if not quizzes.student_attempts(tx, [existing.id]):
                before = len(quizzes.items(tx, existing.id))
                changed = use_newest_questions(tx, existing)
                append_questions(tx, existing, chosen)
                if changed or len(quizzes.items(tx, existing.id)) != before:
                    tx.record(by, "changed a quiz", f"quiz {existing.public_id}")
        elif chosen:
            seeds: Seeds = "printed_first" if mode == "exam" else "fresh"
            made = create_quiz(tx, NewQuiz(course_id, title, chosen, description=description, seeds=seeds, mode=mode))
            tx.record(by, "created a quiz", f"quiz {made}")
            tx.record(by, "published a quiz", f"quiz {made}")
        else:
            continue
        titles.append(title)
    return tuple(titles)


def _planned(known: list[str]) -> Iterator[tuple[str, str, list[str], Mode]]:
    """Title, description, questions and mode of every quiz of the demo, of the questions that there are."""
    for title, description, prefix in QUIZZES:
        yield title, description, [one for one in known if one.startswith(prefix)], "exam"
    title, description, wanted = PRACTICE
    yield title, description, [one for one in wanted if one in known], "practice"


def _read(file: Path) -> list[DemoAccount]:
    try:
        entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        return [DemoAccount(**entry) for entry in entries]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        raise InvalidInput(f"The demo accounts in {file} cannot be read; delete the file.") from None


def _write(file: Path, accounts: tuple[DemoAccount, ...]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump([asdict(account) for account in accounts], out, indent=2)
    fresh.replace(file)
