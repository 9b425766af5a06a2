"""Trying a question without storing anything: show a variant, grade an answer, compare two expressions."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from app.domain.errors import GradusError, InvalidInput, NotFound, QuestionError
from app.domain.expressions import points
from app.interchange.bank import LoadedQuestion, find_question, load_bank
from app.sandbox import Incomputable, SandboxFailure, Timed

LONGEST_REF = 200
MOST_REMEMBERED = 10_000
MOST_VARIABLES = 50


class Runs(Protocol):
    """The sandbox, as far as most services need it."""

    def run(self, name: str, payload: Any, *, lane: Any = ..., seconds: float | None = ...) -> Any: ...


class Times(Protocol):
    """The sandbox, as far as trials need it."""

    def timed(self, name: str, payload: Any, *, lane: Any = ..., seconds: float | None = ...) -> Timed: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a REF names: a question, and its part where it names an item (the first form of it)."""

    loaded: LoadedQuestion
    package: dict[str, Any]
    only: str | None

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [part for part in self.package["question"]["parts"] if self.only in (None, part["id"])]

    @property
    def most(self) -> str:
        """The points that can be had, as credit counts them."""
        counted = [part for part in self.parts if part.get("score") != "none" and not part.get("bonus")]
        return str(sum((points(part["points"]) for part in counted), Fraction(0)))

    def fields(self, *, everywhere: bool = False) -> list[str]:
        parts = self.package["question"]["parts"] if everywhere else self.parts
        return [name for part in parts for name in part["fields"]]


