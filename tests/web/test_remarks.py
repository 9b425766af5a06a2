"""What graders say about a wrong answer, on the pages of students who read German or French."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.services.bank.bank import load_bank
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.storage import people
from tests.graders_here import GradersHere
from tests.web.conftest import House
from tests.web.test_results import graded

QUESTION = """\
id: remarked
title: Many fields
symbols: {x: real, y: real}
pools:
  steps:
    - {id: one, printed: 1, truth: true, text: First., why: "Yes."}
    - {id: two, printed: 2, truth: true, text: Then., why: "Yes."}
  claims:
    - {id: odd, printed: 1, truth: true, text: "Only one is odd.", why: "It is no multiple of two."}
    - {id: even, printed: 2, truth: false, text: "Two takes a, b.", why: "Memory takes time, space."}
variables:
  f: x**2*y
  less: x < y
  line: "[[1, 0], [2, 0], [3, 1], [4, 1]]"
parts:
"""
FIELDS: dict[str, tuple[str, Any]] = {
    "text": (
        "{grader: text, key: It vanishes., concepts: {vanish: [vanish]}, claims: {vanishes: {earn: ['[vanish]']}}}",
        "It does not vanish.",
    ),
    "order": ("{grader: order, pool: steps, after: {one: [], two: [one]}}", "2,1"),
    "graph": ("{grader: graph, answer: f, ask: [value], at: '[1, 2]', inputs: '[x, y]'}", "a = x*y | 1/0"),
    "sketch": ("{grader: sketch, lines: [fit], shapes: [straight], points: line}", [[["0", "9"], ["5", "9"]]]),
    "formula": ("{grader: expression, answer: f}", "x + y"),
    "relation": ("{grader: expression, answer: less, form: relation}", "x = y"),
    "column": ("{grader: expression, answer: '[f, x]'}", ["x + y", "x"]),
    "proof": ("{grader: derivation, given: f, answer: f}", "x*x*y\nx*y"),
    "program": ("{grader: program, answer: f}", "return x @ y"),
    "number": ("{grader: number, answer: '1'}", "1/0"),
    "claims": ("{grader: choice, pool: claims, mode: several}", "2"),
}
SAID = {
    "de": {
        "text": "„vanish“ spricht gegen das, wonach gefragt war.",
        "order": "Block 2, an Stelle 1 Ihrer Antwort, steht vor etwas, das er voraussetzt.",
        "graph": "Eine Zahl in diesem Graphen lässt sich nicht berechnen: Hier wird durch null geteilt.",
        "sketch": "Nicht erfüllt.",
        "formula": "Bei x = 2, y = 3 ist Ihre Antwort 5, sollte aber 12 sein.",
        "relation": "Bei x = 2, y = 3 gilt Ihre Antwort nicht, sollte es aber.",
        "column": "In Zelle 1: Bei x = 2, y = 3 ist Ihre Antwort 5, sollte aber 12 sein.",
        "proof": "Zeile 2 folgt nicht aus Zeile 1. Bei x = 2, y = 3 ist Ihre Antwort 6, sollte aber 12 sein.",
        "program": "Das lässt sich nicht als Matrizen multiplizieren: eine Zahl und eine Zahl.",
        "number": "Das lässt sich nicht berechnen: Hier wird durch null geteilt.",
    },
    "fr": {
        "text": "«\u00a0vanish\u00a0» va à l’encontre de ce qui était demandé.",
        "order": "Le bloc 2, à la place 1 de votre réponse, se trouve avant quelque chose dont il a besoin.",
        "graph": "Un nombre de ce graphe ne peut pas être calculé\u00a0: Ici, on divise par zéro.",
        "sketch": "Non satisfait.",
        "formula": "Pour x = 2, y = 3, votre réponse est 5, mais devrait être 12.",
        "relation": "Pour x = 2, y = 3, votre réponse n’est pas vérifiée, mais devrait l’être.",
        "column": "Dans la cellule 1\u00a0: Pour x = 2, y = 3, votre réponse est 5, mais devrait être 12.",
        "proof": "La ligne 2 ne découle pas de la ligne 1. Pour x = 2, y = 3, votre réponse est 6, mais devrait être",
        "program": "Le produit matriciel n’est pas possible entre un nombre et un nombre.",
        "number": "Cela ne peut pas être calculé\u00a0: Ici, on divise par zéro.",
    },
}


def write(bank: Path) -> None:
    folder = bank / "exam" / "remarked"
    folder.mkdir(parents=True)
    parts = [
        f"  - id: p-{name}\n    item: t-{name}\n    points: 1\n    fields: {{{name}: {field}}}\n"
        f"    criteria: [{{id: c-{name}, points: 1, when: {name}.right, says: Right}}]\n"
        for name, (field, _) in FIELDS.items()
    ]
    sections = "\n".join(f"## p-{name}\nSay.\n" for name in FIELDS)
    files = {"question.yaml": QUESTION + "".join(parts), "prompt.md": sections, "solution.md": sections}
    for file, text in (files | {"cases.yaml": "[]\n"}).items():
        (folder / file).write_text(text, encoding="utf-8")


@pytest.fixture
def checked(open_house: Callable[..., House], tmp_path: Path) -> Callable[[str], str]:
    """The result of a question whose answers are all wrong, in that language."""
    sandbox = GradersHere()
    house = open_house(sandbox=sandbox)
    write(tmp_path / "bank")
    with house.transactions.reading() as reading, house.transactions.writing() as writing:
        assert load_bank(reading, writing, sandbox, tmp_path / "bank").problems == ()
    with house.transactions.writing() as tx:
        course = people.course_by_title(tx, "Course")
        assert course is not None
        quiz = NewQuiz(course.id, "Words", (NewQuizItem("remarked"),), seeds="printed_first")
        house.quiz = quizzes.create_quiz(tx, quiz)
    house.sign_in()
    attempt = house.start()
    changes = [{"item": 1, "field": name, "revision": 1, "value": value} for name, (_, value) in FIELDS.items()]
    saved = house.save(attempt, house.token(attempt), *changes)
    assert saved.status_code == 200, saved.text
    house.post(f"{attempt}/hand-in")
    graded(house, attempt)

    def page(language: str) -> str:
        house.client.post("/language", data={"language": language})
        return html.unescape(house.client.get(f"{attempt}/result").text)

    return page


def test_what_graders_say_of_a_wrong_answer_is_read_in_the_language_of_the_page(
    checked: Callable[[str], str],
) -> None:
    for language, said in SAID.items():
        page = checked(language)
        assert [name for name, says in said.items() if says not in page] == [], page[page.find("<main") :]
        # What an author wrote in English is not half translated by ours.
        assert "“Two takes a, b” is wrong. Memory takes time, space." in page
