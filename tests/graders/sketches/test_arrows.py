"""Directions of arrows, against complex numbers."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction

import pytest

from graders.sketches import arrows


def vector(length, degrees):
    turned = cmath.rect(length, math.radians(degrees))
    return Fraction(turned.real), Fraction(turned.imag)


@pytest.mark.parametrize("base", [0, 33, 90, 200])
@pytest.mark.parametrize("off", [0, 5, 11.9, 12.1, 60, 90, 167, 169, 180, -11.9, -100])
def test_the_angle_is_that_of_complex_numbers_whatever_the_lengths(base, off):
    one, other = vector(3, base), vector(0.01, base + off)
    found = arrows.angle(one, other)
    oracle = abs(math.degrees(cmath.phase(complex(*map(float, other)) / complex(*map(float, one)))))
    assert found == pytest.approx(oracle, abs=1e-6)
    assert arrows.along(one, other, 12) is (abs(off) <= 12)
    assert arrows.against(one, other, 12) is (abs(off) >= 168)


def test_no_arrow_is_right_only_where_there_is_none_to_draw():
    nothing, something = (Fraction(0), Fraction(0)), (Fraction(1), Fraction(2))
    assert arrows.along(nothing, nothing, 12)
    assert not arrows.along(nothing, something, 12)
    assert not arrows.along(something, nothing, 12)
    assert not arrows.against(nothing, something, 12)
    assert arrows.angle(nothing, something) is None


def test_far_apart_lengths_do_not_leave_the_floats():
    tiny, huge = (Fraction(1, 10**200), Fraction(0)), (Fraction(10**200), Fraction(10**200))
    assert arrows.angle(tiny, huge) == pytest.approx(45)


@pytest.mark.parametrize("value", [None, 3, [1], [1, 2, 3], [True, 1], ["1", 2], [float("inf"), 0], [[1, 2], [3, 4]]])
def test_what_is_no_pair_of_numbers_is_no_vector(value):
    assert arrows.vector(value) is None


def test_a_right_angle_is_turned():
    assert arrows.turned((Fraction(2), Fraction(1))) == (-1, 2)
