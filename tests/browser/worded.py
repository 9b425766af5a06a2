"""A question whose answer is a short text."""

from __future__ import annotations

from pathlib import Path

QUESTION = "worded"
STUDENTS = ("willa", "wendy", "wanda")
_TEXT = """\
id: worded
title: Second-order methods
parts:
  - id: differ
    points: 2
    fields:
      essay:
        grader: text
        key: BFGS approximates the Hessian and is cheaper.
        concepts:
          estimate: [approximat*, estimat*]
          hessian: [hessian]
          cheap: [cheap, cheaper, fast, faster]
          gradient: [gradient]
        roles: {quasi: [bfgs, quasi-newton], newton: [newton]}
        claims:
          estimates: {earn: ["quasi::[estimate hessian]"], deny: ["newton::[estimate hessian]"], near: [estimate]}
          cheaper: {earn: ["quasi::cheap"], deny: ["newton::cheap"]}
    criteria:
      - {id: estimates, points: 1, when: essay.estimates, says: It approximates the Hessian}
      - {id: cheaper, points: 1, when: essay.cheaper, says: A step is cheaper}
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "texts" / QUESTION
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    (folder / "prompt.md").write_text("## differ\nHow do these methods differ?\n", encoding="utf-8")
    (folder / "solution.md").write_text("## differ\nBFGS approximates the Hessian.\n", encoding="utf-8")
