"""A package: one question as the JSON that storage and sandbox pass around, unpacked once and remembered."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError

from app.domain.errors import QuestionError
from app.domain.graders import IsPrompt
from app.domain.questions import Question
from app.domain.validation import problems_of
from app.domain.values import Json
from graders.marking.compiled import Compiled, compile_question
from graders.registry import find_grader
from graders.sections import split

MOST_REMEMBERED = 64

# What decides a variant, what decides an observation, and what is left to credit.
RUBRIC_KEYS = ("criteria", "facts", "points", "score", "bonus")


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """An unpacked question: the compiled model, texts by language ("" is the default), cases and files.

    `hints` are empty where the question has none.
    """

    compiled: Compiled
    prompt: Mapping[str, str]
    solution: Mapping[str, str]
    cases: list[dict[str, Json]]
    files: Mapping[str, Any]
    hints: Mapping[str, str] = field(default_factory=dict)


_remembered: OrderedDict[str, Package] = OrderedDict()


def unpack(data: Mapping[str, Any]) -> Package:
    """The package of this JSON.

    Raises:
        QuestionError: with every problem found, each with its path.
    """
    key = digest(data)
    if key in _remembered:
        _remembered.move_to_end(key)
        return _remembered[key]
    try:
        question = Question.model_validate(data["question"])
    except ValidationError as error:
        raise QuestionError(problems_of(error)) from None
    package = Package(
        compile_question(question, _prompts(question, (data.get("prompt") or {}).get("", ""))),
        data.get("prompt") or {},
        data.get("solution") or {},
        list(data.get("cases") or []),
        data.get("files") or {},
        data.get("hints") or {},
    )
    _remembered[key] = package
    if len(_remembered) > MOST_REMEMBERED:
        _remembered.popitem(last=False)
    return package


def _prompts(question: Question, text: str) -> dict[str, str]:
    """What a student reads before answering, by part: the stem and the part's own section."""
    sections = split(text, [part.id for part in question.parts])
    return {part.id: f"{sections.stem.text}\n{sections.of(part.id).text}" for part in question.parts}


def _reads_prompt(field: Mapping[str, Any]) -> bool:
    options = find_grader(str(field.get("grader"))).Options
    return any(isinstance(mark, IsPrompt) for info in options.model_fields.values() for mark in info.metadata)


def digest(data: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def hashes(data: Mapping[str, Any]) -> dict[str, Json]:
    """What a variant, an observation and a credit depend on, as three hashes."""
    question = dict(cast("dict[str, Any]", data["question"]))
    parts = cast("list[dict[str, Any]]", question.get("parts") or [])
    rubric = [{key: part[key] for key in RUBRIC_KEYS if key in part} for part in parts]
    question["parts"] = [{key: value for key, value in part.items() if key not in RUBRIC_KEYS} for part in parts]
    observed = {key: question.get(key) for key in ("id", "parts", "variables", "readings", "pools")}
    if any(_reads_prompt(field) for part in parts for field in (part.get("fields") or {}).values()):
        # Words copied from the prompt are no answer, so what it says is looked at as well.
        observed["prompt"] = cast("dict[str, Any]", data.get("prompt") or {})
    texts = {key: data.get(key) for key in ("prompt", "solution", "files")}
    if data.get("hints"):  # they are kept with the variant; without any nothing changes
        texts["hints"] = data["hints"]
    # The shown variant prints what a part is worth, so that belongs to it as well.
    worth = [[part.get(key) for key in ("points", "score", "bonus")] for part in parts]
    return {
        "variant_hash": digest({"question": question, "texts": texts, "worth": worth}),
        "observe_hash": digest(observed),
        "rubric_hash": digest(rubric),
    }
