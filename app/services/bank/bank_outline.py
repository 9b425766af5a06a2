"""A question as a person reads it: its rubric as a tree, its variables, pools, readings, mistakes and cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from app.domain.texts import PREFERRED, in_language

Named: TypeAlias = tuple[tuple[str, str], ...]
"""Names with what stands behind them, as text."""

SHORT = 2_000


@dataclass(frozen=True, slots=True)
class RubricNode:
    """A criterion, or a group of them. `most` is what the node can give at best."""

    kind: Literal["leaf", "best of", "sum of"]
    id: str
    points: Fraction
    most: Fraction
    when: str
    says: str
    unless: str
    at_most: Fraction | None
    at_least: Fraction | None
    nodes: tuple[RubricNode, ...]


@dataclass(frozen=True, slots=True)
class FieldOutline:
    """A field with its grader and the options that it is given."""

    id: str
    grader: str
    label: str
    options: Named


@dataclass(frozen=True, slots=True)
class MistakeOutline:
    """A typical mistake: the cells it changes, or a condition on the answers."""

    id: str
    set: Named
    when: str
    says: str


@dataclass(frozen=True, slots=True)
class PartOutline:
    """One part; `most` is what its rubric can give before the part's points bound it."""

    id: str
    label: str
    title: str
    item: str
    points: Fraction
    score: str
    form: str
    carry: tuple[str, ...]
    carry_if: str
    most: Fraction
    fields: tuple[FieldOutline, ...]
    facts: Named
    criteria: tuple[RubricNode, ...]
    mistakes: tuple[MistakeOutline, ...]


@dataclass(frozen=True, slots=True)
class VariableOutline:
    """A cell of the spreadsheet: a formula, a value, or a printed value with how others are drawn."""

    name: str
    formula: str
    printed: str
    draw: str


@dataclass(frozen=True, slots=True)
class StatementOutline:
    """One statement of a pool."""

    id: str
    text: str
    truth: str
    why: str
    printed: bool


@dataclass(frozen=True, slots=True)
class ReadingOutline:
    """An accepted reading of the question."""

    id: str
    condition: str
    set: Named
    says: str


@dataclass(frozen=True, slots=True)
class CaseOutline:
    """A recorded answer with the points it must get."""

    title: str
    seed: int
    answers: Named
    expect: Named


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole question."""

    title: str
    languages: tuple[str, ...]
    source: Named
    tags: tuple[str, ...]
    symbols: Named
    variables: tuple[VariableOutline, ...]
    where: tuple[str, ...]
    pools: tuple[tuple[str, tuple[StatementOutline, ...]], ...]
    readings: tuple[ReadingOutline, ...]
    parts: tuple[PartOutline, ...]
    cases: tuple[CaseOutline, ...]
    images: tuple[str, ...]


def outline(package: Mapping[str, Any], language: str = PREFERRED) -> Outline:
    """What a package says, in that language where it has one. Nothing is evaluated."""
    question = package["question"]
    says = _Speaker(language)
    return Outline(
        title=says.text(question.get("title")),
        languages=languages(package),
        source=_named(question.get("source")),
        tags=tuple(map(str, question.get("tags") or ())),
        symbols=_named(question.get("symbols")),
        variables=tuple(_variable(name, data) for name, data in (question.get("variables") or {}).items()),
        where=tuple(_code(one) for one in question.get("where") or ()),
        pools=tuple(
            (name, tuple(says.statement(one) for one in statements))
            for name, statements in (question.get("pools") or {}).items()
        ),
        readings=tuple(
            ReadingOutline(name, _code(one.get("if")), _named(one.get("set")), says.text(one.get("says")))
            for name, one in (question.get("readings") or {}).items()
        ),
        parts=tuple(says.part(part) for part in question["parts"]),
        cases=tuple(_case(one, number) for number, one in enumerate(package.get("cases") or (), 1)),
        images=tuple(package.get("files") or ()),
    )


def languages(package: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages that the texts are written in, English first."""
    named = {*(package.get("prompt") or {}), *(package.get("solution") or {}), *(package.get("hints") or {})} - {""}
    title = package["question"].get("title")
    named |= set(title) if isinstance(title, dict) else set()
    return (PREFERRED, *sorted(named - {PREFERRED}))


