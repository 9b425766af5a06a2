"""Facts about drawn lines, against numpy's least squares, brute force over thresholds, and curves known by formula."""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from graders.sketches import lines

DATA = [(Fraction(x), Fraction(y)) for x, y in [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1), (6, 1)]]


def at(*pairs):
    return [(Fraction(str(x)), Fraction(str(y))) for x, y in pairs]


def drawn(seed, count):
    """Numbers between −1 and 1 that are the same on every machine."""
    digests = (hashlib.sha256(f"{seed} {i}".encode()).digest() for i in range(count))
    return [Fraction(int.from_bytes(digest[:4], "big"), 2**31) - 1 for digest in digests]


def cloud(seed, n=9):
    numbers = drawn(seed, 2 * n)
    return list(zip(numbers[:n], numbers[n:], strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_the_best_line_is_that_of_numpy(seed):
    data = cloud(seed)
    fit = lines.best_line(data)
    x, y = (np.array([float(one[i]) for one in data]) for i in (0, 1))
    (a, b), error, *_ = np.linalg.lstsq(np.stack([np.ones_like(x), x], axis=1), y, rcond=None)
    assert [float(fit.a), float(fit.b), float(fit.error)] == pytest.approx([a, b, error[0]])


@pytest.mark.parametrize("seed", range(40))
def test_a_line_is_a_function_unless_two_of_its_places_share_an_x(seed):
    points = [(Fraction(round(x * 4)), y) for x, y in cloud(seed, 3)]
    # Brute force: does any vertical line meet the polyline twice?
    places = {x for x, _ in points} | {(x1 + x2) / 2 for (x1, _), (x2, _) in pairwise(sorted(points))}

    def heights(x):
        return {
            y1 if x1 == x2 else y1 + (y2 - y1) * (x - x1) / (x2 - x1)
            for (x1, y1), (x2, y2) in pairwise(points)
            if min(x1, x2) <= x <= max(x1, x2)
        }

    vertical = any(x1 == x2 for (x1, _), (x2, _) in pairwise(points))
    function = not vertical and all(len(heights(x)) <= 1 for x in places)
    assert (lines.from_left(points) is not None) is function


def test_a_function_is_told_from_left_to_right():
    back = at((3, 1), (2, 0), (0, 5))
    assert lines.from_left(back) == at((0, 5), (2, 0), (3, 1))
    assert lines.from_left(at((1, 1))) is None
    assert lines.without_doubles(at((0, 0), (0, 0), (1, 1), (0, 0))) == at((0, 0), (1, 1), (0, 0))


@pytest.mark.parametrize("bulge", [0, 0.01, 0.03, 0.05, 0.1, 0.5])
@pytest.mark.parametrize("angle", [0, 0.4, 1.2, math.pi / 2])
def test_a_line_is_straight_when_its_bulge_is_small_for_its_length(bulge, angle):
    # An arc of a parabola over [0, 1] whose height is the bulge, turned: its best line leaves about 2/3 of it.
    places = [(i / 20, 4 * bulge * (i / 20) * (1 - i / 20)) for i in range(21)]
    c, s = math.cos(angle), math.sin(angle)
    turned = [(Fraction(c * x - s * y), Fraction(s * x + c * y)) for x, y in places]
    assert lines.straight(turned, Fraction(1), Fraction(1)) is (2 / 3 * bulge <= lines.BEND)


def test_straightness_is_seen_on_the_sheet_not_in_units():
    bent = at((0, 0), (1, 0), (2, 1))
    assert not lines.straight(bent, Fraction(2), Fraction(1))
    assert lines.straight(bent, Fraction(2), Fraction(100))
    assert lines.straight(at((0, 0), (0, 3)), Fraction(1), Fraction(1))


@pytest.mark.parametrize("seed", range(20))
def test_near_is_at_most_twice_the_smallest_squared_error(seed):
    data = cloud(seed)
    a, b = drawn(seed + 1000, 2)
    line = [(Fraction(-2), a - 2 * b), (Fraction(2), a + 2 * b)]
    x, y = (np.array([float(one[i]) for one in data]) for i in (0, 1))
    least = np.linalg.lstsq(np.stack([np.ones_like(x), x], axis=1), y, rcond=None)[1][0]
    slack = len(data) * (0.05 * (y.max() - y.min())) ** 2
    error = ((y - float(a) - float(b) * x) ** 2).sum()
    assert lines.near(line, data) is bool(error <= 2 * least + slack)
    assert lines.near(lines.sample_line(data, Fraction(-1), Fraction(1)), data)


def test_beyond_its_ends_a_line_goes_on():
    short = at((1, 1), (2, 3))
    assert [lines.height_at(short, Fraction(x)) for x in (0, 1, 2, 4)] == [-1, 1, 3, 7]


@pytest.mark.parametrize(("left", "right", "far"), [(1, 6, True), (1, 4, False), (-3, 9, True), (2, "5.8", True)])
def test_a_line_reaches_across_most_of_the_data(left, right, far):
    assert lines.reaches(at((left, 0), (right, 1)), DATA) is far


def logistic(middle, steep, left=0.0, right=7.0, n=15):
    xs = [left + (right - left) * i / (n - 1) for i in range(n)]
    return [(Fraction(x), Fraction(1 / (1 + math.exp(-steep * (x - middle))))) for x in xs]


@pytest.mark.parametrize(
    ("middle", "steep", "is_s"),
    [
        (3.5, 2, True),
        (3.5, 8, True),
        (2.6, 4, True),
        (4.4, 4, True),
        (1.5, 4, False),  # two points on the wrong side
        (5.6, 4, False),
        (3.5, 0.3, False),  # nowhere near its levels
        (3.5, -4, False),  # falling
    ],
)
def test_logistic_curves_are_s_curves_where_they_fit(middle, steep, is_s):
    assert lines.sigmoid(logistic(middle, steep), DATA) is is_s
    # Data and curve upside down are judged alike.
    flipped = [(x, 1 - y) for x, y in logistic(middle, steep)]
    assert lines.sigmoid(flipped, [(x, 1 - y) for x, y in DATA]) is is_s


@pytest.mark.parametrize(
    ("points", "is_s"),
    [
        ([(0, 0), (3, 0), (4, 1), (7, 1)], True),
        ([(0, 0.1), (3, 0.05), (4, 0.95), (7, 1)], False),  # falls back too far at first
        ([(0, 0.01), (3, 0), (4, 0.95), (7, 1)], True),
        ([(0, 0), (7, 1)], False),
        ([(0, 0), (1, 0.6), (3, 0.9), (7, 1)], False),  # never flat on the left
        ([(0, 0), (3, 0.02), (6.5, 0.6), (7, 1)], False),  # never flat on the right
        ([(0, 0.3), (3, 0.35), (4, 0.9), (7, 1)], False),
        ([(0, 0), (3, 0), (4, 1.4), (7, 1.4)], False),
    ],
)
def test_drawn_curves_are_s_curves_from_level_to_level(points, is_s):
    assert lines.sigmoid(at(*points), DATA) is is_s


@pytest.mark.parametrize("seed", range(12))
def test_the_middle_lies_where_at_most_one_more_point_is_on_the_wrong_side(seed):
    numbers = drawn(seed, 16)
    data = [(Fraction(i), Fraction(int(numbers[i] + Fraction(i - 4, 4) > 0))) for i in range(8)]
    if len({y for _, y in data}) < 2 or lines.best_line(data).b <= 0:
        return
    for step in range(4, 28):
        middle = Fraction(step, 4)
        curve = at((-1, 0), (0, 0), (7, 1), (8, 1))
        curve[1], curve[2] = (middle - Fraction(1, 8), Fraction(0)), (middle + Fraction(1, 8), Fraction(1))
        wrong = sum((x < middle and y == 1) or (x > middle and y == 0) for x, y in data)
        # Every threshold there is, by brute force.
        fewest = min(
            sum((x < t and y == 1) or (x > t and y == 0) for x, y in data)
            for t in (i + Fraction(1, 2) for i in range(7))
        )
        assert lines.sigmoid(curve, data) is (wrong <= fewest + 1)


@pytest.mark.parametrize("seed", range(10))
def test_the_sample_curve_is_an_s_curve_of_its_data(seed):
    ones = 3 + seed % 5
    data = [(Fraction(i * (i + seed)), Fraction(int(i >= ones))) for i in range(11)]
    curve = lines.sample_sigmoid(data, data[0][0], data[-1][0])
    assert lines.sigmoid(curve, data)
    assert lines.from_left(curve) == curve
