"""Compiling: graders are found, options taken apart, mistakes become facts."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import QuestionError
from app.domain.language.tree import Attribute, Call, walk
from app.domain.rubrics import leaves
from graders.evaluation.errors import EvaluationError
from graders.marking.variants import world_of
from graders.statements import PoolOptions
from tests.graders.marking.questions import compiled, leaf, number, part, question


def claim(name: str, truth: object) -> dict[str, Any]:
    return {"id": name, "text": name, "truth": truth}


def test_a_field_knows_whose_cell_its_answer_is():
    fields = {
        "x": number("area"),
        "y": number("2*area"),
        "free": {"grader": "number", "key": "area"},
        "boxes": {"grader": "choice", "pool": "claims"},
    }
    made = compiled(question(part(fields=fields), variables={"area": 4}, pools={"claims": [claim("s", True)]}))
    assert [one.answer_cell for one in made.fields.values()] == ["area", None, None, None]
    assert [one.has_reference for one in made.fields.values()] == [True, True, False, True]
    assert [one.id for one in made.of_part(made.question.parts[0])] == list(fields)


def test_options_are_those_of_one_world_and_statements_are_true_or_false_in_it():
    fields = {"boxes": {"grader": "choice", "pool": "claims", "shown": "ids"}}
    pools = {"claims": [claim("big", "n > 3"), claim("small", "n < 3"), claim("always", True)]}
    made = compiled(question(part(fields=fields), variables={"n": 5, "ids": "['small', 'big']"}, pools=pools))
    options = made.fields["boxes"].options(world_of(made, {}))
    assert isinstance(options, PoolOptions)
    assert [(one.id, one.truth) for one in options.statements] == [("small", False), ("big", True)]


@pytest.mark.parametrize("truth", ["person", "None", "1/2"])
def test_a_statement_is_true_or_false_and_nothing_between(truth: str):
    fields = {"boxes": {"grader": "choice", "pool": "claims"}}
    made = compiled(question(part(fields=fields), pools={"claims": [claim("s", truth)]}))
    with pytest.raises(EvaluationError, match="The truth of `s` is neither true nor false"):
        made.fields["boxes"].options(world_of(made, {}))


@pytest.mark.parametrize(
    ("field", "path", "says"),
    [
        ({"grader": "oracle"}, "", "There is no grader called `oracle`; there are choice,"),
        ({"grader": "number"}, "", "Give an `answer`, or a `key` where many answers are right."),
        (number("1", colour="red"), ".colour", "There is no such property."),
        (number("1 +"), "", ""),
        ({"grader": "select", "key": "a"}, ".words", "This is missing."),
        ({"grader": "choice", "pool": "nowhere"}, "", "There is no pool called `nowhere`."),
        ({"grader": "choice", "pool": ["claims"]}, "", "There is no pool called `['claims']`."),
        ({"grader": "choice", "pool": "claims", "answer": "1"}, "", "The statements of the pool know"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_with_its_path(field: dict[str, Any], path: str, says: str):
    with pytest.raises(QuestionError) as caught:
        compiled(question(part(), part("b", fields={"y": field}), pools={"claims": [claim("s", True)]}))
    (problem,) = caught.value.problems
    assert problem.path == f"parts.1.fields.y{path}"
    assert problem.says.startswith(says)
    assert "Value error" not in problem.says


def test_all_broken_fields_are_reported_at_once():
    with pytest.raises(QuestionError) as caught:
        compiled(question(part(fields={"x": number("("), "y": {"grader": "oracle"}})))
    assert len(caught.value.problems) == 2


def test_an_option_left_empty_is_left_out():
    made = compiled(question(part(fields={"x": {"grader": "number", "answer": "1", "key": None}})))
    assert set(made.fields["x"].formulas) == {"answer"}


def test_naming_a_mistake_reads_a_fact_everywhere_in_a_part():
    rubric = [
        leaf("a", 1, "mistake(m) or mistake('n')"),
        {"best_of": [leaf("b"), [leaf("c", 1, "mistake(m)")]], "unless": "mistake(m)"},
    ]
    mistakes = {"m": {"set": {"n": "2"}, "says": "No."}, "w": {"when": "mistake(m)", "says": "No."}}
    one = part(criteria=rubric, mistakes=mistakes, facts={"f": "mistake(m)"})
    made = compiled(question(one, variables={"n": 1}))
    (ready,) = made.question.parts
    cells = [cell.when for cell in leaves(ready.criteria)] + [ready.criteria[1].unless, ready.facts["f"]]
    cells.append(ready.mistakes["w"].when)
    for cell in cells:
        assert cell is not None
        if "mistake(m)" in cell.source:
            found = [node for node in walk(cell.node) if isinstance(node, Attribute)]
            assert [(node.target, node.name) for node in found] == [("mistake", "m")]
    assert cells[0] is not None
    assert any(isinstance(node, Call) for node in walk(cells[0].node)), "only a bare name is the name of a mistake"
    assert made.fields["x"].part is ready
