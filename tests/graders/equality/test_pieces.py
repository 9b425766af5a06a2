"""Every piece of a piecewise formula is looked at, however small or far away."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from app.domain.language import parse_author, to_source, walk
from graders.equality.breaks import breaks_of
from graders.equality.cuts import cuts
from graders.equality.edges import edges_in
from graders.equality.expressions import equal
from graders.equality.hidden import EVALUATIONS, Search
from graders.equality.one_piece import NotOnePiece, on_piece
from graders.equality.sampling import At
from graders.evaluation.floats import compile_real

DOMAINS = {"x": "real", "y": "positive", "n": "negative", "p": "unit", "k": "integer"}


@pytest.mark.parametrize("seed", range(30))
def test_a_threshold_anywhere_is_found(seed: int) -> None:
    dice = Random(seed)
    place = round(dice.choice([1, 100, 10000, 0.01]) * dice.uniform(-1, 1), 5)
    other = place + dice.choice([1e-3, 1e-9, 1]) * abs(place)
    one, two = (parse_author(f"indicator(x > {value:.14f})") for value in (place, other))
    assert equal(one, two, {"x": "real"}).verdict == "different"
    assert equal(one, one, {"x": "real"}).verdict == "equal"


@pytest.mark.parametrize(
    ("region", "domains"),
    [
        ("x > 0.7 and x < 0.70001", ["x"]),
        ("x**2 + y**2 < 0.001", ["x", "y"]),
        ("abs(x - 3) < 0.01 and y > 5", ["x", "y"]),
        ("p > 0.99 and x > 40", ["p", "x"]),
        ("x*y > 1000000", ["x", "y"]),
        ("n < -3000 and x > 40", ["n", "x"]),
        ("k == 17", ["k"]),
        ("k > 300", ["k"]),
        ("x + y + p > 3000", ["p", "x", "y"]),
        ("abs(x - y) < 1/10**6", ["x", "y"]),
        ("abs(x - 2*y - 3) < 1/10**6 and x > 100", ["x", "y"]),
        ("abs(x - y) < 1/1000 and abs(p - 1/3) < 1/1000", ["p", "x", "y"]),
        ("5 < x < 5.001 and 7 < y < 7.001 and 0.2 < p < 0.2001", ["p", "x", "y"]),
        ("abs(max(x, n) + 700) < 1/10", ["n", "x"]),
        ("log(y) < -300", ["y"]),
        ("y > 10**100", ["y"]),
        ("abs(relu(x) - pi) < 1/1000", ["x"]),
        ("abs(x**3 - 2) < 1/10**7", ["x"]),
        ("(x - 3)**2 < 1/10**9", ["x"]),
    ],
)
def test_a_small_or_distant_region_is_found(region: str, domains: list[str]) -> None:
    used = {name: DOMAINS[name] for name in domains}
    base, hidden = parse_author("sin(1)"), parse_author(f"sin(1) + indicator({region})")
    found = equal(base, hidden, used)
    assert found.verdict == "different", found.reason


@pytest.mark.parametrize("place", [5, 20, 50, 120, 600])
@pytest.mark.parametrize(
    ("whole", "limit"),
    [("tanh(x)", "1"), ("sigmoid(x)", "1"), ("softplus(x)", "x"), ("x*sigmoid(x)", "x"), ("exp(-x)", "0")],
)
def test_what_is_saturated_is_not_its_limit(whole: str, limit: str, place: int) -> None:
    one, other = parse_author(whole), parse_author(f"{limit} if x > {place} else {whole}")
    assert equal(one, other, {"x": "real"}).verdict == "different"
    assert equal(one, parse_author(f"{whole} if x > {place} else {whole} + 0*x"), {"x": "real"}).verdict == "equal"


def test_what_no_precision_shows_is_undecided() -> None:
    one, other = parse_author("tanh(x)"), parse_author("1 if x > 10**6 else tanh(x)")
    assert equal(one, other, {"x": "real"}).verdict == "undecided"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sigmoid(x)*relu(x - 100000)", "(x - 100000)/(1 + exp(-x)) if x > 100000 else 0"),
        ("max(x, 3000)*tanh(x)", "(x + 3000 + abs(x - 3000))/2*(1 - 2/(exp(2*x) + 1))"),
    ],
)
def test_far_away_the_same_case_is_compared_near_by(one: str, other: str) -> None:
    found = equal(parse_author(one), parse_author(other), {"x": "real"})
    assert found.verdict == "equal", found.reason


def test_the_case_that_applies_stands_in_the_place_of_all() -> None:
    at = At({"x": Fraction(7), "y": Fraction(-2)})
    texts = {
        "x if x > 3 else y": "x",
        "max(x, y, 5) + min(x, y)": "x + y",
        "relu(y) + relu(x)*abs(y)": "0 + x*(-y)",
        "sign(y)*indicator(x > y)": "-1*1",
        "exp(abs(x - 8))": "exp(-(x - 8))",
    }
    for text, expected in texts.items():
        assert to_source(on_piece(parse_author(text), at)) == to_source(parse_author(expected))
    for text in ("floor(x)", "Sum(relu(x - k), k, 1, 3)"):
        with pytest.raises(NotOnePiece):
            on_piece(parse_author(text), at)


def test_every_edge_is_looked_at_where_another_one_breaks() -> None:
    grid = [-100.0, -1.0, 1.0, 100.0]
    narrow = cuts([lambda x: x - 0.5, lambda x: abs(x - 0.5) - 1e-9], grid)
    assert narrow == pytest.approx([0.5 - 1e-9, 0.5, 0.5 + 1e-9], abs=1e-12)
    assert len(narrow) == 3
    assert cuts([lambda x: (x - 0.5) ** 2 - 1e-6], grid) == pytest.approx([0.499, 0.501])
    assert cuts([lambda x: (x - 0.5) ** 2 + 1e-6], grid) == []
    assert cuts([lambda x: max(x, 0.0)], [-3.0, -2.0, -1.0, 1.0, 2.0]) == [-3.0, -1.0]
    assert cuts([lambda x: x - 1e-70 if x > 0 else None], [1e-300, 1e-8, 1.0]) == pytest.approx([1e-70])


def test_the_pieces_lie_off_the_edges_and_on_every_side() -> None:
    breaks = breaks_of(parse_author("max(x, y) + relu(x - 7)"), variables={"x": "real", "y": "real"})
    found = breaks.pieces()
    assert all(breaks.off_edges(point) for point in found)
    assert len({breaks.signs(point) for point in found}) == 4


def test_an_edge_that_is_zero_everywhere_breaks_nothing() -> None:
    assert not breaks_of(parse_author("abs(x - x)"), variables={"x": "real"})
    assert equal(parse_author("max(x, x)"), parse_author("x"), {"x": "real"}).verdict == "equal"


def test_a_stretch_on_which_an_edge_is_zero_counts() -> None:
    one, other = parse_author("indicator(relu(x) >= 0)"), parse_author("indicator(relu(x) > 0)")
    assert equal(one, other, {"x": "real"}).verdict == "different"


def test_what_breaks_is_known_from_the_tree() -> None:
    counts = {"x if x > 0 else 0": 1, "exp(x)": 0, "max(x, y, 3)": 3, "0 < x < 1": 2, "abs(relu(x))": 2}
    for text, count in counts.items():
        assert len(list(edges_in(walk(parse_author(text))))) == count


def test_the_search_ends() -> None:
    edges = [compile_real(parse_author("x**2 + 1")), compile_real(parse_author("y + 1"))]
    search = Search(edges, {"x": "real", "y": "positive"})
    assert list(search.points([{"x": 1.0, "y": 2.0}])) == []
    assert search.left < EVALUATIONS


def test_what_the_search_finds_belongs_to_the_domains() -> None:
    edges = [compile_real(parse_author("p - 0.999 + 0*k")), compile_real(parse_author("k - 500"))]
    found = list(Search(edges, {"k": "integer", "p": "unit"}).points([{"k": 3.0, "p": 0.5}]))
    assert found
    for point in found:
        where = point.floats
        assert 0 < where["p"] < 1  # type: ignore[operator]
        assert where["k"] == round(where["k"])  # type: ignore[arg-type]
