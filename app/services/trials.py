"""Trying a question without storing anything: show a variant, grade an answer, compare two expressions."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from app.domain.errors import GradusError, InvalidInput, NotFound, QuestionError
from app.interchange.bank import LoadedQuestion, find_question, load_bank
from app.sandbox import SandboxFailure

LONGEST_REF = 200


class Runs(Protocol):
    """The sandbox, as far as trials need it."""

    def run(self, name: str, payload: Any, *, lane: Any = ..., seconds: float | None = ...) -> Any: ...


class Trials:
    """Tries questions of a bank folder; remembers the ones already read."""

    def __init__(self, bank: Path, sandbox: Runs) -> None:
        self._bank = bank
        self._sandbox = sandbox
        self._known: dict[str, LoadedQuestion] = {}

    def find(self, ref: str) -> tuple[LoadedQuestion, str | None]:
        """The question of a REF, and the part where REF names an item (its first form).

        Raises:
            NotFound: neither a question nor an item is called so.
            QuestionError: the question cannot be used, with files and lines.
        """
        if ref not in self._known:
            loaded = find_question(self._bank, ref) if 0 < len(ref) <= LONGEST_REF else None
            if loaded is None:
                raise NotFound(f"There is no question and no item called “{ref[:LONGEST_REF]}”.")
            self._known[ref] = loaded
        loaded = self._known[ref]
        if loaded.package is None:
            raise QuestionError(loaded.problems)
        if loaded.id == ref:
            return loaded, None
        forms = [part for part in loaded.package["question"]["parts"] if part.get("item") == ref]
        first = next((part for part in forms if part.get("form", "first") == "first"), forms[0])
        return loaded, str(first["id"])

    def show(self, ref: str, seed: int, *, solution: bool = False) -> dict[str, Any]:
        """One variant as JSON for programs: the prompts as Markdown, the fields with kind, label and shape."""
        loaded, only = self.find(ref)
        variant = self._located(loaded, "variant", {"package": loaded.package, "seed": seed})
        shown, key = variant["shown"], variant["solution"]
        parts = [part for part in shown["parts"] if only in (None, part["id"])]
        answer: dict[str, Any] = {
            "ref": ref,
            "seed": seed,
            "title": shown["title"],
            "stem": shown.get("stem_text", ""),
            "parts": [
                {
                    "id": part["id"],
                    "item": part["item"],
                    "points": part["points"],
                    "prompt": part["prompt_text"],
                    "fields": [_field(field) for field in part["fields"]],
                }
                for part in parts
            ],
        }
        if solution:
            answer["solution"] = {part["id"]: key["text"].get(part["id"], "") for part in parts}
        return answer

    def grade(self, ref: str, seed: int, answer: Any, earlier: Any = None) -> dict[str, Any]:
        """Grade one answer; whatever goes wrong is told in the answer, nothing is raised."""
        started = time.perf_counter()
        try:
            result = self._grade(ref, seed, answer, earlier)
        except SandboxFailure as failure:
            result = {"state": "needs-person", "points": "0", "upto": self._most(ref), "max": self._most(ref)}
            result |= {"criteria": [], "invalid": [], "cause": str(failure)}
        except GradusError as error:
            place = error.place if isinstance(error, InvalidInput) else "ref"
            result = {"state": "invalid", "points": "0", "max": "0", "criteria": []}
            result["invalid"] = [{"field": place, "why": str(error)}]
        return {"ref": ref, **result, "ms": round((time.perf_counter() - started) * 1000, 2)}

    def _grade(self, ref: str, seed: int, answer: Any, earlier: Any) -> dict[str, Any]:
        loaded, only = self.find(ref)
        assert loaded.package is not None
        parts = [part for part in loaded.package["question"]["parts"] if only in (None, part["id"])]
        asked = [name for part in parts for name in part["fields"]]
        everything = [name for part in loaded.package["question"]["parts"] for name in part["fields"]]
        answers = _by_field(earlier, everything, "earlier") | _by_field(answer, asked, "answer")
        payload = {"package": loaded.package, "seed": seed, "answers": answers, "part": only}
        credit = self._located(loaded, "grade", payload)["credit"]
        result = {
            "state": credit["state"],
            "points": credit["points"],
            "max": credit["max"],
            "criteria": [
                {
                    "id": line["id"] if only is not None else f"{part['id']}.{line['id']}",
                    "points": line["points"],
                    "max": line["max"],
                    "why": line["why"],
                }
                for part in credit["parts"]
                for line in part["criteria"]
            ],
            "invalid": credit["invalid"],
            "feedback": [
                mistake["says"] for part in credit["parts"] for mistake in part["mistakes"] if mistake["says"]
            ],
            "readings": [reading["id"] for reading in credit["readings"]],
        }
        if credit["state"] == "needs-person":
            result["upto"] = credit["upto"]
        return result

    def _most(self, ref: str) -> str:
        loaded, only = self.find(ref)
        assert loaded.package is not None
        parts = [part for part in loaded.package["question"]["parts"] if only in (None, part["id"])]
        return str(sum((Fraction(str(part["points"])) for part in parts), Fraction(0)))

    def equal(self, reference: Any, answer: Any, variables: Any) -> dict[str, Any]:
        """Whether two expressions are the same over the declared domains."""
        started = time.perf_counter()
        try:
            if not isinstance(reference, str) or not isinstance(answer, str):
                raise InvalidInput("`reference` and `answer` are texts.")
            if not isinstance(variables, dict) or not all(
                isinstance(kind, str) for kind in variables.values()
            ):
                raise InvalidInput("`variables` maps names to domains.")
            payload = {"reference": reference, "answer": answer, "variables": variables}
            result = dict(self._sandbox.run("equal", payload, lane="grading"))
        except SandboxFailure as failure:
            result = {"verdict": "undecided", "reason": str(failure)}
        except GradusError as error:
            result = {"verdict": "invalid", "reason": str(error)}
        return {**result, "ms": round((time.perf_counter() - started) * 1000, 2)}

    def _located(self, loaded: LoadedQuestion, name: str, payload: dict[str, Any]) -> Any:
        try:
            return self._sandbox.run(name, payload, lane="grading")
        except QuestionError as error:
            raise QuestionError(loaded.locate(error.problems)) from None


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    widget = field["widget"]
    shown = {
        "id": field["id"],
        "kind": widget["kind"],
        "label": field["label_text"],
        "shape": widget["shape"],
    }
    if widget["options_text"]:
        shown["options"] = widget["options_text"]
    for name in ("words", "rows", "columns"):
        if widget[name]:
            shown[name] = widget[name]
    return shown


def _by_field(raw: Any, names: list[str], what: str) -> dict[str, Any]:
    """Answers by field; the only field of a part takes a bare answer."""
    if raw is None:
        return {}
    if isinstance(raw, dict):
        for name in raw:
            if name not in names:
                raise InvalidInput(
                    f"There is no field “{str(name)[:80]}” here; the fields are {', '.join(names)}.", what
                )
        return raw
    if len(names) != 1:
        raise InvalidInput(f"Say which field is answered: {{field: answer}} with {', '.join(names)}.", what)
    return {names[0]: raw}


def list_bank(bank: Path) -> list[dict[str, Any]]:
    """What the bank holds, question by question; broken questions are left out (`bank check` names them)."""
    rows = []
    for loaded in load_bank(bank):
        if loaded.package is None:
            continue
        question = loaded.package["question"]
        text = json.dumps(loaded.package, sort_keys=True)
        rows.append(
            {
                "question": loaded.id,
                "version": hashlib.sha256(text.encode()).hexdigest()[:12],
                "title": question["title"],
                "parts": [
                    {
                        "id": part["id"],
                        "item": part.get("item"),
                        "form": part.get("form", "first"),
                        "graders": sorted({field["grader"] for field in part["fields"].values()}),
                        "points": str(part["points"]),
                    }
                    for part in question["parts"]
                ],
            }
        )
    return rows
