"""Real roots are isolated exactly; sympy and numpy are the oracles."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
import sympy

from app.domain.language import parse_author
from graders.equality.modular import NotRational
from graders.equality.polynomials import Likeness, likeness
from graders.equality.roots import common, fraction_of, gaps_of, sign_at, squarefree

T = sympy.Symbol("t")


def expression(coefficients: list[Fraction]) -> sympy.Expr:
    return sum(
        (sympy.Rational(c.numerator, c.denominator) * T**k for k, c in enumerate(coefficients)), sympy.Integer(0)
    )


def random_polynomial(dice: Random) -> list[Fraction]:
    found = [Fraction(dice.randrange(-9, 10), dice.randrange(1, 4)) for _ in range(dice.randrange(2, 8))]
    return [*found, Fraction(dice.choice([-2, -1, 1, 3]))]


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("seed", range(40))
def test_every_real_root_lies_alone_in_its_gap(seed: int) -> None:
    once = squarefree(random_polynomial(Random(seed)))
    gaps = gaps_of(once)
    roots = sorted(set(sympy.Poly(expression(once), T).real_roots()), key=float)
    assert len(gaps) == len(roots)
    for (low, high), root in zip(gaps, roots, strict=True):
        assert sign_at(once, low)
        assert sign_at(once, high)
        assert sympy.Rational(low.numerator, low.denominator) < root < sympy.Rational(high.numerator, high.denominator)


@pytest.mark.parametrize("seed", range(20))
def test_the_greatest_common_divisor_is_sympys(seed: int) -> None:
    dice = Random(seed)
    shared, one, other = ([*random_polynomial(dice)[:3], Fraction(1)] for _ in range(3))
    a = sympy.Poly(expression(shared) * expression(one), T)
    b = sympy.Poly(expression(shared) * expression(other), T)

    def ours(poly: sympy.Poly) -> list[Fraction]:
        return [Fraction(int(c.p), int(c.q)) for c in reversed(poly.all_coeffs())]

    found = sympy.Poly(expression(common(ours(a), ours(b))), T)
    assert found.monic() == sympy.gcd(a, b).monic()


@pytest.mark.parametrize(
    ("text", "top", "below"),
    [
        ("(x**2 - 1)/(x + 1)", [-1, 1], [1]),
        ("x/x", [1], [1]),
        ("x - x", [], [1]),
        ("1/(x - 1) + 1/(x - 1)", [2], [-1, 1]),
        ("(x/2)**-2", [4], [0, 0, 1]),
        ("-x/3", [0, -1], [3]),
    ],
)
def test_a_fraction_is_reduced(text: str, top: list[int], below: list[int]) -> None:
    found = fraction_of(parse_author(text), "x")
    scale = Fraction(below[-1]) / found[1][-1]
    assert [value * scale for value in found[0]] == top
    assert [value * scale for value in found[1]] == below


@pytest.mark.parametrize("text", ["1/(x - x)", "exp(x)", "x**40", "y", "x**y", "(x + 1)**33", "(x + 1e300)**30"])
def test_what_is_too_large_or_no_fraction_is_refused(text: str) -> None:
    with pytest.raises(NotRational):
        fraction_of(parse_author(text), "x")


FACTORS = ["(x + y)", "(x - 2*y + 1)", "(x*y - 3)", "(x**2 + y**2 + 1)", "(y - x**2)"]


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("seed", range(40))
def test_zeros_and_signs_are_those_of_the_factors(seed: int) -> None:
    dice = Random(seed)
    powers = [[dice.randrange(0, 4) for _ in FACTORS] for _ in range(2)]
    if seed % 2:
        powers[1] = [power + dice.choice([0, 2]) * (power > 0) for power in powers[0]]
    texts = ["*".join(["3", *(f"{f}**{n}" for f, n in zip(FACTORS, row, strict=True) if n)]) for row in powers]
    zeros = [{f for f, n in zip(FACTORS, row, strict=True) if n} for row in powers]
    odd = [{f for f, n in zip(FACTORS, row, strict=True) if n % 2} for row in powers]
    alike = zeros[0] == zeros[1]
    expected = Likeness(zeros=alike, powers=powers[0] == powers[1], signs=alike and odd[0] == odd[1])
    assert likeness(*map(parse_author, texts), {"x": "real", "y": "real"}) == expected


@pytest.mark.parametrize(
    ("one", "other", "domains", "expected"),
    [
        ("w*x", "x", {"w": "positive", "x": "real"}, "zeros powers signs"),
        ("w**2*x**3", "x", {"w": "positive", "x": "real"}, "zeros signs"),
        ("w*x", "x", {"w": "nonzero", "x": "real"}, "zeros powers"),
        ("w*x", "x", {"w": "real", "x": "real"}, ""),
        ("(1 - p)*x", "x", {"p": "unit", "x": "real"}, "zeros powers signs"),
        ("1/x", "x", {"x": "positive"}, "zeros powers signs"),
        ("x**2/x", "x", {"x": "real"}, "zeros powers signs"),
        ("1/(x - 1)", "1", {"x": "real"}, "zeros powers"),
        ("pi*x", "x", {"x": "real"}, ""),
    ],
)
def test_factors_that_are_never_zero_do_not_count(one: str, other: str, domains: dict[str, str], expected: str) -> None:
    found = likeness(parse_author(one), parse_author(other), domains)
    assert [name for name in ("zeros", "powers", "signs") if getattr(found, name)] == expected.split()
