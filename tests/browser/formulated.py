"""A question whose answers are formulas: one, a matrix of them, a column of them and a derivation."""

from __future__ import annotations

from pathlib import Path

QUESTION = "formulated"
STUDENT = "frida{}"
STUDENTS = 24
_TEXT = """\
id: formulated
title: The slope of a parabola
symbols:
  w: vector(d)
  x: vector(d)
  lam: positive
  a: real
  b: real
  t: {domain: real, write: "x_{t+1}"}
variables:
  score: lam*dot(w, x)
  slope: 2*a*b
parts:
  - id: score
    label: a
    points: 1
    fields:
      score: {grader: expression, answer: score, lead: "s ="}
      slope: {grader: expression, answer: slope}
    criteria:
      - {id: right, points: 1, when: score.right and slope.right, says: Both}
  - id: arrays
    label: b
    points: 1
    fields:
      jac: {grader: expression, answer: "[[a + b, a*b], [0, 1]]", grid: true, lead: "J ="}
      col: {grader: expression, answer: "[a, b, t]", grid: true}
    criteria:
      - {id: right, points: 1, when: jac.right and col.right, says: Both}
  - id: steps
    label: c
    points: 1
    fields:
      steps: {grader: derivation, given: "a*(a + b)", answer: "a**2 + a*b", lead: "a\\\\,(a+b) ="}
    criteria:
      - {id: right, points: 1, when: steps.right, says: Expanded}
"""
_PROMPT = """\
## score
Write down the score, and then the slope.

## arrays
Write down the Jacobian, and then the column.

## steps
Expand it, one step a line.
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "formulas" / QUESTION
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    (folder / "prompt.md").write_text(_PROMPT, encoding="utf-8")
    (folder / "solution.md").write_text(_PROMPT, encoding="utf-8")
