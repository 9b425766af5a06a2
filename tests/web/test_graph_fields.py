"""Graphs between rows of a table and the text of pages without scripts."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.domain.answers import Read, read
from app.domain.graph_operators import OPERATORS
from app.domain.widgets import Widget
from app.web.graph_fields import graph_text

ROOT = Path(__file__).resolve().parents[2]
WIDGET = Widget(kind="graph", inputs=("w", "x", "y"), asks=("value", "gradient"))
ROWS: list[list[Any]] = [
    ["s", "dot", "w, x", "1", ["[2, 1]", ""]],
    ["q", "*", "s; y", "", ["", ""]],
    ["r", "-", "q", "-1", ["-1"]],
    ["t", "", "exp(r)", "", []],
    ["L", "-", "t 2", "0", ["1", "-1"]],
]
TEXT = "s = dot(w, x) | 1 | [2, 1]; \nq = s * y\nr = -(q) | -1 | -1\nt = exp(r)\nL = t - 2 | 0 | 1; -1"


def test_rows_become_lines_that_are_read_the_same() -> None:
    assert graph_text(ROWS) == TEXT
    table, text = read(WIDGET, ROWS), read(WIDGET, TEXT)
    assert isinstance(table, Read)
    assert isinstance(text, Read)
    assert (table.words, table.latex) == (text.words, text.latex)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("w -> exp -> s", "w -> exp -> s"),
        (3, "3"),
        ([], ""),
        ([["", "", ""], ["s"]], "s = "),
        ([["s", "exp", ["w"], "", "2"]], "s = exp(w) |  | 2"),
        (["a = exp(w)", None], "a = exp(w)"),
        ([[None, None, None, None, None]], ""),
    ],
)
def test_whatever_is_stored_becomes_a_text(value: Any, text: str) -> None:
    assert graph_text(value) == text


def test_scripts_write_and_read_the_same_text(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    module = ROOT / "app/web/static/js/answers/graph-text.js"
    script = tmp_path / "say.mjs"
    shutil.copy(module, tmp_path / "graph-text.mjs")
    script.write_text(
        'import { rowsOfRaw, textOf } from "./graph-text.mjs";\n'
        'import { readFileSync } from "node:fs";\n'
        "const { rows, text } = JSON.parse(readFileSync(0));\n"
        "console.log(JSON.stringify([textOf(rowsOfRaw(rows)), textOf(rowsOfRaw(text))]));\n",
        encoding="utf-8",
    )

    told = subprocess.run(
        [node, str(script)], input=json.dumps({"rows": ROWS, "text": TEXT}), capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == [TEXT, TEXT]


def test_every_operator_is_in_the_guide() -> None:
    guide = (ROOT / "docs/write-a-question.md").read_text(encoding="utf-8")
    assert [name for name, one in OPERATORS.items() if f"| `{name}` | {one.says} |" not in guide] == []
