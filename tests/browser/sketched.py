"""A question with two lines to draw into data, and arrows to draw at three points."""

from __future__ import annotations

from pathlib import Path

QUESTION = "sketched"
STUDENTS = ("saskia", "simon", "stella", "sven", "svenja")
_TEXT = """\
id: sketched
title: Sketches
variables:
  data: {value: [[1, 0], [2, 0], [3, 0], [4, 1], [5, 1], [6, 1]]}
  places: {value: [[0, 0], [3, 1], [1, 2]]}
  ways: {value: [[2, -1], [-3, -1], [0, 0]]}
parts:
  - id: lines
    label: a
    points: 2
    fields:
      lines:
        grader: sketch
        lines: [linear, logistic]
        shapes: [straight, sigmoid]
        points: data
        x_range: "[0, 7]"
        y_range: "[-1/2, 3/2]"
    criteria:
      - {id: line, points: 1, when: "lines.lines[0]", says: A straight line}
      - {id: curve, points: 1, when: "lines.lines[1]", says: An S-curve}
  - id: arrows
    label: b
    points: 3
    fields:
      arrows:
        grader: sketch
        arrows: [f_a, f_p, f_n]
        answer: ways
        points: places
        labels: "['f_a', 'f_p', 'f_n']"
    criteria:
      - {id: arrows, points: 3, when: "share(arrows.arrows)", says: The directions}
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "sketches" / QUESTION
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    prompt = "## lines\nDraw a linear and a logistic regression line.\n\n## arrows\nDraw the arrows.\n"
    (folder / "prompt.md").write_text(prompt, encoding="utf-8")
    solution = "## lines\nA line and an S.\n\n## arrows\nTwo of them move.\n"
    (folder / "solution.md").write_text(solution, encoding="utf-8")
