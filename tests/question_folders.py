"""Small question folders on disk, in order or broken as a test wants them."""

from __future__ import annotations

from pathlib import Path

QUESTION = """\
id: sum
title: A sum
variables:
  a: {printed: 2, draw: "integer(1, 9)"}
  b: a + 1
parts:
  - id: only
    item: exam-1
    points: 1
    fields:
      total: {grader: number, answer: a + b}
    criteria:
      - {id: right, points: 1, when: total.right, says: The sum}
"""
CASES = "- {case: key, answers: {total: '5'}, expect: {only: 1}}\n"


def write(root: Path, name: str = "sum", **files: str | bytes | None) -> Path:
    """A question folder below `root/exam`; `question`, `prompt`, `solution` and `cases` may be replaced or left out."""
    folder = root / "exam" / name
    folder.mkdir(parents=True)
    texts: dict[str, str | bytes | None] = {
        "question": QUESTION.replace("id: sum", f"id: {name}"),
        "prompt": "## only\nAdd @{a} and @{b}.\n",
        "solution": "## only\n@{a + b}\n",
        "cases": CASES,
    }
    for stem, text in (texts | files).items():
        suffix = ".yaml" if stem in ("question", "cases") else ".md"
        if isinstance(text, bytes):
            (folder / f"{stem}{suffix}").write_bytes(text)
        elif text is not None:
            (folder / f"{stem}{suffix}").write_text(text, encoding="utf-8")
    return folder
