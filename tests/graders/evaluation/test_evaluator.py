"""What the author language means."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from app.domain.language import parse_author
from app.domain.language.tree import Slice
from app.domain.values import Value
from graders.evaluation import EvaluationError, Fuel, Function, Names, evaluate
from graders.evaluation.evaluator import NAMING
from graders.evaluation.scope import STUDENT_NAMES

Values = Callable[..., Value]
Refusals = Callable[..., EvaluationError]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("[1, 2] + [3, 4]", [4, 6]),
        ("z - [1, 1]", [[0, 1], [2, 4]]),
        ("z * [[10], [1]]", [[10, 20], [3, 5]]),
        ("2 ** [1, 2]", [2, 4]),
        ("-z", [[-1, -2], [-3, -5]]),
        ("[] + 1", []),
        ("[[1, 2]] + [[10], [20]]", [[11, 12], [21, 22]]),
        ("z == [[1, 2], [3, 5]]", True),
        ("z != [[1, 2], [3, 4]]", True),
        ("[1, 2] == [1, 2, 3]", False),
        ("[1] == 1", False),
        ("{'a': 1} == {'a': 1}", True),
        ("{'a': 1} == {'b': 1}", False),
        ("True == 1", True),
        ("'1' == 1", False),
        ("sqrt(2)**2 == 2", True),
        ("sqrt(2)**2 >= 2", True),
        ("sqrt(2)**2 > 2", False),
        ("1 < 2 < 3", True),
        ("1 < 2 < 2", False),
        ("3 > 2 >= 2 != 1", True),
        ("'a' < 'b'", True),
        ("2 in [1, 2]", True),
        ("sqrt(2) == 10**400", False),
        ("[y for x in [b] for y in x]", None),
        ("sqrt(4) in [1, 2]", True),
        ("[1, 2] in z", True),
        ("3 not in [1, 2]", True),
        ("'lo' in 'low'", True),
        ("'W' in net", True),
        ("z[0]", [1, 2]),
        ("z[-1][-1]", 5),
        ("z[1, 0]", 3),
        ("z[:, 1]", [2, 5]),
        ("z[::-1]", [[3, 5], [1, 2]]),
        ("z[1:]", [[3, 5]]),
        ("words[1]", "high"),
        ("words[2 > 1]", "high"),
        ("net['W'][0]", [1, 0]),
        ("net['b']", 2),
        ("mu.right", True),
        ("mu.value[1]", 2),
        ("[i * j for i in [1, 2] for j in [i, 10]]", [1, 10, 4, 20]),
        ("[x + y for x, y in zip([1, 2], [3, 4]) if x > 1 if y > 1]", [6]),
        ("sum(v > 2 for v in [1, 2, 3, 4])", 2),
        ("all(v in [-1, 0, 1] for v in [0, 1])", True),
        ("[x for x in []]", []),
        ("1 if z[0][0] == 1 else 2", 1),
        ("1 if False else 2", 2),
        ("'a' if 1 > 2 else 'b' if 2 > 3 else 'c'", "c"),
        ("(1, 2)", [1, 2]),
        ("mistake(variance)", True),
        ("mistake(bias)", False),
        ("not mistake(bias)", True),
        ("abs(pi - 3.14159) < 1/1000", True),
        ("relu([-1, 2])", [0, 2]),
        ("conv2d(x=[[1, 2], [3, 4]], w=[[1]])", [[1, 2], [3, 4]]),
        ("None", None),
        ("[None]", [None]),
    ],
)
def test_an_expression_has_its_value(value: Values, text: str, expected: Value) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nowhere", "There is no name “nowhere”"),
        ("nowhere.right", "There is no field “nowhere”"),
        ("mu.wrong", "“mu” has no fact “wrong”"),
        ("nothing(1)", "There is no function “nothing”"),
        ("mean(1, 2, 3)", "called like this: mean(x, axis=None)"),
        ("gcd(a=1)", "called like this: gcd(*numbers)"),
        ("[1, 2] + [1, 2, 3]", "The shapes 2 and 3 do not fit"),
        ("[[1], [2, 3]] + 1", "differ in length"),
        ("z < 1", "A list and a number have no order"),
        ("1 < 'a'", "A number and the text “a” have no order"),
        ("1 in 2", "“in” needs a list on its right, not a number"),
        ("z[2]", "There is no position 2 in a list of 2"),
        ("z['a']", "A list has positions"),
        ("z[1/2]", "An index needs a whole number, not 1/2"),
        ("z[[0]]", ""),
        ("z[::0]", "steps of 0"),
        ("1[0]", "Only lists and records have elements, not a number"),
        ("net['c']", "no entry “c”"),
        ("net[0]", "no entry “0”"),
        ("[x for x in 3]", "Only a list can be gone through, not a number"),
        ("[x for x, y in [1]]", "must be a list of 2"),
        ("[x for x, y in [[1, 2, 3]]]", "must be a list of 2"),
        ("conv2d([[1]], [[1, 2], [3, 4]])", ""),
        ("1 + (2 < 'a')", "have no order"),
    ],
)
def test_what_cannot_be_computed_is_said_in_a_sentence(refusal: Refusals, text: str, part: str) -> None:
    if part:
        assert part in refusal(text).says


def test_a_variable_of_a_comprehension_hides_the_name_outside(value: Values) -> None:
    assert value("[z for z in [1, 2]]") == [1, 2]
    assert value("[pi for x in [1]][0] > 3") is True
    assert value("[mistake(variance) and mu.right for x in [1]]") == [True]


def test_only_naming_functions_take_names_of_things(refusal: Refusals) -> None:
    assert frozenset({"mistake"}) == NAMING
    assert "no name" in refusal("sqrt(variance)").says


def test_an_own_constant_hides_the_general_one() -> None:
    assert evaluate(parse_author("pi"), Names({"pi": 3}), Fuel(10)) == 3


def test_a_student_may_write_the_number_e() -> None:
    assert evaluate(parse_author("log(e)"), STUDENT_NAMES, Fuel(10)) == pytest.approx(1)


def test_a_scope_function_sees_blanks_only_if_it_asks_for_them() -> None:
    def given(x: Value) -> Value:
        return x is None

    plain = Names({"b": None}, {"given": given})
    asking = Names({"b": None}, {"given": Function("given", "", given, blanks="all")})
    assert evaluate(parse_author("given(b)"), plain, Fuel(10)) is None
    assert evaluate(parse_author("given(b)"), asking, Fuel(10)) is True


def test_a_slice_alone_has_no_value() -> None:
    with pytest.raises(EvaluationError, match="behind a list"):
        evaluate(Slice(None, None, None), Names(), Fuel(10))


def test_results_are_plain_values_of_the_model(value: Values) -> None:
    found = value("[mean([1, 2]), sqrt(2), 4/2, batch_norm([[1, 2], [3, 6]])]")
    assert isinstance(found, list)
    assert [type(item) for item in found[:3]] == [Fraction, float, int]
