"""Formulas: right in every spelling, near misses told apart, abbreviations written out."""

from __future__ import annotations

import pytest

from app.domain.answers import Invalid
from app.domain.language import parse_author
from app.domain.symbols import Symbol, symbol, with_sizes
from app.domain.values import Symbolic, symbolic
from graders.expression import Expression, ExpressionOptions

EXPRESSION = Expression()


def formula(text: str) -> Symbolic:
    return symbolic(parse_author(text))


def options(answer: str, declared: dict[str, str], names: dict[str, str] | None = None, **written: object):
    symbols: dict[str, Symbol] = with_sizes({name: symbol(kind) for name, kind in declared.items()})
    cells = {"answer": formula(answer), "symbols": symbols}
    abbreviations = {name: formula(text) for name, text in (names or {}).items()}
    return ExpressionOptions.model_validate({"answer": "x"} | written).model_copy(
        update=cells | {"names": abbreviations}
    )


HAZARD = options(
    "(2*y*dot(w, x) - 2/dot(w, x))*x", {"w": "vector(d)", "x": "vector(d)", "y": "positive"}, {"s": "dot(w, x)"}
)


@pytest.mark.parametrize(
    "typed",
    [
        "(2*y*s - 2/s)*x",
        "(2 y w^T x - 2/(w^T x)) x",
        "2 (y s^2 - 1)/s * x",
        "2*s*(y - 1/s**2)*x",
        r"\left(2 y s - \frac{2}{s}\right) x",
        "(2*y*np.dot(w,x) - 2/np.dot(w,x))*x",
        "2y(x^T w)x − 2x/(w·x)",
    ],
)
def test_a_gradient_is_right_in_every_spelling(seen, typed: str) -> None:
    assert seen(EXPRESSION, HAZARD, typed)["right"] is True


@pytest.mark.parametrize("typed", ["(2*y*s - 2/s)*w", "(2*y*s + 2/s)*x", "2*y*s*x", "(y - 1/s^2)*x", "2*y*s - 2/s"])
def test_a_near_miss_is_wrong(seen, typed: str) -> None:
    assert seen(EXPRESSION, HAZARD, typed)["right"] is False


def test_the_value_has_abbreviations_written_out(seen) -> None:
    facts = seen(EXPRESSION, HAZARD, "s*x")
    assert facts["value"] == formula("dot(w, x) * x")


def test_its_terms_have_abbreviations_written_out_too(seen) -> None:
    assert seen(EXPRESSION, HAZARD, "s*x - w")["terms"] == [formula("dot(w, x) * x"), formula("-w")]


def test_abbreviations_of_abbreviations_are_written_out_too(seen) -> None:
    asked = options("log(x**2)", {"x": "real"}, {"s": "x", "lam": "s**2"})
    assert seen(EXPRESSION, asked, "log(lam)")["right"] is True


def test_a_wrong_sign_and_a_wrong_factor_are_told_apart(seen) -> None:
    asked = options("x**2 - y", {"x": "real", "y": "real"})
    assert (seen(EXPRESSION, asked, "y - x^2")["sign"], seen(EXPRESSION, asked, "3x^2 - 3y")["factor"]) == (True, True)
    assert not seen(EXPRESSION, asked, "3x^2 - 2y")["factor"]


def test_an_objective_may_have_another_scale_and_constant(seen) -> None:
    loose = options("w**2*y - log(w)", {"w": "positive", "y": "positive"}, up_to=["positive factor", "constant in w"])
    assert seen(EXPRESSION, loose, "3 w^2 y - 3 log(w) + log(y)")["right"] is True
    assert seen(EXPRESSION, loose, "log(w) - w^2 y")["right"] is False


def test_an_equation_is_asked_where_the_question_says_so(seen, asked) -> None:
    relation = options("x == 2*y", {"x": "real", "y": "real"}, form="relation")
    assert seen(EXPRESSION, relation, "2y - x = 0")["right"] is True
    plain = options("2*y", {"x": "real", "y": "real"})
    assert isinstance(asked(EXPRESSION, plain, "x < 2y"), Invalid)


