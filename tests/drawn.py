"""A question in which something is drawn and something is said: for tests of drawings and surveys."""

from __future__ import annotations

import base64
from fractions import Fraction
from typing import Any

from app.domain.decisions import read_verdict
from app.domain.errors import Problem
from app.sandbox import Incomputable, SandboxFailure
from tests.small_bank import FakeSandbox

DRAWING, SAID = "qa_x", "qa_y"


class DrawnSandbox(FakeSandbox):
    """Of every question the first field is a drawing with a bonus, the second one a survey.

    Every file is a page as it is; one that begins with `<` is refused, one that begins with `!` kills its child.
    """

    def close(self) -> None:
        pass

    def _pages(self, payload: Any) -> Any:
        content = base64.b64decode(payload["content"])
        if content.startswith(b"<"):
            raise Incomputable([Problem("This is no picture.")])
        if content.startswith(b"!"):
            raise SandboxFailure("killed", "It took longer than 10 s.")
        pieces = content.split(b"|")
        return {"pages": [{"png": base64.b64encode(one).decode(), "width": 30, "height": 20} for one in pieces]}

    def _variant(self, payload: Any) -> Any:
        variant = super()._variant(payload)
        (part,) = variant["shown"]["parts"]
        first, second = part["fields"]
        drawing = {**first, "widget": {"kind": "drawing", "gallery": True}}
        said = {**second, "widget": {"kind": "text"}, "label": "What do you think?"}
        bonus = {**part, "id": "p", "score": "bonus", "fields": [drawing]}
        survey = {**part, "id": "s", "score": "none", "points": "0", "fields": [said]}
        variant["shown"]["parts"] = [bonus, survey]
        return variant

    def _credit(self, payload: Any) -> Any:
        """A person decides what the drawing is worth; what is said is worth nothing."""
        drawn = bool(payload.get("answers", payload["observation"]).get(DRAWING))
        given = (payload.get("decisions") or {}).get("p.award")
        decided = str(read_verdict(given).at(Fraction(3))) if given else None
        points, upto = (decided, decided) if decided else ("0", "3" if drawn else "0")
        line = {"id": "award", "points": points, "upto": upto, "max": "3", "says": "The drawing", "why": ""}
        line |= {"own": False, "person": decided is not None, "level": 0}
        state = "needs-person" if points != upto else "graded"
        part = {"id": "p", "item": "p", "state": state, "points": points, "upto": upto, "max": "3", "score": "bonus"}
        part |= {"criteria": [line], "mistakes": [], "notes": [], "feedback": []}
        whole = {"state": state, "points": points, "upto": upto, "max": "0", "readings": [], "invalid": []}
        return whole | {"parts": [part]}

    def _grade(self, payload: Any) -> Any:
        return {"observation": payload["answers"], "credit": self._credit(payload | {"observation": {}})}
