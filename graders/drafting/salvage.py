"""What can be used of a question that is not in order: broken places are told and replaced by something harmless.

Places keep their position, so that the paths of further problems are those of the document.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Problem, QuestionError
from app.domain.questions import NAME, RESERVED, Question
from app.domain.validation import details_of, problems_of
from graders.marking.compiled import Compiled, compile_question

MOST_ROUNDS = 12
MOST_PROBLEMS = 100
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_BROKEN = "broken"

Document = dict[str, Any]


@dataclass(slots=True)
class Lost:
    """What had to be left out: cells, names of all kinds, parts whose rubric is no longer whole, or all parts."""

    cells: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    rubrics: set[int] = field(default_factory=set)
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.cells or self.names or self.rubrics or self.everything)

    def explains(self, problem: Problem) -> bool:
        """Whether this problem is there only because something was left out."""
        if "criteria reach" in problem.says:
            return any(problem.path.startswith(f"parts.{number}.") for number in self.rubrics)
        if "is not the `answer` of any field" in problem.says:
            return bool(self.names)
        quoted = set(re.findall(r"`([^`]*)`", problem.says))
        return "There is no" in problem.says and any(
            name in self.names or name.partition(".")[0] in self.names for name in quoted
        )


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A question that can be used, what is wrong with the document it came from, and what was left out."""

    compiled: Compiled
    problems: tuple[Problem, ...]
    lost: Lost


def salvage(document: Any) -> Salvaged:
    """The question of a document, as far as it goes; nothing is raised."""
    lost = Lost()
    problems: list[Problem] = []
    if not isinstance(document, dict):
        lost.everything = True
        return Salvaged(_compiled({}, lost), (Problem("A question is a map that begins with `id:`."),), lost)
    try:
        return Salvaged(compile_question(Question.model_validate(document)), (), lost)
    except (ValidationError, QuestionError):
        document = copy.deepcopy(document)
    for _ in range(MOST_ROUNDS):
        try:
            compiled = compile_question(Question.model_validate(document))
            return Salvaged(compiled, _bounded(problems), lost)
        except ValidationError as error:
            # The first look tells everything; later ones see what was hidden behind it.
            problems += problems_of(error)
            for detail in details_of(error):
                _repair(document, tuple(detail["loc"]), lost)
        except QuestionError as error:
            problems += error.problems
            for problem in error.problems:
                _repair(document, tuple(_step(step) for step in problem.path.split(".")), lost)
    lost.everything = True
    return Salvaged(_compiled({}, lost), _bounded(problems), lost)


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))[:MOST_PROBLEMS]


def _compiled(document: Document, lost: Lost) -> Compiled:
    return compile_question(Question.model_validate({"id": "draft", "title": "", "parts": [_part(0, {})], **document}))


def _step(step: str) -> int | str:
    return int(step) if step.isdigit() else step