def test_what_cannot_be_read_names_the_place(asked) -> None:
    found = asked(EXPRESSION, HAZARD, "(2*y*s - 2/q)*x")
    assert isinstance(found, Invalid)
    assert found.start == 11


def test_a_hostile_abbreviation_does_not_grow_without_bounds(asked) -> None:
    huge = options(
        "x", {"x": "real"}, {"a": "+".join(["x"] * 60), "b": "*".join(["a"] * 40), "c": "*".join(["b"] * 30)}
    )
    with pytest.raises(Exception, match="too long"):
        EXPRESSION.observe(huge, asked(EXPRESSION, huge, "c*c"))


def test_a_wrong_formula_is_told_a_point_at_which_it_differs(seen) -> None:
    asked = options("x**2 - y", {"x": "real", "y": "real"})
    assert seen(EXPRESSION, asked, "x^2 + y")["reason"] == "At x = 2, y = 3 yours is 7, but should be 1."
    assert seen(EXPRESSION, asked, "-y + x^2")["reason"] == ""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("y - x^2", "But for its sign it is right."),
        ("(x^2 - y)/2", "It is right but for a factor: yours is 1/2 times what it should be."),
        ("7x^2 - 7y", "It is right but for a factor that is a number."),
    ],
)
def test_a_formula_that_is_right_but_for_a_factor_is_told_so(seen, typed: str, says: str) -> None:
    asked = options("x**2 - y", {"x": "real", "y": "real"})
    assert seen(EXPRESSION, asked, typed)["reason"] == says


@pytest.mark.parametrize("typed", ["x^2 - y", "y - x^2", "x", "log(x)"])
def test_right_alone_is_the_same_as_among_all_facts(seen, asked, typed: str) -> None:
    wanted = options("x**2 - y", {"x": "real", "y": "real"})
    assert EXPRESSION.right(wanted, asked(EXPRESSION, wanted, typed)) is seen(EXPRESSION, wanted, typed)["right"]


@pytest.mark.parametrize(
    "typed",
    [
        "x^2 + 1[x = 3]",
        "5 if x = 3 else x^2",
        "{x^2, x != 3; 5, x = 3}",
        r"\begin{cases} 5 & x = 3 \\ x^2 & \text{otherwise} \end{cases}",
    ],
)
def test_a_stated_value_at_a_single_point_counts_unless_the_question_says_that_it_does_not(seen, typed: str) -> None:
    assert seen(EXPRESSION, options("x**2", {"x": "real"}), typed)["right"] is False
    assert seen(EXPRESSION, options("x**2", {"x": "real"}, up_to=["single points"]), typed)["right"] is True


def test_a_stated_value_of_an_entry_counts_as_well(seen) -> None:
    typed = "sum_i w_i + 1[w_1 = 3]"
    kinds = {"w": "vector(d)", "i": "index(d)"}
    assert seen(EXPRESSION, options("sum(w)", kinds), typed)["right"] is False
    assert seen(EXPRESSION, options("sum(w)", kinds, up_to=["single points"]), typed)["right"] is True


@pytest.mark.parametrize(
    "typed",
    ["1[x > 0]", "1[x >= 0]", "{1, x > 0; 1/2, x = 0; 0, x < 0}", "relu'(x)", "1 if x > 0 else 0", "(sign(x) + 1)/2"],
)
def test_what_the_derivative_of_relu_is_at_its_kink_is_not_asked(seen, typed: str) -> None:
    for reference in ("indicator(x > 0)", "1 if x >= 0 else 0"):
        assert seen(EXPRESSION, options(reference, {"x": "real"}), typed)["right"] is True


def test_only_the_symbols_that_a_variant_uses_are_offered_and_read(asked) -> None:
    declared = options("w - y", {"w": "real", "y": "real"})
    some = declared.model_copy(update={"uses": [formula("2*w"), 3]})
    assert list(EXPRESSION.widget(some).symbols) == ["w"]
    assert asked(EXPRESSION, some, "y").says == '"y" is not known here. You can use: w.'
    assert list(EXPRESSION.widget(declared).symbols) == ["w", "y"]
