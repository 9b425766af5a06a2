"""A question of the kinds of fields that no other of these tests has, and a quiz in which every kind is met."""

from __future__ import annotations

from pathlib import Path

from tests.browser import formulated, graphed, ordered, sketched

QUESTION = "every-kind"
STUDENTS = ("eva", "emil", "elsa", "enno", "esra")
COURSE = "Every kind of field"
# The drawing comes from the bank: see drawn.py.
QUIZ = (
    QUESTION,
    "tum-05",
    formulated.QUESTION,
    graphed.QUESTION,
    ordered.QUESTION,
    sketched.QUESTION,
    "halloween-bonus",
)
_TEXT = """\
id: every-kind
title: A little of everything
symbols: {v: vector(d)}
pools:
  claims:
    - {id: relu, printed: 1, truth: true, text: "A **ReLU** is piecewise linear."}
    - {id: tanh, printed: 2, truth: false, text: "$\\\\tanh$ is unbounded.", why: "It is not."}
    - {id: soft, printed: 3, truth: true, text: "A softmax sums to one."}
variables:
  shown: {value: [relu, tanh, soft]}
  rows: {value: [training, test]}
  columns: {value: [loss, accuracy]}
  numbers: {value: [[1, 2], [3, 4]]}
  words: {value: [yes, no]}
parts:
  - id: pick
    label: a
    points: 3
    fields:
      several: {grader: choice, pool: claims, shown: shown, mode: several}
      single: {grader: choice, pool: claims, shown: "['tanh', 'soft']", mode: single}
      truth: {grader: truth, pool: claims, shown: shown}
    criteria:
      - {id: several, points: 1, when: several.right, says: The right boxes}
      - {id: single, points: 1, when: single.right, says: The right statement}
      - {id: truth, points: 1, when: truth.right, says: All statements}
  - id: choose
    label: b
    points: 2
    fields:
      word: {grader: select, words: ["yes", "no"], key: "yes"}
      each: {grader: select, words: ["yes", "no"], rows: rows, answer: words}
    criteria:
      - {id: word, points: 1, when: word.right, says: The word}
      - {id: each, points: 1, when: each.right, says: Both rows}
  - id: fill
    label: c
    points: 3
    fields:
      number: {grader: number, answer: "1/3", label: "The share"}
      table: {grader: table, rows: rows, columns: columns, answer: numbers}
      free: {grader: matrix, answer: numbers, size: free}
    criteria:
      - {id: number, points: 1, when: number.right, says: The number}
      - {id: table, points: 1, when: table.right, says: The table}
      - {id: free, points: 1, when: free.right, says: The matrix}
  - id: write
    label: d
    points: 1
    fields:
      program: {grader: program, inputs: [v], program: "v + v", lead: "2v ="}
      said: {grader: note}
    criteria:
      - {id: program, points: 1, when: program.right, says: It doubles}
"""
_PROMPT = """\
## pick
Which are right?

## choose
Choose.

## fill
Fill in: $\\tfrac13$, and twice one to four.

## write
Double the vector, and say something.
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "kinds" / QUESTION
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    (folder / "prompt.md").write_text(_PROMPT, encoding="utf-8")
    (folder / "solution.md").write_text(_PROMPT, encoding="utf-8")
