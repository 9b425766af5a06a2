"""Every piece of a piecewise formula is looked at, however small or far away."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.language import parse_author, walk
from graders.equality.breaks import breaks_of, edges_in
from graders.equality.expressions import equal
from graders.equality.hidden import EVALUATIONS, Search
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
    ],
)
def test_a_small_or_distant_region_is_found(region: str, domains: list[str]) -> None:
    used = {name: DOMAINS[name] for name in domains}
    base, hidden = parse_author("sin(1)"), parse_author(f"sin(1) + indicator({region})")
    found = equal(base, hidden, used)
    assert found.verdict == "different", found.reason


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