class _Speaker:
    """Reads texts in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def text(self, text: Any) -> str:
        return in_language(text, self._language) if isinstance(text, dict) else "" if text is None else str(text)

    def statement(self, one: Mapping[str, Any]) -> StatementOutline:
        text, why = self.text(one.get("text")), self.text(one.get("why"))
        return StatementOutline(str(one.get("id")), text, _code(one.get("truth")), why, "printed" in one)

    def part(self, part: Mapping[str, Any]) -> PartOutline:
        criteria = tuple(self.node(one) for one in part.get("criteria") or ())
        return PartOutline(
            id=str(part["id"]),
            label=str(part.get("label") or ""),
            title=self.text(part.get("title")),
            item=str(part.get("item") or ""),
            points=Fraction(str(part["points"])),
            score="none" if part.get("score") == "none" else "bonus" if part.get("bonus") else "points",
            form=str(part.get("form") or "first"),
            carry=tuple(map(str, part.get("carry") or ())),
            carry_if=_code(part.get("carry_if")),
            most=sum((node.most for node in criteria), Fraction(0)),
            fields=tuple(self.field(name, one) for name, one in part["fields"].items()),
            facts=_named(part.get("facts")),
            criteria=criteria,
            mistakes=tuple(
                MistakeOutline(name, _named(one.get("set")), _code(one.get("when")), self.text(one.get("says")))
                for name, one in (part.get("mistakes") or {}).items()
            ),
        )

    def field(self, name: str, one: Mapping[str, Any]) -> FieldOutline:
        options = {key: value for key, value in one.items() if key not in ("grader", "label")}
        return FieldOutline(name, str(one.get("grader") or ""), self.text(one.get("label")), _named(options))

    def node(self, data: Any) -> RubricNode:
        one: Mapping[str, Any] = {"sum_of": data} if isinstance(data, list) else data
        nodes = tuple(self.node(inner) for inner in one.get("best_of") or one.get("sum_of") or ())
        points = _points(one.get("points")) or Fraction(0)
        at_most, at_least = _points(one.get("at_most")), _points(one.get("at_least"))
        if "best_of" in one:
            most = max((node.most for node in nodes), default=Fraction(0))
        else:
            most = sum((node.most for node in nodes), max(points, Fraction(0)))
        return RubricNode(
            kind="best of" if "best_of" in one else "sum of" if "sum_of" in one else "leaf",
            id=str(one.get("id") or ""),
            points=points,
            most=most if at_most is None else min(most, at_most),
            when=_code(one.get("when")),
            says=self.text(one.get("says")),
            unless=_code(one.get("unless")),
            at_most=at_most,
            at_least=at_least,
            nodes=nodes,
        )


def _variable(name: str, data: Any) -> VariableOutline:
    if isinstance(data, dict) and "draw" in data:
        return VariableOutline(name, "", _code(data.get("printed")), _code(data["draw"]))
    if isinstance(data, dict) and set(data) <= {"value", "formula"}:
        data = data.get("formula", data.get("value"))
    return VariableOutline(name, _code(data), "", "")


def _case(one: Mapping[str, Any], number: int) -> CaseOutline:
    seed = one.get("seed", 0)
    answers, expect = _named(one.get("answers")), _named(one.get("expect") or one.get("marked"))
    return CaseOutline(str(one.get("case") or number), seed if isinstance(seed, int) else 0, answers, expect)


def _points(data: Any) -> Fraction | None:
    return None if data is None else Fraction(str(data))


def _named(data: Any) -> Named:
    return tuple((str(name), _code(value)) for name, value in data.items()) if isinstance(data, dict) else ()


def _code(data: Any) -> str:
    """An expression as it was written; anything else as JSON."""
    if data is None:
        return ""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"
