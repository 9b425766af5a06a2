"""A variant with a field of every kind and a credit with every state, written by hand."""

from __future__ import annotations

import base64
from typing import Any

from app.domain.errors import Problem
from app.sandbox import Incomputable
from tests.small_bank import FakeSandbox


def widget(kind: str, **given: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": kind, "shape": None, "several": True}
    plain |= {name: [] for name in ("options", "options_text", "words", "rows", "columns")}
    return plain | given


def options(*texts: str) -> dict[str, Any]:
    return {"options": [f"<p>{text}</p>" for text in texts], "options_text": list(texts)}


SYMBOLS: dict[str, Any] = {
    "w": {"kind": "vector", "sizes": ["d"]},
    "lam": {"domain": "positive"},
    "next": {"write": "x_{t+1}"},
    "a": {},
    "b": {},
}
SHEET: dict[str, Any] = {
    "x": {"label": "x", "low": 0, "high": 7},
    "y": {"label": "y", "low": -1, "high": 2},
    "points": [[1, 0], [2, 1]],
    "labels": [],
    "starts": [],
}
WIDGETS = {
    "number": widget("number"),
    "vector": widget("vector", shape=[3]),
    "free_vector": widget("vector"),
    "matrix": widget("matrix", shape=[2, 2]),
    "free_matrix": widget("matrix"),
    "several": widget("choice", **options("Adam", "SGD", "dropout")),
    "single": widget("choice", several=False, **options("ReLU", "tanh")),
    "order": widget("order", **options("First.", "So $x$.", "Never.")),
    "truth": widget("truth", **options("It learns.", "It forgets.")),
    "word": widget("select", words=["yes", "no"]),
    "words": widget("select", words=["low", "high"], rows=["training", "test"]),
    "table": widget("table", rows=["a", "b"], columns=["x", "y"]),
    "word_table": widget("table", rows=["a", "b"], columns=["x", "y"], words=["on", "off"]),
    "text": widget("text"),
    "graph": widget("graph", inputs=["w", "x"], words=["dot", "log"], asks=["value", "gradient"]),
    "sketch": widget("sketch", frame=SHEET | {"draw": "lines", "names": ["linear", "logistic"]}),
    "arrows": widget(
        "sketch",
        frame=SHEET
        | {
            "draw": "arrows",
            "names": ["f_a", "f_p"],
            "starts": [[0, 0], [3, 0]],
            "points": [[0, 0], [3, 0]],
            "labels": ["f_a", "f_p"],
        },
    ),
    "formula": widget("expression", symbols=SYMBOLS, lead=r"\frac{\partial L}{\partial w} ="),
    "formulas": widget("expression", symbols=SYMBOLS, shape=[2, 2]),
    "column": widget("expression", symbols=SYMBOLS, shape=[3]),
    "derivation": widget("derivation", symbols=SYMBOLS),
    "program": widget("program", symbols={"v": {"kind": "vector", "sizes": ["N"]}}),
    "drawing": widget("drawing", gallery=True),
}
MATH = '<span class="math" data-tex="\\mu">\\mu</span>'


def part(name: str, **given: Any) -> dict[str, Any]:
    field = {"id": name, "label": f"{MATH} of {name}", "label_text": name, "widget": WIDGETS[name]}
    plain = {"id": f"p-{name}", "item": name, "label": "a", "form": "first", "points": "1", "score": "points"}
    return plain | {"prompt": f"<p>About {name}.</p>", "prompt_text": name, "fields": [field]} | given


def line(name: str, points: str, most: str, **given: Any) -> dict[str, Any]:
    plain = {"id": name, "points": points, "upto": points, "max": most, "says": f"says {name}", "why": f"why {name}"}
    return plain | {"own": False, "person": False, "level": 0, "alternative": False} | given


class WideSandbox(FakeSandbox):
    """Every question has a field of every kind."""

    def close(self) -> None:
        pass

    def _variant(self, payload: Any) -> Any:
        variant = super()._variant(payload)
        parts = [part(name) for name in WIDGETS]
        parts[0] |= {"label": "", "fields": [parts[0]["fields"][0] | {"label": ""}]}
        parts[1]["score"] = "bonus"
        parts[2]["score"] = "none"
        variant["shown"] |= {"title": "Everything <at once>", "stem": "<p>The stem.</p>", "parts": parts}
        solution = {one["id"]: f"<p>Because of {one['id']}, seed {payload['seed']}.</p>" for one in parts}
        variant["solution"] = {"stem": "<p>First of all.</p>", "parts": solution, "text": {}}
        return variant

    def _pages(self, payload: Any) -> Any:
        """Every file is a page as it is; what begins with `<` is refused."""
        if base64.b64decode(payload["content"]).startswith(b"<"):
            raise Incomputable([Problem("This is no picture.")])
        return {"pages": [{"png": payload["content"], "width": 30, "height": 20}]}

    def _grade(self, payload: Any) -> Any:
        return {"observation": {}, "credit": self._credit(payload)}

    def _credit(self, payload: Any) -> Any:
        parts = [
            {
                "id": f"p-{name}",
                "item": name,
                "state": "graded",
                "points": "1/2",
                "upto": "1/2",
                "max": "1",
                "score": "points",
                "criteria": [line("half", "1/2", "1")],
                "mistakes": [],
                "notes": [],
                "feedback": [],
            }
            for name in WIDGETS
        ]
        parts[0] |= {
            "criteria": [line("followed", "1", "1", own=True), line("deduction", "-1/2", "0")],
            "mistakes": [{"id": "variance", "says": "That is the variance."}],
            "notes": ["A note."],
            "feedback": [{"field": "number", "says": "Some $w_1$ and <b> `f(x)`."}],
        }
        parts[1]["criteria"] = [line(f"way{i}", "0", "1", level=1, alternative=True) for i in range(4)]
        parts[3] |= {
            "state": "needs-person",
            "points": "0",
            "upto": "1",
            "criteria": [line("judged", "0", "1", upto="1", person=True)],
        }
        return {
            "state": "needs-person",
            "points": "6",
            "upto": "7",
            "max": "13",
            "readings": [{"id": "graph", "says": "As you drew it."}],
            "parts": parts,
            "invalid": [{"field": "number", "why": "Something is missing after “*”."}],
        }
