"""Steps that simplify equations and inequalities keep their solutions; floats at many points are the oracle."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.language import parse_author
from graders.equality.affine import affine_parts
from graders.equality.conditions import Atom, NotACondition, atoms_of, condition_of, product_of, tree_of, truth
from graders.equality.undoing import has_value, is_positive, undone
from graders.evaluation.floats import NotAFormula, compile_real

DOMAINS = {"x": "real", "y": "positive", "p": "unit"}


def points(count: int) -> list[dict[str, float]]:
    dice = Random(7)
    return [{"x": dice.uniform(-6, 6), "y": dice.uniform(0.01, 6), "p": dice.uniform(0.01, 0.99)} for _ in range(count)]


def holds(atom: Atom, point: dict[str, float]) -> bool | None:
    """Whether it holds in floats; None where both sides are nearly the same. What has no value does not hold."""
    try:
        left, right = compile_real(atom.left)(point), compile_real(atom.right)(point)
    except (ArithmeticError, ValueError):
        return False
    if abs(left - right) < 1e-9 * max(1.0, abs(left)):
        return None
    return {"<": left < right, "<=": left <= right, "==": False, "!=": True}[atom.op]


@pytest.mark.parametrize(
    "text",
    [
        "exp(x - 1) < 2",
        "2 < exp(1 - x)",
        "sigmoid(x*y + 1) > 1/2",
        "1/(1 + exp(-x)) >= 3/4",
        "log(x) > 2",
        "log(x) < 2",
        "log(y) < 1",
        "log(x) != 1",
        "sqrt(x) > 2",
        "sqrt(x) < 2",
        "sqrt(y) < 2",
        "tanh(3*x) <= 1/2",
        "tanh(x) < 2",
        "exp(x) > -1",
        "-x**3 > 8",
        "x**3 < -8",
        "y**2 < 3",
        "x**2 < 3",
        "abs(x) < 2",
        "abs(x) > abs(y - 3)",
        "abs(x) < y",
        "relu(x) > 0",
        "relu(x) < 2",
        "softplus(x) > 1",
        "3 - 2*exp(x) > 1",
        "p*(x - 1) > 0",
        "(x - 1)/y < 0",
        "log2(y) > 3",
        "log(y) > log(p)",
        "log(x) > log(x + 1)",
        "exp(x) > exp(x*y)",
        "e**x > 5",
        "5 > 1/(2 + x**2)",
        "asinh(x) < 1",
        "sinh(x) >= -1",
    ],
)
def test_undoing_keeps_the_solutions(text: str) -> None:
    atom = condition_of(parse_author(text))
    assert isinstance(atom, Atom)
    simpler = undone(atom, DOMAINS)
    for point in points(300):
        before, after = holds(atom, point), holds(simpler, point)
        assert before is None or after is None or before == after, (point, simpler)


@pytest.mark.parametrize(
    "text",
    [
        "x < 1",
        "not x < 1",
        "0 < x < 1",
        "not (0 < x < 1)",
        "x > 1 or x < -1 and y > 2",
        "not (x > 1 or y > 2)",
        "x != 1",
    ],
)
def test_the_plain_form_holds_where_the_condition_holds(text: str) -> None:
    condition = condition_of(parse_author(text))
    for point in points(100):
        expected = eval(text, {"__builtins__": {}}, point)
        assert truth(condition, lambda atom: bool(holds(atom, point))) == expected  # noqa: B023


def test_alternatives_become_one_equation() -> None:
    one = product_of(condition_of(parse_author("x == 1 or x == 2 or y == 3")))
    assert isinstance(one, Atom)
    assert compile_real(one.difference)({"x": 2.0, "y": 1.0}) == 0
    assert compile_real(one.difference)({"x": 4.0, "y": 4.0}) == 6
    mixed = condition_of(parse_author("x == 1 or x < 0"))
    assert product_of(mixed) == mixed
    assert len(list(atoms_of(mixed))) == 2


@pytest.mark.parametrize("text", ["x", "x in y", "not x", "x < 1 and y"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(NotACondition):
        condition_of(parse_author(text))


def test_a_condition_is_a_tree_again() -> None:
    for text in ("x < 1", "x < 1 and y > 2", "True"):
        condition = condition_of(parse_author(text))
        assert condition_of(tree_of(condition)) == condition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y + p", True),
        ("y*p/2", True),
        ("exp(x)", True),
        ("exp(log(x))", False),
        ("1 - p", True),
        ("1 - y", False),
        ("x", False),
        ("x**2 + 1", True),
        ("x**2", False),
        ("sqrt(y)", True),
        ("y**x", True),
        ("-y", False),
        ("pi", True),
        ("softplus(x)", True),
    ],
)
def test_what_is_positive_is_seen_and_nothing_else(text: str, expected: bool) -> None:
    node = parse_author(text)
    assert is_positive(node, DOMAINS) is expected
    if expected:
        assert has_value(node, DOMAINS)
        assert all(compile_real(node)(point) > 0 for point in points(50))


@pytest.mark.parametrize("text", ["2*x + 1", "-(y*x - 3)", "x*exp(y) - p", "(x - 1)/y + x", "3 - x", "y"])
def test_affine_parts_put_together_are_the_formula(text: str) -> None:
    node = parse_author(text)
    parts = affine_parts(node, "x")
    assert parts is not None
    for point in points(20):
        slope, rest = (compile_real(part)(point) for part in parts)
        assert slope * point["x"] + rest == pytest.approx(compile_real(node)(point))


@pytest.mark.parametrize("text", ["x**2", "x*x", "1/x", "exp(x)", "y/(x + 1)"])
def test_what_is_not_affine_has_no_parts(text: str) -> None:
    assert affine_parts(parse_author(text), "x") is None


def test_a_list_is_no_formula() -> None:
    with pytest.raises(NotAFormula):
        compile_real(parse_author("[1]"))
