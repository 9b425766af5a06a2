"""A question made ready for marking: options of fields are split into expressions, pools and plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from app.domain.answers import Raw
from app.domain.errors import Problem, QuestionError
from app.domain.expressions import Formula, formula
from app.domain.graders import Grader, IsNames, IsPool, IsPrompt, IsSymbols, Options, Shown
from app.domain.language import Node
from app.domain.language.tree import Attribute, Call, Name, map_tree
from app.domain.questions import AnswerField, Part, Question, Statement
from app.domain.rubrics import Criterion
from app.domain.symbols import Symbol, with_sizes
from app.domain.validation import problems_of
from app.domain.widgets import Widget
from graders.evaluation.errors import EvaluationError
from graders.evaluation.truth import NO, YES, truth
from graders.marking.worlds import World
from graders.registry import find_grader


@dataclass(frozen=True, slots=True)
class CompiledField:
    """One field with its grader; `answer_cell` is the cell whose value the answer is, if it is exactly one."""

    id: str
    part: Part
    field: AnswerField
    grader: Grader
    template: Options
    formulas: Mapping[str, Formula]
    pools: Mapping[str, tuple[Statement, ...]]
    names: Mapping[str, Mapping[str, str]]
    symbols: Mapping[str, Mapping[str, Symbol]]
    reads: frozenset[str]
    """The cells that the options are made of."""

    @property
    def answer_cell(self) -> str | None:
        answer = self.formulas.get("answer")
        return answer.node.id if answer is not None and isinstance(answer.node, Name) else None

    @property
    def has_reference(self) -> bool:
        """Whether there is one reference (and not only a sample answer)."""
        return "answer" in self.formulas or bool(self.pools)

    def options(self, world: World) -> Options:
        """The options as they are in this world.

        Raises:
            EvaluationError: a cell cannot be computed here.
        """
        home = self.home(world)
        known: Options | None = home.remembered.get(("options", self.id))
        if known is None:
            known = home.remembered["options", self.id] = self._options(home)
        return known

    def home(self, world: World) -> World:
        """The simplest world in which the options are what they are in this one."""
        return world.home(self.reads)

    def key(self, world: World) -> Raw:
        """A right answer in this world. Raises EvaluationError."""
        home = self.home(world)
        if ("key", self.id) not in home.remembered:
            home.remembered["key", self.id] = self.grader.key(self.options(home))
        key: Raw = home.remembered["key", self.id]
        return key

    def _options(self, world: World) -> Options:
        values: dict[str, Any] = {name: world.evaluate(cell.node) for name, cell in self.formulas.items()}
        for name, statements in self.pools.items():
            values[name] = [self._shown(statement, world) for statement in statements]
        for name, cells in self.names.items():
            values[name] = {word: world[cell] for word, cell in cells.items()}
        values |= self.symbols
        return self.template.model_copy(update=values)

    @staticmethod
    def _shown(statement: Statement, world: World) -> Shown:
        share = truth(world.evaluate(statement.truth.node))
        if share not in (YES, NO):
            raise EvaluationError(f"The truth of `{statement.id}` is neither true nor false.")
        return Shown(statement.id, statement.text, share == YES, statement.why)

    def widget(self, options: Options) -> Widget:
        return self.grader.widget(options)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A question whose fields have found their graders and whose `mistake(name)` have become facts."""

    question: Question
    fields: Mapping[str, CompiledField]

    def of_part(self, part: Part) -> list[CompiledField]:
        return [self.fields[name] for name in part.fields]


def compile_question(question: Question, prompts: Mapping[str, str] | None = None) -> Compiled:
    """Find the graders and take the options apart; `prompts` are the words that a student reads, by part.

    Raises:
        QuestionError: unknown graders or options, with their paths.
    """
    problems: list[Problem] = []
    fields: dict[str, CompiledField] = {}
    for number, part in enumerate(question.parts):
        for name, field in part.fields.items():
            path = f"parts.{number}.fields.{name}"
            try:
                fields[name] = _compile_field(question, part, name, field, (prompts or {}).get(part.id, ""))
            except ValidationError as error:
                problems += problems_of(error, path)
            except ValueError as error:
                problems.append(Problem(str(error), path))
    if problems:
        raise QuestionError(problems)
    parts = tuple(_with_mistake_facts(part) for part in question.parts)
    ready = question.model_copy(update={"parts": parts})
    by_id = {part.id: part for part in parts}
    return Compiled(ready, {name: replace(field, part=by_id[field.part.id]) for name, field in fields.items()})


