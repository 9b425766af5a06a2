"""A question whose answer is a computational graph with its values and local gradients, and one of the bank."""

from __future__ import annotations

from pathlib import Path

QUESTION = "graphed"
STUDENTS = ("gerda", "georg", "greta", "gustav")
PRINTED = "halloween-1-graph"
VALUER = "gitta"
_TEXT = """\
id: graphed
title: A graph to draw
symbols: {w: vector(d), x: vector(d), y: positive}
variables:
  xs: {value: [2, 1]}
  ws: {value: [1, -1]}
  ys: {value: 1}
  s: dot(w, x)
  lam: s**2
  L: lam*y - log(lam)
parts:
  - id: graph
    points: 4
    fields:
      graph:
        grader: graph
        answer: L
        inputs: "[w, x, y]"
        operators: [dot, square, "*", log, "-", "+", exp, tanh]
        output: "['L']"
        steps: [s, lam]
        shared: "[s, lam]"
        ask: [value, gradient]
        at: "[ws, xs, ys]"
        by: "[w]"
    criteria:
      - {id: graph, points: 1, when: graph.right, says: The graph computes the loss}
      - {id: shared, points: 1, when: "any(graph.shared)", says: What is used twice is computed once}
      - {id: values, points: 1, when: share(graph.values), says: The forward values}
      - {id: gradients, points: 1, when: share(graph.gradients), says: The local gradients between w and the loss}
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "graphs" / QUESTION
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    stem = "The loss of one observation is $L = @{L}$.\n\n"
    prompt = f"{stem}## graph\nDraw its graph at $w = @{{ws}}$, $x = @{{xs}}$, $y = @{{ys}}$.\n"
    (folder / "prompt.md").write_text(prompt, encoding="utf-8")
    (folder / "solution.md").write_text("## graph\nOne value can feed two nodes.\n", encoding="utf-8")