def _repair(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    try:
        if path:
            _REPAIRS.get(str(path[0]), _leave_out)(document, path, lost)
        else:
            _make_unique(document, lost)
    except (KeyError, IndexError, TypeError, AttributeError):
        # Two problems of one place: it has been replaced already.
        return


def _leave_out(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    document.pop(str(path[0]), None)


def _id(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    document["id"] = "draft"


def _title(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    document["title"] = ""


def _variable(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    if len(path) == 1:
        document["variables"] = {}
        return
    # A cell that is there, so that formulas that name it are not wrong themselves.
    document["variables"][path[1]] = {"value": None}
    lost.cells.add(str(path[1]))


def _statement(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    if len(path) == 1:
        _leave_out(document, path, lost)
    elif len(path) == 2:
        document["pools"][path[1]] = []
    else:
        number = int(path[2])
        text = {"id": f"{_BROKEN}-{number + 1}", "text": "…", "truth": False}
        document["pools"][path[1]][number] = text


def _condition(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    if len(path) == 1:
        _leave_out(document, path, lost)
    else:
        document["where"][path[1]] = True


def _named(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    """A figure or a reading."""
    if len(path) == 1:
        _leave_out(document, path, lost)
    else:
        del document[str(path[0])][path[1]]
        lost.names.add(str(path[1]))


def _parts(document: Document, path: tuple[int | str, ...], lost: Lost) -> None:
    if len(path) == 1:
        document["parts"] = [_part(0, {})]
        lost.everything = True
        return
    number = int(path[1])
    part = document["parts"][number]
    if len(path) == 2 or not isinstance(part, dict):
        document["parts"][number] = _part(number, part)
        lost.rubrics.add(number)
        return
    key = str(path[2])
    deeper = len(path) > 3 and isinstance(part.get(key), (dict, list))
    if key == "id":
        part["id"] = f"part{number + 1}"
    elif key == "points":
        part["points"] = "0"
    elif key == "criteria":
        _criterion(part, path[3] if deeper else None)
        lost.rubrics.add(number)
    elif key == "fields":
        _field(part, str(path[3]) if deeper else None, lost)
        lost.rubrics.add(number)
    elif key in ("mistakes", "facts") and deeper:
        del part[key][path[3]]
        lost.names.update((str(path[3]), f"mistake({path[3]})"))
    else:
        part.pop(key, None)


def _part(number: int, part: Any) -> Document:
    given = part.get("id") if isinstance(part, dict) else None
    named = isinstance(given, str) and _IDENTIFIER.fullmatch(given)
    return {"id": given if named else f"part{number + 1}", "points": "0", "fields": {}, "criteria": []}


def _criterion(part: Document, place: int | str | None) -> None:
    if place is None:
        part["criteria"] = []
    else:
        number = int(place)
        part["criteria"][number] = {"id": f"{_BROKEN}-{number + 1}", "points": "0", "when": "False"}


def _field(part: Document, name: str | None, lost: Lost) -> None:
    if name is None:
        lost.names.update(map(str, part["fields"] if isinstance(part.get("fields"), dict) else ()))
        part["fields"] = {}
    else:
        del part["fields"][name]
        lost.names.add(name)


def _make_unique(document: Document, lost: Lost) -> None:
    """What is called alike, or cannot be called so, is called otherwise or left out."""
    for name in [name for name in document.get("variables") or {} if not _may_be_called(name)]:
        del document["variables"][name]
    for statements in (document.get("pools") or {}).values():
        _rename_doubles(statements)
    fields: set[str] = set()
    _rename_doubles(document["parts"])
    for part in document["parts"]:
        for name in list(part["fields"]):
            if name in fields or not _may_be_called(name):
                _field(part, name, lost)
            fields.add(name)
        _rename_doubles(list(_leaves(part["criteria"])))
        if str(part["points"]).startswith("-"):
            part["points"] = "0"


def _may_be_called(name: str) -> bool:
    return NAME.fullmatch(name) is not None and name not in RESERVED


def _rename_doubles(things: list[Document]) -> None:
    seen: set[str] = set()
    for number, thing in enumerate(things):
        if thing["id"] in seen:
            thing["id"] = f"{thing['id'][:50]}-{number + 1}"
        seen.add(thing["id"])


def _leaves(nodes: Any) -> list[Document]:
    found: list[Document] = []
    for node in nodes if isinstance(nodes, list) else []:
        if isinstance(node, list):
            found += _leaves(node)
        elif isinstance(node, dict):
            found += [node] if node.get("id") and "when" in node else []
            found += _leaves(node.get("best_of")) + _leaves(node.get("sum_of"))
    return found


_REPAIRS: dict[str, Callable[[Document, tuple[int | str, ...], Lost], None]] = {
    "id": _id,
    "title": _title,
    "variables": _variable,
    "pools": _statement,
    "where": _condition,
    "figures": _named,
    "readings": _named,
    "parts": _parts,
}
