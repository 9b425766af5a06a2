"""Labels in drawings."""

from __future__ import annotations

import pytest

from graders.presenting.figures.label import Run, runs, spoken, width


@pytest.mark.parametrize(
    ("label", "pieces"),
    [
        ("h_1", [Run("h"), Run("1", -1)]),
        ("w_{11}^{(2)}", [Run("w"), Run("11", -1), Run("(2)", 1)]),
        ("x_{t-1}", [Run("x"), Run("t−1", -1)]),
        (r"\lambda", [Run("λ")]),
        (r"\mathcal L", [Run("L")]),
        (r"\partial L_\theta", [Run("∂L"), Run("θ", -1)]),
        (r"$\mu$", [Run("μ")]),
        (r"\unknown", [Run("unknown")]),
        (r"a_{\nope}", [Run("a"), Run("nope", -1)]),
        ("stride 2, padding 1", [Run("stride 2, padding 1")]),
        ("", []),
    ],
)
def test_a_label_is_set_like_simple_mathematics(label, pieces):
    assert runs(label) == pieces


def test_only_single_letters_are_set_as_mathematics():
    assert Run("λ").letter
    assert Run("h").letter
    assert not Run("conv").letter
    assert not Run("1").letter


def test_indices_are_narrower_than_what_stands_on_the_line():
    assert width("x_{11}", 10) < width("x11", 10)
    assert width("mm", 10) > width("ll", 10)


def test_a_label_is_spoken_without_its_signs():
    assert spoken(r"$\lambda_{1}$") == "λ1"
    assert spoken("h_1") == "h_1"
