"""From raw answers to values: what could be read, what is blank, and what cannot be read and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from app.domain.answers import BLANK, Invalid, Read, Tree, read
from app.domain.graders import Answer, Facts, Naming, Options
from app.domain.language import STUDENT_CONSTANTS, Node, free_names
from app.domain.values import Json, Value, from_json, to_json
from app.domain.widgets import Kind, Widget
from graders.evaluation.errors import EvaluationError
from graders.evaluation.evaluator import evaluate
from graders.evaluation.formulas import value_of_tree
from graders.evaluation.fuel import Fuel
from graders.evaluation.scope import STUDENT_NAMES
from graders.marking.compiled import Compiled, CompiledField
from graders.marking.worlds import World

State: TypeAlias = Literal["blank", "read", "invalid"]

CELL_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Given:
    """What a student gave in one field."""

    state: State
    value: Value = None
    why: str = ""
    answer: Answer | None = None
    facts: Facts | None = None
    """What the grader states about it in the world in which it was read."""

    def as_json(self) -> Json:
        return {"state": self.state, "value": to_json(self.value), "why": self.why}

    @staticmethod
    def from_json(data: Mapping[str, Json]) -> Given:
        """Without the tree: enough for credit, not for observing again."""
        state: State = "invalid"
        if data["state"] in ("blank", "read"):
            state = data["state"]  # type: ignore[assignment]
        return Given(state, from_json(data["value"]), str(data["why"]))


def read_answers(compiled: Compiled, world: World, answers: Mapping[str, object]) -> dict[str, Given]:
    """Read every field of a question; fields that are missing are blank."""
    given: dict[str, Given] = {}
    for name, field in compiled.fields.items():
        if name not in answers:
            given[name] = Given("blank")
            continue
        # Whoever tries many answers changes one field at a time.
        home, key = field.home(world), ("given", name, repr(answers[name]))
        if key not in home.remembered:
            home.remembered[key] = read_answer(field, field.options(home), answers[name])
        given[name] = home.remembered[key]
    return given


def numbered(compiled: Compiled, world: World, answers: Mapping[str, object]) -> dict[str, object]:
    """Raw answers in which statements are named by their numbers, as a browser does, where they were by their ids."""
    found = dict(answers)
    for name in found.keys() & compiled.fields.keys():
        field = compiled.fields[name]
        if isinstance(field.grader, Naming):
            found[name] = field.grader.numbered(field.options(world), found[name])
    return found


def read_answer(field: CompiledField, options: Options, raw: object) -> Given:
    """Read one raw answer and check it."""
    return judge_readable(field, options, read_raw(field.widget(options), raw))


def read_raw(widget: Widget, raw: object) -> Answer | Invalid:
    """Read and evaluate, without asking the grader."""
    found = read(widget, raw)
    if isinstance(found, Invalid):
        return found
    if found.blank:
        return Answer(BLANK, None)
    try:
        return Answer(found, value_of(found, widget.kind))
    except EvaluationError as error:
        return Invalid(f"This cannot be computed: {error.says}")


def judge_readable(field: CompiledField, options: Options, answer: Answer | Invalid) -> Given:
    """Blank, invalid (unreadable, or refused by the grader), or read with its value."""
    if isinstance(answer, Answer) and answer.read.blank:
        return Given("blank")
    invalid = answer if isinstance(answer, Invalid) else field.grader.check(options, answer)
    if invalid is not None or isinstance(answer, Invalid):
        return Given("invalid", why=invalid.says if invalid else "")
    # A grader may know the value better than the cells as typed: ids of statements for positions.
    facts = field.grader.observe(options, answer)
    return Given("read", facts.get("value", answer.value), answer=answer, facts=facts)


def value_of(found: Read, kind: Kind = "number") -> Value:
    """The value of every cell, in the shape of the answer; of a formula its tree, as a value."""
    if kind in ("graph", "program"):
        return None
    if kind in ("expression", "derivation"):
        lines = found.cells if isinstance(found.cells, list) else [found.cells]
        values: list[Value] = [value_of_tree(cast(Node, line)) for line in lines]
        return values[0] if kind == "expression" else values
    return _cell_value(found.cells, Fuel(CELL_STEPS))


def _cell_value(cells: Tree, fuel: Fuel) -> Value:
    if isinstance(cells, list):
        return [_cell_value(cell, fuel) for cell in cells]
    if cells is None or isinstance(cells, (str, int)):
        return cells
    if any(name not in STUDENT_CONSTANTS for name in free_names(cells)):
        return value_of_tree(cells)  # a size such as 2N, where names may be used
    value = evaluate(cells, STUDENT_NAMES, fuel)
    if not isinstance(value, (int, float)) and not hasattr(value, "numerator"):
        raise EvaluationError("this is no single number.")
    return value
