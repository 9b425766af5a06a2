"""Pieces of a formula as a reader finds them, and lines that only rearrange one another."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author, to_source
from graders.equality.expressions import equal
from graders.pieces import MOST, MOST_TERMS, arranged, pieces, terms


def stands_in(piece: str, formula: str) -> bool:
    names = dict.fromkeys("abcxy", "real")
    wanted = parse_author(piece)
    return any(equal(wanted, one, names).verdict == "equal" for one in pieces(parse_author(formula)))


@pytest.mark.parametrize(
    ("piece", "formula"),
    [
        ("x*(1 - x)", "(a - b)*x*(1 - x)"),
        ("x*(1 - x)", "x*a*(1 - x)"),
        ("b - a", "-(a - b)*x"),
        ("a/x", "a*b/x"),
        ("-a/x", "y - a*b/x"),
        ("a + c", "a + b + c"),
        ("a - c", "a + b - c"),
        ("x**2", "exp(x**2)"),
        ("a*b", "(c + a*b)/y"),
        ("c", "c"),
    ],
)
def test_a_piece_is_found_whatever_stands_between_its_factors_and_terms(piece: str, formula: str) -> None:
    assert stands_in(piece, formula)


@pytest.mark.parametrize(("piece", "formula"), [("x*(1 - x)", "a*x - a*x**2"), ("a + c", "a + b*c"), ("a*b", "a + b")])
def test_what_was_multiplied_out_is_no_piece_any_more(piece: str, formula: str) -> None:
    assert not stands_in(piece, formula)


def test_a_long_formula_has_only_so_many_pieces() -> None:
    long = " + ".join("*".join("abcxy" + name for name in "abcxy") for _ in range(8))
    assert len([*pieces(parse_author(long))]) == MOST


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("a - b", "-b + a", True),
        ("a - b", "-(b - a)", True),
        ("a*b/c", "b*a/c", True),
        ("(a + b)**2", "(b + a)**2", True),
        ("a - b", "b - a", False),
        ("a*(b + c)", "a*b + a*c", False),
        ("a/c", "a*c", False),
        ("(a - b)*1", "a - b", True),
        ("a - b + 0", "a - b", True),
        ("(2*a - 2*b)/2", "a - b", True),
        ("a*1 - b*1", "-1*(b - a)", True),
        ("2*a", "a", False),
        ("-b*(1 - a) + a*(1 - b)", "a - b", False),
        ("a + c - c - b", "a - b", False),
    ],
)
def test_formulas_are_arranged_alike_if_only_their_order_differs(one: str, other: str, alike: bool) -> None:
    assert (arranged(parse_author(one)) == arranged(parse_author(other))) is alike


def test_what_is_arranged_keeps_the_rest_as_it_was_written() -> None:
    assert arranged(parse_author("log(b + a)")) == to_source(parse_author("log(b + a)"))


@pytest.mark.parametrize(
    ("formula", "added"),
    [
        ("a - (b - c)", ["a", "-b", "--c"]),
        ("-(a + b)/c", ["-a/c", "-b/c"]),
        ("x*(a - b)", ["x*a", "x*-b"]),
        ("Sum(a*x - b, i, 1, n)/n", ["Sum(a*x, i, 1, n)/n", "Sum(-b, i, 1, n)/n"]),
        ("a*x", ["a*x"]),
        ("log(a + b)", ["log(a + b)"]),
        ("(a + b)**2", ["(a + b)**2"]),
        ("a/(b + c)", ["a/(b + c)"]),
    ],
)
def test_the_terms_of_a_formula_are_what_is_added_up_in_it(formula: str, added: list[str]) -> None:
    assert [*map(to_source, terms(parse_author(formula)))] == [to_source(parse_author(one)) for one in added]


def test_a_formula_of_very_many_terms_is_one_term() -> None:
    long = parse_author(" + ".join(["a"] * (MOST_TERMS + 1)))
    assert terms(long) == [long]
