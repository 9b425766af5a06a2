"""Sketches as students draw them: lines into data, arrows at points."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import ValidationError

from app.domain.answers import Invalid
from app.domain.language import parse_author
from app.domain.values import symbolic
from graders.evaluation.errors import EvaluationError
from graders.sketch import Sketch, SketchOptions

SKETCH = Sketch()
POINTS = [[1, 0], [2, 0], [3, 0], [4, 1], [5, 1], [6, 1]]
LINE = [["0", "-0.3"], ["7", "1.3"]]
CURVE = [["0", "0"], ["2.5", "0.1"], ["3.5", "0.5"], ["4.5", "0.9"], ["7", "1"]]
STEP = [["0", "0"], ["3.5", "0"], ["3.5", "1"], ["7", "1"]]


def lines(**more):
    written = {"lines": ["linear", "logistic"], "shapes": ["straight", "sigmoid"], "points": "p"}
    return SketchOptions.model_validate(written).model_copy(update={"points": POINTS, **more})


def arrows(answer, **more):
    options = SketchOptions.model_validate({"arrows": ["f_a", "f_p", "f_n"], "answer": "v", "points": "p"})
    return options.model_copy(update={"answer": answer, "points": [[0, 0], [3, 1], [1, 2]], **more})


WAYS = [[2, -1], [-3, -1], [1, 2]]


@pytest.mark.parametrize(
    ("raw", "right", "each"),
    [
        ([LINE, CURVE], True, [True, True]),
        ([CURVE, LINE], False, [False, False]),
        ([LINE, STEP], False, [True, False]),
        ([LINE, []], None, [True, None]),
        ([[["3", "0.5"]], CURVE], None, [None, True]),
        ([list(reversed(LINE)), list(reversed(CURVE))], True, [True, True]),
        ([[["0", "0.5"], ["7", "0.5"]], CURVE], False, [False, True]),
        ([[["3", "0.4"], ["4", "0.6"]], CURVE], False, [False, True]),
        ("linear: (0, -0.3) (7, 1.3)\nlogistic: (0,0) (3,0) (4,1) (7,1)", True, [True, True]),
    ],
)
def test_every_line_is_judged_by_its_shape(raw, right, each, seen):
    facts = seen(SKETCH, lines(), raw)
    assert facts["right"] is right
    assert facts["lines"] == each
    assert facts["drawn"] == [one is not None for one in each]


def test_a_vertical_piece_makes_no_function_but_is_told_apart_from_a_bend(seen):
    facts = seen(SKETCH, lines(), [[["3", "0"], ["3", "1"]], STEP])
    assert facts["function"] == [False, False]
    assert facts["straight"] == [True, False]
    assert facts["near"] == [False, False]
    assert facts["reaches"] == [False, True]


def test_any_function_will_do_where_no_shape_is_asked(seen):
    options = lines(lines=("trend",), shapes=())
    assert seen(SKETCH, options, [[["0", "1"], ["2", "-3"], ["7", "9"]]])["right"] is True
    assert seen(SKETCH, options, [["0", "1"], ["2", "-3"], ["1", "9"]])["right"] is False


@pytest.mark.parametrize(
    ("raw", "right", "each"),
    [
        ([["2", "-1"], ["-3", "-1"], ["1", "2"]], True, [True, True, True]),
        ([["0.2", "-0.1"], ["-30", "-10"], ["1", "2.3"]], True, [True, True, True]),
        ([["-2", "1"], ["-3", "-1"], ["1", "2"]], False, [False, True, True]),
        ([["", ""], ["-3", "-1"], ["1", "2"]], None, [None, True, True]),
        ([["0", "0"], ["-3", "-1"], ["1", "2"]], False, [False, True, True]),
        ([[["0", "0"], ["2", "-1"]], [["3", "1"], ["0", "0"]], [["1", "2"], ["2", "4"]]], True, [True, True, True]),
        ("none", False, [False, False, False]),
    ],
)
def test_only_the_directions_of_arrows_count(raw, right, each, seen):
    facts = seen(SKETCH, arrows(WAYS), raw)
    assert facts["right"] is right
    assert facts["arrows"] == each


def test_no_arrow_is_an_answer_and_a_blank_is_none(seen, asked):
    options = arrows([[0, 0]] * 3)
    assert seen(SKETCH, options, "none")["right"] is True
    assert seen(SKETCH, options, [["0", "0"], ["0", "0"], ["0", "0.1"]])["arrows"] == [True, True, False]
    assert asked(SKETCH, options, [["", ""], [], []]).read.blank


def test_opposite_parallel_and_other_directions_are_told(seen):
    options = arrows(WAYS, others=[[[3, 1], [-1, -2]], [[2, -1]], []])
    facts = seen(SKETCH, options, [["3", "1"], ["3", "1"], ["0", "0"]])
    assert facts["others"] == [[True, False], [False], []]
    assert facts["opposite"] == [False, True, False]
    assert facts["parallel"] == [False, True, False]
    assert facts["zero"] == [False, False, True]
    assert facts["angles"][0] == pytest.approx(45)
    assert facts["angles"][2] is None


def test_a_formula_without_symbols_is_a_direction_and_a_blank_one_is_not_judged(seen):
    formula = symbolic(parse_author("-(2*([1, 2] - [3, 1]))"))
    facts = seen(SKETCH, arrows([formula, None, symbolic(parse_author("x"))]), [["2", "-1"], ["1", "1"], ["1", "0"]])
    assert facts["arrows"] == [True, None, None]
    inactive = symbolic(parse_author("indicator(1 > 2)*[1, 2]"))
    assert seen(SKETCH, arrows([inactive] * 3), "none")["right"] is True


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([["2", ""], ["1", "1"], ["1", "1"]], "f_a, y is missing."),
        ([["2", "sqrt(2)"], [], []], "f_a, y: “sqrt(2)” is no coordinate; write a number such as 1.5 or 3/2."),
        ("f_q: (1, 2)", "“f_q” is none of “f_a”, “f_p”, “f_n”."),
        ("f_a: (1, 2) (2, 3) (3, 4)", "f_a: an arrow has a direction, or a start and an end."),
    ],
)
def test_what_cannot_be_drawn_is_said(raw, says, asked):
    found = asked(SKETCH, arrows(WAYS), raw)
    assert isinstance(found, Invalid)
    assert found.says == says


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({}, "for `lines` or for `arrows`"),
        ({"lines": ["a"], "arrows": ["b"]}, "for `lines` or for `arrows`"),
        ({"arrows": ["b"]}, "The `answer` of arrows"),
        ({"lines": ["a"]}, "drawn into `points`"),
        ({"lines": ["a"], "points": "p", "shapes": ["straight", "sigmoid"]}, "a shape for every line"),
        ({"lines": ["a"], "points": "p", "shapes": ["round"]}, "'straight', 'sigmoid' or 'function'"),
    ],
)
def test_options_that_do_not_go_together_are_refused(written, says):
    with pytest.raises(ValidationError, match=says):
        SketchOptions.model_validate(written)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"points": [[1, 2]]}, "points at two places"),
        ({"points": [[1, 2], [1, 3]]}, "points at two places"),
        ({"points": "here"}, "a list of points"),
        ({"points": [[1, 2], [10**9, 3]]}, "a list of points"),
        ({"points": [[i, 0] for i in range(200)]}, "at most 120"),
        ({"x_range": [3, 1]}, "`x_range` of a sketch is"),
        ({"x_range": [2, 7]}, "`x_range` of a sketch leaves out a point"),
        ({"labels": ["a"]}, "a label to every point"),
    ],
)
def test_a_sheet_that_cannot_be_made_is_said_to_the_author(cells, says):
    with pytest.raises(EvaluationError, match=says):
        SKETCH.widget(lines(**cells))


def test_the_sheet_holds_its_points_and_room_for_arrows():
    frame = SKETCH.widget(arrows(WAYS, labels=["f_a", "f_p", "f_n"])).frame
    assert frame is not None
    assert frame.starts == frame.points == ((0, 0), (3, 1), (1, 2))
    assert frame.x.low < -1
    assert frame.x.high > 4
    flat = SKETCH.widget(arrows(WAYS, points=[[0, 0], [10, 0], [20, 0]])).frame
    assert flat is not None
    assert (flat.y.high - flat.y.low) / (flat.x.high - flat.x.low) >= 0.4


def test_an_arrow_that_has_nowhere_to_start_is_said():
    with pytest.raises(EvaluationError, match="a place where it starts"):
        SKETCH.widget(arrows(WAYS, starts=[[0, 0]]))


def test_a_sample_goes_before_what_the_data_say(seen):
    options = lines(key=[[[0, 0], [6, 1]], [[0, 0], [3, Fraction(1, 10)], [4, 1], [6, 1]]])
    assert SKETCH.key(options)[0] == [["0", "0"], ["6", "1"]]
    assert seen(SKETCH, options, SKETCH.key(options))["right"] is True
