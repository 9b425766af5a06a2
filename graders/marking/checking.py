"""Checking a question before it is used: unknown names and unreachable points, each with its path."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction

from app.domain.errors import Problem, QuestionError
from app.domain.expressions import Formula
from app.domain.language import Node
from app.domain.language.tree import Attribute, Call, walk
from app.domain.questions import Part
from app.domain.rubrics import Criterion
from app.domain.symbols import with_sizes
from app.domain.texts import Text
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import FORMULA_FUNCTIONS
from graders.evaluation.registry import LANGUAGE_FUNCTIONS
from graders.evaluation.scope import CONSTANTS
from graders.marking.compiled import Compiled
from graders.marking.draws import DRAW_FUNCTIONS
from graders.marking.variants import make_variant, world_of

PRINTED = "The printed variant cannot be computed: "


def check_question(compiled: Compiled) -> list[Problem]:
    """Every problem that can be seen without an answer; an empty list means the question can be used."""
    problems = [*_cells(compiled), *_readings(compiled)]
    for number, part in enumerate(compiled.question.parts):
        problems += _part(compiled, part, f"parts.{number}")
    if not problems:
        problems += _printed(compiled)
    return problems


def _cells(compiled: Compiled) -> Iterator[Problem]:
    question = compiled.question
    for name in question.symbols.keys() & question.variables.keys():
        yield Problem(f"`{name}` is both a symbol and a variable.", f"symbols.{name}")
    for name, variable in question.variables.items():
        path = f"variables.{name}"
        if name in LANGUAGE_FUNCTIONS and any(
            isinstance(node, Call) and node.function == name for cell in _formulas(compiled) for node in walk(cell.node)
        ):
            yield Problem(f"`{name}` is both a variable and a function that this question calls.", path)
        if variable.formula is not None:
            yield from _expression(compiled, variable.formula, path)
        if variable.draw is not None:
            yield from _expression(compiled, variable.draw, f"{path}.draw", draws=True)
    for number, condition in enumerate(question.where):
        yield from _expression(compiled, condition, f"where.{number}")
    for name, figure in question.figures.items():
        yield from _expression(compiled, figure.of, f"figures.{name}.of")
    for pool, statements in question.pools.items():
        for number, statement in enumerate(statements):
            yield from _expression(compiled, statement.truth, f"pools.{pool}.{number}.truth")


def _formulas(compiled: Compiled) -> Iterator[Formula]:
    for variable in compiled.question.variables.values():
        yield from (cell for cell in (variable.formula, variable.draw) if cell is not None)


def _readings(compiled: Compiled) -> Iterator[Problem]:
    for name, reading in compiled.question.readings.items():
        path = f"readings.{name}"
        if reading.if_ is not None:
            yield from _expression(compiled, reading.if_, f"{path}.if", part=None, facts=True)
        yield from _settings(compiled, reading.set, f"{path}.set")
        yield from _says(reading.says, path)


def _says(text: Text, path: str) -> Iterator[Problem]:
    if any("@{" in one for one in ([text] if isinstance(text, str) else text.values())):
        yield Problem(
            "Values (`@{…}`) can stand in prompts, solutions, statements and labels, not here.", f"{path}.says"
        )


def _settings(compiled: Compiled, settings: dict[str, Formula], path: str) -> Iterator[Problem]:
    for cell, formula in settings.items():
        if cell not in compiled.question.variables:
            yield Problem(f"There is no variable called `{cell}` to set.", f"{path}.{cell}")
        yield from _expression(compiled, formula, f"{path}.{cell}")


def _part(compiled: Compiled, part: Part, path: str) -> Iterator[Problem]:
    answers = {one.answer_cell for one in compiled.fields.values()}
    for cell in part.carry:
        if cell not in answers:
            yield Problem(f"`{cell}` is not the `answer` of any field, so it cannot be carried.", f"{path}.carry")
    if part.carry_if is not None:
        yield from _expression(compiled, part.carry_if, f"{path}.carry_if")
    for name, fact in part.facts.items():
        yield from _expression(compiled, fact, f"{path}.facts.{name}", part=part, facts=True)
    for one in compiled.of_part(part):
        where = f"{path}.fields.{one.id}"
        for option, formula in one.formulas.items():
            yield from _expression(compiled, formula, f"{where}.{option}")
        for cell in one.field.carry:
            if cell not in answers:
                yield Problem(f"`{cell}` is not the `answer` of any field, so it cannot be carried.", f"{where}.carry")
    for name, mistake in part.mistakes.items():
        yield from _settings(compiled, mistake.set, f"{path}.mistakes.{name}.set")
        if mistake.when is not None:
            yield from _expression(compiled, mistake.when, f"{path}.mistakes.{name}.when", part=part, facts=True)
        yield from _says(mistake.says, f"{path}.mistakes.{name}")
        if not mistake.says:
            yield Problem(f"The mistake `{name}` says nothing to the student.", f"{path}.mistakes.{name}.says")
    most = Fraction(0)
    for number, node in enumerate(part.criteria):
        yield from _criterion(compiled, part, node, f"{path}.criteria.{number}")
        most += most_points(node)
    if part.score == "points" and most < part.points:
        yield Problem(f"The criteria reach {most} of {part.points} points at most.", f"{path}.criteria")


def _criterion(compiled: Compiled, part: Part, node: Criterion, path: str) -> Iterator[Problem]:
    yield from _says(node.says, path)
    for name in ("when", "unless"):
        formula = getattr(node, name)
        if formula is not None:
            yield from _expression(compiled, formula, f"{path}.{name}", part=part, facts=True)
    for kind in ("best_of", "sum_of"):
        for number, inner in enumerate(getattr(node, kind) or ()):
            yield from _criterion(compiled, part, inner, f"{path}.{kind}.{number}")


def most_points(node: Criterion) -> Fraction:
    """The most that a node of a rubric can give."""
    if node.points is not None:
        most = max(node.points, Fraction(0))
    elif node.best_of is not None:
        most = max(most_points(inner) for inner in node.best_of)
    else:
        most = sum((most_points(inner) for inner in node.nodes), Fraction(0))
    if node.at_least is not None:
        most = max(most, node.at_least)
    return most if node.at_most is None else min(most, node.at_most)


def _expression(
    compiled: Compiled,
    formula: Formula,
    path: str,
    *,
    part: Part | None = None,
    facts: bool = False,
    draws: bool = False,
) -> Iterator[Problem]:
    known = set(compiled.question.variables) | set(CONSTANTS) | with_sizes(compiled.question.symbols).keys()
    known |= set(part.facts) if part is not None else set()
    for name in sorted(formula.names - known):
        yield Problem(f"There is no variable called `{name}` (in `{formula.source}`).", path)
    for node in walk(formula.node):
        yield from (Problem(says, path) for says in _unknown(compiled, node, part, facts, draws))


# Names that other languages and libraries have for our draws.
_ELSEWHERE = {"randint": "integer", "randrange": "integer", "random": "integer", "rand": "integer", "choice": "choose"}


def _meant(name: str, draws: bool) -> str:
    if draws and name.lower() in _ELSEWHERE:
        return _ELSEWHERE[name.lower()]
    known = [*LANGUAGE_FUNCTIONS, *(DRAW_FUNCTIONS if draws else ())]
    return next(iter(get_close_matches(name.lower(), known, 1)), "")


def _unknown(compiled: Compiled, node: Node, part: Part | None, facts: bool, draws: bool) -> Iterator[str]:
    match node:
        case Call(function=name) if name in DRAW_FUNCTIONS:
            if not draws:
                yield f"`{name}` can be used in `draw` only."
        case Call(function=name) if name not in callable_names(compiled):
            meant = _meant(name, draws)
            yield f"There is no function called `{name}`.{meant and f' Is `{meant}` meant?'}"
        case Attribute(target="mistake", name=name):
            if part is None or name not in part.mistakes:
                yield f"There is no mistake called `{name}` in this part."
        case Attribute(target=field, name=name) if not facts:
            yield f"`{field}.{name}` can be used in a rubric only."
        case Attribute(target=field, name=name):
            one = compiled.fields.get(field)
            if one is None:
                yield f"There is no field called `{field}`."
            elif name not in {"value", "blank"} and name not in _facts_of(compiled, field):
                yield f"The field `{field}` ({one.field.grader}) has no fact called `{name}`."
        case _:
            return


def callable_names(compiled: Compiled) -> frozenset[str]:
    """What expressions of a question may call: with symbols also the functions of formulas and unknown ones."""
    symbols = compiled.question.symbols
    if not symbols:
        return frozenset(LANGUAGE_FUNCTIONS)
    unknown = [name for name, one in symbols.items() if one.kind == "function"]
    return FORMULA_FUNCTIONS.union(LANGUAGE_FUNCTIONS, unknown, (f"{name}_prime" for name in unknown))


def _facts_of(compiled: Compiled, field: str) -> set[str]:
    one = compiled.fields[field]
    try:
        variant = make_variant(compiled, 0)
        return set(one.grader.facts(one.options(world_of(compiled, variant.values))))
    except (EvaluationError, QuestionError):
        # The cells have a problem of their own, reported where they are.
        return set(one.grader.facts(one.template))


def _printed(compiled: Compiled) -> Iterator[Problem]:
    world = world_of(compiled, make_variant(compiled, 0).values)
    for name in compiled.question.variables:
        try:
            world[name]
        except EvaluationError as error:
            yield Problem(f"{PRINTED}{error.says}", f"variables.{name}")
    for number, part in enumerate(compiled.question.parts):
        for one in compiled.of_part(part):
            try:
                one.widget(one.options(world))
            except (EvaluationError, ValueError) as error:
                yield Problem(str(error), f"parts.{number}.fields.{one.id}")