def _compile_field(question: Question, part: Part, name: str, field: AnswerField, prompt: str) -> CompiledField:
    grader = find_grader(field.grader)
    raw = field.options
    for option, info in grader.Options.model_fields.items():
        if option in raw and any(isinstance(mark, IsSymbols) for mark in info.metadata):
            raise ValueError(f"`{option}` is not set here: declare the symbols of the question.")
        if option in raw and any(isinstance(mark, IsPrompt) for mark in info.metadata):
            raise ValueError(f"`{option}` is not set here: it is the prompt of the question.")
    template = grader.Options.model_validate(raw)
    prompted = [
        option
        for option, info in grader.Options.model_fields.items()
        if any(isinstance(mark, IsPrompt) for mark in info.metadata)
    ]
    template = template.model_copy(update=dict.fromkeys(prompted, prompt))
    expressions = grader.Options.expressions(raw)
    formulas: dict[str, Formula] = {}
    pools: dict[str, tuple[Statement, ...]] = {}
    names: dict[str, Mapping[str, str]] = {}
    symbols: dict[str, Mapping[str, Symbol]] = {}
    for option, info in grader.Options.model_fields.items():
        if any(isinstance(mark, IsSymbols) for mark in info.metadata):
            symbols[option] = with_sizes(question.symbols)
        if option not in raw or raw[option] is None:
            continue
        if any(isinstance(mark, IsNames) for mark in info.metadata):
            names[option] = _cells_named(question, raw[option])
        elif any(isinstance(mark, IsPool) for mark in info.metadata):
            if not isinstance(raw[option], str) or raw[option] not in question.pools:
                raise ValueError(f"There is no pool called `{raw[option]}`.")
            pools[option] = question.pools[raw[option]]
        elif option in expressions:
            formulas[option] = formula(raw[option])
    reads = {cell for named in names.values() for cell in named.values()}
    for one in (*formulas.values(), *(statement.truth for pool in pools.values() for statement in pool)):
        reads |= one.names
    return CompiledField(name, part, field, grader, template, formulas, pools, names, symbols, frozenset(reads))


def _cells_named(question: Question, raw: Any) -> dict[str, str]:
    """The words that stand for cells: `[s, lam]` by their own names, `{f: f_of_a}` by others."""
    named = {name: name for name in raw} if isinstance(raw, list) else raw
    if not isinstance(named, dict) or not all(isinstance(cell, str) for cell in (*named, *named.values())):
        raise ValueError("Names of variables are listed here, as in [s, lam] or {f: f_of_a}.")
    for cell in named.values():
        if cell not in question.variables:
            raise ValueError(f"There is no variable called `{cell}`.")
    return named


def _with_mistake_facts(part: Part) -> Part:
    facts = {name: _mistake_facts(cell) for name, cell in part.facts.items()}
    mistakes = {
        name: mistake if mistake.when is None else mistake.model_copy(update={"when": _mistake_facts(mistake.when)})
        for name, mistake in part.mistakes.items()
    }
    criteria = tuple(_criterion(node) for node in part.criteria)
    return part.model_copy(update={"facts": facts, "criteria": criteria, "mistakes": mistakes})


def _criterion(node: Criterion) -> Criterion:
    changes: dict[str, Any] = {}
    for name in ("when", "unless"):
        cell = getattr(node, name)
        if cell is not None:
            changes[name] = _mistake_facts(cell)
    for name in ("best_of", "sum_of"):
        nodes = getattr(node, name)
        if nodes is not None:
            changes[name] = tuple(_criterion(inner) for inner in nodes)
    return node.model_copy(update=changes)


def _mistake_facts(cell: Formula) -> Formula:
    """`mistake(variance)` names a mistake, not a cell: from here on it is the fact `mistake.variance`."""

    def change(node: Node) -> Node:
        match node:
            case Call(function="mistake", args=(Name(id=name),), kwargs=()):
                return Attribute("mistake", name, node.span)
            case _:
                return node

    return Formula(cell.source, map_tree(cell.node, change))
