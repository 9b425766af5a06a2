"""A question that is practised: two small sums with hints, in a course of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

QUESTION = "practised"
STUDENTS = ("pam", "pat", "pim", "pia-practises")
_TEXT = """\
id: practised
title: Two sums
variables:
  a: {printed: 2, draw: "integer(3, 900)"}
  b: {printed: 3, draw: "integer(3, 900)"}
  total: a + b
parts:
  - id: sum
    label: a
    points: 2
    fields:
      total: {grader: number, answer: total}
    criteria:
      - {id: right, points: 2, when: total.right, says: The sum is right}
  - id: why
    label: b
    points: 1
    fields:
      reason: {grader: text, key: It is commutative., concepts: {swap: [commutative]}, claims: {swap: {earn: [swap]}}}
    criteria:
      - {id: swap, points: 1, when: reason.swap, says: It names the law}
"""
_PROMPT = "## sum\nWhat is $@{a} + @{b}$?\n\n## why\nWhich law says that $@{b} + @{a}$ is the same?\n"
_SOLUTION = "## sum\nIt is $@{total}$, because it is.\n\n## why\nAddition is commutative.\n"
_HINTS = "## sum\nCount on from the larger number.\n\n---\n\nTens first, then what is left.\n"


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "practice" / QUESTION
    folder.mkdir(parents=True)
    for name, text in (("question.yaml", _TEXT), ("prompt.md", _PROMPT), ("solution.md", _SOLUTION)):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "hints.md").write_text(_HINTS, encoding="utf-8")


def set_up(parts: Any, password_hash: Any) -> dict[str, str]:
    """A course with the question as practice; the last student has taken a hint and checked already."""
    from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_course, create_quiz
    from app.services.sitting import attempts, practising
    from app.storage import people

    with parts.transactions.writing() as tx:
        course = create_course(tx, "Practising")
        for login in STUDENTS:
            person = people.add_person(tx, login, login.title(), password_hash, False)
            people.enrol(tx, course, person.id, "student")
        quiz = create_quiz(tx, NewQuiz(course, "To practise", (NewQuizItem(QUESTION),), mode="practice"))
        last = person.id
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        attempt = attempts.start(reading, writing, parts.sandbox, last, quiz)
    with parts.transactions.writing() as tx:
        practising.take_hint(tx, last, attempt, 1, "sum", 0)
    with parts.transactions.reading() as reading, parts.transactions.writing() as writing:
        practising.check(reading, writing, parts.sandbox, last, attempt, 1)
    return {"practice": attempt}