class Trials:
    """Tries questions of a bank folder; remembers what was read."""

    def __init__(self, bank: Path, sandbox: Times) -> None:
        self._bank = bank
        self._sandbox = sandbox
        self._known: dict[str, LoadedQuestion | None] = {}
        self._reading = Lock()

    def find(self, ref: Any) -> Found:
        """The question or item of that name.

        Raises:
            InvalidInput: this is no name.
            NotFound: neither a question nor an item is called so.
            QuestionError: the question cannot be used, with files and lines.
        """
        if not isinstance(ref, str) or not ref:
            raise InvalidInput("`ref` is the id of a question or an item.", "ref")
        loaded = self._load(ref) if len(ref) <= LONGEST_REF else None
        if loaded is None:
            raise NotFound(f"There is no question and no item called “{ref[:LONGEST_REF]}”.")
        if loaded.package is None:
            raise QuestionError(loaded.problems)
        parts = loaded.package["question"]["parts"]
        forms = [part for part in parts if part.get("item") == ref]
        if not forms or (loaded.id == ref and len(forms) < len(parts)):
            return Found(loaded, loaded.package, None)
        first = next((part for part in forms if part.get("form", "first") == "first"), forms[0])
        return Found(loaded, loaded.package, str(first["id"]))

    def _load(self, ref: str) -> LoadedQuestion | None:
        with self._reading:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            if ref not in self._known:
                loaded = find_question(self._bank, ref)
                self._known[ref] = loaded
                if loaded is not None and loaded.package is not None:
                    # Attachments are shown, never computed with.
                    loaded.package["files"] = dict.fromkeys(loaded.package["files"])
                    # What it carries in another form only is found in the question that has the first.
                    for item in loaded.first_forms:
                        self._known.setdefault(item, loaded)
            return self._known[ref]

    def show(self, ref: Any, seed: Any, *, solution: bool = False) -> dict[str, Any]:
        """One variant as JSON for programs: the prompts as Markdown, the fields with kind, label and shape."""
        found = self.find(ref)
        variant = self._timed(found, "variant", {"seed": _seed(seed)}).value
        shown, key = variant["shown"], variant["solution"]
        parts = [part for part in shown["parts"] if found.only in (None, part["id"])]
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

    def grade(self, ref: Any, seed: Any, answer: Any, earlier: Any = None) -> dict[str, Any]:
        """Grade one answer; whatever goes wrong is told in the result, nothing is raised.

        `ms` is the time of judging, without waiting for a child; 0 where nothing could be judged.
        """
        started = time.perf_counter()
        most = "0"
        told: dict[str, Any]
        try:
            found = self.find(ref)
            most = found.most
            return {"ref": ref, **self._grade(found, _seed(seed), answer, earlier)}
        except (SandboxFailure, Incomputable) as failure:
            told = {"state": "needs-person", "points": "0", "upto": most, "max": most, "criteria": []}
            told |= {"invalid": [], "cause": str(failure), "ms": _ms_since(started)}
        except GradusError as error:
            place = error.place if isinstance(error, InvalidInput) else "ref"
            told = {"state": "invalid", "points": "0", "max": most, "criteria": []}
            told |= {"invalid": [{"field": place, "why": str(error)}], "ms": 0}
        return {"ref": ref, **told}

    def _grade(self, found: Found, seed: int, answer: Any, earlier: Any) -> dict[str, Any]:
        answers = _by_field(earlier, found.fields(everywhere=True), "earlier")
        answers |= _by_field(answer, found.fields(), "answer")
        payload = {"seed": seed, "answers": answers, "part": found.only, "by_id": True}
        timed = self._timed(found, "grade", payload)
        credit = timed.value["credit"]
        result = {
            "state": credit["state"],
            "points": credit["points"],
            "max": credit["max"],
            "criteria": [
                {
                    "id": line["id"] if found.only is not None else f"{part['id']}.{line['id']}",
                    "points": line["points"],
                    "max": line["max"],
                    "why": line["why"],
                }
                for part in credit["parts"]
                for line in part["criteria"]
            ],
            "invalid": credit["invalid"],
            "feedback": [
                said["says"]
                for part in credit["parts"]
                for said in (*part["mistakes"], *part["feedback"])
                if said["says"]
            ],
            "readings": [reading["id"] for reading in credit["readings"]],
            "ms": round(timed.ms, 2),
        }
        if credit["state"] == "needs-person":
            result["upto"] = credit["upto"]
        return result

    def equal(self, reference: Any, answer: Any, variables: Any) -> dict[str, Any]:
        """Whether two expressions are the same over the declared domains; nothing is raised."""
        started = time.perf_counter()
        try:
            if not isinstance(reference, str) or not isinstance(answer, str):
                raise InvalidInput("`reference` and `answer` are texts.")
            payload = {"reference": reference, "answer": answer, "variables": _domains(variables)}
            timed = self._sandbox.timed("equal", payload, lane="grading")
            return {**timed.value, "ms": round(timed.ms, 2)}
        except (SandboxFailure, Incomputable) as failure:
            return {"verdict": "undecided", "reason": str(failure), "ms": _ms_since(started)}
        except GradusError as error:
            return {"verdict": "invalid", "reason": str(error), "ms": 0}

    def _timed(self, found: Found, name: str, payload: dict[str, Any]) -> Timed:
        try:
            return self._sandbox.timed(name, {"package": found.package, **payload}, lane="grading")
        except QuestionError as error:
            raise type(error)(found.loaded.locate(error.problems)) from None


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _seed(seed: Any) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise InvalidInput("`seed` is a whole number from 0.", "seed")
    return seed


def _domains(variables: Any) -> dict[str, str]:
    if variables is None:
        return {}
    if not isinstance(variables, dict) or not all(isinstance(kind, str) for kind in variables.values()):
        raise InvalidInput("`variables` maps names to domains.")
    if any(len(name) > LONGEST_REF for name in variables):
        raise InvalidInput(f"The name of a variable has at most {LONGEST_REF} characters.")
    if len(variables) > MOST_VARIABLES:
        raise InvalidInput(f"An expression has at most {MOST_VARIABLES} variables.")
    return variables


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
    if widget.get("frame"):
        shown["names"] = widget["frame"]["names"]
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
                        "points": str(points(part["points"])),
                    }
                    for part in question["parts"]
                ],
            }
        )
    return rows
