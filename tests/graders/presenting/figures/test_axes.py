"""Axes of figures: round numbers, decades, and lines that are cut off at the ends."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from graders.presenting.figures import Canvas, DrawingError, draw
from graders.presenting.figures.axes import draw_path, linear_axis, log_axis


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0, 1], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([0, 466], ["0", "100", "200", "300", "400", "500"]),
        ([-3, 7], ["−4", "−2", "0", "2", "4", "6", "8"]),
        ([3], ["1", "2", "3", "4", "5"]),
        ([0], ["−0.6", "−0.4", "−0.2", "0", "0.2", "0.4", "0.6"]),
        ([0, 4e9], ["0", "1·10^{9}", "2·10^{9}", "3·10^{9}", "4·10^{9}"]),
    ],
)
def test_a_linear_axis_has_round_numbers_in_equal_steps(values, labels):
    axis = linear_axis(values, 0, 100)
    written = [label for _, label in axis.ticks]
    assert written == labels
    steps = {round((after - before) / (axis.high - axis.low), 9) for (before, _), (after, _) in pairwise(axis.ticks)}
    assert len(steps) == 1
    assert all(axis.holds(value) and 0 <= axis.place(value) <= 100 for value in values)


@pytest.mark.parametrize("low", [-1000, -1, 0, 0.001, 7, 123456])
@pytest.mark.parametrize("spread", [1e-6, 0.03, 1, 17, 9.99e8])
@pytest.mark.parametrize("margin", [True, False])
def test_any_range_has_a_few_ticks_that_lie_on_the_axis(low, spread, margin):
    axis = linear_axis([low, low + spread], 10, -90, margin=margin)
    assert 2 <= len(axis.ticks) <= 8
    slack = 1e-6 * (axis.high - axis.low)
    assert all(axis.low - slack <= value <= axis.high + slack for value, _ in axis.ticks)
    assert axis.place(axis.low) == 10
    assert axis.place(axis.high) == -90


def test_a_logarithmic_axis_covers_whole_decades_and_at_least_one():
    axis = log_axis([0.3, 0.6], 0, 100)
    assert [label for _, label in axis.ticks] == ["0.1", "1"]
    assert axis.place(math.sqrt(0.1)) == pytest.approx(50)
    assert [label for _, label in log_axis([0.02, 466], 0, 100).ticks] == ["0.01", "0.1", "1", "10", "100", "1000"]
    assert [label for _, label in log_axis([1e-8, 1], 0, 100).ticks] == [
        "10^{-8}", "10^{-6}", "10^{-4}", "10^{-2}", "10^{0}",
    ]  # fmt: skip
    with pytest.raises(DrawingError, match="positive"):
        log_axis([1, 0], 0, 100)


def drawn(points):
    canvas = Canvas()
    axis = linear_axis([0, 1], 0, 100, (0, 1))
    draw_path(canvas, points, axis, axis, "")
    root = ElementTree.fromstring(canvas.svg(""))
    return [element.attrib["d"] for element in root.iter("path")]


def test_a_line_is_cut_off_where_it_leaves_the_axes():
    assert drawn([(-1, 0.5), (2, 0.5)]) == ["M0 50 L100 50"]
    assert drawn([(0.5, -1), (0.5, 0.5), (1, 1)]) == ["M50 0 L50 50 L100 100"]
    assert drawn([(0, 0.5), (0.5, 2), (1, 0.5)]) == ["M0 50 L16.7 100", "M83.3 100 L100 50"]


def test_a_line_that_never_meets_the_axes_is_not_drawn():
    with pytest.raises(DrawingError, match="empty"):
        drawn([(2, 0), (2, 1)])
    with pytest.raises(DrawingError, match="empty"):
        drawn([(-1, 1.5), (3, 2)])


def test_a_slow_fall_does_not_look_steep():
    svg = draw("curves", {"series": [{"values": [Fraction(9, 10), Fraction(8, 10)]}]}, "")
    (path,) = (one for one in ElementTree.fromstring(svg).iter("path") if one.attrib["class"] == "fig-accent")
    heights = [float(point.split()[1]) for point in path.attrib["d"].lstrip("M").split(" L")]
    assert heights == [-162, -144]


@pytest.mark.parametrize("hostile", [math.nan, math.inf, -math.inf, 10**400, Fraction(10**400, 3), 1e300])
def test_numbers_that_no_figure_can_show_are_refused(hostile):
    with pytest.raises(DrawingError, match="A value of a series"):
        draw("curves", {"series": [{"values": [1, hostile]}]}, "")
    with pytest.raises(DrawingError, match="The place of a point"):
        draw("points", [[1, hostile]], "")


def test_a_number_too_small_for_a_float_is_not_positive_on_a_logarithmic_axis():
    with pytest.raises(DrawingError, match="positive"):
        draw("curves", {"series": [{"values": [Fraction(1, 10**400)]}], "log": True}, "")
